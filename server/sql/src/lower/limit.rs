//! How many rows are kept: `LIMIT`, `OFFSET` and `FETCH`.

use super::context::Lowering;
use super::{Clause, ClausePlace};
use crate::relation::{Expression, Limit, RelationId};
use sqlparser::ast::{Fetch, LimitClause, Query, Spanned};
use syntax::TextRange;

impl Lowering<'_> {
    pub(super) fn limits(&mut self, query: &Query, id: RelationId) {
        let clause = query.limit_clause.as_ref();
        let limit = clause.map(|clause| self.limit(clause));
        let limit = match (&query.fetch, limit) {
            (Some(fetch), limit) => Some(self.fetch(fetch, limit)),
            (None, limit) => limit,
        };
        let range = clause.and_then(|clause| self.range_of(clause.span()));
        if let Some(limit) = limit {
            self.limit_rows(id, limit, range);
        }
    }

    /// Puts a limit on a relation.
    pub(super) fn limit_rows(&mut self, id: RelationId, limit: Limit, range: Option<TextRange>) {
        if let (Some(range), Some(places)) = (range, self.places.get_mut(id.0 as usize)) {
            places.clauses.push(ClausePlace {
                clause: Clause::Limit,
                range,
            });
        }
        if let Some(relation) = self.relations.get_mut(id.0 as usize) {
            // A query in parentheses may have a limit of its own.
            match &mut relation.limit {
                Some(own) => own.unknown = true,
                none => *none = Some(limit),
            }
        }
    }

    fn limit(&mut self, clause: &LimitClause) -> Limit {
        match clause {
            LimitClause::LimitOffset {
                limit,
                offset,
                limit_by,
            } => Limit {
                count: limit.as_ref().map(|count| self.expression(count)),
                offset: offset.as_ref().map(|offset| self.expression(&offset.value)),
                unknown: !limit_by.is_empty(),
            },
            LimitClause::OffsetCommaLimit { offset, limit } => Limit {
                count: Some(self.expression(limit)),
                offset: Some(self.expression(offset)),
                unknown: false,
            },
        }
    }

    fn fetch(&mut self, fetch: &Fetch, limit: Option<Limit>) -> Limit {
        let one = || Expression::number("1");
        let count = fetch.quantity.as_ref();
        Limit {
            count: Some(count.map_or_else(one, |count| self.expression(count))),
            offset: limit.and_then(|limit| limit.offset),
            unknown: fetch.with_ties || fetch.percent,
        }
    }
}
