//! What may be typed next in a properties file of dbt: the names of models and of their columns that it does
//! not have yet, and what stands below `meta.rationale`. Its other keys dbt's own tools complete.

use super::spec_place::{Place, Typed, place};
use super::{About, Completion, CompletionKind, Completions, MOST, narrowed};
use crate::lookup;
use index::{File, Snapshot, Table, TableKey};
use spec::keys::Section;
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::{Name, TextSize};

pub(super) fn completions(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    offset: TextSize,
) -> Completions {
    let Some(place) = place(text, offset) else {
        return Completions::default();
    };
    let here = Here {
        snapshot,
        file,
        place: &place,
    };
    let levels = place.levels.iter().skip(1);
    let keys: Vec<&str> = levels.filter_map(|level| level.key.as_deref()).collect();
    let items = match (keys.as_slice(), &place.typed) {
        (["models" | "seeds" | "snapshots"], Typed::Value(key)) if key == "name" => {
            here.tables_without_entry()
        }
        ([.., "columns"], Typed::Value(key)) if key == "name" => here.columns_without_entry(),
        ([.., "meta", "rationale"], Typed::Key { has_colon, .. }) => here.keys(*has_colon),
        ([.., "meta", "rationale"], Typed::Value(key)) if key == "unit" => here.units(),
        _ => Vec::new(),
    };
    narrowed(items, lookup::slice(text, place.word))
}

struct Here<'a> {
    snapshot: &'a Snapshot,
    file: &'a File,
    place: &'a Place,
}

impl<'a> Here<'a> {
    /// The tables that models of the project make, and no properties file describes.
    fn tables_without_entry(&self) -> Vec<Completion> {
        let is_own = |key: &TableKey| key.project == self.file.project && !key.is_source;
        let tables = self
            .snapshot
            .tables_near(self.file.project.as_ref(), is_own);
        let tables = tables.filter(|table| {
            let mut entries = table.descriptions.iter();
            let is_described = entries.any(|id| {
                let file = self.snapshot.file(id.file);
                file.is_some_and(|file| file.native_spec().is_none())
            });
            !table.models.is_empty() && !is_described
        });
        let completions = tables.take(MOST + 1).map(|table| Completion {
            about: Some(About {
                table: table.key.clone(),
                column: None,
            }),
            ..Completion::new(
                table.key.name().to_string(),
                self.place.word,
                CompletionKind::Table,
            )
        });
        completions.collect()
    }

    /// The columns that the model gives and its entry does not list.
    fn columns_without_entry(&self) -> Vec<Completion> {
        let Some(table) = self.table() else {
            return Vec::new();
        };
        let entries = table
            .descriptions
            .iter()
            .filter(|id| id.file == self.file.id);
        let entries = entries.filter_map(|id| self.snapshot.description(*id));
        let listed: BTreeSet<&Name> = entries
            .flat_map(|(_, entry)| entry.columns.iter().map(|column| &column.name.value))
            .collect();
        let missing = table
            .columns
            .iter()
            .filter(|column| column.is_selected() && !listed.contains(&column.name));
        let completions = missing.map(|column| Completion {
            detail: column.data_type.as_ref().map(ToString::to_string),
            about: Some(About {
                table: table.key.clone(),
                column: Some(column.name.clone()),
            }),
            ..Completion::new(
                column.name.to_string(),
                self.place.word,
                CompletionKind::Column,
            )
        });
        completions.collect()
    }

    /// The table whose entry the place is in.
    fn table(&self) -> Option<&'a Arc<Table>> {
        let name_in = |key: &str| {
            let mut levels = self.place.levels.iter();
            let level = levels.find(|level| level.key.as_deref() == Some(key))?;
            let mut siblings = level.siblings.iter();
            let (_, name) = siblings.find(|(key, _)| key == "name")?;
            Some(Name::new(name.trim_matches(['"', '\''])))
        };
        let source = name_in("sources");
        let name = match &source {
            Some(_) => name_in("tables")?,
            None => ["models", "seeds", "snapshots"]
                .into_iter()
                .find_map(name_in)?,
        };
        let key = TableKey {
            project: self.file.project.clone(),
            is_source: source.is_some(),
            parts: source.into_iter().chain([name]).collect(),
        };
        self.snapshot.table(&key)
    }

    /// What is read of a column or a table there.
    fn keys(&self, has_colon: bool) -> Vec<Completion> {
        let level = self.place.levels.last();
        let siblings = level
            .map(|level| level.siblings.as_slice())
            .unwrap_or_default();
        let known = Section::Column
            .keys()
            .filter(|key| ["why", "unit"].contains(&key.name))
            .filter(|key| siblings.iter().all(|(sibling, _)| sibling != key.name));
        let completions = known.map(|key| {
            let colon = if has_colon { "" } else { ": " };
            Completion {
                label: key.name.to_owned(),
                documentation: Some(key.documentation.to_owned()),
                ..Completion::new(
                    format!("{}{colon}", key.name),
                    self.place.word,
                    CompletionKind::Key,
                )
            }
        });
        completions.collect()
    }

    /// The units that columns of this file have already.
    fn units(&self) -> Vec<Completion> {
        let tables = self.file.described_tables().iter();
        let columns = tables.flat_map(|table| &table.columns);
        let units = columns.filter_map(|column| Some(column.unit.as_ref()?.value.clone()));
        let units: BTreeSet<String> = units.collect();
        let units = units.into_iter();
        units
            .map(|unit| Completion::new(unit, self.place.word, CompletionKind::Constant))
            .collect()
    }
}
