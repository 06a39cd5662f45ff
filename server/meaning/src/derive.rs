//! What follows from a query about its columns and rows: types, whether a column can be `NULL`, what
//! each row is told from, and which joins may repeat rows.
//!
//! Everything is a function of the query and of what is declared of its tables ([`Facts`]). What does
//! not follow is not known, and is never guessed: a column of which nothing is declared is neither
//! nullable nor free of `NULL`. Names, not positions: a [`Cause`] says in which relation an operator
//! stands, and the places beside the query tell where that is.

mod data_type;
mod facts;
mod grain;
mod nullability;
mod scope;

pub use data_type::{Types, data_type};
pub use facts::{Facts, NoFacts};
pub use grain::{FanOut, Grain, fan_out, grain, repeated_by};
pub use nullability::{Cause, CauseKind, Nullabilities, Nullability, nullability, nullability_in};

/// Expressions that are nested deeper are not looked into.
const DEEPEST: u32 = 200;
