//! `GROUP BY`, with its sets.

use super::Clause;
use super::context::Lowering;
use crate::relation::{Expression, Grouping, RelationId, Select, SortKey, Unknown, UnknownReason};
use sqlparser::ast::{Expr, GroupByExpr, GroupByWithModifier, Spanned};
use std::collections::BTreeSet;

/// More keys than this, over all grouping sets, are not written out,
const MOST_NUMBERS: usize = 1 << 16;
/// nor a `CUBE` of more entries.
const MOST_SUBSETS: usize = 12;

/// What one entry of `GROUP BY` stands for: alternatives, each a list of the numbers of keys; `None` for
/// more than are written out.
type Alternatives = Option<Vec<Vec<u32>>>;

/// The keys of a `GROUP BY`, each once.
#[derive(Default)]
struct Keys(Vec<Expression>);

impl Keys {
    fn number(&mut self, key: Expression) -> u32 {
        let known = self.0.iter().position(|own| *own == key);
        let at = known.unwrap_or(self.0.len());
        if known.is_none() {
            self.0.push(key);
        }
        at as u32
    }

    fn numbers(&mut self, keys: impl IntoIterator<Item = Expression>) -> Vec<u32> {
        keys.into_iter().map(|key| self.number(key)).collect()
    }

    /// The grouping by these sets. What is grouped by is not known where there are too many.
    fn grouping(mut self, sets: Alternatives) -> Grouping {
        let sets = sets.unwrap_or_else(|| {
            self.0.push(Expression::Unknown(Unknown {
                reason: UnknownReason::Unsupported,
                over: Vec::new(),
                name: None,
            }));
            vec![(0..self.0.len() as u32).collect()]
        });
        let sets = sets.into_iter().map(without_repetition);
        Grouping {
            sets: sets.collect(),
            keys: self.0,
        }
    }
}

impl Lowering<'_> {
    /// How a `SELECT` with these `values` is grouped; `None` where it has no `GROUP BY`.
    pub(super) fn grouping(
        &mut self,
        id: RelationId,
        clause: &GroupByExpr,
        values: &[Expression],
    ) -> Option<Grouping> {
        let mut known = Keys::default();
        let (entries, modifiers) = match clause {
            GroupByExpr::All(modifiers) => {
                let keys = values.iter().filter(|value| !is_aggregated(value));
                (vec![Some(vec![known.numbers(keys.cloned())])], modifiers)
            }
            GroupByExpr::Expressions(keys, modifiers)
                if keys.is_empty() && modifiers.is_empty() =>
            {
                return None;
            }
            GroupByExpr::Expressions(keys, modifiers) => {
                for key in keys {
                    if let Some(range) = self.range_of(key.span()) {
                        self.note_clause(id, Clause::GroupBy, range);
                    }
                }
                let entries = keys.iter().map(|key| self.entry(&mut known, key, values));
                (entries.collect(), modifiers)
            }
        };
        let mut sets = product(entries);
        for modifier in modifiers {
            let each = |expanded: fn(Vec<u32>) -> Alternatives| {
                let sets = sets.as_ref()?.iter().cloned();
                within_bounds(sets.map(expanded).collect::<Option<Vec<_>>>()?.concat())
            };
            sets = match modifier {
                GroupByWithModifier::Rollup => each(|keys| rollup(&singles(keys))),
                GroupByWithModifier::Cube => each(|keys| cube(&singles(keys))),
                GroupByWithModifier::Totals => sets.map(|mut sets| {
                    sets.push(Vec::new());
                    sets
                }),
                GroupByWithModifier::GroupingSets(written) => {
                    let more = self.entry(&mut known, written, values);
                    product(vec![sets, more])
                }
            };
        }
        Some(known.grouping(sets))
    }

    fn entry(&mut self, known: &mut Keys, key: &Expr, values: &[Expression]) -> Alternatives {
        match key {
            Expr::Rollup(parts) => rollup(&self.key_lists(known, parts, values)),
            Expr::Cube(parts) => cube(&self.key_lists(known, parts, values)),
            Expr::GroupingSets(sets) => Some(self.key_lists(known, sets, values)),
            Expr::Tuple(keys) => Some(vec![self.key_list(known, keys, values)]),
            key => Some(vec![vec![known.number(self.key(key, values))]]),
        }
    }

    fn key_lists(
        &mut self,
        known: &mut Keys,
        parts: &[Vec<Expr>],
        values: &[Expression],
    ) -> Vec<Vec<u32>> {
        let parts = parts.iter();
        parts
            .map(|part| self.key_list(known, part, values))
            .collect()
    }

    fn key_list(&mut self, known: &mut Keys, keys: &[Expr], values: &[Expression]) -> Vec<u32> {
        known.numbers(keys.iter().map(|key| self.key(key, values)))
    }
}

