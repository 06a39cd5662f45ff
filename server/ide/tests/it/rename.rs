//! Renames: the lines that change, before and after, and the files that move.

mod dbt;
mod files;
mod half_typed;
mod refused;
mod selections;
mod statements;

use crate::fixture::Fixture;
use expect_test::Expect;

pub(crate) fn check(text: &str, name: &str, expected: Expect) {
    expected.assert_eq(&shown(text, name));
}

pub(crate) fn shown(text: &str, name: &str) -> String {
    let fixture = Fixture::new(text);
    let renaming = ide::rename(&fixture.snapshot, fixture.file, fixture.offset, name);
    match renaming {
        Ok(renaming) => rendered(&fixture, &renaming),
        Err(refusal) => format!("{}\n", refusal.message),
    }
}

fn rendered(fixture: &Fixture, renaming: &ide::Renaming) -> String {
    let mut shown = format!("{}\n", renaming.title);
    for file in &renaming.files {
        let before = fixture.text_at(&file.path, false);
        let edits: Vec<_> = file.edits.iter().map(|edit| edit.edit.clone()).collect();
        let after = syntax::edit::apply(&before, &edits).expect("edits fit");
        shown.push_str(&format!(
            "-- {}\n",
            fixture.snapshot.display_path(&file.path)
        ));
        shown.push_str(&changed_lines(&before, &after));
        if file.edits.iter().any(|edit| edit.note.is_unsure()) {
            shown.push_str("   (to be confirmed)\n");
        }
    }
    for (from, to) in &renaming.moved {
        let path = |path| fixture.snapshot.display_path(path);
        shown.push_str(&format!("-- {} -> {}\n", path(from), path(to)));
    }
    shown
}

/// The lines that go, and those that come.
fn changed_lines(before: &str, after: &str) -> String {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = match old[i] == new[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let (mut gone, mut come) = (String::new(), String::new());
    let mut shown = String::new();
    loop {
        match (old.get(i), new.get(j)) {
            (Some(one), Some(other)) if one == other => {
                shown.push_str(&std::mem::take(&mut gone));
                shown.push_str(&std::mem::take(&mut come));
                (i, j) = (i + 1, j + 1);
            }
            (Some(line), other) if other.is_none() || common[i + 1][j] >= common[i][j + 1] => {
                gone.push_str(&format!("- {line}\n"));
                i += 1;
            }
            (_, Some(line)) => {
                come.push_str(&format!("+ {line}\n"));
                j += 1;
            }
            _ => break,
        }
    }
    shown + &gone + &come
}

/// Two models and a spec with history, in plain SQL.
fn shop(edit: &[(&str, &str)]) -> String {
    let mut text = r#"
=== specs/shop.spec.yaml
product: shop
tables:
  - name: orders
    grain: [order_id]
    columns:
      - name: order_id # the shop's own
      - {name: "amount", type: INT}
  - name: invoices
    columns:
      - {name: order_id, references: orders.order_id}
amendments:
  - id: 1
    date: 2026-01-10
    requirement: We want the amount on the invoice.
    change: Added amount.
    changes: [orders.amount]
    guarantees: |
      orders.amount is never null
=== sql/orders.sql
create table orders as
with lines as (select order_id, quantity * price as amount from raw.lines)
select order_id, sum(amount) as amount
from lines group by order_id
=== sql/invoices.sql
CREATE TABLE invoices AS
WITH paid AS (SELECT order_id, amount FROM orders WHERE orders.amount > 0)
SELECT paid.order_id, amount, amount * 2 AS twice
FROM paid
ORDER BY amount
"#
    .to_owned();
    for (from, to) in edit {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}

/// A dbt project in which a `*` hands columns on.
fn project(edit: &[(&str, &str)]) -> String {
    let mut text = r#"
=== dbt_project.yml
name: shop
models:
  shop:
    staging:
      stg_orders:
        +materialized: view
=== models/staging/stg_orders.sql
{{ config(unique_key='order_id', alias='order_id') }}
with source as (select * from {{ source('raw', 'orders') }}),
renamed as (select id as order_id, {{ cents('amount_cents') }} as amount from source)
select * from renamed
=== models/orders.sql
{{ config(materialized='incremental', unique_key=['order_id']) }}
with orders as (select * from {{ ref('stg_orders') }}),
final as (select orders.*, row_number() over (order by order_id) as nr from orders)
select * from final
{% if is_incremental() %} where order_id > (select max(order_id) from {{ this }}) {% endif %}
=== models/totals.sql
select order_id, sum(amount) as amount from {{ ref("orders") }} group by order_id
=== macros/cents.sql
{% macro cents(column) %}{{ column }} / 100{% endmacro %}
=== macros/latest.sql
{% macro latest() %}select max(amount) from {{ ref('stg_orders') }}{% endmacro %}
=== models/schema.yml
sources:
  - name: raw
    tables:
      - name: orders
        columns: [{name: id}, {name: amount_cents}]
models:
  - name: stg_orders
    data_tests:
      - dbt_utils.expression_is_true:
          expression: "order_id > 0 and amount >= 0"
    columns:
      - name: order_id
        data_tests: [unique]
  - name: orders
    columns:
      - name: order_id
        data_tests:
          - relationships:
              to: ref('stg_orders')
              field: order_id
unit_tests:
  - name: sums
    model: totals
    given:
      - input: ref('orders')
        rows:
          - {order_id: 1, amount: 2}
    expect:
      rows: [{order_id: 1, amount: 2}]
semantic_models:
  - name: orders
    model: ref('orders')
    entities:
      - name: order_id
        type: primary
"#
    .to_owned();
    for (from, to) in edit {
        assert!(text.contains(from), "{from}");
        text = text.replacen(from, to, 1);
    }
    text
}
