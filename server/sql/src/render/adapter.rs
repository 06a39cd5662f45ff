//! `adapter`: what dbt asks a database's driver. There is none, and so it answers as dbt does while
//! it reads a project: with nothing.

use super::bounded;
use super::call::Macro;
use super::incidental::argument;
use super::output::StandsFor;
use super::relation::Relation;
use super::session::Session;
use super::unknown::Unknown;
use minijinja::value::{Object, ObjectRepr};
use minijinja::{Error, State, Value};
use std::fmt;
use std::sync::Arc;

/// The adapter.
#[derive(Debug)]
pub(super) struct Adapter {
    session: Arc<Session>,
}

impl Adapter {
    pub(super) fn value(session: &Arc<Session>) -> Value {
        Value::from_object(Adapter {
            session: Arc::clone(session),
        })
    }

    fn dispatch(&self, arguments: &[Value]) -> Value {
        let name = argument(arguments, 0, "macro_name").unwrap_or_default();
        let namespace = argument(arguments, 1, "macro_namespace")
            .or_else(|| argument(arguments, 1, "packages"));
        // Older projects give a list of packages.
        let namespace = namespace.and_then(|namespace| match namespace.as_str() {
            Some(name) => Some(name.to_owned()),
            None => Some(namespace.get_item_by_index(0).ok()?.as_str()?.to_owned()),
        });
        let name = name.to_string();
        Macro::dispatch(&self.session, &name, namespace.as_deref())
            .unwrap_or_else(|| Unknown::value(&self.session, &name))
    }

    /// The table with these names. Where its schema is asked of a source's table, it is that one.
    fn relation(&self, arguments: &[Value]) -> Value {
        let schema = argument(arguments, 1, "schema").unwrap_or_default();
        let source = schema.downcast_object_ref::<Unknown>();
        match source.and_then(Unknown::table) {
            Some(table) => Relation::of_table(&self.session, table.clone()),
            None => Unknown::answer(&self.session, "adapter.get_relation()"),
        }
    }

    fn quoted(&self, name: &str) -> String {
        match self.session.context().project.adapter.as_str() {
            "bigquery" | "databricks" | "spark" | "clickhouse" => format!("`{name}`"),
            "sqlserver" | "synapse" | "fabric" => format!("[{name}]"),
            _ => format!("\"{name}\""),
        }
    }
}

impl Object for Adapter {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        bounded::charge_texts(state, arguments)?;
        Ok(match method {
            "dispatch" => self.dispatch(arguments),
            "type" => Value::from(self.session.context().project.adapter.as_str()),
            "quote" | "quote_as_configured" | "quote_seed_column" => {
                let name = argument(arguments, 0, "identifier").unwrap_or_default();
                Value::from(self.quoted(&name.to_string()))
            }
            "get_columns_in_relation"
            | "get_missing_columns"
            | "list_relations"
            | "list_relations_without_caching"
            | "get_column_schema_from_query" => {
                Unknown::answer(&self.session, &format!("adapter.{method}()"))
            }
            "get_relation" | "load_relation" => self.relation(arguments),
            "check_schema_exists" => Value::from(true),
            "expand_target_column_types"
            | "create_schema"
            | "drop_schema"
            | "drop_relation"
            | "truncate_relation"
            | "rename_relation"
            | "cache_added"
            | "commit" => Value::from(""),
            _ => Unknown::answer(&self.session, &format!("adapter.{method}()")),
        })
    }

    /// Printed without being called it says nothing that SQL could mean.
    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stands_for = StandsFor::Unknown("adapter".into());
        f.write_str(&self.session.placeholder(stands_for))
    }
}
