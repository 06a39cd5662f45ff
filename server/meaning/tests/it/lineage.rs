//! Lineage, a line for each column: what it is computed from, how, and what decides its rows.

use crate::support::{SHOP, one};
use meaning::lineage::{Confidence, Lineage, TableColumn, lineage};
use sql::Dialect;
use sql::lower::{Catalog, NoCatalog};

fn of(text: &str, dialect: Dialect, catalog: &dyn Catalog) -> Lineage {
    let lowered = one(text, dialect, catalog);
    lineage(&lowered.query, &|relation, position| {
        lowered.places.is_by_macro(relation, position)
    })
}

fn told(lineage: &Lineage) -> String {
    let place = |column: &TableColumn| format!("{}.{}", column.table, column.column);
    let mut lines: Vec<String> = lineage
        .columns
        .iter()
        .map(|column| {
            let name = column.name.as_ref().map_or("?", |name| name.as_str());
            let sources = column.sources.iter().map(|edge| {
                let sure = match edge.confidence {
                    Confidence::Exact => "",
                    Confidence::Macro => "~",
                    Confidence::Unknown => "?",
                };
                format!("{}{sure}", place(&edge.from))
            });
            let sources = sources.collect::<Vec<_>>().join(" ");
            let kind = format!("{:?}", column.kind).to_lowercase();
            let rows = column.rows.iter().map(place).collect::<Vec<_>>().join(" ");
            let rows = if rows.is_empty() {
                String::new()
            } else {
                format!(" / {rows}")
            };
            format!("{name} <- {sources} ({kind}){rows}")
        })
        .collect();
    if lineage.open {
        lines.push("...".to_owned());
    }
    let rows = lineage.rows.iter().map(place).collect::<Vec<_>>().join(" ");
    lines.push(format!("rows: {rows}"));
    lines.join("\n")
}

/// Checks the lineage of the only statement of `text`, in the generic dialect.
#[track_caller]
pub(crate) fn check(text: &str, expected: &str) {
    check_in(Dialect::Generic, text, expected);
}

/// Checks the lineage of the only statement of `text`.
#[track_caller]
pub(crate) fn check_in(dialect: Dialect, text: &str, expected: &str) {
    let expected: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    let actual = told(&of(text, dialect, &SHOP));
    let actual: Vec<&str> = actual.lines().map(str::trim).collect();
    assert_eq!(actual, expected, "{text}");
}

#[test]
fn values_and_rows_are_kept_apart() {
    check(
        "select id, quantity * unit_price as amount, status as state, 1 as one
         from orders join lines on order_id = id where not is_test",
        "id <- orders.id (unchanged)
         amount <- lines.quantity lines.unit_price (derived)
         state <- orders.status (renamed)
         one <-  (constant)
         rows: lines.order_id orders.id orders.is_test",
    );
}

#[test]
fn ctes_and_subqueries_are_seen_through() {
    check(
        "with kept as (select * from orders where not is_test),
              sums as (select order_id, sum(quantity * unit_price) as total from lines group by 1)
         select kept.id, coalesce(sums.total, 0) as order_amount
         from kept left join sums on sums.order_id = kept.id",
        "id <- orders.id (unchanged) / orders.is_test
         order_amount <- lines.quantity lines.unit_price (aggregated) / lines.order_id
         rows: lines.order_id orders.id orders.is_test",
    );
    check(
        "select a.total from (select sum(quantity) as total from lines where quantity > 1) as a",
        "total <- lines.quantity (aggregated) / lines.quantity
         rows: lines.quantity",
    );
}

#[test]
fn stars_are_written_out() {
    check(
        "select * exclude (status, is_test) rename (id as order_id) from orders",
        "order_id <- orders.id (renamed)
         customer_id <- orders.customer_id (unchanged)
         ordered_at <- orders.ordered_at (unchanged)
         rows:",
    );
    for sql in [
        "select * exclude (c.id, o.customer_id) from orders o join customers c on true",
        "select * except (c.id, o.customer_id) from orders o join customers c on true",
    ] {
        check(
            sql,
            "id <- orders.id (unchanged)
             status <- orders.status (unchanged)
             ordered_at <- orders.ordered_at (unchanged)
             is_test <- orders.is_test (unchanged)
             name <- customers.name (unchanged)
             country <- customers.country (unchanged)
             rows:",
        );
    }
    check_in(
        Dialect::BigQuery,
        "select c.* replace (upper(name) as name) from customers c",
        "id <- customers.id (unchanged)
         name <- customers.name (derived)
         country <- customers.country (unchanged)
         rows:",
    );
}

