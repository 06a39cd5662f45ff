//! Inlay hints, written into the text as an editor shows them: between ‹ and ›.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};
use syntax::{TextRange, TextSize};

/// The file with the cursor, from the line of the cursor on.
fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new(text);
    let file = fixture.snapshot.file(fixture.file).expect("the file");
    let content = fixture.snapshot.text(file).expect("its text");
    let within = TextRange::new(fixture.offset, TextSize::of(&*content));
    let mut shown = content.to_string();
    for hint in ide::inlay_hints(&fixture.snapshot, fixture.file, within)
        .iter()
        .rev()
    {
        let at = usize::from(hint.at);
        shown.insert_str(at, &format!("‹{}›", hint.text));
        if let Some((file, range)) = hint.leads_to {
            let target = fixture.rendered(file, range);
            assert!(target.contains("id: "), "{target}");
        }
    }
    let shown = shown.get(fixture.offset.into()..).expect("the cursor");
    expected.assert_eq(shown);
}

const SPECS: &str = "
=== shop.spec.yaml
product: shop
tables:
  - name: orders
    columns:
      - {name: order_id, type: NUMBER}
      - {name: amount, type: 'DECIMAL(10,2)', unit: USD}
      - {name: tax, unit: USD}
  - name: raw.lines
    columns:
      - {name: price, type: 'DECIMAL(8,2)', unit: EUR}
      - {name: quantity, type: INTEGER}
";

#[test]
fn columns_say_their_type_and_unit() {
    check(
        &format!(
            "{SPECS}=== orders.sql
$0with lines as (
    select id, price as paid, quantity, price as again, count(*) over () as n from raw.lines
)
select id as order_id, sum(paid) as amount, cast(paid as int) as tax, 'a' as kind, quantity
from lines group by all
"
        ),
        expect![[r#"
            with lines as (
                select id, price as paid‹: DECIMAL(8,2) EUR›, quantity‹: INTEGER›, price as again‹: DECIMAL(8,2) EUR›, count(*) over () as n‹: BIGINT› from raw.lines
            )
            select id as order_id‹: NUMBER›, sum(paid) as amount‹: DECIMAL(10,2) USD›, cast(paid as int) as tax‹: USD›, 'a' as kind, quantity
            from lines group by all
        "#]],
    );
}

#[test]
fn what_is_typed_or_rendered_is_passed_over() {
    check(
        &format!("{SPECS}=== a.sql\n$0select price, quantity as , from raw.lines wher\n"),
        expect![[r#"
            select price, quantity as , from raw.lines wher
        "#]],
    );
    check(
        "=== dbt_project.yml\nname: shop\n=== models/s.yml
models:
  - name: orders
    columns: [{name: é, data_type: text, config: {meta: {unit: kg}}}]
=== models/orders.sql
$0{{ config(materialized='view') }}
select 💰 as \"é\", {{ x }} as y from {{ ref('lines') }}
",
        expect![[r#"
            {{ config(materialized='view') }}
            select 💰 as "é"‹: text kg›, {{ x }} as y from {{ ref('lines') }}
        "#]],
    );
}

#[test]
fn only_what_is_asked_for_is_told() {
    check(
        &format!("{SPECS}=== a.sql\nselect price,\n  $0quantity from raw.lines\n"),
        expect![[r#"
            quantity‹: INTEGER› from raw.lines
        "#]],
    );
}

#[test]
fn amendments_say_what_superseded_them() {
    check(
        "
=== shop.spec.yaml
product: shop
$0amendments:
  - id: 1 # the first
    requirement: r
    change: c
  - id: two
    requirement: r
    change: c
    guarantees: |
      a exists
      b exists
  - id: 3
    requirement: r
    status: withdrawn
  - id: 4
    requirement: r
    change: c
    supersedes: [1, {amendment: two, guarantee: b exists}]
  - {id: 5, requirement: r, supersedes: [4]}
",
        expect![[r#"
            amendments:
              - id: 1‹superseded by 4› # the first
                requirement: r
                change: c
              - id: two
                requirement: r
                change: c
                guarantees: |
                  a exists
                  b exists‹superseded by 4›
              - id: 3‹withdrawn›
                requirement: r
                status: withdrawn
              - id: 4
                requirement: r
                change: c
                supersedes: [1, {amendment: two, guarantee: b exists}]
              - {id: 5, requirement: r, supersedes: [4]}
        "#]],
    );
}

#[test]
fn what_a_tag_of_a_template_writes_has_its_type() {
    check(
        "=== dbt_project.yml
name: shop
=== macros/cents.sql
{% macro cents(column) %}({{ column }} / 100)::numeric(16, 2){% endmacro %}
=== models/a.sql
$0select {{ cents('price') }} as paid, price::numeric(16, 2) as price from raw.lines
",
        expect![[r#"
            select {{ cents('price') }} as paid‹: DECIMAL(16,2)›, price::numeric(16, 2) as price from raw.lines
        "#]],
    );
}
