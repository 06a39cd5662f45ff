//! What the YAML stack promises, tested from outside of the crate.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by a panic, in its helpers too"
)]

mod agreement;
mod conformance;
mod edits;
mod fuzz;
mod half_typed;
mod hostile;
mod support;
mod tolerance;
