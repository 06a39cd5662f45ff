//! Two versions over the same tables, and what is found out about them there.

use super::Version;
use super::agree::{Agreement, agree, upstream};
use crate::canonical::{Canonical, ColumnMeaning, canonical, unequated};
use crate::witness::{Facts, Models, TableFacts};
use sql::facts::TableRef;
use sql::relation::Query;
use std::collections::BTreeSet;

/// Both versions over the same tables, as far as that can be had.
pub(super) struct Agreed {
    pub(super) both: Agreement,
    pub(super) was: Canonical,
    pub(super) now: Canonical,
    /// The columns of both, whatever conditions say of them.
    by_themselves: Option<(Vec<ColumnMeaning>, Vec<ColumnMeaning>)>,
    /// The forms over what lies upstream of both, once they were asked for.
    upstream: Option<Option<(Canonical, Canonical)>>,
    /// What an example must keep to.
    facts: Option<Facts>,
}

impl Agreed {
    /// Two versions, whose canonical forms are known, brought to agree.
    pub(super) fn new(
        old: &Version<'_>,
        new: &Version<'_>,
        was: &Canonical,
        now: &Canonical,
    ) -> Agreed {
        let both = agree(old, new);
        // Most often nothing is replaced, and the forms are known already.
        let form = |query: &Query, before: &Query, known: &Canonical| match query == before {
            true => known.clone(),
            false => canonical(query),
        };
        Agreed {
            was: form(&both.old, old.query, was),
            now: form(&both.new, new.query, now),
            both,
            by_themselves: None,
            upstream: None,
            facts: None,
        }
    }

    /// The forms over what lies upstream of the tables that both read; `None` where nothing does.
    pub(super) fn upstream(
        &mut self,
        old: &Version<'_>,
        new: &Version<'_>,
    ) -> Option<&(Canonical, Canonical)> {
        let both = &self.both;
        let forms = self.upstream.get_or_insert_with(|| {
            let over = upstream((&both.old, old), (&both.new, new));
            over.map(|(old, new)| (canonical(&old), canonical(&new)))
        });
        forms.as_ref()
    }

    pub(super) fn by_themselves(&mut self) -> &(Vec<ColumnMeaning>, Vec<ColumnMeaning>) {
        let (old, new) = (&self.both.old, &self.both.new);
        self.by_themselves
            .get_or_insert_with(|| (unequated(old), unequated(new)))
    }

    /// Both, and what is known of the tables that they read now and of the models that were replaced.
    pub(super) fn searched(
        &mut self,
        known: &dyn Fn(&TableRef) -> Option<TableFacts>,
    ) -> (&Query, &Query, &Facts) {
        let both = &self.both;
        let facts = self.facts.get_or_insert_with(|| {
            let tables = both.old.tables().into_iter().chain(both.new.tables());
            let tables: BTreeSet<&TableRef> = tables.collect();
            let replaced = [&both.old_replaced, &both.new_replaced].into_iter();
            let models = replaced.map(|queries| Models {
                queries: queries.clone(),
                known: queries.keys().filter_map(known).collect(),
            });
            Facts {
                tables: tables.into_iter().filter_map(known).collect(),
                models: models.collect(),
            }
        });
        (&both.old, &both.new, facts)
    }
}
