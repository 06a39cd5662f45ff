//! Which words name a time zone: `UTC`, and the names of the IANA time zone database.

/// Whether `word` is `UTC` or looks like a name of the IANA time zone database: one of its areas, a
/// slash, and the rest. Anything else that follows `is in` is a unit.
pub(super) fn is_zone(word: &str) -> bool {
    match word.split_once('/') {
        None => UNIVERSAL.contains(&word),
        Some((area, place)) => {
            AREAS.contains(&area)
                && !place.is_empty()
                && place.chars().all(|letter| {
                    letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '+' | '/')
                })
        }
    }
}

/// Names of universal time, from the database's file `etcetera` and its links in `backward`.
const UNIVERSAL: &[&str] = &["UTC", "utc", "GMT", "UCT", "Zulu", "Universal"];

/// The areas that its names start with, from its file `tzdata.zi`.
const AREAS: &[&str] = &[
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Brazil",
    "Canada",
    "Chile",
    "Etc",
    "Europe",
    "Indian",
    "Mexico",
    "Pacific",
    "US",
];
