//! A select over one subquery that groups, drops repetitions, has windows or is a set operation:
//! both as one, where that gives the same rows.

use super::arena::{Arena, expression_depth};
use super::merge::{DEPTH, GROWTH, has_aggregate, has_window};
use super::settle::{Usage, replace, settled, simplify_all, usage_of};
use super::simplify::{conjunction, conjuncts, is_volatile, multiplies_rows};
use super::{finish, set};
use sql::relation::{
    Body, Distinct, Expression, From, Input, InputId, Relation, RelationId, Select, SetOperation,
    SetOperator, Source,
};
use std::collections::BTreeMap;

/// The two as one, in its one form; the relation as it was where that can't be.
pub(super) fn composed(
    arena: &mut Arena,
    mut relation: Relation,
) -> Result<Relation, Box<Relation>> {
    let Some((input, id)) = only_input(&relation) else {
        return Err(Box::new(relation));
    };
    if let Body::Select(select) = &mut relation.body {
        finish::as_distinct(select, relation.open);
    }
    let Some(inner) = arena.get(id) else {
        return Err(Box::new(relation));
    };
    let usage = usage_of(arena, &relation);
    if is_same(&relation, inner, input) && !matches!(inner.body, Body::Recursive { .. }) {
        return Ok(same(arena, relation, id));
    }
    match &inner.body {
        Body::Select(select) => {
            if !fits(&relation, inner, select, input, &usage) || !affords(arena, id, &usage) {
                return Err(Box::new(relation));
            }
            Ok(with_select(arena, relation, input, id))
        }
        Body::Set(operation)
            if operation.operator == SetOperator::Union
                && inner.limit.is_none()
                && only_drops_repetitions(&relation, inner, input) =>
        {
            let body = Body::Set(SetOperation {
                all: false,
                ..*operation
            });
            Ok(set::settled(arena, Relation { body, ..relation }))
        }
        Body::Set(operation) if inner.limit.is_none() && is_row_by_row(&relation) => {
            let operation = *operation;
            let may = set::keeps_all(&operation) || is_filter(&relation, inner, input);
            if may && arena.afford(width(&relation)) {
                return Ok(distribute(arena, relation, input, operation));
            }
            Err(Box::new(relation))
        }
        _ => Err(Box::new(relation)),
    }
}

/// The one input of a select, if it is a subquery.
fn only_input(relation: &Relation) -> Option<(InputId, RelationId)> {
    match relation.select()?.from.as_ref()? {
        From::Input(Input {
            id,
            source: Source::Relation(relation),
        }) => Some((*id, *relation)),
        _ => None,
    }
}

/// Whether the columns are those of the input in order, whatever else is done.
fn is_all_columns(select: &Select, outer: &Relation, inner: &Relation, input: InputId) -> bool {
    let mut columns = (0..).zip(&select.projection);
    outer.open == inner.open
        && select.projection.len() == inner.columns.len()
        && columns.all(|(place, value)| {
            matches!(value, Expression::Output { input: of, position }
                if *of == input && *position == place)
        })
}

/// Whether the rows and columns are those of the input.
fn is_same(outer: &Relation, inner: &Relation, input: InputId) -> bool {
    let Some(select) = outer.select() else {
        return false;
    };
    let unlimited = outer.limit.is_none() && select.filter.is_none();
    unlimited
        && select.grouping.is_none()
        && select.having.is_none()
        && select.qualify.is_none()
        && select.distinct == Distinct::Keep
        && is_all_columns(select, outer, inner, input)
}

fn same(arena: &mut Arena, outer: Relation, id: RelationId) -> Relation {
    let mut inner = arena.take(id);
    inner.columns = outer.columns;
    inner
}

/// Whether each row is computed from one row of the input, and none is dropped but by the filter.
fn is_row_by_row(outer: &Relation) -> bool {
    let Some(select) = outer.select() else {
        return false;
    };
    let fixed = |value: &Expression| {
        has_window(value) || has_aggregate(value) || is_volatile(value) || multiplies_rows(value)
    };
    outer.limit.is_none()
        && select.grouping.is_none()
        && select.having.is_none()
        && select.qualify.is_none()
        && select.distinct == Distinct::Keep
        && !select.projection.iter().chain(&select.filter).any(fixed)
}

/// Whether it is `SELECT DISTINCT *`.
fn only_drops_repetitions(outer: &Relation, inner: &Relation, input: InputId) -> bool {
    outer.limit.is_none()
        && outer.select().is_some_and(|select| {
            select.distinct == Distinct::All
                && select.filter.is_none()
                && select.grouping.is_none()
                && select.having.is_none()
                && select.qualify.is_none()
                && is_all_columns(select, outer, inner, input)
        })
}

/// Whether it only filters the rows of the input.
fn is_filter(outer: &Relation, inner: &Relation, input: InputId) -> bool {
    outer
        .select()
        .is_some_and(|select| is_all_columns(select, outer, inner, input))
}

fn width(relation: &Relation) -> usize {
    let mut size = 0;
    if let Some(select) = relation.select() {
        select.for_each_expression(&mut |expression| size += expression.size());
    }
    size
}

