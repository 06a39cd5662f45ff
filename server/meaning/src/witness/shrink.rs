//! Making an example plainer: fewer rows, and values that a person reads easily.

use super::judge::Judge;
use super::shape::{Input, Shape};
use crate::evaluate::Value;

/// How many changes are tried.
const TRIES: u32 = 300;

/// An input that still shows the difference, with as few and as plain rows as changes of one thing at a
/// time lead to.
pub(super) fn shrunk(shape: &Shape, judge: &Judge<'_>, mut input: Input) -> Input {
    let mut tries = TRIES;
    loop {
        match plainer(shape, judge, &input, &mut tries) {
            Some(better) => input = better,
            None => return input,
        }
    }
}

fn plainer(shape: &Shape, judge: &Judge<'_>, input: &Input, tries: &mut u32) -> Option<Input> {
    let mut keeps = |candidate: &Input| {
        *tries = tries.saturating_sub(1);
        *tries > 0 && shape.allows(candidate) && judge.differs_afresh(shape, candidate).is_some()
    };
    for (table, rows) in input.tables.iter().enumerate() {
        for row in 0..rows.len() {
            let mut candidate = input.clone();
            if let Some(rows) = candidate.tables.get_mut(table) {
                rows.remove(row);
            }
            if keeps(&candidate) {
                return Some(candidate);
            }
        }
    }
    for (table, (rows, domains)) in input.tables.iter().zip(&shape.domains).enumerate() {
        for (row, values) in rows.iter().enumerate() {
            for (column, (value, domain)) in values.iter().zip(domains).enumerate() {
                for other in &domain.values {
                    if trouble(other) >= trouble(value) {
                        continue;
                    }
                    let mut candidate = input.clone();
                    let rows = candidate.tables.get_mut(table);
                    if let Some(place) = rows.and_then(|rows| rows.get_mut(row)?.get_mut(column)) {
                        *place = other.clone();
                    }
                    if keeps(&candidate) {
                        return Some(candidate);
                    }
                    // The columns that it is compared with, too.
                    for (rows, domains) in candidate.tables.iter_mut().zip(&shape.domains) {
                        for (place, known) in
                            rows.iter_mut().flat_map(|row| row.iter_mut().zip(domains))
                        {
                            if known.class == domain.class && place == value {
                                *place = other.clone();
                            }
                        }
                    }
                    if keeps(&candidate) {
                        return Some(candidate);
                    }
                }
            }
        }
    }
    None
}

/// How hard a value is to read.
fn trouble(value: &Value) -> u64 {
    match value {
        Value::Null => 50,
        Value::Boolean(_) => 0,
        Value::Number(number) => match number.whole() {
            Some(2..=9) => 0,
            Some(1) => 1,
            Some(10..=1_000) => 2,
            Some(0) => 3,
            Some(1_001..) => 4,
            None => 5,
            Some(_) => 6,
        },
        Value::Text(text) if text.is_empty() || text.starts_with(' ') => 20,
        Value::Text(text) => text.len().min(9) as u64,
        Value::Date(date) => u64::from(!date.to_string().starts_with("2024-01-31")),
        Value::Timestamp(moment) => u64::from(moment.date().midnight() != *moment),
        Value::Interval(_) | Value::Array(_) | Value::Opaque(_) => 60,
    }
}
