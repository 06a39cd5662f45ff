//! Small things around values: arguments, methods of Python's own types, bounds on nesting.

use super::bounded;
use super::dictionary::Dictionary;
use super::list::List;
use minijinja::value::{Kwargs, Object, ObjectRepr, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};
use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

/// The argument of a call at a position, or with a name.
pub(super) fn argument(arguments: &[Value], position: usize, name: &str) -> Option<Value> {
    let positional = arguments.get(position).filter(|value| !value.is_kwargs());
    let value = positional.cloned().or_else(|| keyword(arguments, name));
    // No argument of dbt's is that long; it would only be printed.
    value.and_then(|value| bounded::short(value).ok())
}

/// The argument of a call with a name.
pub(super) fn keyword(arguments: &[Value], name: &str) -> Option<Value> {
    let keywords = arguments.last().filter(|value| value.is_kwargs())?;
    keywords
        .get_attr(name)
        .ok()
        .filter(|value| !value.is_undefined())
}

/// The keyword arguments of a call in order.
pub(super) fn keywords(arguments: &[Value]) -> Vec<(String, Value)> {
    let last = arguments.last().filter(|value| value.is_kwargs());
    let Some(Ok(own)) = last.map(|value| Kwargs::try_from(value.clone())) else {
        return Vec::new();
    };
    let names: Vec<String> = own.args().map(str::to_owned).collect();
    names
        .into_iter()
        .filter_map(|name| {
            let value = own.peek::<Value>(&name).ok()?;
            Some((name, value))
        })
        .collect()
}

/// Methods of Python's own types that the engine's types lack.
pub(super) fn method(
    state: &mut State,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    if value.kind() == ValueKind::String
        && let Some(text) = value.as_str()
    {
        match (method, arguments) {
            ("join", [items]) => {
                return bounded::joined(state, items, Some(value), None);
            }
            ("format", _) if is_long_format(text, arguments)? => {
                return Err(bounded::too_long());
            }
            _ => {}
        }
        if let Some(result) = string_method(text, method, arguments) {
            return Ok(result);
        }
    }
    match minijinja_contrib::pycompat::unknown_method_callback(state, value, method, arguments) {
        // Lists that it gives can be changed in Python.
        Ok(list) if list.kind() == ValueKind::Seq && !list.is_tuple() => {
            List::copy_of(state, &list)
        }
        Err(error) if error.kind() == ErrorKind::UnknownMethod => match value.kind() {
            ValueKind::Undefined | ValueKind::None => Ok(Value::UNDEFINED),
            _ => Err(error),
        },
        other => other,
    }
}

/// Whether a format gives a longer text than a template may give: by a field of a width that no text
/// for a database has, or by many fields of long texts.
fn is_long_format(format: &str, arguments: &[Value]) -> Result<bool, Error> {
    let mut fields = format.split('{').skip(1);
    let is_wide = fields.any(|field| {
        let field = field.split('}').next().unwrap_or_default();
        let mut numbers = field.as_bytes().split(|sign| !sign.is_ascii_digit());
        numbers.any(|number| number.len() > WIDEST)
    });
    let mut longest = 0;
    let named = keywords(arguments);
    let named = named.iter().map(|(_, value)| value);
    let positional = arguments.iter().filter(|value| !value.is_kwargs());
    for value in positional.chain(named) {
        longest = longest.max(match value.as_str() {
            Some(text) => text.len(),
            None => bounded::text(value)?.len(),
        });
    }
    let fields = format.matches('{').count();
    Ok(is_wide || fields.saturating_mul(longest) > super::LONGEST)
}

/// Widths of more digits are too wide.
const WIDEST: usize = 4;

fn string_method(text: &str, method: &str, arguments: &[Value]) -> Option<Value> {
    let first = argument(arguments, 0, "");
    let other = first.as_ref().and_then(Value::as_str);
    Some(match (method, other) {
        ("removeprefix", Some(part)) => Value::from(text.strip_prefix(part).unwrap_or(text)),
        ("removesuffix", Some(part)) => Value::from(text.strip_suffix(part).unwrap_or(text)),
        ("casefold", _) => Value::from(text.to_lowercase()),
        ("swapcase" | "encode" | "decode", _) => Value::from(text),
        ("index", Some(part)) => Value::from(text.find(part)?),
        ("zfill", _) => {
            let width = first?.as_usize()?.min(200);
            Value::from(format!("{text:0>width$}"))
        }
        ("rsplit", Some(separator)) => {
            let limit = argument(arguments, 1, "maxsplit").and_then(|limit| limit.as_usize());
            let mut parts: Vec<&str> = match limit {
                Some(limit) => text.rsplitn(limit + 1, separator).collect(),
                None => text.rsplit(separator).collect(),
            };
            parts.reverse();
            List::value(parts.into_iter().map(Value::from).collect())
        }
        _ => return None,
    })
}

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// How deep values are looked into.
const DEEPEST: usize = 40;

/// Whether values are looked into deeper than is done.
pub(super) fn is_deep() -> bool {
    DEPTH.get() >= DEEPEST
}

/// Looks into a value, unless that is too deep: it may contain itself.
pub(super) fn nested<T>(look: impl FnOnce() -> T) -> Option<T> {
    if is_deep() {
        return None;
    }
    DEPTH.set(DEPTH.get() + 1);
    let result = look();
    DEPTH.set(DEPTH.get() - 1);
    Some(result)
}

/// Drops values one after the other, however deep they contain each other.
pub(super) fn drop_flat(mut values: Vec<Value>) {
    while let Some(value) = values.pop() {
        let (list, dictionary) = (
            value.downcast_object::<List>(),
            value.downcast_object::<Dictionary>(),
        );
        drop(value);
        if let Some(mut list) = list.and_then(Arc::into_inner) {
            list.drain(&mut values);
        }
        if let Some(mut dictionary) = dictionary.and_then(Arc::into_inner) {
            dictionary.drain(&mut values);
        }
    }
}

/// Writes a value as it stands inside a list of Python.
pub(super) fn write_python(value: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match value.kind() {
        ValueKind::String => {
            let quote = if value.as_str().is_some_and(|text| text.contains('\'')) {
                '"'
            } else {
                '\''
            };
            write!(f, "{quote}{value}{quote}")
        }
        ValueKind::None | ValueKind::Undefined => f.write_str("None"),
        ValueKind::Bool if value.is_true() => f.write_str("True"),
        ValueKind::Bool => f.write_str("False"),
        _ => write!(f, "{value}"),
    }
}

/// Something that can be called, and have any method called, and gives nothing.
#[derive(Debug)]
pub(super) struct Quiet;

impl Object for Quiet {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Result<Value, Error> {
        Ok(Value::from(""))
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        _: &str,
        _: &[Value],
    ) -> Result<Value, Error> {
        Ok(Value::from(""))
    }

    fn render(self: &Arc<Self>, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// Text that is had by calling: what `caller()` gives.
#[derive(Debug)]
pub(super) struct Text(pub(super) Value);

impl Object for Text {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Result<Value, Error> {
        Ok(self.0.clone())
    }
}
