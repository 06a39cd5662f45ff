//! Rows that have a partner: `IN` over a query and `EXISTS` are one.

use super::arena::Arena;
use super::finish::drop_distinct;
use super::merge::{has_aggregate, has_window};
use super::scope::subquery;
use super::settle::settle;
use super::simplify::conjunction;
use sql::relation::{
    Body, Expression, From, Input, Operator, Relation, RelationId, Select, Source, SubqueryKind,
};
use std::collections::BTreeSet;

/// Writes `x IN (SELECT …)` as `EXISTS` where only truth counts.
pub(super) fn in_to_exists(arena: &mut Arena, relation: &mut Relation) {
    let Body::Select(select) = &mut relation.body else {
        return;
    };
    let conditions = [&mut select.filter, &mut select.having, &mut select.qualify];
    for condition in conditions.into_iter().flatten() {
        truth(arena, condition);
    }
}

fn truth(arena: &mut Arena, condition: &mut Expression) {
    match condition {
        Expression::Operation(operation)
            if matches!(operation.operator, Operator::And | Operator::Or) =>
        {
            for operand in &mut operation.operands {
                truth(arena, operand);
            }
        }
        Expression::Subquery(inner) => {
            let values = match &inner.kind {
                SubqueryKind::In(values) => values.clone(),
                SubqueryKind::Any(Operator::Equal, value) => vec![(**value).clone()],
                _ => return,
            };
            if let Some(exists) = exists_among(arena, &values, inner.relation) {
                *condition = exists;
            }
        }
        _ => {}
    }
}

fn exists_among(arena: &mut Arena, values: &[Expression], of: RelationId) -> Option<Expression> {
    if arena.get(of)?.columns.len() != values.len() || arena.get(of)?.open {
        return None;
    }
    if values
        .iter()
        .any(|value| has_aggregate(value) || has_window(value))
    {
        return None;
    }
    let input = arena.fresh_input();
    let equal = (0..).zip(values).map(|(position, value)| {
        let column = Expression::Output { input, position };
        Expression::operation(Operator::Equal, [column, value.clone()])
    });
    let select = Select {
        filter: conjunction(equal.collect()),
        from: Some(From::Input(Input {
            id: input,
            source: Source::Relation(of),
        })),
        ..Select::default()
    };
    let exists = subquery(arena, SubqueryKind::Exists, select);
    if let Expression::Subquery(subquery) = &exists {
        settle(arena, subquery.relation, Some(&BTreeSet::new()));
    }
    Some(exists)
}

/// Forgets of a query of which only counts whether it has rows how these are grouped.
pub(super) fn forget_groups(arena: &mut Arena, id: RelationId) {
    let mut relation = arena.take(id);
    if relation.limit.is_none()
        && let Body::Select(select) = &mut relation.body
    {
        drop_distinct(select);
    }
    arena.put(id, relation);
}
