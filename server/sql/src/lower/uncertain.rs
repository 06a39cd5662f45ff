//! What a template leaves open: branches that are not read, tags that were taken for nothing.
//!
//! Such a piece may add columns, conditions or anything else to the query that it stands in. So that
//! query's rows are not known, and if it stands before `FROM`, neither are its columns.

use super::{Clause, Lowered};
use crate::prepare::Prepared;
use crate::relation::{Body, Expression, Operator, Relation, Unknown, UnknownReason};
use std::collections::BTreeSet;
use syntax::TextRange;

/// What could not be read, in the order of the text.
pub(super) fn pieces(prepared: &Prepared) -> Vec<TextRange> {
    let mut pieces = prepared.guessed();
    pieces.extend(&prepared.mask.hidden);
    pieces.sort_by_key(|piece| (piece.start(), piece.end()));
    pieces
}

/// Marks which of the `pieces` stand in the query.
pub(super) fn mark(lowered: &mut Lowered, pieces: &[TextRange]) {
    let statement = lowered.places.statement;
    let first = pieces.partition_point(|piece| piece.start() < statement.start());
    let behind = pieces.get(first..).unwrap_or_default();
    for piece in behind {
        if piece.start() >= statement.end() {
            break;
        }
        if statement.contains_range(*piece) {
            mark_innermost(lowered, *piece);
        }
    }
}

fn mark_innermost(lowered: &mut Lowered, piece: TextRange) {
    let places = lowered.places.relations.iter().enumerate();
    let around = places.filter(|(_, places)| places.range.contains_range(piece));
    let innermost = around.min_by_key(|(_, places)| places.range.len());
    let at = innermost.map_or(lowered.query.root.0 as usize, |(at, _)| at);
    let from = lowered.places.relations.get(at).and_then(|places| {
        let mut clauses = places.clauses.iter();
        clauses.find(|place| place.clause == Clause::From)
    });
    let before_from = from.is_none_or(|from| piece.start() < from.range.start());
    mark_relation(lowered, at, before_from);
}

/// Marks a query of which nobody knows which text it has: a condition of its template hung on
/// something that is not known.
pub(crate) fn mark_whole(lowered: &mut Lowered) {
    let root = lowered.query.root;
    let mut seen = BTreeSet::from([root]);
    let mut waiting = vec![root];
    while let Some(id) = waiting.pop() {
        let branches = match lowered.query.relation(id).body {
            Body::Set(set) => [set.left, set.right],
            Body::Recursive { seed, step, .. } => [seed, step],
            _ => {
                mark_relation(lowered, id.0 as usize, true);
                continue;
            }
        };
        if let Some(relation) = lowered.query.relations.get_mut(id.0 as usize) {
            relation.open = true;
        }
        waiting.extend(branches.into_iter().filter(|id| seen.insert(*id)));
    }
}

/// Leaves open what a query gives whose template can't be read as it is: half of it may be still to be typed,
/// or never be there. What stands inside of it stays.
pub fn forget_root(lowered: &mut Lowered) {
    let root = lowered.query.root;
    let Some(relation) = lowered.query.relations.get_mut(root.0 as usize) else {
        return;
    };
    let inputs = relation.inputs().into_iter();
    let reads = inputs.map(|input| input.source.clone()).collect();
    *relation = Relation {
        columns: Vec::new(),
        open: true,
        body: Body::Unknown { reads },
        order: Vec::new(),
        limit: None,
    };
}

fn mark_relation(lowered: &mut Lowered, at: usize, opens: bool) {
    let Some(relation) = lowered.query.relations.get_mut(at) else {
        return;
    };
    relation.open |= opens;
    match &mut relation.body {
        Body::Select(select) => {
            let unknown = Expression::Unknown(Unknown {
                reason: UnknownReason::Template,
                over: Vec::new(),
                name: None,
            });
            select.filter = Some(match select.filter.take() {
                Some(filter) => Expression::operation(Operator::And, [filter, unknown]),
                None => unknown,
            });
        }
        Body::Set(_) | Body::Values(_) | Body::Recursive { .. } => {
            relation.body = Body::Unknown { reads: Vec::new() };
        }
        Body::Unknown { .. } => {}
    }
}
