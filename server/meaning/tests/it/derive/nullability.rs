//! Whether columns can be `NULL`.

use super::{Declared, all, shop};
use meaning::derive::{Cause, CauseKind, Nullability, nullability};
use sql::Dialect;

/// `never`, `unknown`, or what makes it possible.
fn first(text: &str, facts: &Declared) -> String {
    let lowered = shop(text);
    match nullability(&lowered.query, lowered.query.root, 0, facts) {
        Nullability::Never => "never".to_owned(),
        Nullability::Unknown => "unknown".to_owned(),
        Nullability::Possible(Cause { kind, .. }) => match kind {
            CauseKind::OuterJoin(input) => {
                let mention = lowered.places.input(input);
                let range = usize::from(mention.start())..usize::from(mention.end());
                format!("join of {}", &text[range])
            }
            CauseKind::EmptySubquery(_) => "subquery".to_owned(),
            CauseKind::Function(name) | CauseKind::Window(name) => name.to_string(),
            kind => format!("{kind:?}"),
        },
    }
}

fn check(cases: &[(&str, &str)]) {
    all(cases, |text| first(text, &Declared(None)));
}

#[test]
fn columns() {
    check(&[
        ("select id from orders", "never"),
        ("select customer_id from orders", "unknown"),
        ("select id from elsewhere", "unknown"),
        (
            "with o as (select id from orders) select id from o",
            "never",
        ),
        (
            "with o as (select customer_id from orders) select customer_id from o",
            "unknown",
        ),
        ("select value from unnest([1]) as t(value)", "unknown"),
        ("select 1", "never"),
        ("select null", "Null"),
    ]);
}

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

#[test]
fn filters() {
    check(&[
        (
            "select customer_id from orders where customer_id is not null",
            "never",
        ),
        (
            "select customer_id from orders where customer_id = 3",
            "never",
        ),
        (
            "select customer_id from orders where customer_id + 1 > 3 and is_test",
            "never",
        ),
        (
            "select customer_id from orders where lower(customer_id) = 'x'",
            "never",
        ),
        (
            "select customer_id from orders where customer_id in (1, 2)",
            "never",
        ),
        (
            "select customer_id from orders where customer_id not in (1, 2)",
            "never",
        ),
        (
            "select customer_id from orders where customer_id between 1 and 2",
            "never",
        ),
        (
            "select customer_id from orders where customer_id in (select id from customers)",
            "never",
        ),
        (
            "select customer_id from orders where customer_id > 1 or customer_id < -1",
            "never",
        ),
        (
            "select customer_id from orders where not (customer_id is null or is_test)",
            "never",
        ),
        (
            "select customer_id from orders where case when customer_id is null then false else is_test end",
            "never",
        ),
        (
            "select x from (select nullif(id, 1) as x from orders) where x is not null",
            "never",
        ),
        (
            "select lag(id) over (order by id) as x from orders qualify x is not null",
            "never",
        ),
        (
            "select customer_id from orders where customer_id > 1 or is_test",
            "unknown",
        ),
        (
            "select customer_id from orders where customer_id is null",
            "unknown",
        ),
        (
            "select customer_id from orders where status = 'x'",
            "unknown",
        ),
        (
            "select customer_id from orders where nobody_knows(customer_id) = 3",
            "unknown",
        ),
        (
            "select customer_id from orders where exists (select 1 from customers where id = customer_id)",
            "unknown",
        ),
        (
            "select x from (select nullif(id, 1) as x from orders) where x > 1 or x is null",
            "NullIf",
        ),
        (
            "select customer_id from orders where customer_id = 3 is not true",
            "unknown",
        ),
    ]);
}

#[test]
fn branches() {
    check(&[
        (
            "select case when is_test then 1 else 2 end from orders",
            "never",
        ),
        (
            "select case when is_test then 1 end from orders",
            "CaseWithoutElse",
        ),
        (
            "select case when is_test then 1 else null end from orders",
            "CaseWithoutElse",
        ),
        (
            "select case when is_test then null else 1 end from orders",
            "Null",
        ),
        (
            "select case when is_test then customer_id else 1 end from orders",
            "unknown",
        ),
        (
            "select case when is_test then 1 when not is_test then 2 end from orders",
            "never",
        ),
        (
            "select case when customer_id = 1 then 1 when not customer_id = 1 then 2 end from orders",
            "CaseWithoutElse",
        ),
        (
            "select case when customer_id is null then 0 else customer_id end from orders",
            "never",
        ),
        (
            "select case when customer_id is not null then customer_id else 0 end from orders",
            "never",
        ),
        (
            "select case when customer_id > 0 then customer_id else 0 end from orders",
            "never",
        ),
        (
            "select case when customer_id > 0 then 0 else customer_id end from orders",
            "unknown",
        ),
        (
            "select case when c.id is not null then c.name else '' end from orders o left join customers c on c.id = o.customer_id",
            "never",
        ),
        (
            "select case when o.is_test then c.name else '' end from orders o left join customers c on c.id = o.customer_id",
            "join of customers",
        ),
        ("select coalesce(customer_id, 0) from orders", "never"),
        ("select ifnull(customer_id, id) from orders", "never"),
        (
            "select coalesce(customer_id, country) from orders, customers",
            "unknown",
        ),
        (
            "select coalesce(nullif(id, 1), customer_id) from orders",
            "unknown",
        ),
        ("select coalesce(nullif(id, 1), null) from orders", "NullIf"),
        ("select nullif(id, 1) from orders", "NullIf"),
    ]);
}

