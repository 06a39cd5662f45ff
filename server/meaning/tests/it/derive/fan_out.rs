//! Joins that may repeat rows.

use super::{Declared, all, shop};
use meaning::derive::{fan_out, repeated_by};
use sql::relation::InputId;

/// `orders by lines`, for each join.
fn joins(text: &str) -> String {
    let lowered = shop(text);
    let name = |input: &InputId| {
        let range = lowered.places.input(*input);
        text[usize::from(range.start())..usize::from(range.end())].to_owned()
    };
    let names = |inputs: &[InputId]| inputs.iter().map(name).collect::<Vec<_>>().join(" ");
    let found = fan_out(&lowered.query, lowered.query.root, &Declared(None));
    let found = found.iter();
    let found: Vec<String> = found
        .map(|join| format!("{} by {}", names(&join.repeated), names(&join.by)))
        .collect();
    found.join("; ")
}

#[test]
fn joins_that_repeat_rows() {
    all(
        &[
            (
                "select 1 from orders o join customers c on c.id = o.customer_id",
                "",
            ),
            (
                "select 1 from orders o, customers c where c.id = o.customer_id",
                "",
            ),
            (
                "select 1 from orders o left join lines l on l.order_id = o.id",
                "orders by lines",
            ),
            (
                "select 1 from orders o left join lines l on l.order_id = o.id and l.product_id = 3",
                "",
            ),
            (
                "select 1 from orders o left join lines l on l.order_id = o.id where l.product_id = 3",
                "",
            ),
            (
                "select 1 from lines l right join orders o on l.order_id = o.id",
                "orders by lines",
            ),
            (
                "select 1 from lines l join orders o on l.order_id = o.id",
                "",
            ),
            (
                "select 1 from orders o full join customers c on c.id = o.id",
                "",
            ),
            (
                "select 1 from orders o full join customers c on c.id = o.customer_id",
                "customers by orders",
            ),
            (
                "select 1 from orders o join elsewhere e on e.id = o.id",
                "orders by elsewhere",
            ),
            (
                "select 1 from orders o cross join unnest([1, 2]) as t(x)",
                "orders by unnest([1, 2]) as t(x)",
            ),
            (
                "select 1 from orders o semi join lines l on l.order_id = o.id",
                "",
            ),
            (
                "select 1 from orders o left join (select distinct order_id from lines) l on l.order_id = o.id",
                "",
            ),
            (
                "select 1 from orders o left join customers c on c.id = o.customer_id left join lines l on l.order_id = o.id",
                "orders customers by lines",
            ),
        ],
        joins,
    );
}

#[test]
fn inputs_that_repeat_rows_of_another() {
    let lowered = shop(
        "select 1 from orders o join lines l on l.order_id = o.id left join customers c on c.id = o.customer_id",
    );
    let of = |input| {
        repeated_by(
            &lowered.query,
            lowered.query.root,
            InputId(input),
            &Declared(None),
        )
    };
    let (orders, lines, customers) = (InputId(0), InputId(1), InputId(2));
    assert_eq!(of(0), Some(vec![lines]));
    assert_eq!(of(1), Some(vec![]));
    assert_eq!(of(2), Some(vec![orders, lines]));
    assert_eq!(of(9), None);
    assert_eq!(customers, InputId(2));
}
