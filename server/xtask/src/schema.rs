//! The JSON Schema of the native spec format (draft-07), made from the table of keys that the decode
//! uses, so that any editor completes and checks specs even without the server.

use serde_json::{Map, Value, json};
use spec::keys::{KEYS, Key, Kind, OWN_KEY_PREFIX, STATUSES, Section};

/// The schema, as the text of the file.
///
/// It accepts what the decode accepts, but for what a schema can't say: 29 February in a year that
/// has none, and a key given twice.
pub(crate) fn native() -> String {
    let mut schema = section(Section::Product);
    schema.insert(
        "$schema".to_owned(),
        json!("http://json-schema.org/draft-07/schema#"),
    );
    schema.insert("title".to_owned(), json!("Spec of a data product"));
    schema.insert(
        "description".to_owned(),
        json!(
            "What a data product is and why: its tables and columns, and the history of its \
             amendments. Generated; see `server/spec/src/keys.rs`."
        ),
    );
    let parts = Section::ALL
        .into_iter()
        .filter(|part| *part != Section::Product);
    let definitions: Map<String, Value> = parts
        .map(|part| (definition(part), Value::Object(section(part))))
        .collect();
    schema.insert("definitions".to_owned(), Value::Object(definitions));
    format!("{:#}\n", Value::Object(schema))
}

fn section(section: Section) -> Map<String, Value> {
    let keys = || KEYS.iter().filter(|key| key.section == section);
    let properties: Map<String, Value> = keys()
        .map(|key| (key.name.to_owned(), property(key)))
        .collect();
    let required: Vec<&str> = keys()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let own_keys = format!("^{OWN_KEY_PREFIX}");
    let schema = json!({
        "type": "object",
        "additionalProperties": false,
        "patternProperties": { own_keys: {} },
        "required": required,
        "properties": properties,
    });
    match schema {
        Value::Object(schema) => schema,
        _ => Map::new(),
    }
}

/// The schema of a key's value. Without a value an optional key is as if it were not there.
fn property(key: &Key) -> Value {
    let mut schema = match (key.kind, key.required) {
        (Kind::Text | Kind::Prose | Kind::Name | Kind::TableName, true) => {
            json!({ "type": ["string", "number"], "pattern": r"\S" })
        }
        (Kind::Text | Kind::Prose | Kind::Name | Kind::TableName | Kind::Change, _) => {
            json!({ "type": ["string", "number", "null"] })
        }
        (Kind::Boolean, _) => json!({ "type": ["boolean", "null"] }),
        (Kind::Date, _) => json!({ "type": ["string", "null"], "pattern": DAY }),
        (Kind::AmendmentId, true) => amendment_id(),
        (Kind::AmendmentId, false) => or_nothing(amendment_id()),
        (Kind::Status, _) => {
            let mut statuses = json!(STATUSES);
            if let Some(statuses) = statuses.as_array_mut() {
                statuses.push(Value::Null);
            }
            json!({ "enum": statuses, "default": "accepted" })
        }
        (Kind::Texts | Kind::Names, _) => list(&text()),
        (Kind::Literals, _) => list(&json!({ "type": ["string", "number", "boolean"] })),
        (Kind::Sentences, _) => json!({
            "anyOf": [text(), { "type": "array", "items": text() }, { "type": "null" }],
        }),
        (Kind::Supersedes, _) => list(&json!({
            "anyOf": [amendment_id(), reference(Section::Supersedes)],
        })),
        (Kind::List(section), _) => list(&reference(section)),
    };
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), json!(key.documentation));
    }
    schema
}

/// A day of the calendar.
const DAY: &str = "^[0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])\
                   |(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))$";

fn text() -> Value {
    json!({ "type": ["string", "number"] })
}

fn amendment_id() -> Value {
    json!({
        "anyOf": [
            { "type": "integer", "minimum": 1 },
            { "type": "string", "pattern": "^(?!0+$)[a-z0-9-]+$" },
        ],
    })
}

fn or_nothing(schema: Value) -> Value {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

fn list(items: &Value) -> Value {
    json!({ "type": ["array", "null"], "items": items })
}

fn reference(section: Section) -> Value {
    json!({ "$ref": format!("#/definitions/{}", definition(section)) })
}

/// What a section is called among the definitions.
fn definition(section: Section) -> String {
    format!("{section:?}").to_lowercase()
}
