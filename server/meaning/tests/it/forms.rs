//! The forms in which queries are written, dialect by dialect: what each column is computed from, and
//! what decides the rows.

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
fn chains_of_using_and_natural_joins() {
    let shop =
        "(select id, status from orders) a join (select id, name from customers) b using (id)
         join (select order_id as id, quantity from lines) c using (id)";
    gives(
        GENERIC,
        &format!("select * from {shop}"),
        &[
            "id <- orders.id",
            "status <- orders.status",
            "name <- customers.name",
            "quantity <- lines.quantity",
        ],
    );
    rows(
        GENERIC,
        &format!("select id from {shop}"),
        "customers.id lines.order_id orders.id",
    );
    gives(
        GENERIC,
        "select id from (select id from orders) a right join (select id from customers) b using (id)",
        &["id <- customers.id"],
    );
    gives(
        GENERIC,
        "select * from (select id, status from orders) a
         natural full join (select id, name from customers) b",
        &[
            "id <- customers.id orders.id",
            "status <- orders.status",
            "name <- customers.name",
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
fn tables_that_functions_give() {
    gives(
        Dialect::Postgres,
        "select tag, n from orders, unnest(string_to_array(status, ',')) with ordinality as t(tag, n)",
        &["tag <- orders.status", "n <- orders.status"],
    );
    gives(
        Dialect::BigQuery,
        "select item, at from orders, unnest(split(status)) as item with offset as at",
        &["item <- orders.status", "at <- orders.status"],
    );
    gives(
        Dialect::BigQuery,
        "select * from unnest([1, 2]) as item with offset",
        &["item <-", "offset <-"],
    );
    // An array of the table beside it.
    gives(
        Dialect::BigQuery,
        "select o.id, tag from orders o, o.status as tag",
        &["id <- orders.id", "tag <- orders.status"],
    );
    gives(
        Dialect::Redshift,
        "select o.id, tag.name from orders o, o.status as tag",
        &["id <- orders.id", "name <- orders.status"],
    );
    gives(
        Dialect::Snowflake,
        "select o.id, f.index, f.value:name::text as label
         from orders o, table(flatten(o.status)) f",
        &[
            "id <- orders.id",
            "index <- orders.status",
            "label <- orders.status",
        ],
    );
    gives(
        Dialect::Spark,
        "select id, pos, col from orders lateral view posexplode(split(status, ',')) t as pos, col",
        &[
            "id <- orders.id",
            "pos <- orders.status",
            "col <- orders.status",
        ],
    );
    gives(
        Dialect::ClickHouse,
        "select id, status, ordered_at from orders left array join status, orders.ordered_at",
        &[
            "id <- orders.id",
            "status <- orders.status",
            "ordered_at <- orders.ordered_at",
        ],
    );
    gives(
        GENERIC,
        "select * from read_parquet('orders.parquet') as files",
        &["..."],
    );
}

#[test]
fn pivots_of_several_dialects() {
    let expected = &[
        "customer_id <- orders.customer_id",
        "open <- orders.id orders.status",
        "paid <- orders.id orders.status",
    ];
    for dialect in [Dialect::BigQuery, Dialect::Databricks, GENERIC] {
        gives(
            dialect,
            "select * from (select customer_id, status, id from orders)
             pivot (count(id) for status in ('open', 'paid'))",
            expected,
        );
    }
    // The columns are not known where the values are not.
    gives(
        Dialect::Snowflake,
        "select * from (select customer_id, status, id from orders)
         pivot (count(id) for status in (any))",
        &["..."],
    );
    gives(
        Dialect::BigQuery,
        "select order_id, product_id, what, n from lines unpivot (n for what in (quantity, unit_price))",
        &[
            "order_id <- lines.order_id",
            "product_id <- lines.product_id",
            "what <-",
            "n <- lines.quantity lines.unit_price",
        ],
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
fn values_and_their_names() {
    gives(
        Dialect::Postgres,
        "select t.a, column2 from (values (1, 2)) as t(a)",
        &["a <-", "column2 <-"],
    );
    gives(
        Dialect::Spark,
        "select col1 from (values (1), (2))",
        &["col1 <-"],
    );
    gives(
        Dialect::Snowflake,
        "select $1 as a, $2 as b from (values (1, 2))",
        &["a <-", "b <-"],
    );
    check_in(
        Dialect::Snowflake,
        "select $1 as a from (values (1, 2))",
        "a <-  (constant)
         rows:",
    );
    check_in(
        Dialect::Snowflake,
        "select $2 as a, t.$1 as b from customers t",
        "a <- customers.name (renamed)
         b <- customers.id (renamed)
         rows:",
    );
}

#[test]
fn value_tables() {
    gives(
        Dialect::BigQuery,
        "select v.id, v.label from (select as struct id, name as label from customers) v",
        &["id <- customers.id", "label <- customers.name"],
    );
}

#[test]
fn statements_that_fill_a_table_behind_common_table_expressions() {
    gives(
        Dialect::Ansi,
        "with kept as (select id from orders) insert into t (key) select id from kept",
        &["key <- orders.id"],
    );
    gives(
        Dialect::Ansi,
        "insert into t (with kept as (select id as key from orders) select key from kept)",
        &["? <- orders.id"],
    );
    gives(
        Dialect::Postgres,
        "with s as (select id, name from customers)
         update t set label = s.name from s where s.id = t.id",
        &["label <- customers.name", "..."],
    );
    let lowered = one(
        "update o set o.status = c.name from orders o join customers c on c.id = o.customer_id",
        Dialect::SqlServer,
        &SHOP,
    );
    let name = lowered.name.map(|name| name.to_string());
    assert_eq!(name.as_deref(), Some("orders"));
}

#[test]
fn phrases_of_teradata() {
    gives(
        Dialect::Teradata,
        "create view v as select id, name (title 'Called') from customers",
        &["id <- customers.id", "name <- customers.name"],
    );
}

#[test]
fn statements_of_procedures() {
    for (dialect, head) in [
        (Dialect::BigQuery, "create procedure p()\nbegin\n"),
        (Dialect::Oracle, "create procedure p()\nas\nbegin\n"),
        (Dialect::SqlServer, "create procedure p()\nas\nbegin\n"),
    ] {
        let text = format!(
            "{head}if n > 0 then set n = 0; end if;\n\
             loop insert into t (key) select id from orders; end loop;\nend"
        );
        gives(dialect, &text, &["key <- orders.id"]);
    }
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
fn joins_of_which_one_side_is_seen() {
    for join in ["left semi join", "left anti join"] {
        gives(
            Dialect::Spark,
            &format!("select * from customers c {join} orders o on o.customer_id = c.id"),
            &[
                "id <- customers.id",
                "name <- customers.name",
                "country <- customers.country",
            ],
        );
    }
    gives(
        GENERIC,
        "select j.name, j.status from (customers c join orders o on o.customer_id = c.id) as j",
        &["name <- customers.name", "status <- orders.status"],
    );
}

#[test]
fn names_that_an_alias_gives_to_columns() {
    gives(
        GENERIC,
        "select c.b from customers as c (a, b)",
        &["b <- customers.name"],
    );
    gives(
        GENERIC,
        "with c (a) as (select name from customers), d as (select * from c) select a from d",
        &["a <- customers.name"],
    );
    gives(
        Dialect::Postgres,
        "create view v (key, label) as select id, name from customers",
        &["key <- customers.id", "label <- customers.name"],
    );
    gives(
        Dialect::Postgres,
        "create table t as select count(status), max(id)::text from orders",
        &["count <- orders.status", "max <- orders.id"],
    );
}

#[test]
fn views_and_merges() {
    gives(
        Dialect::BigQuery,
        "merge t using (select id, name from customers) c on t.id = c.id
         when matched and c.name is not null then update set name = c.name
         when not matched by target then insert (id, name) values (c.id, upper(c.name))",
        &["name <- customers.name", "id <- customers.id", "..."],
    );
    // Which columns the row goes to is the table's to tell.
    gives(
        Dialect::Databricks,
        "merge into t using customers c on t.id = c.id
         when matched then update set * when not matched then insert *",
        &["..."],
    );
    gives(
        Dialect::Hive,
        "insert overwrite table t partition (day = '2024-01-01') select id, name from customers",
        &["? <- customers.id", "? <- customers.name"],
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

#[test]
fn pivots_of_sql_server() {
    gives(
        Dialect::SqlServer,
        "select customer_id, [open], [paid]
         from (select customer_id, status, id from orders) s
         pivot (count(id) for status in ([open], [paid])) p",
        &[
            "customer_id <- orders.customer_id",
            "open <- orders.id orders.status",
            "paid <- orders.id orders.status",
        ],
    );
    gives(
        Dialect::SqlServer,
        "select order_id, what, n from lines unpivot (n for what in ([quantity], [unit_price])) u",
        &[
            "order_id <- lines.order_id",
            "what <-",
            "n <- lines.quantity lines.unit_price",
        ],
    );
}
