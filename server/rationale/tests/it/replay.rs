//! `rationale replay`.

mod readme;

use crate::program::{Folder, Run, run};
use crate::revision::repository::{Repository, git};
use serde_json::{Value, json};
use std::path::Path;

const ORDERS: &str = "
select o.id as order_id, o.amount as order_amount, o.state
from {{ source('raw', 'orders') }} as o
where not o.is_test
";

const PROPERTIES: &str = "
models:
  - name: orders
    description: Each order.
    columns:
      - name: order_amount
        description: What it is worth.
";

fn shop() -> Repository {
    Repository::with(&[
        ("dbt_project.yml", "name: shop\nprofile: shop\n"),
        ("requirements.txt", "dbt-postgres\n"),
        ("models/orders.sql", ORDERS),
        ("models/orders.yml", PROPERTIES),
        (
            "models/customers.sql",
            "select state, sum(order_amount) as total from {{ ref('orders') }} group by 1",
        ),
        (
            "models/report.sql",
            "select total * 2 as twice, 1 as one from {{ ref('customers') }} where state = 'open'",
        ),
    ])
}

fn replay(repository: &Repository, arguments: &[&str]) -> Run {
    run(&repository.top, &[&["replay"], arguments].concat())
}

fn json(repository: &Repository) -> Value {
    let run = replay(repository, &["--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(run.stderr, "");
    run.json()
}

/// The outcome of each commit, and whether it changed a word.
fn outcomes(report: &Value) -> Vec<(String, Value)> {
    let commits = report["commits"].as_array().unwrap().iter();
    let outcomes = commits.map(|commit| {
        let outcome = commit["outcome"].as_str().unwrap();
        (outcome.to_owned(), commit["words"].clone())
    });
    outcomes.collect()
}

/// What the last commit did.
fn last(repository: &Repository) -> (String, Value) {
    outcomes(&json(repository)).pop().unwrap()
}

fn changed(words: bool) -> (String, Value) {
    ("changed".to_owned(), json!(words))
}

fn without_words(outcome: &str) -> (String, Value) {
    (outcome.to_owned(), Value::Null)
}

#[test]
fn each_commit_is_told_by_what_it_did_to_the_meaning() {
    let shop = shop();
    shop.write("README.md", "A shop.");
    shop.commit("Say what it is");
    shop.write(
        "models/orders.sql",
        "with o as (select * from {{ source('raw', 'orders') }} where is_test = false)
         select o.id as order_id, o.amount as order_amount, o.state from o",
    );
    shop.commit("Use a CTE");
    shop.write(
        "models/orders.sql",
        ORDERS.replace("o.amount", "o.amount * 2"),
    );
    shop.commit("Twice as much");
    shop.write(
        "models/orders.sql",
        ORDERS
            .replace("where not o.is_test", "")
            .replace("o.state", "o.state, o.ship_to"),
    );
    shop.write(
        "models/orders.yml",
        PROPERTIES.replace("Each order", "Each order, also for tests"),
    );
    shop.commit("Keep tests");
    shop.write(
        "models/orders.sql",
        ORDERS.replace("where not o.is_test", ""),
    );
    shop.commit("No address");
    shop.write(
        "models/orders.sql",
        ORDERS
            .replace("where not o.is_test", "")
            .replace("o.amount", "secret(o.amount)"),
    );
    shop.commit("Call what nobody knows");

    let report = json(&shop);
    assert_eq!(
        outcomes(&report),
        [
            without_words("no-sql"),
            without_words("same"),
            changed(false),
            changed(true),
            without_words("shape"),
            without_words("undecided"),
        ]
    );
    assert_eq!(
        report["summary"],
        json!({ "commits": 6, "changed": 2, "without_words": 1, "undecided": 1, "shape": 1, "same": 1 })
    );
    let twice = &report["commits"][2];
    assert_eq!(twice["subject"], "Twice as much");
    assert_eq!(twice["author"], "Test");
    assert_eq!(twice["commit"], shop.git(&["rev-parse", "HEAD~3"]));
    assert_eq!(
        twice["date"],
        shop.git(&["log", "-1", "--format=%ad", "--date=short", "HEAD~3"])
    );
    let [change] = twice["changes"].as_array().unwrap().as_slice() else {
        panic!("{twice}");
    };
    assert_eq!(
        (&change["table"], &change["column"]),
        (&json!("orders"), &json!("order_amount"))
    );
    assert_eq!(change["path"], "models/orders.sql");
    assert_eq!(change["was"], "orders.amount");
    assert_eq!(change["now"], "orders.amount * 2");
    assert_eq!(change["reach"], json!({ "tables": 2, "columns": 2 }));
    let witness = &change["witness"];
    let amount = witness["inputs"][0]["rows"][0]["amount"].as_i64().unwrap();
    assert_eq!(
        (&witness["was"], &witness["now"]),
        (&json!([amount]), &json!([2 * amount]))
    );
    // Rows and columns of one commit are changes of their own.
    let kept = report["commits"][3]["changes"].as_array().unwrap();
    let kept: Vec<_> = kept
        .iter()
        .map(|change| (&change["column"], &change["reach"]["tables"]))
        .collect();
    assert_eq!(
        kept,
        [
            (&json!("order_amount"), &json!(2)),
            (&Value::Null, &json!(2))
        ]
    );
}

#[test]
fn any_word_about_the_table_counts() {
    let twice = ORDERS.replace("o.amount", "o.amount * 2");
    let said = |file: &str, text: &str| {
        let shop = shop();
        shop.write("models/orders.sql", &twice);
        shop.write(file, text);
        shop.commit("Twice as much");
        last(&shop)
    };
    assert_eq!(said("models/more.yml", ""), changed(false));
    // Words about other tables, tests, and text that is only laid out differently, are none.
    let other = "models: [{ name: report, description: Of customers. }]";
    assert_eq!(said("models/more.yml", other), changed(false));
    let tested = PROPERTIES.replace("worth.", "worth.\n        tests: [not_null]");
    assert_eq!(said("models/orders.yml", &tested), changed(false));
    let folded = PROPERTIES.replace(
        "What it is worth.",
        ">-\n          What it\n          is worth.",
    );
    assert_eq!(said("models/orders.yml", &folded), changed(false));

    assert_eq!(
        said(
            "models/orders.yml",
            &PROPERTIES.replace("worth", "twice worth")
        ),
        changed(true)
    );
    assert_eq!(
        said("models/orders.sql", &format!("-- why\n{twice}")),
        changed(true)
    );
    assert_eq!(
        said("models/orders.sql", &format!("{twice}{{# why #}}")),
        changed(true)
    );
    let spec = "
product: shop
tables:
  - name: orders
amendments:
  - id: 1
    requirement: We want it twice.
";
    assert_eq!(said("specs/shop.spec.yaml", spec), changed(true));
}

#[test]
fn a_docs_block_that_the_table_mentions_is_a_word_about_it() {
    let shop = shop();
    let properties = PROPERTIES.replace("What it is worth.", "'{{ doc(\"amount\") }}'");
    shop.write("models/orders.yml", properties);
    shop.write(
        "models/docs.md",
        "{% docs amount %}Worth.{% enddocs %}{% docs b %}B.{% enddocs %}",
    );
    shop.commit("Write blocks");
    shop.write(
        "models/orders.sql",
        ORDERS.replace("o.amount", "o.amount * 2"),
    );
    shop.write(
        "models/docs.md",
        "{% docs amount %}Worth.{% enddocs %}{% docs b %}C.{% enddocs %}",
    );
    shop.commit("Another block");
    assert_eq!(last(&shop), changed(false));
    shop.write(
        "models/orders.sql",
        ORDERS.replace("o.amount", "o.amount * 3"),
    );
    shop.write(
        "models/docs.md",
        "{% docs amount %}Worth three.{% enddocs %}{% docs b %}C.{% enddocs %}",
    );
    shop.commit("Its block");
    assert_eq!(last(&shop), changed(true));
}

#[test]
fn a_macro_changes_the_models_that_call_it() {
    let shop = shop();
    let twice = "{% macro twice(a) %}{{ a }} * 2{% endmacro %}";
    shop.write("macros/twice.sql", twice);
    shop.write(
        "models/orders.sql",
        ORDERS.replace("o.amount", "{{ twice('o.amount') }}"),
    );
    shop.commit("Call a macro");
    shop.write("macros/twice.sql", twice.replace('2', "3"));
    shop.commit("Thrice");
    assert_eq!(last(&shop), changed(false));
    shop.write(
        "macros/twice.sql",
        format!(
            "{{# four times, says Finance #}}{}",
            twice.replace('2', "4")
        ),
    );
    shop.commit("Four times");
    assert_eq!(last(&shop), changed(true));
}

#[test]
fn what_another_project_file_decides_is_followed_too() {
    let shop = shop();
    shop.write(
        "models/orders.sql",
        ORDERS.replace("o.amount", "o.amount * {{ var('factor') }}"),
    );
    shop.write(
        "dbt_project.yml",
        "name: shop\nprofile: shop\nvars: { factor: 2 }\n",
    );
    shop.commit("Take a factor");
    shop.write(
        "dbt_project.yml",
        "name: shop\nprofile: shop\nvars: { factor: 3 }\n",
    );
    shop.commit("Another factor");
    let report = json(&shop);
    assert_eq!(report["commits"][1]["outcome"], "changed");
    assert_eq!(
        report["commits"][1]["changes"][0]["now"],
        "orders.amount * 3"
    );
}

#[test]
fn models_that_move_or_are_called_otherwise_or_come_out_of_another_change_no_meaning() {
    let shop = shop();
    shop.git(&["mv", "models/orders.sql", "models/old.sql"]);
    shop.git(&["mv", "models/old.sql", "models/orders.sql"]);
    std::fs::create_dir(shop.top.join("models/marts")).unwrap();
    shop.git(&["mv", "models/orders.sql", "models/marts/orders.sql"]);
    shop.commit("Move");
    shop.git(&[
        "mv",
        "models/marts/orders.sql",
        "models/marts/all_orders.sql",
    ]);
    shop.write(
        "models/customers.sql",
        "select state, sum(order_amount) as total from {{ ref('all_orders') }} group by 1",
    );
    shop.commit("Rename");
    shop.write(
        "models/real.sql",
        "select id, amount, state from {{ source('raw', 'orders') }} where not is_test",
    );
    shop.write(
        "models/marts/all_orders.sql",
        "select o.id as order_id, o.amount as order_amount, o.state from {{ ref('real') }} as o",
    );
    shop.commit("Extract");
    let report = json(&shop);
    let changed = report["summary"]["changed"].as_u64();
    assert_eq!(
        (changed, report["summary"]["undecided"].as_u64()),
        (Some(0), Some(0)),
        "{report}"
    );
}

#[test]
fn tables_of_one_name_in_two_projects_are_not_compared_with_each_other() {
    let repository = Repository::with(&[
        ("a/dbt_project.yml", "name: a\n"),
        ("a/models/orders.sql", "select 1 as x, 2 as y"),
        ("b/dbt_project.yml", "name: b\n"),
        ("b/models/orders.sql", "select 2 as x, 1 as y"),
    ]);
    repository.remove("a/models/orders.sql");
    repository.commit("Only one is left");
    repository.write("a/models/orders.sql", "select 3 as x, 4 as y");
    repository.commit("It is back");
    repository.write("a/models/orders.sql", "select 3 as x, 5 as y");
    repository.commit("It changes");
    let outcomes: Vec<String> = outcomes(&json(&repository))
        .into_iter()
        .map(|(outcome, _)| outcome)
        .collect();
    assert_eq!(outcomes.last().unwrap(), "changed");
    assert!(
        !outcomes[..2].contains(&"changed".to_owned()),
        "{outcomes:?}"
    );
}

#[test]
fn a_merge_is_one_commit_with_the_title_of_its_request() {
    let shop = shop();
    shop.git(&["checkout", "--quiet", "-b", "branch"]);
    shop.write(
        "models/orders.sql",
        ORDERS.replace("o.amount", "o.amount * 2"),
    );
    shop.commit("wip");
    shop.write(
        "models/orders.sql",
        ORDERS.replace("o.amount", "o.amount * 3"),
    );
    shop.commit("wip again");
    shop.git(&["checkout", "--quiet", "main"]);
    let message = "Merge pull request #7 from shop/branch\n\nCount everything thrice";
    shop.git(&["merge", "--quiet", "--no-ff", "-m", message, "branch"]);
    let report = json(&shop);
    let [merge] = report["commits"].as_array().unwrap().as_slice() else {
        panic!("{report}");
    };
    assert_eq!(merge["subject"], "Count everything thrice (#7)");
    assert_eq!(merge["changes"][0]["now"], "orders.amount * 3");
}

#[test]
fn every_commit_is_told_as_a_comparison_from_nothing_tells_it() {
    let shop = shop();
    let texts = [
        ORDERS.replace("o.amount", "o.amount + 1"),
        ORDERS.replace("is_test", "is_open"),
        ORDERS.replace("select", "select distinct"),
        ORDERS.replace("o.amount", "coalesce(o.amount, o.id)"),
        ORDERS.replace(
            "o.state",
            "case o.state when 'a' then 'b' else o.state end as state",
        ),
    ];
    for text in &texts {
        shop.write("models/orders.sql", text);
        shop.commit("change");
    }
    let report = json(&shop);
    for (commit, back) in report["commits"]
        .as_array()
        .unwrap()
        .iter()
        .zip((0..5).rev())
    {
        let range = [format!("HEAD~{}", back + 1), format!("HEAD~{back}")];
        let diff = run(
            &shop.top,
            &["diff", &range[0], &range[1], "--format", "json"],
        )
        .json();
        let mut expected = Vec::new();
        for model in diff["models"].as_array().unwrap() {
            if model["rows"]["change"] == "changed" {
                expected.push(format!("{}: {}", model["name"], model["rows"]["witness"]));
            }
            let columns = model["columns"].as_array().unwrap().iter();
            let columns = columns.filter(|column| column["change"] == "changed");
            expected
                .extend(columns.map(|column| format!("{}: {}", model["name"], column["witness"])));
        }
        let changes = commit["changes"].as_array().unwrap().iter();
        let mut told: Vec<String> = changes
            .map(|change| format!("{}: {}", change["table"], change["witness"]))
            .collect();
        told.sort();
        expected.sort();
        assert_eq!(told, expected);
        assert!(!told.is_empty(), "{commit}");
    }
}

#[test]
fn the_page_says_it_in_plain_words() {
    let shop = shop();
    shop.write(
        "models/orders.sql",
        ORDERS.replace("o.amount", "o.amount * 2"),
    );
    shop.commit("Twice as much");
    shop.write("models/orders.sql", ORDERS);
    shop.commit("Back again");
    let run = replay(&shop, &[]);
    let (day, name) = (
        shop.git(&["log", "-1", "--format=%ad", "--date=short"]),
        shop.git(&["rev-parse", "--short=10", "HEAD"]),
    );
    let (_, page) = run.stdout.split_once("\n\n").unwrap();
    let (first, _) = page.split_once("\n\n2. ").unwrap();
    assert_eq!(
        first,
        format!(
            "    2  changed what a column means or which rows a table holds
    2    of these changed no word about it (100 %)
    0  can't be told to have kept every meaning
    0  only added, removed, renamed or retyped columns or tables
    0  changed SQL and no meaning
    0  changed no SQL

The changes that reach furthest

1. orders.order_amount  reaches 2 columns in 2 tables
   {name}  {day}  Test  Back again
   was      orders.amount * 2
   now      orders.amount
   example  where raw.orders has (amount 2, is_test FALSE): was 4, now 2
   No word about it was changed."
        )
    );
    assert!(
        run.stdout
            .ends_with(&format!("`rationale diff {name}~1 {name}`.\n")),
        "{}",
        run.stdout
    );
    // The same bytes on every run.
    assert_eq!(run, replay(&shop, &[]));
    let one = replay(&shop, &["--last", "1"]);
    assert!(
        one.stdout.contains("The change of meaning\n"),
        "{}",
        one.stdout
    );
}

#[test]
fn where_there_is_nothing_to_replay_it_says_what_to_do() {
    let error = |folder: &Path| {
        let run = run(folder, &["replay"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
        run.stderr
    };
    let folder = Folder::with(&[("rationale.toml", ""), ("a.sql", "select 1 as a")]);
    let said = error(&folder.0);
    assert!(
        said.contains("is in no git repository, so it has no history"),
        "{said}"
    );

    let said = error(&Repository::new().top);
    assert!(said.contains("has no commit yet"), "{said}");

    let said = error(&shop().top);
    assert!(
        said.contains("has one commit only, so there is no history to replay yet"),
        "{said}"
    );

    let without = Repository::with(&[("README.md", "")]);
    without.commit("second");
    let said = error(&without.top);
    assert!(
        said.contains("there is no SQL that makes a table in"),
        "{said}"
    );
    assert!(said.contains("`--root` names the folder"), "{said}");

    let shop = shop();
    shop.write(
        "models/orders.sql",
        ORDERS.replace("o.amount", "o.amount * 2"),
    );
    shop.commit("second");
    let shallow = shop.beside("shallow");
    let from = format!("file://{}", shop.top.display());
    git(
        &shop.top,
        &[
            "clone",
            "--quiet",
            "--depth=1",
            &from,
            shallow.to_str().unwrap(),
        ],
    );
    let said = error(&shallow);
    assert!(
        said.contains("this clone is shallow") && said.contains("git fetch --unshallow"),
        "{said}"
    );

    shop.write("models/orders.sql", ORDERS);
    shop.commit("third");
    let shallow = shop.beside("less_shallow");
    git(
        &shop.top,
        &[
            "clone",
            "--quiet",
            "--depth=2",
            &from,
            shallow.to_str().unwrap(),
        ],
    );
    let page = run(&shallow, &["replay"]);
    assert_eq!(page.code, Some(0), "{}", page.stderr);
    assert!(
        page.stdout
            .contains("This clone is shallow: `git fetch --unshallow`"),
        "{}",
        page.stdout
    );
}
