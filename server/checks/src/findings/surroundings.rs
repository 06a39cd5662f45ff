//! What checks want to know of the workspace as a whole, kept by what was reached.

use crate::context::Context;
use crate::guarantee::SentenceIndex;
use crate::unit::Unit;
use index::file::FileKind;
use index::readable::has_unread;
use index::{File, FileId, Reached, Snapshot, TableKey};
use std::collections::BTreeSet;
use syntax::Name;

/// What is so of the workspace as a whole.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    sql_files: BTreeSet<FileId>,
    broken_sql: BTreeSet<FileId>,
    native_specs: BTreeSet<FileId>,
    locks: BTreeSet<FileId>,
    sentences: SentenceIndex,
    was_complete: bool,
}

impl Surroundings {
    /// Follows what was reached, and what SQL mentions or no more; whether that changes what must be said
    /// of files it did not reach.
    pub(super) fn update(
        &mut self,
        snapshot: &Snapshot,
        reached: &Reached,
        mentioned: &BTreeSet<Name>,
    ) -> bool {
        let before = (self.has_sql(), self.has_native_spec(), self.was_complete);
        if reached.everything {
            *self = Surroundings::default();
            for file in snapshot.files() {
                self.note(file.id, Some(file));
            }
            for product in snapshot.products() {
                self.sentences.note(snapshot, product);
            }
        }
        for id in &reached.files {
            self.note(*id, snapshot.file(*id));
        }
        for product in &reached.products {
            self.sentences.note(snapshot, product);
        }
        if !reached.tables.is_empty() || !mentioned.is_empty() {
            self.sentences.note_tables(snapshot);
        }
        self.was_complete = snapshot.is_complete();
        before != (self.has_sql(), self.has_native_spec(), self.was_complete)
    }

    /// The tables that the sentences of reached products are about, and all tables that are called as a
    /// reached one: a sentence may mean another of them now.
    pub(super) fn guaranteed(&self, snapshot: &Snapshot, reached: &Reached) -> BTreeSet<Unit> {
        let products = reached.products.iter();
        let about = products.flat_map(|product| self.sentences.tables(snapshot, product));
        let names: BTreeSet<Name> = reached.tables.iter().map(TableKey::name).collect();
        let names = names.iter().filter(|name| self.sentences.speaks_of(name));
        let called = names.flat_map(|name| snapshot.tables_called(name));
        let called = called.map(|table| table.key.clone());
        about.chain(called).map(Unit::Table).collect()
    }

    /// Whether SQL that can't be read is among what was reached: of its text only the words count.
    pub(super) fn reaches_broken_sql(&self, reached: &Reached) -> bool {
        let mut files = reached.files.iter();
        files.any(|id| self.broken_sql.contains(id))
    }

    /// What checks may ask.
    pub(super) fn context<'s>(
        &'s self,
        snapshot: &'s Snapshot,
        base: Option<&'s Snapshot>,
    ) -> Context<'s> {
        Context {
            base,
            snapshot,
            has_sql: self.has_sql(),
            broken_sql: Some(&self.broken_sql),
            has_native_spec: self.has_native_spec(),
            sentences: Some(&self.sentences),
            asked: None,
        }
    }

    /// Whether there is any lock.
    pub(super) fn has_lock(&self) -> bool {
        !self.locks.is_empty()
    }

    /// Whether a lock says something else than before, or is gone.
    pub(super) fn reaches_lock(&self, snapshot: &Snapshot, reached: &Reached) -> bool {
        reached.changed.iter().any(|id| {
            let file = snapshot.file(*id);
            self.locks.contains(id) || file.is_some_and(|file| file.lock().is_some())
        })
    }

    fn note(&mut self, id: FileId, file: Option<&File>) {
        let is_lock = file.is_some_and(|file| file.lock().is_some());
        let kind = file.filter(|file| !file.quiet).map(|file| file.kind);
        let is_sql = matches!(kind, Some(FileKind::Sql(_)));
        let is_broken = is_sql && file.is_some_and(has_unread);
        let sets = [
            (&mut self.sql_files, is_sql),
            (&mut self.broken_sql, is_broken),
            (&mut self.native_specs, kind == Some(FileKind::NativeSpec)),
            (&mut self.locks, is_lock),
        ];
        for (set, belongs) in sets {
            if belongs {
                set.insert(id);
            } else {
                set.remove(&id);
            }
        }
    }

    fn has_sql(&self) -> bool {
        !self.sql_files.is_empty()
    }

    fn has_native_spec(&self) -> bool {
        !self.native_specs.is_empty()
    }
}
