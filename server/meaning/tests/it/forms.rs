//! The forms in which queries are written, dialect by dialect: what each column is computed from, and
//! what decides the rows.

mod statements;
mod tables;

use crate::lineage::check_in;
use crate::support::{SHOP, one};
use meaning::lineage::{Confidence, TableColumn, lineage};
use sql::Dialect;

/// Checks the columns of the only statement of `text`, `name <- sources` each, and `...` at the end
/// where there are others; a `?` behind a source says that it is not sure.
#[track_caller]
fn gives(dialect: Dialect, text: &str, expected: &[&str]) {
    let lowered = one(text, dialect, &SHOP);
    let lineage = lineage(&lowered.query, &|_, _| false);
    let columns = lineage.columns.iter().map(|column| {
        let name = column.name.as_ref().map_or("?", |name| name.as_str());
        let sources = column.sources.iter().map(|edge| match edge.confidence {
            Confidence::Unknown => format!(" {}?", place(&edge.from)),
            _ => format!(" {}", place(&edge.from)),
        });
        format!("{name} <-{}", sources.collect::<String>())
    });
    let mut columns: Vec<String> = columns.collect();
    if lineage.open {
        columns.push("...".to_owned());
    }
    assert_eq!(columns, expected, "{text}");
}

/// Checks what decides the rows of the only statement of `text`.
#[track_caller]
fn rows(dialect: Dialect, text: &str, expected: &str) {
    let lowered = one(text, dialect, &SHOP);
    let lineage = lineage(&lowered.query, &|_, _| false);
    let rows = lineage.rows.iter().map(place).collect::<Vec<_>>();
    assert_eq!(rows.join(" "), expected, "{text}");
}

fn place(column: &TableColumn) -> String {
    format!("{}.{}", column.table, column.column)
}

const GENERIC: Dialect = Dialect::Generic;

#[test]
fn recursion_in_several_spellings() {
    let expected = &["id <- customers.id", "depth <-"];
    // SQL Server has no word for it.
    gives(
        Dialect::SqlServer,
        "with steps (id, depth) as (
           select id, 1 from customers
           union all
           select steps.id, steps.depth + 1 from steps where steps.depth < 5)
         select id, depth from steps",
        expected,
    );
    gives(
        Dialect::Postgres,
        "with recursive steps as (
           select id, 1 as depth from customers
           union
           select s.id, s.depth + 1 from steps s join orders o on o.customer_id = s.id)
         select id, depth from steps",
        expected,
    );
    // A name that is defined again without recursion is the table outside.
    gives(
        Dialect::Postgres,
        "with customers as (select id, country from customers) select country from customers",
        &["country <- customers.country"],
    );
}

#[test]
fn lateral_and_correlated_subqueries() {
    gives(
        Dialect::Postgres,
        "select o.id, last.quantity from orders o
         cross join lateral (select quantity from lines l where l.order_id = o.id limit 1) last",
        &["id <- orders.id", "quantity <- lines.quantity"],
    );
    rows(
        Dialect::Postgres,
        "select o.id from orders o
         cross join lateral (select quantity from lines l where l.order_id = o.id) last",
        "lines.order_id orders.id",
    );
    gives(
        Dialect::SqlServer,
        "select o.id, l.quantity from orders o
         outer apply (select quantity from lines where order_id = o.id) l",
        &["id <- orders.id", "quantity <- lines.quantity"],
    );
    // A name that only the query around has.
    gives(
        GENERIC,
        "select (select max(unit_price) from lines where order_id = orders.id and is_test) as most
         from orders",
        &["most <- lines.unit_price"],
    );
    // A name that both could have, were more known of either, is the inner one's.
    gives(
        GENERIC,
        "select (select max(x) from a) as most from b",
        &["most <- a.x"],
    );
    gives(
        GENERIC,
        "select (select max(status) from a) as most from orders",
        &["most <- a.status? orders.status?"],
    );
}

#[test]
fn stars_with_changes() {
    let rest = [
        "customer_id <- orders.customer_id",
        "ordered_at <- orders.ordered_at",
    ];
    gives(
        Dialect::BigQuery,
        "select * except (id, status, is_test) from orders",
        &rest,
    );
    gives(
        Dialect::DuckDb,
        "select * exclude (id, status, is_test) from orders",
        &rest,
    );
    gives(
        Dialect::Snowflake,
        "select o.* exclude (id, status, is_test) from orders o",
        &rest,
    );
    gives(
        Dialect::DuckDb,
        "select * replace (upper(country) as name) from customers",
        &[
            "id <- customers.id",
            "name <- customers.country",
            "country <- customers.country",
        ],
    );
    gives(
        Dialect::Snowflake,
        "select * rename (id as key, name as label) from customers",
        &[
            "key <- customers.id",
            "label <- customers.name",
            "country <- customers.country",
        ],
    );
    gives(
        Dialect::Snowflake,
        "select * ilike '%ID' from orders",
        &["id <- orders.id", "customer_id <- orders.customer_id"],
    );
    gives(
        GENERIC,
        "select c.*, o.status from orders o join customers c on c.id = o.customer_id",
        &[
            "id <- customers.id",
            "name <- customers.name",
            "country <- customers.country",
            "status <- orders.status",
        ],
    );
}

