//! Units and parts of time, one name for all their spellings.

use super::{Names, expression, unknown};
use crate::dialect::Dialect;
use crate::relation::{DataType, Expression, UnknownReason};
use smol_str::{SmolStr, format_smolstr};
use sqlparser::ast::{
    DateTimeField, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Value,
};

/// Spellings and the unit that they mean. Sorted.
const UNITS: &[(&str, &str)] = &[
    ("c", "century"),
    ("cent", "century"),
    ("cents", "century"),
    ("centuries", "century"),
    ("century", "century"),
    ("d", "day"),
    ("day", "day"),
    ("dayofmonth", "day"),
    ("dayofweek", "dayofweek"),
    ("dayofweek_iso", "isodow"),
    ("dayofweekiso", "isodow"),
    ("dayofyear", "dayofyear"),
    ("days", "day"),
    ("dd", "day"),
    ("decade", "decade"),
    ("decades", "decade"),
    ("dow", "dayofweek"),
    ("doy", "dayofyear"),
    ("dw", "dayofweek"),
    ("dy", "dayofyear"),
    ("epoch", "epoch"),
    ("epoch_second", "epoch"),
    ("epoch_seconds", "epoch"),
    ("h", "hour"),
    ("hh", "hour"),
    ("hour", "hour"),
    ("hours", "hour"),
    ("hr", "hour"),
    ("hrs", "hour"),
    ("isodow", "isodow"),
    ("isoweek", "isoweek"),
    ("isoyear", "isoyear"),
    ("m", "minute"),
    ("mi", "minute"),
    ("microsecond", "microsecond"),
    ("microseconds", "microsecond"),
    ("mil", "millennium"),
    ("millennia", "millennium"),
    ("millennium", "millennium"),
    ("millisecond", "millisecond"),
    ("milliseconds", "millisecond"),
    ("min", "minute"),
    ("mins", "minute"),
    ("minute", "minute"),
    ("minutes", "minute"),
    ("mm", "month"),
    ("mon", "month"),
    ("mons", "month"),
    ("month", "month"),
    ("months", "month"),
    ("ms", "millisecond"),
    ("msec", "millisecond"),
    ("nanosecond", "nanosecond"),
    ("nanoseconds", "nanosecond"),
    ("ns", "nanosecond"),
    ("nsec", "nanosecond"),
    ("q", "quarter"),
    ("qq", "quarter"),
    ("qtr", "quarter"),
    ("qtrs", "quarter"),
    ("quarter", "quarter"),
    ("quarters", "quarter"),
    ("s", "second"),
    ("sec", "second"),
    ("second", "second"),
    ("seconds", "second"),
    ("secs", "second"),
    ("ss", "second"),
    ("us", "microsecond"),
    ("usec", "microsecond"),
    ("w", "week"),
    ("week", "week"),
    ("week_iso", "isoweek"),
    ("weekday", "dayofweek"),
    ("weekiso", "isoweek"),
    ("weeks", "week"),
    ("wk", "week"),
    ("ww", "week"),
    ("y", "year"),
    ("year", "year"),
    ("yearofweekiso", "isoyear"),
    ("years", "year"),
    ("yr", "year"),
    ("yrs", "year"),
    ("yy", "year"),
    ("yyy", "year"),
    ("yyyy", "year"),
];

/// Where SQL Server means another one (Transact-SQL, `DATEPART`). Sorted.
const UNITS_OF_SQL_SERVER: &[(&str, &str)] = &[
    ("isowk", "isoweek"),
    ("isoww", "isoweek"),
    ("iso_week", "isoweek"),
    ("m", "month"),
    ("mcs", "microsecond"),
    ("n", "minute"),
    ("tz", "timezone"),
    ("tzoffset", "timezone"),
    ("w", "dayofweek"),
    ("y", "dayofyear"),
];

/// The unit that a word means, if it is one.
pub(super) fn unit_of_word(dialect: Dialect, word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let own = UNITS_OF_SQL_SERVER
        .iter()
        .find(|(spelling, _)| dialect == Dialect::SqlServer && *spelling == lower);
    if let Some((_, unit)) = own {
        return Some(unit);
    }
    let place = UNITS.binary_search_by(|(spelling, _)| (*spelling).cmp(&lower));
    UNITS.get(place.ok()?).map(|(_, unit)| *unit)
}

/// The unit that the parser has read.
pub(super) fn field(field: &DateTimeField) -> SmolStr {
    match field {
        DateTimeField::Week(Some(start)) => {
            format_smolstr!("week({})", start.value.to_ascii_lowercase())
        }
        DateTimeField::Custom(word) => {
            let lower = word.value.to_ascii_lowercase();
            match unit_of_word(Dialect::Generic, &lower) {
                Some(unit) => unit.into(),
                None => lower.into(),
            }
        }
        other => {
            let written = other.to_string();
            match unit_of_word(Dialect::Generic, &written) {
                Some(unit) => unit.into(),
                None => written.to_ascii_lowercase().into(),
            }
        }
    }
}

/// The unit that an argument names, as a text, or a hole in its place; `None` where it is something
/// else, such as a column.
pub(super) fn unit(names: &dyn Names, argument: &Expr) -> Option<Expression> {
    let word = match argument {
        Expr::Identifier(ident) if names.is_hole(ident) => {
            return Some(unknown(UnknownReason::Template, Vec::new()));
        }
        Expr::Identifier(ident) => {
            return unit_of_word(names.dialect(), &ident.value).map(Expression::text);
        }
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(word) | Value::DoubleQuotedString(word) => word,
            _ => return None,
        },
        Expr::Function(function) => return week_start(function),
        _ => return None,
    };
    let lower = word.trim().to_ascii_lowercase();
    let unit = unit_of_word(names.dialect(), &lower);
    Some(Expression::text(unit.unwrap_or(&lower)))
}

/// `WEEK(MONDAY)`
fn week_start(function: &Function) -> Option<Expression> {
    let name = super::name::lower_dotted(&function.name);
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(day)))] if name == "week" => {
            let day = day.value.to_ascii_lowercase();
            Some(Expression::text(format!("week({day})")))
        }
        _ => None,
    }
}

/// `EXTRACT(year FROM x)`: a call of `extract_year`; a cast where a whole date or time is taken out.
pub(super) fn extract(names: &mut dyn Names, part: &DateTimeField, value: &Expr) -> Expression {
    let value = expression(names, value);
    match part {
        DateTimeField::Custom(word) if names.is_hole(word) => {
            unknown(UnknownReason::Template, vec![value])
        }
        DateTimeField::Custom(word) => {
            let unit = unit_of_word(names.dialect(), &word.value);
            extracted(unit.map_or_else(|| field(part), SmolStr::new), value)
        }
        DateTimeField::Date => super::cast::to_known(value, DataType::Date, false),
        DateTimeField::Time => super::cast::to_known(value, DataType::Time, false),
        _ => extracted(field(part), value),
    }
}

/// The part of that name.
pub(super) fn extracted(part: impl AsRef<str>, value: Expression) -> Expression {
    Expression::call(format_smolstr!("extract_{}", part.as_ref()), [value])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_sorted() {
        assert!(UNITS.is_sorted());
        assert!(UNITS.windows(2).all(|pair| pair[0].0 != pair[1].0));
    }

    #[test]
    fn a_letter_means_what_the_dialect_says() {
        assert_eq!(unit_of_word(Dialect::SqlServer, "M"), Some("month"));
        assert_eq!(unit_of_word(Dialect::Snowflake, "m"), Some("minute"));
        assert_eq!(unit_of_word(Dialect::Snowflake, "amount"), None);
    }
}
