//! The amendment that can be drafted from a place: of which spec, and about what.

use crate::subject::{Subject, subjects};
use checks::{Fix, draft_amendment};
use index::{DescriptionId, File, FileId, ModelId, Snapshot, Table};
use sql::facts::Model;
use syntax::{TextRange, TextSize};

/// Drafts an amendment from the place where `range` starts: anywhere in a native spec, or on a model
/// or an entry of dbt whose table a native spec describes. `requirement` is the need in the words of
/// whoever has it; without it a placeholder is written.
pub fn draft(
    snapshot: &Snapshot,
    file: FileId,
    range: TextRange,
    requirement: Option<&str>,
) -> Option<Fix> {
    let file = snapshot.file(file).filter(|file| !file.quiet)?;
    let offset = range.start();
    let table = table_at(snapshot, file, offset);
    let spec = if file.native_spec().is_some() {
        file.id
    } else {
        native_spec_of(snapshot, table?)?
    };
    let about = table.map(|table| about(snapshot, file, offset, table));
    draft_amendment(snapshot, spec, about.into_iter().collect(), requirement)
}

/// The table whose entry or whose statement stands at `offset`. A file with one statement is about
/// that throughout: what stands before it configures it.
fn table_at<'s>(snapshot: &'s Snapshot, file: &File, offset: TextSize) -> Option<&'s Table> {
    let mut entries = (0..).zip(file.described_tables());
    let entry = entries.find(|(_, entry)| file.range(entry.entry).contains_inclusive(offset));
    if let Some((ordinal, _)) = entry {
        let id = DescriptionId {
            file: file.id,
            ordinal,
        };
        return snapshot.table_of_description(id).map(|table| &**table);
    }
    let models = file.sql().map_or(&[][..], |sql| &sql.models);
    let is_here =
        |model: &Model| models.len() == 1 || file.range(model.statement).contains_inclusive(offset);
    let (ordinal, _) = (0..).zip(models).find(|(_, model)| is_here(model))?;
    let id = ModelId {
        file: file.id,
        ordinal,
    };
    snapshot.table_of_model(id).map(|table| &**table)
}

/// The native spec that describes a table, and may be edited.
fn native_spec_of(snapshot: &Snapshot, table: &Table) -> Option<FileId> {
    let mut specs = table
        .descriptions
        .iter()
        .filter_map(|id| snapshot.file(id.file));
    let spec = specs.find(|spec| spec.native_spec().is_some() && !spec.quiet)?;
    Some(spec.id)
}

/// What the amendment is about: the column of `table` at `offset`, else the table.
fn about(snapshot: &Snapshot, file: &File, offset: TextSize, table: &Table) -> String {
    let mentions = subjects(snapshot, file.id, offset).into_iter();
    let mut meant = mentions.filter_map(|mention| match mention.subject {
        Subject::Column(key, column) if key == table.key => Some(column),
        _ => None,
    });
    let columns = file
        .described_tables()
        .iter()
        .flat_map(|table| &table.columns);
    let mut entry = columns
        .filter(|column| file.range(column.entry).contains_inclusive(offset))
        .map(|column| column.name.value.clone());
    match meant.next().or_else(|| entry.next()) {
        Some(column) => format!("{}.{column}", table.key),
        None => table.key.to_string(),
    }
}
