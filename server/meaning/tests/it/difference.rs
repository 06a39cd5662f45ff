//! How versions of models differ, on hand-written changes and on generated ones: a refactoring is
//! never taken for a change, and a change never for a refactoring.

mod judged;
mod side;

use crate::refactor::{Change as Edit, mutations, refactorings};
use crate::refactorings::{Project, folder, projects};
use judged::{Verdict, judge_mutation, judge_refactoring};
use sql::Dialect;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// The folders that are judged: those of the tests, or `REFACTOR_FOLDER` in `REFACTOR_DIALECT`.
fn judged_projects() -> Vec<Project> {
    let Ok(path) = std::env::var("REFACTOR_FOLDER") else {
        return projects();
    };
    let dialect = std::env::var("REFACTOR_DIALECT").unwrap_or_default();
    vec![Project {
        files: folder(&PathBuf::from(path)),
        dialect: dialect.parse().unwrap_or(Dialect::Generic),
    }]
}

/// The seeds that are judged: a few, or `REFACTOR_SEEDS`, the first and the last.
fn seeds(last: u64) -> std::ops::RangeInclusive<u64> {
    let given = std::env::var("REFACTOR_SEEDS").ok();
    match given.as_deref().and_then(|given| given.split_once('-')) {
        Some((first, last)) => first.parse().unwrap()..=last.parse().unwrap(),
        None => 1..=last,
    }
}

/// What came of all edits.
#[derive(Default)]
struct Tally {
    /// By kind: how many are told right, how many can't be told, how many are told wrong.
    kinds: BTreeMap<&'static str, [usize; 3]>,
    /// What is told wrong.
    wrong: Vec<String>,
    /// What can't be told.
    undecided: Vec<String>,
    slowest: Option<(Duration, String)>,
}

impl Tally {
    fn add(&mut self, edit: &Edit, verdict: Verdict) {
        let says = format!("{}: {}", edit.kind, edit.description);
        let count = self.kinds.entry(edit.kind).or_default();
        if self
            .slowest
            .as_ref()
            .is_none_or(|(slowest, _)| verdict.time > *slowest)
        {
            self.slowest = Some((verdict.time, says.clone()));
        }
        let told = || format!("{says}\n{}\n{:?}", verdict.told, edit.files_after);
        match verdict.right {
            Some(true) => count[0] += 1,
            None => {
                count[1] += 1;
                self.undecided.push(told());
            }
            Some(false) => {
                count[2] += 1;
                self.wrong.push(told());
            }
        }
    }

    fn of(&self, which: usize) -> usize {
        self.kinds.values().map(|count| count[which]).sum()
    }

    fn join(&mut self, other: Tally) {
        for (kind, counts) in other.kinds {
            let own = self.kinds.entry(kind).or_default();
            for (own, more) in own.iter_mut().zip(counts) {
                *own += more;
            }
        }
        self.wrong.extend(other.wrong);
        self.undecided.extend(other.undecided);
        self.slowest = self.slowest.take().max(other.slowest);
    }

    fn print(&self, what: &str) {
        println!(
            "{what}: {} right, {} undecided, {} wrong",
            self.of(0),
            self.of(1),
            self.of(2)
        );
        println!("slowest: {:?}", self.slowest);
        for (kind, [right, undecided, wrong]) in &self.kinds {
            println!("{right:5} {undecided:5} {wrong:5}  {kind}");
        }
        for undecided in &self.undecided {
            println!("UNDECIDED {undecided}\n");
        }
    }
}

/// Judges the edits of every project, each seed in a thread of its own.
fn tally(last_seed: u64, one: fn(&Project, u64, &mut Tally)) -> Tally {
    let projects = judged_projects();
    let mut all = Tally::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = seeds(last_seed)
            .map(|seed| {
                let projects = &projects;
                std::thread::Builder::new()
                    .stack_size(64 << 20)
                    .spawn_scoped(scope, move || {
                        let mut tally = Tally::default();
                        for project in projects {
                            one(project, seed, &mut tally);
                        }
                        tally
                    })
                    .unwrap()
            })
            .collect();
        for thread in threads {
            all.join(thread.join().unwrap());
        }
    });
    all
}

#[test]
fn no_refactoring_is_a_change() {
    let tally = tally(3, |project, seed, tally| {
        for edit in refactorings(&project.files, project.dialect, seed) {
            let verdict = judge_refactoring(project, &edit);
            tally.add(&edit, verdict);
        }
    });
    tally.print("refactorings");
    let (same, undecided) = (tally.of(0), tally.of(1));
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n\n"));
    if std::env::var("REFACTOR_FOLDER").is_err() {
        assert!(same + undecided >= 1_500, "{}", same + undecided);
        assert!(
            same * 100 >= (same + undecided) * 95,
            "{same} and {undecided}"
        );
    }
}

#[test]
fn no_mutation_is_the_same() {
    let tally = tally(1, |project, seed, tally| {
        for mutation in mutations(&project.files, project.dialect, seed) {
            // What the text leaves in doubt is judged all the same, to be sure that it ends.
            let verdict = judge_mutation(project, &mutation);
            if mutation.certain {
                tally.add(&mutation.change, verdict);
            }
        }
    });
    tally.print("mutations");
    let (changed, undecided) = (tally.of(0), tally.of(1));
    assert!(tally.wrong.is_empty(), "{}", tally.wrong.join("\n\n"));
    if std::env::var("REFACTOR_FOLDER").is_err() {
        assert!(
            changed * 100 >= (changed + undecided) * 50,
            "{changed} and {undecided}"
        );
    }
}
