//! `orders.order_amount comes from order_lines.unit_price`, `contacts.email_hash comes from
//! contacts.email only through SHA2`, `orders never comes from customers.birth_date`

use super::cast::keeps_all;
use super::subject::{DEEPEST, Subject};
use super::trace::relation_of;
use super::unnamed::{Brought, brought};
use super::{Answer, Contradiction, Piece, Reason};
use crate::derive;
use sql::facts::TableRef;
use sql::relation::{Body, Cast, Expression, InputId, Query, RelationId, Source};
use std::collections::BTreeSet;
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
            at: Piece::Column(subject.query.root, position),
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
            at: Piece::Column(subject.query.root, position),
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
    if ways.is_mixed && is_last {
        return broken("it comes from elsewhere too");
    }
    match (ways.is_complete, ways.is_mixed, kept) {
        (false, _, _) => Answer::Undecided(Reason::UnknownSql),
        (true, true, _) => Answer::Undecided(Reason::NoProof),
        (true, false, None) => Answer::Undecided(Reason::NothingDeclared),
        (true, false, Some(_)) => Answer::Holds,
    }
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
            (true, _) => broken(Piece::Column(subject.query.root, position)),
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

/// The ways from a column to an origin.
#[derive(Default)]
struct Ways<'q> {
    /// How many there are without any of the functions.
    plain: usize,
    /// How many there are through one of them.
    through: usize,
    /// Something stands on a way, or beside it, that makes another value of it.
    is_changed: bool,
    /// What stands there and may make another value of it.
    casts: Vec<&'q Cast>,
    /// A way leads to a column of another table, or to another column.
    is_mixed: bool,
    /// Nothing on the way is unknown.
    is_complete: bool,
}

struct Walk<'w> {
    subject: &'w Subject,
    origin: &'w Origin,
    functions: &'w [String],
    ways: Ways<'w>,
    /// What was gone through: what is reached twice is gone through once.
    seen: BTreeSet<(RelationId, usize, bool)>,
}

impl<'q> Ways<'q> {
    fn of(
        subject: &'q Subject,
        position: usize,
        origin: &'q Origin,
        functions: &'q [String],
    ) -> Ways<'q> {
        let mut walk = Walk {
            subject,
            origin,
            functions,
            ways: Ways {
                is_complete: true,
                ..Ways::default()
            },
            seen: BTreeSet::new(),
        };
        walk.column(subject.query.root, position, false, 0);
        walk.ways
    }
}

impl<'w> Walk<'w> {
    fn query(&self) -> &Query {
        &self.subject.query
    }

    fn column(&mut self, relation: RelationId, position: usize, through: bool, depth: usize) {
        if depth > DEEPEST {
            self.ways.is_complete = false;
            return;
        }
        if !self.seen.insert((relation, position, through)) {
            return;
        }
        let subject = self.subject;
        match &subject.query.relation(relation).body {
            Body::Select(select) => match select.projection.get(position) {
                Some(value) => self.value(relation, value, through, depth),
                None => self.ways.is_complete = false,
            },
            Body::Set(set) => {
                // Behind a `*` of one branch alone, it can't be told what stands beside what.
                let is_open = |branch| subject.query.relation(branch).open;
                self.ways.is_complete &= is_open(set.left) == is_open(set.right);
                self.column(set.left, position, through, depth + 1);
                self.column(set.right, position, through, depth + 1);
            }
            Body::Recursive { seed, step, .. } => {
                self.ways.is_changed = true;
                self.column(*seed, position, through, depth + 1);
                self.column(*step, position, through, depth + 1);
            }
            Body::Values(_) => self.ways.is_changed = true,
            Body::Unknown { .. } => self.ways.is_complete = false,
        }
    }

