//! `rationale diff`.

use crate::program::{Folder, Run, git, repository};
use serde_json::{Value, json};

const ORDERS: &str = "
with amounts as (select order_id, sum(quantity * unit_price) as amount from raw.lines group by 1)
select orders.id as order_id, coalesce(amounts.amount, 0) as order_amount
from raw.orders as orders left join amounts on amounts.order_id = orders.id
where not orders.is_test
";

fn between(old: &str, new: &str, arguments: &[&str]) -> Run {
    let folder = Folder::with(&[("old.sql", old), ("new.sql", new)]);
    folder.run(&[&["diff", "old.sql", "new.sql"], arguments].concat())
}

fn json(old: &str, new: &str) -> Value {
    let run = between(old, new, &["--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.json()["models"][0].clone()
}

fn column<'v>(model: &'v Value, name: &str) -> &'v Value {
    let mut columns = model["columns"].as_array().unwrap().iter();
    columns.find(|column| column["name"] == name).unwrap()
}

#[test]
fn a_count_in_place_of_a_value_is_shown_by_an_example() {
    let model = json(ORDERS, &ORDERS.replace("quantity * unit_price", "quantity"));
    assert_eq!(model["change"], "changed");
    assert_eq!(column(&model, "order_id")["change"], "same");
    let amount = column(&model, "order_amount");
    assert_eq!(amount["change"], "changed");
    let lines = &amount["witness"]["inputs"][0]["rows"][0];
    let (quantity, price) = (lines["quantity"].as_i64(), lines["unit_price"].as_i64());
    let product = quantity.unwrap() * price.unwrap();
    assert_eq!(amount["witness"]["was"], json!([product]));
    assert_eq!(amount["witness"]["now"], json!([quantity.unwrap()]));
    assert_eq!(model["rows"]["change"], "same");
}

#[test]
fn a_dropped_filter_changes_the_rows_and_no_column() {
    let model = json(ORDERS, &ORDERS.replace("where not orders.is_test", ""));
    assert_eq!(model["rows"]["change"], "changed");
    assert_eq!(model["rows"]["clauses"], json!(["where"]));
    assert_eq!(
        model["rows"]["was"],
        json!([{ "clause": "where", "means": "NOT orders.is_test" }])
    );
    assert_eq!(model["rows"]["witness"]["was"], json!([]));
    assert_eq!(model["rows"]["witness"]["now"], json!([[]]));
    for name in ["order_id", "order_amount"] {
        assert_eq!(column(&model, name)["change"], "same");
    }
}

#[test]
fn another_spelling_is_no_change() {
    let respelled = "
        select o.id as order_id,
               ifnull((select sum(l.unit_price * l.quantity) from raw.lines l where o.id = l.order_id), 0)
                 as order_amount
        from raw.orders o where (o.is_test = false or false) and not o.is_test";
    let run = between(ORDERS, respelled, &["--exit-code"]);
    assert_eq!(
        (run.stdout.as_str(), run.code),
        (
            "only written differently: new\n\n1 model compared: every one means the same.\n",
            Some(0)
        )
    );
}

#[test]
fn columns_come_go_and_get_other_names() {
    let model = json(
        "select a, b + 1 as c, d from t",
        "select a, b + 1 as c_new, e from t",
    );
    assert_eq!(column(&model, "c_new")["change"], "renamed");
    assert_eq!(column(&model, "c_new")["old_name"], "c");
    assert_eq!(column(&model, "d")["change"], "removed");
    assert_eq!(column(&model, "e")["change"], "added");
    assert_eq!(column(&model, "a")["change"], "same");
}

#[test]
fn what_cannot_be_told_is_said_to_be_undecided() {
    let model = json("select f(a) as x from t", "select g(a) as x from t");
    assert_eq!(column(&model, "x")["change"], "undecided");
    assert_eq!(column(&model, "x")["witness"], Value::Null);
    let run = between(
        "select f(a) as x from t",
        "select g(a) as x from t",
        &["--exit-code"],
    );
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("can't be told"), "{}", run.stdout);
}

#[test]
fn a_cte_that_became_a_model_changes_nothing() {
    let before = Folder::with(&[("rationale.toml", ""), ("orders.sql", ORDERS)]);
    let (with, rest) = ORDERS.trim().split_once(")\nselect").unwrap();
    let amounts = with.strip_prefix("with amounts as (").unwrap();
    let rest = format!("select{rest}");
    let after = Folder::with(&[
        ("rationale.toml", ""),
        ("orders.sql", rest.as_str()),
        ("amounts.sql", amounts),
    ]);
    let (old, new) = (before.0.to_str().unwrap(), after.0.to_str().unwrap());
    let run = crate::program::run(&repository(), &["diff", old, new, "--format", "json"]);
    let json = run.json();
    assert_eq!(json["models"][0]["name"], "amounts");
    assert_eq!(json["models"][0]["change"], "added");
    assert_eq!(json["models"][1]["name"], "orders");
    assert_eq!(json["models"][1]["change"], "same", "{json}");
}

