//! What an open amendment asks for, made in the SQL.

use super::check;
use expect_test::expect;

#[test]
fn a_column_of_unknown_type_is_cast_as_an_open_amendment_asks() {
    check(
        "=== shop.spec.yaml
product: shop
tables:
  - name: orders
    description: One row for each order.
    why: Invoices start from single orders.
    columns:
      - {name: amount, description: What is paid., why: It is printed.}
amendments:
  - id: cents
    requirement: Invoices print whole cents.
    change: t$0bd
    guarantees: |
      orders.amount is DECIMAL(10, 2)
      orders.amount exists
=== orders.sql
select o.amount from raw.orders as o
",
        expect![[r#"
            Cast `amount` to DECIMAL(10, 2), in orders.sql: fix open-amendment
              - select o.amount from raw.orders as o
              + select cast(o.amount as DECIMAL(10, 2)) as amount from raw.orders as o
            Amend: something new…: refactor, asks
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              and on to: TODO: who needs this, and for what?"  # draft: confirm
        "#]],
    );
}
