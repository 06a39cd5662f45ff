//! What an amendment did that the lock says already, where that was written first. What it was before, the
//! lock does not say any more.

use crate::drift::Drift;
use index::Snapshot;
use meaning::canonical::{ClauseMeaning, ColumnMeaning, canonical};
use meaning::difference::{Change, ColumnChange, ColumnDifference, RowsDifference};
use spec::model::{Amendment, AmendmentId};
use sql::lower::Clause;

/// What is so since an amendment.
#[derive(Default)]
pub(super) struct Already {
    /// The columns, each changed from something that nobody knows.
    pub(super) columns: Vec<ColumnDifference>,
    /// What the rows are chosen by.
    pub(super) rows: Option<RowsDifference>,
}

/// What the lock says by `amendment`, and is so, of the table that `drift` is about.
pub(super) fn by(snapshot: &Snapshot, amendment: &Amendment, drift: &Drift<'_>) -> Already {
    let already = || {
        let lock = drift.locked.as_ref()?.entry;
        let id = &amendment.id.as_ref()?.value;
        let is_own = |by: &Option<AmendmentId>| by.as_ref() == Some(id);
        let has_rows = is_own(&lock.rows_by);
        if !has_rows && !lock.columns.iter().any(|line| is_own(&line.by)) {
            return None;
        }
        let now = canonical(&snapshot.named_query(drift.model)?.query);
        let mut columns = now.columns;
        columns.retain(|column| {
            let name = column.name.as_ref();
            let line = name.and_then(|name| lock.column(name.as_str()));
            let is_changed = drift.columns.iter().any(|other| other.name == column.name);
            line.is_some_and(|line| is_own(&line.by)) && !is_changed && column.meaning.is_known()
        });
        let mut clauses = now.rows.clauses;
        clauses.retain(|clause| clause.clause == Clause::Where);
        Some(Already {
            columns: columns.into_iter().map(column).collect(),
            rows: (has_rows && !clauses.is_empty()).then(|| rows(clauses)),
        })
    };
    already().unwrap_or_default()
}

fn column(now: ColumnMeaning) -> ColumnDifference {
    ColumnDifference {
        name: now.name.clone(),
        change: ColumnChange::Changed,
        was: None,
        now: Some(now),
        witness: None,
    }
}

fn rows(now: Vec<ClauseMeaning>) -> RowsDifference {
    RowsDifference {
        change: Change::Changed,
        clauses: vec![Clause::Where],
        was: Vec::new(),
        now,
        witness: None,
    }
}