#[test]
fn columns_behind_a_star_over_an_unknown_table_are_found_by_name() {
    let lineage = of(
        "with raw as (select *, 'x' as origin from elsewhere.things), named as (select * from raw)
         select thing_id, origin from named",
        Dialect::Generic,
        &NoCatalog,
    );
    assert_eq!(
        told(&lineage),
        "thing_id <- elsewhere.things.thing_id (unchanged)\norigin <-  (constant)\nrows: "
    );
    let open = of(
        "select * from elsewhere.things",
        Dialect::Generic,
        &NoCatalog,
    );
    assert_eq!(told(&open), "...\nrows: ");
}

#[test]
fn columns_behind_stars_are_found_in_each_branch_of_a_union() {
    let told_of = |sql| told(&of(sql, Dialect::Generic, &NoCatalog));
    // Both branches read the same query.
    assert_eq!(
        told_of(
            "with calls as (select * from elsewhere.calls),
             both_ways as (
               select c.*, 'in' as way from (select * from calls) c
               union all
               select c.*, 'out' as way from (select * from calls) c
             )
             select hash, way from both_ways"
        ),
        "hash <- elsewhere.calls.hash (unchanged)\nway <-  (constant)\nrows: "
    );
    // One of them lists what stands behind the star of the other.
    assert_eq!(
        told_of("select *, hash from a union all select * from b"),
        "hash <- a.hash b.hash (unchanged)\n...\nrows: "
    );
    // Where there is no other star, it goes by position, and which column stands there is not known.
    assert_eq!(
        told_of("select hash, block from a union all select * from b"),
        "hash <- a.hash (unknown)\nblock <- a.block (unknown)\n...\nrows: "
    );
}

#[test]
fn a_name_that_several_tables_may_have_is_said_to_be_unknown() {
    let lineage = of(
        "select x from a join b on a.id = b.id",
        Dialect::Generic,
        &NoCatalog,
    );
    assert_eq!(told(&lineage), "x <- a.x? b.x? (unknown)\nrows: a.id b.id");
}

#[test]
fn using_makes_one_column_of_two() {
    check(
        "select id, status, name from orders join customers using (id)",
        "id <- orders.id (unchanged)
         status <- orders.status (unchanged)
         name <- customers.name (unchanged)
         rows: customers.id orders.id",
    );
    check(
        "select * from (select id, status from orders) full join (select id, name from customers) using (id)",
        "id <- customers.id orders.id (derived)
         status <- orders.status (unchanged)
         name <- customers.name (unchanged)
         rows: customers.id orders.id",
    );
    check(
        "select id from customers natural join orders",
        "id <- customers.id (unchanged)
         rows: customers.id orders.id",
    );
}

#[test]
fn set_operations_go_by_position() {
    check(
        "select id as key, status as value from orders union all select id, name from customers",
        "key <- customers.id orders.id (renamed)
         value <- customers.name orders.status (derived)
         rows:",
    );
    check(
        "select id from customers except select customer_id from orders",
        "id <- customers.id (unchanged)
         rows: customers.id orders.customer_id",
    );
    check_in(
        Dialect::DuckDb,
        "select id, status from orders union all by name select name as status, id from customers",
        "id <- customers.id orders.id (unchanged)
         status <- customers.name orders.status (derived)
         rows:",
    );
    check_in(
        Dialect::DuckDb,
        "select id, status from orders
         union all by name select name, id from customers
         union all by name select order_id as id, product_id from lines",
        "id <- customers.id lines.order_id orders.id (derived)
         status <- orders.status (derived)
         name <- customers.name (derived)
         product_id <- lines.product_id (derived)
         rows:",
    );
    // What only one branch can have is not asked of the other.
    let lineage = of(
        "select id, note from (select id from orders union all by name select * from elsewhere.notes)",
        Dialect::DuckDb,
        &SHOP,
    );
    assert_eq!(
        told(&lineage),
        "id <- elsewhere.notes.id orders.id (unchanged)\nnote <-  (unknown)\nrows: "
    );
}

