//! A dictionary that can be changed in place and keeps its order, as in Python.

use super::bounded;
use super::cycle;
use super::incidental::{argument, is_deep, nested, write_python};
use super::list::List;
use minijinja::value::{DynObject, Enumerator, Object, Tuple};
use minijinja::{Error, ErrorKind, State, Value};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A dictionary.
#[derive(Default)]
pub(super) struct Dictionary {
    entries: Mutex<Entries>,
}

#[derive(Clone, Default)]
struct Entries {
    /// In the order in which the keys came.
    entries: BTreeMap<u64, (Value, Value)>,
    /// The place of each key in that order.
    places: BTreeMap<Value, u64>,
    next: u64,
}

/// The method by which a template sets an attribute: `{% set namespace.key = value %}`.
const SET: &str = "__set";

/// More entries than a dictionary may have.
const MANY: usize = 100_000;

impl Entries {
    fn get(&self, key: &Value) -> Option<&Value> {
        let entry = self.entries.get(self.places.get(key)?)?;
        Some(&entry.1)
    }

    fn insert(&mut self, key: Value, value: Value) {
        if let Some(place) = self.places.get(&key) {
            if let Some(entry) = self.entries.get_mut(place) {
                entry.1 = value;
            }
        } else if self.places.len() < MANY {
            self.places.insert(key.clone(), self.next);
            self.entries.insert(self.next, (key, value));
            self.next += 1;
        }
    }

    fn remove(&mut self, key: &Value) -> Option<Value> {
        let place = self.places.remove(key)?;
        self.entries.remove(&place).map(|entry| entry.1)
    }
}

impl Dictionary {
    pub(super) fn value(entries: impl IntoIterator<Item = (Value, Value)>) -> Value {
        let mut own = Entries::default();
        for (key, value) in entries {
            own.insert(key, value);
        }
        Value::from_object(Dictionary {
            entries: Mutex::new(own),
        })
    }

    /// The entries that keys and values in turn make up.
    pub(super) fn of_parts(state: &State, parts: &Value) -> Result<Value, Error> {
        let parts = bounded::items(state, parts)?;
        let entries = parts.chunks(2).filter_map(|entry| match entry {
            [key, value] => Some((key.clone(), value.clone())),
            _ => None,
        });
        Ok(Dictionary::value(entries))
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn snapshot(&self) -> Vec<(Value, Value)> {
        self.lock().entries.values().cloned().collect()
    }

    /// Takes the entries out, where nobody else holds the dictionary.
    pub(super) fn drain(&mut self, into: &mut Vec<Value>) {
        let own = self
            .entries
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        for (key, value) in std::mem::take(own).entries.into_values() {
            into.extend([key, value]);
        }
    }
}

/// The entries of a mapping; of a list of pairs, too.
pub(super) fn pairs(state: &State, value: &Value) -> Result<Vec<(Value, Value)>, Error> {
    let is_map = value.kind() == minijinja::value::ValueKind::Map;
    let mut pairs = Vec::new();
    for key in bounded::items(state, value)? {
        pairs.push(match is_map {
            true => {
                let item = value.get_item(&key)?;
                (key, item)
            }
            false => (key.get_item_by_index(0)?, key.get_item_by_index(1)?),
        });
    }
    Ok(pairs)
}

impl Object for Dictionary {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.lock().get(key).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match is_deep() {
            true => Enumerator::Empty,
            false => {
                let entries = self.snapshot().into_iter();
                Enumerator::Values(entries.map(|(key, _)| key).collect())
            }
        }
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.lock().places.len())
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        state.consume_fuel(self.lock().places.len() as u64 / 16)?;
        let own = std::ptr::from_ref(&**self).addr();
        match method {
            "setdefault" | SET => cycle::check(own, arguments, state)?,
            "update" => {
                for argument in arguments {
                    let added = pairs(state, argument)?;
                    let values = added.iter().flat_map(|(key, value)| [key, value]);
                    cycle::check(own, values, state)?;
                }
            }
            _ => {}
        }
        let first = argument(arguments, 0, "key");
        let default = || argument(arguments, 1, "default").unwrap_or_else(|| Value::from(()));
        Ok(match (method, first) {
            ("get", Some(key)) => {
                let found = self.lock().get(&key).cloned();
                found.unwrap_or_else(default)
            }
            (SET, Some(key)) => {
                self.lock().insert(key, default());
                Value::from(())
            }
            ("setdefault", Some(key)) => {
                let found = self.lock().get(&key).cloned();
                found.unwrap_or_else(|| {
                    let value = default();
                    self.lock().insert(key, value.clone());
                    value
                })
            }
            ("pop", Some(key)) => {
                let removed = self.lock().remove(&key);
                removed.unwrap_or_else(default)
            }
            ("update", _) => {
                for argument in arguments {
                    let added = pairs(state, argument)?;
                    let mut own = self.lock();
                    for (key, value) in added {
                        own.insert(key, value);
                    }
                }
                Value::from(())
            }
            ("keys", _) => List::value(self.snapshot().into_iter().map(|entry| entry.0).collect()),
            ("values", _) => {
                List::value(self.snapshot().into_iter().map(|entry| entry.1).collect())
            }
            ("items", _) => {
                let entries = self.snapshot().into_iter();
                let pairs = entries.map(|(key, value)| Value::from(Tuple::from([key, value])));
                List::value(pairs.collect())
            }
            ("copy", _) => Dictionary::value(self.snapshot()),
            ("clear", _) => {
                let old = std::mem::take(&mut *self.lock());
                drop(old);
                Value::from(())
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        })
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<Dictionary>()?;
        let sorted = |own: &Dictionary| {
            let mut entries = own.snapshot();
            entries.sort();
            entries
        };
        let order = nested(|| sorted(self).cmp(&sorted(other)));
        Some(order.unwrap_or(Ordering::Equal))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.snapshot();
        let written = nested(|| {
            f.write_str("{")?;
            for (at, (key, value)) in entries.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { ", " })?;
                write_python(key, f)?;
                f.write_str(": ")?;
                write_python(value, f)?;
            }
            f.write_str("}")
        });
        written.unwrap_or_else(|| f.write_str("{...}"))
    }
}

impl fmt::Debug for Dictionary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dictionary").finish_non_exhaustive()
    }
}

impl Drop for Dictionary {
    fn drop(&mut self) {
        let mut items = Vec::new();
        self.drain(&mut items);
        super::incidental::drop_flat(items);
    }
}
