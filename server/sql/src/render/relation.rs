//! A table, as `ref`, `source` and `this` give it.

use super::incidental::keyword;
use super::output::StandsFor;
use super::session::Session;
use super::unknown::Unknown;
use crate::facts::TableRef;
use minijinja::value::{DynObject, Object, ObjectRepr};
use minijinja::{Error, State, Value};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A table.
#[derive(Debug)]
pub(super) struct Relation {
    session: Arc<Session>,
    table: Table,
    identifier: Option<String>,
}

#[derive(Debug)]
enum Table {
    /// It prints as a placeholder.
    Standing(StandsFor),
    /// It prints as its own name: `api.Relation.create`.
    Spelled(String),
}

impl Relation {
    pub(super) fn of_table(session: &Arc<Session>, table: TableRef) -> Value {
        let identifier = match &table {
            TableRef::Ref { name, .. } => Some(name.as_str().to_owned()),
            TableRef::Source { table, .. } => Some(table.as_str().to_owned()),
            _ => None,
        };
        Value::from_object(Relation {
            session: Arc::clone(session),
            table: Table::Standing(StandsFor::Table(table)),
            identifier,
        })
    }

    pub(super) fn this(session: &Arc<Session>) -> Value {
        Value::from_object(Relation {
            session: Arc::clone(session),
            table: Table::Standing(StandsFor::This),
            identifier: Some(session.context().model.to_string()),
        })
    }

    /// The table with these parts of a name, as far as they are there.
    pub(super) fn create(session: &Arc<Session>, arguments: &[Value]) -> Value {
        let parts = ["database", "schema", "identifier"].map(|part| keyword(arguments, part));
        let is_there = |part: &&Value| !part.is_none() && !part.is_undefined();
        let spelled: Vec<String> = parts
            .iter()
            .flatten()
            .filter(is_there)
            .map(Value::to_string)
            .collect();
        let identifier = parts.last().and_then(Option::as_ref).map(Value::to_string);
        Value::from_object(Relation {
            session: Arc::clone(session),
            table: Table::Spelled(spelled.join(".")),
            identifier,
        })
    }
}

impl Object for Relation {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        Some(match (key, &self.identifier) {
            ("identifier" | "name" | "table" | "alias", Some(name)) => Value::from(name.as_str()),
            ("is_cte" | "is_view" | "is_table", _) => Value::from(false),
            ("type", _) => Value::from("table"),
            _ => match &self.table {
                Table::Standing(StandsFor::Table(table)) => {
                    Unknown::part_of_name(&self.session, key, table)
                }
                _ => Unknown::value(&self.session, &format!("relation.{key}")),
            },
        })
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        _: &[Value],
    ) -> Result<Value, Error> {
        Ok(match method {
            "render" | "quote" | "include" | "incorporate" | "render_limited" => {
                Value::from_dyn_object(Arc::clone(self))
            }
            "get" | "replace_path" | "without_identifier" | "information_schema" => {
                Unknown::value(&self.session, &format!("relation.{method}()"))
            }
            // A method of strings: it is asked of the text.
            _ => return Err(Error::from(minijinja::ErrorKind::UnknownMethod)),
        })
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Relation>()?;
        Some(format!("{:?}", self.table).cmp(&format!("{:?}", other.table)))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.table {
            Table::Standing(stands_for) => {
                f.write_str(&self.session.placeholder(stands_for.clone()))
            }
            Table::Spelled(name) => f.write_str(name),
        }
    }
}
