//! Which amendments of a product speak of which tables and columns, for all of them at once.

use crate::history::{self, History, Part, Topic};
use crate::lookup;
use crate::subject::Subject;
use index::binding::Renames;
use index::{DescriptionId, File, FileId, Snapshot, TableKey};
use spec::guarantee::{Guarantee, parse, words};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Name, TextRange};

/// The amendments of a product, by what they speak of. What speaks of a column speaks of its table too.
pub(super) struct Spoken<'s> {
    history: History<'s>,
    by: BTreeMap<(TableKey, Option<Name>), BTreeSet<usize>>,
}

impl<'s> Spoken<'s> {
    pub(super) fn of_product(snapshot: &'s Snapshot, product: &Name) -> Spoken<'s> {
        let mut spoken = Spoken {
            history: history::of_product(snapshot, product),
            by: BTreeMap::new(),
        };
        let renames = spoken.renames();
        for ordinal in 0..spoken.history.entries.len() {
            spoken.read(snapshot, ordinal, &renames);
        }
        for file in snapshot.product_files(product) {
            spoken.introduced(snapshot, file);
        }
        spoken
    }

    /// How many speak of a column, or of a table or any column of it.
    pub(super) fn count(&self, table: &TableKey, column: Option<&Name>) -> usize {
        self.of(table, column).count()
    }

    /// Where they stand, the oldest first.
    pub(super) fn places(
        &self,
        table: &TableKey,
        column: Option<&Name>,
    ) -> Vec<(FileId, TextRange)> {
        let entries = self.of(table, column).filter_map(|at| {
            let entry = self.history.entries.get(at)?;
            let id = entry.amendment.id.as_ref()?;
            Some((entry.file.id, entry.file.range(id.spot)))
        });
        entries.collect()
    }

    fn of(&self, table: &TableKey, column: Option<&Name>) -> impl Iterator<Item = usize> {
        let entries = self.by.get(&(table.clone(), column.cloned()));
        let with_id = |at: &usize| {
            let entry = self.history.entries.get(*at);
            entry.is_some_and(|entry| entry.amendment.id.is_some())
        };
        entries.into_iter().flatten().copied().filter(with_id)
    }

    /// The sentences that rename, with the ordinals of their entries.
    fn renames(&self) -> Vec<(usize, Guarantee)> {
        let entries = self.history.entries.iter().enumerate();
        let made = entries.filter(|(_, entry)| Renames::is_made(entry.standing));
        let sentences = made.flat_map(|(at, entry)| {
            let sentences = entry.amendment.guarantees.iter();
            let renaming = sentences.filter(|sentence| sentence.value.contains("renamed"));
            renaming.filter_map(move |sentence| Some((at, parse(&sentence.value).ok()?)))
        });
        sentences.collect()
    }

    fn read(&mut self, snapshot: &'s Snapshot, ordinal: usize, renames: &[(usize, Guarantee)]) {
        let Some(entry) = self.history.entries.get(ordinal) else {
            return;
        };
        let (file, amendment) = (entry.file, entry.amendment);
        let later = renames.iter().filter(|(at, _)| *at > ordinal);
        let later = Renames::new(later.map(|(_, guarantee)| guarantee));
        for sentence in amendment.changes.iter().chain(&amendment.guarantees) {
            self.sentence(snapshot, ordinal, file, &sentence.value, &later);
        }
    }

    fn sentence(
        &mut self,
        snapshot: &'s Snapshot,
        ordinal: usize,
        file: &File,
        text: &str,
        renames: &Renames,
    ) {
        let mut paths = words(text);
        let about = paths.first().map(|first| match first.parts.split_last() {
            Some((_, table)) if !table.is_empty() => table.to_vec(),
            _ => first.parts.clone(),
        });
        for path in &mut paths {
            path.parts = renames.now(&path.parts, about.as_deref());
        }
        let mut table = None;
        for (at, path) in paths.iter().enumerate() {
            let named = lookup::named(snapshot, file, &path.parts);
            match (named, path.parts.as_slice()) {
                (Some(Subject::Column(key, name)), _) => {
                    table = table.or_else(|| Some(key.clone()));
                    self.add(&key, Some(&name), ordinal);
                }
                (Some(Subject::Table(key)), _) => {
                    table = table.or_else(|| Some(key.clone()));
                    self.add(&key, None, ordinal);
                }
                // A column that is not there, as in `orders.coupon_code is absent`.
                (None, [of @ .., _]) if !of.is_empty() => {
                    if let Some(about) = lookup::table_named(snapshot, file, of) {
                        table = table.or_else(|| Some(about.key.clone()));
                        self.add(&about.key, None, ordinal);
                    }
                }
                // A bare column in a sentence that starts with its table.
                (_, [name]) if at > 0 => {
                    let about = table.as_ref().and_then(|key| snapshot.table(key));
                    let column = about.and_then(|about| Some((about, about.column(name)?)));
                    if let Some((about, column)) = column {
                        let topic = Topic::new(snapshot, about, Part::Column(&column.name));
                        if topic.is_named_in(text, file) {
                            self.add(&about.key, Some(&column.name), ordinal);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// The amendments that introduced the columns of a file.
    fn introduced(&mut self, snapshot: &Snapshot, file: &File) {
        for (ordinal, entry) in (0..).zip(file.described_tables()) {
            let id = DescriptionId {
                file: file.id,
                ordinal,
            };
            let Some(table) = snapshot.table_of_description(id) else {
                continue;
            };
            for column in &entry.columns {
                let since = column.since.as_ref().map(|since| &since.value);
                let entries = self.history.entries.iter();
                let mut entries = entries.enumerate();
                let introducing = since
                    .and_then(|since| entries.find(|(_, entry)| entry.id() == Some(since)))
                    .map(|(at, _)| at);
                if let Some(at) = introducing {
                    self.add(&table.key, Some(&column.name.value), at);
                }
            }
        }
    }

    fn add(&mut self, table: &TableKey, column: Option<&Name>, ordinal: usize) {
        for column in [None, column] {
            let entries = self.by.entry((table.clone(), column.cloned()));
            entries.or_default().insert(ordinal);
        }
    }
}
