//! The functions, filters and tests that dbt gives to templates.

use super::bounded;
use super::dictionary::{Dictionary, pairs};
use super::environment::is_undefined;
use super::incidental::{argument, keyword};
use super::json;
use super::list::{List, unique};
use super::output::{Lookup, StandsFor};
use super::relation::Relation;
use super::session::Session;
use super::unknown::Unknown;
use super::vars;
use crate::facts::TableRef;
use minijinja::value::{Kwargs, Object, ObjectRepr, Rest, Tuple, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State, Value};
use smol_str::SmolStr;
use std::fmt;
use std::sync::Arc;
use syntax::Name;

/// A function of dbt's that knows the rendering it is called in.
#[derive(Debug)]
pub(super) struct Function {
    session: Arc<Session>,
    kind: Kind,
}

/// The longest name of a table, in bytes. Databases allow a quarter of it.
const LONGEST_NAME: usize = 500;

#[derive(Clone, Copy, Debug)]
enum Kind {
    Ref,
    Source,
    Var,
    Environment,
    IsIncremental,
    FullRefresh,
    Return,
    Silent,
    Answer,
    FromText,
    Digest,
    Dict,
    Unknown,
}

impl Kind {
    /// What the function of this name does.
    fn of(name: &str) -> Option<Kind> {
        Some(match name {
            "ref" => Kind::Ref,
            "source" => Kind::Source,
            "var" => Kind::Var,
            "env_var" => Kind::Environment,
            "is_incremental" => Kind::IsIncremental,
            "should_full_refresh" => Kind::FullRefresh,
            "return" => Kind::Return,
            "log" | "print" | "debug" | "statement" | "noop_statement" | "store_result"
            | "store_raw_result" | "set_sql_header" | "doc" | "write" => Kind::Silent,
            "run_query" | "load_result" | "load_agate_table" | "load_relation" => Kind::Answer,
            "fromjson" | "fromyaml" => Kind::FromText,
            "local_md5" => Kind::Digest,
            "dict" | "namespace" => Kind::Dict,
            "__unknown" => Kind::Unknown,
            _ => return None,
        })
    }
}

impl Function {
    /// The function of this name.
    pub(super) fn named(session: &Arc<Session>, name: &str) -> Option<Value> {
        Some(Value::from_object(Function {
            session: Arc::clone(session),
            kind: Kind::of(name)?,
        }))
    }

    /// Whether there is a function of this name.
    pub(super) fn is_named(name: &str) -> bool {
        Kind::of(name).is_some()
    }

    fn table(&self, arguments: &[Value]) -> Value {
        let positional: Vec<&Value> = arguments
            .iter()
            .filter(|value| !value.is_kwargs())
            .collect();
        let name = |value: &Value| {
            let name = value.as_str().filter(|name| name.len() <= LONGEST_NAME);
            name.map(Name::new)
        };
        let table = match (self.kind, positional.as_slice()) {
            (Kind::Source, [source, table, ..]) => match (name(source), name(table)) {
                (Some(source), Some(table)) => TableRef::Source { source, table },
                _ => TableRef::Unknown,
            },
            (Kind::Source, _) => TableRef::Unknown,
            (_, own) => {
                let version = keyword(arguments, "v").or_else(|| keyword(arguments, "version"));
                let (package, model) = match own {
                    [model] => (None, name(model)),
                    [package, model, ..] => (name(package), name(model)),
                    [] => (None, None),
                };
                match model {
                    Some(name) => TableRef::Ref {
                        package,
                        name,
                        version: version.map(|version| SmolStr::new(version.to_string())),
                    },
                    None => TableRef::Unknown,
                }
            }
        };
        self.session.look_up(Lookup::Table(table.clone()));
        Relation::of_table(&self.session, table)
    }

    fn var(&self, state: &State, name: &str) -> Result<Option<Value>, Error> {
        let session = &self.session;
        session.look_up(Lookup::Var(SmolStr::new(name)));
        let Some(var) = session.context().project.vars.get(name) else {
            return Ok(None);
        };
        vars::evaluated(var, session, state).map(Some)
    }
}

impl Object for Function {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        let session = &self.session;
        bounded::charge_texts(state, arguments)?;
        let first = argument(arguments, 0, "name");
        Ok(match self.kind {
            Kind::Ref | Kind::Source => self.table(arguments),
            Kind::Var => {
                let Some(name) = first else {
                    return Err(Error::from(ErrorKind::MissingArgument));
                };
                let name = name.to_string();
                let value = self.var(state, &name)?;
                value
                    .or_else(|| argument(arguments, 1, "default"))
                    .unwrap_or_else(|| Unknown::value(session, &format!("var('{name}')")))
            }
            Kind::Environment => {
                let name = first.unwrap_or_default().to_string();
                session.look_up(Lookup::Environment(SmolStr::new(&name)));
                argument(arguments, 1, "default")
                    .unwrap_or_else(|| Unknown::value(session, &format!("env_var('{name}')")))
            }
            Kind::IsIncremental => Value::from(session.is_incremental()),
            Kind::FullRefresh => Value::from(!session.is_incremental()),
            Kind::Return => {
                let value = argument(arguments, 0, "data").unwrap_or_default();
                return Err(session.leave_with(value, state));
            }
            Kind::Silent => Value::from(""),
            Kind::Answer => Unknown::answer(session, "run_query()"),
            Kind::FromText => {
                let text = first.or_else(|| argument(arguments, 0, "string"));
                let read = text.as_ref().and_then(Value::as_str).and_then(json::read);
                let default = || argument(arguments, 1, "default");
                read.or_else(default)
                    .unwrap_or_else(|| Unknown::value(session, "fromjson()"))
            }
            Kind::Digest => Unknown::value(session, "local_md5()"),
            Kind::Dict => dict(state, arguments)?,
            Kind::Unknown => Unknown::value(session, &first.unwrap_or_default().to_string()),
        })
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        match (self.kind, method, argument(arguments, 0, "")) {
            (Kind::Var, "has_var", Some(name)) => {
                let name = SmolStr::new(name.to_string());
                let known = self.session.context().project.vars.contains_key(&name);
                self.session.look_up(Lookup::Var(name));
                Ok(Value::from(known))
            }
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    /// Printed without being called it says nothing that SQL could mean.
    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stands_for = StandsFor::Unknown("a function".into());
        f.write_str(&self.session.placeholder(stands_for))
    }
}

