//! `customers excludes rows that match erasure_requests on customer_id`.

use super::{Asking, last_names};
use crate::guarantee::binding;
use crate::guarantee::levels::{Depths, Level, settle};
use meaning::derive::Facts as _;
use meaning::guarantee::{self, Answer, Reason};
use meaning::witness::{Facts, Reference};
use spec::guarantee::Path;
use sql::facts::{TableName, TableRef};
use std::borrow::Cow;
use syntax::Name;

impl<'s> Asking<'_, 's> {
    pub(super) fn matching(
        &self,
        other: &Path,
        on: &[Path],
        ask: fn(&guarantee::Subject, &TableRef, &[Name], &meaning::witness::Facts) -> Answer,
    ) -> Option<Answer> {
        let names = last_names(on);
        let mut found: Option<TableRef> = None;
        settle(self.context, self.levels, Depths::Telling, &mut |level| {
            if found.is_none() {
                found = self.mention(level, &other.parts);
            }
            // One that is read under several names is not told.
            if found.is_none() && binding::is_perhaps_mentioned(&level.named, &other.parts) {
                return Some(Answer::Undecided(Reason::OutOfReach));
            }
            // Only a query over everything upstream tells that nothing keeps such rows out.
            let other = found.clone().unwrap_or_else(|| written(&other.parts));
            let facts = match found.is_some() {
                true => Cow::Borrowed(level.facts()),
                false => Cow::Owned(self.with_references(level, &other, &names)),
            };
            match ask(&level.subject, &other, &names, &facts) {
                Answer::Contradicted(_) if !level.is_last => {
                    Some(Answer::Undecided(Reason::NoProof))
                }
                answer => Some(answer),
            }
        })
    }

    /// What is known at a level, and which columns refer to a table that its query does not read.
    fn with_references(&self, level: &Level<'s>, other: &TableRef, keys: &[Name]) -> Facts {
        let snapshot = self.context.snapshot;
        let known = match other {
            TableRef::Named(name) => binding::table(snapshot, self.file, &name.parts),
            _ => None,
        };
        let full = known.map_or_else(|| other.clone(), |table| written(&table.key.parts));
        let mut facts = level.facts().clone();
        for table in &mut facts.tables {
            for column in &table.columns {
                let from = (&table.table, &column.name);
                let meant = keys
                    .iter()
                    .filter(|key| level.declared().refers(from, (&full, key)));
                table.references.extend(meant.map(|key| Reference {
                    columns: vec![column.name.clone()],
                    table: other.clone(),
                    to: vec![key.clone()],
                }));
            }
        }
        facts
    }
}

fn written(parts: &[Name]) -> TableRef {
    TableRef::Named(TableName {
        parts: parts.to_vec(),
    })
}
