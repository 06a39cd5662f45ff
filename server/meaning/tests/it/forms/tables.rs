//! What stands in `FROM`: functions, pivots, values, joins.

use super::*;

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
