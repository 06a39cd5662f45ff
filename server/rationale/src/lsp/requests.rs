//! The requests that read the workspace, one file each: find the file and the place, ask `ide`,
//! convert the answer.

mod code_action;
mod definition;
mod diagnostic;
mod hover;

pub(super) use code_action::code_actions;
pub(super) use definition::definition;
pub(super) use diagnostic::document_diagnostics;
pub(super) use hover::hover;
