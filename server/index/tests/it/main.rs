//! The index from outside: files in memory, changes, and what is known afterwards.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    unreachable_pub,
    missing_docs,
    reason = "a test fails by panicking, and nobody uses it from outside"
)]

mod differential;
mod joining;
mod reach;
mod relations;
mod support;
mod undefined;
