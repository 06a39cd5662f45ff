//! The template engine as dbt sets its own up, with the limits that hold here.

use super::functions;
use super::incidental;
use super::macros::Templates;
use super::unknown::Unknown;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value,
};
use std::sync::Arc;

/// The work that one template, or one call of a macro, may do. The engine counts instructions, and
/// 64 bytes written as one.
pub(super) const FUEL: u64 = 300_000;
/// How deep blocks may nest in one template.
const NESTING: usize = 120;

/// The engine that gets the bodies of macros from `templates`.
pub(super) fn of(templates: Arc<Templates>) -> Environment<'static> {
    let mut environment = Environment::new();
    if let Ok(syntax) = SyntaxConfig::builder().keep_trailing_newline(true).build() {
        environment.set_syntax(syntax);
    }
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(write_value);
    environment.set_recursion_limit(NESTING);
    environment.set_fuel(Some(FUEL));
    environment.set_unknown_method_callback(incidental::method);
    environment.set_loader(move |name| Ok(templates.body(name)));
    functions::add(&mut environment);
    environment
}

/// Writes a value as Python does.
fn write_value(out: &mut Output, _: &mut State, value: &Value) -> Result<(), Error> {
    match value.kind() {
        ValueKind::Undefined => {}
        ValueKind::None => out.write_str("None")?,
        ValueKind::Bool if value.is_true() => out.write_str("True")?,
        ValueKind::Bool => out.write_str("False")?,
        _ if is_too_large(value, &mut MOST_ITEMS.clone()) => {
            let message = "a list of too many items is printed";
            return Err(Error::new(ErrorKind::OutOfFuel, message));
        }
        _ => write!(out, "{value}")?,
    }
    Ok(())
}

/// More items than this are not printed: a list can be long without having cost any work.
const MOST_ITEMS: usize = 100_000;

/// Whether the value holds more than `left` items, those of its items included.
fn is_too_large(value: &Value, left: &mut usize) -> bool {
    let is_collection = matches!(
        value.kind(),
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable
    );
    // To go over an unknown value would be to guess what is in it.
    if !is_collection || value.downcast_object_ref::<Unknown>().is_some() {
        return false;
    }
    if value.len().is_some_and(|length| length > *left) {
        return true;
    }
    let Ok(items) = value.try_iter() else {
        return false;
    };
    for item in items {
        let Some(fewer) = left.checked_sub(1) else {
            return true;
        };
        *left = fewer;
        if is_too_large(&item, left) {
            return true;
        }
    }
    false
}

/// Whether nothing of this name exists: not in the template, and nowhere it could come from.
pub(super) fn is_undefined(value: &Value) -> bool {
    value.is_undefined()
        || value
            .downcast_object_ref::<Unknown>()
            .is_some_and(Unknown::is_unresolved)
}
