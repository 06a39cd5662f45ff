//! Casts, as far as dialects agree on them.

use super::calendar::{Date, Timestamp};
use super::number::Number;
use super::operator::is_plain;
use super::value::Value;
use super::{Undecided, undecided};
use rust_decimal::Decimal;
use sql::relation::DataType;

/// The outcome of a cast.
enum Outcome {
    To(Value),
    /// The value does not fit the type: an error, or `NULL`.
    Fails,
    /// Dialects differ.
    Differs,
}

/// The value as another type.
pub(super) fn cast(value: &Value, to: &DataType, or_null: bool) -> Result<Value, Undecided> {
    if *value == Value::Null {
        return Ok(Value::Null);
    }
    match outcome(value, to) {
        Outcome::To(value) => Ok(value),
        Outcome::Fails if or_null => Ok(Value::Null),
        Outcome::Fails => undecided("a value does not fit the type that it is cast to"),
        Outcome::Differs => {
            let name = if or_null { "try_cast" } else { "cast" };
            Ok(Value::opaque(
                &format!("{name} {to}"),
                std::slice::from_ref(value),
            ))
        }
    }
}

fn outcome(value: &Value, to: &DataType) -> Outcome {
    let done = |value: Option<Value>| value.map_or(Outcome::Differs, Outcome::To);
    match (to, value) {
        (_, Value::Opaque(_)) => Outcome::Differs,
        (DataType::Boolean, Value::Boolean(_)) => Outcome::To(value.clone()),
        (DataType::Boolean, Value::Number(number)) => {
            done(number.whole().map(|number| Value::Boolean(number != 0)))
        }
        (DataType::Boolean, Value::Text(text)) => match text.to_ascii_lowercase().as_str() {
            "true" => Outcome::To(Value::Boolean(true)),
            "false" => Outcome::To(Value::Boolean(false)),
            _ => Outcome::Differs,
        },
        (DataType::Integer(_) | DataType::Decimal(..) | DataType::Float(_), Value::Text(text)) => {
            text_to_number(text, to)
        }
        (DataType::Integer(_), Value::Boolean(value)) => {
            Outcome::To(Value::integer(i64::from(*value)))
        }
        (_, Value::Number(number)) => number_to(number, to),
        (DataType::Text(length), Value::Text(text)) => {
            let fits = length.is_none_or(|length| text.chars().count() as u64 <= length);
            if fits {
                Outcome::To(value.clone())
            } else {
                Outcome::Differs
            }
        }
        (DataType::Text(None), Value::Date(date)) => Outcome::To(Value::text(date.to_string())),
        (DataType::Date, Value::Date(_)) => Outcome::To(value.clone()),
        (DataType::Date, Value::Timestamp(timestamp)) => Outcome::To(Value::Date(timestamp.date())),
        (DataType::Date, Value::Text(text)) => match Date::parse(text) {
            Some(date) => Outcome::To(Value::Date(date)),
            None => no_moment(text),
        },
        (DataType::Timestamp(_), Value::Timestamp(_)) => Outcome::To(value.clone()),
        (DataType::Timestamp(_), Value::Date(date)) => {
            Outcome::To(Value::Timestamp(date.midnight()))
        }
        (DataType::Timestamp(_), Value::Text(text)) => match Timestamp::parse(text) {
            Some(timestamp) => Outcome::To(Value::Timestamp(timestamp)),
            None => no_moment(text),
        },
        _ => Outcome::Differs,
    }
}

fn number_to(number: &Number, to: &DataType) -> Outcome {
    match to {
        DataType::Integer(bits) => {
            let away = number.round(0).map(|number| number.amount);
            let towards = number.amount.trunc();
            // Some round, some cut off: only where both give the same is it known.
            if away != Some(towards) {
                return Outcome::Differs;
            }
            let most = Decimal::from(i64::MAX >> (64 - (*bits).clamp(8, 64)));
            if towards.abs() > most {
                return Outcome::Differs;
            }
            Outcome::To(Value::Number(Number {
                amount: towards.normalize(),
                exact: true,
                integral: true,
            }))
        }
        DataType::Decimal(Some(precision), scale) => {
            let scale = scale.unwrap_or(0);
            let (Ok(digits), true) = (u32::try_from(scale), scale <= 12) else {
                return Outcome::Differs;
            };
            let Some(rounded) = number.round(digits) else {
                return Outcome::Differs;
            };
            let whole_digits = u32::from(*precision).saturating_sub(digits);
            let limit = Decimal::from(10_i128.pow(whole_digits.min(20)));
            if rounded.amount.abs() >= limit {
                return Outcome::Fails;
            }
            // A quotient that was rounded is exact once it is cut to fewer digits.
            Outcome::To(Value::Number(Number {
                exact: number.exact || digits <= 6,
                integral: false,
                ..rounded
            }))
        }
        // Its scale is none, nine, or whatever is needed.
        DataType::Decimal(None, _) if number.is_whole() => Outcome::To(Value::Number(Number {
            integral: false,
            ..*number
        })),
        DataType::Float(_) => Outcome::To(Value::Number(Number {
            exact: number.exact && number.is_whole(),
            integral: false,
            ..*number
        })),
        DataType::Text(None) if is_plain(number) => Outcome::To(Value::text(number.to_string())),
        _ => Outcome::Differs,
    }
}

fn text_to_number(text: &str, to: &DataType) -> Outcome {
    match Number::parse(text) {
        Some(number) if matches!(to, DataType::Integer(_)) && !number.integral => Outcome::Differs,
        Some(number) => number_to(&number, to),
        // With blanks, signs, separators or exponents, dialects differ; without a digit they do not.
        None if text.is_empty() || text.bytes().any(|byte| byte.is_ascii_digit()) => {
            Outcome::Differs
        }
        None if ["nan", "inf"]
            .iter()
            .any(|special| text.to_ascii_lowercase().contains(special)) =>
        {
            Outcome::Differs
        }
        None => Outcome::Fails,
    }
}

/// A text that is no day in the standard's form: in another form perhaps, but not without a digit.
fn no_moment(text: &str) -> Outcome {
    let special = ["now", "today", "tomorrow", "yesterday", "epoch", "infinity"];
    let lower = text.to_ascii_lowercase();
    if text.is_empty()
        || text.bytes().any(|byte| byte.is_ascii_digit())
        || special.iter().any(|special| lower.contains(special))
    {
        Outcome::Differs
    } else {
        Outcome::Fails
    }
}
