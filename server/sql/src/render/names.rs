//! What a name means in a template: a parameter, something of dbt's, a macro, a package.

use super::adapter::Adapter;
use super::call::Macro;
use super::config::Config;
use super::environment;
use super::functions::Function;
use super::incidental::Quiet;
use super::list::List;
use super::output::Lookup;
use super::relation::Relation;
use super::session::Session;
use super::unknown::Unknown;
use minijinja::Value;
use minijinja::value::{Object, ObjectRepr};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The names that a template sees, besides those it sets itself.
#[derive(Debug)]
pub(super) struct Names {
    session: Arc<Session>,
    /// The package whose macros come first.
    package: SmolStr,
    parameters: BTreeMap<SmolStr, Value>,
}

/// Names that the engine itself gives a meaning: everywhere, or at places.
const OF_THE_ENGINE: &[&str] = &[
    "loop",
    "caller",
    "varargs",
    "kwargs",
    "self",
    "super",
    "range",
    "tojson",
    "toyaml",
    "set",
    "set_strict",
    "zip",
    "zip_strict",
];

/// Whether a name is called for what dbt or the engine gives it, whatever macros there are.
pub(super) fn is_given(name: &str) -> bool {
    name == "config" || Function::is_named(name) || OF_THE_ENGINE.contains(&name)
}

impl Names {
    /// The names in a model.
    pub(super) fn of_model(session: Arc<Session>) -> Names {
        let package = session.context().project.name.clone();
        Names {
            session,
            package,
            parameters: BTreeMap::new(),
        }
    }

    /// The names in a macro's body.
    pub(super) fn of_macro(
        session: Arc<Session>,
        package: SmolStr,
        parameters: BTreeMap<SmolStr, Value>,
    ) -> Names {
        Names {
            session,
            package,
            parameters,
        }
    }

    fn meaning(self: &Arc<Self>, name: &str) -> Option<Value> {
        if let Some(value) = self.parameters.get(name) {
            return Some(value.clone());
        }
        let session = &self.session;
        let context = session.context();
        if let Some(value) = named(self, name) {
            return Some(value);
        }
        if OF_THE_ENGINE.contains(&name) || name.starts_with("__") {
            return None;
        }
        if let Some(found) = Macro::find(session, &self.package, name) {
            return Some(found);
        }
        if name == context.project.name || context.macros.has_package(name) {
            return Some(Value::from_object(Package {
                session: Arc::clone(session),
                name: SmolStr::new(name),
            }));
        }
        Some(Unknown::unresolved(session, name))
    }
}

/// What dbt gives a meaning.
fn named(names: &Arc<Names>, name: &str) -> Option<Value> {
    let session = &names.session;
    let context = session.context();
    if let Some(function) = Function::named(session, name) {
        return Some(function);
    }
    Some(match name {
        "this" => Relation::this(session),
        "config" => Config::value(session),
        "adapter" => Adapter::value(session),
        "exceptions" => Value::from_object(Quiet),
        "execute" => Value::from(false),
        "project_name" => Value::from(context.project.name.as_str()),
        "dbt_version" => Value::from("1.10.0"),
        "selected_resources" => List::value(Vec::new()),
        "context" | "builtins" => Value::from_dyn_object(Arc::clone(names)),
        "target" => Value::from_object(Properties {
            session: Arc::clone(session),
            label: "target",
            known: vec![
                ("type", Value::from(context.project.adapter.as_str())),
                ("name", Value::from(TARGET)),
                ("threads", Value::from(1)),
            ],
        }),
        "model" | "node" => Value::from_object(Properties {
            session: Arc::clone(session),
            label: "model",
            known: vec![
                ("name", Value::from(context.model.as_str())),
                ("alias", Value::from(context.model.as_str())),
                ("package_name", Value::from(context.project.name.as_str())),
                ("resource_type", Value::from("model")),
                ("config", Config::value(session)),
            ],
        }),
        "flags" => Value::from_object(Properties {
            session: Arc::clone(session),
            label: "flags",
            known: vec![
                ("FULL_REFRESH", Value::from(false)),
                ("WHICH", Value::from("run")),
            ],
        }),
        "api" => Value::from_object(Properties {
            session: Arc::clone(session),
            label: "api",
            known: vec![
                (
                    "Relation",
                    Value::from_object(Relations(Arc::clone(session))),
                ),
                ("Column", Value::from_object(Columns(Arc::clone(session)))),
            ],
        }),
        "modules"
        | "graph"
        | "run_started_at"
        | "invocation_id"
        | "thread_id"
        | "database"
        | "schema"
        | "database_schemas"
        | "invocation_args_dict"
        | "dbt_metadata_envs" => Unknown::value(session, name),
        _ => return None,
    })
}

