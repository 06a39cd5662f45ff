//! What a place is about: which table, which of its columns, and the spec that describes it.

use crate::columns::{Columns, Node};
use crate::subject::{Subject, subjects};
use index::{DescriptionId, File, FileId, ModelId, Snapshot, Table};
use sql::facts::Model;
use sql::relation::RelationId;
use syntax::{Name, TextSize};

/// The table whose entry or whose statement stands at `offset`. A file with one statement is about
/// that throughout: what stands before it configures it.
pub(super) fn table_at<'s>(
    snapshot: &'s Snapshot,
    file: &File,
    offset: TextSize,
) -> Option<&'s Table> {
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
pub(super) fn native_spec_of(snapshot: &Snapshot, table: &Table) -> Option<FileId> {
    let mut specs = table
        .descriptions
        .iter()
        .filter_map(|id| snapshot.file(id.file));
    let spec = specs.find(|spec| spec.native_spec().is_some() && !spec.quiet)?;
    Some(spec.id)
}

/// The column of `table` that is meant at `offset`.
pub(super) fn column_at(
    snapshot: &Snapshot,
    file: &File,
    offset: TextSize,
    table: &Table,
) -> Option<Name> {
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
    meant
        .next()
        .or_else(|| entry.next())
        .or_else(|| computed_at(snapshot, file, offset, table))
}

/// The column of `table` that a CTE computes at `offset` and hands on: the one that is named there, or the
/// one in whose entry of a projection the place is, the innermost first.
fn computed_at(snapshot: &Snapshot, file: &File, offset: TextSize, table: &Table) -> Option<Name> {
    let columns = Columns::new(snapshot, file)?;
    let named = columns.at(offset).into_iter();
    let named = named.map(|occurrence| occurrence.node.clone());
    let entries = entries_at(&columns, offset);
    let mut given = named
        .filter(|node| matches!(node, Node::Given { .. }))
        .chain(entries);
    given.find_map(|node| {
        let (key, name) = columns.handed_out(&node)?;
        (key == table.key).then_some(name)
    })
}

/// What the entries of projections at `offset` give, the innermost first. A `*` gives nothing by its name.
fn entries_at(columns: &Columns<'_>, offset: TextSize) -> Vec<Node> {
    let mut entries = Vec::new();
    for (statement, lowered) in columns.statements() {
        for (id, places) in (0..).zip(&lowered.places.relations) {
            for (position, place) in places.columns.iter().enumerate() {
                let is_named = place.item.contains_range(place.name) && !place.name.is_empty();
                let is_star = columns.slice(place.name).ends_with('*');
                if place.item.contains_inclusive(offset) && is_named && !is_star {
                    let node = Node::Given {
                        statement,
                        relation: RelationId(id),
                        position,
                    };
                    entries.push((place.item.len(), node));
                }
            }
        }
    }
    entries.sort();
    entries.into_iter().map(|(_, node)| node).collect()
}
