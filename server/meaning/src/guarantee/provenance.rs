//! `orders.order_amount comes from order_lines.unit_price`, `contacts.email_hash comes from
//! contacts.email only through SHA2`, `orders never comes from customers.birth_date`

use super::blame::blamed_in;
use super::cast::keeps_all;
use super::subject::Subject;
use super::unnamed::{Brought, brought};
use super::ways::Ways;
use super::{Answer, Contradiction, Piece, Reason};
use crate::derive;
use sql::facts::TableRef;
use sql::relation::{Cast, Query};
use syntax::Name;

/// A column of a table, or any column of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The table.
    pub table: TableRef,
    /// The column; any without one.
    pub column: Option<Name>,
}

/// Whether values of the column at `position` come from the origin. With functions: whether one of
/// them stands on every way. `is_last` where nothing lies further upstream than the query.
pub fn comes_from(
    subject: &Subject,
    position: usize,
    origin: &Origin,
    only_through: &[String],
    is_last: bool,
) -> Answer {
    let ways = Ways::of(subject, position, origin, only_through);
    let broken = |now: Option<String>| {
        Answer::Contradicted(Contradiction {
            at: blamed_in(subject, position, &|branch, position| {
                is_broken_so(
                    &comes_from(branch, position, origin, only_through, is_last),
                    now.as_deref(),
                )
            }),
            now,
            witness: None,
        })
    };
    if ways.plain > 0 && !only_through.is_empty() {
        return broken(Some(format!("a way without {}", only_through.join(", "))));
    }
    match (ways.plain + ways.through > 0, ways.is_complete) {
        (true, _) => Answer::Holds,
        (false, true) if is_last => broken(None),
        (false, true) => Answer::Undecided(Reason::NoProof),
        (false, false) => Answer::Undecided(Reason::UnknownSql),
    }
}

/// Whether the column at `position` is the origin's column as it is. `is_last` where nothing lies further
/// upstream than the query: only there what is another table's column is none of the origin.
pub fn comes_unchanged(
    subject: &Subject,
    position: usize,
    origin: &Origin,
    is_last: bool,
    declared: &dyn derive::Facts,
) -> Answer {
    let ways = Ways::of(subject, position, origin, &[]);
    let broken = |now: &str| {
        Answer::Contradicted(Contradiction {
            at: blamed_in(subject, position, &|branch, position| {
                let answer = comes_unchanged(branch, position, origin, is_last, declared);
                is_broken_so(&answer, Some(now))
            }),
            now: Some(now.to_owned()),
            witness: None,
        })
    };
    match (ways.plain, ways.is_complete) {
        (0, true) if is_last => return broken("it does not come from there"),
        (0, true) => return Answer::Undecided(Reason::NoProof),
        (0, false) => return Answer::Undecided(Reason::UnknownSql),
        _ => {}
    }
    let kept = are_kept(&subject.query, &ways.casts, declared);
    if ways.is_changed || kept == Some(false) {
        return broken("it is changed on the way");
    }
    if ways.is_mixed && !ways.is_picked && is_last {
        return broken("it comes from elsewhere too");
    }
    match (ways.is_complete, ways.is_mixed || ways.is_picked, kept) {
        (false, _, _) => Answer::Undecided(Reason::UnknownSql),
        (true, true, _) => Answer::Undecided(Reason::NoProof),
        (true, false, None) => Answer::Undecided(Reason::NothingDeclared),
        (true, false, Some(_)) => Answer::Holds,
    }
}

fn is_broken_so(answer: &Answer, now: Option<&str>) -> bool {
    matches!(answer, Answer::Contradicted(broken) if broken.now.as_deref() == now)
}

/// Whether casts leave every value as it is; `None` where that can't be told of one, and of none it is
/// certain that it does not.
fn are_kept(query: &Query, casts: &[&Cast], declared: &dyn derive::Facts) -> Option<bool> {
    if casts.is_empty() {
        return Some(true);
    }
    let types = derive::Types::new(query, declared);
    let mut all = Some(true);
    for cast in casts {
        let from = types.expression(&cast.value);
        match from.and_then(|from| keeps_all(&from, cast, declared.dialect())) {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

/// Whether no value of the column at `position` comes from the origin; without a position, none of any
/// column, also of those that no text names.
pub fn never_comes_from(subject: &Subject, position: Option<usize>, origin: &Origin) -> Answer {
    let broken = |at: Piece| {
        Answer::Contradicted(Contradiction {
            at,
            now: None,
            witness: None,
        })
    };
    let columns = match position {
        Some(position) => position..position.saturating_add(1),
        None => 0..subject.query.root().columns.len(),
    };
    let named = columns.map(|position| {
        let ways = Ways::of(subject, position, origin, &[]);
        match (ways.plain > 0, ways.is_complete) {
            (true, _) => broken(blamed_in(subject, position, &|branch, position| {
                Ways::of(branch, position, origin, &[]).plain > 0
            })),
            (false, true) => Answer::Holds,
            (false, false) => Answer::Undecided(Reason::UnknownSql),
        }
    });
    let unnamed = match (position, brought(subject, origin)) {
        (Some(_), _) | (None, Brought::Never) => Answer::Holds,
        (None, Brought::Perhaps) => Answer::Undecided(Reason::OpenStar),
        (None, Brought::Certainly) => broken(Piece::Whole),
    };
    Answer::of_all(named.chain([unnamed]))
}

/// The columns of a query that have values of an origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaks {
    /// Those of which it is certain, by position.
    pub columns: Vec<usize>,
    /// Why there may be more; `None` where there are none.
    pub unknown: Option<Reason>,
}

/// The columns of the query whose values come from the origin other than through a hash, a count or a
/// test for `NULL`.
pub fn leaks(subject: &Subject, origin: &Origin) -> Leaks {
    let hiding: Vec<String> = HIDING.iter().map(|name| (*name).to_owned()).collect();
    let mut leaks = Leaks {
        columns: Vec::new(),
        unknown: None,
    };
    for position in 0..subject.query.root().columns.len() {
        let ways = Ways::of(subject, position, origin, &hiding);
        if ways.plain > 0 {
            leaks.columns.push(position);
        } else if !ways.is_complete {
            leaks.unknown = Some(Reason::UnknownSql);
        }
    }
    if brought(subject, origin) != Brought::Never {
        leaks.unknown = Some(Reason::OpenStar);
    }
    leaks
}

/// Functions from whose value the argument can't be told, by the names that queries have for them.
const HIDING: [&str; 22] = [
    "approx_count_distinct",
    "count",
    "count_if",
    "farm_fingerprint",
    "fnv_hash",
    "hash",
    "hmac",
    "hmac_sha256",
    "is null",
    "md5",
    "md5_hex",
    "md5_number",
    "md5_number_lower64",
    "murmur3_32",
    "sha",
    "sha1",
    "sha1_hex",
    "sha2",
    "sha2_hex",
    "sha256",
    "sha512",
    "xxhash64",
];
