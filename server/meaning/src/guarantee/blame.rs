//! Which branch of a union breaks a sentence about a column.

use super::Piece;
use super::subject::{DEEPEST, Subject};
use super::trace::relation_of;
use sql::relation::{Body, Expression, Query, RelationId};

/// The column at `position` of the result: in the first branch of a union that breaks the sentence by itself,
/// as `breaks` says of a relation and a column of it, else as it is.
pub(super) fn blamed(
    query: &Query,
    position: usize,
    breaks: &dyn Fn(RelationId, usize) -> bool,
) -> Piece {
    let (relation, inner) = handed_on(query, position);
    let mut branches = Vec::new();
    add_branches(query, relation, 0, &mut branches);
    // What is no union is all of the result.
    branches.retain(|branch| *branch != relation);
    let broken = branches.into_iter().find(|branch| breaks(*branch, inner));
    match broken {
        Some(branch) => Piece::Column(branch, inner),
        None => Piece::Column(query.root, position),
    }
}

/// The same of a sentence that is asked of a subject: `breaks` says so of the one that a branch is.
pub(super) fn blamed_in(
    subject: &Subject,
    position: usize,
    breaks: &dyn Fn(&Subject, usize) -> bool,
) -> Piece {
    blamed(&subject.query, position, &|branch, position| {
        let mut part = subject.clone();
        part.query.root = branch;
        breaks(&part, position)
    })
}

/// The relation that hands the column on to the result as it is, and where it stands in it.
fn handed_on(query: &Query, position: usize) -> (RelationId, usize) {
    let (mut relation, mut position) = (query.root, position);
    for _ in 0..DEEPEST {
        let select = query.relation(relation).select();
        let Some(Expression::Output {
            input,
            position: inner,
        }) = select.and_then(|select| select.projection.get(position))
        else {
            break;
        };
        let Some(next) = relation_of(query, relation, *input) else {
            break;
        };
        (relation, position) = (next, *inner as usize);
    }
    (relation, position)
}

fn add_branches(query: &Query, relation: RelationId, depth: usize, found: &mut Vec<RelationId>) {
    match &query.relation(relation).body {
        Body::Set(set) if depth < DEEPEST => {
            for branch in set.giving() {
                add_branches(query, branch, depth + 1, found);
            }
        }
        _ => found.push(relation),
    }
}
