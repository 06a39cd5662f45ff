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
            Withdraw amendment `cents`: fix open-amendment
              +     status: withdrawn
            Amend: something new…: refactor, asks
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              and on to: TODO: who needs this, and for what?"  # draft: confirm
        "#]],
    );
}

#[test]
fn an_amendment_that_was_proposed_is_withdrawn_where_its_status_stands() {
    check(
        "=== shop.spec.yaml
product: shop
amendments:
  - id: 7
    requirement: Invoices print whole cents.
    change: $0tbd
    changes: [orders.amount]
    status: proposed # by Finance
    guarantees: orders.amount exists
  - id: 8
    requirement: Orders are counted.
    change: tbd
=== orders.sql
select o.id from raw.orders as o
",
        expect![[r#"
            Withdraw amendment `7`: fix open-amendment
              -     status: proposed # by Finance
              +     status: withdrawn # by Finance
            Amend: something new…: refactor, asks
              +   - id: 9
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              and on to: TODO: who needs this, and for what?"  # draft: confirm
        "#]],
    );
}

#[test]
fn what_is_done_or_given_up_is_not_withdrawn() {
    let amendment = |rest: &str| {
        format!(
            "=== shop.spec.yaml
product: shop
amendments:
  - id: 7
    requirement: Invoices print whole cents.
    change: {rest}
=== orders.sql
select o.id from raw.orders as o
"
        )
    };
    for done in ["Do$0ne.", "t$0bd\n    status: withdrawn"] {
        check(
            &amendment(done),
            expect![[r#"
                Amend: something new…: refactor, asks
                  +   - id: 8
                  +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
                  +     change: tbd
                  and on to: TODO: who needs this, and for what?"  # draft: confirm
            "#]],
        );
    }
}
