//! Aggregates and windows.

use super::{Columns, check, meaning, parsed};
use crate::dialect::Dialect;
use crate::lower::expression::{sort_key, table_function};
use crate::relation::Expression;
use sqlparser::ast::{Expr, FunctionArguments};
use sqlparser::parser::Parser;

#[test]
fn rows_are_counted_without_an_argument() {
    check(
        Dialect::Snowflake,
        &[
            ("COUNT(*)", "count{}"),
            ("COUNT(1)", "count{}"),
            ("COUNT('x')", "count{}"),
            ("COUNT(NULL)", "count{NULL}"),
            ("COUNT(a)", "count{a}"),
            ("COUNT(DISTINCT a, b)", "count{distinct a b}"),
            ("COUNT(DISTINCT *)", "count{distinct a b}"),
            ("COUNT(t.*)", "?unsupported[]"),
            ("COUNT_IF(a > 1)", "count{; where (> a 1)}"),
            ("APPROX_COUNT_DISTINCT(a)", "approx_count_distinct{a}"),
        ],
    );
    assert_eq!(
        meaning("COUNTIF(a > 1)", Dialect::BigQuery),
        "count{; where (> a 1)}"
    );
    assert_eq!(
        meaning("COUNT(*) FILTER (WHERE a > 1)", Dialect::Postgres),
        "count{; where (> a 1)}"
    );
    assert_eq!(meaning("COUNT_BIG(*)", Dialect::SqlServer), "count{}");
    assert_eq!(
        meaning("sumIf(a, b)", Dialect::ClickHouse),
        "sum{a; where b}"
    );
}

#[test]
fn aggregates_have_one_name() {
    check(
        Dialect::BigQuery,
        &[
            ("LOGICAL_OR(a)", "bool_or{a}"),
            ("STRING_AGG(a)", "string_agg{a ','}"),
            (
                "STRING_AGG(a, '-' ORDER BY b DESC)",
                "string_agg{a '-'; order b desc}",
            ),
            (
                "ARRAY_AGG(a IGNORE NULLS)",
                "array_agg{a; where (not (null? a))}",
            ),
            ("ARRAY_AGG(a LIMIT 1)", "?unsupported[a 1]"),
            ("ANY_VALUE(a HAVING MAX b)", "max_by{a b}"),
            ("STDDEV(a)", "stddev_samp{a}"),
        ],
    );
    check(
        Dialect::Snowflake,
        &[
            (
                "LISTAGG(a) WITHIN GROUP (ORDER BY b)",
                "string_agg{a ''; order b}",
            ),
            ("LISTAGG(DISTINCT a, ',')", "string_agg{distinct a ','}"),
            ("BOOLOR_AGG(a)", "bool_or{a}"),
            (
                "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY a)",
                "percentile_cont{0.5; order a}",
            ),
            ("SUM(DISTINCT a)", "sum{distinct a}"),
            ("our_udaf(DISTINCT a)", "our_udaf{distinct a}"),
        ],
    );
    check(
        Dialect::MySql,
        &[
            (
                "GROUP_CONCAT(a ORDER BY b SEPARATOR ';')",
                "string_agg{a ';'; order b}",
            ),
            ("GROUP_CONCAT(a)", "string_agg{a ','}"),
            ("GROUP_CONCAT(a, b)", "?unsupported[a b]"),
            ("STDDEV(a)", "stddev_pop{a}"),
        ],
    );
    check(
        Dialect::Databricks,
        &[
            ("collect_list(a)", "array_agg{a}"),
            ("first(a, true)", "first{a; where (not (null? a))}"),
        ],
    );
    check(
        Dialect::DuckDb,
        &[
            ("arg_max(a, b)", "max_by{a b}"),
            ("list(a)", "array_agg{a}"),
        ],
    );
    check(
        Dialect::ClickHouse,
        &[("quantile(0.9)(a)", "quantile{0.9 a}")],
    );
}