    fn value(&mut self, home: RelationId, value: &'w Expression, through: bool, depth: usize) {
        match value {
            Expression::Column { input, name } => self.leaf(home, *input, name, through),
            Expression::Output { input, position } => {
                let Some(relation) = self.relation_of(home, *input) else {
                    self.ways.is_complete = false;
                    return;
                };
                // The query stands for a table that may be the origin itself.
                let named = self
                    .query()
                    .relation(relation)
                    .columns
                    .get(*position as usize);
                let named = named.and_then(|column| column.name.as_ref());
                if self.is_origin(home, *input, named) {
                    self.arrive(through);
                    return;
                }
                self.column(relation, *position as usize, through, depth + 1);
            }
            Expression::Cast(cast) => {
                self.ways.casts.push(cast);
                self.value(home, &cast.value, through, depth);
            }
            Expression::Unknown(unknown) => {
                self.ways.is_complete = false;
                for part in &unknown.over {
                    self.value(home, part, through, depth);
                }
            }
            Expression::Subquery(subquery) => {
                self.ways.is_changed = true;
                self.column(subquery.relation, 0, through, depth + 1);
            }
            other => {
                self.ways.is_changed = true;
                let function = function_of(other);
                let through = through
                    || function.is_some_and(|function| {
                        let mut functions = self.functions.iter();
                        functions.any(|wanted| is_called(function, wanted))
                    });
                let mut parts = Vec::new();
                other.for_each_part(&mut |part| parts.push(part));
                for part in parts {
                    self.value(home, part, through, depth);
                }
            }
        }
    }

    fn leaf(&mut self, home: RelationId, input: InputId, name: &Name, through: bool) {
        if self.is_origin(home, input, Some(name)) {
            self.arrive(through);
        } else if self.is_table(home, input) {
            self.ways.is_mixed = true;
            // `to_jsonb(orders) from raw.orders` may be the whole row.
            if self.input_is(home, input) && self.origin.table.last_name() == Some(name) {
                self.ways.is_complete = false;
            }
        } else {
            self.ways.is_complete = false;
        }
    }

    fn arrive(&mut self, through: bool) {
        match through {
            true => self.ways.through += 1,
            false => self.ways.plain += 1,
        }
    }

    fn is_origin(&self, home: RelationId, input: InputId, name: Option<&Name>) -> bool {
        let wanted = &self.origin.column;
        let is_named = wanted.is_none() || wanted.as_ref() == name;
        is_named && self.input_is(home, input)
    }

    fn input_is(&self, home: RelationId, wanted: InputId) -> bool {
        self.with_input(home, wanted, &|subject, input| {
            subject.is(input, &self.origin.table)
        })
    }

    fn is_table(&self, home: RelationId, wanted: InputId) -> bool {
        self.with_input(home, wanted, &|_, input| {
            matches!(input.source, Source::Table(_))
        })
    }

    /// Asks about an input: of the relation, or of one around it.
    fn with_input(
        &self,
        home: RelationId,
        wanted: InputId,
        ask: &dyn Fn(&Subject, &sql::relation::Input) -> bool,
    ) -> bool {
        if let Some(input) = self.query().relation(home).input(wanted) {
            return ask(self.subject, input);
        }
        let relations = self.query().relations.iter();
        let mut all = relations.filter_map(|relation| relation.input(wanted));
        all.any(|input| ask(self.subject, input))
    }

    fn relation_of(&self, home: RelationId, input: InputId) -> Option<RelationId> {
        relation_of(self.query(), home, input).or_else(|| {
            // A query in an expression may mention the inputs around it.
            let count = u32::try_from(self.query().relations.len()).ok()?;
            (0..count).find_map(|id| relation_of(self.query(), RelationId(id), input))
        })
    }
}

fn function_of(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Call(call) => Some(&call.function),
        Expression::Aggregate(aggregate) => Some(&aggregate.function),
        Expression::Window(window) => Some(&window.function.function),
        Expression::Operation(operation)
            if operation.operator == sql::relation::Operator::IsNull =>
        {
            Some("is null")
        }
        _ => None,
    }
}

/// Whether a function is meant by a name: `SHA2` also means `sha2_hex`, which is the same.
fn is_called(function: &str, wanted: &str) -> bool {
    function.eq_ignore_ascii_case(wanted)
        || function
            .strip_suffix("_hex")
            .is_some_and(|function| function.eq_ignore_ascii_case(wanted))
}
