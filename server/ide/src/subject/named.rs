//! The columns that settings name, in the `config(…)` of a template and in dbt's YAML, and there also tests,
//! constraints, unit tests and semantic models. What is one is what a rename of the column would edit.

use super::{Mention, Place, Role, Subject};
use crate::lookup;
use crate::rename::{column_places, configured};
use index::{File, ModelId, Snapshot, Table, TableKey};
use std::collections::BTreeSet;
use syntax::{Name, TextRange, TextSize};

/// A column that a setting names.
pub(crate) struct Named {
    /// The name.
    pub(crate) range: TextRange,
    /// The table.
    pub(crate) table: TableKey,
    /// The column.
    pub(crate) column: Name,
}

impl Named {
    pub(super) fn mention(self) -> Mention {
        Mention {
            range: self.range,
            subject: Subject::Column(self.table, self.column),
            role: Role::Mention,
        }
    }
}

/// The column of the table that `file` makes, where its name stands at `offset` in `config(…)`.
pub(crate) fn configured_at(snapshot: &Snapshot, file: &File, offset: TextSize) -> Option<Named> {
    file.project.as_ref()?;
    let sql = file.sql()?;
    let text = snapshot.text(file)?;
    let column = word_at(&text, offset)?;
    let mut places = configured(&text, &column).into_iter();
    let range = places.find(|range| range.contains_inclusive(offset))?;
    let models = (0..).zip(&sql.models).map(|(ordinal, _)| ModelId {
        file: file.id,
        ordinal,
    });
    let mut tables = models.filter_map(|id| snapshot.table_of_model(id));
    let table = tables.find(|table| table.column(&column).is_some())?;
    Some(Named {
        range,
        table: table.key.clone(),
        column,
    })
}

/// The column whose name stands in a properties file at a place, where no entry describes it.
pub(super) fn in_properties(place: &Place<'_>) -> Option<Named> {
    let (snapshot, file) = (place.snapshot, place.file);
    let offset = place.offset?;
    let text = place.text()?;
    let column = word_at(text, offset)?;
    let has_it = |table: &Table| table.column(&column).is_some();
    // Those that are described around it, and then any that the file speaks of.
    let mut entries = (0..).zip(file.described_tables());
    let around = entries.find(|(_, entry)| file.range(entry.entry).contains_inclusive(offset));
    let around = around.and_then(|(ordinal, _)| {
        let id = index::DescriptionId {
            file: file.id,
            ordinal,
        };
        snapshot.table_of_description(id)
    });
    let others = snapshot.tables_near(file.project.as_ref(), |key| !key.is_source);
    let others = others.filter(|table| has_it(table) && text.contains(table.key.name().as_str()));
    let mut tried = BTreeSet::new();
    let mut tables = around.into_iter().chain(others);
    tables.find_map(|table| {
        if !has_it(table) || !tried.insert(table.key.clone()) {
            return None;
        }
        let places = column_places(snapshot, file, text, &table.key, &column).into_iter();
        let mut here = places.filter(|range| range.contains_inclusive(offset));
        Some(Named {
            range: here.next()?,
            table: table.key.clone(),
            column: column.clone(),
        })
    })
}

/// The word around a place.
fn word_at(text: &str, offset: TextSize) -> Option<Name> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let (before, behind) = text.split_at_checked(offset.into())?;
    let start = before.trim_end_matches(is_part).len();
    let end = text.len() - behind.trim_start_matches(is_part).len();
    let range = TextRange::new(lookup::offset(start), lookup::offset(end));
    let word = lookup::slice(text, range);
    (!word.is_empty()).then(|| Name::new(word))
}
