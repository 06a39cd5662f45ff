//! Going through values that a template made: `[0] * 100000000` costs no work until then. What is gone
//! through here is charged as the engine charges its own work.

use super::LONGEST;
use super::unknown::Unknown;
use minijinja::value::{Kwargs, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};
use std::fmt::{self, Write};

/// More items than are gone through at once.
pub(super) const MANY: usize = 200_000;

/// So many items cost one instruction.
const ITEMS: usize = 16;

/// So many bytes cost one.
const BYTES: usize = 64;

/// What can be gone through, unless that is too much. Nor may an item be too long: it could be
/// compared, or gone through in turn, by what does not count.
pub(super) fn items(state: &State, value: &Value) -> Result<Vec<Value>, Error> {
    if is_long(value) {
        return Err(too_long());
    }
    let mut items = Vec::new();
    for item in value.try_iter()? {
        if items.len() >= MANY || is_long(&item) {
            return Err(too_long());
        }
        items.push(item);
        if items.len() % ITEMS == 0 {
            state.consume_fuel(1)?;
        }
    }
    Ok(items)
}

/// The value, unless it is too long.
pub(super) fn short(value: Value) -> Result<Value, Error> {
    match is_long(&value) {
        true => Err(too_long()),
        false => Ok(value),
    }
}

/// Pays for looking at everything in a value, as often as `times`.
pub(super) fn charge(state: &State, value: &Value, times: usize) -> Result<(), Error> {
    let mut seen = 0;
    let mut waiting = vec![value.clone()];
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen % ITEMS == 0 {
            state.consume_fuel(times as u64)?;
        }
        match value.kind() {
            ValueKind::Seq | ValueKind::Iterable
                if value.downcast_object_ref::<Unknown>().is_none() =>
            {
                waiting.extend(items(state, &value)?);
            }
            ValueKind::String => {
                let length = value.as_str().map_or(0, str::len);
                state.consume_fuel((length / BYTES * times) as u64)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Pays for reading the texts among the arguments of a call: what is not the engine's own does not
/// count that.
pub(super) fn charge_texts(state: &State, arguments: &[Value]) -> Result<(), Error> {
    let length = |value: &Value| value.as_str().map_or(0, str::len);
    let positional: usize = arguments.iter().map(length).sum();
    let keywords = super::incidental::keywords(arguments);
    let named: usize = keywords
        .iter()
        .map(|(name, value)| name.len() + length(value))
        .sum();
    state.consume_fuel(((positional + named) / ITEMS) as u64)
}

/// The length; what is not known is taken to be empty.
pub(super) fn length(state: &State, value: Value) -> Result<usize, Error> {
    if let Some(length) = value.len() {
        return Ok(length);
    }
    let Ok(items) = value.try_iter() else {
        let message = "the value has no length";
        return Err(Error::new(ErrorKind::InvalidOperation, message));
    };
    let mut length = 0;
    for _ in items {
        length += 1;
        if length % ITEMS == 0 {
            state.consume_fuel(1)?;
        }
    }
    Ok(length)
}

/// The filter `join`: items, or what they have by the name of an attribute, as one text.
pub(super) fn join(
    state: &State,
    value: Value,
    between: Option<Value>,
    attribute: Option<Value>,
    named: Kwargs,
) -> Result<Value, Error> {
    let between = between.or(named.get::<Option<Value>>("d")?);
    let attribute = attribute.or(named.get::<Option<Value>>("attribute")?);
    named.assert_all_used()?;
    joined(
        state,
        &value,
        between.as_ref().filter(|between| !between.is_none()),
        attribute.as_ref(),
    )
}

/// Items as one text, with a text between them.
pub(super) fn joined(
    state: &State,
    value: &Value,
    between: Option<&Value>,
    attribute: Option<&Value>,
) -> Result<Value, Error> {
    let between = match between {
        Some(between) => text(between)?,
        None => String::new(),
    };
    let parts = match value.as_str() {
        Some(text) => text
            .chars()
            .take(MANY)
            .map(|sign| Value::from(sign.to_string()))
            .collect(),
        None if value.is_none() || value.is_undefined() => Vec::new(),
        None => items(state, value)?,
    };
    let mut joined = Limited::default();
    for (at, part) in parts.into_iter().enumerate() {
        let part = match attribute {
            Some(attribute) => part.get_item(attribute)?,
            None => part,
        };
        let before = joined.text.len();
        let written = match at {
            0 => Ok(()),
            _ => joined.write_str(&between),
        };
        written
            .and_then(|()| write!(joined, "{part}"))
            .map_err(|_| too_long())?;
        state.consume_fuel(((joined.text.len() - before) / BYTES) as u64)?;
    }
    Ok(Value::from(joined.text))
}

/// The text of a value, unless that is too long.
pub(super) fn text(value: &Value) -> Result<String, Error> {
    let mut limited = Limited::default();
    write!(limited, "{value}").map_err(|_| too_long())?;
    Ok(limited.text)
}

/// A text that takes no more than a template may give.
#[derive(Default)]
struct Limited {
    text: String,
}

impl Write for Limited {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        if self.text.len() + part.len() > LONGEST {
            return Err(fmt::Error);
        }
        self.text.push_str(part);
        Ok(())
    }
}

/// Whether it has too many items. How many an unknown value has is not asked: that would be to guess.
fn is_long(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
        && value.downcast_object_ref::<Unknown>().is_none()
        && value.len().is_some_and(|length| length > MANY)
}

pub(super) fn too_long() -> Error {
    Error::new(ErrorKind::OutOfFuel, "a list has too many items")
}
