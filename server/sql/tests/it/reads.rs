//! Which columns a statement mentions, and where these come from.

use crate::render::reads_in;

/// Checks a table of SQL and what its mentions lead to.
fn check(dialect: &str, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(reads_in(text, dialect), *expected, "{text}");
    }
}

#[test]
fn every_clause_counts() {
    check(
        "generic",
        &[
            ("select a from t", "a>t.a"),
            (
                "select a + b as c from t where d > 1 order by e",
                "a>t.a, b>t.b, d>t.d, e>t.e",
            ),
            (
                "select t.a from t join u on t.x = u.y",
                "a>t.a, x>t.x, y>u.y",
            ),
            (
                "select a as b from t group by a having max(c) > 1",
                "a>t.a, a>t.a, c>t.c",
            ),
            ("select 1 as b from t join u using (id)", "id>t/u.id"),
            ("select a from t, u", "a>t/u.a"),
            (
                "select sum(a) over (partition by b order by c) as s from t",
                "a>t.a, b>t.b, c>t.c",
            ),
            (
                "select a from t where b in (select c from u where u.d = t.e)",
                "a>t.a, b>t.b, c>u/t.c, d>u.d, e>t.e",
            ),
            (
                "select case when a = 'x' then b else c end as d from t",
                "a>t.a, b>t.b, c>t.c",
            ),
            (
                "select a from t where exists (select 1 from u where x = 1)",
                "a>t.a, x>u/t.x",
            ),
        ],
    );
}

#[test]
fn mentions_lead_through_common_table_expressions() {
    check(
        "generic",
        &[
            (
                "with c as (select a from t) select a from c",
                "a>t.a, a>t.a",
            ),
            (
                "with c as (select a + 1 as b from t) select b from c",
                "a>t.a, b>[a + 1 as b]",
            ),
            (
                "with c as (select * from t) select c.a, b from c",
                "a>t.a, b>t.b",
            ),
            (
                "with c(x) as (select a from t) select x from c",
                "a>t.a, x>t.a",
            ),
            ("select s.b from (select a as b from t) s", "b>t.a, a>t.a"),
        ],
    );
}

#[test]
fn names_of_the_projection_can_be_mentioned() {
    check(
        "snowflake",
        &[
            (
                "select a + 1 as b from t order by b",
                "a>t.a, b>[a + 1 as b]",
            ),
            (
                "select a + 1 as b, b + 1 as c from t",
                "a>t.a, b>[a + 1 as b]",
            ),
            (
                "select coalesce(a, 0) as a, a + 1 as c from t",
                "a>t.a, a>t.a",
            ),
            (
                "select date_trunc('month', d) as m, count(*) as n from t group by m",
                "d>t.d, m>[date_trunc('month', d) as m]",
            ),
        ],
    );
}

#[test]
fn what_is_no_column_leads_nowhere() {
    check(
        "snowflake",
        &[
            (
                "select date_trunc(month, a) as m, dateadd(day, 1, b) as n from t",
                "a>t.a, b>t.b",
            ),
            (
                "select current_date as a, current_timestamp() as b from t",
                "",
            ),
            (
                "select f.value as a from t, lateral flatten(input => t.x) f",
                "x>t.x",
            ),
            ("select {{ x }} as a from t", ""),
            ("select {{ x }}.a as b from t", ""),
            ("select a from {{ x }}", ""),
            ("select x.a as b from (select {{ m() }} from t) x", ""),
            ("select null as a, true as b from t", ""),
        ],
    );
    check(
        "databricks",
        &[(
            "select transform(a, x -> x + b) as c from t",
            "a>t.a, b>t.b",
        )],
    );
}