#[test]
fn an_example_that_a_model_upstream_never_gives_shows_nothing() {
    let folder = |staging: &str, model: &str| {
        Folder::with(&[
            ("rationale.toml", ""),
            ("staging.sql", staging),
            ("model.sql", model),
        ])
    };
    let change = |old: (&str, &str), new: (&str, &str)| {
        let (before, after) = (folder(old.0, old.1), folder(new.0, new.1));
        let (old, new) = (before.0.to_str().unwrap(), after.0.to_str().unwrap());
        let run = crate::program::run(&repository(), &["diff", old, new, "--format", "json"]);
        let json = run.json();
        let models = json["models"].as_array().unwrap().clone();
        let model = models.into_iter().find(|model| model["name"] == "model");
        model.map_or("same".to_owned(), |model| {
            model["change"].as_str().unwrap().to_owned()
        })
    };
    let twice = "select a as x, a as y from raw.s";
    let apart = "select a as x, b as y from raw.s";
    let swapped = "select b as x, a as y from raw.s";
    let (x, y) = ("select x as q from staging", "select y as q from staging");
    assert_eq!(change((twice, x), (twice, y)), "same");
    assert_eq!(change((apart, x), (swapped, y)), "same");
    assert_eq!(change((apart, x), (apart, y)), "changed");
    let (first, second) = (
        "select 1 as q from staging where x = 1",
        "select 1 as q from staging where y = 1",
    );
    assert_eq!(change((twice, first), (twice, second)), "same");
    assert_eq!(change((apart, first), (apart, second)), "changed");
}

#[test]
fn a_revision_is_compared_with_the_files_as_they_are() {
    let folder = Folder::with(&[("rationale.toml", ""), ("models/orders.sql", ORDERS)]);
    git(&folder.0, &["init", "-q", "-b", "main"]);
    git(&folder.0, &["add", "."]);
    git(&folder.0, &["commit", "-q", "-m", "one"]);
    let edited = ORDERS.replace("order_amount", "amount");
    std::fs::write(folder.0.join("models/orders.sql"), edited).unwrap();
    let run = folder.run(&["diff", "--base", "main"]);
    assert_eq!(
        run.stdout,
        "orders  models/orders.sql\n  amount  was called order_amount, and means the same\n\n\
         1 model compared, 1 differ: the meaning of 0 columns and the rows of 0 tables changed.\n"
    );
    git(&folder.0, &["commit", "-q", "-a", "-m", "two"]);
    let range = folder.run(&["diff", "HEAD~1..HEAD", "--format", "json"]);
    assert_eq!(range.json()["models"][0]["columns"][1]["change"], "renamed");
    let none = folder.run(&["diff", "--base", "nowhere"]);
    assert_eq!(none.code, Some(2));
    assert!(none.stderr.contains("nowhere"), "{}", none.stderr);
}

#[test]
fn the_session_in_the_readme_is_true() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let (_, rest) = readme
        .split_once("```console\n$ rationale diff --base main\n")
        .unwrap();
    let (session, _) = rest.split_once("```").unwrap();

    let example = repository().join("examples/orders");
    let files = ["models/orders.sql", "models/invoices.sql", "rationale.toml"];
    let files = files.map(|path| (path, std::fs::read_to_string(example.join(path)).unwrap()));
    let folder = Folder::with(&files);
    git(&folder.0, &["init", "-q", "-b", "main"]);
    git(&folder.0, &["add", "."]);
    git(&folder.0, &["commit", "-q", "-m", "one"]);
    let (path, text) = &files[0];
    let edited = text.replace("SUM(quantity * unit_price)", "SUM(quantity)");
    std::fs::write(folder.0.join(path), edited).unwrap();
    assert_eq!(folder.run(&["diff", "--base", "main"]).stdout, session);
}

#[test]
fn an_example_keeps_to_what_is_declared() {
    let spec = "product: shop\ntables:\n  - name: raw.orders\n    grain: [id]\n    columns:\n      - \
                name: id\n        nullable: false\n";
    let compared = |spec: &str| {
        let folder = Folder::with(&[
            ("rationale.toml", ""),
            ("shop.spec.yaml", spec),
            ("models/orders.sql", "select distinct id from raw.orders"),
        ]);
        git(&folder.0, &["init", "-q", "-b", "main"]);
        git(&folder.0, &["add", "."]);
        git(&folder.0, &["commit", "-q", "-m", "one"]);
        let path = folder.0.join("models/orders.sql");
        std::fs::write(path, "select id from raw.orders").unwrap();
        let run = folder.run(&["diff", "--base", "main", "--format", "json"]);
        run.json()["models"][0]["rows"]["change"].clone()
    };
    assert_eq!(compared("product: shop\n"), "changed");
    // No two rows have the same id, so that DISTINCT drops nothing.
    assert_eq!(compared(spec), "undecided");
}

