//! The fronts of Rationale: the command line and the language server, both thin over `checks` and
//! `ide`, the real file system, and the revisions that git keeps of it.
//!
//! **Invariant:** no logic lives here that two fronts need.

pub mod cli;
pub mod lsp;
pub mod revision;
pub mod system;