#[test]
fn operators_and_functions() {
    check(&[
        ("select quantity + 1 from lines", "never"),
        ("select quantity * unit_price from lines", "unknown"),
        ("select unit_price is null from lines", "never"),
        (
            "select unit_price is not distinct from 1 from lines",
            "never",
        ),
        ("select unit_price > 1 from lines", "unknown"),
        ("select lower(status) from orders", "never"),
        ("select lower(country) from customers", "unknown"),
        ("select nobody_knows(id) from orders", "unknown"),
        (
            "select json_extract(status, '$.a') from orders",
            "json_extract",
        ),
        ("select current_date", "never"),
        ("select quantity / 2 from lines", "never"),
        ("select quantity / quantity from lines", "unknown"),
        ("select quantity / nullif(quantity, 0) from lines", "NullIf"),
        ("select cast(id as varchar) from orders", "never"),
        ("select cast(id as integer) from orders", "never"),
        ("select cast(status as integer) from orders", "unknown"),
        ("select try_cast(status as integer) from orders", "TryCast"),
        ("select exists (select 1 from lines) from orders", "never"),
        (
            "select id in (select order_id from lines) from orders",
            "never",
        ),
        (
            "select id in (select customer_id from orders) from orders",
            "unknown",
        ),
        (
            "select (select name from customers c where c.id = o.customer_id) from orders o",
            "subquery",
        ),
        (
            "select (select count(*) from customers c where c.id = o.customer_id) from orders o",
            "never",
        ),
        (
            "select (select max(name) from customers c where c.id = o.customer_id) from orders o",
            "AggregateOverNoRows",
        ),
        ("select (select 1)", "never"),
        ("select (select o.status) from orders o", "never"),
        ("select (select o.customer_id) from orders o", "unknown"),
    ]);
}

#[test]
fn the_dialect_decides_what_fails() {
    let of = |text: &str, dialect| first(text, &Declared(Some(dialect)));
    let divided = "select quantity / quantity from lines";
    assert_eq!(of(divided, Dialect::Postgres), "never");
    assert_eq!(of(divided, Dialect::MySql), "DivisionByZero");
    assert_eq!(of(divided, Dialect::Spark), "unknown");
    let turned = "select cast(status as integer) from orders";
    assert_eq!(of(turned, Dialect::Snowflake), "never");
    assert_eq!(of(turned, Dialect::Spark), "unknown");
}

#[test]
fn aggregates() {
    check(&[
        ("select count(customer_id) from orders", "never"),
        ("select sum(quantity) from lines", "AggregateOverNoRows"),
        ("select sum(quantity) from lines group by order_id", "never"),
        (
            "select sum(unit_price) from lines group by order_id",
            "unknown",
        ),
        ("select coalesce(sum(unit_price), 0) from lines", "never"),
        (
            "select sum(case when quantity > 1 then 1 end) from lines group by order_id",
            "CaseWithoutElse",
        ),
        (
            "select sum(quantity) filter (where quantity > 1) from lines group by order_id",
            "AggregateOverNoRows",
        ),
        (
            "select count(*) filter (where quantity > 1) from lines group by order_id",
            "never",
        ),
        (
            "select max(l.quantity) from orders o left join lines l on l.order_id = o.id group by o.id",
            "join of lines",
        ),
        (
            "select max(l.quantity) from orders o left join lines l on l.order_id = o.id group by o.id having count(l.order_id) > 0",
            "unknown",
        ),
        (
            "select max(l.quantity) from orders o left join lines l on l.order_id = o.id group by o.id having max(l.quantity) > 0",
            "never",
        ),
        (
            "select sum(quantity) from lines having count(*) > 0",
            "unknown",
        ),
        ("select max(x) from (select 1 as x)", "never"),
        (
            "select array_agg(quantity) from lines group by order_id",
            "never",
        ),
        ("select array_agg(quantity) from lines", "unknown"),
        (
            "select string_agg(unit_price, ',') from lines group by order_id",
            "unknown",
        ),
        (
            "select nobody_knows(quantity) from lines group by order_id",
            "unknown",
        ),
        // Keys.
        ("select status from orders group by status", "never"),
        (
            "select customer_id from orders group by customer_id",
            "unknown",
        ),
        (
            "select customer_id from orders group by customer_id having customer_id > 1",
            "never",
        ),
        (
            "select status from orders group by rollup (status)",
            "GroupingSets",
        ),
        (
            "select status from orders group by grouping sets ((status), (is_test))",
            "GroupingSets",
        ),
        (
            "select status from orders group by grouping sets ((status), (status, is_test))",
            "never",
        ),
        (
            "select status from orders group by rollup (status) having status is not null",
            "never",
        ),
        (
            "select sum(quantity) from lines group by rollup (order_id)",
            "unknown",
        ),
    ]);
}

