//! Where a column comes from, and where it never comes from.

use super::Asking;
use crate::guarantee::binding;
use crate::guarantee::levels::{Depths, Level, settle};
use index::binding::{Bound, BoundName};
use meaning::guarantee::{self, Answer, Origin, Reason};
use spec::guarantee::Path;
use sql::facts::{TableName, TableRef};
use syntax::Name;

impl<'s> Asking<'_, 's> {
    pub(super) fn origin(
        &self,
        from: &Path,
        ask: &dyn Fn(&Level<'s>, usize, &Origin) -> Answer,
    ) -> Option<Answer> {
        let (column, parts) = from.parts.split_last()?;
        let mut origin: Option<Origin> = None;
        settle(self.context, self.levels, Depths::Telling, &mut |level| {
            let position = self.position(&level.subject.query)?;
            if origin.is_none() {
                origin = self.mention(level, parts).map(|table| Origin {
                    table,
                    column: Some(column.clone()),
                });
            }
            match &origin {
                Some(origin) => Some(ask(level, position, origin)),
                // One that is read under several names is not told.
                None if level.is_last
                    && self.is_known(parts)
                    && !binding::is_perhaps_mentioned(&level.named, parts) =>
                {
                    Some(ask(level, position, &self.nowhere(parts, column)))
                }
                None => None,
            }
        })
    }

    pub(super) fn never_from(&self, from: &Path) -> Option<Answer> {
        let binder = self.context.snapshot.binder(self.file);
        let (parts, column) = match binder.table_or_column(&from.parts) {
            Bound::To(BoundName::Table(_)) => (from.parts.as_slice(), None),
            // Which field of a column a value comes from is not followed, nor which of several is meant.
            Bound::To(BoundName::Column(column)) if !column.fields.is_empty() => {
                return Some(Answer::Undecided(Reason::OutOfReach));
            }
            Bound::Ambiguous(_) => return Some(Answer::Undecided(Reason::OutOfReach)),
            Bound::To(BoundName::Column(_)) | Bound::Nothing | Bound::Open => {
                let (column, parts) = from.parts.split_last()?;
                (parts, Some(column))
            }
        };
        let is_whole = self.is_about_whole_table();
        let mut origin: Option<Origin> = None;
        settle(self.context, self.levels, Depths::Telling, &mut |level| {
            if origin.is_none() {
                origin = self.mention(level, parts).map(|table| Origin {
                    table,
                    column: column.cloned(),
                });
            }
            let query = &level.subject.query;
            let position = match is_whole {
                true => None,
                false => Some(self.position(query)?),
            };
            let answer = match &origin {
                Some(origin) => guarantee::never_comes_from(&level.subject, position, origin),
                // Nothing reads it, so nothing comes from it.
                None if level.is_last && !binding::is_perhaps_mentioned(&level.named, parts) => {
                    let origin = Origin {
                        table: TableRef::Unknown,
                        column: None,
                    };
                    guarantee::never_comes_from(&level.subject, position, &origin)
                }
                None => return None,
            };
            // A second way may come through a table that is not looked into yet.
            match answer {
                Answer::Holds if !level.is_last => Some(Answer::Undecided(Reason::NoProof)),
                answer => Some(answer),
            }
        })
    }

    fn is_known(&self, parts: &[Name]) -> bool {
        binding::is_known(self.context.snapshot, self.file, parts)
    }

    /// A table that the query does not read.
    fn nowhere(&self, parts: &[Name], column: &Name) -> Origin {
        Origin {
            table: TableRef::Named(TableName {
                parts: parts.to_vec(),
            }),
            column: Some(column.clone()),
        }
    }

    /// Whether the sentence is about all columns of the table, not about one.
    fn is_about_whole_table(&self) -> bool {
        let path = self.guarantee.subject();
        binding::table(self.context.snapshot, self.file, &path.parts)
            .is_some_and(|table| table.key == self.table.key)
    }
}
