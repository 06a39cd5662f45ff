//! What an edit costs as the workspace grows: it must follow the size of the change.
//!
//! Asserts what was computed anew, as counts; times are printed for people and decide nothing.
//! `cargo bench -p index --bench growth`

#![allow(
    clippy::print_stdout,
    clippy::panic,
    clippy::expect_used,
    reason = "a benchmark prints, and fails by panicking"
)]

use index::system::MemorySystem;
use index::{Change, Reached, Workspace};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How many times each edit is made.
const EDITS: usize = 200;

fn main() {
    println!(
        "{:>8} {:>10} {:>22} {:>22}",
        "models", "load", "body edit p50/p99", "column edit p50/p99"
    );
    let mut counts = Vec::new();
    for size in [1_000, 10_000] {
        let mut workspace = Workspace::new(Arc::new(generate(size)), vec![PathBuf::from("/w")]);
        let start = Instant::now();
        let reached = workspace.load();
        let load = start.elapsed();
        assert_eq!(
            reached.facts_computed,
            size + size / 10 + 1,
            "every file is read once"
        );
        assert_eq!(
            workspace.snapshot().tables().len(),
            size,
            "every model is a table"
        );

        let body = |round: usize| {
            format!("select id, amount * {round} as amount from {{{{ ref('m4') }}}}")
        };
        let column =
            |round: usize| format!("select id, amount as amount_{round} from {{{{ ref('m4') }}}}");
        let (body_times, body_reached) = edit(&mut workspace, body);
        let (column_times, column_reached) = edit(&mut workspace, column);
        // Another computation of the same columns from the same tables joins nothing anew.
        assert_eq!(
            (body_reached.facts_computed, body_reached.tables_resolved),
            (1, 0)
        );
        assert_eq!(column_reached.facts_computed, 1);
        counts.push((body_reached.tables_resolved, column_reached.tables_resolved));
        println!(
            "{size:>8} {load:>10.1?} {:>22} {:>22}",
            format!("{:.1?}/{:.1?}", body_times.0, body_times.1),
            format!("{:.1?}/{:.1?}", column_times.0, column_times.1),
        );
    }
    assert!(
        counts.windows(2).all(|pair| pair.first() == pair.last()),
        "the size of the workspace shows: {counts:?}"
    );
}

/// A project in layers: each model selects from the one before it in its column of ten.
fn generate(size: usize) -> MemorySystem {
    let system = MemorySystem::default();
    system.write("/w/dbt_project.yml", "name: generated\n");
    for number in 0..size {
        let text = match number {
            0..5 => "select 1 as id, 2 as amount".to_owned(),
            _ => format!(
                "with source as (select * from {{{{ ref('m{}') }}}})\nselect id, amount, amount + {number} as plus_{number} from source\n",
                number - 5
            ),
        };
        system.write(format!("/w/models/m{number}.sql"), text);
        if number % 10 == 0 {
            let entries: String = (number..number + 10)
                .map(|number| format!("  - name: m{number}\n    columns:\n      - name: id\n        description: Identifies it.\n"))
                .collect();
            system.write(
                format!("/w/models/p{number}.yml"),
                format!("models:\n{entries}"),
            );
        }
    }
    system
}

/// The middle and the worst time of an edit, and what the last one reached.
fn edit(
    workspace: &mut Workspace,
    text: impl Fn(usize) -> String,
) -> ((Duration, Duration), Reached) {
    let path = PathBuf::from("/w/models/m9.sql");
    let mut times = Vec::new();
    let mut last = Reached::default();
    for round in 0..EDITS {
        let text = text(round).into();
        // Readers hold the state before: that is when a write has to copy.
        let held = workspace.snapshot();
        let start = Instant::now();
        last = workspace.apply(vec![Change::Edited {
            path: path.clone(),
            text,
        }]);
        times.push(start.elapsed());
        drop(held);
    }
    times.sort();
    let at = |share: usize| {
        *times
            .get(times.len() * share / 100)
            .expect("there are times")
    };
    ((at(50), at(99)), last)
}
