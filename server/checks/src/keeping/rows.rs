//! Rows that are left out, as was agreed.

use super::entry::selects;
use super::names::spelled;
use super::trial::{Trial, only_the_rows};
use sql::edit::QueryEditor;
use sql::lower::{Clause, free_expression};
use sql::relation::Expression;
use syntax::{TextEdit, TextSize};

/// No row is let through for which the condition is true.
pub(super) fn excluded(trial: &Trial<'_>, condition: &str) -> Option<(String, Vec<TextEdit>)> {
    let condition = condition.trim();
    let free = free_expression(condition, trial.model.options.dialect).ok()?;
    let is_column = matches!(free.value, Expression::Column { .. });
    let edits = filtered(trial, condition, &|editor, at, spelling| {
        let not = editor.word("NOT", at);
        match is_column {
            true => format!("{not} {spelling}"),
            false => format!("{not} ({spelling})"),
        }
    })?;
    Some((format!("Leave out rows where {condition}"), edits))
}

/// Only rows are let through for which the condition is true.
pub(super) fn only(trial: &Trial<'_>, condition: &str) -> Option<(String, Vec<TextEdit>)> {
    let condition = condition.trim();
    let edits = filtered(trial, condition, &|_, _, spelling| spelling.to_owned())?;
    Some((format!("Keep only rows where {condition}"), edits))
}

type Written<'w> = dyn Fn(&QueryEditor<'_>, TextSize, &str) -> String + 'w;

/// The filter of the outermost `SELECT` that knows the names of the condition.
fn filtered(trial: &Trial<'_>, condition: &str, written: &Written<'_>) -> Option<Vec<TextEdit>> {
    let editor = trial.model.editor();
    for relation in selects(&trial.model) {
        let at = trial.model.lowered.places.relation(relation)?.range.start();
        for spelling in spelled(&trial.model, relation, condition) {
            let edits = editor.add_condition(at, Clause::Where, &written(&editor, at, &spelling));
            if let Some(edits) = edits.filter(|edits| trial.succeeds(edits, only_the_rows)) {
                return Some(edits);
            }
        }
    }
    None
}
