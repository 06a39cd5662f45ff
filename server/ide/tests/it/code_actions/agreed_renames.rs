//! Renames that open amendments ask for.

use super::{Fixture, shown};
use expect_test::{Expect, expect};

/// Of what can be done, the renames.
fn check(text: &str, expected: Expect) {
    let shown = shown(&Fixture::new(text));
    let mut lines = shown.lines();
    let mut own = String::new();
    let mut is_own = false;
    for line in &mut lines {
        is_own = (is_own && line.starts_with(' ')) || line.starts_with("Rename");
        if is_own {
            own.push_str(line);
            own.push('\n');
        }
    }
    expected.assert_eq(&own);
}

const SHOP: &str = r"
=== orders.sql
CREATE TABLE orders AS SELECT id AS order_id, paid AS amount FROM raw.orders
=== bills.sql
CREATE TABLE bills AS SELECT order_id, amount, amount * 2 AS double FROM orders
=== open.spec.yaml
product: shop
tables:
  - name: orders
    columns:
      - name: amount
amendments:
  - id: 1
    requirement: We need it.
    change: Added it.
    guarantees: orders.amount = raw.orders.paid
";

#[test]
fn a_column_is_renamed_everywhere_and_the_amendment_closed() {
    check(
        &format!(
            "{SHOP}  - id: total
    requirement: Finance calls it the total.
    change: $0tbd
    guarantees: orders.total is renamed from amount
"
        ),
        expect![[r#"
            Rename `orders.amount` to `total`, as amendment `total` asks: fix open-amendment, preferred
              - CREATE TABLE bills AS SELECT order_id, amount, amount * 2 AS double FROM orders
              + CREATE TABLE bills AS SELECT order_id, total AS amount, total * 2 AS double FROM orders
              -       - name: amount
              - amendments:
              -   - id: 1
              -     requirement: We need it.
              -     change: Added it.
              -     guarantees: orders.amount = raw.orders.paid
              -   - id: total
              -     requirement: Finance calls it the total.
              -     change: tbd
              +       - name: total
              + amendments:
              +   - id: 1
              +     requirement: We need it.
              +     change: Added it.
              +     guarantees: orders.amount = raw.orders.paid
              +   - id: total
              +     requirement: Finance calls it the total.
              +     change: Renamed amount of orders to total.
              - CREATE TABLE orders AS SELECT id AS order_id, paid AS amount FROM raw.orders
              + CREATE TABLE orders AS SELECT id AS order_id, paid AS total FROM raw.orders
        "#]],
    );
}

#[test]
fn an_amendment_that_asks_for_more_stays_open() {
    check(
        &format!(
            "{SHOP}  - id: total
    requirement: Finance calls it the total.
    change: tbd
    guarantees: |
      orders.total is renamed from am$0ount
      orders.total is never null
"
        ),
        expect![[r#"
            Rename `orders.amount` to `total`, as amendment `total` asks: fix not-yet-met, preferred
              - CREATE TABLE bills AS SELECT order_id, amount, amount * 2 AS double FROM orders
              + CREATE TABLE bills AS SELECT order_id, total AS amount, total * 2 AS double FROM orders
              -       - name: amount
              +       - name: total
              - CREATE TABLE orders AS SELECT id AS order_id, paid AS amount FROM raw.orders
              + CREATE TABLE orders AS SELECT id AS order_id, paid AS total FROM raw.orders
        "#]],
    );
}

#[test]
fn a_table_is_renamed_too() {
    check(
        &format!(
            "{SHOP}  - id: sales
    requirement: The shop calls them sales.
    change: $0tbd
    guarantees: sales is renamed from orders
"
        ),
        expect![[r#"
            Rename `orders` to `sales`, as amendment `sales` asks: fix open-amendment, preferred
              - CREATE TABLE bills AS SELECT order_id, amount, amount * 2 AS double FROM orders
              + CREATE TABLE bills AS SELECT order_id, amount, amount * 2 AS double FROM sales
              -   - name: orders
              -     columns:
              -       - name: amount
              - amendments:
              -   - id: 1
              -     requirement: We need it.
              -     change: Added it.
              -     guarantees: orders.amount = raw.orders.paid
              -   - id: sales
              -     requirement: The shop calls them sales.
              -     change: tbd
              +   - name: sales
              +     columns:
              +       - name: amount
              + amendments:
              +   - id: 1
              +     requirement: We need it.
              +     change: Added it.
              +     guarantees: orders.amount = raw.orders.paid
              +   - id: sales
              +     requirement: The shop calls them sales.
              +     change: Renamed the table orders to sales.
              - CREATE TABLE orders AS SELECT id AS order_id, paid AS amount FROM raw.orders
              + CREATE TABLE sales AS SELECT id AS order_id, paid AS amount FROM raw.orders
        "#]],
    );
}

#[test]
fn nothing_is_renamed_that_is_done_or_not_agreed() {
    for amendment in [
        // It has the name already.
        "change: $0tbd\n    guarantees: orders.amount is renamed from paid",
        // There is something of the new name.
        "change: $0tbd\n    guarantees: orders.order_id is renamed from amount",
        // It is given up.
        "status: withdrawn\n    change: $0tbd\n    guarantees: orders.total is renamed from amount",
        // It is only proposed.
        "status: proposed\n    change: $0tbd\n    guarantees: orders.total is renamed from amount",
        // It was done once.
        "change: $0Done.\n    guarantees: orders.total is renamed from amount",
    ] {
        check(
            &format!("{SHOP}  - id: total\n    requirement: So be it.\n    {amendment}\n"),
            expect![""],
        );
    }
}
