//! Reads the editor's settings: the same keys as in `rationale.toml`, as JSON.

use super::decode::{ConfigurationFile, Problem, decode_value};
use super::value::{Key, Value, ValueKind};
use serde_json::Value as Json;
use syntax::TextRange;

/// The editor's settings: what they say goes before what a `rationale.toml` says.
pub type Overrides = ConfigurationFile;

/// What the editor's settings say, and what is wrong with them; `null` says nothing.
///
/// `server` and `trace` belong to the editors' own plugins and are passed over.
pub fn decode(settings: &Json) -> (Overrides, Vec<Problem>) {
    let mut root = value(settings);
    match &mut root.kind {
        ValueKind::Table(entries) => {
            entries.retain(|(key, value)| {
                let is_plugins = matches!(key.name.as_str(), "server" | "trace");
                !is_plugins && value.kind != ValueKind::Other
            });
        }
        ValueKind::Other => root.kind = ValueKind::Table(Vec::new()),
        _ => {}
    }
    let (overrides, _, problems) = decode_value(&root);
    (overrides, problems)
}

fn value(json: &Json) -> Value {
    let kind = match json {
        Json::Object(entries) => ValueKind::Table(
            entries
                .iter()
                .map(|(name, below)| {
                    (
                        Key {
                            name: name.clone(),
                            range: TextRange::default(),
                        },
                        value(below),
                    )
                })
                .collect(),
        ),
        Json::Array(items) => ValueKind::List(items.iter().map(value).collect()),
        Json::String(text) => ValueKind::Text(text.clone()),
        Json::Bool(boolean) => ValueKind::Boolean(*boolean),
        Json::Null | Json::Number(_) => ValueKind::Other,
    };
    Value {
        kind,
        range: TextRange::default(),
    }
}
