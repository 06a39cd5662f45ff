//! Functions of days and moments, as far as dialects agree on them.

use super::calendar::{DAY, Date, Timestamp};
use super::function::extreme;
use super::operator::shifted;
use super::value::{Interval, Value};

/// The value of such a function; no argument is `NULL`.
pub(super) fn call(function: &str, arguments: &[Value]) -> Option<Value> {
    if let Some(part) = function.strip_prefix("extract_") {
        let [value] = arguments else { return None };
        return extract(part, value);
    }
    match (function, arguments) {
        ("last_day", [value]) => Some(Value::Date(moment(value)?.date().last_of_month()?)),
        ("date_trunc", [Value::Text(unit), value]) => {
            truncate(&unit.to_ascii_lowercase(), moment(value)?)
        }
        (
            "add_months",
            [
                value @ (Value::Date(_) | Value::Timestamp(_)),
                Value::Number(count),
            ],
        ) => {
            let from = moment(value)?;
            // Where the day is the last of its month, some dialects stay at the end.
            if from.date().last_of_month()? == from.date() {
                return None;
            }
            shifted(value, &span("month", count.whole()?)?, 1)
        }
        ("date_add_days", [value, Value::Number(count)]) => {
            shifted(value, &span("day", count.whole()?)?, 1)
        }
        ("date_add", [Value::Text(unit), Value::Number(count), value]) => {
            shifted(value, &span(&unit.to_ascii_lowercase(), count.whole()?)?, 1)
        }
        ("date_diff" | "datetime_diff" | "timestamp_diff", [Value::Text(unit), from, to]) => {
            difference(&unit.to_ascii_lowercase(), moment(from)?, moment(to)?)
        }
        ("date_diff_days", [from, to]) => difference("day", moment(from)?, moment(to)?),
        ("interval", [Value::Number(count), Value::Text(unit)]) => Some(Value::Interval(span(
            &unit.to_ascii_lowercase(),
            count.whole()?,
        )?)),
        (_, [first @ (Value::Date(_) | Value::Timestamp(_)), rest @ ..]) => function
            .starts_with("greatest")
            .then_some(())
            .or(function.starts_with("least").then_some(()))
            .and_then(|()| extreme(function, first, rest)),
        _ => None,
    }
}

fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Date(_) | Value::Timestamp(_) => value.as_timestamp(),
        _ => None,
    }
}

fn extract(part: &str, value: &Value) -> Option<Value> {
    let moment = moment(value)?;
    let (year, month, day) = moment.date().parts();
    let seconds = moment.time() / 1_000_000;
    let has_time = matches!(value, Value::Timestamp(_));
    Some(Value::integer(match part {
        "year" => year,
        "quarter" => (month + 2) / 3,
        "month" => month,
        "day" | "dayofmonth" | "day_of_month" => day,
        "dayofyear" | "doy" | "day_of_year" => moment.date().0 - Date::new(year, 1, 1)?.0 + 1,
        "hour" if has_time => seconds / 3600,
        "minute" if has_time => seconds / 60 % 60,
        "second" if has_time => seconds % 60,
        _ => return None,
    }))
}

fn truncate(unit: &str, moment: Timestamp) -> Option<Value> {
    let (year, month, _) = moment.date().parts();
    let to = |microseconds: i64| Some(Timestamp(moment.0 - moment.0.rem_euclid(microseconds)));
    let start = |date: Option<Date>| date.map(Date::midnight);
    let truncated = match unit {
        "year" => start(Date::new(year, 1, 1)),
        "quarter" => start(Date::new(year, (month - 1) / 3 * 3 + 1, 1)),
        "month" => start(Date::new(year, month, 1)),
        // A plain week starts on Sunday in some dialects.
        "isoweek" => start(Some(moment.date().monday())),
        "day" => start(Some(moment.date())),
        "hour" => to(3_600_000_000),
        "minute" => to(60_000_000),
        "second" => to(1_000_000),
        _ => None,
    };
    truncated.map(Value::Timestamp)
}

fn span(unit: &str, count: i64) -> Option<Interval> {
    let (months, microseconds) = match unit.trim_end_matches('s') {
        "year" => (12, 0),
        "quarter" => (3, 0),
        "month" => (1, 0),
        "week" => (0, 7 * DAY),
        "day" => (0, DAY),
        "hour" => (0, 3_600_000_000),
        "minute" => (0, 60_000_000),
        "second" => (0, 1_000_000),
        _ => return None,
    };
    Some(Interval {
        months: count.checked_mul(months)?,
        microseconds: count.checked_mul(microseconds)?,
    })
}

/// A span of time as SQL writes it: `INTERVAL '1' DAY`, `INTERVAL '1 day'`, `INTERVAL 1 DAY`.
pub(super) fn interval(written: &str) -> Option<Interval> {
    let lower = written.to_ascii_lowercase();
    let rest = lower.strip_prefix("interval")?.replace('\'', " ");
    let mut words = rest.split_whitespace();
    let count: i64 = words.next()?.parse().ok()?;
    let interval = span(words.next()?, count)?;
    words.next().is_none().then_some(interval)
}

/// How many borders of a unit lie between the two, where counting whole units gives the same.
fn difference(unit: &str, from: Timestamp, to: Timestamp) -> Option<Value> {
    let (from_year, from_month, from_day) = from.date().parts();
    let (to_year, to_month, to_day) = to.date().parts();
    let count = match unit.trim_end_matches('s') {
        // Some count midnights and some count spans of 24 hours.
        "day" if from.time() == to.time() => to.date().0 - from.date().0,
        "month" if from_day == to_day && from.time() == to.time() => {
            (to_year - from_year) * 12 + to_month - from_month
        }
        "year" if (from_month, from_day) == (to_month, to_day) && from.time() == to.time() => {
            to_year - from_year
        }
        _ => return None,
    };
    Some(Value::integer(count))
}
