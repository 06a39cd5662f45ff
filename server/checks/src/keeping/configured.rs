//! What a model's template configures, set as was agreed.

use super::trial::{Trial, only_the_rows};
use syntax::{TextEdit, TextRange, TextSize};

/// The literal that `config(…)` has for `key` becomes `value`.
pub(super) fn set(trial: &Trial<'_>, key: &str, value: &str) -> Option<(String, Vec<TextEdit>)> {
    let mut config = trial.model.file.sql()?.config.iter();
    let (own, given) = config.find_map(|own| Some((own, own.literal(key)?)))?;
    let range = trial.model.file.range(own.spot);
    let text = trial
        .model
        .text
        .get(range.start().into()..range.end().into())?;
    let at = text.rfind(given)?;
    let start = range.start() + TextSize::try_from(at).ok()?;
    let literal = TextRange::at(start, TextSize::of(given));
    let edits = vec![TextEdit::replace(literal, value)];
    let title = format!("Set `{key}` to `{value}`");
    trial
        .succeeds(&edits, only_the_rows)
        .then_some((title, edits))
}
