//! Operators, predicates, constants, casts, ways into values.

use super::{check, meaning};
use crate::dialect::Dialect;

#[test]
fn predicates_are_written_in_one_form() {
    check(
        Dialect::Postgres,
        &[
            ("a BETWEEN 1 AND 2", "(and (>= a 1) (<= a 2))"),
            ("a NOT BETWEEN 1 AND 2", "(not (and (>= a 1) (<= a 2)))"),
            ("a IN (1, 2)", "(in a 1 2)"),
            ("a NOT IN (1)", "(not (in a 1))"),
            ("a IN (SELECT 1)", "query 1 {in a}"),
            ("(a, b) IN (SELECT 1, 2)", "query 1 {in a b}"),
            ("a = ANY (SELECT 1)", "query 1 {in a}"),
            ("a <> ALL (SELECT 1)", "(not query 1 {in a})"),
            ("a > ALL (SELECT 1)", "query 1 {all > a}"),
            ("a = ANY (ARRAY[1, 2])", "(in a 1 2)"),
            ("a = ANY (b)", "any_equal[a b]"),
            ("NOT EXISTS (SELECT 1)", "(not query 1 {exists})"),
            ("a IS NOT NULL", "(not (null? a))"),
            ("a IS UNKNOWN", "(null? a)"),
            ("a IS NOT TRUE", "(not (true? a))"),
            ("a IS FALSE", "(false? a)"),
            ("a IS DISTINCT FROM b", "(not (same a b))"),
            ("a IS NOT DISTINCT FROM b", "(same a b)"),
            ("a LIKE 'x%'", "(like a 'x%')"),
            ("a NOT ILIKE 'x%'", "(not (ilike a 'x%'))"),
            ("a ~~ 'x%'", "(like a 'x%')"),
            ("a LIKE 'x!%' ESCAPE '!'", "like_escape[a 'x!%' '!']"),
            ("a SIMILAR TO 'x'", "similar_to[a 'x']"),
            ("a !~ 'x'", "(not regexp_like[a 'x'])"),
            ("a AND b AND (c AND d)", "(and a b c d)"),
            ("a OR b AND c", "(or a (and b c))"),
        ],
    );
    check(
        Dialect::Snowflake,
        &[
            ("a LIKE ANY ('x', 'y')", "(or (like a 'x') (like a 'y'))"),
            ("a LIKE ANY ('x')", "(like a 'x')"),
            ("a RLIKE 'x'", "regexp_like[a 'x']"),
            ("EQUAL_NULL(a, b)", "(same a b)"),
        ],
    );
    check(Dialect::MySql, &[("a <=> b", "(same a b)")]);
    check(
        Dialect::BigQuery,
        &[("a IN UNNEST(b)", "any_equal[a b]"), ("a != b", "(<> a b)")],
    );
}

#[test]
fn operators_mean_what_the_dialect_says() {
    assert_eq!(meaning("a || b", Dialect::Postgres), "(|| a b)");
    assert_eq!(meaning("a || b", Dialect::Oracle), "concat_by_dialect[a b]");
    assert_eq!(meaning("a || b", Dialect::MySql), "||[a b]");
    assert_eq!(meaning("a ^ b", Dialect::Postgres), "power[a b]");
    assert_eq!(meaning("a ^ b", Dialect::BigQuery), "bitxor[a b]");
    assert_eq!(meaning("a <=> b", Dialect::Postgres), "<=>[a b]");
    assert_eq!(meaning("a DIV b", Dialect::MySql), "integer_divide[a b]");
    assert_eq!(meaning("- a * + 2", Dialect::Generic), "(* (neg a) 2)");
    assert_eq!(meaning("a % 2", Dialect::Generic), "(% a 2)");
    assert_eq!(meaning("a @> b", Dialect::Postgres), "@>[a b]");
    assert_eq!(meaning("a - b - c", Dialect::Generic), "(- (- a b) c)");
}

#[test]
fn a_case_is_searched_and_has_an_else() {
    check(
        Dialect::Generic,
        &[
            (
                "CASE a WHEN 1 THEN 'x' WHEN b THEN 'y' END",
                "case {(= a 1) => 'x', (= a b) => 'y', else NULL}",
            ),
            ("CASE WHEN a THEN b ELSE c END", "case {a => b, else c}"),
        ],
    );
}

