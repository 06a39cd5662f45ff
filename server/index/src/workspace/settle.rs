//! The reduce step: what is dirty is computed anew, upstream first, and what follows from it only
//! as far as something really changed.

use super::loading::BATCH;
use super::{Dirty, Reached, Workspace};
use crate::cycles::upstream_first;
use crate::resolve;
use crate::table::TableKey;
use std::collections::BTreeSet;
use syntax::Name;
use syntax::name::spelled_alike;

impl Workspace {
    /// Computes anew what is dirty and what follows from it, upstream first, and no more.
    pub(super) fn settle(&mut self, dirty: Dirty, reached: &mut Reached) {
        let mut tables = dirty.tables;
        for name in &dirty.names {
            let regrouped = self.state.slots.regroup(name);
            if regrouped.gone.is_empty() && regrouped.changed.is_empty() {
                continue;
            }
            for key in &regrouped.gone {
                self.state.tables.remove(key);
                self.upstream.remove(key);
                self.cyclic.remove(key);
                self.depth.remove(key);
            }
            // A mention of this name may lead elsewhere now.
            tables.extend(self.readers(name));
            tables.extend(regrouped.gone);
            tables.extend(regrouped.changed);
        }
        reached.tables.extend(tables.iter().cloned());
        for name in &dirty.mentions {
            reached
                .tables
                .extend(self.state.slots.tables(name).cloned());
        }
        let order = self.rewire(&mut tables);
        let mut queue: BTreeSet<(usize, TableKey)> = BTreeSet::new();
        if let Some(order) = order {
            for (depth, key) in order.into_iter().enumerate() {
                self.depth.insert(key, depth);
            }
        }
        queue.extend(
            tables
                .into_iter()
                .map(|key| (self.depth.get(&key).copied().unwrap_or_default(), key)),
        );
        // Tables of which only the letter case changed, and those downstream of them: what is said of these
        // names the others as they are spelled.
        let mut respelled: BTreeSet<TableKey> = BTreeSet::new();
        while let Some((_, key)) = queue.pop_first() {
            reached.tables_resolved += 1;
            let Some(table) = resolve::table(&self.state, &key, self.cyclic.contains(&key)) else {
                continue;
            };
            let upstream = self
                .upstream
                .get(&key)
                .into_iter()
                .flat_map(|tables| tables.iter());
            let reads_respelled = upstream.clone().any(|table| respelled.contains(table));
            let depth = upstream
                .filter_map(|table| self.depth.get(table))
                .max()
                .map_or(0, |depth| depth + 1);
            self.depth.insert(key.clone(), depth);
            let known = self.state.table(&key).filter(|known| ***known == table);
            if let Some(known) = known {
                if spelled_alike(&**known, &table) && !reads_respelled {
                    continue;
                }
                respelled.insert(key.clone());
            }
            self.state.tables.insert(table);
            for reader in self.readers(&key.name()) {
                let reads = self
                    .upstream
                    .get(&reader)
                    .is_some_and(|tables| tables.contains(&key));
                if reads && !self.cyclic.contains(&reader) {
                    let depth = self.depth.get(&reader).copied().unwrap_or_default();
                    queue.insert((depth, reader));
                }
            }
            reached.tables.insert(key);
        }
    }

    /// Brings the edges of dirty tables up to date, and adds the tables that are part of a circle
    /// now, or are no more. Gives an order to compute in where more than a few edges changed.
    fn rewire(&mut self, tables: &mut BTreeSet<TableKey>) -> Option<Vec<TableKey>> {
        let mut changed = Vec::new();
        for key in tables.iter() {
            let upstream = resolve::upstream(&self.state, key);
            let known = self
                .upstream
                .get(key)
                .map(|known| &**known)
                .unwrap_or_default();
            if known != upstream.as_slice() {
                self.upstream.insert(key.clone(), upstream.into());
                changed.push(key.clone());
            }
        }
        if changed.is_empty() {
            return None;
        }
        let many = changed.len() > BATCH;
        let order = upstream_first(
            changed.into_iter().chain(self.cyclic.iter().cloned()),
            &self.upstream,
        );
        let differing: Vec<TableKey> = order
            .cyclic
            .symmetric_difference(&self.cyclic)
            .cloned()
            .collect();
        tables.extend(differing);
        self.cyclic = order.cyclic;
        many.then_some(order.tables)
    }

    /// The tables defined in files that mention `name`.
    fn readers(&self, name: &Name) -> BTreeSet<TableKey> {
        let files = self
            .state
            .slots
            .readers(name)
            .filter_map(|file| self.contributions.get(&file));
        let models = files.flat_map(|contribution| &contribution.models);
        models
            .filter_map(|entry| self.state.slots.table_of_model(entry.id))
            .collect()
    }
}
