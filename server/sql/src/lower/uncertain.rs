//! What a template leaves open: branches that are not read, tags that were taken for nothing.
//!
//! Such a piece may add columns, conditions or anything else to the query that it stands in. So that
//! query's rows are not known, and if it stands before `FROM`, neither are its columns.

use super::{Clause, Lowered};
use crate::prepare::Prepared;
use crate::relation::{Body, Expression, Operator, Unknown, UnknownReason};
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
    let Some(relation) = lowered.query.relations.get_mut(at) else {
        return;
    };
    relation.open |= before_from;
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
