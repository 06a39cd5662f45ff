//! Values of variables, as a project file gives them.

use super::dictionary::Dictionary;
use super::list::List;
use minijinja::Value;
use smol_str::SmolStr;

/// The value of a variable.
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

/// The value for the engine. `text` says what a text stands for.
pub(super) fn value(
    var: &VarValue,
    text: &mut impl FnMut(&str) -> Result<Value, minijinja::Error>,
) -> Result<Value, minijinja::Error> {
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
