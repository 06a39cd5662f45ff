//! The names that may stand at a place of a sentence: the product's own first, each with its why.

use super::place::Place;
use super::{About, Completion, CompletionKind, Completions, MOST, are_in, names, narrowed};
use crate::letters::Letters;
use index::binding::{Binder, Bound, BoundName, BoundTable};
use index::{Column, DescriptionId, File, Snapshot, Table, TableKey};
use spec::guarantee::words;
use sql::facts::TableRef;
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;
use syntax::name::dotted;

/// What a sentence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    Table,
    Column,
}

pub(super) struct Names<'a, 's> {
    snapshot: &'s Snapshot,
    file: &'s File,
    place: &'a Place,
    binder: Binder<'s>,
}

impl<'a, 's> Names<'a, 's> {
    pub(super) fn new(snapshot: &'s Snapshot, file: &'s File, place: &'a Place) -> Names<'a, 's> {
        Names {
            snapshot,
            file,
            place,
            binder: snapshot.binder(file),
        }
    }

    /// Those of `items` that fit what is typed.
    pub(super) fn found(&self, items: Vec<Completion>) -> Completions {
        narrowed(items, &self.place.typed)
    }

    /// The columns of the table before the dot, and the tables whose longer name starts like that.
    pub(super) fn behind_a_dot(&self) -> Vec<Completion> {
        let qualifier = &self.place.qualifier;
        let mut found = match self.binder.table_near(qualifier, self.about().as_ref()) {
            Bound::To(table) => self.columns_of(&table),
            _ => Vec::new(),
        };
        let is_longer = |key: &TableKey| {
            key.parts.len() == qualifier.len() + 1 && key.parts.starts_with(qualifier)
        };
        let project = self.file.project.as_ref();
        let longer = self.snapshot.tables_near(project, is_longer).take(MOST);
        found.extend(longer.map(|table| {
            let name = table.key.name().to_string();
            self.of_table(table, name)
        }));
        found.extend(self.undefined_tables(qualifier));
        found
    }

    /// Where the grammar has a name: columns behind `per`, `by`, `on` and in what goes on with a comma, the
    /// names that a column may have had, tables elsewhere.
    pub(super) fn all(&self) -> Vec<Completion> {
        if self.place.start.ends_with(" is renamed from") && self.subject() == Some(Subject::Column)
        {
            return self.names_before();
        }
        let last = self
            .place
            .start
            .rsplit([' ', '\t'])
            .next()
            .unwrap_or_default();
        let is_of_columns = matches!(last, "per" | "by" | "on") || last.ends_with(',');
        match (is_of_columns, self.about()) {
            (true, Some(about)) => self.columns_of(&BoundTable::Known(about)),
            _ => self.tables(),
        }
    }

    /// Where SQL is written: the columns of the table and of what it reads, the nearest first, and what
    /// it reads.
    pub(super) fn for_sql(&self) -> Vec<Completion> {
        let Some(about) = self.about() else {
            return Vec::new();
        };
        let levels = self.binder.levels(&about);
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut found: Vec<Completion> = Vec::new();
        for table in levels.iter().flatten() {
            let columns = self.columns_of(table).into_iter();
            found.extend(columns.filter(|column| seen.insert(column.text.clone())));
        }
        let read = levels.iter().skip(1).flatten();
        found.extend(read.filter_map(|bound| {
            let Some(key) = bound.key() else {
                return Some(self.undefined(bound.to_string()));
            };
            Some(self.of_table(self.snapshot.table(key)?, bound.to_string()))
        }));
        found
    }

    /// Units that the product's columns have, and the zone that most times are in.
    pub(super) fn units(&self) -> Vec<Completion> {
        let columns = self.described_columns();
        let units = columns.filter_map(|column| Some(column.unit.as_ref()?.value.clone()));
        let units: BTreeSet<String> = units.chain(["UTC".to_owned()]).collect();
        self.constants(units)
    }

    /// Materializations behind `as`, classifications elsewhere.
    pub(super) fn terms(&self) -> Vec<Completion> {
        if self.place.start.ends_with(" as") {
            let kinds = ["view", "table", "incremental", "ephemeral"];
            return self.constants(kinds.into_iter().map(str::to_owned));
        }
        let columns = self.described_columns();
        let tags = columns.flat_map(|column| &column.classification);
        let tags: BTreeSet<String> = tags.map(|tag| tag.value.clone()).collect();
        self.constants(tags)
    }

    /// What the sentence is about; none where that is not known.
    pub(super) fn subject(&self) -> Option<Subject> {
        self.subject_of_table().map(|(subject, _)| subject)
    }

    /// The table that the sentence is about.
    fn about(&self) -> Option<TableKey> {
        self.subject_of_table()?.1.key().cloned()
    }

