//! Queries of one value: each aggregate is in one of its own, and what only asks for a row is `EXISTS`.

use super::arena::Arena;
use super::finish::{drop_distinct, is_single};
use super::merge::{has_aggregate, has_window};
use super::scope::{mentions, scalar, subquery};
use super::simplify::{self, conjuncts};
use super::strict;
use sql::relation::{
    Body, Case, Distinct, Expression, Grouping, InputId, Literal, Operation, Operator, Relation,
    RelationId, Select, SubqueryKind,
};
use std::collections::BTreeMap;

/// Brings the queries of one value in a relation's expressions into their one form.
pub(super) fn scalars(arena: &mut Arena, relation: &mut Relation) {
    relation.for_each_expression_mut(&mut |expression| values(arena, expression));
}

fn values(arena: &mut Arena, expression: &mut Expression) {
    match expression {
        Expression::Call(call) if call.function == "coalesce" => {
            if let [
                Expression::Subquery(subquery),
                Expression::Literal(Literal::Number(zero)),
            ] = call.arguments.as_slice()
                && zero == "0"
                && subquery.kind == SubqueryKind::Scalar
            {
                let id = subquery.relation;
                unpin(arena, id);
                if count_instead(arena, id) {
                    *expression = Expression::Subquery(subquery.clone());
                    return;
                }
            }
        }
        Expression::Operation(operation) => {
            if let Some(other) = as_exists(arena, operation) {
                *expression = other;
                return;
            }
        }
        Expression::Subquery(subquery) if subquery.kind == SubqueryKind::Scalar => {
            unpin(arena, subquery.relation);
            if let Some(other) = distributed(arena, subquery.relation) {
                *expression = simplify::value(other);
                // Each of the queries has one aggregate now, and may only ask for a row.
                expression.for_each_part_mut(&mut |part| values(arena, part));
            }
            return;
        }
        _ => {}
    }
    expression.for_each_part_mut(&mut |part| values(arena, part));
}

/// What is asked of a query of one value, where it only asks whether there is a row: that the value is
/// `NULL` which a row must have, or that there are more than no rows.
fn as_exists(arena: &mut Arena, operation: &Operation) -> Option<Expression> {
    let (query, negated) = match (operation.operator, operation.operands.as_slice()) {
        (Operator::IsNull, [Expression::Subquery(query)]) => (query, true),
        (
            Operator::Less,
            [
                Expression::Literal(Literal::Number(zero)),
                Expression::Subquery(query),
            ],
        ) if zero == "0" => (query, false),
        (
            Operator::Equal,
            [
                Expression::Literal(Literal::Number(zero)),
                Expression::Subquery(query),
            ],
        ) if zero == "0" => (query, true),
        _ => return None,
    };
    let relation = arena.get(query.relation)?;
    let select = relation.select()?;
    let grouping = select.grouping.as_ref()?;
    let [value] = select.projection.as_slice() else {
        return None;
    };
    let plain = query.kind == SubqueryKind::Scalar
        && relation.limit.is_none()
        && is_single(grouping)
        && select.qualify.is_none()
        && select.distinct == Distinct::Keep;
    let asks = if operation.operator == Operator::IsNull {
        grouping.keys.contains(value) && is_compared(select, value)
    } else {
        grouping.keys.is_empty() && select.having.is_none() && is_count_of_rows(value)
    };
    if !plain || !asks {
        return None;
    }
    let mut select = select.clone();
    select.projection.clear();
    if grouping_is_empty(&select) {
        select.grouping = None;
    }
    drop_distinct(&mut select);
    let exists = subquery(arena, SubqueryKind::Exists, select);
    Some(if negated {
        Expression::operation(Operator::Not, [exists])
    } else {
        exists
    })
}

fn grouping_is_empty(select: &Select) -> bool {
    select
        .grouping
        .as_ref()
        .is_some_and(|grouping| grouping.keys.is_empty())
}

