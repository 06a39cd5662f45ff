//! Whether a query keeps what a sentence guarantees.
//!
//! A sentence is *contradicted* where some input that what is declared and the query's own conditions
//! allow makes it false, and an example or the text itself proves it; *at risk* where one named operator
//! lets data break it; it *holds* where it follows. Everything else can't be told. Names in sentences are
//! bound before: here they are columns of tables that the query mentions, or its own.

mod agreed;
mod blame;
mod cast;
mod counted;
mod counterexample;
mod data_type;
mod every_row;
mod exposure;
mod formula;
mod inside;
mod key;
mod latest;
mod linked;
mod literals;
mod matching;
mod narrowed;
mod null;
mod once;
mod output;
mod per;
mod provenance;
mod rows;
mod subject;
mod told;
mod trace;
mod unique;
mod unit;
mod unnamed;
mod value;
mod ways;
mod zone;

pub use agreed::Agreed;
pub use data_type::{WantedType, has_type};
pub use every_row::keeps_every_row;
pub use formula::{ColumnRef, Formula};
pub use latest::keeps_latest;
pub use literals::is_one_of;
pub use matching::{excludes_matching, only_has_matching};
pub use null::never_null;
pub use once::counts_once;
pub use provenance::{Leaks, Origin, comes_from, comes_unchanged, leaks, never_comes_from};
pub use rows::{allows_only, lets_in};
pub use subject::Subject;
pub use told::told;
pub use unique::is_unique;
pub use unit::is_in_unit;
pub use value::{Definition, Known, has_value};
pub use zone::is_in_zone;

use crate::derive::CauseKind;
use crate::witness::Witness;
use sql::relation::{InputId, RelationId};
use std::fmt;

/// Whether a sentence holds for a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It follows from the text and from what is declared.
    Holds,
    /// It is false for some input, for no fact about the data beyond the text.
    Contradicted(Contradiction),
    /// An operator lets data break it, and nothing declared rules that out.
    AtRisk(Risk),
    /// It can't be told.
    Undecided(Reason),
}

/// What breaks a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// Where it is broken.
    pub at: Piece,
    /// What the SQL has in place of what was agreed, as SQL or as words.
    pub now: Option<String>,
    /// Input rows that show it: what was agreed, and what the query gives.
    pub witness: Option<Witness>,
}

/// What may break a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Risk {
    /// Where the operator stands.
    pub at: Piece,
    /// Which one it is.
    pub operator: RiskyOperator,
}

/// An operator that lets data break a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RiskyOperator {
    /// It makes a value `NULL`.
    Null(CauseKind),
    /// A join on what is no known key of the other side: it may repeat rows.
    FanOut,
    /// Branches that are put together may repeat each other's rows.
    Union,
    /// A join drops rows that have no partner.
    InnerJoin,
    /// Groups are finer than the sentence.
    FinerGroups,
}

/// A part of a query, by ordinals; the places beside the query tell where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// All of it.
    Whole,
    /// A column of a relation.
    Column(RelationId, usize),
    /// A mention of a table, a CTE or a subquery.
    Input(InputId),
    /// The `WHERE` of a relation.
    Filter(RelationId),
    /// The `DISTINCT` of a relation.
    Distinct(RelationId),
}

/// Why it can't be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// There is no query that makes the table.
    NoQuery,
    /// A `*` brings columns that are not known.
    OpenStar,
    /// Something in the SQL is not known: a macro, a function, a form that is not modelled.
    UnknownSql,
    /// What the sentence names is not to be found where the column is computed.
    OutOfReach,
    /// A name in the sentence would stand for another column than when it was agreed.
    Rebound,
    /// The column is computed from other columns than the sentence names.
    OtherColumns,
    /// Neither a proof nor an example was found.
    NoProof,
    /// It differs, and by no more than the rounding of a column without a type may explain.
    MayBeRounding,
    /// Other statements fill the table or change its rows.
    OtherStatements,
    /// It depends on what is declared of tables, and too little is.
    NothingDeclared,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::NoQuery => "no SQL of the workspace makes the table",
            Reason::OpenStar => "a `*` brings columns that are not known",
            Reason::UnknownSql => "something in the SQL is not known",
            Reason::OutOfReach => {
                "what the sentence names can't be found where the SQL computes it"
            }
            Reason::Rebound => "a name in it would stand for something else now",
            Reason::OtherColumns => "the SQL computes it from other columns",
            Reason::OtherStatements => "other statements fill the table or change its rows",
            Reason::NoProof => "neither a proof nor an example was found",
            Reason::MayBeRounding => {
                "it differs by less than one, which may be the rounding of a column without a type"
            }
            Reason::NothingDeclared => "too little is declared of the tables that it reads",
        })
    }
}

impl Answer {
    /// The answer for a table that is made of several queries, each with its own: broken where one is.
    fn of_all(answers: impl IntoIterator<Item = Answer>) -> Answer {
        let mut all = Answer::Holds;
        for answer in answers {
            let rank = |answer: &Answer| match answer {
                Answer::Contradicted(_) => 3,
                Answer::AtRisk(_) => 2,
                Answer::Undecided(_) => 1,
                Answer::Holds => 0,
            };
            if rank(&answer) > rank(&all) {
                all = answer;
            }
        }
        all
    }
}
