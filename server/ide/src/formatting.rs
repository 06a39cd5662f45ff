//! The layout of native specs.

use index::{FileId, Snapshot};
use syntax::TextEdit;

/// The edits that bring a native spec into its layout, in the order of the text; none where it is there,
/// or where the text is not valid YAML.
pub fn formatting(snapshot: &Snapshot, file: FileId) -> Vec<TextEdit> {
    let file = snapshot
        .file(file)
        .filter(|file| file.native_spec().is_some());
    let text = file.and_then(|file| snapshot.text(file));
    let edits = text.and_then(|text| spec::format::format(&text).ok());
    edits.unwrap_or_default()
}