#[test]
fn constants_lose_their_spelling() {
    check(
        Dialect::Postgres,
        &[
            ("1.50", "1.50"),
            ("'it''s'", "'it's'"),
            ("E'a\\tb'", "'a\tb'"),
            ("$$a'b$$", "'a'b'"),
            ("N'x'", "'x'"),
            ("X'ff'", "<X'FF'>"),
            ("NULL", "NULL"),
            ("TRUE", "true"),
            ("$1", "?unsupported[]"),
            ("INTERVAL '1 day'", "<INTERVAL '1' DAY>"),
            ("INTERVAL '3 months'", "<INTERVAL '3' MONTH>"),
            ("INTERVAL '1 day 2 hours'", "<INTERVAL '1 DAY 2 HOURS'>"),
            ("INTERVAL '1' YEAR", "<INTERVAL '1' YEAR>"),
            (
                "INTERVAL '1-2' YEAR TO MONTH",
                "<INTERVAL '1-2' YEAR TO MONTH>",
            ),
        ],
    );
    check(
        Dialect::BigQuery,
        &[
            ("interval 1 day", "<INTERVAL '1' DAY>"),
            ("INTERVAL -1 DAY", "<INTERVAL '-1' DAY>"),
            ("INTERVAL a DAY", "interval[a 'day']"),
            ("\"x\"", "'x'"),
            ("r'a\\b'", "'a\\b'"),
            ("b'x'", "<B'x'>"),
        ],
    );
}

#[test]
fn casts_of_every_spelling_are_casts() {
    check(
        Dialect::Snowflake,
        &[
            ("a::varchar(10)", "cast[a VARCHAR(10)]"),
            ("CAST(a AS STRING)", "cast[a TEXT]"),
            ("TRY_CAST(a AS DATE)", "try_cast[a DATE]"),
            ("a::int", "cast[a DECIMAL(38,0)]"),
            ("a::hole_1", "?template[a]"),
            ("DATE '2024-01-01'", "cast['2024-01-01' DATE]"),
            ("TO_VARCHAR(a)", "cast[a TEXT]"),
            ("TO_CHAR(a, 'YYYY')", "to_char[a 'YYYY']"),
            ("TO_DATE(a)", "cast[a DATE]"),
            ("TO_DATE(a, 'YYYY')", "to_date[a 'YYYY']"),
        ],
    );
    check(
        Dialect::BigQuery,
        &[
            ("SAFE_CAST(a AS INT64)", "try_cast[a BIGINT]"),
            ("DATE(a)", "cast[a DATE]"),
            ("DATE(a, 'UTC')", "date[a 'UTC']"),
            (
                "CAST(a AS STRING FORMAT 'YYYY')",
                "cast_with_format[a 'TEXT' 'YYYY']",
            ),
        ],
    );
    check(
        Dialect::SqlServer,
        &[
            ("CONVERT(NVARCHAR(10), a)", "cast[a VARCHAR(10)]"),
            ("TRY_CONVERT(DATE, a)", "try_cast[a DATE]"),
            ("CONVERT(DATE, a, 101)", "convert_with_style[a 'DATE' 101]"),
        ],
    );
    check(
        Dialect::MySql,
        &[
            ("CONVERT(a, CHAR(3))", "cast[a VARCHAR(3)]"),
            ("CONVERT(a USING utf8mb4)", "convert_charset[a 'utf8mb4']"),
        ],
    );
}

#[test]
fn ways_into_a_value_are_fields_and_elements() {
    check(
        Dialect::Snowflake,
        &[
            ("a:b.c", "field[field[a 'b'] 'c']"),
            (
                "a:b[0].c::int",
                "cast[field[element[field[a 'b'] 0] 'c'] DECIMAL(38,0)]",
            ),
            ("a['b']", "field[a 'b']"),
            ("GET(a, 'b')", "field[a 'b']"),
            ("GET_PATH(a, 'b.c')", "field[field[a 'b'] 'c']"),
            ("GET_PATH(a, 'b[0]')", "get_path[a 'b[0]']"),
        ],
    );
    check(
        Dialect::Postgres,
        &[
            ("a -> 'b' ->> 'c'", "field_as_text[field[a 'b'] 'c']"),
            ("a -> 0", "element[a 0]"),
            ("a #>> '{b,c}'", "#>>[a '{b,c}']"),
            ("a[1]", "element[a 1]"),
            ("a[1:2]", "slice[a 1 2]"),
            ("(a).b", "field[a 'b']"),
        ],
    );
    check(
        Dialect::BigQuery,
        &[
            ("a[OFFSET(0)]", "element[a 0]"),
            ("a[SAFE_ORDINAL(1)]", "element_from_one_or_null[a 1]"),
            ("t.a[0].c", "field[element[t.a 0] 'c']"),
            ("f(a).b", "field[f[a] 'b']"),
        ],
    );
    check(
        Dialect::MySql,
        &[
            ("a -> '$.b'", "json_extract[a '$.b']"),
            ("a ->> '$.b'", "json_extract_as_text[a '$.b']"),
        ],
    );
}

