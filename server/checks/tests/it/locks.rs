//! What locks say that is no part of what a table means.

use crate::workspace::{Files, check};
use checks::{LockRequest, Severity, update_locks};

const SPEC: &str = "product: shop\ntables:\n  - name: events\n";

fn events(filter: &str) -> String {
    format!(
        "{{{{ config(materialized='incremental') }}}}
select id as event_id, cents / 100.0 as amount
from {{{{ source('raw', 'events') }}}} as e
where not e.is_test
{{% if is_incremental() %}}
  {filter}
{{% endif %}}
"
    )
}

fn files(model: &str) -> Files {
    let files = [
        ("dbt_project.yml", "name: shop\n"),
        ("specs/shop.spec.yaml", SPEC),
        (
            "models/sources.yml",
            "sources:\n  - name: raw\n    tables:\n      - name: events\n",
        ),
        ("models/events.sql", model),
    ];
    let file = |(path, text): (&str, &str)| (path.to_owned(), text.as_bytes().to_vec());
    files.into_iter().map(file).collect()
}

fn lock(files: &Files, is_initial: bool) -> String {
    let request = LockRequest {
        is_initial,
        ..LockRequest::default()
    };
    let mut updates = update_locks(&check(files).snapshot, &request);
    assert_eq!(updates.len(), 1);
    updates.remove(0).text
}

#[test]
fn what_an_incremental_run_adds_is_kept_apart() {
    let model = events("and e.loaded_at > (select max(loaded_at) from {{ this }})");
    let mut all = files(&model);
    let text = lock(&all, true);
    let wanted = "      where:
        - NOT e.is_test
    incremental:
      - (SELECT MAX(this.loaded_at) FROM this) < e.loaded_at
";
    assert!(text.contains(&wanted.replace("e.", "events.")), "{text}");
    // Another filter of such a run is another line, and no change of what the table means.
    let path = "specs/shop.spec.lock".to_owned();
    all.insert(path.clone(), text.clone().into_bytes());
    let other = events("and e.loaded_at > date '2026-01-01'");
    all.insert("models/events.sql".to_owned(), other.into_bytes());
    let found = check(&all).findings;
    let mut drift = found
        .iter()
        .filter(|finding| finding.code == "unrecorded-change");
    assert!(drift.next().is_none(), "{found:?}");
    let text = lock(&all, false);
    assert!(text.contains("2026-01-01"), "{text}");
    all.insert(path, text.clone().into_bytes());
    assert_eq!(lock(&all, false), text);
}

#[test]
fn an_incremental_run_of_another_form_says_nothing() {
    let model = events("and 1 = 1 limit 3");
    assert!(!lock(&files(&model), true).contains("incremental:"));
    let model = events("");
    assert!(!lock(&files(&model), true).contains("incremental:"));
}

/// A model that its lock can't tell is no source: under another name it may be what it was.
#[test]
fn a_renamed_model_that_the_lock_cannot_tell_is_not_taken_for_another_table() {
    let files = |stage: &str| -> Files {
        let spec = format!("product: shop\ntables:\n  - name: {stage}\n  - name: totals\n");
        let totals =
            format!("select id, sum(total) as total from {{{{ ref('{stage}') }}}} group by id");
        let stage_of = "select id, total from {{ our_rows('orders') }} where total > 0";
        [
            ("dbt_project.yml".to_owned(), "name: shop\n".to_owned()),
            ("specs/shop.spec.yaml".to_owned(), spec),
            (format!("models/{stage}.sql"), stage_of.to_owned()),
            ("models/totals.sql".to_owned(), totals),
        ]
        .into_iter()
        .map(|(path, text)| (path, text.into_bytes()))
        .collect()
    };
    let locked = lock(&files("stage"), true);
    assert!(
        locked.contains("means: unknown") || locked.contains("rows: unknown"),
        "{locked}"
    );
    let mut renamed = files("base");
    renamed.insert("specs/shop.spec.lock".to_owned(), locked.into_bytes());
    let findings = check(&renamed).findings.into_iter();
    let drift = findings.filter(|finding| finding.code == "unrecorded-change");
    let told: Vec<_> = drift
        .filter(|finding| finding.severity > Severity::Info)
        .map(|finding| finding.message)
        .collect();
    assert_eq!(told, [""; 0]);
}
