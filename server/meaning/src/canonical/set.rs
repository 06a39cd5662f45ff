//! Set operations: nested ones of the same kind are one, and `DISTINCT` over `UNION ALL` is `UNION`.

use super::arena::Arena;
use sql::relation::{Body, Relation, RelationId, SetOperation, SetOperator};

/// Whether it keeps all rows, so that each column stands for itself.
pub(super) fn keeps_all(operation: &SetOperation) -> bool {
    operation.operator == SetOperator::Union && operation.all
}

/// A set operation whose branches are in their one form, in its own.
pub(super) fn settled(arena: &mut Arena, relation: Relation) -> Relation {
    if let Body::Set(operation) = &relation.body
        && operation.operator == SetOperator::Union
        && !operation.all
    {
        // Rows that a branch repeats are dropped in the end.
        let (left, right) = (operation.left, operation.right);
        drop_distinct(arena, left);
        drop_distinct(arena, right);
    }
    relation
}

/// The branches of unions of the same kind, however they are nested.
pub(super) fn branches(arena: &Arena, operation: &SetOperation) -> Vec<RelationId> {
    let mut branches = Vec::new();
    collect(arena, operation, operation.left, &mut branches);
    collect(arena, operation, operation.right, &mut branches);
    branches
}

fn collect(arena: &Arena, of: &SetOperation, id: RelationId, branches: &mut Vec<RelationId>) {
    if let Some(relation) = arena.get(id)
        && let Body::Set(inner) = &relation.body
        && relation.limit.is_none()
        && inner.operator == of.operator
        && match of.operator {
            // Under UNION it does not matter whether an inner one keeps repetitions.
            SetOperator::Union => inner.all || !of.all,
            SetOperator::Intersect => inner.all == of.all,
            SetOperator::Except => false,
        }
    {
        collect(arena, of, inner.left, branches);
        collect(arena, of, inner.right, branches);
    } else {
        branches.push(id);
    }
}

/// Undoes what made `DISTINCT` a grouping, where repetitions are dropped anyway.
fn drop_distinct(arena: &mut Arena, id: RelationId) {
    let mut relation = arena.take(id);
    if relation.limit.is_none()
        && let Body::Select(select) = &mut relation.body
    {
        super::finish::drop_distinct(select);
    }
    arena.put(id, relation);
}
