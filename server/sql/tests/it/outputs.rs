//! Which columns a statement gives.

use crate::render::{outputs, outputs_in};
use sql::facts::{Origin, Output};

/// Checks a table of SQL and the columns it gives.
fn check(dialect: &str, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, expected)| (text, expected, outputs_in(text, dialect)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(text, expected, found)| format!("{text}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn projections() {
    check(
        "generic",
        &[
            ("select a from t", "a = t.a"),
            (
                "select t.a, u.b c from t join u on t.x = u.x",
                "a = t.a, c = u.b",
            ),
            (
                "select a as b, a + 1 c, (a) as d from t",
                "b = t.a, c, d = t.a",
            ),
            (
                "select \"Group\", t.order from t",
                "Group = t.Group, order = t.order",
            ),
            ("select a, b from t, u", "a = t/u.a, b = t/u.b"),
            (
                "select case when a then b end as c, count(*) as n from t group by 1",
                "c, n",
            ),
            (
                "select current_year, level, current_date as d from t",
                "current_year = t.current_year, level = t.level, d",
            ),
            (
                "select cast((select max(b) from u) * a as int) as c from t",
                "c: int",
            ),
            ("select distinct a from s.t", "a = s.t.a"),
            (
                "select d.s.t.a, s.t.b, t.c from d.s.t",
                "a = d.s.t.a, b = d.s.t.b, c = d.s.t.c",
            ),
            (
                "select cast(a as int) as b, a::varchar(10) c, try_cast(a as date) d from t",
                "b: int, c: varchar(10), d: date",
            ),
            ("select a::int + 1 as b, a + b::int as c from t", "b, c"),
            (
                "select t.limit, t.offset, t.window from t",
                "limit = t.limit, offset = t.offset, window = t.window",
            ),
            ("select 1 as a limit 5", "a"),
            ("select a from t where b in (select c from u)", "a = t.a"),
            (
                "select (select max(b) from u where u.c = t.c) as m from t",
                "m",
            ),
            (
                "select extract(year from a) as y, trim(both ' ' from b) z from t",
                "y, z",
            ),
            ("select a is distinct from b as c from t", "c"),
            (
                "select sum(a) over (partition by b order by c) as s from t",
                "s",
            ),
            ("(select a from t)", "a = t.a"),
            ("select a from t; select b from u;", "a = t.a | b = u.b"),
        ],
    );
}

#[test]
fn expressions_without_a_name() {
    check(
        "generic",
        &[("select a, count(*) from t", "a = t.a, ?Unnamed")],
    );
    check("bigquery", &[("select 1, a from t", "a = t.a, ?Unnamed")]);
    check(
        "postgres",
        &[
            (
                "select count(*), max(a), a::int, lower(a)::text from t",
                "count, max, a: int, lower: text",
            ),
            ("select a + 1 from t", "?Unnamed"),
        ],
    );
}

#[test]
fn stars() {
    check(
        "generic",
        &[
            ("select * from t", "*t"),
            ("select t.*, u.a from t join u using (id)", "*t, a = u.a"),
            ("select * from t join u using (id)", "*t, *u -id"),
            ("select * from t left semi join u on t.a = u.a", "*t"),
            (
                "select * from (select a, b + 1 as c from t) s",
                "a = t.a, c",
            ),
            (
                "select s.* from (select a from t) s join u on true",
                "a = t.a",
            ),
            ("select * from a, b", "*a, *b"),
            ("select * from unnest(x) as y", "?UnknownInput"),
            ("select x.* from t", "?UnknownInput"),
        ],
    );
    check(
        "bigquery",
        &[
            ("select * except (a, b) from t", "*t -a -b"),
            ("select * replace (a + 1 as a) from t", "*t =a"),
            ("select t.* except (a), 1 as a from t", "*t -a, a"),
            (
                "with c as (select a, b from t) select * except (b) from c",
                "a = t.a",
            ),
            (
                "with c as (select * except (a) from t) select * except (b) from c",
                "*t -a -b",
            ),
        ],
    );
    check(
        "snowflake",
        &[
            ("select * exclude a from t", "*t -a"),
            (
                "select * exclude (a, b) rename (c as d) from t",
                "*t -a -b c>d",
            ),
            ("select * rename a as b from t", "*t a>b"),
            (
                "with x as (select * rename a as b from t) select b, a from x",
                "b = t.a, a",
            ),
            (
                "with x as (select a, c from t) select * rename a as b from x",
                "b = t.a, c = t.c",
            ),
        ],
    );
}

#[test]
fn common_table_expressions() {
    check(
        "generic",
        &[
            (
                "with a as (select x from t), b as (select x as y from a) select y from b",
                "y = t.x",
            ),
            ("with a as (select x + 1 as y from t) select * from a", "y"),
            (
                "with a(p, q) as (select x, y from t) select * from a",
                "p = t.x, q = t.y",
            ),
            ("with a(p, q) as (select * from t) select * from a", "p, q"),
            ("with t as (select a from t) select * from t", "a = t.a"),
            (
                "with a as (with b as (select x from t) select * from b) select * from a",
                "x = t.x",
            ),
            (
                "with a as (select x from t) select * from (with a as (select y from u) select * from a) s",
                "y = u.y",
            ),
            (
                "with recursive n as (select 1 as i union all select i + 1 from n) select i from n",
                "i",
            ),
            (
                "with recursive n(i) as (select 1 union all select i + 1 from n) select * from n",
                "i",
            ),
            (
                "with a as (select * from t) select x, b.y from a join u as b on true",
                "x = t/u.x, y = u.y",
            ),
            (
                "with a as (select x from t) select x from a join u on true",
                "x = t.x",
            ),
            ("with a as (select x from t) select a.x.y from a", "y"),
        ],
    );
}

#[test]
fn set_operations() {
    check(
        "generic",
        &[
            ("select a, b from t union all select c, d from u", "a, b"),
            (
                "(select a from t) union (select b from u) order by a limit 1",
                "a",
            ),
            ("select * from t union all select * from u", "*t"),
            (
                "with x as (select a from t union all select b from u) select a from x",
                "a",
            ),
            ("select a from t except select a from u", "a"),
            ("select a from t intersect select a from u", "a"),
        ],
    );
}

#[test]
fn statements_that_define_tables() {
    check(
        "generic",
        &[
            ("create table x as select a from t", "a = t.a"),
            (
                "create or replace view s.x (p, q) as select a, b from t",
                "p = t.a, q = t.b",
            ),
            (
                "create table x (a int not null, b varchar(10) default 'x', primary key (a))",
                "a: int, b: varchar(10)",
            ),
            (
                "create table x (a int, idx text, \"primary\" int, constraint c unique (idx))",
                "a: int, idx: text, primary: int",
            ),
            (
                "create table if not exists x (a decimal(10, 2), b timestamp with time zone)",
                "a: decimal(10, 2), b: timestamp",
            ),
            (
                "create temporary table x (a int) ; insert into x (a) select b from t",
                "a: int | a = t.b",
            ),
            ("insert into x select b from t", "?Unnamed"),
            (
                "with c as (select b from t) insert into x (a) select b from c",
                "a = t.b",
            ),
            (
                "create materialized view v as with c as (select 1 as a) select * from c",
                "a",
            ),
            ("create table x like y", "?UnknownInput"),
            ("create table x (like y)", "?UnknownInput"),
        ],
    );
}

#[test]
fn statements_that_define_nothing() {
    check(
        "generic",
        &[
            ("delete from t where a = 1", ""),
            ("update t set a = 1", ""),
            ("grant select on t to u", ""),
            ("drop table t", ""),
            (
                "merge into t using u on t.a = u.a when matched then delete",
                "",
            ),
            ("insert into t values (1, 2)", "?Unnamed"),
            ("create index i on t (a)", ""),
            ("-- nothing", ""),
            ("", ""),
        ],
    );
}

#[test]
fn tables_that_are_no_tables() {
    check(
        "snowflake",
        &[
            (
                "select f.value as v, t.a from t, lateral flatten(input => t.x) f",
                "v, a = t.a",
            ),
            (
                "select * from t pivot (sum(a) for b in ('x', 'y')) as p",
                "?UnknownInput",
            ),
            ("select * from (values (1, 2)) as v (a, b)", "a, b"),
            ("select a from (values (1, 2)) as v (a, b)", "a"),
        ],
    );
    check(
        "spark",
        &[(
            "select t.a, c from t lateral view explode(x) e as c",
            "a = t.a, c",
        )],
    );
    check(
        "bigquery",
        &[
            ("select x, t.a from t, unnest(t.xs) as x", "x, a = t.a"),
            ("select a.b.c from t as a", "c"),
            ("select t.a from `p.d.t` as t", "a = p.d.t.a"),
            ("select a from p-x.d.t", "a = p-x.d.t.a"),
            ("select as struct a, b from t", "?Unnamed"),
        ],
    );
    check(
        "duckdb",
        &[
            ("from t", "*t"),
            ("from t select a", "a = t.a"),
            ("select a from 'f.csv'", "a"),
        ],
    );
    check(
        "tsql",
        &[
            ("select b = a, top_a = 1 from t", "b = t.a, top_a"),
            ("select top 10 a from t", "a = t.a"),
        ],
    );
}

#[test]
fn templates() {
    check(
        "snowflake",
        &[
            ("select a from {{ ref('x') }}", "a = x.a"),
            ("select x.a from {{ ref('x') }}", "a = x.a"),
            (
                "with s as (select * from {{ source('p', 'q') }}) select a from s",
                "a = p/q.a",
            ),
            (
                "select {{ dbt_utils.star(ref('x')) }} from {{ ref('x') }}",
                "?Template",
            ),
            ("select a, {{ m('b') }} as c from t", "a = t.a, c"),
            ("select a, {{ m('b') }} from t", "a = t.a, ?Template"),
            (
                "select a, b as c {{ more() }} from t",
                "a = t.a, c = t.b, ?Template",
            ),
            ("select a {{ more() }} from t", "?Template"),
            (
                "select a, count(*) as c {{ more() }}, d from t",
                "a = t.a, c, d = t.d, ?Template",
            ),
            (
                "with x as (select a as b {{ more() }} from t) select b from x",
                "b = t.a",
            ),
            (
                "select {{ x }}_amount, a as {{ y }}, b as z_{{ y }} from t",
                "?Template",
            ),
            (
                "select {% for m in ms %} sum(x) as {{ m }}_x, {% endfor %} a from t",
                "a = t.a, ?Template",
            ),
            (
                "select a {% if not x %}, b {% endif %} from t",
                "a = t.a, ?Template",
            ),
            (
                "{% if not x %} select a from t {% else %} select b from t {% endif %}",
                "b = t.b, ?Template",
            ),
            (
                "select a from t {% if is_incremental() %} where b > (select max(b) from {{ this }}) {% endif %}",
                "a = t.a",
            ),
            ("{{ my_macro() }}", "?Template"),
            ("{{ my_config() }}\n{{ my_macro() }}", "?Template"),
            ("with a as ({{ my_macro() }}) select * from a", "?Template"),
            (
                "with a as ({{ my_macro() }}) select x, y + 1 as z from a",
                "x, z",
            ),
            ("select * from {{ x }}", "?Template"),
            ("select '{{ x }}' as a, \"{{ y }}\" from t", "a, ?Template"),
            ("{{ config(a='b') }} select 1 as a", "a"),
            ("{% macro m() %} select 1 as a {% endmacro %}", ""),
            (
                "{% snapshot s %} select a from t {% endsnapshot %}",
                "a = t.a",
            ),
            ("select a as b {{ more() }} from t", "b = t.a, ?Template"),
            ("select a as b\n{{ more() }} from t", "b = t.a, ?Template"),
            ("select a\n{{ more() }}\nfrom t", "a = t.a, ?Template"),
            ("select a {{ more() }}\nfrom t", "?Template"),
            ("select * from t {{ joins() }}", "*t, ?Template"),
            ("select t.a from t {{ joins() }}", "a = t.a"),
            (
                "{% if x %} select * from t {% else %} select * from u {% endif %}",
                "*t, ?Template",
            ),
            ("select * from t as x {{ joins() }}", "*t, ?Template"),
            (
                "select * from t {% if not x %} join u on true {% endif %}",
                "*t, ?Template",
            ),
            (
                "select * from t {% if not x %} where a = 1 {% endif %}",
                "*t",
            ),
            ("select a from t {{ where_clause() }}", "a = t.a"),
        ],
    );
}

#[test]
fn trino() {
    check(
        "trino",
        &[
            ("select json_query(a, 'lax $' omit quotes) as b from t", "b"),
            (
                "select cast(a as array(varchar)) as b from t",
                "b: array(varchar)",
            ),
            (
                "select cast(a as array(row(x int))) as b from t",
                "b: array(row(x int))",
            ),
        ],
    );
}

#[test]
fn half_typed_text() {
    check(
        "postgres",
        &[
            ("select a, b c. from t", "a = t.a, ?Unparsed"),
            ("select a,\nb\nc\nfrom t", "a = t.a, ?Unparsed"),
            ("select a, from t", "a = t.a, ?Unparsed"),
            ("select a, t. from t", "a = t.a, ?Unparsed"),
            (
                "select a, sum(b as c, d from t",
                "a = t.a, c, d = t.d, ?Unparsed",
            ),
            (
                "select a, 'b as c\n, d from t",
                "a = t.a, d = t.d, ?Unparsed",
            ),
            (
                "select a, (select max(b) from u as c, d from t",
                "a, ?Unparsed",
            ),
            (
                "with x as (select a from t, y as (select b from u) select * from y",
                "b = u.b, ?Unparsed",
            ),
            (
                "with x as (select a, from t) select * from x",
                "a = t.a, ?Unparsed",
            ),
            ("select a from t where", "a = t.a, ?Unparsed"),
            ("select a from t join", "a = t.a, ?Unparsed"),
            ("select", "?Unparsed"),
            ("select from t", "?Unparsed"),
            ("sel a from t", ""),
            ("wit x as (select a from t) select a from x", "?Unparsed"),
            (
                "select sum(a) as b\nc as d,\ne from t",
                "b, d = t.c, e = t.e, ?Unparsed",
            ),
            (
                "select a, row_number() over (partition by b order by c, d from t",
                "a = t.a, d = t.d, ?Unparsed",
            ),
            (
                "with x as (select a from t y as (select b from u) select b from y",
                "b = u.b, ?Unparsed",
            ),
            (
                "with x as (select a, max( y as (select b, 1 as n from u) select b, n from y",
                "b = u.b, n, ?Unparsed",
            ),
            (
                "with x a y as (select b from u) select b from y",
                "b = u.b, ?Unparsed",
            ),
            (
                "with y as (select b from u), x a select b from y",
                "b = u.b, ?Unparsed",
            ),
        ],
    );
    assert_eq!(outputs("select a, from {{ ref('x') }}"), "a = x.a");
}

#[test]
fn what_computes_a_column_is_told_of_half_typed_text_too() {
    let computed = |text: &str| {
        let options = sql::Options {
            dialect: sql::Dialect::Postgres,
            ..sql::Options::default()
        };
        let models = sql::analyze(text, &options).facts.models;
        let outputs = models.iter().flat_map(|model| &model.outputs);
        let names = outputs.filter_map(|output| match output {
            Output::Column(column) if column.origin == Origin::Computed => {
                Some(column.name.to_string())
            }
            _ => None,
        });
        names.collect::<Vec<_>>().join(", ")
    };
    for (text, expected) in [
        ("select a, b + 1 as c, (select d) as e from t where", "c, e"),
        (
            "with x as (select a, 1 as c from t) select x.a, x.c from x where",
            "c",
        ),
        ("select a union select b from t where", "a"),
        (
            "select case when a > then 1 else 2 end as c, d as e from t",
            "c",
        ),
        ("select coalesce(a, ) as c, d as e from t", "c"),
        ("select a > 'x' b 'y' as c from t", "c"),
        // What it is of may be a table that is still to be read.
        ("select t.a, f(t.b as c from t", ""),
        ("select a.b, a.c where", ""),
        // A comma may be missing, and the last line is one of its own.
        ("select case when a >\nt.b as b from t", ""),
    ] {
        assert_eq!(computed(text), expected, "{text}");
    }
}
