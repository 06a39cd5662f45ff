//! Older sentences are read through later renames: they keep the words that they were written with.

use super::{Binder, Bound, BoundTable, NameInSentence};
use crate::table::TableKey;
use spec::guarantee::{Guarantee, words};
use spec::history::Standing;
use sql::Dialect;
use std::collections::{BTreeMap, BTreeSet};
use syntax::name::dotted;
use syntax::{Name, TextEdit};

/// What was renamed after a sentence was written, in the order in which it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// The whole old path, and the whole new one.
    renamed: Vec<(Vec<Name>, Vec<Name>)>,
    /// Tables whose longer names end as that of a renamed one did: `raw.orders` is not `orders`.
    others: BTreeSet<Vec<Name>>,
}

impl Renames {
    /// The renames that some sentences make, in the order in which they were made.
    pub fn new<'g>(guarantees: impl IntoIterator<Item = &'g Guarantee>) -> Renames {
        let renamed = guarantees
            .into_iter()
            .filter_map(|guarantee| match guarantee {
                Guarantee::RenamedFrom { what, from } => {
                    let (_, qualifier) = what.parts.split_last()?;
                    let old = qualifier.iter().chain(&from.parts).cloned().collect();
                    Some((old, what.parts.clone()))
                }
                _ => None,
            });
        Renames {
            renamed: renamed.collect(),
            others: BTreeSet::new(),
        }
    }

    /// The same, where the tables that `binder` finds are told apart from those that were renamed.
    pub fn beside(mut self, binder: &Binder<'_>) -> Renames {
        let table = |parts: &[Name]| match binder.table(parts) {
            Bound::To(table) => Some(table),
            _ => None,
        };
        for (old, new) in &self.renamed {
            let own: Vec<BoundTable> = [Some(new.as_slice()), qualifier(new)]
                .into_iter()
                .flatten()
                .filter_map(table)
                .collect();
            for called in [Some(old.as_slice()), qualifier(old)].into_iter().flatten() {
                for other in binder.ending_in(called) {
                    let is_own = table(&other).is_some_and(|table| own.contains(&table));
                    if !is_own {
                        self.others.insert(other);
                    }
                }
            }
        }
        self
    }

    /// Whether what an amendment of this standing renames is called so now: a rename that was superseded
    /// by another one has happened all the same.
    pub fn is_made(standing: Standing) -> bool {
        matches!(standing, Standing::InForce | Standing::Superseded { .. })
    }

    /// What a path is called now. A bare column is that of the table `about`, as the sentence names it.
    pub fn now(&self, path: &[Name], about: Option<&[Name]>) -> Vec<Name> {
        let mut path = path.to_vec();
        let mut about = about.map(<[Name]>::to_vec);
        for (old, new) in &self.renamed {
            if let ([name], Some(table)) = (path.as_slice(), &about) {
                let is_it = old.split_last().is_some_and(|(last, qualifier)| {
                    last == name
                        && !qualifier.is_empty()
                        && table.ends_with(qualifier)
                        && !self.others.contains(table)
                });
                if let (true, Some(last)) = (is_it, new.last()) {
                    path = vec![last.clone()];
                }
            }
            self.replace(&mut path, old, new);
            if let Some(table) = &mut about {
                self.replace(table, old, new);
            }
        }
        path
    }

    /// What a bare column is called now that a sentence about a table names: the nearest of `levels`, the
    /// tables upstream of it, that has it or had it. `None` where it still has that name.
    pub fn bare(
        &self,
        name: &Name,
        binder: &Binder<'_>,
        levels: &[Vec<BoundTable>],
    ) -> Option<Name> {
        let of = |key: &TableKey| {
            let table = binder.snapshot.table(key)?;
            let mut now = name.clone();
            for (at, (old, new)) in self.renamed.iter().enumerate() {
                let (Some((column, _)), Some((renamed, table))) =
                    (old.split_last(), new.split_last())
                else {
                    continue;
                };
                if *column != now || table.is_empty() {
                    continue;
                }
                // The table may have got another name since.
                let mut table = table.to_vec();
                for (old, new) in self.renamed.iter().skip(at + 1) {
                    self.replace(&mut table, old, new);
                }
                if key.parts.ends_with(&table) {
                    now = renamed.clone();
                }
            }
            (now != *name && table.column(&now).is_some()).then_some(now)
        };
        for key in levels.iter().flatten().filter_map(BoundTable::key) {
            let table = binder.snapshot.table(key)?;
            if table.column(name).is_some() {
                return None;
            }
            if let Some(now) = of(key) {
                return Some(now);
            }
        }
        None
    }

    /// Gives the bare columns of a sentence, and the names in its SQL, their names of today. `about` is the
    /// table that it is about.
    pub fn read_columns(
        &self,
        guarantee: &mut Guarantee,
        binder: &Binder<'_>,
        about: &TableKey,
        dialect: Dialect,
    ) {
        let levels = binder.levels(about);
        let subject = guarantee.subject().parts.clone();
        let now = |parts: &[Name]| match parts {
            [bare] => Some(vec![self.bare(bare, binder, &levels)?]),
            parts => Some(self.now(parts, Some(&subject))).filter(|now| now != parts),
        };
        let names = NameInSentence::all(guarantee, dialect).into_iter();
        let changed = names.filter_map(|name| Some((now(&name.parts)?, name.parts)));
        let changed: BTreeMap<Vec<Name>, Vec<Name>> =
            changed.map(|(now, parts)| (parts, now)).collect();
        if changed.is_empty() {
            return;
        }
        guarantee.for_each_bare_column(&mut |path| {
            if let Some(now) = changed.get(&path.parts) {
                path.parts.clone_from(now);
            }
        });
        guarantee.for_each_sql(&mut |sql| {
            let edits = words(&sql.text).into_iter().filter_map(|word| {
                let now = changed.get(&word.parts)?;
                let range = word.ranges.first()?.cover(*word.ranges.last()?);
                Some(TextEdit::replace(range, dotted(now)))
            });
            let edits: Vec<TextEdit> = edits.collect();
            if let Some(text) = syntax::edit::apply(&sql.text, &edits) {
                sql.text = text;
            }
        });
    }

    /// What a whole path was called before, the latest name first.
    pub fn earlier(&self, path: &[Name]) -> Vec<Vec<Name>> {
        let mut found: Vec<Vec<Name>> = Vec::new();
        let mut path = path.to_vec();
        for (old, new) in self.renamed.iter().rev() {
            if path == *new {
                path.clone_from(old);
                found.push(path.clone());
            }
        }
        found
    }

    /// Puts `new` in the place of `old`, where a path has it.
    fn replace(&self, path: &mut Vec<Name>, old: &[Name], new: &[Name]) {
        let at = path.windows(old.len().max(1)).position(|part| part == old);
        let Some(at) = at else { return };
        let of_another = (1..=path.len()).any(|end| {
            let start = path.get(..end);
            start.is_some_and(|start| self.others.contains(start))
        });
        if !of_another {
            path.splice(at..at + old.len(), new.iter().cloned());
        }
    }
}

/// What stands before the last part of a name.
fn qualifier(name: &[Name]) -> Option<&[Name]> {
    let (_, qualifier) = name.split_last()?;
    (!qualifier.is_empty()).then_some(qualifier)
}