/// Whether the filter says that the value equals something, so that it is not `NULL`.
fn is_compared(select: &Select, value: &Expression) -> bool {
    let all = select.filter.clone().map(conjuncts).unwrap_or_default();
    all.iter().any(|conjunct| match conjunct {
        Expression::Operation(operation) => {
            operation.operator == Operator::Equal && operation.operands.contains(value)
        }
        _ => false,
    })
}

fn is_count_of_rows(value: &Expression) -> bool {
    match value {
        Expression::Aggregate(count) => {
            count.function == "count" && count.arguments.is_empty() && count.filter.is_none()
        }
        _ => false,
    }
}

/// Drops the keys that the filter makes equal to something outside: there is one group of them.
fn unpin(arena: &mut Arena, id: RelationId) {
    let mut relation = arena.take(id);
    if relation.limit.is_none()
        && let Body::Select(select) = &mut relation.body
    {
        unpin_select(arena, select);
    }
    arena.put(id, relation);
}

fn unpin_select(arena: &Arena, select: &mut Select) -> Option<()> {
    let grouping = select.grouping.as_ref()?;
    if !is_single(grouping)
        || grouping.keys.is_empty()
        || select.qualify.is_some()
        || select.distinct != Distinct::Keep
    {
        return None;
    }
    let own: Vec<InputId> = select
        .from
        .as_ref()?
        .inputs()
        .iter()
        .map(|i| i.id)
        .collect();
    let mut outside: BTreeMap<Expression, Expression> = BTreeMap::new();
    for conjunct in conjuncts(select.filter.clone()?) {
        let Expression::Operation(Operation {
            operator: Operator::Equal,
            operands,
        }) = conjunct
        else {
            continue;
        };
        let Ok([left, right]) = <[Expression; 2]>::try_from(operands) else {
            continue;
        };
        for (key, other) in [(&left, &right), (&right, &left)] {
            // What takes the place of a key must not have one in it.
            let mut is_made_of_keys = false;
            other.for_each(&mut |part| is_made_of_keys |= grouping.keys.contains(part));
            if grouping.keys.contains(key) && !is_made_of_keys && !mentions(arena, other, &own) {
                outside.entry(key.clone()).or_insert_with(|| other.clone());
            }
        }
    }
    if !grouping.keys.iter().all(|key| outside.contains_key(key)) {
        return None;
    }
    let [value] = select.projection.as_mut_slice() else {
        return None;
    };
    if has_window(value) {
        return None;
    }
    outside_aggregates(value, &mut |part| {
        if let Some(other) = outside.get(part) {
            *part = other.clone();
        }
    });
    if let Some(having) = &mut select.having {
        outside_aggregates(having, &mut |part| {
            if let Some(other) = outside.get(part) {
                *part = other.clone();
            }
        });
    }
    if !is_null_of_no_rows(value) {
        let count = Expression::Aggregate(Box::new(sql::relation::Aggregate {
            function: "count".into(),
            arguments: Vec::new(),
            distinct: false,
            filter: None,
            order: Vec::new(),
        }));
        let some = Expression::operation(Operator::Less, [Expression::number("0"), count]);
        let value_of_some = std::mem::replace(value, Expression::NULL);
        *value = Expression::Case(Case {
            branches: vec![(some, value_of_some)],
            otherwise: Box::new(Expression::NULL),
        });
    }
    select.grouping = Some(Grouping {
        keys: Vec::new(),
        sets: vec![Vec::new()],
    });
    Some(())
}

/// Calls `change` with every part that is in no aggregate, from the outermost inwards.
fn outside_aggregates(expression: &mut Expression, change: &mut dyn FnMut(&mut Expression)) {
    change(expression);
    if !matches!(expression, Expression::Aggregate(_)) {
        expression.for_each_part_mut(&mut |part| outside_aggregates(part, change));
    }
}

