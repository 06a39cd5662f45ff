//! Whether a cast leaves every value of a type as it is.

use sql::Dialect;
use sql::relation::{Cast, DataType};

/// Whether a cast leaves every value of the type `from` as it is: `Some(false)` where there certainly is a
/// value that it makes another one of, `None` where it can't be told, or where such a value is an error.
pub(super) fn keeps_all(from: &DataType, cast: &Cast, dialect: Option<Dialect>) -> Option<bool> {
    use DataType::{Boolean, Date, Decimal, Float, Integer, Text, Time, Timestamp};
    match (from, &cast.to) {
        (Text(from), Text(to)) => keeps_text(*from, *to, dialect),
        (Decimal(from, from_scale), Decimal(to, to_scale)) => {
            let (from, to) = ((*from)?, (*to)?);
            keeps_digits((from, from_scale.unwrap_or(0)), (to, to_scale.unwrap_or(0)))
        }
        (Integer(from), Integer(to)) => (from <= to).then_some(true),
        (Float(from), Float(to)) => (from <= to).then_some(true),
        (Integer(from), Decimal(to, to_scale)) => {
            keeps_digits((digits(*from), 0), ((*to)?, to_scale.unwrap_or(0)))
        }
        (Integer(..=32), Float(64)) => Some(true),
        (Decimal(_, Some(1..)) | Float(_), Integer(_)) => Some(false),
        (Float(_), Decimal(Some(_), _)) => Some(false),
        (Integer(_) | Decimal(..) | Float(_), Boolean) => Some(false),
        // A DATE of Oracle has a time of day, to the second.
        (Timestamp(_), Date | Timestamp(_)) if dialect == Some(Dialect::Oracle) => None,
        (Timestamp(_), Date | Time) => Some(false),
        // Any word is made NULL.
        (Text(_), Integer(_) | Decimal(..) | Float(_) | Date | Timestamp(_)) if cast.or_null => {
            Some(false)
        }
        (from, to) => (from == to).then_some(true),
    }
}

/// Whether values of the type `from` that differ do so after a cast.
pub(super) fn keeps_apart(from: &DataType, cast: &Cast, dialect: Option<Dialect>) -> Option<bool> {
    use DataType::{Boolean, Date, Integer, Text};
    match (from, &cast.to) {
        (Boolean | Date | Integer(_), Text(None)) => {
            (!has_length_of_its_own(dialect)).then_some(true)
        }
        _ => keeps_all(from, cast, dialect),
    }
}

/// Whether values of the type `from` are in the same order after a cast, where it makes equal what was not.
pub(super) fn keeps_order(from: &DataType, cast: &Cast, dialect: Option<Dialect>) -> Option<bool> {
    use DataType::{Date, Decimal, Float, Integer, Timestamp};
    match (from, &cast.to) {
        (Integer(_) | Decimal(..) | Float(_), Integer(_) | Decimal(..) | Float(_))
        | (Date | Timestamp(_), Date | Timestamp(_)) => (!cast.or_null).then_some(true),
        _ => keeps_all(from, cast, dialect),
    }
}

/// Of precision and scale: digits behind the point are rounded away, too many before it are an error.
fn keeps_digits(from: (u16, i16), to: (u16, i16)) -> Option<bool> {
    let whole = |(precision, scale): (u16, i16)| i32::from(precision) - i32::from(scale);
    match from.1 <= to.1 {
        false => Some(false),
        true => (whole(from) <= whole(to)).then_some(true),
    }
}

/// How many digits a whole number of so many bits may have.
fn digits(bits: u16) -> u16 {
    match bits {
        0..=8 => 3,
        9..=16 => 5,
        17..=32 => 10,
        33..=64 => 20,
        _ => 39,
    }
}

/// Of the most characters. Without a length it is the longest text, or what the dialect takes for it.
fn keeps_text(from: Option<u64>, to: Option<u64>, dialect: Option<Dialect>) -> Option<bool> {
    let is = |all: &[Dialect]| dialect.is_some_and(|dialect| all.contains(&dialect));
    match (from, to) {
        (_, None) => (!has_length_of_its_own(dialect)).then_some(true),
        (None, Some(_)) => None,
        (Some(from), Some(to)) if from <= to => Some(true),
        (Some(_), Some(_)) => is(&CUTTING_OFF).then_some(false),
    }
}

/// Whether a text type that is given no length has one that depends on where it stands.
pub(super) fn has_length_of_its_own(dialect: Option<Dialect>) -> bool {
    dialect.is_some_and(|dialect| WITH_A_LENGTH_OF_THEIR_OWN.contains(&dialect))
}

/// Dialects in which a text type without a length has one.
const WITH_A_LENGTH_OF_THEIR_OWN: [Dialect; 2] = [Dialect::Redshift, Dialect::SqlServer];

/// Dialects in which a cast to a shorter text cuts it off. In others it fails, or the length is ignored.
const CUTTING_OFF: [Dialect; 4] = [
    Dialect::Postgres,
    Dialect::Redshift,
    Dialect::Snowflake,
    Dialect::SqlServer,
];
