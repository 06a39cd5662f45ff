//! References: what defines is underlined with `=`, a mention with `^`.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};
use std::collections::BTreeMap;

pub(crate) fn check(text: &str, expected: Expect) {
    expected.assert_eq(&shown(&Fixture::new(text)));
}

pub(crate) fn shown(fixture: &Fixture) -> String {
    let mut files: Vec<index::FileId> = Vec::new();
    let mut marks: BTreeMap<index::FileId, Vec<_>> = BTreeMap::new();
    for found in ide::references(&fixture.snapshot, fixture.file, fixture.offset) {
        if !files.contains(&found.file) {
            files.push(found.file);
        }
        let sign = if found.is_definition { '=' } else { '^' };
        marks
            .entry(found.file)
            .or_default()
            .push((found.range, sign));
    }
    let mut shown = String::new();
    for file in files {
        let path = &fixture.snapshot.file(file).expect("a file").path;
        shown.push_str(&format!("-- {}\n", fixture.snapshot.display_path(path)));
        shown.push_str(&fixture.marked(file, &marks[&file]));
    }
    shown
}

/// Two models and a spec, over a table that only SQL names.
fn shop(edit: &[(&str, &str)]) -> String {
    let mut text = r#"
=== specs/orders.spec.yaml
product: shop
tables:
  - name: orders
    grain: [order_id]
    columns:
      - name: order_id
      - name: amount
  - name: report
    columns:
      - {name: order_id, references: orders.order_id}
amendments:
  - id: 1
    requirement: x
    changes: [orders.amount, orders]
    guarantees: [orders.amount is unique]
=== sql/orders.sql
create table orders as
with lines as (select order_id, quantity * price as amount from raw.lines)
select order_id, sum(amount) as amount
from lines group by order_id
=== sql/report.sql
create table report as
with base as (select * from orders where orders.amount > 0)
select order_id, max(amount) as most, count(*) as amount
from base group by base.order_id
=== sql/other.sql
create table other as select order_id, most as amount from report;
create table raw_copy as select quantity, l.order_id from raw.lines as l;
"#
    .to_owned();
    for (from, to) in edit {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

#[test]
fn an_output_column_in_all_files() {
    check(
        &shop(&[("sum(amount) as amount", "sum(amount) as amount$0")]),
        expect![[r#"
            -- specs/orders.spec.yaml
                  - name: amount
                          ======
                changes: [orders.amount, orders]
                                 ^^^^^^
                guarantees: [orders.amount is unique]
                                    ^^^^^^
            -- sql/orders.sql
            select order_id, sum(amount) as amount
                                            ======
            -- sql/report.sql
            with base as (select * from orders where orders.amount > 0)
                                                            ^^^^^^
            select order_id, max(amount) as most, count(*) as amount
                                 ^^^^^^
        "#]],
    );
}

#[test]
fn from_a_reader_and_from_a_spec_the_same() {
    let from_output = shown(&Fixture::new(&shop(&[(
        "sum(amount) as amount",
        "sum(amount) as amount$0",
    )])));
    for edit in [
        ("max(amount)", "max(amo$0unt)"),
        ("orders.amount > 0", "orders.$0amount > 0"),
        ("- name: amount", "- name: $0amount"),
        ("orders.amount is", "orders.amount$0 is"),
    ] {
        assert_eq!(
            shown(&Fixture::new(&shop(&[edit]))),
            from_output,
            "{edit:?}"
        );
    }
}

#[test]
fn a_column_of_a_table_that_nothing_defines() {
    check(
        &shop(&[("select quantity,", "select quan$0tity,")]),
        expect![[r#"
            -- sql/orders.sql
            with lines as (select order_id, quantity * price as amount from raw.lines)
                                            ^^^^^^^^
            -- sql/other.sql
            create table raw_copy as select quantity, l.order_id from raw.lines as l;
                                            ========
        "#]],
    );
}

#[test]
fn a_name_that_stands_for_what_is_read_and_what_it_becomes() {
    check(
        &shop(&[("select order_id, sum", "select order$0_id, sum")]),
        expect![[r#"
            -- specs/orders.spec.yaml
                grain: [order_id]
                        ^^^^^^^^
                  - name: order_id
                          ========
                  - {name: order_id, references: orders.order_id}
                                                        ^^^^^^^^
            -- sql/orders.sql
            with lines as (select order_id, quantity * price as amount from raw.lines)
                                  ^^^^^^^^
            select order_id, sum(amount) as amount
                   ========
            from lines group by order_id
                                ^^^^^^^^
            -- sql/other.sql
            create table raw_copy as select quantity, l.order_id from raw.lines as l;
                                                        ^^^^^^^^
            -- sql/report.sql
            select order_id, max(amount) as most, count(*) as amount
                   ^^^^^^^^
            from base group by base.order_id
                                    ^^^^^^^^
        "#]],
    );
}

#[test]
fn a_column_of_a_cte_stays_in_the_file() {
    check(
        &shop(&[("price as amount", "price as amo$0unt")]),
        expect![[r#"
            -- sql/orders.sql
            with lines as (select order_id, quantity * price as amount from raw.lines)
                                                                ======
            select order_id, sum(amount) as amount
                                 ^^^^^^
        "#]],
    );
}

#[test]
fn tables_ctes_and_aliases() {
    check(
        &shop(&[("from orders where", "from ord$0ers where")]),
        expect![[r#"
            -- specs/orders.spec.yaml
              - name: orders
                      ======
                  - {name: order_id, references: orders.order_id}
                                                 ^^^^^^
                changes: [orders.amount, orders]
                          ^^^^^^         ^^^^^^
                guarantees: [orders.amount is unique]
                             ^^^^^^
            -- sql/orders.sql
            create table orders as
                         ======
            -- sql/report.sql
            with base as (select * from orders where orders.amount > 0)
                                        ^^^^^^       ^^^^^^
        "#]],
    );
    check(
        &shop(&[("from base", "from ba$0se")]),
        expect![[r#"
            -- sql/report.sql
            with base as (select * from orders where orders.amount > 0)
                 ====
            from base group by base.order_id
                 ^^^^          ^^^^
        "#]],
    );
    check(
        &shop(&[("l.order_id", "l$0.order_id")]),
        expect![[r#"
            -- sql/other.sql
            create table raw_copy as select quantity, l.order_id from raw.lines as l;
                                                      ^                            =
        "#]],
    );
}

#[test]
fn refs_and_sources_with_crlf() {
    let text = r#"
=== dbt_project.yml
name: shop
=== models/schema.yml
version: 2
sources:
  - name: raw
    tables:
      - name: payments
        columns:
          - name: amount
            data_tests:
              - relationships: {to: ref('payments'), field: euros}
models:
  - name: payments
    columns:
      - name: euros
=== models/stg_payments.sql
select {{ dbt_utils.star(from=source('raw', 'payments')) }}, '💰' as é, p.amou$0nt from {{ source('raw', 'payments') }} p
=== models/payments.sql
{{ config(materialized='incremental') }}
select s.amount / 100 as euros from {{ ref('stg_payments') }} s
{% if is_incremental() %}
where s.amount > (select max(euros) from {{ this }})
{% endif %}
"#;
    expect![[r#"
        -- models/payments.sql
        select s.amount / 100 as euros from {{ ref('stg_payments') }} s
                 ^^^^^^
        where s.amount > (select max(euros) from {{ this }})
                ^^^^^^
        -- models/schema.yml
                  - name: amount
                          ======
        -- models/stg_payments.sql
        select {{ dbt_utils.star(from=source('raw', 'payments')) }}, '💰' as é, p.amount from {{ source('raw', 'payments') }} p
                                                                                 ======
    "#]]
    .assert_eq(&shown(&Fixture::with_crlf(text)));
    let text = text.replace("$0", "").replace("as euros", "as euros$0");
    check(
        &text,
        expect![[r#"
            -- models/payments.sql
            select s.amount / 100 as euros from {{ ref('stg_payments') }} s
                                     =====
            -- models/schema.yml
                          - relationships: {to: ref('payments'), field: euros}
                                                                        ^^^^^
                  - name: euros
                          =====
        "#]],
    );
}

#[test]
fn a_statement_that_does_not_parse_is_read_as_far_as_it_goes() {
    check(
        "=== a.sql
create table a as select 1 as x$0;
=== b.sql
create table b as select a.x, sum( as y from a where a.x > 1;
",
        expect![[r#"
            -- a.sql
            create table a as select 1 as x;
                                          =
            -- b.sql
            create table b as select a.x, sum( as y from a where a.x > 1;
                                       ^                           ^
        "#]],
    );
}

#[test]
fn of_several_tables_in_one_tag_only_the_one_under_the_cursor_is_meant() {
    let text = "=== dbt_project.yml\nname: shop\n=== models/a.sql\nselect 1 as x\n\
                === models/ab.sql\nselect 2 as x\n=== models/other.sql\nselect x from {{ ref('a') }}\n\
                === models/all.sql\nwith every as ({{ dbt_utils.union_relations(relations=[\
                ref('a'), ref('a$0b')]) }}) select x from every\n";
    let found = shown(&Fixture::new(text));
    assert!(found.contains("models/all.sql"), "{found}");
    assert!(!found.contains("models/other.sql"), "{found}");
}

#[test]
fn a_column_of_a_table_that_nothing_defines_is_found_in_sentences_too() {
    let text = "
=== orders.spec.yaml
product: shop
tables:
  - name: orders
amendments:
  - id: 1
    guarantees: |
      orders excludes rows where is_$0test
      orders.id comes from raw.orders.id
  - id: 2
    supersedes: [1]
    guarantees: orders excludes rows where raw.orders.is_test or raw.orders.is_void
=== orders.sql
select id from raw.orders where not is_test
";
    check(
        text,
        expect![[r#"
        -- orders.spec.yaml
              orders excludes rows where is_test
                                         ^^^^^^^
            guarantees: orders excludes rows where raw.orders.is_test or raw.orders.is_void
                                                              ^^^^^^^
        -- orders.sql
        select id from raw.orders where not is_test
                                            ^^^^^^^
    "#]],
    );
    let by_sql = text
        .replace("$0", "")
        .replace("not is_test", "not is_$0test");
    assert_eq!(shown(&Fixture::new(text)), shown(&Fixture::new(&by_sql)));
    let amendment = text.replace("$0", "").replace("id: 1", "id: $01");
    check(
        &amendment,
        expect![[r#"
        -- orders.spec.yaml
          - id: 1
                =
            supersedes: [1]
                         ^
    "#]],
    );
}
