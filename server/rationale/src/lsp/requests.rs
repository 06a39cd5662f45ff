//! The requests that read the workspace, one file each: find the file and the place, ask `ide`,
//! convert the answer.

mod call_hierarchy;
mod code_action;
mod definition;
mod diagnostic;
mod document_highlight;
mod hover;
mod references;

pub(super) use call_hierarchy::{incoming_calls, outgoing_calls, prepare_call_hierarchy};
pub(super) use code_action::code_actions;
pub(super) use definition::definition;
pub(super) use diagnostic::document_diagnostics;
pub(super) use document_highlight::document_highlights;
pub(super) use hover::hover;
pub(super) use references::references;
