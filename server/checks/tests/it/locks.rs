//! What locks say that is no part of what a table means.

use crate::workspace::{Files, check};
use checks::{LockOutcome, LockRequest, Severity, update_locks};
use syntax::Name;

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
    // Another filter of such a run is another line, which waits for an amendment.
    let path = "specs/shop.spec.lock".to_owned();
    all.insert(path.clone(), text.clone().into_bytes());
    assert_eq!(drifts(&all), [""; 0]);
    all.insert("models/events.sql".to_owned(), other_filter().into_bytes());
    let told = drifts(&all);
    let start = "In an incremental run `events` holds other rows since it was locked";
    assert!(told.len() == 1 && told[0].starts_with(start), "{told:?}");
    assert_eq!(lock(&all, false), text);
    all.insert("models/events.sql".to_owned(), events("").into_bytes());
    let told = drifts(&all);
    assert!(told.len() == 1 && told[0].starts_with(start), "{told:?}");
    all.insert("models/events.sql".to_owned(), other_filter().into_bytes());
    let amendment = "amendments:
  - id: 1
    requirement: Only this year counts.
    change: Left out the years before.
    changes: [events.rows]
";
    let spec = format!("{SPEC}{amendment}");
    all.insert("specs/shop.spec.yaml".to_owned(), spec.into_bytes());
    let text = lock(&all, false);
    assert!(text.contains("2026-01-01"), "{text}");
    assert!(text.contains("by: \"1\""), "{text}");
    all.insert(path, text.clone().into_bytes());
    assert_eq!(drifts(&all), [""; 0]);
    assert_eq!(lock(&all, false), text);
}

fn other_filter() -> String {
    events("and e.loaded_at > date '2026-01-01'")
}

/// What is said about a change that nobody recorded.
fn drifts(files: &Files) -> Vec<String> {
    let findings = check(files).findings.into_iter();
    let drifts = findings.filter(|finding| finding.code == "unrecorded-change");
    drifts.map(|finding| finding.message).collect()
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

/// The files of a product whose lock says this, with a model of this SQL.
fn locked_as(lock: &str, model: &str) -> Files {
    let files = [
        ("shop.spec.yaml", SPEC),
        ("shop.spec.lock", lock),
        ("events.sql", model),
    ];
    let file = |(path, text): (&str, &str)| (path.to_owned(), text.as_bytes().to_vec());
    files.into_iter().map(file).collect()
}

const CONFLICTED: &str = "version: 1
tables:
  events:
    rows:
      from: raw.events
    columns:
      id: { means: events.id }
<<<<<<< HEAD
      a: { means: events.a }
=======
      b: { means: events.b }
>>>>>>> theirs
";

#[test]
fn a_merge_is_settled_only_where_no_side_of_it_is_lost() {
    let model = "create view events as select id, a, b from raw.events";
    // `b` is in one of the sides, and what the SQL says.
    let text = lock(&locked_as(CONFLICTED, model), false);
    assert!(text.contains("a: { means: events.a }"), "{text}");
    assert!(text.contains("b: { means: events.b }"), "{text}");
    assert!(!text.contains("<<<<"), "{text}");
    // Nobody said that `b` is gone, nor is it known of SQL that can't be read.
    for model in [
        "create view events as select id, a from raw.events",
        "create view events as select id, a, b fro raw.events",
    ] {
        let text = lock(&locked_as(CONFLICTED, model), false);
        assert_eq!(text, CONFLICTED, "{model}");
    }
}

#[test]
fn a_text_that_is_no_lock_is_not_written_over() {
    let model = "create view events as select id from raw.events";
    for text in [
        "nothing of the kind\n",
        "tables:\n  events:\n   columns: {id\n  x\n",
    ] {
        let files = locked_as(text, model);
        assert_eq!(lock(&files, true), text);
        let findings = check(&files).findings;
        let of_lock = findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.code);
        let codes: Vec<&str> = of_lock.collect();
        assert!(
            !codes.is_empty() && codes.iter().all(|code| code.starts_with("invalid-")),
            "{codes:?}"
        );
    }
}

#[test]
fn sql_that_cannot_be_read_takes_nothing_out_of_a_lock() {
    let amendment = "amendments:
  - id: 1
    requirement: Events are told anew.
    change: tbd
    changes: [events]
";
    let text = "version: 1
tables:
  events:
    rows:
      from: raw.events
    columns:
      id: { means: events.id }
";
    let mut files = locked_as(text, "create view events as select id fro raw.events");
    let spec = format!("{SPEC}{amendment}");
    files.insert("shop.spec.yaml".to_owned(), spec.into_bytes());
    let text = lock(&files, false);
    assert!(text.contains("id: { means: events.id }"), "{text}");
}

#[test]
fn a_name_that_another_product_gave_is_written() {
    let stage = "product: staging
tables:
  - name: prepared
amendments:
  - id: 1
    requirement: They are more than staged.
    change: Renamed it.
    guarantees: prepared is renamed from staged
";
    let text = "version: 1
tables:
  events:
    rows:
      from: staged
    columns:
      id: { means: staged.id }
";
    let mut files = locked_as(text, "create view events as select id from prepared");
    let more = [
        ("staging.spec.yaml", stage),
        (
            "prepared.sql",
            "create view prepared as select id from raw.events",
        ),
    ];
    let more = more.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    files.extend(more);
    let updates = update_locks(&check(&files).snapshot, &LockRequest::default());
    let shop = updates
        .iter()
        .find(|update| update.product == Name::new("shop"));
    let text = &shop.unwrap().text;
    assert!(text.contains("from: prepared"), "{text}");
    assert!(text.contains("id: { means: prepared.id }"), "{text}");
}

#[test]
fn a_renamed_column_that_cannot_be_told_keeps_what_was_agreed() {
    let amendment = "amendments:
  - id: 1
    requirement: It is the state.
    change: Renamed status.
    guarantees: events.state is renamed from status
";
    let text = "version: 1
tables:
  events:
    rows:
      from: raw.events
    columns:
      status: { means: events.status }
";
    let model = "create view events as
with arrived as (select * from arrivals(raw.events))
select status as state from arrived";
    let mut files = locked_as(text, model);
    let spec = format!("{SPEC}{amendment}");
    files.insert("shop.spec.yaml".to_owned(), spec.into_bytes());
    let updates = update_locks(&check(&files).snapshot, &LockRequest::default());
    let lines = updates.iter().flat_map(|update| &update.lines);
    let outcomes: Vec<_> = lines.map(|line| &line.outcome).collect();
    assert!(
        !outcomes.is_empty() && outcomes.iter().all(|it| matches!(it, LockOutcome::Unknown)),
        "{outcomes:?}"
    );
    let text = &updates.first().unwrap().text;
    assert!(text.contains("status: { means: events.status }"), "{text}");
}