#[test]
fn fields_of_a_structure_behind_a_star() {
    gives(
        Dialect::BigQuery,
        "with built as (select id, struct(name as label, country) as about from customers)
         select built.about.*, about.label as again from built",
        &[
            "label <- customers.country customers.name",
            "country <- customers.country customers.name",
            "again <- customers.country customers.name",
        ],
    );
}

#[test]
fn grouping_in_all_its_forms() {
    for by in ["all", "customer_id", "1", "who"] {
        rows(
            Dialect::DuckDb,
            &format!("select customer_id as who, count(*) as n from orders group by {by}"),
            "orders.customer_id",
        );
    }
    for by in [
        "cube (customer_id, status)",
        "rollup (customer_id, status)",
        "grouping sets ((customer_id), (status), ())",
        "customer_id, rollup (status)",
    ] {
        rows(
            GENERIC,
            &format!("select customer_id, status, count(*) as n from orders group by {by}"),
            "orders.customer_id orders.status",
        );
    }
    rows(
        Dialect::Postgres,
        "select distinct on (customer_id) id from orders order by customer_id, ordered_at desc",
        "orders.customer_id orders.ordered_at",
    );
    rows(
        Dialect::Snowflake,
        "select id from orders
         qualify row_number() over (partition by customer_id order by ordered_at) = 1",
        "orders.customer_id orders.ordered_at",
    );
}

#[test]
fn fields_of_structures_and_json() {
    gives(
        Dialect::Snowflake,
        "select status:a.b[0]::text as x, o.status:c as y from orders o",
        &["x <- orders.status", "y <- orders.status"],
    );
    gives(
        Dialect::BigQuery,
        "select status.a.b as x, o.status.c from orders o",
        &["x <- orders.status", "c <- orders.status"],
    );
    gives(
        Dialect::Postgres,
        "select status -> 'a' ->> 'b' as x from orders",
        &["x <- orders.status"],
    );
    gives(
        Dialect::DuckDb,
        "select status['a'] as x, struct_extract(status, 'b') as y from orders",
        &["x <- orders.status", "y <- orders.status"],
    );
}

#[test]
fn recursion_from_values_and_with_several_steps() {
    gives(
        Dialect::Postgres,
        "with recursive t (n) as (values (1) union all select n + 1 from t where n < 10) select n from t",
        &["n <-"],
    );
    gives(
        Dialect::Postgres,
        "with recursive t (n) as (
           select id from customers
           union all select id from orders
           union all select t.n + quantity from t join lines on order_id = t.n)
         select n from t",
        &["n <- customers.id lines.quantity orders.id"],
    );
}

#[test]
fn windows_that_build_on_named_ones() {
    gives(
        Dialect::Postgres,
        "select sum(quantity) over (w rows unbounded preceding) as running from lines
         window w as (partition by order_id order by product_id)",
        &["running <- lines.order_id lines.product_id lines.quantity"],
    );
    rows(
        Dialect::Snowflake,
        "select id, row_number() over (partition by customer_id order by ordered_at) as n
         from orders qualify n = 1",
        "orders.customer_id orders.ordered_at",
    );
}

#[test]
fn names_of_one_scope_do_not_leak_into_another() {
    // A query in FROM does not see the tables beside it.
    gives(
        Dialect::Postgres,
        "select x from orders o, (select o.status as x) as s",
        &["x <-"],
    );
    // Common table expressions end with the query that they belong to.
    gives(
        GENERIC,
        "select a.id, b.id as other
         from (with lines as (select id from customers) select id from lines) a
         join (select order_id as id from lines) b on a.id = b.id",
        &["id <- customers.id", "other <- lines.order_id"],
    );
    // An alias in WHERE is the column of that name, where there is one.
    rows(
        Dialect::Snowflake,
        "select upper(status) as id from orders where id > 1",
        "orders.id",
    );
    rows(
        Dialect::Snowflake,
        "select upper(status) as loud from orders where loud = 'A'",
        "orders.status",
    );
}
