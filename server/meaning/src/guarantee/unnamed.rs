//! The columns of a query that no text names: what a `*` brings of a table of which not all is known.

use super::provenance::Origin;
use super::subject::Subject;
use sql::relation::{Rest, StarChange};
use syntax::Name;

/// Whether a column of an origin is among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Brought {
    /// None is.
    Never,
    /// It can't be told.
    Perhaps,
    /// One is.
    Certainly,
}

/// Whether a column of the origin is among the columns of the query that no text names.
pub(super) fn brought(subject: &Subject, origin: &Origin) -> Brought {
    let query = &subject.query;
    if !query.root().open {
        return Brought::Never;
    }
    let Some(rest) = &query.rest else {
        return Brought::Perhaps;
    };
    // What the query in place of the origin brings has other names by now.
    if !rest.is_empty() && subject.is_open(&origin.table) {
        return Brought::Perhaps;
    }
    let tables = query.tables();
    let all = rest.iter().map(|rest| match &origin.column {
        // A function may give what it is given.
        _ if !tables.contains(&&rest.table) => Brought::Perhaps,
        _ if rest.table != origin.table => Brought::Never,
        Some(column) if leaves_out(rest, column) => Brought::Never,
        None if is_all(rest) => Brought::Certainly,
        _ => Brought::Perhaps,
    });
    all.max().unwrap_or(Brought::Never)
}

/// Whether a column of the table is left out on the way.
fn leaves_out(rest: &Rest, column: &Name) -> bool {
    for change in &rest.changes {
        match change {
            StarChange::Except(names) if names.contains(column) => return true,
            StarChange::Rename(pairs) if pairs.iter().any(|(from, _)| from == column) => break,
            _ => {}
        }
    }
    false
}

/// Whether nothing is left out: a table has a column.
fn is_all(rest: &Rest) -> bool {
    let mut changes = rest.changes.iter();
    changes.all(|change| matches!(change, StarChange::Rename(_)))
}
