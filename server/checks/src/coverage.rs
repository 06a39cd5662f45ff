//! How much of what was agreed is checked at all: silence must not read as a pass.

use crate::answers::Outcome;
use crate::findings::Findings;
use index::Snapshot;
use spec::history::{History, Standing};
use std::fmt;

/// What became of everything that amendments in force guarantee and promise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Guarantees that hold.
    pub hold: usize,
    /// Guarantees that the SQL contradicts.
    pub contradicted: usize,
    /// Guarantees that an operator lets data break.
    pub at_risk: usize,
    /// Guarantees of which it can't be told from the SQL.
    pub cant_be_told: usize,
    /// Promises, which people judge.
    pub promises: usize,
    /// Amendments without a guarantee.
    pub guarantee_nothing: usize,
}

impl Coverage {
    /// What `findings` came to about the workspace.
    pub fn of(findings: &Findings, snapshot: &Snapshot) -> Coverage {
        let mut coverage = Coverage::default();
        let mut answered = 0;
        for answer in findings.answers().all() {
            answered += 1;
            *match answer.outcome {
                Outcome::Holds => &mut coverage.hold,
                Outcome::Contradicted => &mut coverage.contradicted,
                Outcome::AtRisk => &mut coverage.at_risk,
                Outcome::Undecided(_) => &mut coverage.cant_be_told,
            } += 1;
        }
        let mut sentences = 0;
        for product in snapshot.products() {
            let files = snapshot.product_files(product).into_iter();
            let files = files.filter(|file| !file.quiet);
            let history = History::new(
                files.filter_map(|file| Some((file.id, file.native_spec()?.amendments.as_slice()))),
            );
            for entry in &history.entries {
                if entry.standing != Standing::InForce {
                    continue;
                }
                coverage.promises += entry.amendment.promises.len();
                coverage.guarantee_nothing += usize::from(entry.amendment.guarantees.is_empty());
                let Some(file) = snapshot.file(entry.file) else {
                    continue;
                };
                let parsed = file.guarantees(entry.ordinal).enumerate();
                let in_force = parsed.filter(|(ordinal, parsed)| {
                    parsed.is_ok() && !entry.superseded_guarantees.contains_key(ordinal)
                });
                sentences += in_force.count();
            }
        }
        // A sentence about a table that is not there has no answer of its own.
        coverage.cant_be_told += sentences.saturating_sub(answered);
        coverage
    }

    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        *self == Coverage::default()
    }
}

impl fmt::Display for Coverage {
    /// `41 guarantees hold, 3 at risk, 5 can't be told, 7 promises for people to judge, 6 amendments
    /// guarantee nothing`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counted = |count: usize, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            count => format!("{count} {many}"),
        };
        let mut parts = vec![counted(self.hold, "guarantee holds", "guarantees hold")];
        if self.contradicted > 0 {
            parts.push(format!("{} contradicted", self.contradicted));
        }
        parts.push(format!("{} at risk", self.at_risk));
        parts.push(format!("{} can't be told", self.cant_be_told));
        parts.push(counted(
            self.promises,
            "promise for people to judge",
            "promises for people to judge",
        ));
        parts.push(counted(
            self.guarantee_nothing,
            "amendment guarantees nothing",
            "amendments guarantee nothing",
        ));
        f.write_str(&parts.join(", "))
    }
}
