//! Values worth trying for each class of columns: the constants that they are compared with, those
//! beside them, plain ones, and `NULL`.

use super::kinds::{Class, Classes, Kind, strip};
use super::shape::{ColumnShape, TableShape};
use crate::evaluate::{Date, Number, Timestamp, Value, literal, operate};
use rust_decimal::Decimal;
use sql::relation::{DataType, Expression};

/// The most values that are tried for a class.
const MOST: usize = 18;

/// Values worth trying.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    pub(super) kind: Kind,
    pub(super) fractional: bool,
    /// Not `NULL`; the ones that conditions ask for first.
    pub(super) values: Vec<Value>,
    /// How many of them conditions ask for.
    pub(super) wished: usize,
    /// A condition asks for `NULL`.
    pub(super) null_wished: bool,
}

/// The pools of all classes; columns are told which is theirs.
pub(super) fn pools(classes: &mut Classes, tables: &mut [TableShape]) -> Vec<Pool> {
    let mut roots: Vec<usize> = Vec::new();
    let mut pools = Vec::new();
    let numbers = classes.numbers.clone();
    for column in tables.iter_mut().flat_map(|table| &mut table.columns) {
        let root = classes.root(column.class);
        let known = roots.iter().position(|other| *other == root);
        column.class = known.unwrap_or_else(|| {
            let (class, kind) = classes.finished(root);
            pools.push(pool(
                &class,
                kind.unwrap_or(Kind::Number),
                &numbers,
                roots.len(),
            ));
            roots.push(root);
            roots.len() - 1
        });
    }
    pools
}

fn pool(class: &Class, kind: Kind, numbers: &[Value], ordinal: usize) -> Pool {
    let fractional = class.fractional
        || class
            .constants
            .iter()
            .any(|value| matches!(value, Value::Number(number) if !number.is_whole()));
    let fractional = fractional && kind == Kind::Number;
    let constants = class
        .constants
        .iter()
        .filter_map(|value| of_kind(value, kind));
    let constants: Vec<Value> = constants.collect();
    let mut values: Vec<Value> = Vec::new();
    let mut add = |value: Value| {
        if values.len() < MOST && !values.contains(&value) {
            values.push(value);
        }
    };
    // Plain values that differ from column to column come first where nothing is asked for.
    let mut plain = plain(kind, class.spelled, fractional);
    let turn = ordinal % plain.len().clamp(1, 4);
    plain.rotate_left(turn);
    if constants.is_empty() {
        plain.iter().take(3).cloned().for_each(&mut add);
    }
    constants.iter().cloned().for_each(&mut add);
    constants
        .iter()
        .flat_map(|constant| beside(constant, fractional))
        .for_each(&mut add);
    let is_fraction = |value: &Value| matches!(value, Value::Number(number) if !number.is_whole());
    if kind == Kind::Number && numbers.iter().any(is_fraction) {
        // What a factor of 1.19 does shows in large numbers, without a fraction.
        [100, 1_000]
            .map(Value::integer)
            .into_iter()
            .for_each(&mut add);
    }
    plain.into_iter().for_each(&mut add);
    if kind == Kind::Number {
        let whole = |value: &&Value| {
            fractional || matches!(value, Value::Number(number) if number.is_whole())
        };
        numbers
            .iter()
            .filter(whole)
            .filter_map(|value| of_kind(value, kind))
            .for_each(&mut add);
    }
    if matches!(kind, Kind::Date | Kind::Timestamp) {
        // A number that looks like a year may be compared with one.
        let years = numbers.iter().filter_map(|value| match value {
            Value::Number(number) => number.whole().filter(|year| (1900..=2100).contains(year)),
            _ => None,
        });
        let days = years
            .filter_map(|year| Date::new(year, 1, 31))
            .map(Value::Date);
        days.filter_map(|day| of_kind(&day, kind))
            .for_each(&mut add);
    }
    let fulfils = |value: &Value| {
        class.wishes.iter().any(|wish| {
            let operands = wish.operation.operands.iter().enumerate();
            let operands: Vec<Value> = operands
                .map(|(place, operand)| match strip(operand) {
                    Expression::Literal(written) if place != wish.place => literal(written),
                    _ => value.clone(),
                })
                .collect();
            operate(wish.operation.operator, &operands) == Ok(Value::Boolean(!wish.negated))
        })
    };
    let (mut wished, others): (Vec<Value>, Vec<Value>) = values.into_iter().partition(&fulfils);
    let count = wished.len();
    wished.extend(others);
    Pool {
        kind,
        fractional,
        values: wished,
        wished: count,
        null_wished: fulfils(&Value::Null),
    }
}

