//! Functions of one row that have several names or spell another form.

use super::{check, meaning};
use crate::dialect::Dialect;

#[test]
fn names_that_mean_the_same_become_one() {
    check(
        Dialect::Snowflake,
        &[
            ("NVL(a, b)", "coalesce[a b]"),
            ("IFNULL(a, b)", "coalesce[a b]"),
            ("ZEROIFNULL(a)", "coalesce[a 0]"),
            ("LEN(a)", "length[a]"),
            ("UCASE(a)", "upper[a]"),
            ("CONCAT(a, b, c)", "(|| (|| a b) c)"),
            ("CHARINDEX('x', a)", "position['x' a]"),
            ("MOD(a, 2)", "(% a 2)"),
            ("GREATEST(a, b)", "greatest[a b]"),
            ("GETDATE()", "current_timestamp[]"),
            ("SYSDATE()", "sysdate[]"),
            ("CURRENT_DATE", "current_date[]"),
            ("CURRENT_DATE()", "current_date[]"),
            ("our.udf(a)", "our.udf[a]"),
            ("hole_1(a)", "?template[a]"),
        ],
    );
    assert_eq!(meaning("CONCAT(a, b)", Dialect::Postgres), "concat[a b]");
    assert_eq!(
        meaning("CONCAT(a, b)", Dialect::Generic),
        "concat_by_dialect[a b]"
    );
    assert_eq!(
        meaning("GREATEST(a, b)", Dialect::Postgres),
        "greatest_ignoring_nulls[a b]"
    );
    assert_eq!(
        meaning("GREATEST(a, b)", Dialect::ClickHouse),
        "greatest_by_dialect[a b]"
    );
    assert_eq!(meaning("LENGTH(a)", Dialect::MySql), "octet_length[a]");
    assert_eq!(meaning("CHAR_LENGTH(a)", Dialect::MySql), "length[a]");
    assert_eq!(
        meaning("LTRIM('x', a)", Dialect::Databricks),
        "trim_leading[a 'x']"
    );
    assert_eq!(meaning("LTRIM(a)", Dialect::Databricks), "trim_leading[a]");
    assert_eq!(meaning("LOG(a)", Dialect::BigQuery), "ln[a]");
    assert_eq!(meaning("LOG(a)", Dialect::Postgres), "log10[a]");
    assert_eq!(meaning("LOG(2, a)", Dialect::Postgres), "log[2 a]");
    assert_eq!(meaning("max(a, b)", Dialect::Sqlite), "greatest[a b]");
    assert_eq!(meaning("GETDATE()", Dialect::Redshift), "getdate[]");
    assert_eq!(meaning("SYSDATE", Dialect::Oracle), "sysdate[]");
}

#[test]
fn functions_that_choose_are_cases() {
    check(
        Dialect::Snowflake,
        &[
            ("IFF(a, b, c)", "case {a => b, else c}"),
            ("NVL2(a, b, c)", "case {(not (null? a)) => b, else c}"),
            ("NULLIF(a, b)", "case {(= a b) => NULL, else a}"),
            (
                "DECODE(a, 1, 'x', NULL, 'y', b, 'z', 'w')",
                "case {(= a 1) => 'x', (null? a) => 'y', (same a b) => 'z', else 'w'}",
            ),
            ("DECODE(a, 1, 'x')", "case {(= a 1) => 'x', else NULL}"),
            (
                "DIV0(a, b)",
                "case {(null? a) => NULL, (= b 0) => 0, else (/ a b)}",
            ),
        ],
    );
    check(
        Dialect::BigQuery,
        &[
            ("SAFE_DIVIDE(a, b)", "case {(= b 0) => NULL, else (/ a b)}"),
            ("IF(a, b, c)", "case {a => b, else c}"),
        ],
    );
    check(
        Dialect::SqlServer,
        &[
            ("ISNULL(a, b)", "coalesce[a b]"),
            ("IIF(a = 1, b, c)", "case {(= a 1) => b, else c}"),
        ],
    );
    check(Dialect::MySql, &[("ISNULL(a)", "(null? a)")]);
    check(
        Dialect::ClickHouse,
        &[("multiIf(a, 1, b, 2, 3)", "case {a => 1, b => 2, else 3}")],
    );
    check(
        Dialect::Postgres,
        &[("decode(a, 'hex')", "decode[a 'hex']")],
    );
}

#[test]
fn methods_are_functions_of_the_value() {
    check(
        Dialect::DuckDb,
        &[
            ("a.lower()", "lower[a]"),
            ("t.a.replace('x', b)", "replace[t.a 'x' b]"),
            ("COLUMNS(*)", "?unsupported[a b]"),
        ],
    );
    assert_eq!(meaning("dbo.f(a)", Dialect::SqlServer), "dbo.f[a]");
}

