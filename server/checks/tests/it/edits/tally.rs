//! What came of many edits.

use super::product::Found;
use crate::edits_of_models::{Change, Mutation};
use std::collections::{BTreeMap, BTreeSet};

/// What came of an edit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Judged {
    /// What should be said is said.
    Right,
    /// It is said that it can't be told.
    Open,
    /// Nothing is said, and the edit may be without effect.
    Equivalent,
    /// What is said is wrong, or what should be said is not.
    Wrong,
}

/// What came of all edits.
#[derive(Debug, Default)]
pub(super) struct Tally {
    kinds: BTreeMap<(&'static str, Judged), usize>,
    pub(super) wrong: Vec<String>,
    others: Vec<String>,
}

impl Tally {
    pub(super) fn add(&mut self, edit: &Change, judged: Judged, found: &[Found]) {
        *self.kinds.entry((edit.kind, judged)).or_default() += 1;
        let says = format!("{}: {}", edit.kind, edit.description);
        let messages = found.iter().map(|found| found.message.as_str());
        let messages: Vec<&str> = messages.collect();
        let told = format!("{judged:?} {says}\n  {}", messages.join("\n  "));
        match judged {
            Judged::Right => {}
            Judged::Open | Judged::Equivalent => self.others.push(told),
            Judged::Wrong => self.wrong.push(format!("{told}\n{:?}", edit.files_after)),
        }
    }

    /// A mutation of which nothing is said, as the generator allows.
    pub(super) fn add_equivalent(&mut self, mutation: &Mutation) {
        let Change {
            kind, description, ..
        } = &mutation.change;
        let count = self.kinds.entry((kind, Judged::Equivalent)).or_default();
        *count += 1;
        let doubt = mutation.doubt();
        self.others
            .push(format!("Equivalent {kind}: {description}: {doubt}"));
    }

    pub(super) fn of(&self, wanted: Judged) -> usize {
        let counts = self.kinds.iter();
        let counts = counts.filter(|((_, judged), _)| *judged == wanted);
        counts.map(|(_, count)| count).sum()
    }

    #[expect(clippy::print_stdout, reason = "what is measured is read by people")]
    pub(super) fn print(&self, what: &str) {
        println!(
            "{what}: {} right, {} can't be told, {} without effect, {} wrong",
            self.of(Judged::Right),
            self.of(Judged::Open),
            self.of(Judged::Equivalent),
            self.of(Judged::Wrong),
        );
        let kinds: BTreeSet<&str> = self.kinds.keys().map(|(kind, _)| *kind).collect();
        for kind in kinds {
            let of = |judged| self.kinds.get(&(kind, judged)).copied().unwrap_or_default();
            println!(
                "{:5} {:5} {:5} {:5}  {kind}",
                of(Judged::Right),
                of(Judged::Open),
                of(Judged::Equivalent),
                of(Judged::Wrong)
            );
        }
        for other in &self.others {
            println!("{other}");
        }
    }
}
