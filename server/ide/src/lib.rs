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
mod definition;
mod hierarchy;
mod highlights;
mod history;
mod hover;
mod lookup;
mod markdown;
mod references;
mod rename;
mod sentence;
pub mod subject;
mod tokens;

pub use code_actions::{Action, ActionKind, Asks, code_actions, draft_amendment};
pub use columns::TableId;
pub use completion::{Completion, CompletionKind, completions};
pub use definition::{Target, definition};
pub use hierarchy::{LineageItem, LineageNode, downstream, lineage_at, upstream};
pub use highlights::{Highlight, highlights};
pub use hover::{Hover, hover};
pub use references::{Reference, references};
pub use rename::{
    EditedFile, Moved, Note, NotedEdit, Prepared, Refusal, Renaming, prepare_rename, rename,
    rename_files,
};
pub use tokens::tokens;
