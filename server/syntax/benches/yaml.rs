//! How long parsing and editing YAML take, and how that grows: `cargo bench -p syntax --bench yaml`.
//!
//! What counts are the ratios in the last column, which do not depend on the machine: four times
//! the lines should take four times the time. The results are asserted, so that nothing is measured
//! that is not done.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark talks to who runs it"
)]

use std::time::{Duration, Instant};
use syntax::yaml::{Editor, Position, Value, parse, parse_strict, parse_tolerant};

const SPEC: &str = include_str!("../tests/fixtures/orders.spec.yaml");

fn main() {
    let (small, large) = (spec(5_000), spec(20_000));
    println!(
        "{:24} {:>12} {:>12} {:>8}",
        "", "5,000 lines", "20,000", "ratio"
    );
    for (name, run) in RUNS {
        let (small, large) = (median(run, &small), median(run, &large));
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        println!("{name:24} {small:>12.2?} {large:>12.2?} {ratio:>8.2}");
    }
}

type Run = fn(&str);

const RUNS: [(&str, Run); 4] = [
    ("strict", |text| assert!(parse_strict(text).is_ok())),
    ("tolerant", |text| {
        assert_eq!(parse_tolerant(text).problems, []);
    }),
    ("one broken line", |text| {
        let broken = text.replacen("unit: USD", "unit: USD: x", 1);
        assert_eq!(parse(&broken).problems.len(), 1);
    }),
    ("one edit, verified", |text| {
        let value = Value::text("x");
        let edits = Editor::new(text).insert_entry(&[], "note", &value, Position::Last);
        assert_eq!(edits.unwrap().len(), 1);
    }),
];

/// The spec of the tests with its tables again and again, to at least `lines` lines.
fn spec(lines: usize) -> String {
    let (head, rest) = SPEC.split_once("tables:\n").unwrap();
    let (tables, rest) = rest.split_once("exemptions:\n").unwrap();
    let times = lines / tables.lines().count() + 1;
    format!("{head}tables:\n{}exemptions:\n{rest}", tables.repeat(times))
}

fn median(run: Run, text: &str) -> Duration {
    let mut times: Vec<Duration> = (0..21)
        .map(|_| {
            let start = Instant::now();
            run(text);
            start.elapsed()
        })
        .collect();
    times.sort();
    times.into_iter().nth(10).unwrap()
}
