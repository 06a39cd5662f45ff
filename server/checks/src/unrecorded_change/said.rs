//! What a change is told as: what happened to what, what it meant and means now, and an example.

use crate::drift::example;
use crate::shorten::{cut, pair};
use crate::words::listed;
use index::relations::Run;
use meaning::canonical::{ClauseMeaning, ColumnMeaning};
use meaning::difference::{Change, ColumnChange, ColumnDifference, RowsDifference};
use syntax::Name;

/// So many columns are named that can't be told.
const MOST_NAMED: usize = 3;

/// Longer meanings are shortened in messages.
const MOST_LETTERS: usize = 240;

/// What is so, as sentences.
pub(super) struct Said {
    /// The start of a sentence: what happened to what.
    pub(super) what: String,
    /// What it meant, and means.
    pub(super) meanings: Option<String>,
    /// A row on which the two differ.
    pub(super) example: Option<String>,
    /// It is proved.
    pub(super) is_certain: bool,
}

impl Said {
    /// A column that differs.
    pub(super) fn of_column(name: &Name, column: &ColumnDifference) -> Said {
        let was = column.was.as_ref().map(|was| was.meaning.to_string());
        let now = column.now.as_ref().map(|now| now.meaning.to_string());
        let meanings = match (was, now) {
            (Some(was), Some(now)) => {
                let (was, now) = pair(&was, &now, MOST_LETTERS);
                Some(format!("Was: `{was}`. Now: `{now}`."))
            }
            (Some(was), None) => Some(format!("It was `{}`.", cut(&was, MOST_LETTERS))),
            (None, Some(now)) => Some(format!("It is `{}`.", cut(&now, MOST_LETTERS))),
            (None, None) => None,
        };
        let (what, meanings) = match &column.change {
            ColumnChange::Added => {
                let is_told =
                    |now: &ColumnMeaning| now.meaning.is_known() && now.meaning.is_resolved();
                let meanings = meanings.filter(|_| column.now.as_ref().is_some_and(is_told));
                (format!("`{name}` has come"), meanings)
            }
            ColumnChange::Removed => (format!("`{name}` is gone"), meanings),
            ColumnChange::Renamed(old) => {
                let meanings = Some("It means the same.".to_owned());
                (format!("`{old}` is called `{name}`"), meanings)
            }
            ColumnChange::Same => {
                let types = column.types();
                match types {
                    Some((Some(was), Some(now))) => (
                        format!("`{name}` has another type"),
                        Some(format!("Was: `{was}`. Now: `{now}`.")),
                    ),
                    Some((Some(was), None)) => (
                        format!("`{name}` can't be shown to have the same type"),
                        Some(format!("It was cast to `{was}`, which rounds.")),
                    ),
                    Some((None, Some(now))) => (
                        format!("`{name}` can't be shown to have the same type"),
                        Some(format!("It is cast to `{now}`, which rounds.")),
                    ),
                    Some((None, None)) | None => (format!("`{name}` means what it meant"), None),
                }
            }
            ColumnChange::Changed => (format!("`{name}` means something else"), meanings),
            ColumnChange::Undecided => (
                format!("`{name}` can't be shown to mean the same"),
                meanings,
            ),
        };
        Said {
            what,
            meanings,
            example: column.witness.as_ref().map(example::of_column),
            is_certain: match &column.change {
                ColumnChange::Undecided => false,
                // What has no cast may have the type all the same.
                ColumnChange::Same => matches!(column.types(), Some((Some(_), Some(_)))),
                _ => true,
            },
        }
    }

    /// Also says that these columns can't be told.
    pub(super) fn and_columns(mut self, columns: &[&ColumnDifference]) -> Said {
        let names = columns.iter().filter_map(|column| column.name.as_ref());
        let names: Vec<&Name> = names.collect();
        if !names.is_empty() {
            let named = listed(&names, MOST_NAMED);
            let too = format!("Nor can {named} be shown to mean the same.");
            let before = self.meanings.take().into_iter();
            let all: Vec<String> = before.chain([too]).collect();
            self.meanings = Some(all.join(" "));
        }
        self
    }

    /// Also says in which run that is so.
    pub(super) fn of_run(mut self, run: Run) -> Said {
        if run == Run::Incremental {
            self.what = format!("In an incremental run {}", self.what);
        }
        self
    }

    /// Rows of `table` that differ.
    pub(super) fn of_rows(table: &str, rows: &RowsDifference) -> Said {
        let is_certain = rows.change == Change::Changed;
        let what = match is_certain {
            true => format!("`{table}` holds other rows"),
            false => format!("`{table}` can't be shown to hold the same rows"),
        };
        let text = |clause: &ClauseMeaning| {
            let word = clause_word(clause.clause);
            format!("{word}{}", clause.meaning)
        };
        let lines = |clauses: &[ClauseMeaning]| {
            let lines = clauses
                .iter()
                .map(|clause| format!("`{}`", cut(&text(clause), MOST_LETTERS)));
            lines.collect::<Vec<_>>().join(", ")
        };
        let meanings = match (rows.was.as_slice(), rows.now.as_slice()) {
            ([], []) => None,
            (was, []) => Some(format!("Gone: {}.", lines(was))),
            ([], now) => Some(format!("New: {}.", lines(now))),
            ([was], [now]) => {
                let (was, now) = pair(&text(was), &text(now), MOST_LETTERS);
                Some(format!("Was: `{was}`. Now: `{now}`."))
            }
            (was, now) => Some(format!("Was: {}. Now: {}.", lines(was), lines(now))),
        };
        Said {
            what,
            meanings,
            example: rows.witness.as_ref().map(example::of_rows),
            is_certain,
        }
    }
}

/// The word before what a clause says, where it does not say it itself.
fn clause_word(clause: sql::lower::Clause) -> &'static str {
    use sql::lower::Clause;
    match clause {
        Clause::From => "FROM ",
        Clause::On => "ON ",
        Clause::Where => "WHERE ",
        Clause::GroupBy => "GROUP BY ",
        Clause::Having => "HAVING ",
        Clause::Qualify => "QUALIFY ",
        Clause::Distinct | Clause::Set | Clause::Limit => "",
    }
}