#[test]
fn recursion_reads_itself() {
    check(
        "with recursive steps (n, label) as (
           select id, name from customers
           union all
           select n + 1, label from steps where n < 10
         )
         select label, n from steps",
        "label <- customers.name (derived) / customers.id
         n <- customers.id (derived) / customers.id
         rows: customers.id",
    );
}

#[test]
fn subqueries_in_expressions_are_correlated() {
    check(
        "select id, (select sum(quantity) from lines where order_id = orders.id) as items
         from orders where exists (select 1 from customers c where c.id = customer_id)",
        "id <- orders.id (unchanged)
         items <- lines.quantity (aggregated) / lines.order_id orders.id
         rows: customers.id orders.customer_id",
    );
    check(
        "select id from orders where customer_id in (select id from customers where country = 'DE')",
        "id <- orders.id (unchanged)
         rows: customers.country customers.id orders.customer_id",
    );
}

#[test]
fn windows_and_qualify() {
    check_in(
        Dialect::DuckDb,
        "select id, row_number() over w as n from orders
         window w as (partition by customer_id order by ordered_at)
         qualify n = 1",
        "id <- orders.id (unchanged)
         n <- orders.customer_id orders.ordered_at (aggregated)
         rows: orders.customer_id orders.ordered_at",
    );
}

#[test]
fn groups_by_position_alias_and_sets() {
    check(
        "select customer_id, status as state, count(*) as n from orders group by 1, state",
        "customer_id <- orders.customer_id (unchanged)
         state <- orders.status (renamed)
         n <-  (aggregated)
         rows: orders.customer_id orders.status",
    );
    check(
        "select country, count(*) as n from customers group by rollup (country)",
        "country <- customers.country (unchanged)
         n <-  (aggregated)
         rows: customers.country",
    );
}

#[test]
fn lateral_aliases_where_the_dialect_has_them() {
    check_in(
        Dialect::Snowflake,
        "select quantity * unit_price as amount, amount * 2 as twice from lines",
        "amount <- lines.quantity lines.unit_price (derived)
         twice <- lines.quantity lines.unit_price (derived)
         rows:",
    );
    check_in(
        Dialect::Postgres,
        "select quantity as q, q * 2 as twice from lines",
        "q <- lines.quantity (renamed)
         twice <-  (unknown)
         rows:",
    );
}

#[test]
fn a_query_handed_to_a_table_function_is_where_its_columns_come_from() {
    check_in(
        Dialect::Trino,
        "select cast(amount as bigint) as amount, 1 as one
         from table(decode(kind => 'x', input => table(
             select quantity, unit_price from lines where order_id > 0))) as d",
        "amount <- lines.quantity lines.unit_price (derived) / lines.order_id
         one <-  (constant)
         rows: lines.order_id lines.quantity lines.unit_price",
    );
}

#[test]
fn tables_made_by_functions() {
    check_in(
        Dialect::Snowflake,
        "select f.value as item from orders, lateral flatten(input => status) f",
        "item <- orders.status (derived)
         rows: orders.status",
    );
    check_in(
        Dialect::BigQuery,
        "select item from orders cross join unnest(status) as item",
        "item <- orders.status (derived)
         rows: orders.status",
    );
    check_in(
        Dialect::Hive,
        "select item from orders lateral view explode(status) e as item",
        "item <- orders.status (derived)
         rows: orders.status",
    );
}

#[test]
fn pivots_are_grouped_and_unpivots_united() {
    check_in(
        Dialect::Snowflake,
        "select * from (select customer_id, status, id from orders)
         pivot (count(id) for status in ('open', 'paid')) as p (customer_id, opened, paid)",
        "customer_id <- orders.customer_id (unchanged) / orders.customer_id
         opened <- orders.id orders.status (aggregated) / orders.customer_id
         paid <- orders.id orders.status (aggregated) / orders.customer_id
         rows: orders.customer_id",
    );
    check_in(
        Dialect::Snowflake,
        "select order_id, what, how_much from lines
         unpivot (how_much for what in (quantity, unit_price))",
        "order_id <- lines.order_id (unchanged) / lines.quantity lines.unit_price
         what <-  (constant) / lines.quantity lines.unit_price
         how_much <- lines.quantity lines.unit_price (derived) / lines.quantity lines.unit_price
         rows: lines.quantity lines.unit_price",
    );
}

