//! What an editor is told about a place in a file, asked at a marked place in a small workspace and
//! rendered with carets, so that the answer can be read beside the question.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test fails by panicking, with what was expected; figures are printed"
)]

mod code_actions;
mod completion;
mod definition;
mod everywhere;
mod fixture;
mod folding;
mod hierarchy;
mod highlights;
mod hints;
mod hover;
mod introduced;
mod lenses;
mod links;
mod macros;
mod named_columns;
mod references;
mod rename;
mod selection;
mod signature;
#[allow(
    dead_code,
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "shared with the tests of `checks`, which ask more of it"
)]
#[path = "../../../checks/tests/it/suite.rs"]
mod suite;
mod symbols;
mod there_and_back;
mod tokens;
