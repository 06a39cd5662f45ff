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
            *clause == place.clause
                || (*clause == Clause::Where && place.clause == Clause::On && !gone_only)
        })
    };
    let all = || {
        let relations = lowered.places.relations.iter();
        relations.flat_map(|relation| &relation.clauses)
    };
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
    let first = || all().find(|place| place.clause == Clause::From);
    let range = best.or_else(first).map(|place| place.range);
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
