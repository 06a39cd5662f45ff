//! The stages, each timed on its own.

use crate::corpus::{File, Known, Seen};
use meaning::canonical::canonical;
use meaning::derive::{Grain, NoFacts, Nullabilities, Types};
use meaning::difference::{Version, difference};
use meaning::lineage::lineage;
use meaning::witness::Facts;
use sql::lower::{Lowered, parsed};
use sql::relation::{Expression, Literal, Query};
use std::time::{Duration, Instant};

/// The best of so many rounds counts.
const ROUNDS: usize = 5;

/// What is done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Tokens and trees, once.
    Parse,
    /// The template masked, tokens and trees, as often as it takes for the tags to fit.
    Read,
    /// From trees to queries.
    Lower,
    /// From queries to what they mean.
    Canonical,
    /// What a hover asks for.
    Lineage,
    /// What a hover asks for besides: types, nullability, grain.
    Derive,
    /// Against the same query with another constant, with the search for an example.
    Difference,
}

impl Stage {
    pub(crate) const ALL: [Stage; 7] = [
        Stage::Parse,
        Stage::Read,
        Stage::Lower,
        Stage::Canonical,
        Stage::Lineage,
        Stage::Derive,
        Stage::Difference,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Stage::Parse => "parsing alone",
            Stage::Read => "template, then parsing",
            Stage::Lower => "lowering",
            Stage::Canonical => "canonical form",
            Stage::Lineage => "lineage",
            Stage::Derive => "types, nullability, grain",
            Stage::Difference => "one constant changed",
        }
    }
}

/// How long the stages took.
pub(crate) struct Measured {
    pub(crate) queries: usize,
    pub(crate) searched: bool,
    times: [Duration; Stage::ALL.len()],
}

impl Measured {
    pub(crate) fn of(&self, stage: Stage) -> Duration {
        let times = Stage::ALL.iter().zip(self.times);
        let mut times = times.filter(|(own, _)| **own == stage);
        times.next().map(|(_, time)| time).unwrap_or_default()
    }
}

/// Times every stage on a file; the search for examples, which takes longest, only where `searched`.
pub(crate) fn measure(file: &File, known: &Known, searched: bool) -> Measured {
    let (text, options) = (file.text.as_str(), &file.options);
    let catalog = Seen(known, file);
    let (read, parsed) = best(|| parsed(text, options), |_, _| true);
    let (parse, _) = best(
        || parsed.parse_again(),
        |one, two| one.count() == two.count(),
    );
    let (lower, lowered) = best(|| parsed.lower(&catalog), PartialEq::eq);
    let (canonical, _) = best(|| each(&lowered, canonical), PartialEq::eq);
    let (lineage, _) = best(
        || each(&lowered, |query| lineage(query, &|_, _| false)),
        PartialEq::eq,
    );
    let (derive, _) = best(|| each(&lowered, derived), PartialEq::eq);
    let compared = if searched { lowered.as_slice() } else { &[] };
    let changed: Vec<(&Query, Query)> = compared
        .iter()
        .filter_map(|lowered| Some((&lowered.query, changed(&lowered.query)?)))
        .collect();
    let start = Instant::now();
    for (old, new) in &changed {
        let version = |query| Version {
            query,
            upstream: &|_| None,
        };
        let found = difference(&version(old), &version(new), &Facts::default());
        assert!(found.columns.len() >= new.root().columns.len());
    }
    let difference = start.elapsed();
    Measured {
        queries: lowered.len(),
        searched: !changed.is_empty(),
        times: [parse, read, lower, canonical, lineage, derive, difference],
    }
}

/// The best time of several rounds, and what they all gave.
fn best<T>(run: impl Fn() -> T, same: impl Fn(&T, &T) -> bool) -> (Duration, T) {
    let timed = || {
        let start = Instant::now();
        let value = run();
        (start.elapsed(), value)
    };
    let (mut best, value) = timed();
    for _ in 1..ROUNDS {
        let (time, again) = timed();
        assert!(same(&value, &again), "every round gives the same");
        best = best.min(time);
    }
    (best, value)
}

fn each<T>(lowered: &[Lowered], of: impl Fn(&Query) -> T) -> Vec<T> {
    lowered.iter().map(|lowered| of(&lowered.query)).collect()
}

/// Types, nullability and keys of what a query gives, as text.
fn derived(query: &Query) -> (Vec<String>, Vec<Vec<usize>>) {
    let types = Types::new(query, &NoFacts);
    let nullabilities = Nullabilities::new(query, &NoFacts);
    let columns = 0..query.root().columns.len();
    let columns = columns.map(|position| {
        let data_type = types.column(query.root, position);
        let nullability = nullabilities.column(query.root, position);
        format!("{data_type:?} {nullability:?}")
    });
    let keys = Grain::new(query, &NoFacts).keys(query.root).to_vec();
    (columns.collect(), keys)
}

/// The query with another constant in place of its last one.
fn changed(query: &Query) -> Option<Query> {
    let mut changed = query.clone();
    for relation in changed.relations.iter_mut().rev() {
        let mut done = false;
        relation.for_each_expression_mut(&mut |expression| {
            expression.for_each_mut(&mut |part| {
                let other = match part {
                    _ if done => return,
                    Expression::Literal(Literal::Number(_)) => Literal::Number("4321".into()),
                    Expression::Literal(Literal::Text(_)) => Literal::Text("another".into()),
                    _ => return,
                };
                *part = Expression::Literal(other);
                done = true;
            });
        });
        if done {
            return Some(changed);
        }
    }
    None
}
