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
    let (way, edits) = filtered(trial, condition, &|way| {
        let (not, spelling) = (way.word("NOT"), &way.spelling);
        match is_column {
            true => format!("{not} {spelling}"),
            false => format!("{not} ({spelling})"),
        }
    })?;
    let keeping_null = || {
        let (coalesce, no) = (way.word("COALESCE"), way.word("FALSE"));
        let written = format!("{} {coalesce}({}, {no})", way.word("NOT"), way.spelling);
        let edits = way.add(&written)?;
        trial.succeeds(&edits, only_the_rows).then_some(edits)
    };
    let may_be_null = trial.last_filter_may_be_null(&edits, way.relation);
    let edits = match may_be_null {
        true => keeping_null().unwrap_or(edits),
        false => edits,
    };
    Some((format!("Leave out rows where {condition}"), edits))
}

/// Only rows are let through for which the condition is true.
pub(super) fn only(trial: &Trial<'_>, condition: &str) -> Option<(String, Vec<TextEdit>)> {
    let condition = condition.trim();
    let (_, edits) = filtered(trial, condition, &|way| way.spelling.clone())?;
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

/// The filter of the outermost `SELECT` that knows the names of the condition.
fn filtered<'t>(
    trial: &'t Trial<'_>,
    condition: &str,
    written: &dyn Fn(&Way<'_>) -> String,
) -> Option<(Way<'t>, Vec<TextEdit>)> {
    for relation in selects(&trial.model) {
        let at = trial.model.lowered.places.relation(relation)?.range.start();
        for spelling in spelled(&trial.model, relation, condition) {
            let way = Way {
                editor: trial.model.editor(),
                relation,
                at,
                spelling,
            };
            let edits = way.add(&written(&way));
            if let Some(edits) = edits.filter(|edits| trial.succeeds(edits, only_the_rows)) {
                return Some((way, edits));
            }
        }
    }
    None
}
