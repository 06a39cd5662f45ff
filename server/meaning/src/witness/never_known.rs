//! Columns whose value no evaluation ever tells. No input shows a difference of one, and a search for it
//! would go on until its steps are spent.

use sql::relation::{Body, Expression, Query, Relation, RelationId, Source};

/// Whether the value of a column of a query is unknown in every row.
pub(super) fn is_never_known(query: &Query, position: usize) -> bool {
    of_relation(query, query.root, position, query.relations.len())
}

/// `most` bounds how many relations are gone through.
fn of_relation(query: &Query, id: RelationId, position: usize, most: usize) -> bool {
    let Some(Body::Select(select)) = most.checked_sub(1).map(|_| &query.relation(id).body) else {
        return false;
    };
    let mut value = match select.projection.get(position) {
        Some(value) => value,
        None => return false,
    };
    while let Expression::Cast(cast) = value {
        value = &cast.value;
    }
    match value {
        Expression::Unknown(_) => true,
        // Beside other inputs it may be `NULL`, where a join finds no row.
        Expression::Output { input, position } => match only_input(query.relation(id)) {
            Some((own, relation)) if own == *input => {
                of_relation(query, relation, *position as usize, most - 1)
            }
            _ => false,
        },
        _ => false,
    }
}

fn only_input(relation: &Relation) -> Option<(sql::relation::InputId, RelationId)> {
    match relation.inputs().as_slice() {
        [input] => match input.source {
            Source::Relation(id) => Some((input.id, id)),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests;
