//! The diagnostics from outside: the Markdown suites, and what must hold for all of their workspaces.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets the unexpected is to fail there"
)]

mod fixes;
mod incremental;
mod reach;
mod registry;
mod suite;
mod suites;
mod workspace;
