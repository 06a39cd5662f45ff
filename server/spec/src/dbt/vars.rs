//! Values that templates ask for: by `var('name')` those of `vars` in `dbt_project.yml`, by
//! `config.get('name')` those that a project configures for a model.

use super::lenient::Keys;
use crate::reader::{Reader, Value};
use crate::scalar::{Scalar, scalar};
use syntax::yaml::NodeKind;

/// The value of a variable or of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Var {
    /// Nothing.
    Null,
    /// `true`, `false`
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Another number, or a whole one that is too large, as it is written.
    Number(String),
    /// A text. It may be a template itself.
    Text(String),
    /// Several values.
    List(Vec<Var>),
    /// Values by name, in order.
    Map(Vec<(String, Var)>),
}

/// The values in `keys`, by name.
pub(super) fn vars<'t>(reader: &mut Reader<'t>, keys: &Keys<'t>) -> Vec<(String, Var)> {
    let pairs = keys.pairs().iter().filter_map(|pair| {
        let name = pair.key.as_str()?.to_owned();
        Some((name, var(reader, pair.value)))
    });
    pairs.collect()
}

fn var<'t>(reader: &mut Reader<'t>, value: Value<'t>) -> Var {
    match &value.content.kind {
        NodeKind::Sequence { .. } => {
            let items = reader.items(value).into_iter();
            Var::List(items.map(|item| var(reader, item)).collect())
        }
        NodeKind::Mapping { .. } => {
            let keys = Keys::of(reader, value);
            Var::Map(vars(reader, &keys))
        }
        _ => match scalar(value.content) {
            None | Some(Scalar::Null) => Var::Null,
            Some(Scalar::Boolean(boolean)) => Var::Boolean(boolean),
            Some(Scalar::Integer(Some(integer))) => Var::Integer(integer),
            Some(Scalar::Integer(None) | Scalar::Float) => {
                Var::Number(value.content.as_str().unwrap_or_default().to_owned())
            }
            Some(Scalar::Text(text)) => Var::Text(text.to_owned()),
        },
    }
}
