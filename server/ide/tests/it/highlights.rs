//! Document highlights: a name that is given is underlined with `=`, a mention with `^`.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&shown(&Fixture::new(text)));
}

fn sql(text: &str, expected: Expect) {
    check(&format!("=== a.sql\n{text}\n"), expected);
}

fn shown(fixture: &Fixture) -> String {
    let found = ide::highlights(&fixture.snapshot, fixture.file, fixture.offset);
    let marks = found.iter().map(|highlight| {
        let sign = if highlight.is_definition { '=' } else { '^' };
        (highlight.range, sign)
    });
    without_indent(&fixture.marked(fixture.file, &marks.collect::<Vec<_>>()))
}

/// `text` without the spaces that all of its lines begin with, as an expected text is written.
fn without_indent(text: &str) -> String {
    let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let least = text.lines().map(spaces).min().unwrap_or_default();
    text.lines()
        .map(|line| format!("{}\n", line.get(least..).unwrap_or_default()))
        .collect()
}

#[test]
fn a_column_through_ctes_that_hand_it_on() {
    sql(
        "with base as (
    select id, quantity * price as amount from raw.lines
),
kept as (select * from base where amount > 0)
select id, sum(amount) as amount, max(kept.amou$0nt) as most
from kept
group by id
having sum(amount) > 1",
        expect![[r#"
                select id, quantity * price as amount from raw.lines
                                               ======
            kept as (select * from base where amount > 0)
                                              ^^^^^^
            select id, sum(amount) as amount, max(kept.amount) as most
                           ^^^^^^                      ^^^^^^
            having sum(amount) > 1
                       ^^^^^^
        "#]],
    );
}

#[test]
fn a_column_of_a_table_and_the_output_that_it_is() {
    sql(
        "select o.id, l.id as line_id
from raw.orders o join raw.lines l on l.order_id = o.i$0d
where o.id > 1
order by id",
        expect![[r#"
            select o.id, l.id as line_id
                     ==
            from raw.orders o join raw.lines l on l.order_id = o.id
                                                                 ^^
            where o.id > 1
                    ^^
            order by id
                     ^^
        "#]],
    );
}

#[test]
fn an_alias_in_group_by_and_order_by() {
    sql(
        "select date_trunc('day', at) as da$0y, count(*) as n
from raw.events
group by day
order by day, n",
        expect![[r#"
            select date_trunc('day', at) as day, count(*) as n
                                            ===
            group by day
                     ^^^
            order by day, n
                     ^^^
        "#]],
    );
}

#[test]
fn another_name_is_another_column() {
    sql(
        "with base as (select customer as who from raw.orders)
select w$0ho as customer from base",
        expect![[r#"
            with base as (select customer as who from raw.orders)
                                             ===
            select who as customer from base
                   ^^^
        "#]],
    );
}

#[test]
fn a_cte_that_shadows_a_table() {
    sql(
        "create table t as
with orders as (select id from orders where status = 'x')
select orders.i$0d from orders where orders.id > 1",
        expect![[r#"
            with orders as (select id from orders where status = 'x')
                                   ==
            select orders.id from orders where orders.id > 1
                          ==                          ^^
        "#]],
    );
    sql(
        "create table t as
with orders as (select id from orders where status = 'x')
select orders.id from orde$0rs where orders.id > 1",
        expect![[r#"
            with orders as (select id from orders where status = 'x')
                 ======
            select orders.id from orders where orders.id > 1
                   ^^^^^^         ^^^^^^       ^^^^^^
        "#]],
    );
}

#[test]
fn the_alias_of_a_table() {
    sql(
        "select o.id, o.* exclude (status), x.n
from raw.orders as o$0
join (select count(*) as n from raw.lines o) x on o.id = x.n",
        expect![[r#"
            select o.id, o.* exclude (status), x.n
                   ^     ^
            from raw.orders as o
                               =
            join (select count(*) as n from raw.lines o) x on o.id = x.n
                                                              ^
        "#]],
    );
}

#[test]
fn a_table_without_an_alias() {
    sql(
        "select orders.id, raw.orders.status from raw.or$0ders
union all
select id, status from raw.orders",
        expect![[r#"
            select orders.id, raw.orders.status from raw.orders
                   ^^^^^^     ^^^^^^^^^^             ^^^^^^^^^^
            select id, status from raw.orders
                                   ^^^^^^^^^^
        "#]],
    );
}

#[test]
fn a_name_in_using_is_that_of_both_sides() {
    sql(
        "with a as (select id, 1 as x from raw.a), b as (select id, 2 as y from raw.b)
select id, a.x, b.y from a join b using (i$0d)",
        expect![[r#"
            with a as (select id, 1 as x from raw.a), b as (select id, 2 as y from raw.b)
                              ==                                   ==
            select id, a.x, b.y from a join b using (id)
                   ==                                ^^
        "#]],
    );
}

#[test]
fn the_order_of_a_union_mentions_the_columns_of_its_first_branch() {
    sql(
        "select id as num, 1 as b from raw.a
union all
select id, num from raw.b
order by b, nu$0m",
        expect![[r#"
            select id as num, 1 as b from raw.a
                         ===
            order by b, num
                        ^^^
        "#]],
    );
}

#[test]
fn a_branch_of_a_union_is_not_the_other_branch() {
    let text = |left: &str, outer: &str| {
        format!(
            "with both as (\n    select {left}id from raw.a\n    union all\n    select id from raw.b\n)\nselect {outer}id from both"
        )
    };
    sql(
        &text("$0", ""),
        expect![[r#"
                select id from raw.a
                       ==
            select id from both
                   ==
        "#]],
    );
    sql(
        &text("", "$0"),
        expect![[r#"
                select id from raw.a
                       ==
                select id from raw.b
                       ==
            select id from both
                   ==
        "#]],
    );
}

#[test]
fn columns_that_a_cte_names_in_a_list() {
    sql(
        "with recursive tree(node, depth) as (
    select id, 0 from raw.nodes
    union all
    select n.id, tree.depth + 1 from raw.nodes n join tree on n.parent = tree.node
)
select dep$0th from tree",
        expect![[r#"
            with recursive tree(node, depth) as (
                                      =====
                select n.id, tree.depth + 1 from raw.nodes n join tree on n.parent = tree.node
                                  ^^^^^
            select depth from tree
                   =====
        "#]],
    );
    sql(
        "select t.a$0 from (values (1, 2)) as t(a, b) where a > b",
        expect![[r#"
            select t.a from (values (1, 2)) as t(a, b) where a > b
                     =                           ^           ^
        "#]],
    );
}

#[test]
fn columns_that_a_star_leaves_out_renames_and_replaces() {
    sql(
        "with base as (select 1 as a, 2 as b, 3 as c)
select * exclude (a$0) from base",
        expect![[r#"
            with base as (select 1 as a, 2 as b, 3 as c)
                                      =
            select * exclude (a) from base
                              ^
        "#]],
    );
    sql(
        "create table t as
with base as (select 1 as a, 2 as b), next as (select * replace (a + 1 as b) from base)
select b$0 from next",
        expect![[r#"
            with base as (select 1 as a, 2 as b), next as (select * replace (a + 1 as b) from base)
                                                                                      =
            select b from next
                   =
        "#]],
    );
}

#[test]
fn a_subquery_sees_the_columns_around_it() {
    sql(
        "select (select max(l.at) from raw.lines l where l.order_id = o.i$0d) as last, o.id
from raw.orders o
where exists (select 1 from raw.lines l where l.order_id = o.id)",
        expect![[r#"
            select (select max(l.at) from raw.lines l where l.order_id = o.id) as last, o.id
                                                                           ^^             ==
            where exists (select 1 from raw.lines l where l.order_id = o.id)
                                                                         ^^
        "#]],
    );
}

#[test]
fn a_window_that_has_a_name() {
    sql(
        "with base as (select 1 as g, 2 as x)
select sum(x) over w as s from base window w as (partition by g$0)",
        expect![[r#"
            with base as (select 1 as g, 2 as x)
                                      =
            select sum(x) over w as s from base window w as (partition by g)
                                                                          ^
        "#]],
    );
}

#[test]
fn statements_of_one_file() {
    sql(
        "create table a as select 1 + 1 as x;
create table b as select a.x$0, a.x + 1 as y from a;
select x from b;",
        expect![[r#"
            create table a as select 1 + 1 as x;
                                              =
            create table b as select a.x, a.x + 1 as y from a;
                                       =    ^
            select x from b;
                   =
        "#]],
    );
    sql(
        "create table a as select 1 + 1 as x;
create table b as select a.x from a$0;",
        expect![[r#"
            create table a as select 1 + 1 as x;
                         =
            create table b as select a.x from a;
                                     ^        ^
        "#]],
    );
}

#[test]
fn a_statement_that_is_half_typed() {
    sql(
        "with base as (
    select x * 2 as twice, from raw.t
)
select twice, sum(, twi$0ce as t from base where twice > 1",
        expect![[r#"
                select x * 2 as twice, from raw.t
                                =====
            select twice, sum(, twice as t from base where twice > 1
                   ^^^^^        ^^^^^                      ^^^^^
        "#]],
    );
    sql("select 1 as x$0x yy", expect![""]);
}

/// A dbt project with one model.
fn model(text: &str) -> String {
    format!(
        "=== dbt_project.yml\nname: shop\n=== models/a.sql\nselect 1 as id, 2 as n\n=== models/b.sql\n{text}\n"
    )
}

#[test]
fn jinja() {
    check(
        &model(
            "{{ config(materialized='incremental') }}
with base as (select * from {{ ref('a') }})
select
    id,
    {% for k in ['x', 'y'] %}
    sum(case when n = '{{ k }}' then n$0 end) as n_{{ k }},
    {% endfor %}
    max(n) as most
from base
{% if is_incremental() %}
where n > (select max(most) from {{ this }})
{% endif %}
group by id",
        ),
        expect![[r#"
                sum(case when n = '{{ k }}' then n end) as n_{{ k }},
                              ^                  ^
                max(n) as most
                    ^
            where n > (select max(most) from {{ this }})
                  ^
        "#]],
    );
    check(
        &model("select a.id from {{ ref('a$0') }} a join {{ ref('a') }} b on a.id = b.id"),
        expect![[r#"
            select a.id from {{ ref('a') }} a join {{ ref('a') }} b on a.id = b.id
                             ^^^^^^^^^^^^^^        ^^^^^^^^^^^^^^
        "#]],
    );
}

#[test]
fn tabs_an_emoji_and_crlf() {
    let text = "=== a.sql\nselect\t'💰é' as \"Größe\",\n\to.id\nfrom raw.orders o\nwhere o.i$0d > 1\norder by \"Größe\"\n";
    expect![[r#"
        	o.id
        	  ==
        where o.id > 1
                ^^
    "#]]
    .assert_eq(&shown(&Fixture::with_crlf(text)));
    check(
        &text
            .replace("$0", "")
            .replace("order by \"Gr", "order by \"G$0r"),
        expect![[r#"
            select	'💰é' as "Größe",
                  	        =======
            order by "Größe"
                     ^^^^^^^
        "#]],
    );
}

#[test]
fn a_column_in_a_spec() {
    check(
        "=== a.spec.yaml
product: a
tables:
  - name: t
    grain: [id]
    columns:
      - name: i$0d
amendments:
  - id: 1
    requirement: x
    changes: [t.id, t]
    guarantees: [t.id is unique]
=== t.sql
select 1 as id
",
        expect![[r#"
                grain: [id]
                        ^^
                  - name: id
                          ==
                changes: [t.id, t]
                            ^^
                guarantees: [t.id is unique]
                               ^^
        "#]],
    );
}

#[test]
fn where_nothing_has_a_name() {
    for text in ["sel$0ect 1 as x", "select 1$0 as x", "select 1 as x -- x$0"] {
        sql(text, expect![[""]]);
    }
}

#[test]
fn a_macro_where_it_is_defined_and_called() {
    check(
        "
=== dbt_project.yml
name: shop
=== macros/m.sql
{% macro cents(column) %}{{ column }} / 100{% endmacro %}
{% macro twice(column) %}{{ cen$0ts(column) }} * 2 -- {{ cents(column) }}{% endmacro %}
{% macro other(cents) %}{{ cents }}{{ shop.cents(1) }}{% endmacro %}
",
        expect![[r#"
            {% macro cents(column) %}{{ column }} / 100{% endmacro %}
                     =====
            {% macro twice(column) %}{{ cents(column) }} * 2 -- {{ cents(column) }}{% endmacro %}
                                        ^^^^^
            {% macro other(cents) %}{{ cents }}{{ shop.cents(1) }}{% endmacro %}
                                                  ^^^^^^^^^^
        "#]],
    );
}
