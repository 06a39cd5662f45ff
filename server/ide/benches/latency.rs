//! How long an editor waits for answers about one place, in a generated workspace of 10,000 models, each
//! described by a spec, and for the quick fixes of a contradiction in a model of 1,000 lines. Prints times of
//! the slowest answers; only that there are such fixes is asserted, for machines differ.
//!
//! `cargo bench -p ide --bench latency`, with another number of models behind `--` where one wants it.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a measurement prints what it measured, and stops where it can't"
)]

use index::system::MemorySystem;
use index::{FileId, Snapshot, Workspace};
use mimalloc::MiMalloc;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use syntax::{TextRange, TextSize};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// How many places each answer is asked for at.
const PLACES: usize = 300;

fn main() {
    let models = std::env::args().find_map(|argument| argument.parse().ok());
    let models: usize = models.unwrap_or(10_000);
    let start = Instant::now();
    let snapshot = workspace(models);
    println!("{models} models read in {:.1?}", start.elapsed());
    println!(
        "{:<34} {:>10} {:>10} {:>10}",
        "answer", "p50", "p99", "most"
    );
    let step = (models / PLACES).max(1);
    let places: Vec<usize> = (0..models).step_by(step).collect();
    let each = |name: &str, ask: &dyn Fn(usize)| {
        let mut times: Vec<Duration> = places
            .iter()
            .map(|number| {
                let start = Instant::now();
                ask(*number);
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        let of = |share: usize| times.get((times.len() - 1) * share / 100).copied();
        let (p50, p99, most) = (of(50), of(99), of(100));
        let shown = |time: Option<Duration>| format!("{:.2?}", time.unwrap_or_default());
        println!(
            "{name:<34} {:>10} {:>10} {:>10}",
            shown(p50),
            shown(p99),
            shown(most)
        );
    };
    let sql = |number: usize, at: &str| place(&snapshot, &model_path(number), at);
    let spec = |number: usize, at: &str| place(&snapshot, &spec_path(number), at);
    let answers = checks::Answers::default();
    each("hover on a column in SQL", &|number| {
        let (file, offset) = sql(number, "column_3");
        black_box(ide::hover(&snapshot, &answers, file, offset));
    });
    each("hover on a column in a spec", &|number| {
        let (file, offset) = spec(number, "column_3");
        black_box(ide::hover(&snapshot, &answers, file, offset));
    });
    each("definition of a column in SQL", &|number| {
        let (file, offset) = sql(number, "column_3");
        black_box(ide::definition(&snapshot, file, offset));
    });
    each("definition of a table in SQL", &|number| {
        let (file, offset) = sql(number, " from ");
        black_box(ide::definition(&snapshot, file, offset));
    });
    each("declaration of a column", &|number| {
        let (file, offset) = spec(number, "- name: total");
        black_box(ide::declaration(&snapshot, file, offset));
    });
    each("type definition of a column", &|number| {
        let (file, offset) = sql(number, "column_3");
        black_box(ide::type_definition(&snapshot, file, offset));
    });
    let complete = |(file, offset): (FileId, TextSize)| {
        black_box(ide::completions(&snapshot, file, offset, true));
    };
    each("completion of a column", &|number| {
        complete(sql(number, "t."))
    });
    each("completion of a table", &|number| {
        complete(sql(number, " from "))
    });
    each("completion of a table, half typed", &|number| {
        let (file, start) = sql(number, " from ");
        complete((file, start + TextSize::of("model_12")));
    });
    each("completion in a sentence", &|number| {
        complete(spec(number, "guarantees: |\n      "));
    });
    each("completion of a key", &|number| {
        complete(spec(number, "    gua"))
    });
    each("lenses of a spec", &|number| {
        let (file, _) = spec(number, "product");
        for lens in ide::code_lenses(&snapshot, &answers, file) {
            black_box(ide::told_lens(&snapshot, &answers, &lens.told));
        }
    });
    each("inlay hints of a model", &|number| {
        let (file, _) = sql(number, "select");
        let whole = TextRange::up_to(TextSize::new(u32::MAX));
        black_box(ide::inlay_hints(&snapshot, file, whole));
    });
    each("symbols of a model", &|number| {
        let (file, _) = sql(number, "select");
        black_box(ide::document_symbols(&snapshot, file));
    });
    each("symbols of the workspace", &|number| {
        black_box(ide::workspace_symbols(
            &snapshot,
            &format!("model_{number}"),
        ));
    });
    quick_fixes();
}

/// Listing what can be done about a contradiction tries the edits of SQL, for only those that help are
/// offered.
fn quick_fixes() {
    let system = MemorySystem::new([("/w/rationale.toml", "")]);
    let long = long_model();
    system.write(model_path(0), long.clone());
    system.write(spec_path(0), spec(0));
    let mut workspace = Workspace::new(Arc::new(system), vec![PathBuf::from("/w")]);
    let reached = workspace.load();
    let snapshot = workspace.snapshot();
    let mut all = checks::Findings::default();
    all.update(&snapshot, &reached);
    let (file, offset) = place(&snapshot, &model_path(0), " as total");
    let findings = all.of_file(&snapshot, file);
    let place = ide::ActionPlace {
        snapshot: &snapshot,
        base: None,
        findings: &findings,
        file,
        range: TextRange::empty(offset),
    };
    for (name, detail) in [
        ("quick fixes by title", checks::Detail::Title),
        ("quick fixes with their edits", checks::Detail::Edits),
    ] {
        let start = Instant::now();
        let actions = ide::code_actions(&place, detail);
        let time = start.elapsed();
        let fixes = actions.iter().filter(|action| action.finding.is_some());
        let fixes = fixes.count();
        assert!(
            fixes > 0,
            "the contradiction is not found, or nothing is offered for it"
        );
        println!(
            "{name:<34} {time:>10.2?}   {fixes} of them, a model of {} lines",
            long.lines().count()
        );
    }
}

/// Forty layers in one statement, of which the first has what the last sums up.
fn long_model() -> String {
    let mut text =
        String::from("with layer_0 as (\n    select * from raw_data where deleted_at is null\n)");
    for layer in 1..40 {
        let columns: String = (0..20)
            .map(|column| format!("        coalesce(t.column_{column}, 0) as column_{column},\n"))
            .collect();
        let from = layer - 1;
        text.push_str(&format!(
            ",\nlayer_{layer} as (\n    select\n{columns}        t.id,\n        t.quantity\n    from layer_{from} as t\n)"
        ));
    }
    let columns: String = (0..20)
        .map(|column| format!("    t.column_{column},\n"))
        .collect();
    text.push_str(&format!(
        "\nselect\n{columns}    t.id,\n    sum(t.quantity) as total\nfrom layer_39 as t\ngroup by all\n"
    ));
    text
}

/// The place behind the first `at` in a file.
fn place(snapshot: &Snapshot, path: &str, at: &str) -> (FileId, TextSize) {
    let file = snapshot.file_at(Path::new(path)).expect("a file");
    let text = snapshot.text(file).expect("its text");
    let start = text.find(at).expect("a place in it");
    let offset = u32::try_from(start + at.len()).expect("a short text");
    (file.id, TextSize::new(offset))
}

fn workspace(models: usize) -> Snapshot {
    let system = MemorySystem::new([("/w/rationale.toml", "")]);
    for number in 0..models {
        system.write(model_path(number), model(number));
        system.write(spec_path(number), spec(number));
    }
    let mut workspace = Workspace::new(Arc::new(system), vec![PathBuf::from("/w")]);
    workspace.load();
    workspace.snapshot()
}

fn model_path(number: usize) -> String {
    format!("/w/models/model_{number}.sql")
}

fn spec_path(number: usize) -> String {
    format!("/w/specs/model_{number}.spec.yaml")
}

/// Reads the model before it, as in a chain of ten layers.
fn model(number: usize) -> String {
    let from = match number % 10 {
        0 => "raw_data".to_owned(),
        _ => format!("model_{}", number - 1),
    };
    let columns: String = (0..20)
        .map(|column| format!("    t.column_{column},\n"))
        .collect();
    format!(
        "with filtered as (\n    select * from {from} where deleted_at is null\n)\nselect\n{columns}    t.id,\n    sum(t.quantity * 1.5) as total\nfrom filtered as t\ngroup by all\n"
    )
}

fn spec(number: usize) -> String {
    let columns: String = (0..20)
        .map(|column| format!("      - name: column_{column}\n        description: The value numbered {column}.\n        why: Reports of team {column} show it.\n"))
        .collect();
    format!(
        "product: product_{}\ntables:\n  - name: model_{number}\n    description: Rows of layer {number}.\n    why: The next layer starts from these.\n    columns:\n{columns}      - name: total\n        since: a-{number}\namendments:\n  - id: a-{number}\n    requirement: The total is what is paid.\n    change: Done.\n    changes: [model_{number}.total]\n    guarantees: |\n      model_{number}.total = SUM(quantity * 1.5)\n      model_{number} excludes rows where deleted_at IS NOT NULL\n",
        number / 20
    )
}
