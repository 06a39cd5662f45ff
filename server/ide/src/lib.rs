//! Editor features as plain data: what is at a place in a file, what is known of it, where it comes
//! from and what can be done about it.
//!
//! Offsets, ranges and Markdown go in and out. Each answer reads the file it is asked about and what
//! the index links to it, never the whole workspace.
//!
//! **Invariant:** nothing here names a type of the protocol, or positions other than byte offsets.

mod code_actions;
mod columns;
mod completion;
mod declaration;
mod definition;
mod folding;
mod formatting;
mod hierarchy;
mod highlights;
mod hints;
mod history;
mod hover;
mod lenses;
mod letters;
mod links;
mod lookup;
mod macros;
mod markdown;
mod references;
mod rename;
mod selection;
mod sentence;
mod signature;
mod spoken;
pub mod subject;
mod symbols;
mod tokens;
mod type_definition;

pub use code_actions::{
    Action, ActionKind, ActionPlace, Amend, AmendmentDetails, amend, code_actions, fix_all,
    resolved,
};
pub use columns::TableId;
pub use completion::{About, Completion, CompletionKind, Completions, completions, documentation};
pub use declaration::declaration;
pub use definition::{Target, definition};
pub use folding::{Fold, folds};
pub use formatting::formatting;
pub use hierarchy::{LineageItem, LineageNode, downstream, lineage_at, upstream};
pub use highlights::{Highlight, highlights};
pub use hints::{HintKind, InlayHint, inlay_hints};
pub use hover::{Hover, hover};
pub use lenses::{CodeLens, Counted, Told, ToldLens, code_lenses, told_lens};
pub use links::{Link, LinkTarget, links};
pub use references::{Reference, references};
pub use rename::{
    EditedFile, Moved, Note, NotedEdit, PastRenames, Prepared, Refusal, Renaming, prepare_rename,
    rename, rename_files,
};
pub use selection::selections;
pub use signature::{Signature, signatures};
pub use symbols::{FoundSymbol, Symbol, SymbolKind, document_symbols, workspace_symbols};
pub use tokens::tokens;
pub use type_definition::type_definition;
