//! What lowering and the canonical form cost beside parsing alone, and what else is computed from a
//! query when somebody looks at it.
//!
//! Asserts that every round gives the same; times are printed for people and decide nothing.
//! `cargo bench -p meaning --bench cost` takes the files of this repository, and those that
//! `tests/conformance/sql/fetch` has fetched; `… --bench cost -- FOLDER DIALECT` those of a folder.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a benchmark prints, reads its own files, and fails by panicking"
)]

mod corpus;
mod measure;

use corpus::{File, Known};
use measure::{Measured, Stage, measure};
use std::time::Duration;

/// Deep expressions need it; the server's own threads are as large.
const STACK: usize = 64 << 20;

/// In about so many files of a group an example is searched for, evenly.
const SEARCHED: usize = 100;

fn main() {
    let run = || {
        let mut arguments = std::env::args().skip(1).filter(|own| own != "--bench");
        let groups = match (arguments.next(), arguments.next()) {
            (Some(folder), Some(dialect)) => {
                vec![(folder.clone(), corpus::folder(&folder, &dialect))]
            }
            _ => corpus::shipped(),
        };
        for (name, files) in groups {
            report(&name, &files);
        }
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run);
    if let Err(panic) = thread.unwrap().join() {
        std::panic::resume_unwind(panic);
    }
}

fn report(name: &str, files: &[File]) {
    let known = Known::of(files);
    let stride = files.len().div_ceil(SEARCHED).max(1);
    let measured = files.iter().enumerate();
    let measured = measured.map(|(at, file)| measure(file, &known, at % stride == 0));
    let measured: Vec<Measured> = measured.collect();
    let lines: usize = files.iter().map(|file| file.text.lines().count()).sum();
    let queries: usize = measured.iter().map(|file| file.queries).sum();
    println!(
        "\n{name}: {} files, {lines} lines, {queries} queries",
        files.len()
    );
    println!(
        "{:>28} {:>10} {:>9} {:>9} {:>9} {:>9}  worst",
        "", "total", "parsing", "p50", "p99", "worst"
    );
    let parsing = total(&measured, Stage::Parse);
    for stage in Stage::ALL {
        let all = total(&measured, stage);
        let mut times: Vec<(Duration, &str)> = measured
            .iter()
            .zip(files)
            .filter(|(file, _)| stage != Stage::Difference || file.searched)
            .map(|(file, of)| (file.of(stage), of.name.as_str()))
            .collect();
        times.sort();
        let at = |share: usize| times.get((times.len().max(1) - 1) * share / 100).copied();
        let at = |share: usize| at(share).unwrap_or_default();
        println!(
            "{:>28} {:>10.1?} {:>8.2}x {:>9.1?} {:>9.1?} {:>9.1?}  {}",
            stage.name(),
            all,
            all.as_secs_f64() / parsing.as_secs_f64(),
            at(50).0,
            at(99).0,
            at(100).0,
            at(100).1,
        );
    }
    let both = total(&measured, Stage::Lower) + total(&measured, Stage::Canonical);
    println!(
        "{:>28} {both:>10.1?} {:>8.2}x",
        "lowering + canonical",
        both.as_secs_f64() / parsing.as_secs_f64()
    );
}

fn total(measured: &[Measured], stage: Stage) -> Duration {
    measured.iter().map(|file| file.of(stage)).sum()
}
