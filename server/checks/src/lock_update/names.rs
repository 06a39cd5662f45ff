//! What the bare names of sentences stand for, kept in the lock as long as a sentence in force has them.

use crate::guarantee::{SentenceIndex, bare_names, upstream};
use index::{Snapshot, Table};
use spec::history::Standing;
use spec::lock::TableLock;
use std::collections::BTreeMap;
use syntax::Name;

/// What the names in the sentences about `table` stand for: what a lock says already stays as it is.
pub(super) fn of_table(
    snapshot: &Snapshot,
    index: &SentenceIndex,
    table: &Table,
    olds: &[TableLock],
) -> Vec<(String, String)> {
    let known: BTreeMap<Name, &String> = olds
        .iter()
        .flat_map(|old| &old.names)
        .map(|(name, column)| (Name::new(name), column))
        .collect();
    let sentences = index.about(snapshot, table).into_iter();
    let in_force = sentences.filter(|sentence| sentence.standing == Standing::InForce);
    let mut names: BTreeMap<Name, String> = BTreeMap::new();
    for sentence in in_force {
        for name in bare_names(snapshot, &sentence) {
            if let Some(column) = known.get(&name) {
                names.insert(name, (*column).clone());
            }
        }
        for (name, column) in upstream(snapshot, table, &sentence) {
            names.entry(name).or_insert(column);
        }
    }
    let names = names.into_iter();
    names
        .map(|(name, column)| (name.to_string(), column))
        .collect()
}