/// Adds what needs no rendering to work on.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_function("__list", |state: &State, value: Value| {
        List::copy_of(state, &value)
    });
    environment.add_function("__dict", |state: &State, parts: Value| {
        Dictionary::of_parts(state, &parts)
    });
    environment.add_function("__own", own);
    environment.add_function("__is_unknown", |value: Value| {
        value.downcast_object_ref::<Unknown>().is_some()
    });
    for name in ["set", "set_strict"] {
        environment.add_function(name, |state: &State, value: Option<Value>| {
            let items = match value {
                Some(value) => {
                    // Each item is compared with some of the others.
                    bounded::charge(state, &value, 16)?;
                    bounded::items(state, &value)?
                }
                None => Vec::new(),
            };
            Ok::<Value, Error>(List::value(unique(items)))
        });
    }
    for name in ["zip", "zip_strict"] {
        environment.add_function(name, zip);
    }
    for name in ["tojson", "toyaml"] {
        environment.add_function(name, to_text);
        environment.add_filter(name, to_text);
    }
    environment.add_filter("join", bounded::join);
    environment.add_filter("list", |state: &State, value: Value| match value.kind() {
        ValueKind::Undefined | ValueKind::None => Ok(List::value(Vec::new())),
        _ => List::copy_of(state, &value),
    });
    for name in ["as_native", "as_bool", "as_number"] {
        environment.add_filter(name, as_native);
    }
    environment.add_filter("as_text", |value: Value| match value.is_none() {
        true => Ok(String::new()),
        false => bounded::text(&value),
    });
    for name in ["default", "d"] {
        environment.add_filter(
            name,
            |value: Value, other: Option<Value>, lax: Option<bool>| {
                let absent = is_undefined(&value) || (lax == Some(true) && !value.is_true());
                match absent {
                    true => other.unwrap_or_else(|| Value::from("")),
                    false => value,
                }
            },
        );
    }
    for name in ["length", "count"] {
        environment.add_filter(name, bounded::length);
    }
    for (names, test) in COMPARISONS {
        for name in *names {
            environment.add_test(*name, |state: &State, value: Value, other: Value| {
                let (value, other) = (bounded::short(value)?, bounded::short(other)?);
                bounded::charge(state, &value, 1)?;
                Ok::<bool, Error>(test(&value, &other))
            });
        }
    }
    environment.add_test("defined", |value: Value| !is_undefined(&value));
    environment.add_test("undefined", |value: Value| is_undefined(&value));
}

type Compare = fn(&Value, &Value) -> bool;

/// Tests that compare values: the engine's own do not count what that costs.
const COMPARISONS: &[(&[&str], Compare)] = &[
    (&["eq", "equalto", "=="], |value, other| value == other),
    (&["ne", "!="], |value, other| value != other),
    (&["lt", "lessthan", "<"], |value, other| value < other),
    (&["le", "<="], |value, other| value <= other),
    (&["gt", "greaterthan", ">"], |value, other| value > other),
    (&["ge", ">="], |value, other| value >= other),
];

fn to_text(state: &State, value: Value, _: Rest<Value>, _: Kwargs) -> Result<String, Error> {
    json::write(state, &value)
}

/// `dict(mapping, key=value)`
fn dict(state: &State, arguments: &[Value]) -> Result<Value, Error> {
    let mut entries = Vec::new();
    for argument in arguments {
        entries.extend(pairs(state, argument)?);
    }
    Ok(Dictionary::value(entries))
}

/// A value that can be changed in place where it is a list; several values are a tuple.
fn own(state: &State, values: Rest<Value>) -> Result<Value, Error> {
    match values.as_slice() {
        [value]
            if !value.is_tuple()
                && value.downcast_object_ref::<List>().is_none()
                && matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable) =>
        {
            List::copy_of(state, value)
        }
        [value] => Ok(value.clone()),
        several => Ok(Value::from(Tuple::from(several))),
    }
}

fn zip(state: &State, lists: Rest<Value>) -> Result<Value, Error> {
    let mut columns = Vec::new();
    for list in lists.iter() {
        columns.push(bounded::items(state, list)?);
    }
    let length = columns.iter().map(Vec::len).min().unwrap_or_default();
    let rows = (0..length).map(|at| {
        let row = columns.iter().filter_map(|column| column.get(at).cloned());
        Value::from(Tuple::from(row.collect::<Vec<Value>>()))
    });
    Ok(List::value(rows.collect()))
}

/// The value that a text writes down: dbt's native filters.
fn as_native(value: Value) -> Value {
    let Some(text) = value.as_str() else {
        return value;
    };
    match text.trim() {
        "true" | "True" => Value::from(true),
        "false" | "False" => Value::from(false),
        "none" | "None" | "null" => Value::from(()),
        number => match (number.parse::<i64>(), number.parse::<f64>()) {
            (Ok(number), _) => Value::from(number),
            (_, Ok(number)) => Value::from(number),
            _ => value,
        },
    }
}
