//! A relation and all that it reads in their one form, from the innermost outwards.

use super::arena::{Arena, unknown_value};
use super::simplify::{self, multiplies_rows, sort_keys};
use super::tree::Tree;
use super::{compose, equal, finish, merge, scalar, scope, semi, set};
use sql::relation::{
    Body, Distinct, Expression, InputId, Limit, Literal, Relation, RelationId, Select, SubqueryKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// How often each column of each input is mentioned.
pub(super) type Usage = BTreeMap<InputId, BTreeMap<u32, usize>>;

/// Brings a relation into its one form. Only the columns at the `needed` positions count; `None` is
/// for all.
pub(super) fn settle(arena: &mut Arena, id: RelationId, needed: Option<&BTreeSet<u32>>) {
    if arena.is_spent() {
        return;
    }
    let mut relation = arena.take(id);
    order(&mut relation);
    simplify_all(&mut relation);
    settle_subqueries(arena, &relation);
    match &mut relation.body {
        Body::Select(select) => {
            if let Some(needed) = needed {
                prune(select, needed);
            }
            settle_inputs(arena, &relation);
            relation = settled(arena, relation);
        }
        Body::Set(operation) => {
            let needed = needed.filter(|_| set::keeps_all(operation));
            settle(arena, operation.left, needed);
            settle(arena, operation.right, needed);
            relation = set::settled(arena, relation);
        }
        Body::Recursive { seed, step, .. } => {
            settle(arena, *seed, None);
            settle(arena, *step, None);
        }
        Body::Values(_) | Body::Unknown { .. } => {}
    }
    arena.put(id, relation);
}

/// A select whose inputs are in their one form, in its own.
pub(super) fn settled(arena: &mut Arena, mut relation: Relation) -> Relation {
    if arena.is_spent() {
        return relation;
    }
    let usage = usage_of(arena, &relation);
    if let Body::Select(select) = &mut relation.body {
        let mut tree = Tree::take(select, arena);
        let replaced = merge::merge(arena, &mut tree, &usage);
        if replaced.is_empty() {
            tree.put_back(select, arena);
        } else {
            tree.put(select, arena);
        }
        replace(arena, &mut relation, &replaced);
    }
    simplify_all(&mut relation);
    relation = match compose::composed(arena, relation) {
        Ok(relation) => relation,
        Err(relation) => *relation,
    };
    if relation.select().is_none() {
        return relation;
    }
    semi::in_to_exists(arena, &mut relation);
    let joined = relation.inputs().len();
    scope::join_to_scalar(arena, &mut relation);
    if relation.inputs().len() < joined {
        // What is left may be one input, whose branches can be taken apart.
        relation = match compose::composed(arena, relation) {
            Ok(composed) => return composed,
            Err(relation) => *relation,
        };
    }
    if let Body::Select(select) = &mut relation.body {
        let mut tree = Tree::take_settled(select, arena);
        if tree.strengthen() {
            tree.put(select, arena);
        } else {
            tree.put_back(select, arena);
        }
    }
    if arena.equates {
        equal::equate(arena, &mut relation);
    }
    if let Body::Select(select) = &mut relation.body {
        finish::finish(select, relation.open);
    }
    scalar::scalars(arena, &mut relation);
    relation
}

/// How often a select mentions each column of its inputs.
pub(super) fn usage_of(arena: &Arena, relation: &Relation) -> Usage {
    let mut usage = Usage::new();
    let mut count = |mention: &Expression| {
        if let Expression::Output { input, position } = mention {
            *usage
                .entry(*input)
                .or_default()
                .entry(*position)
                .or_default() += 1;
        }
    };
    if let Body::Select(select) = &relation.body {
        arena.for_each_mention_of_select(select, &mut count);
    }
    for key in &relation.order {
        arena.for_each_mention(&key.value, &mut count);
    }
    if let Some(limit) = &relation.limit {
        limit.for_each_expression(&mut |expression| arena.for_each_mention(expression, &mut count));
    }
    usage
}

/// Replaces the columns of inputs by their expressions, in a relation and in all that it reads.
pub(super) fn replace(
    arena: &mut Arena,
    relation: &mut Relation,
    replaced: &BTreeMap<InputId, Vec<Expression>>,
) {
    if replaced.is_empty() {
        return;
    }
    let by = |mention: &Expression| match mention {
        Expression::Output { input, position } => replaced.get(input).map(|projection| {
            projection
                .get(*position as usize)
                .cloned()
                .unwrap_or_else(unknown_value)
        }),
        _ => None,
    };
    relation.for_each_expression_mut(&mut |expression| {
        arena.replace(expression, &by);
    });
    for child in super::arena::children(relation) {
        arena.replace_in(child, &by);
    }
}

/// Brings the expressions of a relation into their one form.
pub(super) fn simplify_all(relation: &mut Relation) {
    relation.for_each_expression_mut(&mut |expression| {
        let inner = std::mem::replace(expression, Expression::NULL);
        *expression = simplify::value(inner);
    });
    if let Body::Select(select) = &mut relation.body {
        for condition in [&mut select.filter, &mut select.having, &mut select.qualify] {
            *condition = condition
                .take()
                .map(simplify::condition)
                .filter(|condition| *condition != simplify::TRUE);
        }
    }
}

fn order(relation: &mut Relation) {
    if let Some(limit) = &relation.limit
        && is_no_limit(limit)
    {
        relation.limit = None;
    }
    let by_order = relation
        .select()
        .is_some_and(|select| matches!(select.distinct, Distinct::On(_)));
    if relation.limit.is_none() && !by_order {
        relation.order.clear();
    }
    relation.order = sort_keys(std::mem::take(&mut relation.order), &[]);
}

/// `LIMIT NULL`, `OFFSET 0`
fn is_no_limit(limit: &Limit) -> bool {
    let count = limit.count.as_ref();
    let offset = limit.offset.as_ref();
    !limit.unknown
        && count.is_none_or(|count| *count == Expression::NULL)
        && offset.is_none_or(|offset| {
            matches!(offset, Expression::Literal(Literal::Number(number)) if number == "0")
                || *offset == Expression::NULL
        })
}

/// Forgets the values of columns that nothing mentions.
fn prune(select: &mut Select, needed: &BTreeSet<u32>) {
    if select.distinct == Distinct::All {
        return;
    }
    for (position, value) in (0..).zip(&mut select.projection) {
        if !needed.contains(&position) && !multiplies_rows(value) {
            *value = Expression::NULL;
        }
    }
}

fn settle_inputs(arena: &mut Arena, relation: &Relation) {
    let usage = usage_of(arena, relation);
    for input in relation.inputs() {
        let used: Option<BTreeSet<u32>> = match &input.source {
            sql::relation::Source::Relation(_) => Some(
                usage
                    .get(&input.id)
                    .map(|used| used.keys().copied().collect())
                    .unwrap_or_default(),
            ),
            _ => None,
        };
        for child in super::arena::source_relations(&input.source) {
            settle(arena, child, used.as_ref());
        }
    }
}

fn settle_subqueries(arena: &mut Arena, relation: &Relation) {
    let mut found = Vec::new();
    relation.for_each_expression(&mut |expression| {
        expression.for_each(&mut |part| {
            if let Expression::Subquery(subquery) = part {
                let exists = subquery.kind == SubqueryKind::Exists;
                found.push((subquery.relation, exists));
            }
        });
    });
    for (id, exists) in found {
        if exists {
            let mut relation = arena.take(id);
            if relation.limit.as_ref().is_some_and(keeps_a_row) {
                relation.limit = None;
            }
            arena.put(id, relation);
        }
        settle(arena, id, exists.then_some(&BTreeSet::new()));
        if exists {
            semi::forget_groups(arena, id);
        }
    }
}

/// Whether at least one row is left where there is one.
fn keeps_a_row(limit: &Limit) -> bool {
    let positive = |count: &Expression| match count {
        Expression::Literal(Literal::Number(number)) => {
            number.parse::<u64>().is_ok_and(|count| count > 0)
        }
        _ => false,
    };
    !limit.unknown && limit.offset.is_none() && limit.count.as_ref().is_none_or(positive)
}
