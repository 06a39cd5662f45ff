//! The fronts of Rationale: the command line and the language server, both thin over `checks` and
//! `ide`, and the real file system.
//!
//! **Invariant:** no logic lives here that two fronts need.

pub mod cli;
pub mod lsp;
pub mod revision;
pub mod system;
