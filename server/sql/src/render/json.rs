//! Values written as JSON, and read from it.

use super::bounded;
use super::dictionary::Dictionary;
use super::incidental::nested;
use super::list::List;
use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, State, Value};
use serde_json::Value as Json;

/// The value of a JSON text; `None` if it is none.
pub(super) fn read(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().map(value)
}

fn value(json: Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(boolean) => Value::from(boolean),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Value::from(integer),
            None => Value::from(number.as_f64().unwrap_or_default()),
        },
        Json::String(text) => Value::from(text),
        Json::Array(items) => List::value(items.into_iter().map(value).collect()),
        Json::Object(entries) => {
            let entries = entries.into_iter();
            Dictionary::value(entries.map(|(key, entry)| (Value::from(key), value(entry))))
        }
    }
}

/// The value as JSON.
pub(super) fn write(state: &State, value: &Value) -> Result<String, Error> {
    Ok(json(state, value)?.to_string())
}

fn json(state: &State, value: &Value) -> Result<Json, Error> {
    Ok(match value.kind() {
        ValueKind::Undefined | ValueKind::None => Json::Null,
        ValueKind::Bool => Json::Bool(value.is_true()),
        ValueKind::Number => match value.as_i64() {
            Some(integer) => Json::from(integer),
            None => Json::from(f64::try_from(value.clone())?),
        },
        ValueKind::Seq | ValueKind::Iterable => {
            let items = deeper(|| {
                let items = bounded::items(state, value)?;
                items.iter().map(|item| json(state, item)).collect()
            })?;
            Json::Array(items)
        }
        ValueKind::Map => {
            let entries = deeper(|| {
                let keys = bounded::items(state, value)?.into_iter();
                keys.map(|key| Ok((key.to_string(), json(state, &value.get_item(&key)?)?)))
                    .collect()
            })?;
            Json::Object(entries)
        }
        _ => Json::String(value.to_string()),
    })
}

fn deeper<T>(look: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let too_deep = || Error::new(ErrorKind::BadSerialization, "values nest too deep");
    nested(look).ok_or_else(too_deep)?
}
