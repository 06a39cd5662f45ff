//! Go to definition from SQL, and from specs to SQL.

use super::{check, shown};
use crate::fixture::Fixture;
use expect_test::expect;

const SPEC: &str = r#"
=== specs/shop.spec.yaml
product: shop
tables:
  - name: orders
    columns:
      - name: order_id
      - name: amount
  - name: raw.orders
    columns:
      - name: id
"#;

fn with_spec(sql: &str) -> String {
    format!("{SPEC}=== sql/shop.sql\n{sql}\n")
}

#[test]
fn an_output_column_leads_to_its_entry() {
    check(
        &with_spec("create table orders as\nselect id as order_$0id, 1 as amount from raw.orders"),
        expect![[r#"
            sql/shop.sql:2
              select id as order_id, 1 as amount from raw.orders
                           ^^^^^^^^
            -> lines 5..5 of specs/shop.spec.yaml:5
                    - name: order_id
                            ^^^^^^^^
        "#]],
    );
}

#[test]
fn a_column_that_is_read_leads_to_its_entry() {
    check(
        &with_spec(
            "create table orders as\nselect o.i$0d as order_id, 1 as amount from raw.orders o",
        ),
        expect![[r#"
            sql/shop.sql:2
              select o.id as order_id, 1 as amount from raw.orders o
                       ^^
            -> lines 9..9 of specs/shop.spec.yaml:9
                    - name: id
                            ^^
        "#]],
    );
    check(
        &with_spec("create table orders as\nselect 1 as amount from raw.orders o order by o.$0id"),
        expect![[r#"
            sql/shop.sql:2
              select 1 as amount from raw.orders o order by o.id
                                                              ^^
            -> lines 9..9 of specs/shop.spec.yaml:9
                    - name: id
                            ^^
        "#]],
    );
}

#[test]
fn a_column_that_no_spec_describes_leads_to_the_sql() {
    let sql = |upstream: &str, here: &str| {
        with_spec(&format!(
            "create table a as select 1 + 1 as {upstream}x;\ncreate table b as select a.{here}x from a;"
        ))
    };
    check(
        &sql("", "$0"),
        expect![[r#"
        sql/shop.sql:2
          create table b as select a.x from a;
                                     ^
        -> lines 1..1 of sql/shop.sql:1
          create table a as select 1 + 1 as x;
                                            ^
    "#]],
    );
    check(&sql("$0", ""), expect!["nothing\n"]);
}

#[test]
fn a_column_of_a_cte_leads_to_its_projection() {
    check(
        &with_spec(
            "create table a as\nwith base as (\n  select id * 2 as twice from raw.orders\n)\nselect tw$0ice as x from base",
        ),
        expect![[r#"
            sql/shop.sql:5
              select twice as x from base
                     ^^^^^
            -> lines 3..3 of sql/shop.sql:3
                select id * 2 as twice from raw.orders
                       ^^^^^^^^^^^^^^^
        "#]],
    );
}

#[test]
fn a_table_leads_to_what_makes_it_or_else_to_its_entry() {
    check(
        &with_spec("create table orders as select 1 as amount;\nselect amount from or$0ders;"),
        expect![[r#"
            sql/shop.sql:2
              select amount from orders;
                                 ^^^^^^
            -> lines 1..1 of sql/shop.sql:1
              create table orders as select 1 as amount;
                           ^^^^^^
        "#]],
    );
    check(
        &with_spec("select 1 as x from raw.or$0ders"),
        expect![[r#"
        sql/shop.sql:1
          select 1 as x from raw.orders
                             ^^^^^^^^^^
        -> lines 7..9 of specs/shop.spec.yaml:7
            - name: raw.orders
                    ^^^^^^^^^^
    "#]],
    );
    check(
        &with_spec("create table or$0ders as select 1 as amount;"),
        expect![[r#"
            sql/shop.sql:1
              create table orders as select 1 as amount;
                           ^^^^^^
            -> lines 3..6 of specs/shop.spec.yaml:3
                - name: orders
                        ^^^^^^
        "#]],
    );
}

#[test]
fn a_star_leads_to_the_table() {
    check(
        &with_spec("create table a as select 1 as x;\ncreate table b as select $0* from a;"),
        expect![[r#"
            sql/shop.sql:2
              create table b as select * from a;
                                       ^
            -> lines 1..1 of sql/shop.sql:1
              create table a as select 1 as x;
                           ^
        "#]],
    );
}

#[test]
fn an_entry_leads_to_the_projection() {
    let text = |column: &str, sql: &str| {
        format!(
            "=== a.spec.yaml\nproduct: a\ntables:\n  - name: t\n    columns:\n      - name: $0{column}\n=== t.sql\n{sql}\n"
        )
    };
    check(
        &text("x", "create table t as select 1 + 1 as x"),
        expect![[r#"
        a.spec.yaml:5
                - name: x
                        ^
        -> lines 1..1 of t.sql:1
          create table t as select 1 + 1 as x
                                            ^
    "#]],
    );
    check(
        &text(
            "x",
            "create table u as select 1 + 1 as x;\ncreate table t as select * from u;",
        ),
        expect![[r#"
            a.spec.yaml:5
                    - name: x
                            ^
            -> lines 1..1 of t.sql:1
              create table u as select 1 + 1 as x;
                                                ^
        "#]],
    );
    check(
        &text(
            "x",
            "create table t as with c as (select 1 + 1 as x) select * from c;",
        ),
        expect![[r#"
            a.spec.yaml:5
                    - name: x
                            ^
            -> lines 1..1 of t.sql:1
              create table t as with c as (select 1 + 1 as x) select * from c;
                                                           ^
        "#]],
    );
    check(
        &text("y", "create table t as select 1 + 1 as x"),
        expect!["nothing\n"],
    );
}

#[test]
fn a_table_entry_leads_to_its_model() {
    check(
        "=== a.spec.yaml\nproduct: a\ntables:\n  - name: $0t\n=== t.sql\ncreate table t as select 1 as x\n",
        expect![[r#"
            a.spec.yaml:3
                - name: t
                        ^
            -> lines 1..1 of t.sql:1
              create table t as select 1 as x
                           ^
        "#]],
    );
    check(
        "=== a.spec.yaml\nproduct: a\ntables:\n  - name: t\n    model: sql/$0other.sql\n=== sql/other.sql\nselect 1 as x\n",
        expect![[r#"
            a.spec.yaml:4
                  model: sql/other.sql
                         ^^^^^^^^^^^^^
            -> lines 1..1 of sql/other.sql:1
              select 1 as x
              ^^^^^^
        "#]],
    );
}

/// A dbt project: two specs describe `orders`, a seed and a source feed it.
fn project(orders: &str) -> String {
    format!(
        r#"
=== dbt_project.yml
name: shop
=== specs/orders.spec.yaml
product: shop
tables:
  - name: orders
    columns:
      - name: id
=== models/schema.yml
version: 2
models:
  - name: orders
    columns:
      - name: id
sources:
  - name: raw
    tables:
      - name: orders
        columns:
          - name: id
=== seeds/countries.csv
code,name
de,Germany
=== models/stg_orders.sql
select * from {{{{ source('raw', 'orders') }}}}
=== models/orders.sql
{orders}
"#
    )
}

#[test]
fn the_native_entry_goes_before_that_of_dbt() {
    check(
        &project("select $0id from {{ ref('stg_orders') }}"),
        expect![[r#"
        models/orders.sql:1
          select id from {{ ref('stg_orders') }}
                 ^^
        -> lines 5..5 of specs/orders.spec.yaml:5
                - name: id
                        ^^
        -> lines 5..5 of models/schema.yml:5
                - name: id
                        ^^
    "#]],
    );
}

#[test]
fn a_ref_a_source_and_a_seed() {
    check(
        &project("select id from {{ ref('stg_$0orders') }}"),
        expect![[r#"
        models/orders.sql:1
          select id from {{ ref('stg_orders') }}
                         ^^^^^^^^^^^^^^^^^^^^^^^
        -> lines 1..1 of models/stg_orders.sql:1
          select * from {{ source('raw', 'orders') }}
          ^^^^^^
    "#]],
    );
    check(
        &project("select id from {{ source('r$0aw', 'orders') }}"),
        expect![[r#"
        models/orders.sql:1
          select id from {{ source('raw', 'orders') }}
                         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        -> lines 9..11 of models/schema.yml:9
                - name: orders
                        ^^^^^^
    "#]],
    );
    check(
        &project("select code from {{ ref('countr$0ies') }}"),
        expect![[r#"
            models/orders.sql:1
              select code from {{ ref('countries') }}
                               ^^^^^^^^^^^^^^^^^^^^^^
            -> lines 1..1 of seeds/countries.csv:1
              code,name
              ^
        "#]],
    );
    check(
        &project("select id from {{ ref('unk$0nown') }}"),
        expect!["nothing\n"],
    );
}

#[test]
fn a_column_behind_a_star_leads_to_the_source() {
    check(
        &project("select 1 as id from {{ ref('stg_orders') }} s where s.i$0d > 1"),
        expect![[r#"
            models/orders.sql:1
              select 1 as id from {{ ref('stg_orders') }} s where s.id > 1
                                                                    ^^
            -> lines 11..11 of models/schema.yml:11
                        - name: id
                                ^^
        "#]],
    );
}

#[test]
fn lines_that_end_in_crlf_and_an_emoji_before_the_cursor() {
    let text = with_spec(
        "create table orders as\nselect '💰é' as x, o.i$0d as order_id from raw.orders o",
    );
    expect![[r#"
        sql/shop.sql:2
          select '💰é' as x, o.id as order_id from raw.orders o
                              ^^
        -> lines 9..9 of specs/shop.spec.yaml:9
                - name: id
                        ^^
    "#]]
    .assert_eq(&shown(&Fixture::with_crlf(&text)));
}

#[test]
fn half_typed_neighbours_cost_nothing() {
    check(
        r#"
=== a.spec.yaml
product: a
tables:
  - name: t
    columns:
      - name: x
        why: "not closed
      - name: $0y
  - nam
=== t.sql
create table t as
select
    1 + as x,
    2 + 2 as y,
    (3 as z
from somewhere
"#,
        expect![[r#"
            a.spec.yaml:7
                    - name: y
                            ^
            -> lines 4..4 of t.sql:4
                  2 + 2 as y,
                           ^
        "#]],
    );
}

#[test]
fn a_column_in_a_branch_of_a_template() {
    check(
        &project(
            "select 1 as id from {{ ref('stg_orders') }} s\n{% if is_incremental() %}\nwhere s.i$0d > (select max(id) from {{ this }})\n{% endif %}",
        ),
        expect![[r#"
            models/orders.sql:3
              where s.id > (select max(id) from {{ this }})
                      ^^
            -> lines 11..11 of models/schema.yml:11
                        - name: id
                                ^^
        "#]],
    );
}

#[test]
fn a_column_of_a_union_leads_to_its_entry() {
    check(
        &with_spec(
            "create table orders as\nselect 1 as order_id, 2 as amount\nunion all\nselect o.i$0d, 3 from raw.orders o",
        ),
        expect![[r#"
            sql/shop.sql:4
              select o.id, 3 from raw.orders o
                       ^^
            -> lines 9..9 of specs/shop.spec.yaml:9
                    - name: id
                            ^^
        "#]],
    );
}

#[test]
fn a_column_that_two_inputs_have_leads_nowhere() {
    check(
        &with_spec(
            "create table a as select 1 as x;\ncreate table b as select 2 as x;\ncreate table c as select $0x as y from a, b;",
        ),
        expect!["nothing\n"],
    );
}

#[test]
fn a_name_that_only_this_file_knows() {
    let sql = |text: &str| format!("=== a.sql\n{text}\n");
    for (text, expected) in [
        (
            "with base as (select 1 + 1 as x), next as (select * from base)\nselect x$0 from next",
            expect![[r#"
                a.sql:2
                  select x from next
                         ^
                -> lines 1..1 of a.sql:1
                  with base as (select 1 + 1 as x), next as (select * from base)
                                       ^^^^^^^^^^
            "#]],
        ),
        (
            "with a as (select 1 as id), b as (select 2 as id)\nselect a.id from a join b using (id$0)",
            expect![[r#"
                a.sql:2
                  select a.id from a join b using (id)
                                                   ^^
                -> lines 1..1 of a.sql:1
                  with a as (select 1 as id), b as (select 2 as id)
                                    ^^^^^^^
            "#]],
        ),
        (
            "select day(at) as d, count(*) as n from raw.events group by d$0",
            expect![[r#"
                a.sql:1
                  select day(at) as d, count(*) as n from raw.events group by d
                                                                              ^
                -> lines 1..1 of a.sql:1
                  select day(at) as d, count(*) as n from raw.events group by d
                         ^^^^^^^^^^^^
            "#]],
        ),
        (
            "select day(at) as d, count(*) as n from raw.events group by 1 order by n$0",
            expect![[r#"
                a.sql:1
                  select day(at) as d, count(*) as n from raw.events group by 1 order by n
                                                                                         ^
                -> lines 1..1 of a.sql:1
                  select day(at) as d, count(*) as n from raw.events group by 1 order by n
                                       ^^^^^^^^^^^^^
            "#]],
        ),
        (
            "with base as (select 1 as g, 2 + 2 as x)\nselect sum(1) over w as s from base window w as (order by x$0)",
            expect![[r#"
                a.sql:2
                  select sum(1) over w as s from base window w as (order by x)
                                                                            ^
                -> lines 1..1 of a.sql:1
                  with base as (select 1 as g, 2 + 2 as x)
                                                        ^
            "#]],
        ),
        (
            "with base as (select 1 as x)\nselect x from ba$0se",
            expect![[r#"
                a.sql:2
                  select x from base
                                ^^^^
                -> lines 1..1 of a.sql:1
                  with base as (select 1 as x)
                       ^^^^
            "#]],
        ),
        (
            "select o$0.id from raw.orders as o",
            expect![[r#"
                a.sql:1
                  select o.id from raw.orders as o
                         ^
                -> lines 1..1 of a.sql:1
                  select o.id from raw.orders as o
                                                 ^
            "#]],
        ),
        (
            "with base(id, n) as (select 1, 2)\nselect n$0 from base",
            expect![[r#"
                a.sql:2
                  select n from base
                         ^
                -> lines 1..1 of a.sql:1
                  with base(id, n) as (select 1, 2)
                                ^
            "#]],
        ),
    ] {
        check(&sql(text), expected);
    }
}

#[test]
fn of_several_tables_in_one_tag_the_one_under_the_cursor_is_led_to() {
    check(
        "=== dbt_project.yml\nname: shop\n=== models/a.sql\nselect 1 as x\n\
         === models/ab.sql\nselect 2 as x\n=== models/all.sql\nselect x from \
         {{ dbt_utils.union_relations(relations=[ref('a'), ref('a$0b')]) }}\n",
        expect![[r#"
            models/all.sql:1
              select x from {{ dbt_utils.union_relations(relations=[ref('a'), ref('ab')]) }}
                                                                              ^^^^^^^^^
            -> lines 1..1 of models/ab.sql:1
              select 2 as x
              ^^^^^^
        "#]],
    );
}
