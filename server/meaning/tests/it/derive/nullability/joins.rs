//! Columns of joins.

use super::super::Declared;
use super::{check, first};

#[test]
fn outer_joins() {
    check(&[
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id",
            "join of customers",
        ),
        (
            "select o.id from orders o left join customers c on c.id = o.customer_id",
            "never",
        ),
        (
            "select o.id from orders o right join customers c on c.id = o.customer_id",
            "join of orders",
        ),
        (
            "select o.id from orders o full join customers c on c.id = o.customer_id",
            "join of orders",
        ),
        (
            "select c.id from orders o full join customers c on c.id = o.customer_id",
            "join of customers",
        ),
        (
            "select c.id from orders o join customers c on c.id = o.customer_id",
            "never",
        ),
        // What the condition compares is there, on the side that is kept or not.
        (
            "select o.customer_id from orders o join customers c on c.id = o.customer_id",
            "never",
        ),
        (
            "select o.customer_id from orders o left join customers c on c.id = o.customer_id",
            "unknown",
        ),
        (
            "select o.customer_id from orders o semi join customers c on c.id = o.customer_id",
            "never",
        ),
        (
            "select o.customer_id from orders o anti join customers c on c.id = o.customer_id",
            "unknown",
        ),
        // WHERE rejects rows without a partner.
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where c.name = 'x'",
            "never",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where not c.name like 'x%'",
            "never",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where c.name = 'x' or c.country = 'y'",
            "never",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where coalesce(c.name = 'x', false)",
            "never",
        ),
        (
            "select o.customer_id from orders o left join customers c on c.id = o.customer_id where c.id > 3",
            "never",
        ),
        // It does not.
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where o.is_test",
            "join of customers",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where c.name is null",
            "join of customers",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where c.name = 'x' or o.is_test",
            "join of customers",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where c.name is null or c.name = 'x'",
            "join of customers",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id and c.name = 'x'",
            "join of customers",
        ),
        // It may: what it does with NULL is not known.
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where coalesce(c.name, '') <> ''",
            "unknown",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where nobody_knows(c.name)",
            "unknown",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id where exists (select 1 from lines l where l.order_id = c.id)",
            "unknown",
        ),
        // A later join rejects, or fills up.
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id join lines l on l.order_id = c.id",
            "never",
        ),
        (
            "select c.id from orders o left join customers c on c.id = o.customer_id left join lines l on l.order_id = c.id",
            "join of customers",
        ),
        (
            "select l.order_id from orders o left join (customers c join lines l on l.order_id = c.id) on c.id = o.customer_id",
            "join of customers",
        ),
        // One that is not modelled.
        (
            "select c.id from orders o asof join customers c on c.id = o.customer_id and o.ordered_at >= c.name",
            "unknown",
        ),
    ]);
}

#[test]
fn outer_joins_seen_from_further_out() {
    let joined = "with j as (select c.id as c_id, c.name, o.id from orders o left join customers c on c.id = o.customer_id)";
    let of = |rest: &str| first(&format!("{joined} {rest}"), &Declared(None));
    assert_eq!(of("select name from j"), "join of customers");
    assert_eq!(of("select name from j where name is not null"), "never");
    // The row has a partner, but the query in the CTE is not looked at again.
    assert_eq!(of("select name from j where c_id is not null"), "unknown");
    assert_eq!(of("select name from j where id > 1"), "join of customers");
}

#[test]
fn merged_keys_of_full_joins() {
    check(&[
        (
            "select coalesce(o.id, c.id) from orders o full join customers c on c.id = o.id",
            "never",
        ),
        (
            "select id from orders o full join customers c using (id)",
            "never",
        ),
        (
            "select case when o.id is null then c.id else o.id end from orders o full join customers c on c.id = o.id",
            "never",
        ),
        (
            "select id from orders full join customers using (id) full join (select order_id as id from lines) l using (id)",
            "never",
        ),
        (
            "select coalesce(o.customer_id, c.id) from orders o full join customers c on c.id = o.customer_id",
            "unknown",
        ),
        (
            "select coalesce(o.id, o.customer_id) from orders o full join customers c on c.id = o.id",
            "join of orders",
        ),
        (
            "select o.id + c.id from orders o full join customers c on c.id = o.id",
            "join of customers",
        ),
    ]);
}
