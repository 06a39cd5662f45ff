//! Every `SELECT` of a text, and where it begins and ends.

use crate::skeleton::{Body, Constraint, Factor, FactorKind, Query, Select, Shape, Source, shape};
use std::ops::Range;
use syntax::{TextRange, TextSize};

/// Every `SELECT` of a text that the skeleton finds.
pub(super) struct Selects {
    all: Vec<Found>,
}

struct Found {
    select: Select,
    /// It is one of several branches of a set operation, in which positions count.
    is_branch: bool,
    /// The tokens of the conditions that its tables are joined on.
    on: Vec<Range<usize>>,
}

/// An entry of the projection of one of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct ItemId {
    select: usize,
    item: usize,
}

impl Selects {
    /// Those of all statements.
    pub(super) fn of(source: &Source<'_>, statements: &[Range<usize>]) -> Selects {
        let mut all = Vec::new();
        for tokens in statements {
            if let Shape::Query { query, .. } = shape(source, tokens.clone()) {
                collect(query, false, &mut all);
            }
        }
        Selects { all }
    }

    /// Each with the tokens of the conditions that its tables are joined on, inner ones first.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Select, &[Range<usize>])> {
        let all = self.all.iter();
        all.map(|found| (&found.select, found.on.as_slice()))
    }

    /// The innermost one around `at`.
    pub(super) fn around(&self, source: &Source<'_>, at: TextSize) -> Option<ItemId> {
        let ranges = self.all.iter().map(|found| range(source, &found.select));
        let around = ranges
            .enumerate()
            .filter(|(_, range)| range.contains_inclusive(at));
        let (select, _) = around.min_by_key(|(_, range)| range.len())?;
        Some(ItemId { select, item: 0 })
    }

    /// The entry that stands at `item`.
    pub(super) fn entry(&self, source: &Source<'_>, item: TextRange) -> Option<ItemId> {
        self.all.iter().enumerate().find_map(|(select, found)| {
            let mut items = found.select.items.iter();
            let item = items.position(|tokens| source.range(tokens) == item)?;
            Some(ItemId { select, item })
        })
    }

    /// The `SELECT`.
    pub(super) fn select(&self, id: ItemId) -> Option<&Select> {
        self.all.get(id.select).map(|found| &found.select)
    }

    /// The `SELECT` of an entry, and which entry of it.
    pub(super) fn item(&self, id: ItemId) -> Option<(&Select, usize)> {
        Some((self.select(id)?, id.item))
    }

    /// Whether it is one of several branches of a set operation.
    pub(super) fn is_branch(&self, id: ItemId) -> bool {
        self.all.get(id.select).is_some_and(|found| found.is_branch)
    }
}

/// From its first keyword to the end of its last clause.
pub(super) fn range(source: &Source<'_>, select: &Select) -> TextRange {
    let clauses = select.clauses.iter().map(|clause| &clause.tokens);
    let parts = clauses
        .chain([&select.from_tokens])
        .filter(|part| !part.is_empty());
    let own = source.range(&select.projection);
    parts.fold(own, |all, part| all.cover(source.range(part)))
}

fn collect(query: Query, in_set: bool, all: &mut Vec<Found>) {
    for cte in query.with {
        if let Some(query) = cte.query {
            collect(query, false, all);
        }
    }
    let is_branch = in_set || query.branches.len() > 1;
    for branch in query.branches {
        match branch {
            Body::Select(mut select) => {
                let mut on = Vec::new();
                for factor in std::mem::take(&mut select.from) {
                    from(factor, &mut on, all);
                }
                all.push(Found {
                    select: *select,
                    is_branch,
                    on,
                });
            }
            Body::Query(query) => collect(*query, is_branch, all),
            Body::Values(_) | Body::Hole(_) | Body::Unknown(_) => {}
        }
    }
    for stray in query.stray {
        collect(stray, false, all);
    }
}

fn from(factor: Factor, on: &mut Vec<Range<usize>>, all: &mut Vec<Found>) {
    for constraint in factor.constraints {
        if let Constraint::On(tokens) = constraint {
            on.push(tokens);
        }
    }
    match factor.kind {
        FactorKind::Query(query) => collect(*query, false, all),
        FactorKind::Nested(factors) => {
            for factor in factors {
                from(factor, on, all);
            }
        }
        FactorKind::Table(_) | FactorKind::Function { .. } | FactorKind::Unknown(_) => {}
    }
}