#[test]
fn a_model_that_is_not_known_is_the_same_while_nothing_changed() {
    let folder = Folder::with(&[
        ("dbt_project.yml", "name: shop\n"),
        ("macros/own.sql", "{% macro own() %}1{% endmacro %}"),
        (
            "models/a.sql",
            "select {{ nobody.knows() }} as x from raw.t",
        ),
    ]);
    git(&folder.0, &["init", "-q", "-b", "main"]);
    git(&folder.0, &["add", "."]);
    git(&folder.0, &["commit", "-q", "-m", "one"]);
    let change = || {
        let run = folder.run(&["diff", "--base", "main", "--format", "json"]);
        run.json()["models"][0]["columns"][0]["change"].clone()
    };
    assert_eq!(change(), "same");
    // Another macro may be the one that makes it.
    let path = folder.0.join("macros/own.sql");
    std::fs::write(path, "{% macro own() %}2{% endmacro %}").unwrap();
    assert_eq!(change(), "undecided");
}

#[test]
fn what_stands_on_a_table_and_what_repeats_its_rows_counts() {
    let change = |old: &str, new: &str, dialect: &str| {
        let run = between(old, new, &["--dialect", dialect, "--format", "json"]);
        let models = run.json()["models"].as_array().unwrap().clone();
        let rows = |model: &Value| model["rows"]["change"].as_str().unwrap().to_owned();
        models.first().map_or("same".to_owned(), rows)
    };
    for (with, other, dialect) in [
        ("t at(offset => -60)", "t", "snowflake"),
        ("t at(offset => -60)", "t at(offset => -90)", "snowflake"),
        ("t for system_time as of '2026-01-01'", "t", "bigquery"),
        ("only t", "t", "postgres"),
        ("t partition (p0)", "t partition (p1)", "mysql"),
        ("t final", "t", "clickhouse"),
        ("t version as of 3", "t", "databricks"),
    ] {
        let over = |table: &str| format!("select a from {table}");
        assert_eq!(
            change(&over(with), &over(other), dialect),
            "undecided",
            "{with}"
        );
        let spaced = over(with).replace("select a", "select  a as a");
        assert_eq!(change(&over(with), &spaced, dialect), "same", "{with}");
    }
    let over = |list: &str| format!("select a from (select a, unnest({list}) as k from t) y");
    assert_ne!(change(&over("[1]"), &over("[1, 2]"), "duckdb"), "same");
    assert_ne!(change(&over("[1]"), "select a from t", "duckdb"), "same");
}

/// A dbt project with an incremental model that takes what `condition` says, and columns times `factor`.
fn incremental(condition: &str, factor: &str) -> String {
    format!(
        "{{{{ config(materialized='incremental') }}}}\n\
         select id, amount{{% if is_incremental() %}} * {factor}{{% endif %}} as amount, at\n\
         from {{{{ source('raw', 'orders') }}}}\n\
         {{% if is_incremental() %}} where {condition} {{% endif %}}\n"
    )
}

fn between_runs(old: &str, new: &str) -> Run {
    let (project, path) = ("name: shop\n", "models/orders.sql");
    let sources = "sources:\n  - name: raw\n    tables: [{name: orders}]\n";
    let folder = Folder::with(&[
        ("old/dbt_project.yml", project),
        ("old/models/sources.yml", sources),
        (&format!("old/{path}"), old),
        ("new/dbt_project.yml", project),
        ("new/models/sources.yml", sources),
        (&format!("new/{path}"), new),
    ]);
    folder.run(&["diff", "old", "new"])
}

#[test]
fn an_incremental_run_is_compared_where_a_full_refresh_is_the_same() {
    let newer = "at > (select max(at) from {{ this }})";
    let old = incremental(newer, "1");

    let run = between_runs(&old, &incremental(newer, "2"));
    let told = &run.stdout;
    assert!(
        told.contains("orders.sql  in an incremental run\n"),
        "{told}"
    );
    assert!(told.contains("  amount  means something else\n"), "{told}");

    let filtered = incremental(&format!("{newer} and amount > 0"), "1");
    let run = between_runs(&old, &filtered);
    let told = &run.stdout;
    assert!(
        told.contains("  rows  are others\n    + where 0 < orders.amount\n"),
        "{told}"
    );

    // The same condition the other way round.
    let turned = incremental("(select max(at) from {{ this }}) < at", "1");
    let run = between_runs(&old, &turned);
    assert!(
        run.stdout.contains("every one means the same"),
        "{}",
        run.stdout
    );
}

#[test]
fn what_differs_in_both_runs_is_told_once() {
    let old = incremental("at > (select max(at) from {{ this }})", "1");
    let run = between_runs(
        &old,
        &old.replace("select id, amount", "select id, 3 * amount"),
    );
    assert!(!run.stdout.contains("incremental"), "{}", run.stdout);
    assert!(
        run.stdout.contains("the meaning of 1 column and"),
        "{}",
        run.stdout
    );
}
