//! Which tables the SQL files mention: a name that nothing defines is known by whoever reads it, so a
//! sentence may mean something else when a file begins or ceases to.

use index::{FileId, Reached, Snapshot};
use sql::facts::TableRef;
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// The tables that each SQL file mentions.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    by_file: BTreeMap<FileId, BTreeSet<TableRef>>,
}

impl Mentions {
    /// Follows what files mention. Gives the last part of each name that a file has begun or ceased to
    /// mention.
    pub(super) fn update(&mut self, snapshot: &Snapshot, reached: &Reached) -> BTreeSet<Name> {
        if reached.everything {
            self.by_file.clear();
            for file in snapshot.files() {
                self.note(snapshot, file.id);
            }
            // Everything is asked anew.
            return BTreeSet::new();
        }
        let mut changed = BTreeSet::new();
        for id in &reached.changed {
            let before = self.by_file.remove(id).unwrap_or_default();
            let now = self.note(snapshot, *id);
            let differing = before.symmetric_difference(now);
            changed.extend(differing.filter_map(|table| table.last_name()).cloned());
        }
        changed
    }

    fn note(&mut self, snapshot: &Snapshot, id: FileId) -> &BTreeSet<TableRef> {
        const NONE: &BTreeSet<TableRef> = &BTreeSet::new();
        let models = snapshot.file(id).and_then(|file| file.sql());
        let models = models.into_iter().flat_map(|sql| &sql.models);
        let inputs = models.flat_map(|model| &model.inputs);
        let now: BTreeSet<TableRef> = inputs.map(|input| input.table.clone()).collect();
        if now.is_empty() {
            return NONE;
        }
        self.by_file.entry(id).or_insert(now)
    }
}
