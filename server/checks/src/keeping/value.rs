//! A column that is given the value, or the type, that was agreed.

use super::entry::{Entry, entries};
use super::names::spelled;
use super::trial::{Trial, only_the_subject};
use spec::guarantee::Sql;
use sql::edit::aggregates;
use syntax::TextEdit;

/// The entry through which the column is computed gets the agreed value: all of it, or, where what stands
/// around an aggregate is there already, the aggregate alone.
pub(super) fn computed(trial: &Trial<'_>, value: &Sql) -> Option<(String, Vec<TextEdit>)> {
    let column = trial.column()?;
    let editor = trial.model.editor();
    let whole = value.text.trim();
    let parts = aggregates(whole, trial.model.options.dialect);
    for (depth, Entry { relation, place }) in entries(&trial.model, column).into_iter().enumerate()
    {
        let mut values = vec![whole];
        values.extend(parts.iter().filter(|part| **part != whole));
        // What is handed on from further below is more often a part of it.
        if depth > 0 {
            values.rotate_left(1);
        }
        for value in values {
            for spelling in spelled(&trial.model, relation, value) {
                let edits = editor.set_value(place, &spelling);
                if let Some(edits) = edits.filter(|edits| trial.succeeds(edits, only_the_subject)) {
                    return Some((format!("Compute `{column}` as agreed"), edits));
                }
            }
        }
    }
    None
}

/// The column's own entry, or the one that a `*` hands on, is cast to the agreed type: by the cast that is there,
/// or by a new one.
pub(super) fn cast(trial: &Trial<'_>, data_type: &str) -> Option<(String, Vec<TextEdit>)> {
    let column = trial.column()?;
    let Entry { place, .. } = entries(&trial.model, column).into_iter().next()?;
    let editor = trial.model.editor();
    let data_type = data_type.trim();
    let edits = match editor.cast_type(place) {
        Some(range) => vec![TextEdit::replace(range, data_type)],
        None => {
            let own = editor.value(place)?;
            let text = trial.model.text.get(own.start().into()..own.end().into())?;
            let word = |word| editor.word(word, own.start());
            let cast = format!("{}({text} {} {data_type})", word("CAST"), word("AS"));
            editor.set_value(place, &cast)?
        }
    };
    let title = format!("Cast `{column}` to {data_type}");
    trial
        .succeeds(&edits, only_the_subject)
        .then_some((title, edits))
}
