//! What queries mean, told from SQL text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by a panic, in its helpers too"
)]

mod canonical;
mod complete;
mod conformance;
mod derive;
mod duckdb;
mod evaluate;
mod forms;
mod hostile;
mod judged_pairs;
mod lineage;
mod mutants;
mod pairs;
mod places;
mod shop;
mod substitute;
mod support;
mod witness;
