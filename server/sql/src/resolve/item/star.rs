//! `*` and `t.*` as entries of a projection, with what stands behind them.

use super::Entry;
use crate::facts::{OpenReason, Output};
use crate::resolve::Resolver;
use crate::resolve::relation::StarOptions;
use crate::resolve::scope::Scope;
use crate::resolve::table::at_item;
use sqlparser::tokenizer::Token;
use std::ops::Range;
use syntax::Name;

impl Resolver<'_> {
    /// The index of the `*` in `*`, `t.*` and these with options.
    pub(super) fn star_at(&self, item: &Range<usize>) -> Option<usize> {
        let mut at = item.start;
        while self.source.is_word_like(at) && self.source.is(at + 1, &Token::Period) {
            at += 2;
        }
        let star = self.source.is(at, &Token::Mul) && at < item.end;
        let next = at + 1;
        let ends = next >= item.end
            || self.source.is_one_of(
                next,
                &["EXCEPT", "EXCLUDE", "REPLACE", "RENAME", "ILIKE", "APPLY"],
            );
        (star && ends).then_some(at)
    }

    pub(super) fn star(&mut self, item: &Range<usize>, star: usize, scope: &Scope<'_>) -> Entry {
        let mut entry = Entry::default();
        let Some(options) = self.star_options(item, star + 1, scope) else {
            return self.unknown_entry(item, OpenReason::Unparsed);
        };
        let qualifier: Vec<usize> = (item.start..star).step_by(2).collect();
        let Some(names) = self.names(&qualifier) else {
            return self.unknown_entry(item, OpenReason::Template);
        };
        let tables: Vec<_> = scope
            .tables
            .iter()
            .filter(|table| match names.as_slice() {
                [] => table.in_star,
                names => !table.name.is_empty() && table.name.ends_with(names),
            })
            .collect();
        let limit = if names.is_empty() { tables.len() } else { 1 };
        let spot = self.spot(item);
        for table in tables.iter().take(limit) {
            let merged = if names.is_empty() {
                table.merged.as_slice()
            } else {
                &[]
            };
            let expanded = table.relation.expanded(merged, &options);
            entry
                .outputs
                .extend(expanded.into_iter().map(|output| at_item(output, spot)));
            if entry.open.is_none() {
                entry.open = table.relation.open.clone();
            }
        }
        if tables.is_empty() {
            entry.open = Some(self.open(OpenReason::UnknownInput, item));
        }
        entry
    }

    /// What stands behind a `*`; `None` where it is not understood.
    fn star_options(
        &mut self,
        item: &Range<usize>,
        start: usize,
        scope: &Scope<'_>,
    ) -> Option<StarOptions> {
        let mut options = StarOptions::default();
        let mut at = start;
        while at < item.end {
            let keyword = at;
            at += 1;
            let parts = if self.source.is(at, &Token::LParen) && self.source.groups.opens(at) {
                let parts = self.source.split_by_commas(self.source.inside(at));
                at = self.source.after(at);
                parts
            } else {
                let start = at;
                at = self
                    .source
                    .find(at..item.end, |at| {
                        self.source
                            .is_one_of(at, &["EXCEPT", "EXCLUDE", "REPLACE", "RENAME"])
                    })
                    .unwrap_or(item.end);
                std::iter::once(start..at).collect()
            };
            for part in parts.into_iter().filter(|part| !part.is_empty()) {
                self.star_option(keyword, &part, scope, &mut options)?;
            }
        }
        Some(options)
    }

    fn star_option(
        &mut self,
        keyword: usize,
        part: &Range<usize>,
        scope: &Scope<'_>,
        options: &mut StarOptions,
    ) -> Option<()> {
        if self.source.is_one_of(keyword, &["EXCEPT", "EXCLUDE"]) {
            // `EXCLUDE t.a` names a table, too; what counts is the column.
            let name = self.source.name(part.end.checked_sub(1)?)?;
            options.except.push(Name::new(name));
            return Some(());
        }
        let entry = self.entry(part, scope);
        let column = match entry.outputs.into_iter().next()? {
            Output::Column(column) => column,
            Output::Star(_) => return None,
        };
        if self.source.is_word(keyword, "REPLACE") {
            options.replace.push(column);
        } else if self.source.is_word(keyword, "RENAME") {
            let from = Name::new(self.source.name(part.start)?);
            options.rename.push((from, column));
        } else {
            return None;
        }
        Some(())
    }
}
