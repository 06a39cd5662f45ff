//! What the answers of units depend on besides what they are about, and which units have to be answered
//! anew for it.
//!
//! An edit of SQL that leaves a file's facts and its queries as they were (a comment, white space, an
//! alias that nobody sees) changes no answer, so nothing is asked again for it; one that changes the value
//! of a column only has those asked again that read it.

use super::impact::{Impact, impact};
use crate::guarantee::Notes;
use crate::unit::Unit;
use index::relations::FileRelations;
use index::{FileId, Snapshot};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// What units asked for, both ways.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    notes: BTreeMap<Unit, Notes>,
    by_name: BTreeMap<Name, BTreeSet<Unit>>,
    by_file: BTreeMap<FileId, BTreeSet<Unit>>,
    on_everything: BTreeSet<Unit>,
    on_types: BTreeSet<Unit>,
    on_broken_sql: BTreeSet<Unit>,
    /// The queries of the files that were asked; `None` where they can't be read.
    queries: BTreeMap<FileId, Option<FileRelations>>,
    /// The files whose queries above are those of now.
    looked_at: BTreeSet<FileId>,
}

impl Dependencies {
    /// What is noted from here on is of another state than what was noted before.
    pub(super) fn begin(&mut self) {
        self.looked_at.clear();
    }

    /// Notes what a unit has asked for, in place of what it asked for before.
    pub(super) fn note(&mut self, snapshot: &Snapshot, unit: &Unit, notes: Notes) {
        self.forget(unit);
        if notes == Notes::default() {
            return;
        }
        for name in &notes.names {
            let units = self.by_name.entry(name.clone()).or_default();
            units.insert(unit.clone());
        }
        for file in &notes.files {
            let units = self.by_file.entry(*file).or_default();
            units.insert(unit.clone());
            if self.looked_at.insert(*file) {
                self.queries.insert(*file, queries(snapshot, *file));
            }
        }
        if notes.everything {
            self.on_everything.insert(unit.clone());
        }
        if notes.types {
            self.on_types.insert(unit.clone());
        }
        if notes.broken_sql {
            self.on_broken_sql.insert(unit.clone());
        }
        self.notes.insert(unit.clone(), notes);
    }

    /// The units that asked for one of these names.
    pub(super) fn on_names<'a>(
        &'a self,
        names: &'a BTreeSet<Name>,
    ) -> impl Iterator<Item = &'a Unit> {
        let units = names.iter().filter_map(|name| self.by_name.get(name));
        units.flatten()
    }

    /// The units that asked for one of these files.
    pub(super) fn on_files<'a>(
        &'a self,
        files: impl IntoIterator<Item = &'a FileId>,
    ) -> impl Iterator<Item = &'a Unit> {
        let units = files.into_iter().filter_map(|file| self.by_file.get(file));
        units.flatten()
    }

    /// The units that any SQL file may change.
    pub(super) fn on_everything(&self) -> impl Iterator<Item = &Unit> {
        self.on_everything.iter()
    }

    /// The units that any table and any SQL file may change, by the types that it names.
    pub(super) fn on_types(&self) -> impl Iterator<Item = &Unit> {
        self.on_types.iter()
    }

    /// The units that the words of any SQL may change that can't be read.
    pub(super) fn on_broken_sql(&self) -> impl Iterator<Item = &Unit> {
        self.on_broken_sql.iter()
    }

    /// The files that were asked.
    pub(super) fn files(&self) -> BTreeSet<FileId> {
        self.by_file.keys().copied().collect()
    }

    /// What an edit of a file's text can change, since it was asked last; anything where nobody asked.
    pub(super) fn impact(&mut self, snapshot: &Snapshot, file: FileId) -> Impact {
        if !self.by_file.contains_key(&file) {
            return Impact::Anything;
        }
        let now = queries(snapshot, file);
        let impact = match (snapshot.file(file), self.queries.get(&file), &now) {
            (Some(file), Some(Some(was)), Some(now)) => impact(snapshot, file, was, now),
            _ => Impact::Anything,
        };
        self.queries.insert(file, now);
        impact
    }

    fn forget(&mut self, unit: &Unit) {
        let Some(old) = self.notes.remove(unit) else {
            return;
        };
        for name in &old.names {
            remove(&mut self.by_name, name, unit);
        }
        for file in &old.files {
            if remove(&mut self.by_file, file, unit) {
                self.queries.remove(file);
            }
        }
        self.on_everything.remove(unit);
        self.on_types.remove(unit);
        self.on_broken_sql.remove(unit);
    }
}

/// Takes a unit out; whether none is left.
fn remove<K: Ord>(units: &mut BTreeMap<K, BTreeSet<Unit>>, key: &K, unit: &Unit) -> bool {
    let Some(of_key) = units.get_mut(key) else {
        return true;
    };
    of_key.remove(unit);
    let is_empty = of_key.is_empty();
    if is_empty {
        units.remove(key);
    }
    is_empty
}

fn queries(snapshot: &Snapshot, file: FileId) -> Option<FileRelations> {
    snapshot.relations(snapshot.file(file)?)
}
