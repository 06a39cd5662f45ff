//! Hover in SQL, and what SQL adds to hover in specs.

use super::{check, shown};
use crate::fixture::Fixture;
use expect_test::expect;

/// Plain SQL and a native spec: `orders` is made from `raw.orders` and `raw.order_lines`.
fn shop(orders: &str) -> String {
    format!(
        r#"
=== specs/orders.spec.yaml
product: orders
tables:
  - name: orders
    description: One row for each order.
    columns:
      - name: order_id
        description: Identifies the order.
        why: Joins orders to the rest.
      - name: order_amount
        type: DECIMAL(10,2)
        since: 1
  - name: raw.orders
    description: As the shop delivers them.
    columns:
      - name: customer
        description: Who ordered.
        why: Support calls customers back.
      - name: is_test
        why: Test orders must be told apart.
  - name: raw.order_lines
    columns:
      - name: quantity
        why: Amounts need it.
amendments:
  - id: 1
    author: Finance
    requirement: The total must be on the invoice.
    change: Added it.
    guarantees: orders.order_amount = SUM(order_lines.quantity)
=== sql/orders.sql
{orders}
"#
    )
}

#[test]
fn an_output_column_by_its_alias() {
    check(
        &shop(
            "create table orders as\nselect o.id as order_id, sum(l.quantity) as order_$0amount\nfrom raw.orders o join raw.order_lines l on l.order_id = o.id\ngroup by o.id",
        ),
        expect![[r#"
            sql/orders.sql:2
              select o.id as order_id, sum(l.quantity) as order_amount
                                                          ^^^^^^^^^^^^

            **order_amount** in `orders` · `DECIMAL(10,2)`

            **Why:** asked for by amendment 1 (Finance)
            > The total must be on the invoice.

            **Amendments**
            - **1** (Finance) · in force: Added it.
              - `orders.order_amount = SUM(order_lines.quantity)` · holds

            Aggregated from `raw.order_lines.quantity`. Rows decided by `raw.order_lines.order_id`, `raw.orders.id`.

            **Means** `SUM(order_lines.quantity)`
        "#]],
    );
}

#[test]
fn a_column_that_is_read_in_any_clause() {
    let query = |select: &str, on: &str, filter: &str| {
        shop(&format!(
            "create table orders as\nselect sum(l.{select}quantity) as order_amount\nfrom raw.orders as o\njoin raw.order_lines as l on l.quantity > 0 and {on}not o.is_test\nwhere o.is_{filter}test is not null"
        ))
    };
    for text in [query("$0", "", ""), query("", "", "$0")] {
        let shown = shown(&Fixture::new(&text));
        assert!(shown.contains(" in `raw.order"), "{shown}");
    }
    check(
        &query("", "", "$0"),
        expect![[r#"
        sql/orders.sql:5
          where o.is_test is not null
                  ^^^^^^^

        **is_test** in `raw.orders`

        **Why:** Test orders must be told apart.

        Read by 1 table.
    "#]],
    );
}

#[test]
fn a_column_through_a_cte_that_hands_it_on() {
    check(
        &shop(
            "create table orders as\nwith base as (select customer as who from raw.orders)\nselect count(b.w$0ho) as order_amount from base b",
        ),
        expect![[r#"
            sql/orders.sql:3
              select count(b.who) as order_amount from base b
                             ^^^

            **customer** in `raw.orders`

            Who ordered.

            **Why:** Support calls customers back.

            Read by 1 table.

            `raw.orders.customer` under another name.
        "#]],
    );
}

#[test]
fn a_column_that_a_cte_computes() {
    check(
        &shop(
            "create table orders as\nwith base as (\n    select\n        case\n            when is_test then 0\n            else 1\n        end as weight\n    from raw.orders\n)\nselect sum(wei$0ght) as order_amount from base",
        ),
        expect![[r#"
            sql/orders.sql:10
              select sum(weight) as order_amount from base
                         ^^^^^^

            **weight** in `base` · never null

            ```sql
            case
                when is_test then 0
                else 1
            end as weight
            ```

            Computed from `raw.orders.is_test`.

            **Means** `CASE WHEN orders.is_test THEN 0 ELSE 1 END`
        "#]],
    );
}

#[test]
fn a_column_that_is_handed_on_inherits_its_why() {
    check(
        &shop("create table orders as select o.cust$0omer from raw.orders o"),
        expect![[r#"
            sql/orders.sql:1
              create table orders as select o.customer from raw.orders o
                                              ^^^^^^^^

            **customer** in `orders`

            Who ordered. (from `raw.orders.customer`)

            **Why**, from `raw.orders.customer`: Support calls customers back.

            Unchanged from `raw.orders.customer`.
        "#]],
    );
}

#[test]
fn a_star_names_the_columns() {
    check(
        &shop("create table orders as select $0* from raw.orders"),
        expect![[r#"
            sql/orders.sql:1
              create table orders as select * from raw.orders
                                            ^

            The known columns of `raw.orders`: `customer`, `is_test`
        "#]],
    );
}

#[test]
fn an_unqualified_column_of_a_join() {
    check(
        &shop(
            "create table orders as select 1 as x from raw.orders, raw.order_lines where quan$0tity > 1",
        ),
        expect![[r#"
            sql/orders.sql:1
              create table orders as select 1 as x from raw.orders, raw.order_lines where quantity > 1
                                                                                          ^^^^^^^^

            **quantity** in `raw.order_lines`

            **Why:** Amounts need it.

            **Amendments**
            - **1** (Finance) · in force: The total must be on the invoice.
              - `orders.order_amount = SUM(order_lines.quantity)` · **contradicted**

            Read by 1 table.
        "#]],
    );
}

#[test]
fn a_table_by_its_name() {
    check(
        &shop("create table orders as select 1 as x from raw.ord$0ers"),
        expect![[r#"
            sql/orders.sql:1
              create table orders as select 1 as x from raw.orders
                                                        ^^^^^^^^^^

            **raw.orders**

            As the shop delivers them.

            2 known columns, 2 with a why.

            Read by 1 table: `orders`.
        "#]],
    );
    check(
        &shop("create table ord$0ers as select 1 as x from raw.orders"),
        expect![[r#"
            sql/orders.sql:1
              create table orders as select 1 as x from raw.orders
                           ^^^^^^

            **orders** · model

            One row for each order.

            3 columns, 2 with a why.

            Defined in `sql/orders.sql`.
        "#]],
    );
}

#[test]
fn where_nothing_is_known() {
    for query in [
        "create table orders as sel$0ect 1 as x from raw.orders",
        "create table orders as select 1$01 as x from raw.orders",
        "create table orders as select 'custo$0mer' as x from raw.orders",
        "create table orders as select 1 as x -- custo$0mer\nfrom raw.orders",
        "create table orders as select o.unknow$0n as x from raw.orders o",
        "create table orders as select 1 as x from raw.orders $0 where is_test",
    ] {
        assert_eq!(shown(&Fixture::new(&shop(query))), "nothing\n", "{query}");
    }
}

#[test]
fn lines_that_end_in_crlf_and_an_emoji_before_the_cursor() {
    let text =
        shop("create table orders as\nselect '💰é' as x, o.cust$0omer as who from raw.orders o");
    expect![[r#"
        sql/orders.sql:2
          select '💰é' as x, o.customer as who from raw.orders o
                              ^^^^^^^^

        **customer** in `raw.orders`

        Who ordered.

        **Why:** Support calls customers back.

        Read by 1 table.
    "#]]
    .assert_eq(&shown(&Fixture::with_crlf(&text)));
}

#[test]
fn a_half_typed_neighbour_costs_nothing() {
    check(
        &shop(
            "create table orders as\nselect\n    o.id as order_id,\n    sum(l. as broken,\n    sum(l.quan$0tity) as order_amount\nfrom raw.orders o join raw.order_lines l on l.order_id = o.id",
        ),
        expect![[r#"
            sql/orders.sql:5
                  sum(l.quantity) as order_amount
                        ^^^^^^^^

            **quantity** in `raw.order_lines`

            **Why:** Amounts need it.

            **Amendments**
            - **1** (Finance) · in force: The total must be on the invoice.
              - `orders.order_amount = SUM(order_lines.quantity)` · can't be told from the SQL: something in the SQL is not known

            Read by 1 table.
        "#]],
    );
}

#[test]
fn a_computed_column_shows_its_sql_in_the_spec() {
    check(
        r#"
=== a.spec.yaml
product: a
tables:
  - name: t
    columns:
      - name: $0total
=== t.sql
create table t as
select sum(x.a * x.b) as total from x;
create view v as select total from t;
create view w as select sum(total) as s from t;
"#,
        expect![[r#"
            a.spec.yaml:5
                    - name: total
                            ^^^^^

            **total** in `t` · may be null

            ```sql
            sum(x.a * x.b) as total
            ```

            Aggregated from `x.a`, `x.b`.

            **Means** `SUM(x.a * x.b)`

            Read by 2 tables.
        "#]],
    );
}

#[test]
fn a_code_in_an_ignore_comment() {
    check(
        &shop(
            "-- rationale: ignore undocumented-$0column because it is for the sync\ncreate table orders as select 1 as x",
        ),
        expect![[r#"
            sql/orders.sql:1
              -- rationale: ignore undocumented-column because it is for the sync
                                   ^^^^^^^^^^^^^^^^^^^

            **undocumented-column** · warning by default

            The SQL selects a column that the spec does not describe.

            `rationale explain undocumented-column` tells more.
        "#]],
    );
}

#[test]
fn a_table_that_a_join_reads_twice() {
    check(
        &shop(
            "create table orders as\nselect one.customer as x, other.cust$0omer as y\nfrom raw.orders one join raw.orders other on one.is_test = other.is_test",
        ),
        expect![[r#"
            sql/orders.sql:2
              select one.customer as x, other.customer as y
                                              ^^^^^^^^

            **customer** in `raw.orders`

            Who ordered.

            **Why:** Support calls customers back.

            Read by 1 table.
        "#]],
    );
}

#[test]
fn names_that_only_this_file_knows() {
    let sql = |text: &str| format!("=== a.sql\n{text}\n");
    for (text, expected) in [
        (
            "with base as (select cast(a as date) as day, b from t),\nnext as (select day, coalesce(b, 0) as b from base)\nselect max(b) as most, next.da$0y from next group by day",
            expect![[r#"
                a.sql:3
                  select max(b) as most, next.day from next group by day
                                              ^^^

                **day** in `a` · `DATE`

                Computed from `t.a`. Rows decided by `t.a`.

                **Means** `CAST(t.a AS DATE)`
            "#]],
        ),
        (
            "with base as (select quantity * price as amount from lines)\nselect sum(amo$0unt) as total from base",
            expect![[r#"
                a.sql:2
                  select sum(amount) as total from base
                             ^^^^^^

                **amount** in `base`

                ```sql
                quantity * price as amount
                ```

                Computed from `lines.price`, `lines.quantity`.

                **Means** `lines.price * lines.quantity`
            "#]],
        ),
        (
            "with base as (select quantity * price as amount from lines)\nselect sum(amount) as total from ba$0se",
            expect![[r#"
                a.sql:2
                  select sum(amount) as total from base
                                                   ^^^^

                **base**

                Columns: `amount`
            "#]],
        ),
        (
            "select b.to$0tal from (select count(*) as total from lines) b",
            expect![[r#"
                a.sql:1
                  select b.total from (select count(*) as total from lines) b
                           ^^^^^

                **total** in `a` · `BIGINT` · never null

                Computed over rows, from no column of them.

                **Means** `COUNT(*)`
            "#]],
        ),
        (
            "select id, row_number() over (partition by id order by at) as n from t qualify n$0 = 1",
            expect![[r#"
                a.sql:1
                  select id, row_number() over (partition by id order by at) as n from t qualify n = 1
                                                                                                 ^

                **n** in `a` · never null

                ```sql
                row_number() over (partition by id order by at) as n
                ```

                Aggregated from `t.at`, `t.id`. Rows decided by `t.at`, `t.id`.

                **Means** `ROW_NUMBER() OVER (PARTITION BY t.id ORDER BY t.at)`
            "#]],
        ),
        (
            "create table u as select id from s;\ncreate table t as select u$0.id from u",
            expect![[r#"
                a.sql:2
                  create table t as select u.id from u
                                           ^

                **u** · model

                1 column.

                Defined in `a.sql`. Read by 1 table: `t`.
            "#]],
        ),
        (
            "create table u as select id from s;\ncreate table t as select x.id from u as x$0",
            expect![[r#"
                a.sql:2
                  create table t as select x.id from u as x
                                                          ^

                **u** · model

                1 column.

                Defined in `a.sql`. Read by 1 table: `t`.
            "#]],
        ),
    ] {
        check(&sql(text), expected);
    }
}

/// Where a column comes from is one statement.
#[test]
fn a_column_that_a_model_renames() {
    check(
        &shop("create table orders as\nselect customer as wh$0o from raw.orders"),
        expect![[r#"
            sql/orders.sql:2
              select customer as who from raw.orders
                                 ^^^

            **who** in `orders`

            Who ordered. (from `raw.orders.customer`)

            **Why**, from `raw.orders.customer`: Support calls customers back.

            Unchanged from `raw.orders.customer`, under another name.
        "#]],
    );
}

/// What a column is for is told also where a CTE computes it: there people change it.
#[test]
fn a_column_of_a_cte_that_the_table_hands_out() {
    check(
        &shop(
            "create table orders as\nwith sums as (\n    select customer, count(*) as order_am$0ount from raw.orders group by customer\n), named as (\n    select s.customer, s.order_amount from sums s\n)\nselect * from named",
        ),
        expect![[r#"
            sql/orders.sql:3
                  select customer, count(*) as order_amount from raw.orders group by customer
                                               ^^^^^^^^^^^^

            **order_amount** in `sums` · `BIGINT` · never null

            Becomes `orders.order_amount`.

            **Why:** asked for by amendment 1 (Finance)
            > The total must be on the invoice.

            **Amendments**
            - **1** (Finance) · in force: Added it.
              - `orders.order_amount = SUM(order_lines.quantity)` · can't be told from the SQL: something in the SQL is not known

            Computed over rows, from no column of them.

            **Means** `COUNT(*)`
        "#]],
    );
}