/// Whether the value is `NULL` where its aggregates are over no rows.
fn is_null_of_no_rows(value: &Expression) -> bool {
    let mut empty = value.clone();
    let mut known = true;
    outside_aggregates(&mut empty, &mut |part| {
        if let Expression::Aggregate(aggregate) = part {
            *part = match aggregate.function.as_str() {
                "count" => Expression::number("0"),
                "sum" | "min" | "max" | "avg" => Expression::NULL,
                _ => {
                    known = false;
                    Expression::NULL
                }
            };
        }
    });
    known && strict::is_null(&empty, &[])
}

/// `COALESCE` of a count that is `NULL` over no rows, and 0, is the count.
fn count_instead(arena: &mut Arena, id: RelationId) -> bool {
    let mut relation = arena.take(id);
    let mut done = false;
    if let Body::Select(select) = &mut relation.body
        && select.having.is_none()
        && let [value] = select.projection.as_mut_slice()
        && let Expression::Case(case) = value
        && *case.otherwise == Expression::NULL
        && let [(_, Expression::Aggregate(count))] = case.branches.as_slice()
        && count.function == "count"
        && select
            .grouping
            .as_ref()
            .is_some_and(|grouping| grouping.keys.is_empty())
    {
        // Only `unpin` makes such a case over an aggregate of no keys; a written one counts too:
        // where its condition is not true the count may be other than 0.
        if is_any_row(case.branches.first().map(|(when, _)| when)) {
            *value = Expression::Aggregate(count.clone());
            done = true;
        }
    }
    arena.put(id, relation);
    done
}

/// `COUNT(*) > 0`
fn is_any_row(condition: Option<&Expression>) -> bool {
    let Some(Expression::Operation(Operation {
        operator: Operator::Less,
        operands,
    })) = condition
    else {
        return false;
    };
    matches!(
        operands.as_slice(),
        [Expression::Literal(Literal::Number(zero)), count]
            if zero == "0" && is_count_of_rows(count)
    )
}

/// The value of a query of one row, with each aggregate in a query of its own.
fn distributed(arena: &mut Arena, id: RelationId) -> Option<Expression> {
    let relation = arena.get(id)?;
    let select = relation.select()?;
    let plain = relation.limit.is_none()
        && select.having.is_none()
        && select.qualify.is_none()
        && select.distinct == Distinct::Keep
        && !select
            .projection
            .iter()
            .any(|value| has_window(value) || simplify::multiplies_rows(value));
    let [value] = select.projection.as_slice() else {
        return None;
    };
    if !plain {
        return None;
    }
    let Some(grouping) = &select.grouping else {
        let alone = select.from.is_none() && select.filter.is_none();
        return alone.then(|| value.clone());
    };
    if !grouping.keys.is_empty()
        || !is_single(grouping)
        || !has_aggregate(value)
        || matches!(value, Expression::Aggregate(_))
    {
        return None;
    }
    let select = select.clone();
    let mut value = value.clone();
    let own: Vec<InputId> = select.inputs().iter().map(|i| i.id).collect();
    let mut aggregates = BTreeMap::new();
    outside_aggregates(&mut value, &mut |part| {
        if let Expression::Aggregate(_) = part {
            let place = u32::try_from(aggregates.len()).unwrap_or(u32::MAX);
            aggregates.insert(place, part.clone());
            *part = Expression::Output {
                input: InputId(u32::MAX),
                position: place,
            };
        }
    });
    if mentions(arena, &value, &own) {
        return None;
    }
    let mut queries = BTreeMap::new();
    for (place, aggregate) in aggregates {
        let mut select = select.clone();
        select.projection = vec![aggregate];
        queries.insert(place, scalar(arena, select));
    }
    arena.replace(&mut value, &|mention| match mention {
        Expression::Output { input, position } if *input == InputId(u32::MAX) => {
            queries.get(position).cloned()
        }
        _ => None,
    });
    Some(value)
}
