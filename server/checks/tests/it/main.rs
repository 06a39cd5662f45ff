//! The diagnostics from outside: the Markdown suites, and what must hold for all of their workspaces.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that meets the unexpected is to fail there"
)]

mod edits;
#[allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs,
    clippy::string_slice,
    reason = "shared with the tests of `meaning`, which ask more of it"
)]
#[path = "../../../../tests/edits/mod.rs"]
mod edits_of_models;
#[allow(unreachable_pub, reason = "shared with the tests of `meaning`")]
#[path = "../../../../tests/duckdb/mod.rs"]
mod engine;
mod fixes;
mod incremental;
mod locks;
#[allow(clippy::string_slice, reason = "at offsets that our own trees give")]
mod outside;
mod reach;
mod registry;
mod restored;
mod suite;
mod suites;
#[allow(clippy::string_slice, reason = "at the letters of its own texts")]
mod typing;
mod workspace;
