//! Types of columns.

use super::{Declared, all, shop};
use meaning::derive::{NoFacts, data_type};
use sql::Dialect;

fn first(text: &str, facts: &Declared) -> String {
    let lowered = shop(text);
    let found = data_type(&lowered.query, lowered.query.root, 0, facts);
    found.map_or_else(|| "unknown".to_owned(), |found| found.to_string())
}

#[test]
fn types_follow_from_what_is_declared() {
    all(
        &[
            ("select id from orders", "BIGINT"),
            ("select status from orders", "VARCHAR(10)"),
            ("select country from customers", "unknown"),
            ("select id from elsewhere", "unknown"),
            (
                "with o as (select id as key from orders), p as (select key from o) select key from p",
                "BIGINT",
            ),
            ("select (select max(id) from orders)", "BIGINT"),
            ("select value from unnest([1, 2]) as t(value)", "unknown"),
        ],
        |text| first(text, &Declared(None)),
    );
}

#[test]
fn types_of_expressions() {
    all(
        &[
            // Casts, whatever stands inside.
            (
                "select cast(nobody_knows(id) as decimal(12, 3)) from orders",
                "DECIMAL(12,3)",
            ),
            ("select try_cast(country as date) from customers", "DATE"),
            ("select date '2024-01-01'", "DATE"),
            // Constants.
            ("select 'a'", "TEXT"),
            ("select true", "BOOLEAN"),
            ("select null", "unknown"),
            ("select 1", "unknown"),
            ("select 1.5", "unknown"),
            // Operators.
            (
                "select id > 1 and country is null from orders, customers",
                "BOOLEAN",
            ),
            ("select status || '!' from orders", "TEXT"),
            ("select country || name from customers", "TEXT"),
            ("select country || country from customers", "unknown"),
            ("select quantity + 1 from lines", "INTEGER"),
            ("select quantity * product_id from lines", "BIGINT"),
            ("select quantity * unit_price from lines", "DECIMAL"),
            ("select -unit_price from lines", "DECIMAL(10,2)"),
            ("select quantity / 2 from lines", "unknown"),
            ("select unit_price / 2 from lines", "unknown"),
            (
                "select unit_price * cast(1 as double) from lines",
                "DOUBLE PRECISION",
            ),
            ("select ordered_at - ordered_at from orders", "unknown"),
            ("select country + 1 from customers", "unknown"),
            // Branches.
            (
                "select case when is_test then id else customer_id end from orders",
                "BIGINT",
            ),
            (
                "select case when is_test then id else 0 end from orders",
                "BIGINT",
            ),
            ("select case when is_test then id end from orders", "BIGINT"),
            (
                "select case when is_test then id else 'none' end from orders",
                "unknown",
            ),
            ("select coalesce(unit_price, 0) from lines", "DECIMAL"),
            (
                "select coalesce(status, country) from orders, customers",
                "unknown",
            ),
            ("select nullif(quantity, 0) from lines", "INTEGER"),
            ("select exists (select 1 from lines) from orders", "BOOLEAN"),
            (
                "select id in (select order_id from lines) from orders",
                "BOOLEAN",
            ),
            // Functions.
            ("select lower(country) from customers", "TEXT"),
            ("select abs(unit_price) from lines", "DECIMAL(10,2)"),
            ("select length(country) from customers", "unknown"),
            ("select nobody_knows(id) from orders", "unknown"),
            // Aggregates and windows.
            ("select count(*) from orders", "BIGINT"),
            ("select max(ordered_at) from orders", "TIMESTAMP"),
            ("select sum(unit_price) from lines", "DECIMAL"),
            ("select sum(quantity) from lines", "unknown"),
            ("select avg(unit_price) from lines", "unknown"),
            ("select lag(id) over (order by id) from orders", "BIGINT"),
            (
                "select lag(id, 1, 'none') over (order by id) from orders",
                "unknown",
            ),
        ],
        |text| first(text, &Declared(None)),
    );
}

#[test]
fn types_of_set_operations() {
    all(
        &[
            (
                "select id from orders union all select customer_id from orders",
                "BIGINT",
            ),
            ("select id from orders union all select null", "BIGINT"),
            (
                "select id from orders union all select country from customers",
                "unknown",
            ),
            (
                "select id from orders union all select name from customers",
                "unknown",
            ),
            (
                "select ordered_at from orders union all select current_date",
                "unknown",
            ),
            (
                "select id from orders except select order_id from lines",
                "BIGINT",
            ),
            (
                "select * from (values (date '2024-01-01'), (null)) as t(day)",
                "DATE",
            ),
            (
                "with recursive n as (select id from orders union all select id + 1 from n) select id from n",
                "BIGINT",
            ),
            (
                "with recursive n as (select id from orders union all select nobody_knows(id) from n) select id from n",
                "unknown",
            ),
            (
                "with recursive n as (select customer_id as i from orders union all select i + o.id from n, orders o) \
                 select i from n",
                "BIGINT",
            ),
        ],
        |text| first(text, &Declared(None)),
    );
}

#[test]
fn the_dialect_decides_types_of_constants() {
    let of = |dialect| first("select 1", &Declared(Some(dialect)));
    assert_eq!(of(Dialect::Postgres), "INTEGER");
    assert_eq!(of(Dialect::BigQuery), "BIGINT");
    assert_eq!(of(Dialect::Snowflake), "unknown");
    assert_eq!(
        first("select 1.5", &Declared(Some(Dialect::Postgres))),
        "DECIMAL"
    );
    assert_eq!(
        first("select 1.5", &Declared(Some(Dialect::BigQuery))),
        "DOUBLE PRECISION"
    );
}

#[test]
fn nothing_follows_from_nothing() {
    let lowered = shop("select id + 1, count(*) over () from orders");
    let of = |position| data_type(&lowered.query, lowered.query.root, position, &NoFacts);
    assert_eq!(of(0), None);
    assert_eq!(
        of(1).map(|found| found.to_string()).as_deref(),
        Some("BIGINT")
    );
    assert_eq!(of(7), None);
}
