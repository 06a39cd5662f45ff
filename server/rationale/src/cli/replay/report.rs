//! What a replay found out.

use crate::revision::{Commit, CutOff};
use meaning::canonical::ClauseMeaning;
use meaning::witness::Witness;

/// A history, and what each commit of it did.
pub(super) struct Replay {
    /// The commits, oldest first.
    pub(super) commits: Vec<Replayed>,
    /// Why there are fewer than were asked for.
    pub(super) cut_off: Option<CutOff>,
    /// The dialects that the SQL was read in, and how each was found out.
    pub(super) dialects: Vec<String>,
    /// The project uses dbt packages that are not installed.
    pub(super) lacks_packages: bool,
}

/// What a commit did.
pub(super) struct Replayed {
    pub(super) commit: Commit,
    pub(super) effect: Effect,
    /// What changed, as examples prove; what reaches furthest comes first.
    pub(super) changes: Vec<Change>,
    /// How many columns, and tables' rows, can't be told to mean the same.
    pub(super) undecided: usize,
    /// Whether it changed a word about any of the tables in `changes`.
    pub(super) words: bool,
}

/// What a commit did to the meaning of the data, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It has no part in SQL.
    NoSql,
    /// SQL changed, and every column and row means the same.
    Same,
    /// Models or columns came, went, or got another name or type, and nothing else.
    Shape,
    /// Something can't be told to mean the same, and nothing is proved to be changed.
    Undecided,
    /// A column means something else, or a table has other rows.
    Changed,
}

/// A column that means something else, or a table that has other rows.
pub(super) struct Change {
    /// The table's name.
    pub(super) table: String,
    /// Its file.
    pub(super) path: String,
    /// What of it.
    pub(super) what: Changed,
    /// The example that proves it.
    pub(super) witness: Witness,
    /// How many columns and tables downstream it can change.
    pub(super) reach: Counts,
}

/// What of a table changed.
pub(super) enum Changed {
    /// A column.
    Column {
        name: String,
        was: String,
        now: String,
    },
    /// Which rows it has: the clauses that are gone, and those that have come.
    Rows {
        was: Vec<ClauseMeaning>,
        now: Vec<ClauseMeaning>,
    },
}

/// How much lies downstream. What reaches more tables reaches further, then what reaches more columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Counts {
    pub(super) tables: usize,
    pub(super) columns: usize,
}

impl Replay {
    /// The commits with this effect.
    pub(super) fn with(&self, effect: Effect) -> impl Iterator<Item = &Replayed> {
        self.commits
            .iter()
            .filter(move |replayed| replayed.effect == effect)
    }

    /// The commits whose changes reach furthest, each with that change: furthest first, of equals the
    /// newest.
    pub(super) fn furthest(&self, most: usize) -> Vec<(&Replayed, &Change)> {
        let changed = self.commits.iter().rev();
        let mut furthest: Vec<(&Replayed, &Change)> = changed
            .filter_map(|replayed| Some((replayed, replayed.changes.first()?)))
            .collect();
        furthest.sort_by_key(|(_, change)| std::cmp::Reverse(change.reach));
        furthest.truncate(most);
        furthest
    }
}
