//! `rationale lineage`.

use crate::program::{Folder, command, repository, run};
use serde_json::json;
use std::io::Write;
use std::process::Stdio;

/// What it prints for SQL on the standard input.
fn piped(sql: &str, arguments: &[&str]) -> crate::program::Run {
    let mut child = command(&repository(), arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(sql.as_bytes()).unwrap();
    drop(stdin);
    crate::program::Run::of(child.wait_with_output().unwrap())
}

#[test]
fn sql_on_the_standard_input_needs_no_workspace() {
    let run = piped(
        "select a + b as c from t where d",
        &["lineage", "-", "--format", "json"],
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let place = |column: &str| json!({ "table": "t", "column": column, "confidence": "exact" });
    assert_eq!(
        run.json(),
        json!({
            "version": 1,
            "models": [{
                "name": "stdin",
                "path": "-",
                "columns": [{
                    "name": "c",
                    "sources": [place("a"), place("b")],
                    "rows": [],
                    "kind": "derived",
                    "means": "t.a + t.b",
                }],
                "rows": [{ "table": "t", "column": "d" }],
                "tables": ["t"],
                "open": false,
            }],
        })
    );
}

#[test]
fn a_schema_tells_whose_a_column_is() {
    let folder = Folder::with(&[
        (
            "query.sql",
            "select name from orders join customers on customer_id = id",
        ),
        (
            "tables.json",
            r#"{"orders": ["customer_id"], "customers": {"id": "INT", "name": "TEXT"}}"#,
        ),
    ]);
    let run = folder.run(&[
        "lineage",
        "query.sql",
        "--schema",
        "tables.json",
        "--dialect",
        "postgres",
    ]);
    assert_eq!(
        run.stdout,
        "query  query.sql\n  name  customers.name  unchanged\n  rows decided by customers.id, \
         orders.customer_id\n"
    );
    let run = folder.run(&["lineage", "query.sql", "--schema", "query.sql"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("query.sql is not JSON"),
        "{}",
        run.stderr
    );
    let run = folder.run(&["lineage", "query.sql", "--dialect", "cobol"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("there is no such dialect"),
        "{}",
        run.stderr
    );
}

#[test]
fn deep_lineage_goes_on_to_what_no_model_defines() {
    let arguments = ["lineage", "examples/orders", "--deep", "--format", "json"];
    let run = run(&repository(), &arguments);
    let json = run.json();
    let invoices = &json["models"][0];
    assert_eq!(invoices["name"], "invoices");
    let due = invoices["columns"].as_array().unwrap().iter();
    let due: Vec<_> = due
        .filter(|column| column["name"] == "amount_due")
        .collect();
    let sources = due[0]["sources"].as_array().unwrap().iter();
    let sources: Vec<String> = sources
        .map(|source| {
            format!(
                "{}.{}",
                source["table"].as_str().unwrap(),
                source["column"].as_str().unwrap()
            )
        })
        .collect();
    assert_eq!(
        sources,
        ["raw.order_lines.quantity", "raw.order_lines.unit_price"]
    );
    let rows = invoices["rows"].as_array().unwrap();
    let is_test = json!({ "table": "raw.orders", "column": "is_test" });
    assert!(rows.contains(&is_test), "{rows:?}");
}

#[test]
fn pictures_name_each_table_and_arrow_once() {
    let sql = "select a as x, a + b as y from t";
    let dot = piped(sql, &["lineage", "-", "--format", "dot"]).stdout;
    assert_eq!(
        dot,
        "digraph lineage {\n  rankdir=LR; node [shape=record, fontname=\"sans-serif\"];\n  \
         t0 [label=\"stdin|<c0> x|<c1> y\"];\n  t1 [label=\"t|<c0> a|<c1> b\"];\n  \
         t1:c0 -> t0:c0;\n  t1:c0 -> t0:c1;\n  t1:c1 -> t0:c1;\n}\n"
    );
    let mermaid = piped(sql, &["lineage", "-", "--format", "mermaid"]).stdout;
    assert!(
        mermaid.starts_with("flowchart LR\n  subgraph t0[\"stdin\"]\n"),
        "{mermaid}"
    );
    assert_eq!(mermaid.matches("-->").count(), 3);
}

#[test]
fn macros_are_followed_and_said_to_be_on_the_way() {
    let folder = Folder::with(&[
        (
            "dbt_project.yml",
            "name: shop\nprofile: shop\nvars:\n  factor: 3\n",
        ),
        (
            "macros/cents.sql",
            "{% macro cents(column) %}({{ column }} * 100 * {{ var('factor') }}){% endmacro %}",
        ),
        ("models/raw.sql", "select 1 as id, 2 as price"),
        (
            "models/priced.sql",
            "select id, {{ cents('price') }} as price_cents from {{ ref('raw') }}",
        ),
    ]);
    let run = folder.run(&["lineage", "models/priced.sql", "--format", "json"]);
    let columns = &run.json()["models"][0]["columns"];
    assert_eq!(columns[0]["sources"][0]["confidence"], "exact");
    assert_eq!(
        columns[1]["sources"],
        json!([{ "table": "raw", "column": "price", "confidence": "macro" }])
    );
    assert_eq!(columns[1]["means"], "raw.price * 300");
}

#[test]
fn an_incremental_model_has_the_lineage_of_both_ways() {
    let folder = Folder::with(&[
        ("dbt_project.yml", "name: shop\n"),
        (
            "models/daily.sql",
            "select id, day from raw.events {% if is_incremental() %} where loaded_at > (select \
             max(day) from {{ this }}) {% endif %}",
        ),
    ]);
    let run = folder.run(&["lineage", "--format", "json"]);
    let model = &run.json()["models"][0];
    assert_eq!(
        model["rows"],
        json!([{ "table": "raw.events", "column": "loaded_at" }])
    );
    assert_eq!(model["columns"][0]["kind"], "unchanged");
    // A full refresh has all rows: the meaning is that of one.
    let run = folder.run(&["meaning", "--format", "json"]);
    assert_eq!(
        run.json()["models"][0]["rows"],
        json!([{ "clause": "from", "means": "raw.events" }])
    );
}

#[test]
fn what_has_no_source_is_told_in_words() {
    let told = |sql: &str| piped(sql, &["lineage", "-"]).stdout;
    assert_eq!(
        told("select count(*) as n, 1 as one from t"),
        "stdin  -\n  n    rows, and no column of theirs\n  one  constant\n"
    );
    assert_eq!(
        told("select * from a join b on true"),
        "stdin  -\n  (further columns that are not known, of a, b)\n"
    );
    assert_eq!(
        told("select x from"),
        "stdin  -\n  (this statement can't be read)\n"
    );
}
