//! Values of the keys of which these can be known.

use super::super::{About, Completion, CompletionKind, arguments};
use super::Here;
use crate::lookup;
use index::{Table, TableKey};
use spec::dbt::keys::{Key, Kind, Section};
use spec::dbt::referenced_table;
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::Name;

impl<'a> Here<'a> {
    pub(super) fn values(&self, section: Section, key: &Key) -> Vec<Completion> {
        match key.kind_in(section) {
            Kind::Boolean => self.constants(["true", "false"].map(str::to_owned)),
            Kind::OneOf(words) => self.constants(words.iter().map(|word| (*word).to_owned())),
            Kind::Date => self.constants(self.snapshot.today()),
            Kind::Columns => {
                let mut found = self.columns_of(self.table());
                if key.name == "check_cols" {
                    found.extend(self.constants(["all".to_owned()]));
                }
                found
            }
            Kind::ColumnOfTo => self.columns_of(self.table_of("to")),
            Kind::Ref | Kind::Refs => self.refs(key.name == "input"),
            Kind::Model => self.models(),
            Kind::Name => self.names(section),
            // Items of a list on one line.
            Kind::List(Section::DataTest) => {
                let tests = Section::DataTest.keys();
                let bare = tests.filter(|key| key.kind == Kind::Word);
                self.constants(bare.map(|key| key.name.to_owned()))
            }
            _ => Vec::new(),
        }
    }

    /// The names of what has no entry yet.
    fn names(&self, section: Section) -> Vec<Completion> {
        match section {
            Section::Source => self.sources_without_entry(),
            Section::SourceTable => self.source_tables_without_entry(),
            Section::Column => self.columns_without_entry(),
            Section::Macro => self.macros_without_entry(),
            Section::Argument => self.parameters(),
            _ if section.is_table() => self.tables_without_entry(section),
            _ => Vec::new(),
        }
    }

    /// The table that a `ref` or `source` under `key` leads to, beside it or further out.
    pub(super) fn table_of(&self, key: &str) -> Option<&'a Arc<Table>> {
        let name = referenced_table(self.beside(key)?)?;
        let parts: Vec<Name> = name.split('.').map(Name::new).collect();
        lookup::table_named(self.snapshot, self.file, &parts)
    }

    /// Calls of `ref` and `source`, of all tables of the workspace.
    fn refs(&self, with_this: bool) -> Vec<Completion> {
        let fits = |key: &TableKey| key.project.is_some();
        let (tables, _) = arguments::others(self.snapshot, self.file, fits);
        let calls = tables.into_iter().map(|table| Completion {
            about: Some(About {
                table: table.key.clone(),
                column: None,
            }),
            ..Completion::new(
                arguments::called(&table.key),
                self.place.word,
                CompletionKind::Table,
            )
        });
        let this = with_this.then(|| "this".to_owned());
        calls.chain(self.constants(this)).collect()
    }

    /// The units that columns of this file have already.
    pub(super) fn units(&self) -> Vec<Completion> {
        let tables = self.file.described_tables().iter();
        let columns = tables.flat_map(|table| &table.columns);
        let units = columns.filter_map(|column| Some(column.unit.as_ref()?.value.clone()));
        let units: BTreeSet<String> = units.collect();
        self.constants(units)
    }
}
