//! Where a change stands: at the item that selects a column, at the clause that decides the rows.

use crate::context::Context;
use crate::finding::At;
use index::{File, ModelId, Table};
use meaning::difference::RowsDifference;
use sql::lower::{Clause, ClausePlace, Lowered};
use std::collections::BTreeSet;
use syntax::Name;

/// Where a column is selected, else where the model is named.
pub(crate) fn of_column(
    context: &Context<'_>,
    table: &Table,
    model: ModelId,
    name: &Name,
) -> Option<At> {
    let selected = table.column(name).and_then(|column| column.selected);
    if let Some(selected) = selected.filter(|selected| selected.model == model) {
        return Some(At::Spot(selected.item));
    }
    let (_, facts) = context.snapshot.model(model)?;
    Some(At::Spot(facts.name_spot))
}

/// The clause that changed, as far as the text tells: of those of the kind that changed, the one that
/// mentions most of the columns that the change does.
pub(crate) fn of_rows(
    context: &Context<'_>,
    file: &File,
    model: ModelId,
    lowered: &Lowered,
    rows: &RowsDifference,
) -> Option<At> {
    let text = context.snapshot.text(file);
    let said = rows.now.iter().chain(&rows.was);
    let words: BTreeSet<String> = said
        .flat_map(|clause| words(&clause.meaning.to_string()))
        .collect();
    let gone_only = rows.now.is_empty();
    let is_kind = |place: &ClausePlace| {
        rows.clauses.iter().any(|clause| {
            match (clause, place.clause) {
                (Clause::Where, Clause::On) => !gone_only,
                // Distinct rows are groups by all columns.
                (Clause::GroupBy, Clause::Distinct) => true,
                (clause, of) => *clause == of,
            }
        })
    };
    let all = || {
        let relations = lowered.places.relations.iter();
        relations.flat_map(|relation| &relation.clauses)
    };
    let of_root = lowered.places.relation(lowered.query.root);
    let is_of_root = |place: &ClausePlace| of_root.is_some_and(|root| root.clauses.contains(place));
    let shared = |place: &ClausePlace| {
        let own = text.as_deref().and_then(|text| text.get(range_of(place)));
        let own = own.map(self::words).unwrap_or_default();
        let own: BTreeSet<String> = own.into_iter().collect();
        let common = own.intersection(&words).count();
        // Of two that share as many words, the one with fewer others.
        (common, usize::MAX - own.len())
    };
    let of_kind = all().filter(|place| is_kind(place) && !place.range.is_empty());
    let best = of_kind.max_by_key(|place| {
        let (common, others) = shared(place);
        (common, others, std::cmp::Reverse(place.range.start()))
    });
    let best =
        best.filter(|place| !gone_only || place.clause != Clause::From || shared(place).0 > 0);
    // What is gone stood beside a table of which it speaks, most often one of the outermost query.
    let beside = || {
        let tables = all().filter(|place| place.clause == Clause::From);
        tables.max_by_key(|place| {
            let (common, _) = shared(place);
            let start = std::cmp::Reverse(place.range.start());
            (common, is_of_root(place), start)
        })
    };
    let range = best.or_else(beside).map(|place| place.range);
    if let Some(range) = range.filter(|range| !range.is_empty()) {
        return Some(At::Range(range));
    }
    let (_, facts) = context.snapshot.model(model)?;
    Some(At::Spot(facts.name_spot))
}

fn range_of(place: &ClausePlace) -> std::ops::Range<usize> {
    usize::from(place.range.start())..usize::from(place.range.end())
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    let words = words.filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect()
}
