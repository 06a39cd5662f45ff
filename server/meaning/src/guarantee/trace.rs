//! Follows a column to where its value is made, through relations that hand it on.

use super::subject::DEEPEST;
use sql::facts::TableRef;
use sql::relation::{Body, Expression, InputId, Literal, Query, RelationId, Source};
use syntax::Name;

/// Where a value is made: the column of a relation whose expression is more than a mention of another
/// relation's column.
pub(super) struct Made<'q> {
    pub(super) relation: RelationId,
    pub(super) position: usize,
    pub(super) value: &'q Expression,
}

/// What a value may come from.
pub(super) enum Leaf<'q> {
    /// A constant.
    Literal(&'q Literal),
    /// A column of a table, as it is.
    Column(&'q TableRef, &'q Name),
    /// Another leaf with a type of its own, which is `NULL` just where that is.
    Cast(Box<Leaf<'q>>),
    /// Something else.
    Other,
}

/// Where the values of a column are made: one place, or one for each branch of a union. `None` where
/// they come from something that is no query.
pub(super) fn made(query: &Query, relation: RelationId, position: usize) -> Option<Vec<Made<'_>>> {
    let mut found = Vec::new();
    follow(query, relation, position, 0, &mut found).then_some(found)
}

fn follow<'q>(
    query: &'q Query,
    relation: RelationId,
    position: usize,
    depth: usize,
    found: &mut Vec<Made<'q>>,
) -> bool {
    if depth > DEEPEST {
        return false;
    }
    match &query.relation(relation).body {
        Body::Select(select) => {
            let Some(value) = select.projection.get(position) else {
                return false;
            };
            if let Expression::Output {
                input,
                position: inner,
            } = value
                && let Some(from) = relation_of(query, relation, *input)
            {
                return follow(query, from, *inner as usize, depth + 1, found);
            }
            found.push(Made {
                relation,
                position,
                value,
            });
            true
        }
        Body::Set(set) => set
            .giving()
            .all(|branch| follow(query, branch, position, depth + 1, found)),
        Body::Values(_) | Body::Recursive { .. } | Body::Unknown { .. } => false,
    }
}

/// The relation that an input of a relation is.
pub(super) fn relation_of(query: &Query, home: RelationId, input: InputId) -> Option<RelationId> {
    match query.relation(home).input(input)?.source {
        Source::Relation(relation) => Some(relation),
        _ => None,
    }
}

/// The table that an input of a relation is.
pub(super) fn table_of(query: &Query, home: RelationId, input: InputId) -> Option<&TableRef> {
    match &query.relation(home).input(input)?.source {
        Source::Table(table) => Some(table),
        _ => None,
    }
}

/// What the value of a column may come from: the branches of `CASE`, the arguments of `COALESCE`, what
/// aggregates pick from.
pub(super) fn leaves(query: &Query, relation: RelationId, position: usize) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    of_column(query, relation, position, 0, &mut found);
    found
}

fn of_column<'q>(
    query: &'q Query,
    relation: RelationId,
    position: usize,
    depth: usize,
    found: &mut Vec<Leaf<'q>>,
) {
    if depth > DEEPEST {
        found.push(Leaf::Other);
        return;
    }
    match &query.relation(relation).body {
        Body::Select(select) => match select.projection.get(position) {
            Some(value) => of_value(query, relation, value, depth, found),
            None => found.push(Leaf::Other),
        },
        Body::Set(set) => {
            for branch in set.giving() {
                of_column(query, branch, position, depth + 1, found);
            }
        }
        Body::Values(rows) => {
            for row in rows {
                match row.get(position) {
                    Some(value) => of_value(query, relation, value, depth, found),
                    None => found.push(Leaf::Other),
                }
            }
        }
        Body::Recursive { .. } | Body::Unknown { .. } => found.push(Leaf::Other),
    }
}

fn of_value<'q>(
    query: &'q Query,
    home: RelationId,
    value: &'q Expression,
    depth: usize,
    found: &mut Vec<Leaf<'q>>,
) {
    match value {
        Expression::Literal(literal) => found.push(Leaf::Literal(literal)),
        Expression::Column { input, name } => match table_of(query, home, *input) {
            Some(table) => found.push(Leaf::Column(table, name)),
            None => found.push(Leaf::Other),
        },
        Expression::Output { input, position } => match relation_of(query, home, *input) {
            Some(relation) => of_column(query, relation, *position as usize, depth + 1, found),
            None => found.push(Leaf::Other),
        },
        Expression::Cast(cast) if !cast.or_null => {
            let mut inner = Vec::new();
            of_value(query, home, &cast.value, depth, &mut inner);
            found.extend(inner.into_iter().map(retyped));
        }
        Expression::Case(case) => {
            for (_, value) in &case.branches {
                of_value(query, home, value, depth, found);
            }
            of_value(query, home, &case.otherwise, depth, found);
        }
        Expression::Call(call) if call.function == "coalesce" => {
            for value in &call.arguments {
                of_value(query, home, value, depth, found);
            }
        }
        Expression::Aggregate(aggregate) if PICKING.contains(&aggregate.function.as_str()) => {
            for value in aggregate.arguments.iter().take(1) {
                of_value(query, home, value, depth, found);
            }
        }
        _ => found.push(Leaf::Other),
    }
}

/// What a cast makes of a leaf. `NULL` is `NULL` in every type.
fn retyped(leaf: Leaf<'_>) -> Leaf<'_> {
    match leaf {
        Leaf::Literal(Literal::Null) | Leaf::Other => leaf,
        Leaf::Literal(_) | Leaf::Column(..) | Leaf::Cast(_) => Leaf::Cast(Box::new(leaf)),
    }
}

/// Aggregates that give one of the values that their first argument has.
pub(super) const PICKING: [&str; 7] = [
    "any_value",
    "first",
    "last",
    "max",
    "max_by",
    "min",
    "min_by",
];
