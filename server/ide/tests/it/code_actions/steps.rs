//! What an open amendment asks for, made in the SQL.

use super::check;
use crate::fixture::Fixture;
use checks::Detail;
use expect_test::expect;
use syntax::{TextRange, edit};

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

/// A column that comes with its value is one step, not one for each sentence.
#[test]
fn a_step_that_two_sentences_ask_for_is_offered_once() {
    let fixture = Fixture::new(
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
      orders.cents exists
      orders.cents = amount * 100
=== orders.sql
select o.amount from raw.orders as o
",
    );
    let place = fixture.place(TextRange::empty(fixture.offset));
    let actions = ide::code_actions(&place, Detail::Title).into_iter();
    let titles: Vec<String> = actions.map(|action| action.fix.title).collect();
    let steps = titles
        .iter()
        .filter(|title| title.starts_with("Select `cents`"));
    assert_eq!(steps.count(), 1, "{titles:?}");
}

/// Most models of dbt end in `select * from final`.
#[test]
fn a_column_is_cast_where_a_cte_selects_it() {
    let offered = |select: &str, last: &str| {
        let fixture = Fixture::new(&format!(
            "=== shop.spec.yaml
product: shop
tables:
  - name: orders
    description: One row for each order.
    why: Invoices start from single orders.
    columns:
      - {{name: amount, description: What is paid., why: It is printed.}}
amendments:
  - id: cents
    requirement: Invoices print whole cents.
    change: t$0bd
    guarantees: orders.amount is DECIMAL(10, 2)
=== orders.sql
with final as (
    {select}
)
{last}
"
        ));
        let place = fixture.place(TextRange::empty(fixture.offset));
        let actions = ide::code_actions(&place, Detail::Edits).into_iter();
        let mut casts = actions.filter(|action| action.fix.title.starts_with("Cast `amount`"));
        let edits = casts.next()?.fix.edits;
        let text = fixture.text_at(&edits[0].path, false);
        edit::apply(&text, &edits[0].edits)
    };
    let plain = "select o.amount from raw.orders as o";
    let all = "select * from final";
    let cast = offered(plain, all).expect("a cast");
    let expected = "select cast(o.amount as DECIMAL(10, 2)) as amount from raw.orders as o";
    assert!(cast.contains(expected), "{cast}");
    // Another column, or which rows there are, would be computed from what is cast.
    let twice = "select *, amount * 2 as twice from final";
    assert_eq!(offered(plain, twice), None);
    let some = "select * from final where amount > 1";
    assert_eq!(offered(plain, some), None);
}

/// A type that there is not is no reason to write it into the SQL.
#[test]
fn nothing_is_done_for_a_sentence_that_says_nothing() {
    let offered = |data_type: &str| {
        let fixture = Fixture::new(&format!(
            "=== shop.spec.yaml
product: shop
tables:
  - name: orders
    description: One row for each order.
    why: Invoices start from single orders.
    columns:
      - {{name: amount, description: What is paid., why: It is printed.}}
amendments:
  - id: cents
    requirement: Invoices print whole cents.
    change: t$0bd
    guarantees: orders.amount is {data_type}
=== orders.sql
select o.amount from raw.orders as o
"
        ));
        let place = fixture.place(TextRange::empty(fixture.offset));
        let actions = ide::code_actions(&place, Detail::Title).into_iter();
        let mut titles = actions.map(|action| action.fix.title);
        titles.any(|title| title.starts_with("Cast `amount`"))
    };
    assert!(offered("DECIMAL(10, 2)"));
    assert!(!offered("DECIML(10, 2)"));
}
