//! The common form of TOML and of the editor's JSON.

use syntax::TextRange;

/// A value, and where it stands; an empty range at 0 where there is no text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) kind: ValueKind,
    pub(super) range: TextRange,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ValueKind {
    Table(Vec<(Key, Value)>),
    List(Vec<Value>),
    Text(String),
    Boolean(bool),
    /// A number, a date, null.
    Other,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Key {
    pub(super) name: String,
    pub(super) range: TextRange,
}

impl ValueKind {
    /// What it is, in a sentence to a person.
    pub(super) fn description(&self) -> &'static str {
        match self {
            ValueKind::Table(_) => "a table",
            ValueKind::List(_) => "a list",
            ValueKind::Text(_) => "a text",
            ValueKind::Boolean(_) => "true or false",
            ValueKind::Other => "a number, a date or null",
        }
    }
}