#[test]
fn every_argument_is_lowered_once() {
    for (sql, dialect) in [
        ("DATE_ADD(a, INTERVAL '1-2' YEAR TO MONTH)", Dialect::MySql),
        ("DATE_SUB(a, INTERVAL 1 DAY)", Dialect::MySql),
        ("DATE_TRUNC(a, b)", Dialect::BigQuery),
        ("DECODE(a, 1, 2)", Dialect::Snowflake),
        ("NULLIF(a, 1)", Dialect::Snowflake),
        ("filter(a, 1)", Dialect::Trino),
    ] {
        let mut names = super::Columns::new(dialect);
        super::expression(&mut names, &super::parsed(sql, dialect));
        let of_a = names.mentions.iter().filter(|name| *name == "a");
        assert_eq!(of_a.count(), 1, "{sql}");
    }
}

#[test]
fn units_of_time_come_first_and_are_no_columns() {
    check(
        Dialect::Snowflake,
        &[
            ("DATEADD(day, 1, a)", "date_add['day' 1 a]"),
            ("DATEADD('days', -1, a)", "date_add['day' (neg 1) a]"),
            ("TIMESTAMPADD(hour, 1, a)", "date_add['hour' 1 a]"),
            ("DATEDIFF(month, a, b)", "date_diff['month' a b]"),
            ("DATE_TRUNC('MONTH', a)", "date_trunc['month' a]"),
            ("DATE_TRUNC(month, a)", "date_trunc['month' a]"),
            ("TRUNC(a, 'month')", "date_trunc['month' a]"),
            ("TRUNC(a, 2)", "trunc[a 2]"),
            ("DATE_PART(year, a)", "extract_year[a]"),
            ("YEAR(a)", "extract_year[a]"),
            ("LAST_DAY(a, month)", "last_day[a 'month']"),
            ("DATEADD(hole_1, 1, a)", "date_add[?template[] 1 a]"),
        ],
    );
    check(
        Dialect::BigQuery,
        &[
            ("DATE_ADD(a, INTERVAL 1 DAY)", "date_add['day' 1 a]"),
            (
                "DATE_SUB(a, INTERVAL b MONTH)",
                "date_add['month' (neg b) a]",
            ),
            ("DATE_DIFF(b, a, DAY)", "date_diff['day' a b]"),
            (
                "TIMESTAMP_DIFF(b, a, SECOND)",
                "timestamp_diff['second' a b]",
            ),
            ("DATE_TRUNC(a, MONTH)", "date_trunc['month' a]"),
            (
                "DATE_TRUNC(a, WEEK(MONDAY))",
                "date_trunc['week(monday)' a]",
            ),
            (
                "TIMESTAMP_TRUNC(a, DAY, 'UTC')",
                "date_trunc['day' a 'UTC']",
            ),
        ],
    );
    check(
        Dialect::SqlServer,
        &[
            ("DATEADD(m, 1, a)", "date_add['month' 1 a]"),
            ("DATEPART(yy, a)", "extract_year[a]"),
            ("DATEDIFF(day, a, b)", "date_diff['day' a b]"),
        ],
    );
    check(
        Dialect::MySql,
        &[
            ("DATE_ADD(a, INTERVAL 1 DAY)", "date_add['day' 1 a]"),
            ("DATEDIFF(b, a)", "date_diff_days[a b]"),
            ("TIMESTAMPDIFF(MONTH, a, b)", "timestamp_diff['month' a b]"),
        ],
    );
    check(
        Dialect::Spark,
        &[
            ("date_add(a, 1)", "date_add_days[a 1]"),
            ("date_sub(a, 1)", "date_add_days[a (neg 1)]"),
            ("datediff(b, a)", "date_diff_days[a b]"),
            ("trunc(a, 'MM')", "trunc[a 'MM']"),
        ],
    );
    check(
        Dialect::Trino,
        &[
            ("date_add('day', 1, a)", "date_add['day' 1 a]"),
            ("date_diff('day', a, b)", "date_diff['day' a b]"),
        ],
    );
    check(
        Dialect::DuckDb,
        &[
            ("date_diff('day', a, b)", "date_diff['day' a b]"),
            ("date_sub('day', a, b)", "date_sub['day' a b]"),
        ],
    );
    check(
        Dialect::Postgres,
        &[
            ("date_trunc('week', a)", "date_trunc['week' a]"),
            ("date_trunc(b, a)", "date_trunc[b a]"),
            ("date_part('dow', a)", "extract_dayofweek[a]"),
        ],
    );
}
