//! What the evaluator decides, and what it leaves undecided.

use crate::shop::{query, table};
use meaning::evaluate::{Budget, Tables, Value, run};

/// The rows of a query over three orders, as text; `undecided` where they are.
fn outcome(text: &str) -> String {
    let tables = Tables {
        tables: vec![
            table(
                "orders",
                "1 | 1 | paid | 2024-01-31 | 2024-01-31 10:30:00 | 10.00 | false
                 2 | 1 | open | 2024-01-31 | -                   | -     | true
                 3 | 2 | paid | -          | 2024-02-03 00:00:00 | 30.00 | -",
            ),
            table("lines", "1 | tea | 2 | 3.00"),
            table("customers", "1 | Ada | DE | -"),
        ],
    };
    match run(&query(text), &tables, &mut Budget::of(50_000)) {
        Err(_) => "undecided".to_owned(),
        Ok(rows) => {
            let row = |values: &[Value]| {
                let cells: Vec<String> = values.iter().map(Value::to_string).collect();
                cells.join(" ")
            };
            rows.rows
                .iter()
                .map(|each| row(&each.values))
                .collect::<Vec<_>>()
                .join(", ")
        }
    }
}

#[test]
fn what_dialects_agree_on_is_decided() {
    assert_eq!(outcome("select id from orders where amount > 10"), "3");
    assert_eq!(outcome("select id from orders where not is_test"), "1");
    assert_eq!(outcome("select 6 / 3 as n"), "2");
    assert_eq!(outcome("select 3.0 / 2 as n"), "1.5");
    assert_eq!(outcome("select id from orders order by id limit 2"), "1, 2");
    assert_eq!(
        outcome("select row_number() over (order by id) as n from orders"),
        "1, 2, 3"
    );
    assert_eq!(outcome("select cast(2.4 as integer) as n"), "2");
}

#[test]
fn where_dialects_differ_nothing_is_decided() {
    // Integer division.
    assert_eq!(outcome("select 3 / 2 as n"), "?");
    assert_eq!(
        outcome("select id from orders where id / 2 > 1"),
        "undecided"
    );
    // Some round, some cut off.
    assert_eq!(outcome("select cast(2.6 as integer) as n"), "?");
    // Small and capital letters, the same in some.
    assert_eq!(outcome("select 'paid' = 'Paid' as n"), "?");
    assert_eq!(outcome("select 'paid' <> 'open' as n"), "TRUE");
    assert_eq!(outcome("select 'paid' like 'P%' as n"), "?");
    assert_eq!(outcome("select 'paid' like 'p%' as n"), "TRUE");
    assert_eq!(
        outcome("select id from orders where status = 'PAID'"),
        "undecided"
    );
    assert_eq!(
        outcome("select distinct upper(status) as s from orders where id < 3"),
        "'PAID', 'OPEN'"
    );
    assert_eq!(
        outcome("select status from orders union select upper(status) from orders"),
        "undecided"
    );
    // The place of NULL.
    assert_eq!(
        outcome("select id from orders order by amount limit 1"),
        "undecided"
    );
    assert_eq!(
        outcome("select id from orders order by amount nulls last limit 1"),
        "1"
    );
    assert_eq!(
        outcome("select id, row_number() over (order by amount) as n from orders"),
        "undecided"
    );
    // Ties.
    assert_eq!(
        outcome("select id from orders order by customer_id limit 1"),
        "undecided"
    );
    assert_eq!(
        outcome(
            "select id from orders qualify row_number() over (partition by customer_id order by status nulls last) = 1"
        ),
        "2, 3"
    );
    assert_eq!(
        outcome(
            "select id from orders qualify row_number() over (partition by customer_id order by customer_id) = 1"
        ),
        "undecided"
    );
    assert_eq!(outcome("select id from orders limit 1"), "undecided");
    assert_eq!(outcome("select any_value(amount) as a from orders"), "?");
    assert_eq!(
        outcome("select any_value(status) as a from orders where status = 'paid'"),
        "'paid'"
    );
}

