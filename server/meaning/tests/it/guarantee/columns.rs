//! Types, `NULL`, constants, units and zones of columns.

use super::{Declared, no_facts, position, query, word};
use meaning::guarantee::{WantedType, has_type, is_in_unit, is_one_of, never_null};
use sql::Dialect;
use sql::facts::TableRef;
use sql::relation::Literal;
use syntax::Name;

fn typed(text: &str, wanted: &str) -> &'static str {
    let query = query(text);
    let wanted = WantedType::named(wanted, Dialect::Postgres).unwrap();
    word(&has_type(&query, position(&query, "x"), &wanted, &Declared))
}

#[test]
fn only_another_cast_contradicts_a_type() {
    for (text, wanted, expected) in [
        (
            "select cast(amount as decimal(10, 2)) as x from orders",
            "DECIMAL(10,2)",
            "holds",
        ),
        (
            "select amount::numeric(10, 2) as x from orders",
            "DECIMAL(10,2)",
            "holds",
        ),
        (
            "select amount::numeric(10, 2) as x from orders",
            "NUMERIC",
            "holds",
        ),
        (
            "with a as (select amount::int as x from orders) select x from a",
            "DECIMAL(10,2)",
            "contradicted",
        ),
        (
            "select amount::varchar(20) as x from orders",
            "VARCHAR",
            "holds",
        ),
        (
            "select amount::varchar(20) as x from orders",
            "TEXT",
            "contradicted",
        ),
        ("select amount::varchar as x from orders", "TEXT", "holds"),
        (
            "select amount as x from orders",
            "DECIMAL(10,2)",
            "can't be told",
        ),
        (
            "select amount * 2 as x from orders",
            "DECIMAL(10,2)",
            "can't be told",
        ),
        ("select count(*) as x from orders", "BIGINT", "holds"),
        ("select status::json as x from orders", "JSON", "holds"),
        ("select status::jsonb as x from orders", "JSONB", "holds"),
        (
            "select status::json as x from orders",
            "JSONB",
            "contradicted",
        ),
        (
            "select status::jsonb as x from orders",
            "JSON",
            "contradicted",
        ),
        (
            "select jsonb_agg(status) as x from orders",
            "JSONB",
            "holds",
        ),
    ] {
        assert_eq!(typed(text, wanted), expected, "{text} is {wanted}");
    }
}

fn null(text: &str) -> &'static str {
    let query = query(text);
    word(&never_null(
        &query,
        position(&query, "x"),
        &Declared,
        &no_facts(),
    ))
}

#[test]
fn a_constant_null_contradicts_and_other_operators_are_a_risk() {
    for (text, expected) in [
        ("select id as x from orders", "holds"),
        ("select coalesce(amount, 0) as x from orders", "holds"),
        ("select amount as x from orders", "can't be told"),
        (
            "select case when is_test then null else id end as x from orders",
            "contradicted",
        ),
        ("select null::text as x from orders", "contradicted"),
        (
            "select case when is_test then cast(null as text) else 'a' end as x from orders",
            "contradicted",
        ),
        (
            "select cast(status as text) as x from orders
             union all select cast(cast(null as int) as text) from lines",
            "contradicted",
        ),
        // What the cast gives is NULL where the column is.
        (
            "select cast(amount as text) as x from orders",
            "can't be told",
        ),
        (
            "select case when is_test then try_cast(status as int) else id end as x from orders",
            "at risk",
        ),
        ("select nullif(id, 0) as x from orders", "at risk"),
        (
            "select case when is_test then id end as x from orders",
            "at risk",
        ),
        (
            "select o.id as x from lines l left join orders o on o.id = l.order_id",
            "at risk",
        ),
        // No row has it.
        (
            "select case when is_test then null else id end as x from orders where not is_test",
            "at risk",
        ),
    ] {
        assert_eq!(null(text), expected, "{text}");
    }
}

fn one_of(text: &str, allowed: &[&str]) -> &'static str {
    let query = query(text);
    let allowed: Vec<Literal> = allowed
        .iter()
        .map(|text| Literal::Text((*text).into()))
        .collect();
    word(&is_one_of(
        &query,
        position(&query, "x"),
        &allowed,
        &no_facts(),
    ))
}

#[test]
fn another_constant_contradicts_a_list_of_values() {
    for (text, expected) in [
        (
            "select case when is_test then 'open' else 'paid' end as x from orders",
            "holds",
        ),
        (
            "select case when is_test then 'open' end as x from orders",
            "holds",
        ),
        (
            "select case when is_test then 'open' else 'gone' end as x from orders",
            "contradicted",
        ),
        (
            "select case when is_test then 'gone' else 'paid' end as x from orders where not is_test",
            "can't be told",
        ),
        (
            "select case when is_test then 'OPEN' else 'paid' end as x from orders",
            "can't be told",
        ),
        ("select status as x from orders", "can't be told"),
        (
            "select 'open' as x from orders union all select 'lost' from lines",
            "contradicted",
        ),
    ] {
        assert_eq!(one_of(text, &["open", "paid"]), expected, "{text}");
    }
}

#[test]
fn units_are_kept_by_what_copies_adds_and_picks() {
    let unit = |text: &str| {
        let query = query(text);
        let unit_of = |_: &TableRef, column: &Name| match column.as_str() {
            "amount" => Some("USD".to_owned()),
            "unit_price" => Some("EUR".to_owned()),
            _ => None,
        };
        word(&is_in_unit(&query, position(&query, "x"), "usd", &unit_of))
    };
    assert_eq!(unit("select amount as x from orders"), "holds");
    assert_eq!(
        unit("select coalesce(sum(amount), 0) as x from orders"),
        "holds"
    );
    assert_eq!(
        unit("select max(unit_price) as x from lines"),
        "contradicted"
    );
    assert_eq!(
        unit("select quantity * unit_price as x from lines"),
        "can't be told"
    );
    assert_eq!(
        unit("select o.amount + l.unit_price as x from orders o, lines l"),
        "contradicted"
    );
    assert_eq!(unit("select 0 as x from orders"), "can't be told");
}

#[test]
fn a_filter_leaves_only_listed_values() {
    let allowed = ["a", "b"].map(|text| Literal::Text(text.into()));
    let of = |text: &str| {
        let query = query(text);
        word(&is_one_of(
            &query,
            position(&query, "x"),
            &allowed,
            &no_facts(),
        ))
    };
    for (text, wanted) in [
        (
            "select status as x from orders where status in ('a', 'b')",
            "holds",
        ),
        ("select status as x from orders where status = 'a'", "holds"),
        (
            "with o as (select status as x from orders where status in ('a', 'b') and not is_test)
             select x from o",
            "holds",
        ),
        (
            "select status as x from orders where status in ('a', 'b', 'c')",
            "can't be told",
        ),
        (
            "select status as x from orders where status <> 'c'",
            "can't be told",
        ),
    ] {
        assert_eq!(of(text), wanted, "{text}");
    }
}
