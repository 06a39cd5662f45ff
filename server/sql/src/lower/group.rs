//! `GROUP BY`, with its sets.

use super::Clause;
use super::context::Lowering;
use crate::relation::{Expression, Grouping, RelationId, Select, SortKey, Unknown, UnknownReason};
use sqlparser::ast::{Expr, GroupByExpr, GroupByWithModifier, Spanned};

/// More grouping sets than this are not written out.
const MOST_SETS: usize = 4_096;
/// Nor is a `ROLLUP` of more entries than this,
const MOST_STEPS: usize = 100;
/// nor a `CUBE` of more.
const MOST_SUBSETS: usize = 12;

/// What one entry of `GROUP BY` stands for: alternatives, each a list of keys.
type Alternatives = Vec<Vec<Expression>>;

impl Lowering<'_> {
    /// How a `SELECT` with these `values` is grouped; `None` where it has no `GROUP BY`.
    pub(super) fn grouping(
        &mut self,
        id: RelationId,
        clause: &GroupByExpr,
        values: &[Expression],
    ) -> Option<Grouping> {
        let (entries, modifiers) = match clause {
            GroupByExpr::All(modifiers) => {
                let keys = values.iter().filter(|value| !is_aggregated(value));
                let keys: Vec<Expression> = keys.cloned().collect();
                (vec![vec![keys]], modifiers)
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
                let entries = keys.iter().map(|key| self.entry(key, values)).collect();
                (entries, modifiers)
            }
        };
        let mut sets = product(entries);
        for modifier in modifiers {
            sets = match modifier {
                GroupByWithModifier::Rollup => sets.into_iter().flat_map(prefixes).collect(),
                GroupByWithModifier::Cube => sets.into_iter().flat_map(subsets).collect(),
                GroupByWithModifier::Totals => {
                    sets.push(Vec::new());
                    sets
                }
                GroupByWithModifier::GroupingSets(written) => {
                    let more = self.entry(written, values);
                    product(vec![sets, more])
                }
            };
        }
        Some(numbered(sets))
    }

    fn entry(&mut self, key: &Expr, values: &[Expression]) -> Alternatives {
        match key {
            Expr::Rollup(parts) => steps(&self.lists(parts, values), true),
            Expr::Cube(parts) => steps(&self.lists(parts, values), false),
            Expr::GroupingSets(sets) => self.lists(sets, values),
            Expr::Tuple(keys) => {
                vec![keys.iter().map(|key| self.key(key, values)).collect()]
            }
            key => vec![vec![self.key(key, values)]],
        }
    }

    fn lists(&mut self, parts: &[Vec<Expr>], values: &[Expression]) -> Vec<Vec<Expression>> {
        let mut lists = Vec::new();
        for part in parts {
            lists.push(part.iter().map(|key| self.key(key, values)).collect());
        }
        lists
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

/// `ROLLUP` of lists of keys, or `CUBE`.
fn steps(parts: &[Vec<Expression>], rollup: bool) -> Alternatives {
    let chosen = |kept: &dyn Fn(usize) -> bool| {
        let parts = parts.iter().enumerate().filter(|(at, _)| kept(*at));
        parts.flat_map(|(_, part)| part.iter().cloned()).collect()
    };
    // More sets are not written out: what is grouped by is not known then.
    let most = if rollup { MOST_STEPS } else { MOST_SUBSETS };
    if parts.len() > most {
        let mut all: Vec<Expression> = chosen(&|_| true);
        all.push(Expression::Unknown(Unknown {
            reason: UnknownReason::Unsupported,
            over: Vec::new(),
            name: None,
        }));
        return vec![all];
    }
    if rollup {
        let lengths = (0..=parts.len()).rev();
        return lengths.map(|length| chosen(&|at| at < length)).collect();
    }
    let masks = (0..1usize << parts.len()).rev();
    masks
        .map(|mask| chosen(&|at| mask >> at & 1 == 1))
        .collect()
}

fn prefixes(keys: Vec<Expression>) -> Alternatives {
    let parts: Vec<_> = keys.into_iter().map(|key| vec![key]).collect();
    steps(&parts, true)
}

fn subsets(keys: Vec<Expression>) -> Alternatives {
    let parts: Vec<_> = keys.into_iter().map(|key| vec![key]).collect();
    steps(&parts, false)
}

/// Every choice of one alternative for each entry.
fn product(entries: Vec<Alternatives>) -> Alternatives {
    let mut sets: Alternatives = vec![Vec::new()];
    for alternatives in entries {
        let mut next = Vec::new();
        for set in &sets {
            for alternative in &alternatives {
                if next.len() < MOST_SETS {
                    let mut longer = set.clone();
                    longer.extend(alternative.iter().cloned());
                    next.push(longer);
                }
            }
        }
        sets = next;
    }
    sets
}

fn numbered(sets: Alternatives) -> Grouping {
    let mut grouping = Grouping::default();
    for set in sets {
        let mut numbers = Vec::new();
        for key in set {
            let known = grouping.keys.iter().position(|own| *own == key);
            let at = known.unwrap_or(grouping.keys.len());
            if known.is_none() {
                grouping.keys.push(key);
            }
            if !numbers.contains(&(at as u32)) {
                numbers.push(at as u32);
            }
        }
        grouping.sets.push(numbers);
    }
    grouping
}
