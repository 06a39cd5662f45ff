//! Where a column of a model is computed: the entry of the model's own projection, and those of the CTEs
//! and subqueries that hand it on.

use super::model::Model;
use sql::Projection;
use sql::lower::ColumnPlace;
use sql::relation::{Expression, InputId, Relation, RelationId, Source};
use std::collections::BTreeSet;
use syntax::Name;

/// An entry of a projection in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) relation: RelationId,
    pub(super) place: Projection,
}

/// The entries that `column` comes through in the model's file, its own first.
pub(super) fn entries(model: &Model<'_>, column: &Name) -> Vec<Entry> {
    let query = &model.lowered.query;
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let start = query.root().position(column);
    let mut waiting: Vec<(RelationId, usize)> = start
        .map(|position| (query.root, position))
        .into_iter()
        .collect();
    while let Some((id, position)) = waiting.pop() {
        if !seen.insert((id, position)) {
            continue;
        }
        let relation = query.relation(id);
        if let Some(place) = written(model, id, position) {
            found.push(Entry {
                relation: id,
                place,
            });
        }
        let value = relation
            .select()
            .and_then(|select| select.projection.get(position));
        let Some(value) = value else { continue };
        value.for_each(&mut |part| {
            if let Expression::Output { input, position } = part
                && let Some(source) = source(relation, *input)
            {
                waiting.push((source, *position as usize));
            }
        });
    }
    found
}

/// Every `SELECT` of the model's file that stands in the text, its own first, then what that reads.
pub(super) fn selects(model: &Model<'_>) -> Vec<RelationId> {
    let query = &model.lowered.query;
    let mut found = Vec::new();
    let mut waiting = std::collections::VecDeque::from([query.root]);
    while let Some(id) = waiting.pop_front() {
        let place = model.lowered.places.relation(id);
        let is_written = place.is_some_and(|place| !place.range.is_empty());
        let Some(select) = query.relation(id).select() else {
            continue;
        };
        if found.contains(&id) || !is_written {
            continue;
        }
        found.push(id);
        for input in select.inputs() {
            if let Source::Relation(relation) = &input.source {
                waiting.push_back(*relation);
            }
        }
    }
    found
}

/// Where the text gives a column of a relation; `None` for what a `*` or a macro brings.
fn written(model: &Model<'_>, id: RelationId, position: usize) -> Option<Projection> {
    let place: ColumnPlace = *model.lowered.places.relation(id)?.columns.get(position)?;
    let text = model
        .text
        .get(place.item.start().into()..place.item.end().into())?;
    let is_entry = !place.by_macro && !place.name.is_empty() && !text.trim_end().ends_with('*');
    is_entry.then_some(Projection {
        item: place.item,
        name: place.name,
    })
}

fn source(relation: &Relation, id: InputId) -> Option<RelationId> {
    match relation.input(id)?.source {
        Source::Relation(relation) => Some(relation),
        _ => None,
    }
}
