//! SQL files: which tables they define, which columns these have, and what they read.
//!
//! One file's text goes in, its [`SqlFacts`] come out. Nothing here looks at another file: what a
//! `*` over another table stands for is written down as such, and resolved by who knows the
//! workspace. The parser's own tree never leaves this crate.

mod analysis;
pub mod cursor;
mod dialect;
pub mod edit;
pub mod facts;
pub mod functions;
mod lexeme;
pub mod lower;
mod named_types;
pub mod outline;
mod parse;
mod prepare;
pub mod relation;
pub mod render;
mod resolve;
mod skeleton;
mod template;

pub use analysis::{Analysis, Options, Problem, Projection, Templating, analyze, parses};
pub use dialect::{Dialect, UnknownDialect};
pub use facts::SqlFacts;

/// The stack that a thread should have which reads SQL, in bytes: nested input takes what it takes. Only
/// what is used of it takes memory.
pub const STACK_SIZE: usize = 128 << 20;
