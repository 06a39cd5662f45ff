//! A list that can be changed in place, as in Python.

use super::bounded::{self, MANY};
use super::cycle;
use super::incidental::{argument, is_deep, nested, write_python};
use minijinja::value::{DynObject, Enumerator, Object, ObjectRepr, ValueKind};
use minijinja::{Error, ErrorKind, State, Value};
use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A list. Also a set, whose items are kept apart by who adds them.
#[derive(Default)]
pub(super) struct List {
    items: Mutex<Vec<Value>>,
}

impl List {
    pub(super) fn value(items: Vec<Value>) -> Value {
        Value::from_object(List {
            items: Mutex::new(items),
        })
    }

    /// The items of anything that can be gone through, as a list of its own.
    pub(super) fn copy_of(state: &State, value: &Value) -> Result<Value, Error> {
        bounded::items(state, value).map(List::value)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Value>> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The items as they are now. The lock is not held while they are looked at: they may hold
    /// this list.
    fn snapshot(&self) -> Vec<Value> {
        self.lock().clone()
    }

    /// Takes the items out, where nobody else holds the list.
    pub(super) fn drain(&mut self, into: &mut Vec<Value>) {
        let items = self.items.get_mut().unwrap_or_else(PoisonError::into_inner);
        into.append(items);
    }

    fn change(&self, state: &State, method: &str, arguments: &[Value]) -> Result<Value, Error> {
        let first = argument(arguments, 0, "");
        if matches!(method, "remove" | "index" | "count" | "add") {
            return self.search(method, first);
        }
        // What is handed over may be this list: it is read before the lock is taken.
        let added: Vec<Value> = match (method, &first) {
            ("extend" | "update" | "union", Some(others)) => bounded::items(state, others)?,
            _ => Vec::new(),
        };
        let mut items = self.lock();
        if items.len().saturating_add(added.len()) > MANY {
            return Err(Error::new(ErrorKind::OutOfFuel, "the list grows too long"));
        }
        Ok(match (method, first) {
            ("append", Some(item)) => {
                items.push(item);
                Value::from(())
            }
            ("extend" | "update", Some(_)) => {
                items.extend(added);
                Value::from(())
            }
            ("union", Some(_)) => {
                let mut all = items.clone();
                all.extend(added);
                drop(items);
                List::value(unique(all))
            }
            ("insert", Some(position)) => {
                let at = offset(&position, items.len()).unwrap_or_default();
                let item = argument(arguments, 1, "").unwrap_or_default();
                let at = at.min(items.len());
                items.insert(at, item);
                Value::from(())
            }
            ("pop", None) => items.pop().unwrap_or_default(),
            ("pop", Some(position)) => match offset(&position, items.len()) {
                Some(at) if at < items.len() => items.remove(at),
                _ => Value::UNDEFINED,
            },
            ("copy", _) => List::value(items.clone()),
            ("clear", _) => {
                items.clear();
                Value::from(())
            }
            ("reverse", _) => {
                items.reverse();
                Value::from(())
            }
            ("sort", _) => {
                let mut sorted = std::mem::take(&mut *items);
                drop(items);
                sorted.sort();
                *self.lock() = sorted;
                Value::from(())
            }
            _ => return Err(Error::from(ErrorKind::UnknownMethod)),
        })
    }

    /// Methods that compare items, which is done on a copy.
    fn search(&self, method: &str, wanted: Option<Value>) -> Result<Value, Error> {
        let Some(wanted) = wanted else {
            return Err(Error::from(ErrorKind::MissingArgument));
        };
        let items = self.snapshot();
        let at = items.iter().position(|item| *item == wanted);
        Ok(match method {
            "count" => Value::from(items.iter().filter(|item| **item == wanted).count()),
            "index" => at.map(Value::from).unwrap_or_default(),
            "remove" => {
                if let Some(at) = at {
                    self.lock().remove(at);
                }
                Value::from(())
            }
            _ => {
                if at.is_none() && items.len() < MANY {
                    self.lock().push(wanted);
                }
                Value::from(())
            }
        })
    }
}

/// The items without those that come again.
pub(super) fn unique(items: Vec<Value>) -> Vec<Value> {
    let mut seen = std::collections::BTreeSet::new();
    let mut unique = items;
    unique.retain(|item| seen.insert(item.clone()));
    unique
}

/// A Python index, which counts from the end where it is negative.
fn offset(position: &Value, length: usize) -> Option<usize> {
    let position = position.as_i64()?;
    let length = i64::try_from(length).ok()?;
    usize::try_from(if position < 0 {
        position + length
    } else {
        position
    })
    .ok()
}

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.lock().get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match is_deep() {
            true => Enumerator::Empty,
            // By their positions: to hand over all of them costs something each time.
            false => Enumerator::Seq(self.lock().len()),
        }
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.lock().len())
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        state.consume_fuel(self.lock().len() as u64 / 16)?;
        let own = std::ptr::from_ref(&**self).addr();
        match (method, arguments) {
            ("append" | "insert" | "add", _) => cycle::check(own, arguments, state)?,
            // The items come in, not the list that they are in.
            ("extend" | "update", [others, ..]) if others.kind() != ValueKind::String => {
                cycle::check(own, &bounded::items(state, others)?, state)?;
            }
            _ => {}
        }
        self.change(state, method, arguments)
    }

    fn custom_cmp(self: &Arc<Self>, other: &DynObject) -> Option<Ordering> {
        let other = other.downcast_ref::<List>()?;
        let (own, other) = (self.snapshot(), other.snapshot());
        Some(nested(|| own.cmp(&other)).unwrap_or(Ordering::Equal))
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = self.snapshot();
        let written = nested(|| {
            f.write_str("[")?;
            for (at, item) in items.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { ", " })?;
                write_python(item, f)?;
            }
            f.write_str("]")
        });
        written.unwrap_or_else(|| f.write_str("[...]"))
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List").finish_non_exhaustive()
    }
}

impl Drop for List {
    fn drop(&mut self) {
        let mut items = Vec::new();
        self.drain(&mut items);
        super::incidental::drop_flat(items);
    }
}
