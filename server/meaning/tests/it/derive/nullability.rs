//! Whether columns can be `NULL`.

mod groups;
mod joins;

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
        ("select bool_or('paid', null)", "Null"),
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
fn nothing_is_found_in_an_empty_list_not_even_null() {
    let text = "select customer_id from orders where status not in ()";
    let query = crate::support::one(text, Dialect::Sqlite, &crate::support::SHOP).query;
    let found = nullability(&query, query.root, 0, &Declared(None));
    assert_eq!(found, Nullability::Unknown);
}
