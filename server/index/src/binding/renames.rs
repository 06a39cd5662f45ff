//! Older sentences are read through later renames: they keep the words that they were written with.

use spec::guarantee::Guarantee;
use spec::history::Standing;
use syntax::Name;

/// What was renamed after a sentence was written, in the order in which it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// The whole old path, and the whole new one.
    renamed: Vec<(Vec<Name>, Vec<Name>)>,
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
        }
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
                    last == name && !qualifier.is_empty() && table.ends_with(qualifier)
                });
                if let (true, Some(last)) = (is_it, new.last()) {
                    path = vec![last.clone()];
                }
            }
            replace(&mut path, old, new);
            if let Some(table) = &mut about {
                replace(table, old, new);
            }
        }
        path
    }
}

/// Puts `new` in the place of `old`, where a path has it.
fn replace(path: &mut Vec<Name>, old: &[Name], new: &[Name]) {
    let at = path.windows(old.len().max(1)).position(|part| part == old);
    if let Some(at) = at {
        path.splice(at..at + old.len(), new.iter().cloned());
    }
}
