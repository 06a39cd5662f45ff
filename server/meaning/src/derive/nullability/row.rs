//! Which relations give a row whatever the data, and tests for `NULL`.

use sql::relation::{
    Body, Expression, From, Limit, Literal, Operator, Query, RelationId, Select, SetOperator,
    Source,
};

/// Relations are followed so far to find out whether they give a row.
const FARTHEST: u32 = 20;

/// Whether a relation gives at least one row, whatever the data.
pub(super) fn gives_a_row(query: &Query, id: RelationId) -> bool {
    relation_gives(query, id, FARTHEST)
}

/// Whether a select has at least one row to group, whatever the data.
pub(super) fn reads_a_row(query: &Query, select: &Select) -> bool {
    reads(query, select, FARTHEST)
}

/// What a condition `x IS NULL` asks about.
pub(super) fn tested(condition: &Expression) -> Option<&Expression> {
    match condition {
        Expression::Operation(operation) if operation.operator == Operator::IsNull => {
            operation.operands.first()
        }
        _ => None,
    }
}

fn relation_gives(query: &Query, id: RelationId, left: u32) -> bool {
    let Some(left) = left.checked_sub(1) else {
        return false;
    };
    let relation = query.relation(id);
    if relation
        .limit
        .as_ref()
        .is_some_and(|limit| !keeps_one(limit))
    {
        return false;
    }
    match &relation.body {
        Body::Select(select) => {
            let is_plain = select.having.is_none() && select.qualify.is_none();
            let total = select
                .grouping
                .as_ref()
                .map(|grouping| matches!(grouping.sets.as_slice(), [set] if set.is_empty()));
            is_plain && (total == Some(true) || reads(query, select, left))
        }
        Body::Values(rows) => !rows.is_empty(),
        Body::Set(set) => {
            set.operator == SetOperator::Union
                && [set.left, set.right]
                    .into_iter()
                    .any(|side| relation_gives(query, side, left))
        }
        Body::Recursive { seed, .. } => relation_gives(query, *seed, left),
        Body::Unknown { .. } => false,
    }
}

fn reads(query: &Query, select: &Select, left: u32) -> bool {
    if select.filter.is_some() {
        return false;
    }
    match &select.from {
        None => true,
        Some(From::Input(input)) => match &input.source {
            Source::Relation(relation) => relation_gives(query, *relation, left),
            _ => false,
        },
        Some(From::Join(_)) => false,
    }
}

fn keeps_one(limit: &Limit) -> bool {
    let is_zero = |written: &str| written.bytes().all(|byte| byte == b'0');
    let counts = match &limit.count {
        None => true,
        Some(Expression::Literal(Literal::Number(written))) => {
            !is_zero(written) && written.bytes().all(|byte| byte.is_ascii_digit())
        }
        Some(_) => false,
    };
    counts && limit.offset.is_none() && !limit.unknown
}
