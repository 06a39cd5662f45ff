//! No list or dictionary may come to contain itself: whoever goes through it would have no end.

use super::dictionary::Dictionary;
use super::list::List;
use super::unknown::Unknown;
use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, State, Value};
use std::collections::BTreeSet;

/// More values than are looked through when one is put into another.
const MANY: usize = 50_000;

/// Checks that `container`, an address, is nowhere in the values that are to be put into it.
pub(super) fn check<'v>(
    container: usize,
    values: impl IntoIterator<Item = &'v Value>,
    state: &State,
) -> Result<(), Error> {
    let mut seen = BTreeSet::new();
    let mut left: Vec<Value> = values
        .into_iter()
        .filter(|value| holds(value))
        .cloned()
        .collect();
    let mut looked_at = 0;
    let mut looked_into = 0;
    while let Some(value) = left.pop() {
        let address = address(&value);
        if address == Some(container) {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                "a value would contain itself",
            ));
        }
        if address.is_some_and(|address| !seen.insert(address)) {
            continue;
        }
        looked_into += 1;
        state.consume_fuel(1)?;
        let is_map = value.kind() == ValueKind::Map;
        for item in value.try_iter()? {
            looked_at += 1;
            if looked_at > MANY {
                return Err(Error::new(ErrorKind::OutOfFuel, "a value grows too large"));
            }
            if is_map {
                left.extend(value.get_item(&item).ok().filter(holds));
            }
            left.extend(Some(item).filter(holds));
        }
    }
    state.consume_fuel((looked_at - looked_into.min(looked_at)) as u64 / 8)
}

/// Whether other values may be in the value.
fn holds(value: &Value) -> bool {
    matches!(
        value.kind(),
        ValueKind::Seq | ValueKind::Map | ValueKind::Iterable
    ) && value.downcast_object_ref::<Unknown>().is_none()
}

/// The address of a list or dictionary that can be changed.
fn address(value: &Value) -> Option<usize> {
    let list = value.downcast_object_ref::<List>();
    let dictionary = value.downcast_object_ref::<Dictionary>();
    list.map(|list| std::ptr::from_ref(list).addr())
        .or_else(|| dictionary.map(|own| std::ptr::from_ref(own).addr()))
}
