//! Reading what a subquery reads instead of the subquery, where it only selects.

use super::arena::{Arena, expression_depth};
use super::settle::Usage;
use super::simplify::{is_volatile, multiplies_rows};
use super::strict;
use super::tree::{Part, Tree};
use sql::relation::{Body, Distinct, Expression, Input, InputId, Relation, Select, Source};
use std::collections::BTreeMap;

/// How many parts the expressions may have that take the place of the columns of one input.
pub(super) const GROWTH: usize = 4_000;

/// How deep an expression may be that takes the place of a column.
pub(super) const DEPTH: usize = 300;

/// How many tables one select may read that others were merged into: joins nest as deep.
const MOST_INPUTS: usize = 500;

/// Puts what plain subqueries read into the tree, and tells what their columns are to be replaced by.
pub(super) fn merge(
    arena: &mut Arena,
    tree: &mut Tree,
    usage: &Usage,
) -> BTreeMap<InputId, Vec<Expression>> {
    let mut merging = Merging {
        arena,
        usage,
        room: MOST_INPUTS.saturating_sub(tree.inputs().len()),
        replaced: BTreeMap::new(),
    };
    merging.tree(tree, false);
    merging.replaced
}

struct Merging<'a, 'u> {
    arena: &'a mut Arena,
    usage: &'u Usage,
    /// How many inputs there may be more.
    room: usize,
    replaced: BTreeMap<InputId, Vec<Expression>>,
}

impl Merging<'_, '_> {
    fn tree(&mut self, tree: &mut Tree, padded: bool) {
        let mut parts = Vec::new();
        for part in std::mem::take(&mut tree.parts) {
            match part {
                Part::Input(input) => match self.plain(&input, padded) {
                    Some(mut select) => {
                        let inner = Tree::take(&mut select, self.arena);
                        parts.extend(inner.parts);
                        tree.conjuncts.extend(inner.conjuncts);
                        self.replaced.insert(input.id, select.projection);
                    }
                    None => parts.push(Part::Input(input)),
                },
                Part::Padded { mut right, mut on } => {
                    self.tree(&mut right, true);
                    on.append(&mut right.conjuncts);
                    parts.push(Part::Padded { right, on });
                }
                Part::Other(mut other) => {
                    self.tree(&mut other.left, true);
                    self.tree(&mut other.right, true);
                    parts.push(Part::Other(other));
                }
            }
        }
        tree.parts = parts;
    }

    /// The select that an input is, taken out, if it may be merged into what reads it.
    fn plain(&mut self, input: &Input, padded: bool) -> Option<Select> {
        let Source::Relation(id) = input.source else {
            return None;
        };
        let select = only_selects(self.arena.get(id)?)?;
        let used = || self.usage.get(&input.id).into_iter().flatten();
        let mut growth = 0;
        for (position, count) in used() {
            let value = select.projection.get(*position as usize)?;
            if is_fixed(value) || expression_depth(value) > DEPTH {
                return None;
            }
            growth += value.size() * count;
        }
        let inputs: Vec<InputId> = select.inputs().iter().map(|input| input.id).collect();
        if padded {
            select.from.as_ref()?;
            for (position, _) in used() {
                let value = select.projection.get(*position as usize)?;
                if !strict::is_null(value, &inputs) {
                    return None;
                }
            }
        }
        if growth > GROWTH || inputs.len() > self.room || !self.arena.afford(growth) {
            return None;
        }
        self.room -= inputs.len();
        match self.arena.take(id).body {
            Body::Select(select) => Some(*select),
            _ => None,
        }
    }
}

/// The select of a relation that does nothing but select, filter and join.
fn only_selects(relation: &Relation) -> Option<&Select> {
    let select = relation.select()?;
    let plain = relation.limit.is_none()
        && select.grouping.is_none()
        && select.having.is_none()
        && select.qualify.is_none()
        && select.distinct == Distinct::Keep
        && !select.projection.iter().any(multiplies_rows);
    plain.then_some(select)
}

/// Whether the value must be computed where it stands.
fn is_fixed(value: &Expression) -> bool {
    let mut fixed = is_volatile(value);
    value.for_each(&mut |part| {
        fixed |= matches!(part, Expression::Window(_) | Expression::Aggregate(_));
    });
    fixed
}

/// Whether a window function stands in the expression.
pub(super) fn has_window(expression: &Expression) -> bool {
    let mut found = false;
    expression.for_each(&mut |part| found |= matches!(part, Expression::Window(_)));
    found
}

/// Whether an aggregate that is no window function stands in the expression.
pub(super) fn has_aggregate(expression: &Expression) -> bool {
    let mut found = false;
    expression.for_each(&mut |part| found |= matches!(part, Expression::Aggregate(_)));
    found
}
