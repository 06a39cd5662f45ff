//! What the workspace does not tell: it can be handed on, asked and called, and prints as a hole.

use super::list::List;
use super::output::StandsFor;
use super::session::Session;
use crate::facts::TableRef;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Error, State, Value};
use smol_str::SmolStr;
use std::fmt;
use std::sync::Arc;

/// A value that is not known.
#[derive(Debug)]
pub(super) struct Unknown {
    session: Arc<Session>,
    label: SmolStr,
    kind: Kind,
    /// The table that this is a part of the name of.
    table: Option<TableRef>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// There is a value.
    Value,
    /// There may be none: the answer of a database that is not asked.
    Answer,
    /// No name like this is known.
    Unresolved,
}

/// The longest words for what was asked for, in characters.
const LONGEST_LABEL: usize = 60;

impl Unknown {
    /// A value that is not known; `label` is what was asked for.
    pub(super) fn value(session: &Arc<Session>, label: &str) -> Value {
        Unknown::of(session, label, Kind::Value)
    }

    /// What a database would answer.
    pub(super) fn answer(session: &Arc<Session>, label: &str) -> Value {
        Unknown::of(session, label, Kind::Answer)
    }

    /// A name that is not known: nothing, until it is called or printed.
    pub(super) fn unresolved(session: &Arc<Session>, name: &str) -> Value {
        Unknown::of(session, name, Kind::Unresolved)
    }

    fn of(session: &Arc<Session>, label: &str, kind: Kind) -> Value {
        Value::from_object(Unknown {
            session: Arc::clone(session),
            label: label.chars().take(LONGEST_LABEL).collect(),
            kind,
            table: None,
        })
    }

    /// A part of a table's name: its schema or database.
    pub(super) fn part_of_name(session: &Arc<Session>, part: &str, table: &TableRef) -> Value {
        Value::from_object(Unknown {
            session: Arc::clone(session),
            label: SmolStr::new(format!("relation.{part}")),
            kind: Kind::Value,
            table: Some(table.clone()),
        })
    }

    /// The table that this is a part of the name of.
    pub(super) fn table(&self) -> Option<&TableRef> {
        self.table.as_ref()
    }

    /// Whether it is a name that nothing is known by.
    pub(super) fn is_unresolved(&self) -> bool {
        self.kind == Kind::Unresolved
    }

    fn part(&self, name: &str) -> Value {
        let kind = match self.kind {
            Kind::Unresolved => Kind::Value,
            kind => kind,
        };
        Unknown::of(&self.session, &format!("{}.{name}", self.label), kind)
    }
}

impl Object for Unknown {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(self.part(&key.to_string()))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.session.guess();
        Enumerator::Empty
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        None
    }

    fn is_true(self: &Arc<Self>) -> bool {
        if self.kind != Kind::Unresolved {
            self.session.guess();
        }
        self.kind == Kind::Value
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, _: &[Value]) -> Result<Value, Error> {
        Ok(Unknown::value(&self.session, &format!("{}()", self.label)))
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        _: &[Value],
    ) -> Result<Value, Error> {
        Ok(match method {
            "items" | "keys" | "values" => {
                self.session.guess();
                List::value(Vec::new())
            }
            "append" | "extend" | "update" | "add" | "remove" | "insert" => Value::from(()),
            _ => self.part(&format!("{method}()")),
        })
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stands_for = StandsFor::Unknown(self.label.clone());
        f.write_str(&self.session.placeholder(stands_for))
    }
}
