//! What an edit of a SQL file can change for others, told from the queries before and after it: nothing,
//! the values of some columns, or anything.

use index::reach::{Downstream, Node};
use index::relations::FileRelations;
use index::{File, ModelId, Snapshot, TableKey};
use meaning::edit::changed_values;
use sql::facts::ModelKind;
use sql::lower::Lowered;
use std::collections::BTreeSet;
use syntax::Name;

/// What may be other than before of the tables that a file makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Impact {
    /// Nothing: the queries are the same, wherever they stand.
    None,
    /// The values of these columns, and nothing else.
    Values(BTreeSet<(TableKey, Name)>),
    /// Anything.
    Anything,
}

/// What the edit of a file changes that gave these queries before and gives those now.
pub(super) fn impact(
    snapshot: &Snapshot,
    file: &File,
    was: &FileRelations,
    now: &FileRelations,
) -> Impact {
    values(snapshot, file, was, now).map_or(Impact::Anything, |values| match values.is_empty() {
        true => Impact::None,
        false => Impact::Values(values),
    })
}

/// The tables of which these columns decide a value or the rows, through any number of models, and their
/// own; `None` where that can't be told.
pub(super) fn tables_with(
    snapshot: &Snapshot,
    columns: &BTreeSet<(TableKey, Name)>,
) -> Option<BTreeSet<TableKey>> {
    let own: BTreeSet<TableKey> = columns.iter().map(|(key, _)| key.clone()).collect();
    // Through a `*` that is not fully known a column goes without a word.
    for key in downstream_of(snapshot, &own) {
        let table = snapshot.table(&key)?;
        if table.open || table.cyclic {
            return None;
        }
    }
    let origins = columns.iter();
    let origins = origins.map(|(key, name)| Node::Column(key.clone(), name.clone()));
    let mut tables = Downstream::new(snapshot).reach(origins).tables;
    tables.extend(own);
    Some(tables)
}

/// Tables and all that read them, through any number of models.
fn downstream_of(snapshot: &Snapshot, tables: &BTreeSet<TableKey>) -> BTreeSet<TableKey> {
    let mut seen = tables.clone();
    let mut waiting: Vec<TableKey> = tables.iter().cloned().collect();
    while let Some(key) = waiting.pop() {
        for file in snapshot.readers(&key) {
            for table in super::reached::tables_of(snapshot, file) {
                if seen.insert(table.clone()) {
                    waiting.push(table);
                }
            }
        }
    }
    seen
}

fn values(
    snapshot: &Snapshot,
    file: &File,
    was: &FileRelations,
    now: &FileRelations,
) -> Option<BTreeSet<(TableKey, Name)>> {
    // Types and keys of a `CREATE TABLE` are no part of a query.
    let mut models = file.sql()?.models.iter();
    if was.reading != now.reading || models.any(|model| model.kind == ModelKind::Declaration) {
        return None;
    }
    let mut changed = positions(&was.full, &now.full)?;
    match (&was.incremental, &now.incremental) {
        (Some(was), Some(now)) => changed.extend(positions(was, now)?),
        (None, None) => {}
        _ => return None,
    }
    if changed.is_empty() {
        return Some(BTreeSet::new());
    }
    let models = u32::try_from(file.sql()?.models.len()).ok()?;
    let models = (0..models).map(|ordinal| ModelId {
        file: file.id,
        ordinal,
    });
    let made: Vec<(usize, ModelId)> = models
        .filter_map(|model| Some((snapshot.relation(model)?.1, model)))
        .collect();
    let columns = changed.iter().map(|(at, position)| {
        let (_, model) = made.iter().find(|(own, _)| own == at)?;
        let table = snapshot.table_of_model(*model)?;
        let name = now.full.get(*at)?.query.root().columns.get(*position)?;
        Some((table.key.clone(), name.name.clone()?))
    });
    columns.collect()
}

/// The columns that may have other values, each by the place of its query and its own.
fn positions(was: &[Lowered], now: &[Lowered]) -> Option<BTreeSet<(usize, usize)>> {
    if was.len() != now.len() {
        return None;
    }
    let mut changed = BTreeSet::new();
    for (at, (was, now)) in was.iter().zip(now).enumerate() {
        if (was.kind, &was.name) != (now.kind, &now.name) {
            return None;
        }
        if was.query != now.query {
            let positions = changed_values(&was.query, &now.query)?.into_iter();
            changed.extend(positions.map(|position| (at, position)));
        }
    }
    Some(changed)
}
