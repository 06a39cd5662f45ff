//! The requests that read the workspace, one file each: find the file and the place, ask `ide`,
//! convert the answer.

mod call_hierarchy;
mod code_action;
mod completion;
mod definition;
mod diagnostic;
mod document_highlight;
mod hover;
mod references;
mod rename;
mod semantic_tokens;
mod will_rename_files;

pub(super) use call_hierarchy::{incoming_calls, outgoing_calls, prepare_call_hierarchy};
pub(super) use code_action::code_actions;
pub(super) use completion::completions;
pub(super) use definition::definition;
pub(super) use diagnostic::document_diagnostics;
pub(super) use document_highlight::document_highlights;
pub(super) use hover::hover;
pub(super) use references::references;
pub(super) use rename::{prepare_rename, rename};
pub(super) use semantic_tokens::{legend, semantic_tokens, semantic_tokens_in_range};
pub(super) use will_rename_files::will_rename_files;
