//! Values of variables and configurations, as project files give them.

use super::dictionary::Dictionary;
use super::list::List;
use super::names::Names;
use super::rewrite::rewrite;
use super::session::{Session, burnt};
use super::unknown::Unknown;
use minijinja::{Error, ErrorKind, State, Value};
use smol_str::SmolStr;
use std::sync::Arc;

/// The value of a variable or of a configuration.
#[derive(Clone, Debug, PartialEq)]
pub enum VarValue {
    /// Nothing.
    Null,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Float(f64),
    /// A text. It may be a template itself.
    Text(SmolStr),
    /// Several values.
    List(Vec<VarValue>),
    /// Values by name, in order.
    Map(Vec<(SmolStr, VarValue)>),
}

/// The value for the engine, where templates in it can be run.
pub(super) fn evaluated(
    var: &VarValue,
    session: &Arc<Session>,
    state: &State,
) -> Result<Value, Error> {
    value(var, &mut |text| evaluated_text(session, state, text))
}

/// The value for the engine, where templates in it are not known.
pub(super) fn unevaluated(var: &VarValue, session: &Arc<Session>) -> Option<Value> {
    let text = &mut |text: &str| match is_template(text) {
        true => Ok(Unknown::value(session, text)),
        false => Ok(Value::from(text)),
    };
    value(var, text).ok()
}

fn is_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// The text of a variable, which may be a template; one that is a single expression gives the
/// expression's value.
fn evaluated_text(session: &Arc<Session>, state: &State, text: &str) -> Result<Value, Error> {
    if !is_template(text) {
        return Ok(Value::from(text));
    }
    let names = Names::of_model(Arc::clone(session));
    let trimmed = text.trim();
    let single = trimmed
        .strip_prefix("{{")
        .and_then(|rest| rest.strip_suffix("}}"))
        .filter(|inner| !inner.contains("{{") && !inner.contains("{%"));
    let template = match single {
        Some(inner) => format!("{{% set __value = {} %}}", inner.trim_matches(['-', '+'])),
        None => text.to_owned(),
    };
    let value = session.nested(|| {
        let rewritten = rewrite(&template);
        if rewritten.is_too_long() {
            return Err(Error::new(ErrorKind::SyntaxError, "too long an expression"));
        }
        let template = state.env().template_from_str(rewritten.text())?;
        let captured = template.render_captured(Value::from_object(names))?;
        let fuel = burnt(captured.state());
        let value = match single {
            Some(_) => captured.state().lookup("__value").unwrap_or_default(),
            None => Value::from(captured.into_output()),
        };
        Ok((value, fuel))
    });
    match value {
        Err(error) if super::call::is_limit(&error) => Err(error),
        Err(_) => Ok(Unknown::value(session, text)),
        Ok(value) => Ok(value),
    }
}

/// The value for the engine. `text` says what a text stands for.
fn value(
    var: &VarValue,
    text: &mut impl FnMut(&str) -> Result<Value, Error>,
) -> Result<Value, Error> {
    Ok(match var {
        VarValue::Null => Value::from(()),
        VarValue::Boolean(boolean) => Value::from(*boolean),
        VarValue::Integer(integer) => Value::from(*integer),
        VarValue::Float(float) => Value::from(*float),
        VarValue::Text(own) => text(own)?,
        VarValue::List(items) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                values.push(value(item, text)?);
            }
            List::value(values)
        }
        VarValue::Map(entries) => {
            let mut values = Vec::with_capacity(entries.len());
            for (key, entry) in entries {
                values.push((Value::from(key.as_str()), value(entry, text)?));
            }
            Dictionary::value(values)
        }
    })
}
