//! Rows that are left out, as was agreed.

use super::entry::selects;
use super::names::spelled;
use super::trial::{Trial, only_the_rows};
use sql::edit::QueryEditor;
use sql::lower::{Clause, free_expression};
use sql::relation::{Expression, RelationId};
use syntax::{TextEdit, TextSize};

/// No row is let through for which the condition is true. One for which it is `NULL` stays, where there may
/// be one.
pub(super) fn excluded(trial: &Trial<'_>, condition: &str) -> Option<(String, Vec<TextEdit>)> {
    let condition = condition.trim();
    let free = free_expression(condition, trial.model.options.dialect).ok()?;
    let is_column = matches!(free.value, Expression::Column { .. });
    let written = |way: &Way<'_>| {
        let (not, spelling) = (way.word("NOT"), &way.spelling);
        match is_column {
            true => format!("{not} {spelling}"),
            false => format!("{not} ({spelling})"),
        }
    };
    let mut dropping_null = None;
    for (way, edits) in filtered(trial, condition, &written) {
        if !trial.last_filter_may_be_null(&edits, way.relation) {
            return Some((title(condition), edits));
        }
        let (coalesce, no) = (way.word("COALESCE"), way.word("FALSE"));
        let keeping_null = format!("{} {coalesce}({}, {no})", way.word("NOT"), way.spelling);
        let kept = way.add(&keeping_null);
        if let Some(kept) = kept.filter(|edits| trial.succeeds(edits, only_the_rows)) {
            return Some((title(condition), kept));
        }
        dropping_null.get_or_insert(edits);
    }
    Some((title(condition), dropping_null?))
}

fn title(condition: &str) -> String {
    format!("Leave out rows where {condition}")
}

/// Only rows are let through for which the condition is true.
pub(super) fn only(trial: &Trial<'_>, condition: &str) -> Option<(String, Vec<TextEdit>)> {
    let condition = condition.trim();
    let written = |way: &Way<'_>| way.spelling.clone();
    let (_, edits) = filtered(trial, condition, &written).next()?;
    Some((format!("Keep only rows where {condition}"), edits))
}

/// A `SELECT` to be filtered, and how the condition is spelled there.
struct Way<'w> {
    editor: QueryEditor<'w>,
    relation: RelationId,
    at: TextSize,
    spelling: String,
}

impl Way<'_> {
    fn word(&self, word: &str) -> String {
        self.editor.word(word, self.at)
    }

    fn add(&self, written: &str) -> Option<Vec<TextEdit>> {
        self.editor.add_condition(self.at, Clause::Where, written)
    }
}

/// The filters that do it, that of the outermost `SELECT` first which knows the names of the condition.
fn filtered<'t>(
    trial: &'t Trial<'_>,
    condition: &'t str,
    written: &'t dyn Fn(&Way<'_>) -> String,
) -> impl Iterator<Item = (Way<'t>, Vec<TextEdit>)> {
    let ways = selects(&trial.model).into_iter().flat_map(move |relation| {
        let place = trial.model.lowered.places.relation(relation);
        let at = place.map_or(TextSize::default(), |place| place.range.start());
        let spelled = spelled(&trial.model, relation, condition).into_iter();
        spelled.map(move |spelling| Way {
            editor: trial.model.editor(),
            relation,
            at,
            spelling,
        })
    });
    ways.filter_map(move |way| {
        let edits = way.add(&written(&way))?;
        let does_it = trial.succeeds(&edits, only_the_rows);
        does_it.then_some((way, edits))
    })
}
