//! Mutated SQL and templates, for as long as one likes: no panic, no hang, no answer that contradicts
//! another. Inputs are the same for the same seed. Each runs within a time limit in a process of its own
//! kind, so that an overflow of the stack is found, too; what is found is made small before it is told.
//!
//! usage: `cargo bench -p meaning --bench fuzz -- TARGET SECONDS [SEED] [FOLDER]`, where the target is
//! `lower`, `canonical`, `difference`, `derive`, `render`, `evaluate` or `all`; or `… -- growth`, which
//! measures large queries; or `… -- one TARGET FILE`, which runs one input again.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a fuzzer reads the files it is given, prints what it found, and fails by a panic"
)]

mod corpus;
mod growth;
mod input;
mod mutate;
mod random;
mod supervise;
mod tables;
mod targets;
mod template;
mod tokens;
mod worker;

use input::Input;
use std::path::Path;
use std::time::Duration;
use supervise::Run;
use targets::{TARGETS, target};

fn main() {
    // Cargo passes `--bench`, too.
    let arguments = std::env::args().skip(1);
    let arguments: Vec<String> = arguments
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["growth", rest @ ..] => grow(rest.first().copied().unwrap_or_default()),
        ["one", name, file, ..] => {
            let input = Input::read(&std::fs::read_to_string(file).unwrap()).unwrap();
            worker::work_on(target(name).unwrap(), input);
        }
        ["work", name, seed, first, seconds, rest @ ..] => {
            let seeds = corpus::seeds(rest.first().map(Path::new));
            let time = Duration::from_secs(seconds.parse().unwrap());
            worker::work(
                target(name).unwrap(),
                seeds,
                seed.parse().unwrap(),
                first.parse().unwrap(),
                time,
            );
        }
        [name, seconds, rest @ ..] => {
            let mut found = false;
            for target in TARGETS
                .iter()
                .filter(|target| *name == "all" || *name == target.name)
            {
                found |= fuzz(&Run {
                    target: target.name,
                    seconds: seconds.parse().unwrap(),
                    seed: rest.first().map_or(1, |seed| seed.parse().unwrap()),
                    folder: rest.get(1).map(Path::new),
                });
            }
            std::process::exit(i32::from(found));
        }
        _ => println!("usage: TARGET SECONDS [SEED] [FOLDER] | growth | one TARGET FILE"),
    }
}

/// So many characters of a finding are shown; the file has all.
const SHOWN: usize = 1_500;

/// Whether it found anything.
fn fuzz(run: &Run<'_>) -> bool {
    let report = run.report();
    println!(
        "{}: {} inputs in {} s with seed {}, {} of them understood; {} kinds of findings",
        run.target,
        report.inputs,
        run.seconds,
        run.seed,
        report.understood,
        report.findings.len()
    );
    for (millis, number) in &report.slow {
        println!("  input {number} took {millis} ms");
    }
    let seeds = corpus::seeds(run.folder);
    for (finding, (times, number)) in &report.findings {
        println!("=== {finding}, {times} times, first by input {number}:");
        let input = run.shrunk(&seeds, finding, *number).written();
        let file =
            std::env::temp_dir().join(format!("fuzz-{}-{}-{number}.txt", run.target, run.seed));
        std::fs::write(&file, &input).unwrap();
        let shown: String = input.chars().take(SHOWN).collect();
        println!("{shown}\n({})", file.display());
    }
    assert!(report.inputs > 0, "nothing was run");
    !report.findings.is_empty()
}

/// Prints what large queries take, the slowest step of each first.
fn grow(only: &str) {
    let only = only.to_owned();
    let measure = move || {
        for (name, text) in growth::queries()
            .into_iter()
            .filter(|(name, _)| name.contains(&only))
        {
            let mut times = growth::measured(&text);
            times.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
            let shown = times
                .iter()
                .take(5)
                .map(|(step, time)| format!("{step} {:.1}", time.as_secs_f64() * 1000.0));
            println!("{name}: {} ms", shown.collect::<Vec<_>>().join(", "));
        }
    };
    let worker = std::thread::Builder::new()
        .stack_size(worker::STACK)
        .spawn(measure);
    worker.unwrap().join().unwrap();
}
