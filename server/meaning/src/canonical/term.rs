//! What a value or a clause means, without ids: a tree that can be compared, hashed and kept.

use smol_str::SmolStr;
use sql::lower::Clause;
use sql::relation::{DataType, JoinKind, Literal, Operator, SetOperator, UnknownReason};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;
use syntax::Name;

/// How many parts a column of a subquery may have before its hash stands for it.
const LARGE: usize = 400;

/// A tree of what stands inside what. Terms are mentioned often and never changed, so copies share it.
#[derive(Clone, Debug)]
pub(super) struct Term(Arc<Node>);

/// What a [`Term`] is.
#[derive(Debug)]
pub(super) struct Node {
    /// What it is.
    pub(super) head: Head,
    /// Its parts; where their order makes no difference, they are in order.
    pub(super) parts: Vec<Term>,
    /// Whether nothing in it is unknown.
    known: bool,
    /// Whether no name in it is one that no input is known to have.
    resolved: bool,
    /// How many parts it has, itself included.
    size: usize,
    /// A number that is the same for equal terms, and for no others as far as can be expected. Made
    /// once: what is shared inside would be gone through again by each who mentions it.
    digest: u128,
}

/// What a term is, and how its parts are to be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Head {
    /// A column of a table.
    Column(Label, Name),
    /// A column of a subquery; its value there is the part.
    Output(Label),
    /// A constant.
    Literal(Literal),
    /// An operator over the parts.
    Operation(Operator),
    /// A function of the parts.
    Call(SmolStr),
    /// Conditions and values in turn, then what is given otherwise.
    Case,
    /// The part as another type; `true` where it may be `NULL` instead.
    Cast(DataType, bool),
    /// An aggregate: arguments, then the filter, then the sort keys.
    Aggregate(Fold),
    /// The aggregate, then what it is partitioned by, then the sort keys.
    Window {
        /// How many parts it is partitioned by.
        partition: usize,
        /// The frame.
        frame: Option<SmolStr>,
        /// `IGNORE NULLS`
        ignores_nulls: bool,
    },
    /// A sort key: the part is its value.
    Sort(bool, Option<bool>),
    /// A query in an expression: what is compared, then its columns.
    Query(Asked, usize, Shared),
    /// A column of a set operation: its value in each branch.
    Branches(SetOperator, bool),
    /// A column of `VALUES`: its value in each row.
    Values,
    /// A column of what is not known, by its place.
    Place(u32),
    /// Something large, by its hash; `true` where nothing in it is unknown.
    Large(u128, bool),
    /// Something unknown, computed from the parts.
    Unknown(UnknownReason),
    /// What a name stands for in the database: a name that no input is known to have, or the one of
    /// the parts that there is.
    Unresolved(Option<SmolStr>),
    /// Something that is read.
    Input(Label),
    /// Joined parts, to what is read besides.
    Joined(JoinKind),
    /// One side of a join, with its own conditions.
    Side,
    /// A condition of a join: the inputs that are joined, then the condition.
    On,
    /// One row, where nothing is read.
    OneRow,
    /// All rows are one group.
    OneGroup,
    /// Grouping sets, or one of them.
    Sets,
    /// Rows are distinct: in all columns, or with `true` in these, the first by the sort keys.
    Distinct(bool),
    /// A branch of a set operation.
    Branch(SetOperator, bool, Shared),
    /// The branch whose rows are taken away.
    Without(Shared),
    /// Count, offset, sort keys. With `true` there is more that is not known.
    Limit(bool),
    /// Absent.
    Nothing,
}

/// How an aggregate takes its rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Fold {
    pub(super) function: SmolStr,
    pub(super) arguments: usize,
    pub(super) distinct: bool,
    pub(super) filtered: bool,
}

/// What is asked of a query in an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Asked {
    Scalar,
    Exists,
    In,
    Any(Operator),
    All(Operator),
    Array,
}

/// One of the things that a select reads, as it is called.
#[derive(Clone, Debug)]
pub(super) struct Label {
    /// What is read, hashed.
    pub(super) identity: u128,
    /// Which use of it.
    pub(super) number: u32,
    /// How it is called; not compared.
    pub(super) shown: SmolStr,
    /// What it is; compared by `identity`.
    pub(super) what: Arc<What>,
    /// Whether nothing in it is unknown; asked once, as functions may be given columns of others.
    pub(super) known: bool,
}

/// What is read.
#[derive(Clone, Debug, Hash)]
pub(super) enum What {
    /// A table, by its full name.
    Table(SmolStr),
    /// A subquery.
    Relation(Shared),
    /// A table function.
    Function(Term),
    /// The recursive relation around, so many levels up.
    Itself(usize),
    /// Something that is not known.
    Unknown,
}

/// Rows that several terms speak of.
#[derive(Clone, Debug)]
pub(super) struct Shared {
    pub(super) rows: Arc<Rows>,
    hash: u128,
    /// Whether nothing in them is unknown; asked once, as what they speak of may be shared in turn.
    known: bool,
}

/// What decides rows, clause by clause, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Rows {
    pub(super) clauses: Vec<(Clause, Term)>,
}

impl Term {
    pub(super) fn new(head: Head, parts: Vec<Term>) -> Term {
        let known = head.is_known() && parts.iter().all(Term::is_known);
        let resolved = head.is_resolved() && parts.iter().all(Term::is_resolved);
        let size = parts
            .iter()
            .fold(1_usize, |size, part| size.saturating_add(part.size));
        let digest = digest(&(&head, &parts));
        Term(Arc::new(Node {
            head,
            parts,
            known,
            resolved,
            size,
            digest,
        }))
    }

