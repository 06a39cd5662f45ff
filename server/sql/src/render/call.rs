//! A macro as a value, and what happens when it is called.

use super::definition::MacroTemplate;
use super::dictionary::Dictionary;
use super::incidental::{Text, keyword, keywords};
use super::list::List;
use super::macros::{STAND_IN, compiled};
use super::names::Names;
use super::output::Lookup;
use super::session::{Session, burnt};
use super::unknown::Unknown;
use minijinja::value::{Object, ObjectRepr};
use minijinja::{Error, ErrorKind, State, Value};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A macro that can be called.
pub(super) struct Macro {
    session: Arc<Session>,
    /// The package it belongs to.
    package: SmolStr,
    /// Under which it is compiled: another one, where it is a stand-in.
    key: SmolStr,
    name: SmolStr,
    template: Arc<MacroTemplate>,
}

impl Macro {
    /// The macro that a bare name means in `package`.
    pub(super) fn find(session: &Arc<Session>, package: &str, name: &str) -> Option<Value> {
        session.look_up(Lookup::Macro(SmolStr::new(name)));
        let project = &session.context().project;
        let own = [package, project.name.as_str(), DBT];
        let packages = own
            .iter()
            .copied()
            .chain(project.packages.iter().map(SmolStr::as_str));
        packages
            .clone()
            .find_map(|package| Macro::own(session, package, name))
            .or_else(|| {
                let mut stand_ins = [package, DBT].into_iter().chain(packages);
                stand_ins.find_map(|package| Macro::stand_in(session, package, name))
            })
    }

    /// The macro that a name means behind a package's.
    pub(super) fn in_package(session: &Arc<Session>, package: &str, name: &str) -> Option<Value> {
        session.look_up(Lookup::Macro(SmolStr::new(name)));
        Macro::own(session, package, name).or_else(|| Macro::stand_in(session, package, name))
    }

    /// The macro for the adapter, which any package may give for another's namespace.
    pub(super) fn dispatch(
        session: &Arc<Session>,
        name: &str,
        namespace: Option<&str>,
    ) -> Option<Value> {
        let project = &session.context().project;
        let names: Vec<SmolStr> = adapters(&project.adapter)
            .into_iter()
            .map(|adapter| SmolStr::new(format!("{adapter}__{name}")))
            .collect();
        for name in &names {
            session.look_up(Lookup::Macro(name.clone()));
        }
        let configured = namespace.and_then(|namespace| project.dispatch.get(namespace));
        let mut packages = Vec::new();
        match configured {
            Some(order) => packages.extend(order.iter().map(SmolStr::as_str)),
            None => {
                packages.push(project.name.as_str());
                packages.extend(namespace);
                packages.push(DBT);
                // A package made for a namespace serves it most often.
                packages.extend(project.packages.iter().map(SmolStr::as_str));
            }
        }
        let all = |find: fn(&Arc<Session>, &str, &str) -> Option<Value>| {
            packages
                .iter()
                .find_map(|package| names.iter().find_map(|name| find(session, package, name)))
        };
        let found = all(Macro::own).or_else(|| all(Macro::stand_in));
        if project.adapter != DEFAULT || found.as_ref().is_some_and(|own| !is_refusal(own)) {
            return found;
        }
        // It is not known which adapter runs it; that one of them does is.
        let others = ADAPTERS.iter().map(|adapter| format!("{adapter}__{name}"));
        let mut others = others.inspect(|name| session.look_up(Lookup::Macro(SmolStr::new(name))));
        let other = others.find_map(|name| {
            let mut packages = packages.iter();
            packages.find_map(|package| Macro::own(session, package, &name))
        });
        other.or(found)
    }

    fn own(session: &Arc<Session>, package: &str, name: &str) -> Option<Value> {
        let template = session.context().macros.own(package, name)?;
        Some(Macro::value(
            session,
            package,
            SmolStr::new(package),
            name,
            template,
        ))
    }

    fn stand_in(session: &Arc<Session>, package: &str, name: &str) -> Option<Value> {
        let template = session.context().macros.stand_in(package, name)?;
        let key = SmolStr::new(format!("{STAND_IN}{package}"));
        Some(Macro::value(session, package, key, name, template))
    }

