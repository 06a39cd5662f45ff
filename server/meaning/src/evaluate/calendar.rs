//! Days and moments of the Gregorian calendar, without zones.

use std::fmt;

/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

/// A day, counted from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub i64);

/// A moment: microseconds from the start of 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Date {
    /// A day of the years 1 to 9999; `None` where there is none such.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Date> {
        let valid = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=days_in(year, month)).contains(&day);
        valid.then(|| {
            // Years are counted from March, so that a leap day is the last of its year.
            let shifted = if month <= 2 { year - 1 } else { year };
            let era = shifted.div_euclid(400);
            let of_era = shifted.rem_euclid(400);
            let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
            let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
            Date(era * 146_097 + days - 719_468)
        })
    }

    /// `YYYY-MM-DD`
    pub fn parse(text: &str) -> Option<Date> {
        let mut parts = text.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = digits(parts.next()?, 2)?;
        let day = digits(parts.next()?, 2)?;
        match parts.next() {
            None => Date::new(year, month, day),
            Some(_) => None,
        }
    }

    /// Year, month and day.
    pub fn parts(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        (year, month, day)
    }

    /// Its first moment.
    pub fn midnight(self) -> Timestamp {
        Timestamp(self.0.saturating_mul(DAY))
    }

    /// So many months later, on the last day of the month where it has no such day.
    pub(super) fn plus_months(self, months: i64) -> Option<Date> {
        let (year, month, day) = self.parts();
        let count = (year * 12 + month - 1).checked_add(months)?;
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        Date::new(year, month, day.min(days_in(year, month)))
    }

    /// The last day of its month.
    pub(super) fn last_of_month(self) -> Option<Date> {
        let (year, month, _) = self.parts();
        Date::new(year, month, days_in(year, month))
    }

    /// The Monday of its week.
    pub(super) fn monday(self) -> Date {
        Date(self.0 - (self.0 + 3).rem_euclid(7))
    }
}

impl Timestamp {
    /// `YYYY-MM-DD`, or that and `HH:MM[:SS]` after a blank or `T`.
    pub fn parse(text: &str) -> Option<Timestamp> {
        let Some((date, time)) = text.split_once([' ', 'T']) else {
            return Some(Date::parse(text)?.midnight());
        };
        let mut parts = time.split(':');
        let hour = digits(parts.next()?, 2)?;
        let minute = digits(parts.next()?, 2)?;
        let second = parts.next().map_or(Some(0), |part| digits(part, 2))?;
        if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let seconds = (hour * 60 + minute) * 60 + second;
        Some(Timestamp(
            Date::parse(date)?.midnight().0 + seconds * 1_000_000,
        ))
    }

    /// Its day.
    pub fn date(self) -> Date {
        Date(self.0.div_euclid(DAY))
    }

    /// Microseconds since the start of its day.
    pub(super) fn time(self) -> i64 {
        self.0.rem_euclid(DAY)
    }
}

/// How many days a month has.
fn days_in(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

fn digits(text: &str, length: usize) -> Option<i64> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.time() / 1_000_000;
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        write!(
            f,
            "{} {hours:02}:{minutes:02}:{:02}",
            self.date(),
            seconds % 60
        )
    }
}
