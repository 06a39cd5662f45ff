//! The canonical form: queries that mean the same are equal in it, column by column and clause by
//! clause.
//!
//! A query is rewritten step by step, each of which keeps its columns and rows: what only spells the
//! same in another way ends as one spelling. Then its inputs are called by what they read. It is
//! sound before it is complete: what is equal here means the same on all data; what differs here may
//! still mean the same.

mod arena;
mod compose;
mod describe;
mod equal;
mod finish;
mod inputs;
mod merge;
mod print;
mod scalar;
mod scope;
mod semi;
mod set;
mod settle;
mod simplify;
mod strict;
mod term;
mod tree;
mod words;
mod written;

pub(crate) use simplify::keeps_value;
pub use written::{Step, Written, WrittenColumn, WrittenRows, written};

use arena::Arena;
use inputs::Scope;
use sql::lower::Clause;
use sql::relation::{Cast, DataType, Expression, Query, RelationId};
use std::fmt;
use syntax::Name;
use term::{Head, Term};

/// What a query means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Canonical {
    /// Its columns, in their order.
    pub columns: Vec<ColumnMeaning>,
    /// There are further columns that are not known.
    pub open: bool,
    /// Which rows it gives.
    pub rows: RowsMeaning,
}

/// What a column means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnMeaning {
    /// Its name; `None` where the database makes one up.
    pub name: Option<Name>,
    /// Its value.
    pub meaning: Meaning,
    /// Its type, where a cast round the whole of it gives one. A cast that keeps the value is no part
    /// of `meaning`.
    pub data_type: Option<DataType>,
}

/// What a value or a clause means, over the columns of the tables that the query reads. Equal
/// meanings are the same value on all data; they are written as SQL, equal ones by the same text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Meaning(Term);

/// What decides which rows there are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowsMeaning {
    /// What each clause says, in order: one conjunct, key, input or branch each. Conditions of inner
    /// joins are among those of [`Clause::Where`].
    pub clauses: Vec<ClauseMeaning>,
}

/// One thing that decides rows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClauseMeaning {
    /// In which clause.
    pub clause: Clause,
    /// What it says.
    pub meaning: Meaning,
}

/// Whether two meanings are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sameness {
    /// They mean the same.
    Same,
    /// They have another form, and may mean the same all the same.
    Different,
    /// Something in them is not known.
    Unknown,
}

/// The canonical form of a query.
pub fn canonical(query: &Query) -> Canonical {
    described(query, true)
}

/// What the columns of a query mean, each by itself: where a condition makes another column equal to
/// one, neither stands for the other. So a changed condition alters no column.
pub(crate) fn unequated(query: &Query) -> Vec<ColumnMeaning> {
    described(query, false).columns
}

fn described(query: &Query, equates: bool) -> Canonical {
    let (mut arena, root) = normal(query, equates);
    let mut types: Vec<Option<DataType>> = query.root().columns.iter().map(|_| None).collect();
    lift_casts(&mut arena, root, &mut types);
    let of_distinct = types_of_distinct(&mut arena, root);
    let described = describe::relation(&mut arena, root, &Scope::default());
    let columns = query.root().columns.iter().zip(described.columns);
    let columns = columns
        .zip(types)
        .enumerate()
        .map(|(at, ((column, term), data_type))| {
            let name = column.name.clone();
            match of_distinct.get(at).cloned().flatten() {
                // It decides the rows, and is no more part of the value than elsewhere.
                Some(of_distinct) => ColumnMeaning {
                    name,
                    meaning: Meaning(term.without_cast()),
                    data_type: Some(of_distinct),
                },
                None => ColumnMeaning {
                    name,
                    meaning: Meaning(term),
                    data_type,
                },
            }
        });
    let clauses = described.rows.clauses.into_iter();
    Canonical {
        columns: columns.collect(),
        open: query.root().open,
        rows: RowsMeaning {
            clauses: clauses
                .map(|(clause, term)| ClauseMeaning {
                    clause,
                    meaning: Meaning(term),
                })
                .collect(),
        },
    }
}

