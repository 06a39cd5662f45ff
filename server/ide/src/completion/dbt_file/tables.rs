//! The names of tables and of their columns.

use super::super::{About, Completion, CompletionKind, MOST};
use super::Here;
use index::{FileKind, SqlRole, Table, TableKey};
use spec::dbt::keys::Section;
use sql::facts::TableRef;
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::Name;

impl<'a> Here<'a> {
    /// The tables of this kind that the project makes, and no properties file describes.
    pub(super) fn tables_without_entry(&self, section: Section) -> Vec<Completion> {
        let tables = self.own_tables().filter(|table| {
            let mut entries = table.descriptions.iter();
            let is_described = entries.any(|id| {
                let file = self.snapshot.file(id.file);
                file.is_some_and(|file| file.native_spec().is_none())
            });
            !is_described && self.made_by(table) == Some(section)
        });
        self.of_tables(tables)
    }

    /// The models of the project.
    pub(super) fn models(&self) -> Vec<Completion> {
        let made = |table: &&Arc<Table>| self.made_by(table) == Some(Section::Model);
        self.of_tables(self.own_tables().filter(made))
    }

    fn own_tables(&self) -> impl Iterator<Item = &'a Arc<Table>> {
        let project = self.file.project.as_ref();
        let own = project.cloned();
        let is_own = move |key: &TableKey| key.project == own && !key.is_source;
        self.snapshot.tables_near(project, is_own)
    }

    /// Whether a model, a seed or a snapshot makes it.
    fn made_by(&self, table: &Table) -> Option<Section> {
        let file = self.snapshot.file(table.models.first()?.file)?;
        Some(match file.kind {
            FileKind::Seed => Section::Seed,
            FileKind::Sql(SqlRole::Snapshot) => Section::Snapshot,
            _ => Section::Model,
        })
    }

    fn of_tables(&self, tables: impl Iterator<Item = &'a Arc<Table>>) -> Vec<Completion> {
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

    /// Sources that SQL reads and nothing describes.
    pub(super) fn sources_without_entry(&self) -> Vec<Completion> {
        let read = self.sources_read().into_iter();
        let names: BTreeSet<Name> = read.map(|(source, _)| source).collect();
        self.constants(names.into_iter().map(|name| name.to_string()))
    }

    /// Tables of the source around the place that SQL reads and nothing describes.
    pub(super) fn source_tables_without_entry(&self) -> Vec<Completion> {
        let Some(source) = self.name_in("sources") else {
            return Vec::new();
        };
        let read = self.sources_read().into_iter();
        let names = read.filter_map(|(of, table)| (of == source).then(|| table.to_string()));
        self.constants(names)
    }

    fn sources_read(&self) -> BTreeSet<(Name, Name)> {
        let is_source = |table: &TableRef| matches!(table, TableRef::Source { .. });
        let read = self
            .snapshot
            .tables_read(self.file.project.as_ref(), is_source);
        let named = read.into_iter().filter_map(|table| match table {
            TableRef::Source { source, table } => Some((source, table)),
            _ => None,
        });
        named.collect()
    }

    /// The columns that the model gives and its entry does not list.
    pub(super) fn columns_without_entry(&self) -> Vec<Completion> {
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
        let mut columns = self.columns_of(Some(table));
        columns.retain(|completion| {
            let name = completion.about.as_ref().and_then(|it| it.column.as_ref());
            let column = name.and_then(|name| table.column(name));
            column.is_some_and(|column| column.is_selected() && !listed.contains(&column.name))
        });
        columns
    }

    /// All columns that are known of a table.
    pub(super) fn columns_of(&self, table: Option<&'a Arc<Table>>) -> Vec<Completion> {
        let Some(table) = table else {
            return Vec::new();
        };
        let columns = table.columns.iter().map(|column| Completion {
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
        columns.collect()
    }

    /// The table whose entry the place is in.
    pub(super) fn table(&self) -> Option<&'a Arc<Table>> {
        let mut levels = self.place.levels.iter();
        if levels.any(|level| level.key.as_deref() == Some("semantic_models")) {
            return self.table_of("model");
        }
        let source = self.name_in("sources");
        let name = match &source {
            Some(_) => self.name_in("tables")?,
            None => ["models", "seeds", "snapshots"]
                .into_iter()
                .find_map(|key| self.name_in(key))?,
        };
        let key = TableKey {
            project: self.file.project.clone(),
            is_source: source.is_some(),
            parts: source.into_iter().chain([name]).collect(),
        };
        self.snapshot.table(&key)
    }

    /// The name that the item below `key` around the place has.
    pub(super) fn name_in(&self, key: &str) -> Option<Name> {
        let mut levels = self.place.levels.iter();
        let level = levels.find(|level| level.key.as_deref() == Some(key))?;
        let mut siblings = level.siblings.iter();
        let (_, name) = siblings.find(|(key, _)| key == "name")?;
        Some(Name::new(name.trim_matches(['"', '\''])))
    }
}
