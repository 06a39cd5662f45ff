//! Literal days, and what comparing the start of a year, quarter, month or day with one says.

use sql::relation::{Cast, DataType, Expression, Literal, Operator};

/// A day of the calendar that SQL counts in, also before it was introduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    year: i32,
    month: i32,
    day: i32,
}

/// The day that a literal writes: `DATE '2024-02-01'`, or with `DataType::Timestamp` midnight of it.
pub(super) fn day(expression: &Expression) -> Option<(Day, &DataType)> {
    let Expression::Cast(cast) = expression else {
        return None;
    };
    let Expression::Literal(Literal::Text(text)) = &*cast.value else {
        return None;
    };
    let is_timestamp = matches!(cast.to, DataType::Timestamp(_));
    if cast.or_null || !(is_timestamp || cast.to == DataType::Date) {
        return None;
    }
    let text = match text.strip_suffix(" 00:00:00") {
        Some(day) if is_timestamp => day,
        _ => text.as_str(),
    };
    let number = |part: Option<&str>, length: usize| {
        let part = part?;
        let digits = part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<i32>().ok()).flatten()
    };
    let mut parts = text.split('-');
    let day = Day {
        year: number(parts.next(), 4)?,
        month: number(parts.next(), 2)?,
        day: number(parts.next(), 2)?,
    };
    let exists = (1..=12).contains(&day.month) && (1..=day.days_in_month()).contains(&day.day);
    (exists && parts.next().is_none()).then_some((day, &cast.to))
}

/// A literal day, in its one spelling.
pub(super) fn literal(day: Day, to: &DataType) -> Expression {
    let Day { year, month, day } = day;
    Expression::Cast(Cast {
        value: Box::new(Expression::text(format!("{year:04}-{month:02}-{day:02}"))),
        to: to.clone(),
        or_null: false,
    })
}

/// What a comparison of `date_trunc(unit, x)` with a literal day says of `x`.
pub(super) fn of_start(
    operator: Operator,
    left: &Expression,
    right: &Expression,
) -> Option<Expression> {
    let (call, turned) = match (left, right) {
        (Expression::Call(call), _) => (call, false),
        (_, Expression::Call(call)) => (call, true),
        _ => return None,
    };
    let (bound, to) = day(if turned { left } else { right })?;
    let [Expression::Literal(Literal::Text(unit)), value] = call.arguments.as_slice() else {
        return None;
    };
    if call.function != "date_trunc" {
        return None;
    }
    let start = bound.start(unit)?;
    let next = start.next(unit)?;
    let is_start = start == bound;
    let from = |day: Day| {
        let operands = [literal(day, to), value.clone()];
        Expression::operation(Operator::LessOrEqual, operands)
    };
    let before = |day: Day| {
        let operands = [value.clone(), literal(day, to)];
        Expression::operation(Operator::Less, operands)
    };
    match (operator, turned) {
        (Operator::Equal, _) if is_start => Some(Expression::operation(
            Operator::And,
            [from(start), before(next)],
        )),
        // The start of what x is in is at most the bound: x is before the next start.
        (Operator::LessOrEqual, false) => Some(before(next)),
        (Operator::Less, false) => Some(before(if is_start { start } else { next })),
        (Operator::LessOrEqual, true) => Some(from(if is_start { start } else { next })),
        (Operator::Less, true) => Some(from(next)),
        _ => None,
    }
}

/// A literal day and so much time before or after it, where that is a day again.
pub(super) fn moved(operator: Operator, operands: &[Expression]) -> Option<Expression> {
    let [left, right] = operands else { return None };
    let (base, interval) = match (day(left), day(right)) {
        (Some(base), None) => (base, right),
        (None, Some(base)) if operator == Operator::Add => (base, left),
        _ => return None,
    };
    let Expression::Literal(Literal::Other(written)) = interval else {
        return None;
    };
    let mut words = written.split_ascii_whitespace();
    if words.next() != Some("INTERVAL") {
        return None;
    }
    let count: i32 = words.next()?.trim_matches('\'').parse().ok()?;
    let unit = words.next()?.to_ascii_lowercase();
    if words.next().is_some() || !(0..=10_000).contains(&count) {
        return None;
    }
    let count = if operator == Operator::Add {
        count
    } else {
        -count
    };
    let (day, to) = base;
    let moved = match unit.as_str() {
        "day" => day.plus_days(count)?,
        "week" => day.plus_days(count * 7)?,
        "month" => day.plus_months(count)?,
        "quarter" => day.plus_months(count * 3)?,
        "year" => day.plus_months(count * 12)?,
        _ => return None,
    };
    Some(literal(moved, to))
}

impl Day {
    fn days_in_month(self) -> i32 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    fn start(self, unit: &str) -> Option<Day> {
        let (month, day) = match unit.to_ascii_lowercase().as_str() {
            "year" => (1, 1),
            "quarter" => ((self.month - 1) / 3 * 3 + 1, 1),
            "month" => (self.month, 1),
            "day" => (self.month, self.day),
            _ => return None,
        };
        Some(Day {
            month,
            day,
            year: self.year,
        })
    }

    fn next(self, unit: &str) -> Option<Day> {
        match unit.to_ascii_lowercase().as_str() {
            "year" => self.plus_months(12),
            "quarter" => self.plus_months(3),
            "month" => self.plus_months(1),
            "day" => self.plus_days(1),
            _ => None,
        }
    }

    /// The same day of another month; `None` where that has no such day.
    fn plus_months(self, months: i32) -> Option<Day> {
        let months = self.year * 12 + self.month - 1 + months;
        let moved = Day {
            year: months.div_euclid(12),
            month: months.rem_euclid(12) + 1,
            day: self.day,
        };
        ((1..=9999).contains(&moved.year) && moved.day <= moved.days_in_month()).then_some(moved)
    }

    fn plus_days(self, days: i32) -> Option<Day> {
        let mut moved = self;
        moved.day += days;
        while moved.day < 1 {
            let first = Day { day: 1, ..moved };
            let before = first.plus_months(-1)?;
            moved = Day {
                day: moved.day + before.days_in_month(),
                ..before
            };
        }
        while moved.day > moved.days_in_month() {
            let left = moved.day - moved.days_in_month();
            moved = Day { day: 1, ..moved }.plus_months(1)?;
            moved.day = left;
        }
        Some(moved)
    }
}
