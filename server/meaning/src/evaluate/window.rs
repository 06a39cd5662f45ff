//! Window functions.
//!
//! Where rows are tied in the window's order, and it shows, the values that depend on which of them comes
//! first are unknown.

use super::expression::Scope;
use super::relation::{Machine, same};
use super::select::Unit;
use super::sort::{order as order_of, sort};
use super::value::Value;
use super::{Undecided, bag};
use sql::relation::{Expression, Window};
use std::collections::BTreeMap;
use std::ops::Range;

/// The values of all window functions of a select, for each of its rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Windows<'q> {
    known: BTreeMap<&'q Window, Vec<Value>>,
}

impl<'q> Windows<'q> {
    /// The value of a window function for a row.
    pub(super) fn value(&self, window: &Window, row: usize) -> Option<Value> {
        self.known.get(window)?.get(row).cloned()
    }

    /// Drops the values of rows that are not kept.
    pub(super) fn keep(&mut self, kept: &[bool]) {
        for values in self.known.values_mut() {
            let mut kept = kept.iter();
            values.retain(|_| kept.next().copied().unwrap_or_default());
        }
    }
}

/// A row within its partition.
struct Member<'u, 'q> {
    row: usize,
    unit: &'u Unit<'q>,
    keys: Vec<Value>,
}

/// So many parts of an expression are looked at in the time of one step.
const PARTS_LOOKED_AT: u64 = 8;

