//! The server from outside: the real `lsp::serve` over a pair of pipes, or the real program, driven
//! by a client that does what real clients do, good and bad.
//!
//! Nothing here sleeps for a fixed time: everything waits for what it expects, with a limit.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests say what they expect"
)]

mod agreement;
mod base;
mod client;
mod configuration;
mod describing;
mod diagnostics;
mod encodings;
mod ending;
mod failures;
mod features;
mod files;
mod hints;
mod lenses;
mod load;
mod ordering;
mod outline;
mod renaming;
mod shop;
mod spec_first;
mod traces;
mod typing;
mod unanswered;
