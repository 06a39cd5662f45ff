//! The amendment that says that something has another name: what was agreed under the old one is read
//! through it, and nothing of history is edited.

use super::amendment::{self, Draft};
use super::sheet::Sheet;
use super::{Fix, Fixing, draft};
use index::{FileId, Snapshot};
use syntax::TextEdit;

/// What an amendment says of a rename.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// What was done, as a sentence.
    pub change: String,
    /// What it changes, such as `orders.total`.
    pub changes: Vec<String>,
    /// The sentences, such as `orders.total is renamed from amount`.
    pub sentences: Vec<String>,
}

/// Makes `edits` in the native spec `spec`, and drafts the amendment of its product that says why behind
/// its other amendments. The cursor goes to the requirement, which is left to whoever has it.
///
/// `None` where the file is no native spec, names no product, or can't be edited without harm.
pub fn record_rename(
    snapshot: &Snapshot,
    spec: FileId,
    edits: Vec<TextEdit>,
    rename: &Rename,
) -> Option<Fix> {
    let fixing = Fixing::new(snapshot);
    let file = snapshot.file(spec).filter(|file| !file.quiet)?;
    let mut sheet = Sheet::open(&fixing, file)?;
    if !edits.is_empty() {
        sheet.take(edits)?;
    }
    let draft = Draft {
        id: amendment::free_id(&fixing, file)?,
        requirement: None,
        change: rename.change.clone(),
        changes: rename.changes.clone(),
        supersedes: Vec::new(),
        guarantees: rename.sentences.clone(),
        is_guess: false,
    };
    amendment::add(&fixing, &mut sheet, &draft)?;
    Some(sheet.fix(rename.change.clone(), Some(draft::REQUIREMENT)))
}
