//! Statements that are more than a query.

use super::*;

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