/// A query with the same columns and rows, in the form that [`canonical`] compares, but for the order
/// of what has none.
pub fn normalized(query: &Query) -> Query {
    let (arena, root) = normal(query, true);
    arena.into_query(root)
}

fn normal(query: &Query, equates: bool) -> (Arena, RelationId) {
    let (mut arena, root) = Arena::new(query);
    arena.equates = equates;
    settle::settle(&mut arena, root, None);
    (arena, root)
}

/// Takes casts off the columns of a select that only give them a type.
fn lift_casts(arena: &mut Arena, root: RelationId, types: &mut [Option<DataType>]) {
    let mut relation = arena.take(root);
    if let sql::relation::Body::Select(select) = &mut relation.body
        && select.distinct == sql::relation::Distinct::Keep
    {
        for (value, data_type) in select.projection.iter_mut().zip(types) {
            if let Expression::Cast(Cast {
                value: inner,
                to,
                or_null: false,
            }) = value
            {
                *data_type = Some(to.clone());
                if simplify::keeps_value(inner, to) {
                    *value = std::mem::replace(inner, Expression::NULL);
                }
            }
        }
    }
    arena.put(root, relation);
}

/// The types that casts give to the columns of a select of distinct rows, where they keep the values.
fn types_of_distinct(arena: &mut Arena, root: RelationId) -> Vec<Option<DataType>> {
    let relation = arena.take(root);
    let mut types = Vec::new();
    if let sql::relation::Body::Select(select) = &relation.body
        && select.distinct != sql::relation::Distinct::Keep
    {
        let kept = select.projection.iter().map(|value| match value {
            Expression::Cast(cast) if !cast.or_null => {
                simplify::keeps_value(&cast.value, &cast.to).then(|| cast.to.clone())
            }
            _ => None,
        });
        types = kept.collect();
    }
    arena.put(root, relation);
    types
}

impl Meaning {
    /// Whether nothing in it is unknown, but what a name stands for which is the same everywhere.
    pub fn is_known(&self) -> bool {
        self.0.is_known()
    }

    /// Whether every name in it stands for something.
    pub fn is_resolved(&self) -> bool {
        self.0.is_resolved()
    }

    /// Whether it means the same as another.
    pub fn compare(&self, other: &Meaning) -> Sameness {
        let known = self.is_known() && other.is_known();
        match (known, self == other) {
            (true, true) => Sameness::Same,
            (true, false) => Sameness::Different,
            (false, _) => Sameness::Unknown,
        }
    }

    /// A number that equal meanings share, the same on every machine and every day.
    pub fn digest(&self) -> u128 {
        self.0.digest()
    }

    /// Whether it is a constant.
    pub fn is_constant(&self) -> bool {
        matches!(self.0.head, Head::Literal(_))
    }

    /// Whether it is a column of a table as it is.
    pub fn is_column(&self) -> bool {
        self.column().is_some()
    }

    /// What it is called there, where it is a column of a table as it is.
    pub fn column(&self) -> Option<&Name> {
        match &self.0.head {
            Head::Column(_, name) => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::text(&self.0))
    }
}

impl RowsMeaning {
    /// Whether nothing in it is unknown.
    pub fn is_known(&self) -> bool {
        self.clauses.iter().all(|clause| clause.meaning.is_known())
    }

    /// Whether they are the same rows as others.
    pub fn compare(&self, other: &RowsMeaning) -> Sameness {
        let known = self.is_known() && other.is_known();
        match (known, self == other) {
            (true, true) => Sameness::Same,
            (true, false) => Sameness::Different,
            (false, _) => Sameness::Unknown,
        }
    }

    /// What a clause says, in order.
    pub fn of(&self, clause: Clause) -> impl Iterator<Item = &Meaning> {
        let of = self.clauses.iter().filter(move |of| of.clause == clause);
        of.map(|of| &of.meaning)
    }

    /// What these rows have in their clauses and others have not.
    pub fn beyond<'m>(&'m self, other: &RowsMeaning) -> Vec<&'m ClauseMeaning> {
        let beyond = self
            .clauses
            .iter()
            .filter(|clause| !other.clauses.contains(clause));
        beyond.collect()
    }
}
