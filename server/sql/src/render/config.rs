//! `config`: what a model sets for itself, and what it asks to be set.

use super::bounded;
use super::incidental::{argument, keywords};
use super::session::Session;
use super::vars;
use minijinja::value::{Object, ObjectRepr, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};
use std::sync::Arc;

/// The configuration of the model that is rendered.
#[derive(Debug)]
pub(super) struct Config {
    session: Arc<Session>,
}

impl Config {
    pub(super) fn value(session: &Arc<Session>) -> Value {
        Value::from_object(Config {
            session: Arc::clone(session),
        })
    }

    fn set(&self, state: &State, arguments: &[Value]) -> Result<(), Error> {
        bounded::charge_texts(state, arguments)?;
        for (key, value) in keywords(arguments) {
            self.session.configure(&key, value);
        }
        // `config({'materialized': 'table'})`
        for mapping in arguments.iter().filter(|argument| !argument.is_kwargs()) {
            if mapping.kind() != ValueKind::Map {
                continue;
            }
            for key in bounded::items(state, mapping)? {
                if let (Some(name), Ok(value)) = (key.as_str(), mapping.get_item(&key)) {
                    self.session.configure(name, value);
                }
            }
        }
        Ok(())
    }
}

impl Object for Config {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn call(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        self.set(state, arguments)?;
        Ok(Value::from(""))
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let own = self.session.configured(key);
        own.or_else(|| {
            let elsewhere = self.session.context().configured.get(key)?;
            vars::unevaluated(elsewhere, &self.session)
        })
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        bounded::charge_texts(state, arguments)?;
        match method {
            "get" | "require" | "meta_get" | "meta_require" => {
                let key = argument(arguments, 0, "name")
                    .unwrap_or_default()
                    .to_string();
                if let Some(own) = self.session.configured(&key) {
                    return Ok(own);
                }
                if let Some(elsewhere) = self.session.context().configured.get(&key) {
                    return vars::evaluated(elsewhere, &self.session, state);
                }
                Ok(argument(arguments, 1, "default").unwrap_or_else(|| Value::from(())))
            }
            "set" => {
                if let [key, value, ..] = arguments {
                    self.session.configure(&key.to_string(), value.clone());
                }
                Ok(Value::from(""))
            }
            "persist_relation_docs" | "persist_column_docs" => Ok(Value::from(false)),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}
