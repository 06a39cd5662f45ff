//! Small questions to the index that several features ask: which table a name in a spec leads to,
//! where a column's value comes from, what a range of a text says.

use crate::subject::Subject;
use index::table::DescriptionId;
use index::{Column, File, ModelId, Snapshot, Table, TableKey};
use sql::facts::{ColumnSource, Model, ReadTarget, TableName, TableRef};
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::{Name, TextRange, TextSize};

/// What `changes` of an amendment calls the rows of a table, as in `orders.rows`.
pub(crate) const ROWS: &str = "rows";

/// The text in `range`; empty where the text has no such range.
pub(crate) fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into())
        .unwrap_or_default()
}

/// A length or place in a text, in bytes. Texts are at most 4 GiB long.
pub(crate) fn offset(at: usize) -> TextSize {
    TextSize::new(u32::try_from(at).unwrap_or(u32::MAX))
}

/// The table whose column a query reads, where that is certain: its only input, or the only one that
/// is known to have the column, for of two that have it SQL would not take either.
pub(crate) fn table_of_source<'s>(
    snapshot: &'s Snapshot,
    file: &File,
    model: &Model,
    source: &ColumnSource,
) -> Option<&'s Arc<Table>> {
    let is_only = source.inputs.len() == 1;
    let inputs = source
        .inputs
        .iter()
        .filter_map(|input| model.inputs.get(*input as usize));
    let tables = inputs.filter_map(|input| snapshot.resolve(file, &input.table));
    let mut having = tables.filter(|table| is_only || table.column(&source.column).is_some());
    let table = having.next()?;
    // One table may be read twice under two aliases.
    having.all(|other| other.key == table.key).then_some(table)
}

/// The table that `parts` names in the spec `file`, or the column of it; `orders.rows` is the table.
/// A table that the spec itself describes goes before any other of the name.
pub(crate) fn named(snapshot: &Snapshot, file: &File, parts: &[Name]) -> Option<Subject> {
    if let Some((column, table)) = parts.split_last().filter(|(_, table)| !table.is_empty())
        && let Some(table) = table_named(snapshot, file, table)
    {
        if let Some(column) = table.column(column) {
            return Some(Subject::Column(table.key.clone(), column.name.clone()));
        }
        if column.as_str() == ROWS {
            return Some(Subject::Table(table.key.clone()));
        }
    }
    let table = table_named(snapshot, file, parts)?;
    Some(Subject::Table(table.key.clone()))
}

/// The table of that name, as the spec `file` means it.
pub(crate) fn table_named<'s>(
    snapshot: &'s Snapshot,
    file: &File,
    parts: &[Name],
) -> Option<&'s Arc<Table>> {
    let own = |fits: fn(&[Name], &[Name]) -> bool| {
        let mut described = (0..).zip(file.described_tables());
        described.find(|(_, table)| fits(&table.name.value, parts))
    };
    let exact = own(|name, parts| name == parts);
    if let Some((ordinal, _)) = exact.or_else(|| own(<[Name]>::ends_with)) {
        let id = DescriptionId {
            file: file.id,
            ordinal,
        };
        return snapshot.table_of_description(id);
    }
    let by_name = TableRef::Named(TableName {
        parts: parts.to_vec(),
    });
    snapshot.resolve(file, &by_name)
}

/// Whether two sentences differ in blanks at most.
pub(crate) fn same_words(left: &str, right: &str) -> bool {
    left.split_whitespace().eq(right.split_whitespace())
}

/// The columns that a column is, unchanged, from the nearest table up as far as that is certain.
pub(crate) fn sources<'s>(
    snapshot: &'s Snapshot,
    column: &'s Column,
) -> Vec<(&'s Table, &'s Column)> {
    let mut found: Vec<(&Table, &Column)> = Vec::new();
    let mut column = column;
    while let Some((key, name)) = &column.source {
        let Some(table) = snapshot.table(key) else {
            break;
        };
        let Some(upstream) = table.column(name) else {
            break;
        };
        if found.len() == LONGEST_CHAIN || found.iter().any(|(known, _)| known.key == *key) {
            break;
        }
        found.push((table, upstream));
        column = upstream;
    }
    found
}

/// The tables whose models read a table.
pub(crate) fn tables_reading(snapshot: &Snapshot, key: &TableKey) -> BTreeSet<TableKey> {
    tables_whose_model(snapshot, key, |file, model, _| {
        let mut inputs = model.inputs.iter();
        inputs.any(|input| leads_to(snapshot, file, &input.table, key))
    })
}

/// The tables whose models read a column of a table, be it by a `*`.
pub(crate) fn tables_that_read(
    snapshot: &Snapshot,
    key: &TableKey,
    name: &Name,
) -> BTreeSet<TableKey> {
    tables_whose_model(snapshot, key, |file, model, table| {
        let is_it = |source: &ColumnSource| {
            source.column == *name
                && table_of_source(snapshot, file, model, source)
                    .is_some_and(|table| table.key == *key)
        };
        let read = model.reads.iter().any(|read| match &read.target {
            ReadTarget::Input(source) => is_it(source),
            ReadTarget::Local(_) => false,
        });
        let handed_on = |column: &Column| {
            let source = column.source.as_ref();
            source.is_some_and(|(table, column)| table == key && column == name)
        };
        read || table.columns.iter().any(handed_on)
    })
}

/// The tables of those models, among the ones in files that read `key`, for which `reads` holds. A
/// table that reads itself is not among them.
fn tables_whose_model(
    snapshot: &Snapshot,
    key: &TableKey,
    reads: impl Fn(&File, &Model, &Table) -> bool,
) -> BTreeSet<TableKey> {
    let mut tables = BTreeSet::new();
    for file in snapshot.readers(key) {
        let models = file.sql().map_or(&[][..], |sql| &sql.models);
        for (ordinal, model) in (0..).zip(models) {
            let id = ModelId {
                file: file.id,
                ordinal,
            };
            let Some(table) = snapshot.table_of_model(id) else {
                continue;
            };
            if table.key != *key && reads(file, model, table) {
                tables.insert(table.key.clone());
            }
        }
    }
    tables
}

fn leads_to(snapshot: &Snapshot, file: &File, mention: &TableRef, key: &TableKey) -> bool {
    snapshot
        .resolve(file, mention)
        .is_some_and(|table| table.key == *key)
}

/// How far a column is followed through tables that hand it on.
const LONGEST_CHAIN: usize = 64;
