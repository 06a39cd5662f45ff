//! What queries mean, told from SQL text.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, in its helpers too"
)]

#[allow(clippy::print_stdout, reason = "the rates are a report")]
mod conformance;
mod forms;
mod hostile;
mod lineage;
mod places;
mod support;
