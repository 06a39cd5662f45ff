//! The order of rows, where it decides something, and limits.

use super::relation::same;
use super::value::Value;
use super::{Row, Undecided, undecided};
use sql::relation::SortKey;
use std::cmp::Ordering;

/// A row and what it is sorted by, where that is known.
#[derive(Clone, Debug)]
pub(super) struct Keyed {
    pub(super) row: Row,
    pub(super) keys: Option<Vec<Value>>,
}

/// Which of two rows comes first by their keys.
pub(super) fn order(
    left: &[Value],
    right: &[Value],
    keys: &[SortKey],
) -> Result<Ordering, Undecided> {
    for ((left, right), key) in left.iter().zip(right).zip(keys) {
        let order = match (left, right) {
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Opaque(left), Value::Opaque(right)) if left == right => Ordering::Equal,
            (Value::Opaque(_), _) | (_, Value::Opaque(_)) => {
                return undecided("rows are sorted by something that is not known");
            }
            (Value::Null, _) | (_, Value::Null) => match key.nulls_first {
                Some(first) if first == (*left == Value::Null) => return Ok(Ordering::Less),
                Some(_) => return Ok(Ordering::Greater),
                None => return undecided("where NULL is sorted differs"),
            },
            _ => match left.order(right) {
                Some(order) if key.descending => order.reverse(),
                Some(order) => order,
                None => return undecided("how values are sorted differs"),
            },
        };
        if order.is_ne() {
            return Ok(order);
        }
    }
    Ok(Ordering::Equal)
}

/// Sorts, keeping rows of equal keys in their order.
pub(super) fn sort<T>(
    items: &mut Vec<T>,
    keys: impl Fn(&T) -> &[Value],
    by: &[SortKey],
) -> Result<(), Undecided> {
    let mut sorted: Vec<T> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        let mut place = sorted.len();
        while let Some(before) = place.checked_sub(1).and_then(|before| sorted.get(before)) {
            if order(keys(&item), keys(before), by)?.is_ge() {
                break;
            }
            place -= 1;
        }
        sorted.insert(place, item);
    }
    *items = sorted;
    Ok(())
}

/// The rows that a limit keeps, where every dialect keeps the same.
pub(super) fn limited(
    mut rows: Vec<Keyed>,
    by: &[SortKey],
    count: Option<usize>,
    offset: usize,
) -> Result<Vec<Row>, Undecided> {
    let end = count.map_or(rows.len(), |count| {
        offset.saturating_add(count).min(rows.len())
    });
    let start = offset.min(end);
    if start > 0 || end < rows.len() {
        if start < end {
            sort(&mut rows, |row| row.keys.as_deref().unwrap_or_default(), by)?;
            for border in [start, end] {
                let Some(before) = border.checked_sub(1).and_then(|before| rows.get(before)) else {
                    continue;
                };
                let Some(after) = rows.get(border) else {
                    continue;
                };
                let tied = match (&before.keys, &after.keys) {
                    (Some(before), Some(after)) => order(before, after, by)?.is_eq(),
                    _ => true,
                };
                if tied {
                    // Any of the tied rows may be kept, which shows unless they are all the same.
                    for other in &rows {
                        let among = match (&before.keys, &other.keys) {
                            (Some(before), Some(other)) => order(before, other, by)?.is_eq(),
                            _ => true,
                        };
                        if among && !same(&before.row.values, &other.row.values)? {
                            return undecided("a limit cuts between rows that are tied");
                        }
                    }
                }
            }
        }
        rows = rows.into_iter().skip(start).take(end - start).collect();
    }
    Ok(rows.into_iter().map(|row| row.row).collect())
}
