//! Operators, in three-valued logic.
//!
//! A comparison that can't be decided gives an opaque value, which spoils only what decides on it:
//! `FALSE AND unknown` is still false.

use super::calendar::DAY;
use super::number::Number;
use super::value::{Interval, Value};
use super::{Undecided, undecided};
use rust_decimal::Decimal;
use sql::relation::Operator;
use std::cmp::Ordering;

/// The value of an operation.
pub(crate) fn operate(operator: Operator, operands: &[Value]) -> Result<Value, Undecided> {
    use Operator::*;
    match (operator, operands) {
        (And, _) => connect(operands, false),
        (Or, _) => connect(operands, true),
        (In, [value, list @ ..]) => is_in(value, list),
        (Not, [value]) => match truth(value)? {
            Truth::Known(value) => Ok(Value::Boolean(!value)),
            Truth::Null => Ok(Value::Null),
            Truth::Opaque => Ok(Value::opaque("not", operands)),
        },
        (IsNull, [Value::Opaque(_)]) => Ok(Value::opaque("is null", operands)),
        (IsNull, [value]) => Ok(Value::Boolean(*value == Value::Null)),
        (IsTrue | IsFalse, [value]) => match truth(value)? {
            Truth::Known(value) => Ok(Value::Boolean(value == (operator == IsTrue))),
            Truth::Null => Ok(Value::Boolean(false)),
            Truth::Opaque => Ok(opaque(operator, operands)),
        },
        (Negate, [value]) => operate(Subtract, &[Value::integer(0), value.clone()]),
        (Same, [left, right]) => match left.identical(right) {
            Some(same) => Ok(Value::Boolean(same)),
            None => doubtful(operator, left, right),
        },
        (_, [left, right]) => binary(operator, left, right),
        _ => undecided("an operator has another number of operands"),
    }
}

fn binary(operator: Operator, left: &Value, right: &Value) -> Result<Value, Undecided> {
    use Operator::*;
    if *left == Value::Null || *right == Value::Null {
        // Oracle takes NULL in a concatenation for an empty text; all others agree.
        return Ok(Value::Null);
    }
    let compared = |holds: fn(Ordering) -> bool| match left.order(right) {
        Some(order) => Ok(Value::Boolean(holds(order))),
        None => doubtful(operator, left, right),
    };
    let equal = |wanted: bool| match left.equal(right) {
        Some(equal) => Ok(Value::Boolean(equal == wanted)),
        None => doubtful(operator, left, right),
    };
    match operator {
        Equal => equal(true),
        NotEqual => equal(false),
        Less => compared(Ordering::is_lt),
        LessOrEqual => compared(Ordering::is_le),
        Greater => compared(Ordering::is_gt),
        GreaterOrEqual => compared(Ordering::is_ge),
        Add | Subtract | Multiply | Divide | Modulo => arithmetic(operator, left, right),
        Concatenate => match (left, right) {
            (Value::Text(left), Value::Text(right)) => Ok(Value::text(format!("{left}{right}"))),
            (Value::Array(left), Value::Array(right)) => {
                Ok(Value::Array(left.iter().chain(right).cloned().collect()))
            }
            (Value::Number(number), Value::Text(text)) if is_plain(number) => {
                Ok(Value::text(format!("{number}{text}")))
            }
            (Value::Text(text), Value::Number(number)) if is_plain(number) => {
                Ok(Value::text(format!("{text}{number}")))
            }
            _ => Ok(opaque(operator, &[left.clone(), right.clone()])),
        },
        Like | LikeIgnoringCase => match (left, right) {
            (Value::Text(text), Value::Text(pattern)) => {
                let folded = like(&text.to_lowercase(), &pattern.to_lowercase());
                let matches = match operator {
                    // Some dialects take small and capital letters as the same here, too.
                    Like => like(text, pattern).filter(|matches| folded == Some(*matches)),
                    _ => folded,
                };
                Ok(matches.map_or_else(
                    || opaque(operator, &[left.clone(), right.clone()]),
                    Value::Boolean,
                ))
            }
            _ => doubtful(operator, left, right),
        },
        _ => undecided("an operator has another number of operands"),
    }
}

/// Whether every dialect spells the number alike.
pub(super) fn is_plain(number: &Number) -> bool {
    number.integral && number.exact && number.is_whole()
}

fn arithmetic(operator: Operator, left: &Value, right: &Value) -> Result<Value, Undecided> {
    let unknown = || opaque(operator, &[left.clone(), right.clone()]);
    let result = match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            return numbers(operator, left, right, unknown);
        }
        (Value::Opaque(_), _) | (_, Value::Opaque(_)) => None,
        (Value::Date(date), Value::Number(days)) => days.whole().and_then(|days| {
            // Only a known day has a number added to it; where a dialect forbids it, there is no
            // result to differ from.
            let days = if operator == Operator::Subtract {
                -days
            } else {
                days
            };
            let sum = matches!(operator, Operator::Add | Operator::Subtract);
            sum.then_some(Value::Date(super::Date(date.0.checked_add(days)?)))
        }),
        (Value::Date(_) | Value::Timestamp(_), Value::Interval(interval)) => match operator {
            Operator::Add => shifted(left, interval, 1),
            Operator::Subtract => shifted(left, interval, -1),
            _ => None,
        },
        (Value::Interval(interval), Value::Date(_) | Value::Timestamp(_))
            if operator == Operator::Add =>
        {
            shifted(right, interval, 1)
        }
        (Value::Interval(interval), Value::Number(number))
        | (Value::Number(number), Value::Interval(interval))
            if operator == Operator::Multiply =>
        {
            number.whole().and_then(|number| {
                Some(Value::Interval(Interval {
                    months: interval.months.checked_mul(number)?,
                    microseconds: interval.microseconds.checked_mul(number)?,
                }))
            })
        }
        (Value::Date(_) | Value::Timestamp(_) | Value::Interval(_), _)
        | (_, Value::Date(_) | Value::Timestamp(_) | Value::Interval(_)) => None,
        _ => return undecided("arithmetic with something that is no number"),
    };
    Ok(result.unwrap_or_else(unknown))
}

