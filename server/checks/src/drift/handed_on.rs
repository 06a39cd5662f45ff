//! Columns that have come only because a `*` hands on whatever a model has. They are told where they were
//! written, once; and a name that stands for nothing there is most often half typed.

use super::upstream::query_of;
use index::{Snapshot, Table, TableKey};
use meaning::canonical::canonical;
use meaning::difference::{ColumnChange, ColumnDifference};
use std::collections::BTreeSet;
use syntax::Name;

/// Whether a column has come through a `*` from a table whose own lock does not have it either, or in which
/// its name stands for nothing that anybody knows.
pub(super) fn is_told_upstream(
    snapshot: &Snapshot,
    table: &Table,
    column: &ColumnDifference,
) -> bool {
    let (ColumnChange::Added, Some(name)) = (&column.change, &column.name) else {
        return false;
    };
    let mut seen: BTreeSet<TableKey> = BTreeSet::new();
    let mut next = handed_on(table, name);
    while let Some((key, name)) = next {
        let Some(table) = snapshot.table(key).filter(|_| seen.insert(key.clone())) else {
            break;
        };
        if is_new(snapshot, table, name) || stands_for_nothing(snapshot, table, name) {
            return true;
        }
        next = handed_on(table, name);
    }
    false
}

/// The column that a `*` makes this one of.
fn handed_on<'t>(table: &'t Table, name: &Name) -> Option<(&'t TableKey, &'t Name)> {
    let column = table.column(name)?;
    let is_by_star = column.selected.is_some_and(|selected| selected.by_star);
    let (key, name) = column.source.as_ref().filter(|_| is_by_star)?;
    Some((key, name))
}

/// Whether the table has a lock that does not know the column.
fn is_new(snapshot: &Snapshot, table: &Table, name: &Name) -> bool {
    let locked = snapshot.locked(table);
    locked.is_some_and(|locked| {
        let rest = locked.entry.rest.as_ref();
        rest.is_some_and(Vec::is_empty) && locked.entry.column(name.as_str()).is_none()
    })
}

/// Whether the query of a model does not tell what the column is, or takes it from a source that is described
/// without it.
fn stands_for_nothing(snapshot: &Snapshot, table: &Table, name: &Name) -> bool {
    let Some(query) = query_of(snapshot, table) else {
        return false;
    };
    let columns = canonical(&query).columns.into_iter();
    let mut own = columns.filter(|column| column.name.as_ref() == Some(name));
    let is_unknown = own
        .next()
        .is_some_and(|own| !own.meaning.is_known() || !own.meaning.is_resolved());
    let source = table.column(name).and_then(|column| column.source.as_ref());
    let is_undescribed = source.is_some_and(|(key, name)| {
        snapshot.table(key).is_some_and(|source| {
            let is_source = source.models.is_empty() && !source.columns.is_empty();
            is_source && source.column(name).is_none()
        })
    });
    is_unknown || is_undescribed
}
