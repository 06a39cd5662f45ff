//! What an editor is told about a place in a file, asked at a marked place in a small workspace and
//! rendered with carets, so that the answer can be read beside the question.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, with what was expected"
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
mod references;
mod selection;
mod signature;
mod symbols;
mod tokens;
