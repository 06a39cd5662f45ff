//! The requests that read the workspace, one file each: find the file and the place, ask `ide`,
//! convert the answer.

mod call_hierarchy;
mod code_action;
mod code_lens;
mod completion;
mod definition;
mod diagnostic;
mod document_highlight;
mod document_link;
mod document_symbol;
mod folding_range;
mod formatting;
mod hover;
mod inlay_hint;
mod references;
mod rename;
mod selection_range;
mod semantic_tokens;
mod signature_help;
mod will_rename_files;

pub(super) use call_hierarchy::{incoming_calls, outgoing_calls, prepare_call_hierarchy};
pub(super) use code_action::{FIX_ALL, code_actions, document_of, resolve_code_action};
pub(super) use code_lens::{code_lenses, resolve_code_lens};
pub(super) use completion::{completions, resolve_completion};
pub(super) use definition::{declaration, definition, type_definition};
pub(super) use diagnostic::document_diagnostics;
pub(super) use document_highlight::document_highlights;
pub(super) use document_link::document_links;
pub(super) use document_symbol::{document_symbols, workspace_symbols};
pub(super) use folding_range::folding_ranges;
pub(super) use formatting::formatting;
pub(super) use hover::hover;
pub(super) use inlay_hint::inlay_hints;
pub(super) use references::references;
pub(super) use rename::{prepare_rename, rename};
pub(super) use selection_range::selection_ranges;
pub(super) use semantic_tokens::{legend, semantic_tokens, semantic_tokens_in_range};
pub(super) use signature_help::signature_help;
pub(super) use will_rename_files::will_rename_files;
