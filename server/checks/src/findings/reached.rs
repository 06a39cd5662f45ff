//! Which units an edit reaches by what they are about.

use crate::unit::Unit;
use index::{File, FileId, ModelId, Reached, Snapshot, Table, TableKey};
use std::collections::BTreeSet;

/// Everything there is.
pub(super) fn all_units(snapshot: &Snapshot) -> BTreeSet<Unit> {
    let files = snapshot.files().into_iter().map(|file| Unit::File(file.id));
    let tables = snapshot.tables().into_iter();
    let tables = tables.map(|table| Unit::Table(table.key.clone()));
    let products = snapshot.products().into_iter().cloned().map(Unit::Product);
    files.chain(tables).chain(products).collect()
}

/// What the index says that was reached.
pub(super) fn reached_units(reached: &Reached) -> BTreeSet<Unit> {
    let files = reached.files.iter().map(|file| Unit::File(*file));
    let tables = reached.tables.iter().cloned().map(Unit::Table);
    let products = reached.products.iter().cloned().map(Unit::Product);
    files.chain(tables).chain(products).collect()
}

/// The tables that these files make: where a text changed and no name in it, nothing was joined anew, but
/// they may mean something else.
pub(super) fn tables_made_by(snapshot: &Snapshot, files: &BTreeSet<FileId>) -> BTreeSet<TableKey> {
    let files = files.iter().filter_map(|id| snapshot.file(*id));
    files.flat_map(|file| tables_of(snapshot, file)).collect()
}

/// The tables that have a lock.
pub(super) fn locked_tables(snapshot: &Snapshot) -> BTreeSet<Unit> {
    let tables = snapshot.tables().into_iter();
    let locked = tables.filter(|table| may_be_locked(snapshot, table));
    locked.map(|table| Unit::Table(table.key.clone())).collect()
}

/// The tables with a lock that read one of those reached: their queries may name its columns. Further
/// downstream, and downstream of those that only mean something else, such that do not mean just what
/// their lock says: they may be compared through it.
pub(super) fn locked_readers(
    snapshot: &Snapshot,
    reached: &BTreeSet<TableKey>,
    changed: &BTreeSet<TableKey>,
) -> BTreeSet<Unit> {
    let mut units = BTreeSet::new();
    let mut seen: BTreeSet<TableKey> = BTreeSet::new();
    let reached = reached.iter().map(|key| (key.clone(), true));
    let changed = changed.iter().map(|key| (key.clone(), false));
    let mut waiting: Vec<(TableKey, bool)> = changed.chain(reached).collect();
    while let Some((key, names_columns)) = waiting.pop() {
        for file in snapshot.readers(&key) {
            for table in tables_of(snapshot, file) {
                let is_wanted = names_columns || !snapshot.was_as_locked(&table);
                let known = snapshot.table(&table);
                if is_wanted && known.is_some_and(|table| may_be_locked(snapshot, table)) {
                    units.insert(Unit::Table(table.clone()));
                }
                if seen.insert(table.clone()) {
                    waiting.push((table, false));
                }
            }
        }
    }
    units
}

/// Whether there is a lock beside the spec of a table: it may know the table, by the name that it has now
/// or had then.
fn may_be_locked(snapshot: &Snapshot, table: &Table) -> bool {
    let spec = snapshot.locking_spec(table);
    spec.is_some_and(|spec| snapshot.lock_of(spec).is_some())
}

/// The tables that a file makes.
pub(super) fn tables_of(snapshot: &Snapshot, file: &File) -> Vec<TableKey> {
    let models = file.sql().map_or(0, |sql| sql.models.len());
    let models = 0..u32::try_from(models).unwrap_or(0);
    let tables = models.filter_map(|ordinal| {
        let file = file.id;
        snapshot.table_of_model(ModelId { file, ordinal })
    });
    tables.map(|table| table.key.clone()).collect()
}