/// Whether a select over another may become one with it.
fn fits(outer: &Relation, inner: &Relation, of: &Select, input: InputId, usage: &Usage) -> bool {
    let Some(select) = outer.select() else {
        return false;
    };
    let used: Vec<&Expression> = usage
        .get(&input)
        .into_iter()
        .flatten()
        .filter_map(|(position, _)| of.projection.get(*position as usize))
        .collect();
    let windows = select.qualify.is_some() || select.projection.iter().any(has_window);
    let only_projects = select.filter.is_none()
        && select.grouping.is_none()
        && select.having.is_none()
        && !windows
        && select.distinct == Distinct::Keep
        && outer.limit.is_none();
    if of.projection.iter().any(multiplies_rows) || used.iter().any(|value| is_volatile(value)) {
        return false;
    }
    if select.projection.iter().any(multiplies_rows) && !only_projects {
        return false;
    }
    if inner.limit.is_some() || matches!(of.distinct, Distinct::On(_)) {
        return only_projects && of.distinct != Distinct::All;
    }
    if select.grouping.is_some() || matches!(select.distinct, Distinct::On(_)) {
        return false;
    }
    if of.distinct == Distinct::All {
        return !windows && is_all_columns(select, outer, inner, input) && outer.limit.is_none();
    }
    let inner_windows = of.qualify.is_some() || used.iter().any(|value| has_window(value));
    !(inner_windows && windows)
}

fn affords(arena: &mut Arena, id: RelationId, usage: &Usage) -> bool {
    let mut growth = 0;
    if let Some(select) = arena.get(id).and_then(Relation::select) {
        for (position, count) in usage.values().flatten() {
            if let Some(value) = select.projection.get(*position as usize) {
                if expression_depth(value) > DEPTH {
                    return false;
                }
                growth += value.size() * count;
            }
        }
    }
    growth <= GROWTH && arena.afford(growth)
}

/// The outer select's clauses over the rows of the inner one.
fn with_select(arena: &mut Arena, mut outer: Relation, input: InputId, id: RelationId) -> Relation {
    let inner = arena.take(id);
    let Body::Select(of) = inner.body else {
        return outer;
    };
    let outer_windows = outer
        .select()
        .is_some_and(|select| select.qualify.is_some() || select.projection.iter().any(has_window));
    let replaced = BTreeMap::from([(input, of.projection.clone())]);
    replace(arena, &mut outer, &replaced);
    if outer.limit.is_none() {
        outer.limit = inner.limit;
        outer.order = inner.order;
    }
    let mut of = *of;
    if let Body::Select(select) = &mut outer.body {
        let filter = select.filter.take();
        let inside = select.projection.iter().chain(&filter).any(has_window);
        let windows = of.qualify.is_some() || (inside && !outer_windows);
        let place = if windows {
            &mut of.qualify
        } else if of.grouping.is_some() {
            &mut of.having
        } else {
            &mut of.filter
        };
        let all = place.take().into_iter().chain(filter).collect::<Vec<_>>();
        *place = conjunction(all);
        of.projection = std::mem::take(&mut select.projection);
        if let Some(qualify) = select.qualify.take() {
            let mut all = of.qualify.take().map(conjuncts).unwrap_or_default();
            all.push(qualify);
            of.qualify = conjunction(all);
        }
        if of.distinct == Distinct::Keep {
            of.distinct = std::mem::take(&mut select.distinct);
        }
        **select = of;
    }
    simplify_all(&mut outer);
    if let Body::Select(select) = &mut outer.body {
        finish::finish(select, outer.open);
    }
    outer
}

/// The outer select's clauses over each branch.
fn distribute(
    arena: &mut Arena,
    outer: Relation,
    input: InputId,
    operation: SetOperation,
) -> Relation {
    let columns = outer.columns.clone();
    let open = outer.open;
    let right = branch(arena, &outer, input, operation.right);
    let left = branch(arena, &outer, input, operation.left);
    let relation = Relation {
        columns,
        open,
        body: Body::Set(SetOperation {
            left,
            right,
            ..operation
        }),
        order: Vec::new(),
        limit: None,
    };
    set::settled(arena, relation)
}

/// A copy of the outer select that reads a branch.
fn branch(arena: &mut Arena, outer: &Relation, input: InputId, over: RelationId) -> RelationId {
    let id = arena.fresh_input();
    let mut copy = outer.clone();
    if let Body::Select(select) = &mut copy.body {
        select.from = None;
        select.for_each_expression_mut(&mut |expression| {
            *expression = arena.copy_expression(expression);
            arena.replace(expression, &|mention| match mention {
                Expression::Output {
                    input: of,
                    position,
                } if *of == input => Some(Expression::Output {
                    input: id,
                    position: *position,
                }),
                _ => None,
            });
        });
        select.from = Some(From::Input(Input {
            id,
            source: Source::Relation(over),
        }));
    }
    let copy = settled(arena, copy);
    arena.push(copy)
}