#[test]
fn values_are_built_by_calls() {
    check(
        Dialect::BigQuery,
        &[
            ("[1, 2]", "array[1 2]"),
            (
                "STRUCT(1 AS x, a, t.b)",
                "struct[named['x' 1] named['a' a] named['b' t.b]]",
            ),
            ("STRUCT<x INT64>(a)", "struct[named['x' cast[a BIGINT]]]"),
            ("ARRAY(SELECT 1)", "query 1 {array}"),
        ],
    );
    check(
        Dialect::DuckDb,
        &[
            ("{'x': a}", "struct[named['x' a]]"),
            ("struct_pack(x := a)", "struct[named['x' a]]"),
            ("MAP {'x': a}", "map['x' a]"),
            ("[a, b]", "array[a b]"),
            ("list_value(a, b)", "array[a b]"),
        ],
    );
    check(Dialect::Generic, &[("(a, b)", "tuple[a b]")]);
}

#[test]
fn parameters_of_lambdas_are_no_columns() {
    let expected = "transform[a lambda[1 (+ parameter[0] b)]]";
    for dialect in [Dialect::Databricks, Dialect::Snowflake] {
        assert_eq!(meaning("transform(a, x -> x + b)", dialect), expected);
        assert_eq!(meaning("transform(a, y -> y + b)", dialect), expected);
    }
    check(
        Dialect::Spark,
        &[(
            "transform(a, x -> transform(x, (y, i) -> y + x + i))",
            "transform[a lambda[1 transform[parameter[0] \
             lambda[2 (+ (+ parameter[1] parameter[0]) parameter[2])]]]]",
        )],
    );
    check(
        Dialect::Trino,
        &[
            (
                "filter(a, x -> f(x))",
                "filter[a lambda[1 f[parameter[0]]]]",
            ),
            (
                "filter(a, x -> x > b)",
                "filter[a lambda[1 (> parameter[0] b)]]",
            ),
            (
                "filter(a, x -> x * 2 > b AND x IS NOT NULL)",
                "filter[a lambda[1 (and (> (* parameter[0] 2) b) (not (null? parameter[0])))]]",
            ),
            (
                "filter(a, x -> x IN (1, 2) OR b)",
                "filter[a lambda[1 (or (in parameter[0] 1 2) b)]]",
            ),
            (
                "reduce(a, 0, (s, x) -> s + x > b, s -> s)",
                "reduce[a 0 lambda[2 (> (+ parameter[0] parameter[1]) b)] lambda[1 parameter[0]]]",
            ),
        ],
    );
}

#[test]
fn words_between_arguments_are_gone() {
    check(
        Dialect::Postgres,
        &[
            ("EXTRACT(YEAR FROM a)", "extract_year[a]"),
            ("EXTRACT(dow FROM a)", "extract_dayofweek[a]"),
            ("SUBSTRING(a FROM 2 FOR 3)", "substring[a 2 3]"),
            ("SUBSTRING(a FROM 'x.')", "substring_matching[a 'x.']"),
            ("SUBSTR(a, 2)", "substring[a 2]"),
            ("POSITION('x' IN a)", "position['x' a]"),
            ("STRPOS(a, 'x')", "position['x' a]"),
            ("TRIM(BOTH 'x' FROM a)", "trim[a 'x']"),
            ("TRIM(LEADING 'x' FROM a)", "trim_leading[a 'x']"),
            ("LTRIM(a, 'x')", "trim_leading[a 'x']"),
            ("CEIL(a)", "ceil[a]"),
            ("FLOOR(a)", "floor[a]"),
            ("a AT TIME ZONE 'UTC'", "at_time_zone[a 'UTC']"),
            ("a COLLATE \"C\"", "collate[a 'c']"),
            ("OVERLAY(a PLACING 'x' FROM 1)", "overlay[a 'x' 1]"),
        ],
    );
    check(
        Dialect::BigQuery,
        &[
            ("EXTRACT(DATE FROM a)", "cast[a DATE]"),
            ("EXTRACT(WEEK(MONDAY) FROM a)", "extract_week(monday)[a]"),
            (
                "EXTRACT(YEAR FROM a AT TIME ZONE 'UTC')",
                "extract_year[at_time_zone[a 'UTC']]",
            ),
        ],
    );
}
