//! Going through values that a template made: `[0] * 100000000` costs no work until then.

use super::unknown::Unknown;
use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Value};

/// More items than are gone through at once.
pub(super) const MANY: usize = 200_000;

/// What can be gone through, unless that is too much. Nor may an item be too long: it could be
/// compared, or gone through in turn, by what does not count.
pub(super) fn items(value: &Value) -> Result<Vec<Value>, Error> {
    if is_long(value) {
        return Err(too_long());
    }
    let mut items = Vec::new();
    for item in value.try_iter()? {
        if items.len() >= MANY || is_long(&item) {
            return Err(too_long());
        }
        items.push(item);
    }
    Ok(items)
}

/// The value, unless it is too long.
pub(super) fn short(value: Value) -> Result<Value, Error> {
    match is_long(&value) {
        true => Err(too_long()),
        false => Ok(value),
    }
}

/// Whether it has too many items. How many an unknown value has is not asked: that would be to guess.
fn is_long(value: &Value) -> bool {
    matches!(value.kind(), ValueKind::Seq | ValueKind::Iterable)
        && value.downcast_object_ref::<Unknown>().is_none()
        && value.len().is_some_and(|length| length > MANY)
}

fn too_long() -> Error {
    Error::new(ErrorKind::OutOfFuel, "a list has too many items")
}
