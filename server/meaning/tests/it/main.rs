//! What queries mean, told from SQL text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    unreachable_pub,
    missing_docs,
    reason = "a test fails by a panic, in its helpers too, and reads its own fixtures"
)]

mod canonical;
mod complete;
#[allow(clippy::print_stdout, reason = "the rates are a report")]
mod conformance;
mod derive;
mod difference;
mod duckdb;
#[path = "../../../../tests/duckdb/mod.rs"]
mod engine;
mod evaluate;
mod forms;
#[path = "../../../../tests/fuzz/short.rs"]
mod fuzz;
mod guarantee;
mod hostile;
mod judged_pairs;
mod lineage;
mod mutants;
mod pairs;
mod places;
#[path = "../../../../tests/edits/mod.rs"]
mod refactor;
mod refactorings;
mod shop;
mod substitute;
mod support;
mod witness;
