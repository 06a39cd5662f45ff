//! Symbols of a file, nested by indentation, and of the workspace.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};
use ide::Symbol;
use std::fmt::Write;

fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new(text);
    let mut shown = String::new();
    for symbol in ide::document_symbols(&fixture.snapshot, fixture.file) {
        show(&fixture, &symbol, 0, &mut shown);
    }
    expected.assert_eq(&shown);
}

fn show(fixture: &Fixture, symbol: &Symbol, depth: usize, shown: &mut String) {
    assert!(symbol.full.contains_range(symbol.focus), "{symbol:?}");
    let line = fixture.rendered(fixture.file, symbol.focus);
    let marked = line.lines().nth(2).map_or(0, |carets| carets.trim().len());
    assert!(marked > 0, "{symbol:?}");
    let detail = symbol.detail.as_deref().unwrap_or_default();
    let over = if symbol.is_obsolete { " †" } else { "" };
    let lines = fixture.lines(fixture.file, symbol.full);
    writeln!(
        shown,
        "{}{:?} {}{over} {lines} {detail}",
        "  ".repeat(depth),
        symbol.kind,
        symbol.name
    )
    .expect("a text takes anything");
    for inside in &symbol.inside {
        assert!(symbol.full.contains_range(inside.full), "{symbol:?}");
        show(fixture, inside, depth + 1, shown);
    }
}

const SHOP: &str = "
=== shop.spec.yaml
product: shop$0
description: What we sell.
tables:
  - name: orders
    description: |
      One row for each
      order.
    columns:
      - {name: amount, type: 'DECIMAL(10,2)', unit: USD}
      - name: coupon
        deprecated: Use code.
      - why: without a name
amendments:
  - id: 1
    requirement: The total value must be on the invoice that we send to each customer, in the currency of the order.
    change: c
  - requirement: no id
  - id: less
    requirement: r
    change: c
    supersedes: [1]
=== other.spec.yaml
product: shop
tables: [{name: raw.orders}]
=== orders.sql
with raw_orders as (
    select o.id, upper(o.code) as Code from raw.orders o
)
select id, code, count(*) n, 1 from raw_orders
union all
select 1 as never, 2, 3, 4
";

#[test]
fn a_spec_has_its_product_round_its_tables_and_amendments() {
    check(
        SHOP,
        expect![[r#"
        Product shop 1..21 What we sell.
          Table orders 4..12 One row for each order.
            Column amount 9..9 DECIMAL(10,2) USD
            Column coupon † 10..11 
          Amendment 1 † 14..16 The total value must be on the invoice that we send to each customer, in the cur…
          Amendment less 18..21 r
    "#]],
    );
}

#[test]
fn a_model_has_its_common_tables_and_columns() {
    check(
        &SHOP.replace("$0", "").replace("union", "$0union"),
        expect![[r#"
            Table orders 1..6 
              Cte raw_orders 1..3 
                Column id 2..2 
                Column Code 2..2 
              Column id 4..4 
              Column code 4..4 
              Column n 4..4 
        "#]],
    );
}

#[test]
fn properties_have_tables_of_models_and_sources() {
    check(
        "=== dbt_project.yml\nname: shop\n=== models/s.yml
version: 2$0
models: [{name: orders, columns: [{name: id, data_type: int}]}]
sources:
  - name: raw
    tables:
      - name: lines
",
        expect![[r#"
            Table orders 2..2 
              Column id 2..2 int
            Table raw.lines 6..6 
        "#]],
    );
}

#[test]
fn scripts_and_half_typed_texts_have_symbols() {
    check(
        "=== a.sql
create table a.b as select 1 as x;$0
create table c (id int);
update a set x = 1;
with d as (select y from
",
        expect![[r#"
            Table a.b 1..1 
              Column x 1..1 
            Table c 2..2 
            Table a 4..4 
              Cte d 4..4 
                Column y 4..4 
        "#]],
    );
    check(
        "=== a.spec.yaml\nproduct: a\ntables:\n  - name: t\n    columns:\n      - na$0\n  - name: u\n",
        expect![[r#"
            Product a 1..6 
              Table t 3..5 
              Table u 6..6 
        "#]],
    );
}

#[test]
fn the_workspace_is_searched_by_the_letters_of_names() {
    let fixture = Fixture::new(SHOP);
    let found = |query: &str| {
        let found = ide::workspace_symbols(&fixture.snapshot, query).into_iter();
        let found = found.map(|symbol| {
            let place = fixture.rendered(symbol.file, symbol.range);
            let place = place.lines().next().unwrap_or_default().to_owned();
            let container = symbol.container.unwrap_or_default();
            format!("{:?} {} {container} {place}", symbol.kind, symbol.name)
        });
        found.collect::<Vec<_>>()
    };
    let mut shown = String::new();
    for query in ["order", "ORDERS.I", "cde", "", "1", "zzz"] {
        shown.push_str(&format!("{query}:\n"));
        for line in found(query) {
            shown.push_str(&format!("  {line}\n"));
        }
    }
    let expected = expect![[r#"
        order:
          Table orders  orders.sql:1
          Table raw.orders  other.spec.yaml:2
        ORDERS.I:
          Column id orders orders.sql:4
        cde:
          Column code orders orders.sql:4
        :
          Product shop  other.spec.yaml:1
          Table orders  orders.sql:1
          Table raw.orders  other.spec.yaml:2
          Amendment 1 shop shop.spec.yaml:14
          Amendment less shop shop.spec.yaml:18
        1:
          Amendment 1 shop shop.spec.yaml:14
        zzz:
    "#]];
    expected.assert_eq(&shown);
}

#[test]
fn macros_of_a_macro_file() {
    check(
        "
=== dbt_project.yml
name: shop
=== macros/m.sql
{% macro cents(column) %}{{ column }} / 100{% endmacro %}$0
{% macro days(start) %}
select 1 as day
{% endmacro %}
{% test positive(model) %}select 1 as x{% endtest %}
",
        expect![[r#"
            Macro cents 1..1 
            Macro days 2..4 
        "#]],
    );
}

#[test]
fn macros_that_a_properties_file_describes() {
    check(
        "
=== dbt_project.yml
name: shop
=== macros/m.yml
macros:
  - name: cents$0
    description: Cents as units.
",
        expect![[r#"
            Macro cents 2..3 Cents as units.
        "#]],
    );
}

#[test]
fn macros_of_the_workspace_are_found_with_their_project() {
    let text = "=== dbt_project.yml\nname: shop\n=== macros/money.sql\n{% macro cents(a) %}1{% endmacro %}\n=== models/a.sql\nselect 1 as x$0\n";
    let fixture = Fixture::new(text);
    let found = ide::workspace_symbols(&fixture.snapshot, "cen");
    let shown = found.iter().map(|it| {
        let container = it.container.as_deref().unwrap_or_default();
        let place = fixture.rendered(it.file, it.range);
        format!("{:?} {container}.{}\n{place}", it.kind, it.name)
    });
    expect![[r#"
        Macro shop.cents
        macros/money.sql:1
          {% macro cents(a) %}1{% endmacro %}
                   ^^^^^
    "#]]
    .assert_eq(&shown.collect::<String>());
}