impl<'q> Machine<'q> {
    /// Computes the window functions that stand in some expressions.
    pub(super) fn windows(
        &mut self,
        expressions: impl Iterator<Item = &'q Expression>,
        units: &[Unit<'q>],
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Windows<'q>, Undecided> {
        if units.is_empty() {
            return Ok(Windows::default());
        }
        let mut found: Vec<&'q Window> = Vec::new();
        let mut sizes = 0;
        for expression in expressions {
            expression.for_each(&mut |part| {
                if let Expression::Window(window) = part {
                    sizes += part.size() as u64;
                    found.push(window);
                }
            });
        }
        // To tell which of them are the same they are looked through, those in each other again and again.
        self.budget.spend(sizes / PARTS_LOOKED_AT)?;
        let mut windows = Windows::default();
        for window in found {
            if !windows.known.contains_key(window) {
                let values = self.window(window, units, around)?;
                windows.known.insert(window, values);
            }
        }
        Ok(windows)
    }

    fn window(
        &mut self,
        window: &'q Window,
        units: &[Unit<'q>],
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Vec<Value>, Undecided> {
        let mut partitions: Vec<(Vec<Value>, Vec<Member<'_, 'q>>)> = Vec::new();
        for (row, unit) in units.iter().enumerate() {
            let scope = unit.scope(around, None);
            let partition = self.values_of(&window.partition, &scope)?;
            let keys = self.values_of(window.order.iter().map(|key| &key.value), &scope)?;
            let member = Member { row, unit, keys };
            let mut home = None;
            for (position, (other, _)) in partitions.iter().enumerate() {
                if same(&partition, other)? {
                    home = Some(position);
                    break;
                }
            }
            match home.and_then(|home| partitions.get_mut(home)) {
                Some((_, members)) => members.push(member),
                None => partitions.push((partition, vec![member])),
            }
        }
        let mut values = vec![Value::Null; units.len()];
        for (_, mut members) in partitions {
            sort(&mut members, |member| &member.keys, &window.order)?;
            let computed = self.partition(window, &members, around)?;
            for (member, value) in members.iter().zip(computed) {
                if let Some(place) = values.get_mut(member.row) {
                    *place = value;
                }
            }
        }
        Ok(values)
    }

    fn partition(
        &mut self,
        window: &'q Window,
        members: &[Member<'_, 'q>],
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Vec<Value>, Undecided> {
        let peers = peers(window, members)?;
        let steady =
            |peers: &Range<usize>| all_alike(members.get(peers.clone()).unwrap_or_default());
        let all_steady = peers.iter().all(steady);
        let mut values = Vec::with_capacity(members.len());
        for (position, peers_here) in peers.iter().enumerate() {
            self.budget.spend(1 + members.len() as u64)?;
            let number = |count: usize| Value::integer(count.try_into().unwrap_or(i64::MAX));
            let function = window.function.function.as_str();
            let value = match function {
                "row_number" if steady(peers_here) => number(position + 1),
                "rank" => number(peers_here.start + 1),
                "dense_rank" => {
                    let starts = peers.iter().take(position + 1).map(|peers| peers.start);
                    let distinct = starts
                        .clone()
                        .zip(starts.skip(1))
                        .filter(|(left, right)| left != right);
                    number(distinct.count() + 1)
                }
                "lag" | "lead" if all_steady && !window.ignores_nulls => {
                    self.neighbour(window, members, position, around)?
                }
                "row_number" | "lag" | "lead" | "ntile" | "percent_rank" | "cume_dist" => {
                    self.symbol()
                }
                _ => match frame(window, position, peers_here, members.len()) {
                    Some((frame, by_rows))
                        if !by_rows || all_steady || frame == (0..members.len()) =>
                    {
                        let frame = members.get(frame).unwrap_or_default();
                        let ordered =
                            all_steady || !matches!(function, "first_value" | "last_value");
                        if ordered {
                            self.of_frame(window, frame, around)?
                        } else {
                            self.symbol()
                        }
                    }
                    _ => self.symbol(),
                },
            };
            values.push(value);
        }
        Ok(values)
    }

    /// `lag` and `lead`.
    fn neighbour(
        &mut self,
        window: &'q Window,
        members: &[Member<'_, 'q>],
        position: usize,
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Value, Undecided> {
        let mut arguments = window.function.arguments.iter();
        let (Some(value), distance, default) =
            (arguments.next(), arguments.next(), arguments.next())
        else {
            return Ok(self.symbol());
        };
        let distance = match distance {
            None => Some(1),
            Some(Expression::Literal(literal)) => match super::expression::literal(literal) {
                Value::Number(number) => number
                    .whole()
                    .and_then(|number| usize::try_from(number).ok()),
                _ => None,
            },
            Some(_) => None,
        };
        let Some(distance) = distance else {
            return Ok(self.symbol());
        };
        let other = match window.function.function.as_str() {
            "lag" => position.checked_sub(distance),
            _ => position.checked_add(distance),
        };
        match (other.and_then(|other| members.get(other)), default) {
            (Some(other), _) => self.value(value, &other.unit.scope(around, None)),
            (None, Some(default)) => match members.get(position) {
                Some(here) => self.value(default, &here.unit.scope(around, None)),
                None => Ok(Value::Null),
            },
            (None, None) => Ok(Value::Null),
        }
    }

    fn of_frame(
        &mut self,
        window: &'q Window,
        frame: &[Member<'_, 'q>],
        around: Option<&Scope<'_, 'q>>,
    ) -> Result<Value, Undecided> {
        let function = window.function.function.as_str();
        if let ("first_value" | "last_value", Some(argument)) =
            (function, window.function.arguments.first())
        {
            let mut values = Vec::new();
            for member in frame {
                values.push(self.value(argument, &member.unit.scope(around, None))?);
            }
            if window.ignores_nulls {
                if values.iter().any(Value::is_opaque) {
                    return Ok(self.symbol());
                }
                values.retain(|value| *value != Value::Null);
            }
            let value = if function == "first_value" {
                values.first()
            } else {
                values.last()
            };
            return Ok(value.cloned().unwrap_or(Value::Null));
        }
        if window.ignores_nulls {
            return Ok(self.symbol());
        }
        let mut taken = Vec::new();
        for member in frame {
            taken.extend(self.taken(&window.function, &member.unit.scope(around, None))?);
        }
        self.aggregate(&window.function, taken)
    }
}

/// For each row those that are equal to it in the window's order.
fn peers(window: &Window, members: &[Member<'_, '_>]) -> Result<Vec<Range<usize>>, Undecided> {
    let mut starts = Vec::new();
    for (position, member) in members.iter().enumerate() {
        let before = position
            .checked_sub(1)
            .and_then(|before| members.get(before));
        let tied = match before {
            Some(before) => order_of(&before.keys, &member.keys, &window.order)?.is_eq(),
            None => false,
        };
        starts.push(match starts.last() {
            Some(start) if tied => *start,
            _ => position,
        });
    }
    let end = |start: usize| {
        starts
            .iter()
            .rposition(|other| *other == start)
            .map_or(start, |end| end + 1)
    };
    Ok(starts.iter().map(|start| *start..end(*start)).collect())
}

/// Whether which of the rows comes first can't be seen.
fn all_alike(members: &[Member<'_, '_>]) -> bool {
    let Some((first, rest)) = members.split_first() else {
        return true;
    };
    rest.iter().all(|member| {
        let pairs = first
            .unit
            .row
            .bindings
            .iter()
            .zip(&member.unit.row.bindings);
        first.unit.group.is_none()
            && pairs
                .into_iter()
                .all(|(left, right)| bag::identical_rows(&left.values, &right.values) == Some(true))
    })
}

/// The rows of a frame, and whether it is told in rows; `None` where it is not understood.
fn frame(
    window: &Window,
    position: usize,
    peers: &Range<usize>,
    length: usize,
) -> Option<(Range<usize>, bool)> {
    let Some(written) = &window.frame else {
        return Some(match window.order.is_empty() {
            true => (0..length, false),
            false => (0..peers.end, false),
        });
    };
    let words: Vec<&str> = written.split_whitespace().collect();
    let (unit, bounds) = words.split_first()?;
    let (start, end): (&[&str], &[&str]) = match bounds {
        ["BETWEEN", bounds @ ..] => {
            let and = bounds.iter().position(|word| *word == "AND")?;
            (bounds.get(..and)?, bounds.get(and + 1..)?)
        }
        start => (start, &["CURRENT", "ROW"]),
    };
    let by_rows = match *unit {
        "ROWS" => true,
        "RANGE" | "GROUPS" => false,
        _ => return None,
    };
    let bound = |words: &[&str], current: usize| -> Option<i64> {
        let length = i64::try_from(length).ok()?;
        let current = i64::try_from(current).ok()?;
        Some(match words {
            ["UNBOUNDED", "PRECEDING"] => 0,
            ["UNBOUNDED", "FOLLOWING"] => length,
            ["CURRENT", "ROW"] => current,
            [count, "PRECEDING"] if by_rows => current - count.parse::<i64>().ok()?,
            [count, "FOLLOWING"] if by_rows => current + count.parse::<i64>().ok()?,
            _ => return None,
        })
    };
    // Ends are behind the last row.
    let (first, last) = match by_rows {
        true => (position, position + 1),
        false => (peers.start, peers.end),
    };
    let limit = |bound: i64| usize::try_from(bound.max(0)).map(|bound| bound.min(length));
    let start = limit(bound(start, first)?).ok()?;
    let end = limit(bound(end, last)?).ok()?;
    Some((start..end.max(start), by_rows))
}