    /// What the sentence is about, and the table that it is or belongs to. A column may still be to come.
    fn subject_of_table(&self) -> Option<(Subject, BoundTable)> {
        let first = words(&self.place.start).into_iter().next()?;
        match self.binder.table_or_column(&first.parts) {
            Bound::To(BoundName::Table(table)) => Some((Subject::Table, table)),
            Bound::To(BoundName::Column(column)) => Some((Subject::Column, column.table)),
            Bound::Nothing => match first.parts.split_last() {
                Some((_, table @ [_, ..])) => match self.binder.table(table) {
                    Bound::To(table) => Some((Subject::Column, table)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        }
    }

    /// The columns of the table that the sentence is about: those that its lock knows and that are gone, then
    /// those that there are.
    fn names_before(&self) -> Vec<Completion> {
        let about = self.about();
        let Some(table) = about.as_ref().and_then(|about| self.snapshot.table(about)) else {
            return Vec::new();
        };
        let locked = self.snapshot.locked(table);
        let locked = locked.iter().flat_map(|locked| &locked.entry.columns);
        let is_gone = |name: &&str| {
            let mut columns = table.columns.iter();
            !columns.any(|column| column.name == Name::new(name))
        };
        let gone = locked.map(|column| column.name.as_str()).filter(is_gone);
        let gone = gone.map(|name| {
            let text = quoted_if_needed(name);
            Completion::new(text, self.place.word, CompletionKind::Column)
        });
        let there = self.columns_of(&BoundTable::Known(table.key.clone()));
        gone.chain(there).collect()
    }

    /// The product's own tables, then all others.
    fn tables(&self) -> Vec<Completion> {
        let product = self
            .file
            .native_spec()
            .and_then(|spec| spec.product.as_ref());
        let files = match product {
            Some(product) => self.snapshot.product_files(&product.value),
            None => vec![self.file],
        };
        let typed = self.place.typed.to_lowercase();
        let fits = |key: &TableKey| names(key, Letters::new(&typed));
        let mut own: BTreeMap<&TableKey, &Table> = BTreeMap::new();
        for file in files {
            for (ordinal, _) in (0..).zip(file.described_tables()) {
                let id = DescriptionId {
                    file: file.id,
                    ordinal,
                };
                let table = self.snapshot.table_of_description(id);
                if let Some(table) = table.filter(|table| fits(&table.key)) {
                    own.insert(&table.key, table);
                }
            }
        }
        let project = self.file.project.as_ref();
        let others = self.snapshot.tables_near(project, fits);
        let others = others
            .map(|table| &**table)
            .filter(|table| !own.contains_key(&table.key));
        let tables = own.values().copied().chain(others).take(MOST + 1);
        let tables = tables.map(|table| self.of_table(table, table.key.to_string()));
        let mut found: Vec<Completion> = tables.collect();
        // Those that come last are cut off first.
        if found.len() <= MOST {
            found.extend(self.undefined_tables(&[]));
        }
        found
    }

    /// Tables that SQL reads and nothing defines, behind these first parts of their names.
    fn undefined_tables(&self, qualifier: &[Name]) -> Vec<Completion> {
        let typed = self.place.typed.to_lowercase();
        let parts = |table: &TableRef| match table {
            TableRef::Named(name) => Some(name.parts.clone()),
            TableRef::Source { source, table } => Some(vec![source.clone(), table.clone()]),
            _ => None,
        };
        let rest = |table: &TableRef| {
            let parts = parts(table).filter(|parts| parts.starts_with(qualifier))?;
            Some(parts.get(qualifier.len()..)?.to_vec()).filter(|rest| !rest.is_empty())
        };
        let fits =
            |table: &TableRef| rest(table).is_some_and(|rest| are_in(&rest, Letters::new(&typed)));
        let project = self.file.project.as_ref();
        let tables = self.snapshot.tables_read(project, fits).into_iter();
        let names = tables.filter_map(|table| Some(dotted(&rest(&table)?)));
        let names: BTreeSet<String> = names.collect();
        names.into_iter().map(|name| self.undefined(name)).collect()
    }

    fn undefined(&self, text: String) -> Completion {
        let text = quoted_if_needed(&text);
        Completion::new(text, self.place.word, CompletionKind::Table)
    }

    fn of_table(&self, table: &Table, text: String) -> Completion {
        let range = self.place.word;
        Completion {
            about: Some(About {
                table: table.key.clone(),
                column: None,
            }),
            ..Completion::new(quoted_if_needed(&text), range, CompletionKind::Table)
        }
    }

    fn columns_of(&self, table: &BoundTable) -> Vec<Completion> {
        if let BoundTable::Read(table) = table {
            let read = self
                .snapshot
                .columns_read(self.file.project.as_ref(), table);
            let texts = read.into_iter().map(|name| quoted_if_needed(name.as_str()));
            return texts
                .map(|text| Completion::new(text, self.place.word, CompletionKind::Column))
                .collect();
        }
        let table = table.key().and_then(|key| self.snapshot.table(key));
        let of_table = |table: &'s std::sync::Arc<Table>| {
            let columns = table.columns.iter();
            columns.map(move |column| self.of_column(&table.key, column))
        };
        table.into_iter().flat_map(of_table).collect()
    }

    fn of_column(&self, table: &TableKey, column: &Column) -> Completion {
        let text = quoted_if_needed(column.name.as_str());
        Completion {
            detail: column.data_type.as_ref().map(ToString::to_string),
            about: Some(About {
                table: table.clone(),
                column: Some(column.name.clone()),
            }),
            ..Completion::new(text, self.place.word, CompletionKind::Column)
        }
    }

    fn described_columns(&self) -> impl Iterator<Item = &'s spec::model::Column> {
        let tables = self.file.described_tables().iter();
        tables.flat_map(|table| &table.columns)
    }

    fn constants(&self, words: impl IntoIterator<Item = String>) -> Vec<Completion> {
        let words = words.into_iter();
        let constants =
            words.map(|text| Completion::new(text, self.place.word, CompletionKind::Constant));
        constants.collect()
    }
}

/// A name as a sentence has it: in quotes where it is no plain word.
fn quoted_if_needed(name: &str) -> String {
    let is_plain = |part: &str| {
        let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
        part.chars().all(is_part) && !part.starts_with(|first: char| first.is_ascii_digit())
    };
    let parts = name.split('.').map(|part| match is_plain(part) {
        true => part.to_owned(),
        false => format!("\"{}\"", part.replace('"', "\"\"")),
    });
    parts.collect::<Vec<_>>().join(".")
}
