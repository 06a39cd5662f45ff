//! `orders.order_id is unique`, `orders has one row per order_id, month`

use super::output::repeats;
use super::subject::DEEPEST;
use super::trace::relation_of;
use super::{Answer, Contradiction, Piece, Reason, Risk, RiskyOperator};
use crate::derive::{self, FanOut, Grain};
use crate::evaluate::literal;
use crate::witness::Facts;
use sql::relation::{Body, Distinct, Expression, InputId, Query, RelationId, SetOperator, Source};
use std::collections::BTreeSet;

/// Whether no two rows of the query have equal values in the columns at `positions`.
///
/// It is contradicted only where every table that plays a part declares a key, so that an example is
/// one that the declarations allow.
pub fn is_unique(
    query: &Query,
    positions: &[usize],
    declared: &dyn derive::Facts,
    facts: &Facts,
) -> Answer {
    let grain = Grain::new(query, declared);
    let told = |keys: &[Vec<usize>], positions: &[usize]| {
        keys.iter()
            .any(|key| key.iter().all(|position| positions.contains(position)))
    };
    if told(grain.keys(query.root), positions) {
        return Answer::Holds;
    }
    let (relation, inner) = innermost(query, query.root, positions.to_vec());
    if told(grain.keys(relation), &inner) {
        return Answer::Holds;
    }
    let risk = |at, operator| Answer::AtRisk(Risk { at, operator });
    let select = match &query.relation(relation).body {
        Body::Select(select) => select,
        Body::Set(_) => {
            let mut branches = Vec::new();
            add_branches(query, relation, &mut branches);
            let is_keyed = |branch: &RelationId| told(grain.keys(*branch), &inner);
            let is_apart = |(at, one): (usize, &RelationId)| {
                let others = branches.iter().skip(at + 1);
                others
                    .copied()
                    .all(|other| are_apart(query, [*one, other], &inner))
            };
            return match branches.iter().all(is_keyed) && branches.iter().enumerate().all(is_apart)
            {
                true => Answer::Holds,
                false => risk(Piece::Whole, RiskyOperator::Union),
            };
        }
        _ => return Answer::Undecided(Reason::UnknownSql),
    };
    if let Some(grouping) = &select.grouping {
        let projected = |position: &usize| select.projection.get(*position);
        let given: BTreeSet<&Expression> = inner.iter().filter_map(projected).collect();
        let keys: BTreeSet<&Expression> = grouping.keys.iter().collect();
        return match given.is_subset(&keys) && grouping.sets.len() == 1 {
            true => risk(Piece::Column(relation, 0), RiskyOperator::FinerGroups),
            false => Answer::Undecided(Reason::NothingDeclared),
        };
    }
    // The rows would be told apart but for a join that repeats them.
    let fan_out = grain.fan_out(relation);
    let Some((joined, by)) = fan_out
        .iter()
        .find_map(|join| Some((join, join.by.first()?)))
    else {
        return Answer::Undecided(Reason::NothingDeclared);
    };
    if select.distinct != Distinct::Keep
        || !is_keyed_without(query, relation, &inner, joined, declared)
    {
        return Answer::Undecided(Reason::NothingDeclared);
    }
    let all_declared = joined
        .by
        .iter()
        .all(|input| has_key(query, relation, *input, &grain, declared));
    let witness = all_declared
        .then(|| repeats(query, positions, facts))
        .flatten();
    match witness {
        Some(witness) => Answer::Contradicted(Contradiction {
            at: Piece::Input(*by),
            now: None,
            witness: Some(witness),
        }),
        None => risk(Piece::Input(*by), RiskyOperator::FanOut),
    }
}

/// The branches whose rows a relation puts together.
fn add_branches(query: &Query, relation: RelationId, found: &mut Vec<RelationId>) {
    match &query.relation(relation).body {
        Body::Set(set) if set.operator == SetOperator::Union && found.len() < DEEPEST => {
            add_branches(query, set.left, found);
            add_branches(query, set.right, found);
        }
        _ => found.push(relation),
    }
}

/// Whether two branches have other constants in one of the columns.
fn are_apart(query: &Query, branches: [RelationId; 2], positions: &[usize]) -> bool {
    positions.iter().any(|position| {
        let constants = branches.map(|branch| {
            let select = query.relation(branch).select();
            match select.and_then(|select| select.projection.get(*position)) {
                Some(Expression::Literal(constant)) => Some(literal(constant)),
                _ => None,
            }
        });
        matches!(&constants, [Some(one), Some(other)] if one.identical(other) == Some(false))
    })
}

/// The relation that hands the columns on, row by row, and where they stand in it.
fn innermost(
    query: &Query,
    mut relation: RelationId,
    mut positions: Vec<usize>,
) -> (RelationId, Vec<usize>) {
    for _ in 0..DEEPEST {
        let Some(select) = query.relation(relation).select() else {
            break;
        };
        let reads = select.inputs();
        let [only] = reads.as_slice() else {
            break;
        };
        let inner: Option<Vec<usize>> = positions
            .iter()
            .map(|position| match select.projection.get(*position)? {
                Expression::Output { position, .. } => Some(*position as usize),
                _ => None,
            })
            .collect();
        let next = relation_of(query, relation, only.id);
        let (Some(inner), Some(next), None) = (inner, next, &select.grouping) else {
            break;
        };
        (relation, positions) = (next, inner);
    }
    (relation, positions)
}

/// Whether the columns come from the side that a join repeats, and are a key there.
fn is_keyed_without(
    query: &Query,
    relation: RelationId,
    positions: &[usize],
    join: &FanOut,
    declared: &dyn derive::Facts,
) -> bool {
    let Some(select) = query.relation(relation).select() else {
        return false;
    };
    let values = positions
        .iter()
        .filter_map(|position| select.projection.get(*position));
    let mut names: Vec<(InputId, &Expression)> = Vec::new();
    for value in values {
        match value {
            Expression::Column { input, .. } | Expression::Output { input, .. } => {
                names.push((*input, value));
            }
            _ => return false,
        }
    }
    let Some((first, _)) = names.first() else {
        return false;
    };
    if !join.repeated.contains(first) || names.iter().any(|(input, _)| input != first) {
        return false;
    }
    match select.input(*first).map(|input| &input.source) {
        Some(Source::Table(table)) => declared.keys(table).iter().any(|key| {
            key.iter().all(|name| {
                names.iter().any(|(_, value)| {
                    matches!(value, Expression::Column { name: own, .. } if own == name)
                })
            })
        }),
        Some(Source::Relation(inner)) => {
            Grain::new(query, declared).keys(*inner).iter().any(|key| {
                key.iter().all(|position| {
                    names.iter().any(|(_, value)| {
                        matches!(value, Expression::Output { position: own, .. }
                            if *own as usize == *position)
                    })
                })
            })
        }
        _ => false,
    }
}

/// Whether it is known what each row of an input is told from.
fn has_key(
    query: &Query,
    relation: RelationId,
    input: InputId,
    grain: &Grain<'_>,
    declared: &dyn derive::Facts,
) -> bool {
    let own = query.relation(relation).input(input);
    match own.map(|input| &input.source) {
        Some(Source::Table(table)) => !declared.keys(table).is_empty(),
        Some(Source::Relation(inner)) => !grain.keys(*inner).is_empty(),
        _ => false,
    }
}
