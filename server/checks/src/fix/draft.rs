//! What a fix writes where only a person knows what to say: a draft from what the workspace shows,
//! marked as one, or a note of what is to be said.

use super::evidence::evidence;
use index::{Snapshot, Table};
use spec::model::{AmendmentId, TableOrigin};
use syntax::yaml::Value;
use syntax::{Name, TextSize};

/// What stands behind a draft.
const CONFIRM: &str = "draft: confirm";

/// What a why says that is still to be written.
pub(crate) const WHY: &str = "TODO: who needs it, and for what?";

/// What a description says that is still to be written.
pub(crate) const DESCRIPTION: &str = "TODO: what is it?";

/// What a requirement says that is still to be written.
pub(crate) const REQUIREMENT: &str = "TODO: who needs this, and for what?";

/// The length of the note that `text` starts with, of what is still to be written in its place; nothing where
/// it starts with none.
pub fn note_length(text: &str) -> TextSize {
    let notes = [WHY, DESCRIPTION, REQUIREMENT];
    let note = notes.into_iter().find(|note| text.starts_with(note));
    note.map(TextSize::of).unwrap_or_default()
}

/// Whether a text that a fix writes has something in it that a person is to confirm.
pub fn is_draft(text: &str) -> bool {
    text.contains(CONFIRM)
}

/// A why for `table`, or for its column: who reads it, as far as the SQL tells.
pub(crate) fn why(snapshot: &Snapshot, table: &Table, column: Option<&Name>) -> String {
    evidence(snapshot, table, column).unwrap_or_else(|| WHY.to_owned())
}

/// `text`, marked as a draft.
pub(crate) fn marked(text: &str) -> Value {
    as_draft(Value::text(text))
}

/// `value`, marked as a draft.
pub(crate) fn as_draft(value: Value) -> Value {
    value.with_comment(CONFIRM)
}

/// The entry of a new column. What comes unchanged with its column need not be said again.
pub(crate) fn column(
    snapshot: &Snapshot,
    table: &Table,
    column: &index::Column,
    origin: &TableOrigin,
    since: Option<&AmendmentId>,
) -> Value {
    let is_native = *origin == TableOrigin::Native;
    let mut entries = vec![("name", Value::text(column.name.as_str()))];
    if let (Some(data_type), true) = (&column.data_type, is_native) {
        entries.push(("type", Value::text(data_type.as_str())));
    }
    if let Some(id) = since {
        entries.push(("since", Value::literal(id.to_string())));
    }
    if !column.has_description {
        entries.push(("description", Value::text(DESCRIPTION)));
    }
    if column.why.is_none() && since.is_none() {
        let why = marked(&why(snapshot, table, Some(&column.name)));
        entries.push(match is_native {
            true => ("why", why),
            false => ("config", nested(&["meta", "rationale", "why"], why)),
        });
    }
    Value::mapping(entries)
}

/// `value` below keys one below the other.
fn nested(keys: &[&str], value: Value) -> Value {
    let keys = keys.iter().rev();
    keys.fold(value, |value, key| Value::mapping([(*key, value)]))
}
