//! What was done to a table, in words.

use meaning::canonical::ClauseMeaning;
use meaning::difference::{ColumnChange, ColumnDifference, RowsDifference};
use syntax::Name;

/// What became of a column, as a sentence of `change`.
pub(super) fn change_of(table: &str, name: &Name, column: &ColumnDifference) -> String {
    let meaning = |side: &Option<meaning::canonical::ColumnMeaning>| {
        side.as_ref()
            .map(|side| side.meaning.to_string())
            .unwrap_or_default()
    };
    match &column.change {
        ColumnChange::Added => format!("Added {name} to {table}: {}.", meaning(&column.now)),
        ColumnChange::Removed => format!("Removed {name} from {table}."),
        ColumnChange::Renamed(old) => format!("Renamed {old} to {name}."),
        ColumnChange::Same => match column.types() {
            Some((Some(was), Some(now))) => format!("{name} is {now}, was {was}."),
            Some((Some(was), None)) => format!("{name} is not cast to {was} any more."),
            Some((None, Some(now))) => format!("{name} is cast to {now}."),
            Some((None, None)) | None => format!("{name} means what it meant."),
        },
        ColumnChange::Changed | ColumnChange::Undecided => {
            let (was, now) = (meaning(&column.was), meaning(&column.now));
            match column.was {
                Some(_) => format!("{name} is {now}, was {was}."),
                None => format!("{name} is {now}."),
            }
        }
    }
}

/// What became of the rows, as a sentence of `change`.
pub(super) fn change_of_rows(table: &str, rows: &RowsDifference) -> String {
    let told = |clauses: &[ClauseMeaning]| {
        let clauses: Vec<String> = clauses
            .iter()
            .map(|clause| clause.meaning.to_string())
            .collect();
        clauses.join(", ")
    };
    match (rows.was.is_empty(), rows.now.is_empty()) {
        (true, _) => format!("The rows of {table} are chosen by {}.", told(&rows.now)),
        (false, true) => format!(
            "The rows of {table} are no longer chosen by {}.",
            told(&rows.was)
        ),
        (false, false) => {
            let (was, now) = (told(&rows.was), told(&rows.now));
            format!("The rows of {table} are chosen by {now}, were by {was}.")
        }
    }
}

/// The guarantee that a condition of the rows is.
pub(super) fn filter_sentence(table: &str, condition: &str) -> String {
    match condition.strip_prefix("NOT ") {
        Some(condition) => format!("{table} excludes rows where {condition}"),
        None => format!("{table} only has rows where {condition}"),
    }
}