/// A constant as a value of the kind.
fn of_kind(value: &Value, kind: Kind) -> Option<Value> {
    match (kind, value) {
        (Kind::Date, value) => Some(Value::Date(value.as_timestamp()?.date())),
        (Kind::Timestamp, value) => Some(Value::Timestamp(value.as_timestamp()?)),
        (Kind::Number, Value::Number(number)) => Some(Value::Number(Number {
            amount: number.amount.normalize(),
            exact: true,
            integral: number.is_whole(),
        })),
        (Kind::Text, Value::Text(_)) | (Kind::Boolean, Value::Boolean(_)) => Some(value.clone()),
        _ => None,
    }
}

/// Values on either side of a constant.
fn beside(value: &Value, fractional: bool) -> Vec<Value> {
    let number = |amount: Decimal| {
        Value::Number(Number {
            amount,
            exact: true,
            integral: !fractional,
        })
    };
    let step = if fractional {
        Decimal::new(5, 1)
    } else {
        Decimal::ONE
    };
    match value {
        Value::Number(Number { amount, .. }) => {
            let sides = [amount.checked_add(step), amount.checked_sub(step)];
            sides.into_iter().flatten().map(number).collect()
        }
        Value::Date(date) => vec![Value::Date(Date(date.0 + 1)), Value::Date(Date(date.0 - 1))],
        Value::Timestamp(Timestamp(moment)) => [1, -1]
            .map(|sign| Value::Timestamp(Timestamp(moment + sign * 43_200_000_000)))
            .into(),
        _ => Vec::new(),
    }
}

fn plain(kind: Kind, spelled: bool, fractional: bool) -> Vec<Value> {
    let date = |year, month, day| Date::new(year, month, day);
    match kind {
        Kind::Boolean => vec![Value::Boolean(true), Value::Boolean(false)],
        Kind::Number => {
            let mut values: Vec<Value> = [2, 3, 5, 7, 1, 0, -1, 4, 10, 6, 12]
                .map(Value::integer)
                .into();
            if fractional {
                let fractions = [
                    Decimal::new(25, 1),
                    Decimal::new(2345, 3),
                    Decimal::new(-5, 1),
                ];
                values.extend(fractions.map(|amount| Value::Number(Number::decimal(amount))));
            }
            values
        }
        Kind::Text => {
            let mut values: Vec<Value> = ["a", "b", "c", "d"].map(Value::text).into();
            if spelled {
                values.extend(["A", " a", "abc-def"].map(Value::text));
            }
            values
        }
        Kind::Date => [
            date(2024, 1, 31),
            date(2024, 2, 29),
            date(2023, 12, 15),
            date(2024, 1, 1),
        ]
        .into_iter()
        .flatten()
        .map(Value::Date)
        .collect(),
        Kind::Timestamp => [
            "2024-01-31 00:00:00",
            "2024-01-31 10:30:00",
            "2024-02-29 00:00:00",
            "2023-12-15 08:00:00",
        ]
        .iter()
        .filter_map(|text| Timestamp::parse(text).map(Value::Timestamp))
        .collect(),
    }
}

impl Pool {
    /// The values that a column may have: those of the pool, as far as its declaration allows.
    pub(super) fn of(&self, column: &ColumnShape) -> Vec<Value> {
        if !column.values.is_empty() {
            return column.values.clone();
        }
        let whole = matches!(column.declared, Some(DataType::Integer(_)));
        let fits = |value: &&Value| match (&column.declared, value) {
            (None, _)
            | (Some(DataType::Boolean), Value::Boolean(_))
            | (Some(DataType::Date), Value::Date(_))
            | (Some(DataType::Timestamp(_)), Value::Date(_) | Value::Timestamp(_))
            | (Some(DataType::Float(_)), Value::Number(_))
            | (Some(DataType::Text(None)), Value::Text(_)) => true,
            (Some(DataType::Decimal(_, Some(scale))), Value::Number(number)) => {
                i64::from(number.amount.normalize().scale()) <= i64::from(*scale)
            }
            // Without a scale, some dialects keep no fraction.
            (Some(DataType::Integer(_) | DataType::Decimal(_, None)), Value::Number(number)) => {
                number.is_whole()
            }
            (Some(DataType::Text(Some(length))), Value::Text(text)) => {
                text.chars().count() as u64 <= *length
            }
            // Values of other types are not made up.
            (Some(_), _) => false,
        };
        let typed = |value: &Value| match value {
            Value::Number(number) => Value::Number(Number {
                integral: whole || (column.declared.is_none() && !self.fractional),
                ..*number
            }),
            other => other.clone(),
        };
        self.values.iter().filter(fits).map(typed).collect()
    }
}
