//! What a reader would want to be written at a place, and is not: the type and the unit of a column in
//! SQL, and in a spec, what has become of an amendment since.
//!
//! Only what is declared or follows for certain is said, and nothing that can be read right there.

mod spec_file;
mod sql_file;

use index::{FileId, Snapshot};
use syntax::{TextRange, TextSize};

/// Words that are shown in the text without being a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlayHint {
    /// Behind what they stand.
    pub at: TextSize,
    /// The words.
    pub text: String,
    /// What they are.
    pub kind: HintKind,
    /// The place that they lead to.
    pub leads_to: Option<(FileId, TextRange)>,
}

/// What a hint tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HintKind {
    /// The type or the unit of a column.
    Type,
    /// What has become of something since it was written.
    Standing,
}

/// The hints in a part of a file, in the order of the text.
pub fn inlay_hints(snapshot: &Snapshot, file: FileId, within: TextRange) -> Vec<InlayHint> {
    let Some(file) = snapshot.file(file) else {
        return Vec::new();
    };
    let mut hints = if let Some(spec) = file.native_spec() {
        spec_file::hints(snapshot, file, spec, within)
    } else if file.sql().is_some() {
        sql_file::hints(snapshot, file, within)
    } else {
        Vec::new()
    };
    hints.sort_by_key(|hint| hint.at);
    hints
}