#[test]
fn windows() {
    check(&[
        (
            "select row_number() over (order by id) from orders",
            "never",
        ),
        ("select lag(id) over (order by id) from orders", "lag"),
        (
            "select lag(id, 1, 0) over (order by id) from orders",
            "never",
        ),
        (
            "select lag(id, 1, customer_id) over (order by id) from orders",
            "unknown",
        ),
        (
            "select first_value(id) over (order by id) from orders",
            "never",
        ),
        (
            "select first_value(customer_id) over (order by id) from orders",
            "unknown",
        ),
        (
            "select nth_value(id, 2) over (order by id) from orders",
            "nth_value",
        ),
        (
            "select sum(quantity) over (partition by order_id) from lines",
            "never",
        ),
        (
            "select sum(unit_price) over (partition by order_id) from lines",
            "unknown",
        ),
        (
            "select sum(quantity) over (order by order_id rows between 3 preceding and 1 preceding) from lines",
            "EmptyFrame",
        ),
        (
            "select sum(quantity) over (order by order_id rows between 3 preceding and current row) from lines",
            "never",
        ),
        (
            "select count(*) over (order by order_id rows between 3 preceding and 1 preceding) from lines",
            "never",
        ),
        (
            "select max(customer_id) over (partition by status) from orders where customer_id > 1",
            "never",
        ),
        (
            "select max(customer_id) over (partition by status) from orders qualify customer_id > 1",
            "unknown",
        ),
        (
            "select sum(sum(quantity)) over () from lines group by order_id",
            "never",
        ),
    ]);
}

#[test]
fn set_operations() {
    check(&[
        (
            "select id from orders union all select id from customers",
            "never",
        ),
        ("select id from orders union all select null", "Null"),
        (
            "select id from orders union all select customer_id from orders",
            "unknown",
        ),
        (
            "select customer_id from orders union all select nullif(id, 1) from orders",
            "NullIf",
        ),
        (
            "select id from orders except select customer_id from orders",
            "never",
        ),
        (
            "select customer_id from orders except select id from orders",
            "unknown",
        ),
        (
            "select customer_id from orders intersect select id from orders",
            "never",
        ),
        ("select * from (values (1), (2)) as t(x)", "never"),
        ("select * from (values (1), (null)) as t(x)", "Null"),
        (
            "with recursive n as (select 1 as i union all select i + 1 from n where i < 9) select i from n",
            "never",
        ),
        (
            "with recursive n as (select 1 as i union all select nullif(i, 3) from n) select i from n",
            "NullIf",
        ),
        (
            "with recursive n as (select 1 as i, 2 as j union all select j, nobody_knows(i) from n) select i from n",
            "unknown",
        ),
    ]);
}

#[test]
fn a_long_chain_is_not_known_and_does_no_harm() {
    let sum = vec!["quantity"; 1_500].join(" + ");
    check(&[(&format!("select {sum} from lines"), "unknown")]);
    let mut text = "with c0 as (select id from orders)".to_owned();
    for at in 1..800 {
        text.push_str(&format!(
            ", c{at} as (select a.id from c{0} a join c{0} b on a.id = b.id)",
            at - 1
        ));
    }
    text.push_str(" select id from c799");
    check(&[(&text, "never")]);
}

#[test]
fn the_larger_one_of_several_is_no_aggregate_that_is_known() {
    check(&[(
        "select max('a', customer_id) from orders group by id",
        "unknown",
    )]);
}

#[test]
fn nothing_is_found_in_an_empty_list_not_even_null() {
    let text = "select customer_id from orders where status not in ()";
    let query = crate::support::one(text, Dialect::Sqlite, &crate::support::SHOP).query;
    let found = nullability(&query, query.root, 0, &Declared(None));
    assert_eq!(found, Nullability::Unknown);
}
