//! Jinja templates as pieces of text, and the calls inside them.
//!
//! The lexer finds where template code stands; it does not run any. It never fails: a tag that is
//! not closed ends with its line, so that a half-typed one costs no more than that. Nothing here
//! knows SQL or dbt.

mod call;
mod called;
mod lexer;

pub use call::{Argument, Call, call, calls, literal, literals};
pub use called::called;
pub use lexer::{Piece, PieceKind, pieces};
