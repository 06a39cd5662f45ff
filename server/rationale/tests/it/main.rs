//! The program from outside: the real binary on the example and on folders made for a test.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that panics fails, and tests make the files that the program reads"
)]

mod answers;
mod base;
mod check;
mod diff;
mod explain;
mod fmt;
mod init;
mod json;
mod lineage;
mod lock;
mod meaning;
mod program;
mod readme;
mod replay;
mod revision;
mod status;
mod workspace_pair;
