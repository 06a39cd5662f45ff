//! Which columns are read most: where a why would help the most people.

use index::{File, Snapshot, Table, TableKey};
use sql::facts::{ColumnSource, Model, ReadTarget};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use syntax::Name;

/// A column and how often it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MostRead {
    /// Its table.
    pub(crate) table: TableKey,
    /// Its name.
    pub(crate) column: Name,
    /// How many files read it by name.
    pub(crate) readers: usize,
}

/// The `count` most-read columns without a why, of tables that may have findings; of columns read
/// equally often, the first in the order of tables and columns.
pub(crate) fn most_read_without_why(snapshot: &Snapshot, count: usize) -> Vec<MostRead> {
    let mut readers: BTreeMap<(TableKey, Name), BTreeSet<Arc<Path>>> = BTreeMap::new();
    for file in snapshot.files() {
        for model in file.sql().into_iter().flat_map(|sql| &sql.models) {
            for (table, column) in columns_read(snapshot, file, model) {
                readers
                    .entry((table, column))
                    .or_default()
                    .insert(file.path.clone());
            }
        }
    }
    let mut columns: Vec<MostRead> = readers
        .into_iter()
        .map(|((table, column), readers)| MostRead {
            table,
            column,
            readers: readers.len(),
        })
        .collect();
    // A stable sort: equals stay in the order of tables and columns.
    columns.sort_by_key(|column| Reverse(column.readers));
    columns.truncate(count);
    columns
}

/// Each mention of a column without a why of another table.
fn columns_read(
    snapshot: &Snapshot,
    file: &File,
    model: &Model,
) -> impl Iterator<Item = (TableKey, Name)> {
    let inputs: Vec<Option<&Arc<Table>>> = model
        .inputs
        .iter()
        .map(|input| snapshot.resolve(file, &input.table))
        .collect();
    model.reads.iter().filter_map(move |read| {
        let ReadTarget::Input(source) = &read.target else {
            return None;
        };
        let table = read_table(&inputs, source)?;
        let column = table.column(&source.column)?;
        let counts = column.why.is_none() && super::counts(snapshot, table);
        counts.then(|| (table.key.clone(), column.name.clone()))
    })
}

/// The one input that has the column; `None` where several may be meant.
fn read_table<'t>(inputs: &[Option<&'t Arc<Table>>], source: &ColumnSource) -> Option<&'t Table> {
    let candidates = source
        .inputs
        .iter()
        .filter_map(|input| *inputs.get(*input as usize)?);
    let mut having = candidates.filter(|table| table.column(&source.column).is_some());
    let first = having.next()?;
    having.next().is_none().then_some(&**first)
}
