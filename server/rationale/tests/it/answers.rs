//! How sentences are answered that nothing is said about: whether they hold, or can't be told.

use crate::program::Folder;

/// The answer to a sentence about `orders`, in a dialect: `hold`, `at_risk`, `cant_be_told`, `contradicted`.
fn answer(dialect: &str, files: &[(&str, &str)], sentence: &str) -> String {
    let toml = format!("[workspace]\ndialect = \"{dialect}\"\n");
    let spec = format!(
        "product: shop\ntables:\n  - name: orders\n    description: One row for each order.\n  \
         - name: raw.o\n    description: Orders as they come.\n    grain: [id]\n    columns:\n      \
         - {{name: id, description: The order., nullable: false}}\namendments:\n  - id: 1\n    \
         requirement: We need it.\n    change: Done.\n    guarantees: |\n      {sentence}\n"
    );
    let mut all = vec![
        ("rationale.toml", toml.as_str()),
        ("shop.spec.yaml", spec.as_str()),
    ];
    all.extend(files);
    let run = Folder::with(&all).run(&["check", "--format", "json"]);
    let counts = run.json()["summary"]["guarantees"].clone();
    let counts = counts.as_object().unwrap().iter();
    let mut given = counts.filter(|(_, count)| **count != 0);
    given.next().unwrap().0.clone()
}

#[test]
fn what_other_statements_do_to_a_table_is_not_followed() {
    let answer = |script: &str, sentence: &str| {
        let made = "create table orders as select id, 1 as x from raw.o;";
        let script = format!("{made}\n{script}");
        answer("postgres", &[("orders.sql", &script)], sentence)
    };
    let never_null = "orders.x is never null";
    assert_eq!(answer("", never_null), "hold");
    for statement in [
        "insert into orders select id, null from raw.o",
        "update orders set x = null",
        "update orders set x = r.x from raw.r r where r.id = orders.id",
        "delete from orders where id > 3",
        "merge into orders using raw.r r on r.id = orders.id when matched then update set x = r.x",
        "truncate table orders",
    ] {
        assert_eq!(answer(statement, never_null), "cant_be_told", "{statement}");
    }
    assert_eq!(answer("update others set x = 1", never_null), "hold");
    assert_eq!(answer("delete from raw.o where id > 3", never_null), "hold");
}

#[test]
fn what_other_statements_copy_may_have_left() {
    let answer = |reader: &str| {
        let files = [
            ("orders.sql", "select id, email from raw.o"),
            ("reader.sql", reader),
        ];
        answer("snowflake", &files, "orders.email never leaves orders")
    };
    assert_eq!(answer("select id from orders"), "hold");
    for reader in [
        "select email from orders where (((",
        "update x set mail = o.email from orders o where o.id = x.id",
        "merge into x using orders o on o.id = x.id when matched then update set mail = o.email",
        "create table x clone orders",
        "copy into @stage from (select email from orders)",
    ] {
        assert_eq!(answer(reader), "cant_be_told", "{reader}");
    }
}

#[test]
fn what_fills_a_table_is_read_by_it() {
    let answer = |script: &str| {
        let script = format!("create table orders as select id, 1 as x from raw.o;\n{script}");
        let files = [("orders.sql", script.as_str())];
        answer("snowflake", &files, "orders never reads raw.legacy")
    };
    assert_eq!(answer("update orders set x = 2"), "hold");
    for statement in [
        "update orders set x = l.x from raw.legacy l where l.id = orders.id",
        "merge into orders o using raw.legacy l on l.id = o.id when matched then update set x = l.x",
        "delete from orders using raw.legacy l where l.id = orders.id",
    ] {
        assert_eq!(answer(statement), "contradicted", "{statement}");
    }
}

#[test]
fn what_is_built_anew_or_only_added_to_merges_nothing() {
    let answer = |config: &str| {
        let model = format!("{{{{ config({config}, unique_key='id') }}}}\nselect id from raw_o");
        let files = [
            ("dbt_project.yml", "name: shop\n"),
            ("models/orders.sql", model.as_str()),
        ];
        answer("postgres", &files, "orders is merged by id")
    };
    assert_eq!(answer("materialized='incremental'"), "hold");
    assert_eq!(
        answer("materialized='incremental', incremental_strategy='merge'"),
        "hold"
    );
    assert_eq!(answer("materialized='table'"), "cant_be_told");
    assert_eq!(
        answer("materialized='incremental', incremental_strategy='append'"),
        "cant_be_told"
    );
}

#[test]
fn functions_in_a_projection_may_repeat_rows() {
    let answer = |sql: &str| answer("duckdb", &[("orders.sql", sql)], "orders.id is unique");
    assert_eq!(
        answer("select o.id, upper(o.tag) as x from raw.o o"),
        "hold"
    );
    assert_ne!(
        answer("select o.id, unnest(o.tags) as x from raw.o o"),
        "hold"
    );
}

#[test]
fn which_rows_a_part_of_a_table_has_is_not_known() {
    let answer = |dialect: &str, from: &str| {
        let sql = format!("select id from {from}");
        let files = [("orders.sql", sql.as_str())];
        answer(dialect, &files, "orders keeps every row of raw.o")
    };
    assert_eq!(answer("snowflake", "raw.o"), "hold");
    for (dialect, from) in [
        ("snowflake", "raw.o at(offset => -60)"),
        ("bigquery", "raw.o for system_time as of '2026-01-01'"),
        ("clickhouse", "raw.o final"),
        ("mysql", "raw.o partition (p0)"),
        ("postgres", "only raw.o"),
    ] {
        assert_eq!(answer(dialect, from), "cant_be_told", "{from}");
    }
}
