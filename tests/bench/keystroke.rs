//! From a keystroke to the published diagnostics: the real server over a pipe, on generated
//! workspaces of 100 and of 1,000 models, each described by a spec.
//!
//! Prints times. What it asserts are counts and a ratio: a keystroke in the body of a model has the
//! facts of one file computed anew, and does not cost more the larger the workspace is.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::allow_attributes_without_reason)]

#[path = "../e2e/client.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod client;

use client::{Client, Setup};
use index::system::MemorySystem;
use serde_json::{Value, json};
use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

const KEYSTROKES: usize = 500;

/// More than this between 100 and 1,000 models would mean that the whole workspace is worked through.
const MOST_GROWTH: f64 = 3.0;

fn main() {
    let computed = Arc::new(AtomicU64::new(0));
    tracing_subscriber::registry()
        .with(Counting(computed.clone()))
        .init();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    println!(
        "{:>7}  {:<28} {:>10} {:>10}  files computed anew, each time",
        "models", "keystroke in", "p50", "p99"
    );
    let small = runtime.block_on(measure(100, &computed));
    let large = runtime.block_on(measure(1000, &computed));
    let growth = large.as_secs_f64() / small.as_secs_f64();
    println!("ten times the models cost {growth:.2} times as much");
    assert!(
        growth < MOST_GROWTH,
        "a keystroke costs more in a larger workspace"
    );
}

/// The median of a keystroke in the body of a model, in a workspace of `models` models.
async fn measure(models: usize, computed: &AtomicU64) -> Duration {
    let client = Setup::new(workspace(models)).start().await;
    // The last spec has a finding once everything is read.
    client.codes(&spec_path(models - 1), &["missing-why"]).await;

    let middle = models / 2;
    let sql = model(middle);
    let body = (
        "the body of a model",
        model_path(middle),
        sql.clone(),
        "1.5",
    );
    let alias = ("the name of a column", model_path(middle), sql, "total");
    let prose = (
        "the prose of a spec",
        spec_path(middle),
        spec(middle),
        "kept for a test",
    );
    let mut medians = Vec::new();
    for (name, path, text, at) in [body, prose, alias] {
        let (mut times, most) = keystrokes(&client, &path, &text, at, computed).await;
        times.sort();
        let of = |share: usize| times[(times.len() - 1) * share / 100];
        println!(
            "{models:>7}  {name:<28} {:>10.2?} {:>10.2?}  {most}",
            of(50),
            of(99)
        );
        assert_eq!(
            most, 1,
            "{name}: a keystroke has more than its own file read again"
        );
        medians.push(of(50));
        client.close(&path).await;
    }
    medians[0]
}

/// Types and deletes a letter behind `at`, again and again. The time of each keystroke, and the most
/// files that any of them had computed anew.
async fn keystrokes(
    client: &Client,
    path: &str,
    text: &str,
    at: &str,
    computed: &AtomicU64,
) -> (Vec<Duration>, u64) {
    let before = text.split(at).next().unwrap();
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap().len() + at.len();
    let (here, behind) = (
        json!({ "line": line, "character": column }),
        json!({ "line": line, "character": column + 1 }),
    );
    client.open(path, 0, text).await;
    client
        .diagnostics(path, |params| params["version"] == 0)
        .await;
    let mut times = Vec::new();
    let mut most = 0;
    for version in 1..=KEYSTROKES {
        let (end, letter) = if version % 2 == 1 {
            (&here, "2")
        } else {
            (&behind, "")
        };
        let change = json!([{ "range": { "start": here, "end": end }, "text": letter }]);
        computed.store(0, Ordering::SeqCst);
        let start = Instant::now();
        client
            .change(path, i32::try_from(version).unwrap(), change)
            .await;
        client
            .diagnostics(path, |params: &Value| params["version"] == version)
            .await;
        times.push(start.elapsed());
        most = most.max(computed.load(Ordering::SeqCst));
    }
    (times, most)
}

fn workspace(models: usize) -> MemorySystem {
    let system = MemorySystem::new([("/w/rationale.toml", "")]);
    for number in 0..models {
        system.write(model_path(number), model(number));
        system.write(spec_path(number), spec(number));
    }
    system
}

fn model_path(number: usize) -> String {
    format!("/w/models/model_{number}.sql")
}

fn spec_path(number: usize) -> String {
    format!("/w/specs/model_{number}.spec.yaml")
}

/// Reads the model before it, as in a chain of ten layers.
fn model(number: usize) -> String {
    let from = if number.is_multiple_of(10) {
        "raw_data".to_owned()
    } else {
        format!("model_{}", number - 1)
    };
    let columns: String = (0..12)
        .map(|column| format!("    t.column_{column},\n"))
        .collect();
    format!(
        "create table model_{number} as\nwith filtered as (\n    select * from {from} where deleted_at is null\n)\nselect\n{columns}    t.id,\n    sum(t.quantity * 1.5) as total\nfrom filtered as t\ngroup by all;\n"
    )
}

/// Says everything but why there is a total.
fn spec(number: usize) -> String {
    let columns: String = (0..12)
        .map(|column| format!("      - name: column_{column}\n        description: The value numbered {column}, kept for a test.\n        why: Reports of the team numbered {column} show it.\n"))
        .collect();
    format!(
        "product: product_{number}\ntables:\n  - name: model_{number}\n    description: Rows of the layer numbered {number}.\n    why: The layer after it starts from these.\n    columns:\n{columns}      - name: id\n        description: Identifies the row in its source.\n        why: Joins the row to its source.\n      - name: total\n        description: What all of it costs together.\n{}",
        amendment(number)
    )
}

/// What is guaranteed of each model: every sentence of it is answered anew with each keystroke.
fn amendment(number: usize) -> String {
    let sentences = [
        "total = SUM(quantity * 1.5)",
        "total exists",
        "total is never null",
        "id is unique",
        "column_3 comes from raw_data.column_3",
    ];
    let sentences: String = sentences
        .map(|sentence| format!("      model_{number}.{sentence}\n"))
        .concat();
    format!(
        "amendments:\n  - id: 1\n    requirement: The total is what is paid.\n    change: Done.\n    guarantees: |\n{sentences}      model_{number} excludes rows where deleted_at IS NOT NULL\n      model_{number} reads raw_data\n      model_{number} never comes from raw_data.secret\n"
    )
}

/// Adds up how many files' facts the server says it has computed.
struct Counting(Arc<AtomicU64>);

impl<S: tracing::Subscriber> Layer<S> for Counting {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        event.record(&mut Sum(&self.0));
    }
}

struct Sum<'a>(&'a AtomicU64);

impl Visit for Sum<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "facts_computed" {
            self.0.fetch_add(value, Ordering::SeqCst);
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