#[test]
fn errors_are_undecided() {
    assert_eq!(outcome("select amount / 0 as n from orders"), "undecided");
    assert_eq!(
        outcome("select cast(status as integer) as n from orders"),
        "undecided"
    );
    assert_eq!(
        outcome("select try_cast(status as integer) as n from orders where id = 1"),
        "NULL"
    );
    assert_eq!(outcome("select (select id from orders) as n"), "undecided");
    assert_eq!(outcome("select status + 1 as n from orders"), "undecided");
}

#[test]
fn what_is_not_known_spoils_only_what_decides_on_it() {
    assert_eq!(
        outcome("select id, our_function(status) as s from orders where id = 1"),
        "1 ?"
    );
    assert_eq!(
        outcome("select id from orders where our_function(status)"),
        "undecided"
    );
    assert_eq!(
        outcome("select id from orders where id = 1 and our_function(status)"),
        "undecided"
    );
    assert_eq!(
        outcome("select id from orders where id = 9 and our_function(status)"),
        ""
    );
    assert_eq!(
        outcome("select id from orders where id > 0 or our_function(status)"),
        "1, 2, 3"
    );
    // Equal arguments give equal values.
    assert_eq!(
        outcome("select distinct our_function(status) as s from orders where status = 'paid'"),
        "?"
    );
    assert_eq!(
        outcome("select distinct our_function(status) as s from orders"),
        "undecided"
    );
    assert_eq!(
        outcome("select distinct random() as s from orders where status = 'paid'"),
        "undecided"
    );
    // An unknown value may be NULL, and so is not equal to itself.
    assert_eq!(
        outcome("select id from orders where our_function(id) = our_function(id)"),
        "undecided"
    );
    assert_eq!(
        outcome(
            "select id from orders where our_function(id) is not distinct from our_function(id)"
        ),
        "1, 2, 3"
    );
    assert_eq!(
        outcome("select count(*) as n from orders group by our_function(customer_id) having 1 = 1"),
        "undecided"
    );
}

#[test]
fn unknown_and_rounded_values_are_no_difference() {
    let differ = |left: &str, right: &str| {
        let tables = Tables {
            tables: vec![table("orders", "1 | 1 | paid | - | - | 10.00 | -")],
        };
        let rows = |text| run(&query(text), &tables, &mut Budget::of(50_000)).unwrap();
        rows(left).differ(&rows(right))
    };
    assert!(differ(
        "select id from orders",
        "select id + 1 as id from orders"
    ));
    assert!(!differ(
        "select our_function(id) as a from orders",
        "select 1 as a from orders"
    ));
    // But a row too many is one, whatever is in it.
    assert!(differ(
        "select our_function(id) as a from orders",
        "select 1 as a from orders where false"
    ));
    assert!(differ(
        "select id, our_function(id) as a from orders",
        "select id + 1 as id, our_function(id) as a from orders"
    ));
    assert!(!differ(
        "select amount / 3 as a from orders",
        "select 3.3333 as a"
    ));
    assert!(differ(
        "select amount / 3 as a from orders",
        "select 3.4 as a"
    ));
    assert!(!differ(
        "select cast(0.1 as double) + 0.2 as a",
        "select 0.3 as a"
    ));
}

#[test]
fn a_budget_ends_the_evaluation() {
    let tables = Tables {
        tables: vec![table("orders", "1 | 1 | paid | - | - | 10.00 | -")],
    };
    let text = "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n";
    let mut budget = Budget::of(1_000);
    assert!(run(&query(text), &tables, &mut budget).is_err());
    let endless = run(&query(text), &tables, &mut Budget::of(1_000_000));
    assert!(endless.is_err());
    let nested = format!("select {} as n", vec!["1"; 1_500].join(" + "));
    assert!(run(&query(&nested), &tables, &mut Budget::of(1_000_000)).is_err());
}