/// The name of the target: what a model means is what it means in production.
const TARGET: &str = "prod";

impl Object for Names {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.meaning(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.meaning(key)
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut minijinja::State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, minijinja::Error> {
        // `context.get('name')`, `builtins.ref('x')`
        match (method, arguments.first().and_then(Value::as_str)) {
            ("get", Some(name)) => {
                let found = self
                    .meaning(name)
                    .filter(|value| !environment::is_undefined(value));
                Ok(found
                    .or_else(|| arguments.get(1).cloned())
                    .unwrap_or_else(|| Value::from(())))
            }
            _ => match self.meaning(method) {
                Some(value) => value.call(state, arguments),
                None => Err(minijinja::Error::from(minijinja::ErrorKind::UnknownMethod)),
            },
        }
    }
}

/// Macros by the name of their package: `dbt_utils.star`.
#[derive(Debug)]
struct Package {
    session: Arc<Session>,
    name: SmolStr,
}

impl Object for Package {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        let found = Macro::in_package(&self.session, &self.name, name);
        Some(found.unwrap_or_else(|| {
            let label = format!("{}.{name}", self.name);
            Unknown::unresolved(&self.session, &label)
        }))
    }
}

/// Something with properties, of which some are known.
#[derive(Debug)]
struct Properties {
    session: Arc<Session>,
    label: &'static str,
    known: Vec<(&'static str, Value)>,
}

impl Properties {
    fn get(&self, name: &str) -> Value {
        let known = self.known.iter().find(|(own, _)| *own == name);
        match known {
            Some((_, value)) => value.clone(),
            None => {
                let label = format!("{}.{name}", self.label);
                self.session
                    .look_up(Lookup::Environment(SmolStr::new(&label)));
                Unknown::value(&self.session, &label)
            }
        }
    }
}

impl Object for Properties {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        key.as_str().map(|name| self.get(name))
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut minijinja::State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, minijinja::Error> {
        match (method, arguments.first().and_then(Value::as_str)) {
            ("get", Some(name)) => Ok(self.get(name)),
            _ => Err(minijinja::Error::from(minijinja::ErrorKind::UnknownMethod)),
        }
    }
}

/// `api.Relation`
#[derive(Debug)]
struct Relations(Arc<Session>);

impl Object for Relations {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut minijinja::State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, minijinja::Error> {
        Ok(match method {
            "create" => Relation::create(&self.0, arguments),
            _ => Unknown::value(&self.0, &format!("api.Relation.{method}()")),
        })
    }
}

/// `api.Column`
#[derive(Debug)]
struct Columns(Arc<Session>);

/// What adapters call dbt's types, where it is another name (dbt-adapters, `Column.TYPE_LABELS`).
const TYPE_NAMES: &[(&str, &[&str], &str)] = &[
    ("string", &["bigquery", "databricks", "spark"], "STRING"),
    ("string", &[], "TEXT"),
    ("float", &["bigquery"], "FLOAT64"),
    ("integer", &["bigquery"], "INT64"),
    ("integer", &[], "INT"),
];

impl Columns {
    /// The adapter's name of a type; the same one where it has no other.
    fn type_name(&self, name: &str) -> String {
        let adapter = self.0.context().project.adapter.as_str();
        let named = TYPE_NAMES.iter().find(|(own, adapters, _)| {
            own.eq_ignore_ascii_case(name) && (adapters.is_empty() || adapters.contains(&adapter))
        });
        named.map_or_else(|| name.to_owned(), |(_, _, label)| (*label).to_owned())
    }
}

impl Object for Columns {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut minijinja::State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, minijinja::Error> {
        let name = arguments.first().and_then(Value::as_str);
        Ok(match (method, name) {
            ("translate_type", Some(name)) => Value::from(self.type_name(name)),
            _ => Unknown::value(&self.0, &format!("api.Column.{method}()")),
        })
    }
}