fn numbers(
    operator: Operator,
    left: &Number,
    right: &Number,
    unknown: impl Fn() -> Value,
) -> Result<Value, Undecided> {
    let result = match operator {
        Operator::Add => left.combine(right, Decimal::checked_add),
        Operator::Subtract => left.combine(right, Decimal::checked_sub),
        Operator::Multiply => left.combine(right, Decimal::checked_mul),
        _ if right.amount.is_zero() => return undecided("division by zero"),
        Operator::Divide => return Ok(left.divide(right).map_or_else(unknown, Value::Number)),
        // The sign of a remainder, and that of fractions, is not the same everywhere.
        _ if left.amount.is_sign_negative() || right.amount.is_sign_negative() => {
            return Ok(unknown());
        }
        _ if !(left.exact && right.exact) => return Ok(unknown()),
        _ => left.combine(right, Decimal::checked_rem),
    };
    match result {
        Some(number) => Ok(Value::Number(number)),
        None => undecided("a number does not fit"),
    }
}

/// A day or moment, moved by a span of time. It is a moment: whether adding days to a day gives a day
/// again differs, and a moment equals the day that it starts.
pub(super) fn shifted(value: &Value, interval: &Interval, sign: i64) -> Option<Value> {
    let from = value.as_timestamp()?;
    let months = interval.months.checked_mul(sign)?;
    let date = from.date().plus_months(months)?;
    let moment = date.midnight().0 + from.0.rem_euclid(DAY);
    let moment = moment.checked_add(interval.microseconds.checked_mul(sign)?)?;
    Some(Value::Timestamp(super::Timestamp(moment)))
}

/// A truth value.
pub(super) enum Truth {
    Known(bool),
    Null,
    Opaque,
}

/// What a condition's value says.
pub(super) fn truth(value: &Value) -> Result<Truth, Undecided> {
    match value {
        Value::Boolean(value) => Ok(Truth::Known(*value)),
        Value::Null => Ok(Truth::Null),
        Value::Opaque(_) => Ok(Truth::Opaque),
        _ => undecided("a condition is no truth value"),
    }
}

/// `AND`, where `decisive` is false, and `OR`, where it is true.
fn connect(operands: &[Value], decisive: bool) -> Result<Value, Undecided> {
    let (mut null, mut unknown) = (false, Vec::new());
    let mut decided = false;
    for operand in operands {
        match truth(operand)? {
            Truth::Known(value) => decided |= value == decisive,
            Truth::Null => null = true,
            Truth::Opaque => unknown.push(operand.clone()),
        }
    }
    if decided {
        return Ok(Value::Boolean(decisive));
    }
    if unknown.is_empty() {
        return Ok(if null {
            Value::Null
        } else {
            Value::Boolean(!decisive)
        });
    }
    if null {
        unknown.push(Value::Null);
    }
    Ok(Value::opaque(if decisive { "or" } else { "and" }, &unknown))
}

fn is_in(value: &Value, list: &[Value]) -> Result<Value, Undecided> {
    let compared = list
        .iter()
        .map(|item| binary(Operator::Equal, value, item))
        .collect::<Result<Vec<Value>, Undecided>>()?;
    connect(&compared, true)
}

/// The result of a comparison that is not decided.
fn doubtful(operator: Operator, left: &Value, right: &Value) -> Result<Value, Undecided> {
    let alike = std::mem::discriminant(left) == std::mem::discriminant(right);
    if alike || left.is_opaque() || right.is_opaque() {
        return Ok(opaque(operator, &[left.clone(), right.clone()]));
    }
    undecided("values of different types are compared")
}

fn opaque(operator: Operator, operands: &[Value]) -> Value {
    Value::opaque(&format!("operator {operator:?}"), operands)
}

/// Whether a text matches a pattern of `%` and `_`; `None` where the pattern has an escape character,
/// which not all dialects know.
fn like(text: &str, pattern: &str) -> Option<bool> {
    if pattern.contains('\\') {
        return None;
    }
    let text: Vec<char> = text.chars().collect();
    // Which beginnings of the text the pattern so far can stand for.
    let mut ends = vec![false; text.len() + 1];
    if let Some(first) = ends.first_mut() {
        *first = true;
    }
    for wanted in pattern.chars() {
        let mut next = vec![false; ends.len()];
        let mut reached = false;
        for (position, end) in next.iter_mut().enumerate() {
            if wanted == '%' {
                reached |= ends.get(position).copied().unwrap_or_default();
                *end = reached;
            } else if let Some(before) = position.checked_sub(1) {
                let fits = wanted == '_' || text.get(before) == Some(&wanted);
                *end = fits && ends.get(before).copied().unwrap_or_default();
            }
        }
        ends = next;
    }
    ends.last().copied()
}
