//! What came of the renames.

use std::collections::BTreeMap;
use std::fmt;

/// Counts, and what went wrong.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Columns that were renamed there and back.
    pub(super) renamed: usize,
    /// Tables that were.
    pub(super) renamed_tables: usize,
    /// Renames that a person would have to confirm.
    pub(super) unsure: usize,
    /// Files in which a name that was spelled in two ways is spelled in one of them afterwards.
    pub(super) recased: usize,
    /// Why others were refused, with the names left out.
    refused: BTreeMap<String, usize>,
    /// What must not be.
    pub(super) wrong: Vec<String>,
}

impl Tally {
    /// Counts a refusal.
    pub(super) fn refuse(&mut self, message: &str) {
        let parts = message.split('`').step_by(2);
        let reason = parts.collect::<Vec<_>>().join("…");
        *self.refused.entry(reason).or_default() += 1;
    }

    /// Adds what came of others.
    pub(super) fn extend(&mut self, other: Tally) {
        self.renamed += other.renamed;
        self.renamed_tables += other.renamed_tables;
        self.unsure += other.unsure;
        self.recased += other.recased;
        for (reason, count) in other.refused {
            *self.refused.entry(reason).or_default() += count;
        }
        self.wrong.extend(other.wrong);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} columns and {} tables renamed and renamed back, {} left for a person to confirm, {} wrong; \
             {} files with other letters",
            self.renamed,
            self.renamed_tables,
            self.unsure,
            self.wrong.len(),
            self.recased
        )?;
        for (reason, count) in &self.refused {
            writeln!(f, "{count:6} refused: {reason}")?;
        }
        Ok(())
    }
}
