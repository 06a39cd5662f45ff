//! `orders.ordered_at is in UTC`

use super::trace::made;
use super::{Answer, Contradiction, Piece, Reason};
use crate::derive::{self, Types};
use sql::Dialect;
use sql::relation::{Call, DataType, Expression, Literal, Query};

/// Whether the column at `position` is last converted to a time zone.
pub fn is_in_zone(
    query: &Query,
    position: usize,
    zone: &str,
    declared: &dyn derive::Facts,
) -> Answer {
    let Some(made) = made(query, query.root, position) else {
        return Answer::Undecided(Reason::UnknownSql);
    };
    let zones = Zones {
        types: Types::new(query, declared),
        dialect: declared.dialect(),
    };
    Answer::of_all(made.into_iter().map(|made| {
        match zones.converted_to(made.value) {
            Some(given) if given.eq_ignore_ascii_case(zone) => Answer::Holds,
            // Both are the same moment of the day all year round.
            Some(given) if is_utc(given) && is_utc(zone) => Answer::Holds,
            Some(given) => Answer::Contradicted(Contradiction {
                at: Piece::Column(made.relation, made.position),
                now: Some(given.to_owned()),
                witness: None,
            }),
            None => Answer::Undecided(Reason::NoProof),
        }
    }))
}

fn is_utc(zone: &str) -> bool {
    ["utc", "etc/utc", "gmt", "z", "zulu", "etc/gmt", "universal"]
        .iter()
        .any(|name| zone.eq_ignore_ascii_case(name))
}

/// Tells which zones values are converted to.
struct Zones<'q> {
    types: Types<'q>,
    dialect: Option<Dialect>,
}

impl Zones<'_> {
    /// The zone that an expression converts to, where that is a constant. Casts round it keep the time.
    fn converted_to<'e>(&self, value: &'e Expression) -> Option<&'e str> {
        match value {
            Expression::Cast(cast) => self.converted_to(&cast.value),
            Expression::Call(call) => {
                let zone = match call.function.as_str() {
                    "at_time_zone" if self.gives_local_time(call) => call.arguments.get(1),
                    // With three arguments: from, to, the time.
                    "convert_timezone" if call.arguments.len() == 3 => call.arguments.get(1),
                    "convert_timezone" => call.arguments.first(),
                    _ => None,
                };
                match zone? {
                    Expression::Literal(Literal::Text(zone)) => Some(zone),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether `AT TIME ZONE` gives the time that clocks show in the zone. Where its meaning turns round with the
    /// type, a time without a zone is taken for one of that zone, and what it gives is a moment.
    fn gives_local_time(&self, call: &Call) -> bool {
        !self.turns_round()
            || call
                .arguments
                .first()
                .is_some_and(|time| self.is_moment(time) == Some(true))
    }

    fn turns_round(&self) -> bool {
        match self.dialect {
            Some(dialect) => TURNING_ROUND.contains(&dialect),
            None => true,
        }
    }

    /// Whether a time is a moment, whatever the zone; `None` where its type is not known.
    fn is_moment(&self, time: &Expression) -> Option<bool> {
        match time {
            Expression::Call(call) if call.function == "at_time_zone" => self
                .is_moment(call.arguments.first()?)
                .map(|is_moment| !is_moment),
            _ => match self.types.expression(time)? {
                DataType::Timestamp(is_moment) => Some(is_moment),
                _ => None,
            },
        }
    }
}

/// Dialects in which `AT TIME ZONE` makes a local time of a moment and a moment of a local time, and those that
/// may be one of them.
const TURNING_ROUND: [Dialect; 5] = [
    Dialect::Ansi,
    Dialect::DuckDb,
    Dialect::Generic,
    Dialect::Postgres,
    Dialect::Redshift,
];
