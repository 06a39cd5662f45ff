//! `textDocument/formatting`

use crate::lsp::view::View;
use tower_lsp::ls_types::{DocumentFormattingParams, TextEdit};

/// The edits that bring a native spec into its layout. How far to indent is the format's to say, not the
/// editor's.
pub(in crate::lsp) fn formatting(
    view: &View,
    params: &DocumentFormattingParams,
) -> Option<Vec<TextEdit>> {
    let file = view.file(&params.text_document.uri)?;
    let text = view.text(file)?;
    let edits = ide::formatting(&view.snapshot, file.id).into_iter();
    let edits =
        edits.map(|edit| TextEdit::new(text.range(edit.range, view.abilities), edit.insert));
    Some(edits.collect())
}
