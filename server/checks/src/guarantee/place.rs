//! Where in the SQL an answer stands.

use crate::context::Context;
use crate::finding::At;
use index::relations::Run;
use index::{File, ModelId, Snapshot, Table};
use meaning::guarantee::{Answer, Piece};
use spec::guarantee::Guarantee;
use sql::lower::{Clause, QueryPlaces};
use sql::relation::{Expression, Query, RelationId, Source};
use syntax::{Name, TextRange};

/// Where the piece of an answer about a run stands in the file of the model. What stands upstream is shown where
/// the model takes it from there: at the column, or at the name of the model.
pub(super) fn of<'s>(
    context: &Context<'s>,
    table: &Table,
    (model, run): (ModelId, Run),
    guarantee: &Guarantee,
    answer: &Answer,
) -> Option<(&'s File, At)> {
    let snapshot = context.snapshot;
    let piece = match answer {
        Answer::Contradicted(broken) => broken.at,
        Answer::AtRisk(risk) => risk.at,
        Answer::Holds | Answer::Undecided(_) => return None,
    };
    let (relations, at) = snapshot.relation(model)?;
    let lowered = relations.of(run)?.get(at)?;
    let (file, facts) = snapshot.model(model)?;
    let range = range(&lowered.query, &lowered.places, piece).filter(|range| !range.is_empty());
    if let Some(range) = range {
        return Some((file, At::Range(range)));
    }
    let named = guarantee.subject().parts.last();
    let by_name = named.and_then(|name| column(snapshot, table, name, model));
    Some(by_name.unwrap_or((file, At::Spot(facts.name_spot))))
}

/// Where a model gives a column.
pub(super) fn column<'s>(
    snapshot: &'s Snapshot,
    table: &Table,
    name: &Name,
    model: ModelId,
) -> Option<(&'s File, At)> {
    let selected = table.column(name)?.selected;
    let selected = selected.filter(|selected| selected.model == model)?;
    Some((snapshot.file(model.file)?, At::Spot(selected.item)))
}

fn range(query: &Query, places: &QueryPlaces, piece: Piece) -> Option<TextRange> {
    match piece {
        Piece::Whole => None,
        Piece::Column(relation, position) => {
            let (relation, position) = made(query, relation, position);
            let column = places.relation(relation)?.columns.get(position)?;
            Some(column.item)
        }
        Piece::Input(input) => places.inputs.get(input.0 as usize).copied(),
        Piece::Filter(relation) => {
            let filters = [
                Clause::Where,
                Clause::Qualify,
                Clause::Limit,
                Clause::Having,
            ];
            clauses(places, relation, &filters)
        }
        Piece::Distinct(relation) => clauses(places, relation, &[Clause::Distinct]),
    }
}

/// Where the clauses of a relation stand that are one of these.
fn clauses(places: &QueryPlaces, relation: RelationId, wanted: &[Clause]) -> Option<TextRange> {
    let clauses = &places.relation(relation)?.clauses;
    let wanted = clauses
        .iter()
        .filter(|place| wanted.contains(&place.clause));
    wanted.map(|place| place.range).reduce(TextRange::cover)
}

/// The column of the query that is handed on, by stars and by name, as this one: what it means is said there.
fn made(query: &Query, relation: RelationId, position: usize) -> (RelationId, usize) {
    let (mut relation, mut position) = (relation, position);
    // No more often than there are relations: they may read each other.
    for _ in &query.relations {
        let select = query.relation(relation).select();
        let Some(Expression::Output {
            input,
            position: inner,
        }) = select.and_then(|select| select.projection.get(position))
        else {
            break;
        };
        let input = select.and_then(|select| select.input(*input));
        let Some(Source::Relation(next)) = input.map(|input| &input.source) else {
            break;
        };
        (relation, position) = (*next, *inner as usize);
    }
    (relation, position)
}
