//! The crate from outside.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    unreachable_pub,
    missing_docs,
    reason = "a test fails by panicking, reads its own fixtures, and nobody uses it from outside"
)]

#[path = "../refactor/mod.rs"]
mod refactor;
mod refactorings;
