//! `orders keeps the latest row per order_id by updated_at`

use super::trace::made;
use super::{Answer, Contradiction, Piece, Reason};
use sql::relation::{
    Body, Distinct, Expression, InputId, Literal, Operator, Query, Relation, RelationId, Select,
    SortKey, Source, Window,
};
use std::collections::BTreeSet;
use syntax::Name;

/// Whether of the rows that agree on `per` the one is kept that is last by `by`. It is contradicted
/// where rows are numbered for just these groups, in another order.
pub fn keeps_latest(query: &Query, per: &[Name], by: &[Name]) -> Answer {
    let wanted: BTreeSet<&Name> = per.iter().collect();
    for (at, relation) in query.relations.iter().enumerate() {
        let id = RelationId(u32::try_from(at).unwrap_or(u32::MAX));
        for kept in first_kept(query, id, relation) {
            let named: Option<BTreeSet<&Name>> = kept
                .groups
                .iter()
                .map(|group| name(query, kept.home, group))
                .collect();
            if named.as_ref() == Some(&wanted) {
                return by_order(query, &kept, by);
            }
        }
    }
    Answer::Undecided(Reason::NoProof)
}

/// Rows of which the first of each group is kept.
struct FirstKept<'q> {
    /// Where the expressions stand.
    home: RelationId,
    groups: Vec<&'q Expression>,
    order: &'q [SortKey],
    at: Piece,
}

fn by_order(query: &Query, kept: &FirstKept<'_>, by: &[Name]) -> Answer {
    // What is the same in all of a group orders nothing; `DISTINCT ON` starts with it.
    let keys = kept.order.iter();
    let mut keys = keys.filter(|key| !kept.groups.contains(&&key.value));
    for wanted in by {
        let key = keys.next();
        let named = key.and_then(|key| name(query, kept.home, &key.value));
        let Some(named) = named else {
            return Answer::Undecided(Reason::NoProof);
        };
        let descending = key.is_some_and(|key| key.descending);
        if named != wanted || !descending {
            let direction = if descending { "latest" } else { "earliest" };
            return Answer::Contradicted(Contradiction {
                at: kept.at,
                now: Some(format!("the {direction} by {named}")),
                witness: None,
            });
        }
    }
    Answer::Holds
}

/// Where a relation keeps the first row of each group: by `QUALIFY`, by a filter over a number that an
/// inner relation gives, by `DISTINCT ON`.
fn first_kept<'q>(query: &'q Query, id: RelationId, relation: &'q Relation) -> Vec<FirstKept<'q>> {
    let Body::Select(select) = &relation.body else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let Distinct::On(keys) = &select.distinct {
        found.push(FirstKept {
            home: id,
            groups: keys.iter().collect(),
            order: &relation.order,
            at: Piece::Whole,
        });
    }
    let conditions = select.qualify.iter().chain(&select.filter);
    for condition in conditions.flat_map(conjuncts) {
        let Some(numbered) = is_first(condition) else {
            continue;
        };
        let window = match numbered {
            Expression::Window(window) => Some((id, &**window)),
            Expression::Output { input, position } => {
                inner_window(query, select, *input, *position as usize)
            }
            _ => None,
        };
        if let Some((home, window)) = window
            && matches!(window.function.function.as_str(), "row_number" | "rank")
        {
            found.push(FirstKept {
                home,
                groups: window.partition.iter().collect(),
                order: &window.order,
                at: Piece::Filter(id),
            });
        }
    }
    found
}

fn inner_window<'q>(
    query: &'q Query,
    select: &Select,
    input: InputId,
    position: usize,
) -> Option<(RelationId, &'q Window)> {
    let Source::Relation(relation) = select.input(input)?.source else {
        return None;
    };
    let made = made(query, relation, position)?;
    match made.as_slice() {
        [only] => match only.value {
            Expression::Window(window) => Some((only.relation, window)),
            _ => None,
        },
        _ => None,
    }
}

fn conjuncts(condition: &Expression) -> Vec<&Expression> {
    match condition {
        Expression::Operation(operation) if operation.operator == Operator::And => {
            operation.operands.iter().flat_map(conjuncts).collect()
        }
        _ => vec![condition],
    }
}

/// What is to be 1: `x = 1`, `x <= 1`, `x < 2`.
fn is_first(condition: &Expression) -> Option<&Expression> {
    let Expression::Operation(operation) = condition else {
        return None;
    };
    let [left, right] = operation.operands.as_slice() else {
        return None;
    };
    let is = |expression: &Expression, number: &str| matches!(expression, Expression::Literal(Literal::Number(written)) if written == number);
    match operation.operator {
        Operator::Equal if is(right, "1") => Some(left),
        Operator::Equal if is(left, "1") => Some(right),
        Operator::LessOrEqual if is(right, "1") => Some(left),
        Operator::Less if is(right, "2") => Some(left),
        _ => None,
    }
}

/// The name of the column that an expression is.
fn name<'q>(query: &'q Query, home: RelationId, expression: &'q Expression) -> Option<&'q Name> {
    match expression {
        Expression::Column { name, .. } => Some(name),
        Expression::Output { input, position } => {
            let relation = super::trace::relation_of(query, home, *input)?;
            let column = query.relation(relation).columns.get(*position as usize)?;
            column.name.as_ref()
        }
        _ => None,
    }
}
