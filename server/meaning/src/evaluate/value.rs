//! Values, and when two of them are the same for certain.

use super::calendar::{Date, Timestamp};
use super::number::Number;
use smol_str::SmolStr;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A value. Its own `==` compares how it is held; SQL's comparisons are methods.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// `NULL`
    Null,
    /// `TRUE`, `FALSE`
    Boolean(bool),
    /// A number of any type.
    Number(Number),
    /// A text.
    Text(SmolStr),
    /// A day.
    Date(Date),
    /// A day and a time of day.
    Timestamp(Timestamp),
    /// A span of time.
    Interval(Interval),
    /// A list.
    Array(Vec<Value>),
    /// A value that is not known, `NULL` perhaps. Equal symbols stand for the same value, different ones
    /// for the same or another.
    Opaque(u64),
}

/// A span of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    /// Years and months.
    pub months: i64,
    /// Days and what is shorter.
    pub microseconds: i64,
}

impl Value {
    /// A number that may be of an integer type.
    pub fn integer(amount: i64) -> Value {
        Value::Number(Number::integer(amount))
    }

    /// A text.
    pub fn text(text: impl AsRef<str>) -> Value {
        Value::Text(SmolStr::new(text))
    }

    /// What an unknown function gives for these arguments.
    pub(crate) fn opaque(function: &str, arguments: &[Value]) -> Value {
        let mut hasher = DefaultHasher::new();
        function.hash(&mut hasher);
        arguments.hash(&mut hasher);
        // The upper half; the lower one is for symbols that are equal to no other.
        Value::Opaque(hasher.finish() | 1 << 63)
    }

    pub(crate) fn is_opaque(&self) -> bool {
        match self {
            Value::Opaque(_) => true,
            Value::Array(values) => values.iter().any(Value::is_opaque),
            _ => false,
        }
    }

    /// Which comes first; `None` where that is not known or not the same in every dialect. Neither is
    /// `NULL`.
    pub(crate) fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Boolean(left), Value::Boolean(right)) => Some(left.cmp(right)),
            (Value::Number(left), Value::Number(right)) => left.order(right),
            (Value::Text(left), Value::Text(right)) => text_order(left, right),
            (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
            (Value::Date(_) | Value::Timestamp(_), _)
            | (_, Value::Date(_) | Value::Timestamp(_)) => {
                Some(self.as_timestamp()?.cmp(&other.as_timestamp()?))
            }
            (Value::Interval(left), Value::Interval(right)) => {
                (left.months == right.months).then(|| left.microseconds.cmp(&right.microseconds))
            }
            _ => None,
        }
    }

    /// Whether the two are equal, neither being `NULL`; `None` where that is not known.
    pub(crate) fn equal(&self, other: &Value) -> Option<bool> {
        match (self, other) {
            (Value::Text(left), Value::Text(right)) => {
                // Some dialects pad with blanks before they compare, and some take small and capital
                // letters as the same.
                let folded = |text: &str| text.trim_end().to_lowercase();
                (left == right || folded(left) != folded(right)).then_some(left == right)
            }
            (Value::Array(left), Value::Array(right)) => {
                if left.len() != right.len() {
                    return Some(false);
                }
                let mut all = Some(true);
                for (left, right) in left.iter().zip(right) {
                    match left.identical(right) {
                        Some(true) => {}
                        Some(false) => return Some(false),
                        None => all = None,
                    }
                }
                all
            }
            _ => self.order(other).map(Ordering::is_eq),
        }
    }

    /// `IS NOT DISTINCT FROM`, as grouping and `DISTINCT` compare; `None` where that is not known.
    pub(crate) fn identical(&self, other: &Value) -> Option<bool> {
        match (self, other) {
            (Value::Opaque(left), Value::Opaque(right)) if left == right => Some(true),
            (Value::Opaque(_), _) | (_, Value::Opaque(_)) => None,
            (Value::Null, Value::Null) => Some(true),
            (Value::Null, _) | (_, Value::Null) => Some(false),
            _ => self.equal(other),
        }
    }

    /// Whether the two may be told apart by who sees them, as the values of a column; `None` where that
    /// is not known. That texts differ in their letters' case alone can be seen, however they compare.
    pub(crate) fn looks_like(&self, other: &Value) -> Option<bool> {
        match (self, other) {
            (Value::Text(left), Value::Text(right)) => {
                (left == right || left.trim_end() != right.trim_end()).then_some(left == right)
            }
            _ => self.identical(other),
        }
    }

    /// A day as its first moment, and a text as the moment that it spells.
    pub(crate) fn as_timestamp(&self) -> Option<Timestamp> {
        match self {
            Value::Date(date) => Some(date.midnight()),
            Value::Timestamp(timestamp) => Some(*timestamp),
            Value::Text(text) => Timestamp::parse(text),
            _ => None,
        }
    }
}

/// The order of two texts; `None` where a collation may turn it round.
fn text_order(left: &str, right: &str) -> Option<Ordering> {
    if left == right {
        return Some(Ordering::Equal);
    }
    if !left.is_ascii() || !right.is_ascii() {
        return None;
    }
    let folded = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let bytes = left.cmp(right);
    (folded(left).cmp(&folded(right)) == bytes).then_some(bytes)
}

impl fmt::Display for Value {
    /// As SQL writes it, but for dates and moments, which are written without their keyword.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("NULL"),
            Value::Boolean(true) => f.write_str("TRUE"),
            Value::Boolean(false) => f.write_str("FALSE"),
            Value::Number(number) => write!(f, "{number}"),
            Value::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Value::Date(date) => write!(f, "{date}"),
            Value::Timestamp(timestamp) => write!(f, "{timestamp}"),
            Value::Interval(interval) => write!(
                f,
                "INTERVAL '{} months {} seconds'",
                interval.months,
                interval.microseconds / 1_000_000
            ),
            Value::Array(values) => {
                f.write_str("[")?;
                for (position, value) in values.iter().enumerate() {
                    if position > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{value}")?;
                }
                f.write_str("]")
            }
            Value::Opaque(_) => f.write_str("?"),
        }
    }
}
