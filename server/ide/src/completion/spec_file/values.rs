//! Values of the keys of which these can be known.

use super::super::{Completion, CompletionKind};
use super::{Here, field, yaml};
use spec::keys::{Key, Kind, NOTHING, STATUSES, Section, TO_BE_DONE};
use spec::model;
use sql::Dialect;
use std::collections::BTreeSet;

impl<'a> Here<'a> {
    pub(super) fn values(&self, section: Section, key: &Key) -> Vec<Completion> {
        let constants = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned());
            self.constants(words)
        };
        match (section, key.name, key.kind) {
            (_, _, Kind::Boolean) => constants(&["true", "false"]),
            (_, _, Kind::Status) => constants(&STATUSES),
            (_, _, Kind::Change) => constants(&[TO_BE_DONE[0], NOTHING]),
            (_, _, Kind::Date) => self.constants(self.snapshot.today()),
            (Section::Product, "product", _) => {
                let products = self.snapshot.products().into_iter();
                self.constants(products.map(ToString::to_string))
            }
            (Section::Product, "dialect", _) => {
                self.constants(Dialect::ALL.iter().map(|it| it.name().to_owned()))
            }
            (Section::Table, "name", _) => self.tables_without_entry(),
            (Section::Table, "model", _) => self.sql_files(),
            (Section::Table, "grain", _) => self.columns_of(self.table()),
            (Section::Column, "name", _) => self.columns_without_entry(),
            (Section::Column, "references", _) => self.qualified(false),
            (Section::Column, "type", _) => self.used(|column| field(&column.data_type)),
            (Section::Column, "unit", _) => self.used(|column| field(&column.unit)),
            (Section::Column, "classification", _) => {
                let columns = self.columns_of_file();
                let tags = columns.flat_map(|column| &column.classification);
                let tags: BTreeSet<String> = tags.map(|tag| tag.value.clone()).collect();
                self.constants(tags)
            }
            (Section::Supersedes, "guarantee", _) => self.superseded_sentences(),
            (Section::Column, "since", _)
            | (Section::Supersedes, "amendment", _)
            | (Section::Amendment, "supersedes", _) => self.amendments(),
            (Section::Amendment, "id", _) => self.next_id(),
            (Section::Amendment, "author", _) => self.authors(),
            (Section::Amendment, "changes", _) => self.qualified(true),
            _ => Vec::new(),
        }
    }

    pub(super) fn constants(&self, words: impl IntoIterator<Item = String>) -> Vec<Completion> {
        let words = words.into_iter();
        let constants =
            words.map(|text| Completion::new(text, self.place.word, CompletionKind::Constant));
        constants.collect()
    }

    fn columns_of_file(&self) -> impl Iterator<Item = &'a model::Column> {
        let tables = self.file.described_tables().iter();
        tables.flat_map(|table| &table.columns)
    }

    /// The values that columns of this file have already.
    fn used(&self, of: impl Fn(&model::Column) -> Option<String>) -> Vec<Completion> {
        let used: BTreeSet<String> = self.columns_of_file().filter_map(of).collect();
        self.constants(used.into_iter().map(|value| yaml(&value)))
    }
}