    fn value(
        session: &Arc<Session>,
        package: &str,
        key: SmolStr,
        name: &str,
        template: Arc<MacroTemplate>,
    ) -> Value {
        Value::from_object(Macro {
            session: Arc::clone(session),
            package: SmolStr::new(package),
            key,
            name: SmolStr::new(name),
            template,
        })
    }

    /// The value of each parameter. Those too many are had as `varargs` and `kwargs`.
    fn bind(
        &self,
        state: &mut State,
        arguments: &[Value],
    ) -> Result<BTreeMap<SmolStr, Value>, Error> {
        let given = match arguments.last() {
            Some(last) if last.is_kwargs() => arguments.get(..arguments.len() - 1),
            _ => Some(arguments),
        };
        let given = given.unwrap_or_default();
        let mut bound = BTreeMap::new();
        for (at, parameter) in self.template.parameters.iter().enumerate() {
            let value = given.get(at).cloned().unwrap_or_default();
            bound.insert(parameter.clone(), value);
        }
        let more = given
            .get(self.template.parameters.len()..)
            .unwrap_or_default();
        let mut others = Vec::new();
        for (name, value) in keywords(arguments) {
            match bound.get_mut(name.as_str()) {
                Some(parameter) => *parameter = value,
                None if name == "caller" => {}
                None => others.push((Value::from(name), value)),
            }
        }
        // The block behind `{% call %}` belongs to the template that calls: it is run there.
        let caller = match keyword(arguments, "caller") {
            Some(caller) => {
                let text = caller.call(state, &[])?;
                Value::from_object(Text(text))
            }
            None => Value::UNDEFINED,
        };
        let defaults = [
            ("varargs", List::value(more.to_vec())),
            ("kwargs", Dictionary::value(others)),
            ("caller", caller),
        ];
        for (name, value) in defaults {
            bound.entry(SmolStr::new(name)).or_insert(value);
        }
        Ok(bound)
    }
}

/// The package of dbt itself.
pub const DBT: &str = "dbt";

/// The adapter of a project of which it is not known which one runs it.
const DEFAULT: &str = "default";

/// The adapters that a macro may be given for, those whose SQL most resembles the others' first.
const ADAPTERS: [&str; 11] = [
    "snowflake",
    "postgres",
    "redshift",
    "duckdb",
    "bigquery",
    "databricks",
    "spark",
    "trino",
    "athena",
    "clickhouse",
    "sqlserver",
];

/// Whether all that a macro does is to say that there is none for the adapter.
fn is_refusal(value: &Value) -> bool {
    let own = value.downcast_object_ref::<Macro>();
    own.is_some_and(|own| own.template.is_refusal)
}

/// The names before a macro's that fit an adapter, the closest first.
fn adapters(adapter: &str) -> Vec<&str> {
    let parent: &[&str] = match adapter {
        "redshift" => &["postgres"],
        "databricks" => &["spark"],
        "athena" => &["trino"],
        "synapse" | "fabric" => &["sqlserver"],
        _ => &[],
    };
    let mut adapters = vec![adapter];
    adapters.extend(parent);
    adapters.push(DEFAULT);
    adapters
}

impl Object for Macro {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        (key.as_str() == Some("name")).then(|| Value::from(self.name.as_str()))
    }

    fn call(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        let parameters = self.bind(state, arguments)?;
        let session = &self.session;
        let unknown = || Unknown::value(session, &format!("{}()", self.name));
        if session.is_broken(&self.name) {
            return Ok(unknown());
        }
        let names = Names::of_macro(Arc::clone(session), self.package.clone(), parameters);
        let result = session.nested(|| {
            let template = compiled(state.env(), &self.key, &self.name)?;
            let captured = template.render_captured(Value::from_object(names))?;
            let fuel = burnt(captured.state());
            Ok((captured.into_output(), fuel))
        });
        match result {
            Ok(text) => Ok(Value::from(text)),
            Err(error) => match session.returned() {
                Some(value) => Ok(value),
                None if is_limit(&error) => Err(error),
                None => {
                    session.fail(&self.name, &error);
                    Ok(unknown())
                }
            },
        }
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Debug for Macro {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.package, self.name)
    }
}

/// Whether a limit ended the rendering.
pub(super) fn is_limit(error: &Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = source {
        if let Some(inner) = inner.downcast_ref::<Error>()
            && inner.kind() == ErrorKind::OutOfFuel
        {
            return true;
        }
        source = inner.source();
    }
    false
}