#[test]
fn windows_are_written_out() {
    check(
        Dialect::Postgres,
        &[
            (
                "row_number() OVER (PARTITION BY a ORDER BY b DESC NULLS LAST)",
                "row_number{} over {by a; order b desc nulls last}",
            ),
            ("sum(a) OVER ()", "sum{a} over {}"),
            (
                "sum(a) OVER (ORDER BY b rows unbounded preceding)",
                "sum{a} over {order b; ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW}",
            ),
            (
                "sum(a) OVER (ORDER BY b RANGE BETWEEN INTERVAL '1 day' PRECEDING AND 1 FOLLOWING)",
                "sum{a} over {order b; RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND 1 FOLLOWING}",
            ),
            (
                "sum(a) OVER (ORDER BY b ROWS hole_1 PRECEDING)",
                "?unsupported[a b]",
            ),
            ("sum(a) OVER w", "sum{a} over {by b; order c}"),
            (
                "sum(a) OVER v",
                "sum{a} over {by b; order c; ROWS BETWEEN 1 PRECEDING AND CURRENT ROW}",
            ),
            ("sum(a) OVER (w)", "sum{a} over {by b; order c}"),
            ("sum(a) OVER nowhere", "?unsupported[a]"),
            ("lag(a, 1) OVER (ORDER BY b)", "lag{a} over {order b}"),
            (
                "lag(a, 2, NULL) OVER (ORDER BY b)",
                "lag{a 2} over {order b}",
            ),
            (
                "count(*) FILTER (WHERE a) OVER (ORDER BY b)",
                "count{; where a} over {order b}",
            ),
        ],
    );
    let expected = "last_value{a} over {order b; ignore nulls}";
    for (sql, dialect) in [
        (
            "LAST_VALUE(a IGNORE NULLS) OVER (ORDER BY b)",
            Dialect::BigQuery,
        ),
        (
            "LAST_VALUE(a) IGNORE NULLS OVER (ORDER BY b)",
            Dialect::Snowflake,
        ),
        ("last_value(a, true) OVER (ORDER BY b)", Dialect::Spark),
    ] {
        assert_eq!(meaning(sql, dialect), expected);
    }
}

fn table(sql: &str, dialect: Dialect) -> String {
    let Expr::Function(function) = parsed(sql, dialect) else {
        panic!("{sql} is no call");
    };
    let FunctionArguments::List(list) = &function.args else {
        panic!("{sql} has no arguments");
    };
    let call = table_function(&mut Columns::new(dialect), &function.name, &list.args);
    super::printed::printed(&Expression::Call(call))
}

#[test]
fn arguments_with_names_come_in_one_order() {
    let expected = "flatten[a named['outer' true] named['path' 'b']]";
    for sql in [
        "FLATTEN(input => a, path => 'b', outer => true)",
        "FLATTEN(OUTER => TRUE, PATH => 'b', INPUT => a)",
    ] {
        assert_eq!(table(sql, Dialect::Snowflake), expected);
    }
    assert_eq!(
        table("generate_series(1, a)", Dialect::Postgres),
        "generate_series[1 a]"
    );
}

#[test]
fn a_sort_key_says_what_is_written() {
    let key = |sql: &str| {
        let mut parser = Parser::new(Dialect::Postgres.parser())
            .try_with_sql(sql)
            .unwrap();
        let written = parser.parse_order_by_expr().unwrap();
        let key = sort_key(&mut Columns::new(Dialect::Postgres), &written);
        let value = super::printed::printed(&key.value);
        (value, key.descending, key.nulls_first)
    };
    assert_eq!(key("a"), ("a".to_owned(), false, None));
    assert_eq!(
        key("a + 1 DESC NULLS LAST"),
        ("(+ a 1)".to_owned(), true, Some(false))
    );
    assert_eq!(key("a USING >"), ("a".to_owned(), true, None));
}
