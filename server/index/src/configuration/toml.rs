//! Reads `rationale.toml`.

use super::decode::{ConfigurationFile, Problem, decode_value};
use super::value::{Key, Value, ValueKind};
use std::ops::Range;
use syntax::{Places, TextRange};
use toml_edit::{Document, Item, TableLike};

/// What a `rationale.toml` says, where, and what is wrong with it. Text that is not TOML gives the
/// empty configuration and one problem.
pub fn decode(text: &str) -> (ConfigurationFile, Places, Vec<Problem>) {
    match Document::parse(text) {
        Ok(document) => decode_value(&table(document.as_table(), whole(text))),
        Err(error) => {
            let problem = Problem {
                range: error.span().and_then(range).unwrap_or_default(),
                message: format!(
                    "This is not TOML: {}.",
                    error.message().trim_end_matches('.')
                ),
                unknown_key: None,
            };
            (
                ConfigurationFile::default(),
                Places::default(),
                vec![problem],
            )
        }
    }
}

fn table(table: &dyn TableLike, at: TextRange) -> Value {
    let entries = table
        .iter()
        .filter_map(|(name, _)| table.get_key_value(name))
        .map(|(key, item)| {
            let range = key.span().and_then(range).unwrap_or(at);
            (
                Key {
                    name: key.get().to_owned(),
                    range,
                },
                value(item, range),
            )
        });
    Value {
        kind: ValueKind::Table(entries.collect()),
        range: at,
    }
}

fn value(item: &Item, key: TextRange) -> Value {
    let at = item.span().and_then(range).unwrap_or(key);
    if let Some(below) = item.as_table_like() {
        return table(below, at);
    }
    let kind = if let Some(tables) = item.as_array_of_tables() {
        ValueKind::List(
            tables
                .iter()
                .map(|below| table(below, below.span().and_then(range).unwrap_or(at)))
                .collect(),
        )
    } else if let Some(items) = item.as_array() {
        ValueKind::List(
            items
                .iter()
                .map(|below| value(&Item::Value(below.clone()), at))
                .collect(),
        )
    } else if let Some(text) = item.as_str() {
        ValueKind::Text(text.to_owned())
    } else if let Some(boolean) = item.as_bool() {
        ValueKind::Boolean(boolean)
    } else {
        ValueKind::Other
    };
    Value { kind, range: at }
}

fn range(span: Range<usize>) -> Option<TextRange> {
    let start = u32::try_from(span.start).ok()?;
    let end = u32::try_from(span.end).ok()?;
    Some(TextRange::new(start.into(), end.max(start).into()))
}

fn whole(text: &str) -> TextRange {
    TextRange::up_to(syntax::TextSize::of(text))
}
