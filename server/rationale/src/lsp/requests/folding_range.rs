//! `textDocument/foldingRange`

use crate::lsp::view::View;
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind, FoldingRangeParams};

/// What can be folded away in a document, by whole lines.
pub(in crate::lsp) fn folding_ranges(
    view: &View,
    params: &FoldingRangeParams,
) -> Option<Vec<FoldingRange>> {
    let file = view.file(&params.text_document.uri)?;
    let folds = ide::folds(&view.snapshot, file.id).into_iter();
    let folds = folds.map(|fold| FoldingRange {
        start_line: fold.first,
        end_line: fold.last,
        kind: fold.is_comment.then_some(FoldingRangeKind::Comment),
        ..FoldingRange::default()
    });
    Some(folds.collect())
}
