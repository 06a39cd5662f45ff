//! A column that has no other values than were agreed.

use super::entry::entries;
use super::trial::{Trial, only_the_subject};
use spec::guarantee::Sql;
use spec::nearest;
use syntax::TextEdit;

/// A text that is not among the agreed ones gives way to the one that it was likeliest meant to be.
pub(super) fn respelled(trial: &Trial<'_>, agreed: &[Sql]) -> Option<(String, Vec<TextEdit>)> {
    let agreed = agreed.iter().map(|value| value.text.trim());
    let agreed: Vec<&str> = agreed.filter_map(unquoted).collect();
    let column = trial.column()?;
    let editor = trial.model.editor();
    for entry in entries(&trial.model, column) {
        for (range, text) in editor.texts(entry.place) {
            let likeliest = || nearest(text, agreed.iter().copied());
            let Some(meant) = (!agreed.contains(&text)).then(likeliest).flatten() else {
                continue;
            };
            let edits = vec![TextEdit::replace(range, format!("'{meant}'"))];
            if trial.succeeds(&edits, only_the_subject) {
                return Some((format!("Write '{meant}' for '{text}'"), edits));
            }
        }
    }
    None
}

/// What stands between single quotes; `None` where a quote is part of it.
fn unquoted(literal: &str) -> Option<&str> {
    let inner = literal.strip_prefix('\'')?.strip_suffix('\'')?;
    (!inner.contains(['\'', '\\'])).then_some(inner)
}
