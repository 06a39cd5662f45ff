//! The typed spec: products, tables, columns and amendments, from native specs and from dbt files.
//!
//! One file's text goes in, typed facts and a list of problems come out; decoding never fails.
//! Nothing here reads a file or parses SQL: that of a guarantee is text.

pub mod dbt;
pub mod format;
pub mod guarantee;
pub mod history;
pub mod keys;
pub mod lock;
pub mod model;
mod name;
pub mod native;
mod nearest;
pub mod problem;
mod reader;
mod scalar;

pub use nearest::nearest;
pub use problem::{Decoded, Problem, ProblemCode, Repair};
