//! From a keystroke to the published diagnostics: the real server over a pipe, on generated workspaces of
//! 100 and of 1,000 models, each described by a spec that guarantees something of it.
//!
//! Prints times. What it asserts are counts and a ratio: a keystroke has the facts of one file computed
//! anew, answers the sentences that it can change and no other, and does not cost more the larger the
//! workspace is. Arguments choose among what is typed, by parts of its name.

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
use mimalloc::MiMalloc;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

/// As the program has it: what is measured allocates much.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How often something is typed, each time.
const KEYSTROKES: usize = 300;

/// More than this between 100 and 1,000 models would mean that the whole workspace is worked through.
const MOST_GROWTH: f64 = 3.0;

/// Models read the one before them, in chains of so many.
const CHAIN: usize = 10;

/// What is guaranteed of a model.
const SENTENCES: &[&str] = &[
    "total = SUM(quantity * 1.5)",
    "total exists",
    "total is never null",
    "id is unique",
    "column_3 comes from raw_data.column_3",
];

/// What is guaranteed of it as a table.
const OF_TABLE: &[&str] = &[
    "excludes rows where deleted_at IS NOT NULL",
    "reads raw_data",
    "never comes from raw_data.secret",
];

/// Something that is typed, and what that may have computed anew at most.
struct Typing {
    name: &'static str,
    path: String,
    text: String,
    /// A letter is typed behind this, and deleted again.
    behind: &'static str,
    letter: &'static str,
    /// So many sentences can have another answer.
    sentences: usize,
}

fn main() {
    let counted = Counted::default();
    tracing_subscriber::registry()
        .with(Counting(counted.clone()))
        .init();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    println!(
        "{:>7}  {:<34} {:>10} {:>10}  {:>9} {:>8} {:>8}",
        "models", "keystroke in", "p50", "p99", "sentences", "queries", "lowered"
    );
    let small = runtime.block_on(measure(100, &counted));
    let large = runtime.block_on(measure(1000, &counted));
    let growth = large.as_secs_f64() / small.as_secs_f64();
    println!("ten times the models cost {growth:.2} times as much");
    assert!(
        growth < MOST_GROWTH,
        "a keystroke costs more in a larger workspace"
    );
}

/// The median of a keystroke in the body of a model, in a workspace of `models` models.
async fn measure(models: usize, counted: &Counted) -> Duration {
    let client = Setup::new(workspace(models)).start().await;
    // The last spec has a finding once everything is read.
    client.codes(&spec_path(models - 1), &["missing-why"]).await;
    let mut medians = Vec::new();
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let wanted: Vec<&String> = wanted
        .iter()
        .filter(|part| !part.starts_with('-'))
        .collect();
    for typing in typings(models / 2) {
        if !wanted.is_empty() && !wanted.iter().any(|part| typing.name.contains(*part)) {
            continue;
        }
        let (mut times, most) = keystrokes(&client, &typing, counted).await;
        times.sort();
        let of = |share: usize| times[(times.len() - 1) * share / 100];
        println!(
            "{models:>7}  {:<34} {:>10.2?} {:>10.2?}  {:>9} {:>8} {:>8}",
            typing.name,
            of(50),
            of(99),
            most["sentences"],
            most["queries"],
            most["files_lowered"],
        );
        let Typing { name, path, .. } = &typing;
        assert_eq!(
            most["facts_computed"], 1,
            "{name}: a keystroke has more than its own file read again"
        );
        assert!(
            most["sentences"] <= typing.sentences as u64,
            "{name}: a keystroke has {} sentences answered again, of {} that it may change",
            most["sentences"],
            typing.sentences
        );
        assert!(
            most["files_lowered"] <= CHAIN as u64 + 1,
            "{name}: a keystroke has {} files lowered again",
            most["files_lowered"]
        );
        medians.push(of(50));
        client.close(path).await;
    }
    medians[0]
}

/// What is typed: in the first model of a chain, which nine others read, in the last, which nobody does,
/// and in the spec of the first.
fn typings(first: usize) -> Vec<Typing> {
    let last = first + CHAIN - 1;
    let each = SENTENCES.len() + OF_TABLE.len();
    let in_model = |name, number, behind, letter, sentences| Typing {
        name,
        path: model_path(number),
        text: model(number),
        behind,
        letter,
        sentences,
    };
    let all = CHAIN * each;
    vec![
        in_model("a value that nobody reads", first, "1.5", "2", each),
        in_model(
            "a filter whose rows 9 models read",
            first,
            "id > 1",
            "2",
            all,
        ),
        in_model(
            "a filter whose rows nobody reads",
            last,
            "id > 1",
            "2",
            each,
        ),
        // Its own findings move with the text.
        in_model("a comment in a model", first, "-- It is", "x", each),
        Typing {
            name: "the prose of a spec",
            path: spec_path(first),
            text: spec(first),
            behind: "kept for a test",
            letter: "x",
            sentences: each,
        },
        in_model("the name of a column", first, "total", "2", all),
    ]
}

