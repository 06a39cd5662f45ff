//! What lies upstream of a table, level by level: where bare columns of a sentence are looked for.

use super::{Binder, Bound, BoundColumn, BoundTable, bound, names_of, one_of};
use crate::file::File;
use crate::table::{ModelId, TableKey};
use sql::facts::{Model, ReadTarget};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// The levels upstream of a table, made one after the other.
pub(super) struct Levels<'b, 's> {
    binder: &'b Binder<'s>,
    about: &'b TableKey,
}

/// A table of a level, and what is known of its columns there.
struct Place {
    table: BoundTable,
    /// The SQL of the level below reads the column that is looked for from it, for certain.
    is_read: bool,
}

/// No sentence is about what lies further upstream.
const MOST_LEVELS: usize = 64;

impl<'b, 's> Levels<'b, 's> {
    pub(super) fn new(binder: &'b Binder<'s>, about: &'b TableKey) -> Levels<'b, 's> {
        Levels { binder, about }
    }

    /// The column of that name in the nearest level that has one.
    pub(super) fn column(&self, name: &Name) -> Bound<BoundColumn> {
        let mut may_be_hidden = false;
        for (depth, level) in self.places(Some(name)).into_iter().enumerate() {
            may_be_hidden |= level.iter().any(|place| self.may_hide(place));
            let having = level.into_iter().filter(|place| self.has(place, name));
            let found: Vec<BoundColumn> = having
                .map(|place| bound(place.table, name, &[], depth))
                .collect();
            if !found.is_empty() {
                return one_of(found);
            }
        }
        if may_be_hidden {
            Bound::Open
        } else {
            Bound::Nothing
        }
    }

    /// The tables of the nearest level with one whose name ends in these parts.
    pub(super) fn ending_in(&self, parts: &[Name]) -> Vec<BoundTable> {
        let levels = self.all().into_iter().map(|level| {
            let fitting = level.into_iter().filter(|table| {
                let names = match table {
                    BoundTable::Known(key) => Some(key.parts.clone()),
                    BoundTable::Read(table) => names_of(table),
                };
                names.is_some_and(|names| names.ends_with(parts))
            });
            fitting.collect::<Vec<_>>()
        });
        let mut found = levels.filter(|level| !level.is_empty());
        found.next().unwrap_or_default()
    }

    /// The tables of each level, the one that the sentence is about first.
    pub(super) fn all(&self) -> Vec<Vec<BoundTable>> {
        let tables = |level: Vec<Place>| level.into_iter().map(|place| place.table).collect();
        self.places(None).into_iter().map(tables).collect()
    }

    /// The levels, and where a column of this name is read.
    fn places(&self, name: Option<&Name>) -> Vec<Vec<Place>> {
        let mut seen: BTreeSet<BoundTable> = BTreeSet::new();
        let mut levels = Vec::new();
        let mut level = vec![Place {
            table: BoundTable::Known(self.about.clone()),
            is_read: false,
        }];
        while !level.is_empty() && levels.len() < MOST_LEVELS {
            seen.extend(level.iter().map(|place| place.table.clone()));
            let keys = level.iter().filter_map(|place| place.table.key());
            let mut below: BTreeMap<BoundTable, bool> = BTreeMap::new();
            for (table, is_read) in keys.flat_map(|key| self.inputs(key, name)) {
                if !seen.contains(&table) {
                    *below.entry(table).or_default() |= is_read;
                }
            }
            levels.push(level);
            let places = below.into_iter();
            level = places
                .map(|(table, is_read)| Place { table, is_read })
                .collect();
        }
        levels
    }

    /// What the models of a table read, and whether they read a column of this name from it.
    fn inputs(&self, key: &TableKey, name: Option<&Name>) -> Vec<(BoundTable, bool)> {
        let snapshot = self.binder.snapshot;
        let table = snapshot.table(key).filter(|table| !table.cyclic);
        let models = table.into_iter().flat_map(|table| &table.models);
        models
            .filter_map(|id: &ModelId| snapshot.model(*id))
            .flat_map(|(file, model)| self.inputs_of(file, model, name))
            .collect()
    }

    fn inputs_of(
        &self,
        file: &File,
        model: &Model,
        name: Option<&Name>,
    ) -> Vec<(BoundTable, bool)> {
        let snapshot = self.binder.snapshot;
        let inputs = (0u32..).zip(&model.inputs);
        inputs
            .map(|(ordinal, input)| {
                let table = match snapshot.resolve(file, &input.table) {
                    Some(table) => BoundTable::Known(table.key.clone()),
                    None => BoundTable::Read(input.table.clone()),
                };
                let is_it = |target: &ReadTarget| match target {
                    ReadTarget::Input(source) => {
                        source.inputs == [ordinal] && Some(&source.column) == name
                    }
                    ReadTarget::Local(_) => false,
                };
                let is_read = model.reads.iter().any(|read| is_it(&read.target));
                (table, is_read)
            })
            .collect()
    }

    fn has(&self, place: &Place, name: &Name) -> bool {
        let is_known = place.table.key().is_some_and(|key| {
            let table = self.binder.snapshot.table(key);
            table.is_some_and(|table| table.column(name).is_some())
        });
        // Where all columns are known, one that is read all the same is a mistake.
        is_known || (self.may_hide(place) && place.is_read)
    }

    /// Whether a table may have columns that nothing names.
    fn may_hide(&self, place: &Place) -> bool {
        let table = place
            .table
            .key()
            .and_then(|key| self.binder.snapshot.table(key));
        table.is_none_or(|table| table.open || table.cyclic || table.models.is_empty())
    }
}