#[test]
fn patterns_over_rows_give_the_rows_that_they_match() {
    check_in(
        Dialect::Trino,
        "select customer_id, id, status from orders
         match_recognize (
           partition by customer_id order by ordered_at
           all rows per match
           pattern (first later+)
           define later as later.status = prev(status)
         )",
        "customer_id <- orders.customer_id (unchanged) / orders.customer_id orders.ordered_at orders.status
         id <- orders.id (unchanged) / orders.customer_id orders.ordered_at orders.status
         status <- orders.status (unchanged) / orders.customer_id orders.ordered_at orders.status
         rows: orders.customer_id orders.ordered_at orders.status",
    );
    check_in(
        Dialect::Snowflake,
        "select * from orders
         match_recognize (
           partition by customer_id order by ordered_at
           measures last(b.id) as last_id, count(*) as n
           one row per match
           pattern (a b+)
           define b as status = 'paid'
         ) as m",
        "customer_id <- orders.customer_id (unchanged) / orders.customer_id orders.ordered_at orders.status
         last_id <- orders.customer_id orders.id orders.ordered_at orders.status (aggregated) / orders.customer_id orders.ordered_at orders.status
         n <- orders.customer_id orders.ordered_at orders.status (aggregated) / orders.customer_id orders.ordered_at orders.status
         rows: orders.customer_id orders.ordered_at orders.status",
    );
    // Rows may come out of it more than once.
    check_in(
        Dialect::Snowflake,
        "select last_id from orders
         match_recognize (
           measures last(id) as last_id
           after match skip to next row
           pattern (a b+)
           define b as status = 'paid'
         )",
        "last_id <- orders.last_id? (unknown)
         rows:",
    );
}

#[test]
fn statements_that_fill_tables() {
    check(
        "create table t as select id as key from orders",
        "key <- orders.id (renamed)
         rows:",
    );
    check(
        "insert into t (a, b) select id, status from orders",
        "a <- orders.id (renamed)
         b <- orders.status (renamed)
         rows:",
    );
    check_in(
        Dialect::Snowflake,
        "merge into t using customers c on t.id = c.id
         when matched then update set name = c.name
         when not matched then insert (id, name) values (c.id, c.name)",
        "name <- customers.name (unchanged)
         id <- customers.id (unchanged)
         ...
         rows: customers.id t.id",
    );
}

#[test]
fn templates_hide_only_what_they_stand_for() {
    check(
        "select id, {{ something() }} as made from {{ ref('orders') }}",
        "id <- orders.id (unchanged)
         made <-  (unknown)
         rows:",
    );
    check(
        "select id from {{ ref('orders') }} where status in {{ list() }}",
        "id <- orders.id (unchanged)
         rows: orders.status",
    );
    // What stands in the other branch may be more columns, or other rows.
    check(
        "select id, {% if a %} status {% else %} ordered_at {% endif %} from orders",
        "id <- orders.id (unchanged)
         status <- orders.status (unchanged)
         ...
         rows:",
    );
}

#[test]
fn a_statement_that_does_not_parse_tells_nothing() {
    let lineage = of("select id from orders where )", Dialect::Generic, &SHOP);
    assert_eq!(told(&lineage), "...\nrows: ");
}

#[test]
fn table_functions_of_whatever_stands_before_them() {
    let functions: Vec<String> = (0..60)
        .map(|number| format!("f{number}(x{number})"))
        .collect();
    let text = format!("select c.name from orders as o, {}", functions.join(", "));
    assert_eq!(of(&text, Dialect::Postgres, &NoCatalog).columns.len(), 1);
}

#[test]
fn ctes_that_each_unite_the_two_before() {
    let mut text =
        "with c0 as (select id, status from orders), c1 as (select * from c0)".to_owned();
    for level in 2..200 {
        text += &format!(
            ", c{level} as (select * from c{} union all select * from c{})",
            level - 1,
            level - 2
        );
    }
    check(
        &(text + " select id, status as s from c199"),
        "id <- orders.id (unchanged)
         s <- orders.status (renamed)
         rows:",
    );
}