/// Types and deletes a letter, again and again. The time of each keystroke, and the most that any of them
/// had computed anew.
async fn keystrokes(
    client: &Client,
    typing: &Typing,
    counted: &Counted,
) -> (Vec<Duration>, BTreeMap<String, u64>) {
    let path = &typing.path;
    let before = typing.text.split(typing.behind).next().unwrap();
    let line = before.matches('\n').count();
    let column = before.rsplit('\n').next().unwrap().len() + typing.behind.len();
    let (here, behind) = (
        json!({ "line": line, "character": column }),
        json!({ "line": line, "character": column + 1 }),
    );
    client.open(path, 0, &typing.text).await;
    client
        .diagnostics(path, |params| params["version"] == 0)
        .await;
    let mut times = Vec::new();
    let mut most: BTreeMap<String, u64> = BTreeMap::new();
    for version in 1..=KEYSTROKES {
        let (end, letter) = if version % 2 == 1 {
            (&here, typing.letter)
        } else {
            (&behind, "")
        };
        let change = json!([{ "range": { "start": here, "end": end }, "text": letter }]);
        counted.0.lock().unwrap().clear();
        let start = Instant::now();
        client
            .change(path, i32::try_from(version).unwrap(), change)
            .await;
        client
            .diagnostics(path, |params: &Value| params["version"] == version)
            .await;
        times.push(start.elapsed());
        for (name, value) in counted.0.lock().unwrap().iter() {
            let most = most.entry(name.clone()).or_default();
            *most = (*most).max(*value);
        }
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
    let from = if number.is_multiple_of(CHAIN) {
        "raw_data".to_owned()
    } else {
        format!("model_{}", number - 1)
    };
    let columns: String = (0..10)
        .map(|column| format!("    t.column_{column},\n"))
        .collect();
    format!(
        "create table model_{number} as\nwith filtered as (\n    select * from {from} where deleted_at is null and id > 1\n)\n-- It is summed up for each row.\nselect\n{columns}    t.id,\n    t.deleted_at,\n    max(t.quantity) as quantity,\n    sum(t.quantity * 1.5) as total\nfrom filtered as t\ngroup by all;\n"
    )
}

/// Says everything but why there is a total.
fn spec(number: usize) -> String {
    let names = (0..10).map(|column| format!("column_{column}"));
    let columns: String = names
        .chain(["deleted_at", "quantity"].map(str::to_owned))
        .map(|name| format!("      - name: {name}\n        description: The value of {name}, kept for a test.\n        why: Reports of the team of {name} show it.\n"))
        .collect();
    format!(
        "product: product_{number}\ntables:\n  - name: model_{number}\n    description: Rows of the layer numbered {number}.\n    why: The layer after it starts from these.\n    columns:\n{columns}      - name: id\n        description: Identifies the row in its source.\n        why: Joins the row to its source.\n      - name: total\n        description: What all of it costs together.\n{}",
        amendment(number)
    )
}

/// What is guaranteed of each model.
fn amendment(number: usize) -> String {
    let of_columns = SENTENCES
        .iter()
        .map(|sentence| format!("model_{number}.{sentence}"));
    let of_table = OF_TABLE
        .iter()
        .map(|sentence| format!("model_{number} {sentence}"));
    let sentences: Vec<String> = of_columns.chain(of_table).collect();
    format!(
        "amendments:\n  - id: 1\n    requirement: The total is what is paid.\n    change: Done.\n    guarantees: |\n      {}\n",
        sentences.join("\n      ")
    )
}

/// The sums of what the server says that it has done, by what it calls it.
#[derive(Clone, Default)]
struct Counted(Arc<Mutex<BTreeMap<String, u64>>>);

/// Adds up what the server says that it has done.
struct Counting(Counted);

impl<S: tracing::Subscriber> Layer<S> for Counting {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        event.record(&mut Sum(&self.0));
    }
}

struct Sum<'a>(&'a Counted);

impl Visit for Sum<'_> {
    fn record_u64(&mut self, field: &Field, value: u64) {
        let mut counted = self.0.0.lock().unwrap();
        *counted.entry(field.name().to_owned()).or_default() += value;
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}
