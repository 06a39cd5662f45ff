//! The template engine as dbt sets its own up, with the limits that hold here.

use super::functions;
use super::incidental;
use super::macros::Templates;
use super::unknown::Unknown;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, Error, Output, State, UndefinedBehavior, Value};
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
        _ => write!(out, "{value}")?,
    }
    Ok(())
}

/// Whether nothing of this name exists: not in the template, and nowhere it could come from.
pub(super) fn is_undefined(value: &Value) -> bool {
    value.is_undefined()
        || value
            .downcast_object_ref::<Unknown>()
            .is_some_and(Unknown::is_unresolved)
}