    pub(super) fn leaf(head: Head) -> Term {
        Term::new(head, Vec::new())
    }

    /// What is cast, where that is all that it is.
    pub(super) fn without_cast(&self) -> Term {
        match (&self.head, self.parts.as_slice()) {
            (Head::Cast(..), [inner]) => inner.clone(),
            _ => self.clone(),
        }
    }

    /// Whether nothing in it is unknown.
    pub(super) fn is_known(&self) -> bool {
        self.known
    }

    /// Whether no name in it is one that no input is known to have.
    pub(super) fn is_resolved(&self) -> bool {
        self.resolved
    }

    /// The term, or where it is large, what stands for it: the columns of subqueries inside each other
    /// could grow without bounds.
    pub(super) fn bounded(self) -> Term {
        if self.size < LARGE {
            return self;
        }
        Term::leaf(Head::Large(self.digest(), self.is_known()))
    }

    /// A number that is the same for equal terms, and for no others as far as can be expected.
    pub(super) fn digest(&self) -> u128 {
        self.digest
    }
}

impl Deref for Term {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.0
    }
}

impl PartialEq for Term {
    fn eq(&self, other: &Term) -> bool {
        self.digest == other.digest && self.size == other.size
    }
}

impl Eq for Term {}

impl PartialOrd for Term {
    fn partial_cmp(&self, other: &Term) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Term {
    fn cmp(&self, other: &Term) -> Ordering {
        if self == other {
            return Ordering::Equal;
        }
        let head = self.head.cmp(&other.head);
        head.then_with(|| self.parts.cmp(&other.parts))
    }
}

impl Hash for Term {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.digest.hash(state);
    }
}

impl Head {
    /// Whether no name in it is one that no input is known to have, whatever its parts say.
    fn is_resolved(&self) -> bool {
        match self {
            Head::Unresolved(_) => false,
            Head::Query(_, _, shared) | Head::Branch(_, _, shared) | Head::Without(shared) => {
                let clauses = &shared.rows.clauses;
                clauses.iter().all(|(_, term)| term.is_resolved())
            }
            _ => true,
        }
    }

    /// Whether it says nothing unknown, whatever its parts say.
    fn is_known(&self) -> bool {
        match self {
            Head::Unknown(_) | Head::Place(_) | Head::Limit(true) | Head::Large(_, false) => false,
            Head::Joined(JoinKind::Unknown) => false,
            Head::Column(label, _) | Head::Output(label) | Head::Input(label) => label.known,
            Head::Query(_, _, shared) | Head::Branch(_, _, shared) | Head::Without(shared) => {
                shared.known
            }
            _ => true,
        }
    }
}

impl Rows {
    pub(super) fn is_known(&self) -> bool {
        self.clauses.iter().all(|(_, term)| term.is_known())
    }
}

impl Label {
    fn key(&self) -> (u128, u32) {
        (self.identity, self.number)
    }
}

impl PartialEq for Label {
    fn eq(&self, other: &Label) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Label {}

impl PartialOrd for Label {
    fn partial_cmp(&self, other: &Label) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Label {
    /// By name first, so that texts are in an order that people can follow.
    fn cmp(&self, other: &Label) -> Ordering {
        base(&self.what)
            .cmp(base(&other.what))
            .then_with(|| self.key().cmp(&other.key()))
    }
}

impl Hash for Label {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

impl What {
    /// Whether nothing in it is unknown.
    pub(super) fn is_known(&self) -> bool {
        match self {
            What::Table(_) | What::Itself(_) => true,
            What::Relation(shared) => shared.known,
            What::Function(term) => term.is_known(),
            What::Unknown => false,
        }
    }
}

/// What something is called where it is read once.
pub(super) fn base(what: &What) -> &str {
    match what {
        What::Table(name) => name.rsplit('.').next().unwrap_or(name),
        What::Relation(_) => "subquery",
        What::Function(term) => match &term.head {
            Head::Call(name) => name,
            _ => "function",
        },
        What::Itself(_) => "itself",
        What::Unknown => "unknown",
    }
}

impl Shared {
    pub(super) fn new(rows: Rows) -> Shared {
        let hash = digest(&rows);
        let known = rows.is_known();
        Shared {
            rows: Arc::new(rows),
            hash,
            known,
        }
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Shared) -> bool {
        self.hash == other.hash
    }
}

impl Eq for Shared {}

impl PartialOrd for Shared {
    fn partial_cmp(&self, other: &Shared) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Shared {
    fn cmp(&self, other: &Shared) -> Ordering {
        self.hash.cmp(&other.hash)
    }
}

impl Hash for Shared {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.hash.hash(state);
    }
}

/// A number that is the same for what is equal, on every machine and every day.
pub(super) fn digest(value: &impl Hash) -> u128 {
    let mut fowler = Fowler::default();
    value.hash(&mut fowler);
    fowler.0
}

/// The hash of Fowler, Noll and Vo, of 128 bits.
struct Fowler(u128);

impl Default for Fowler {
    fn default() -> Fowler {
        Fowler(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Hasher for Fowler {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 ^= u128::from(*byte);
            self.0 = self
                .0
                .wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    fn write_u16(&mut self, number: u16) {
        self.write(&number.to_le_bytes());
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_u128(&mut self, number: u128) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write(&(number as i64).to_le_bytes());
    }

    fn finish(&self) -> u64 {
        (self.0 >> 64) as u64 ^ self.0 as u64
    }
}
