//! Which claims may conflict at all: those about the same thing, and those that forbid with whatever speaks
//! of the same table. All others are never compared, so a product with many sentences about many things
//! costs no more than its sentences.

use super::{Claim, Place, Thing};
use index::binding::BoundTable;
use spec::guarantee::Guarantee;
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// For each claim the ordinals of the earlier ones that it may conflict with, in their order.
pub(crate) fn earlier(claims: &[Claim<'_, '_>]) -> Vec<BTreeSet<usize>> {
    let mut by_thing: BTreeMap<&Thing, Vec<usize>> = BTreeMap::new();
    let mut by_table: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    let mut forbidding: BTreeMap<Key<'_>, Vec<usize>> = BTreeMap::new();
    let mut all = Vec::new();
    for (at, claim) in claims.iter().enumerate() {
        let mut earlier: BTreeSet<usize> = BTreeSet::new();
        let of_thing = by_thing.entry(&claim.subject).or_default();
        earlier.extend(of_thing.iter());
        of_thing.push(at);
        let forbids = forbids(claim.guarantee);
        let things = std::iter::once(&claim.subject).chain(&claim.other);
        let keys: BTreeSet<Key<'_>> = things.map(|thing| Key::of(&thing.table)).collect();
        for key in keys {
            let of_table = if forbids { &by_table } else { &forbidding };
            earlier.extend(of_table.get(&key).into_iter().flatten());
            if forbids {
                forbidding.entry(key).or_default().push(at);
            }
            by_table.entry(key).or_default().push(at);
        }
        all.push(earlier);
    }
    all
}

/// Whether a guarantee forbids what others may need.
fn forbids(guarantee: &Guarantee) -> bool {
    matches!(
        guarantee,
        Guarantee::Absent(_)
            | Guarantee::NeverComesFrom { .. }
            | Guarantee::NeverReads { .. }
            | Guarantee::NeverLeaves { .. }
    )
}

/// What two places have in common if one may be the other, or within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'c> {
    Bound(&'c BoundTable),
    /// A name that stands for nothing, by its first part: what follows may be a column.
    Written(Option<&'c Name>),
}

impl<'c> Key<'c> {
    fn of(place: &'c Place) -> Key<'c> {
        match place {
            Place::Bound(table) => Key::Bound(table),
            Place::Written(parts) => Key::Written(parts.first()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::earlier;
    use crate::conflict::claims;
    use crate::context::Context;
    use crate::sentences::Sentences;
    use index::Workspace;
    use index::system::MemorySystem;
    use std::path::PathBuf;
    use std::sync::Arc;
    use syntax::Name;

    /// How many pairs of sentences are compared in a product with so many tables, of six sentences each.
    fn compared(tables: usize) -> usize {
        let sentences = (0..tables).map(|number| {
            format!(
                "      - t{number}.a is unique\n      - t{number}.b is never null\n      - t{number} reads raw\n      \
                 - t{number}.c is absent\n      - t{number}.d exists\n      - t{number}.a is never null\n"
            )
        });
        let sentences: String = sentences.collect();
        let spec = format!(
            "product: p\namendments:\n  - id: 1\n    change: Done.\n    guarantees:\n{sentences}"
        );
        let mut files = vec![(PathBuf::from("/w/p.spec.yaml"), spec)];
        files.extend((0..tables).map(|number| {
            let path = PathBuf::from(format!("/w/t{number}.sql"));
            (path, "select a, b, d from raw".to_owned())
        }));
        let mut workspace = Workspace::new(Arc::new(MemorySystem::new(files)), vec!["/w".into()]);
        workspace.load();
        let snapshot = workspace.snapshot();
        let context = Context::for_fixes(&snapshot);
        let sentences = Sentences::of(&snapshot, &Name::new("p"));
        let claims = claims(&context, &sentences);
        assert_eq!(claims.len(), tables * 6);
        earlier(&claims).iter().map(|earlier| earlier.len()).sum()
    }

    #[test]
    fn no_more_pairs_are_compared_than_there_are_sentences() {
        let one = compared(1);
        // What is absent with all of its table, and the two about one column.
        assert_eq!(one, 3 + 2 + 1);
        assert_eq!(compared(40), 40 * one);
    }
}