/// An aggregate without `GROUP BY` makes one row of all.
pub(super) fn group_by_nothing(select: &mut Select, order: &[SortKey]) {
    let mut values = select.projection.iter();
    let aggregated = values.any(is_aggregated)
        || select.having.is_some()
        || select.qualify.iter().any(is_aggregated)
        || order.iter().any(|key| is_aggregated(&key.value));
    if select.grouping.is_none() && aggregated {
        select.grouping = Some(Grouping {
            keys: Vec::new(),
            sets: vec![Vec::new()],
        });
    }
}

/// Whether an aggregate stands in the expression, other than as the function of a window.
fn is_aggregated(value: &Expression) -> bool {
    let mut found = false;
    value.for_each(&mut |part| found |= matches!(part, Expression::Aggregate(_)));
    found
}

/// `ROLLUP` of lists of keys: all of them, and without the last, one by one.
fn rollup(parts: &[Vec<u32>]) -> Alternatives {
    let keys: usize = parts.iter().map(Vec::len).sum();
    if keys.saturating_mul(parts.len()) > MOST_NUMBERS {
        return None;
    }
    let mut sets = vec![Vec::new()];
    let mut longer = Vec::new();
    for part in parts {
        longer.extend_from_slice(part);
        sets.push(longer.clone());
    }
    sets.reverse();
    Some(sets)
}

/// `CUBE` of lists of keys: every choice of them.
fn cube(parts: &[Vec<u32>]) -> Alternatives {
    if parts.len() > MOST_SUBSETS {
        return None;
    }
    let masks = (0..1usize << parts.len()).rev();
    let chosen = |mask: usize| {
        let parts = parts.iter().enumerate();
        let parts = parts.filter(|(at, _)| mask >> at & 1 == 1);
        parts.flat_map(|(_, part)| part.iter().copied()).collect()
    };
    within_bounds(masks.map(chosen).collect())
}

fn singles(keys: Vec<u32>) -> Vec<Vec<u32>> {
    keys.into_iter().map(|key| vec![key]).collect()
}

/// Every choice of one alternative for each entry.
fn product(entries: Vec<Alternatives>) -> Alternatives {
    let mut sets: Vec<Vec<u32>> = vec![Vec::new()];
    for alternatives in entries {
        let alternatives = alternatives?;
        if let [only] = alternatives.as_slice() {
            sets.iter_mut().for_each(|set| set.extend(only));
            continue;
        }
        let numbers = numbers_in(&sets).saturating_mul(alternatives.len())
            + numbers_in(&alternatives).saturating_mul(sets.len());
        if numbers > MOST_NUMBERS {
            return None;
        }
        let longer = |set: &Vec<u32>| {
            let all = alternatives.iter();
            let all = all.map(|more| [set.as_slice(), more].concat());
            all.collect::<Vec<_>>()
        };
        sets = sets.iter().flat_map(longer).collect();
    }
    within_bounds(sets)
}

fn within_bounds(sets: Vec<Vec<u32>>) -> Alternatives {
    (numbers_in(&sets) <= MOST_NUMBERS).then_some(sets)
}

/// A set counts as one more than its keys, for the empty ones.
fn numbers_in(sets: &[Vec<u32>]) -> usize {
    sets.iter().map(|set| set.len() + 1).sum()
}

/// The numbers of a set, each once, where it comes first.
fn without_repetition(set: Vec<u32>) -> Vec<u32> {
    let mut seen = BTreeSet::new();
    set.into_iter().filter(|key| seen.insert(*key)).collect()
}
