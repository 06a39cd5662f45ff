//! `textDocument/documentHighlight`

use crate::lsp::view::View;
use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightKind, DocumentHighlightParams};

/// Every place in the document where what stands at a position stands. It is written where it gets
/// its name.
pub(in crate::lsp) fn document_highlights(
    view: &View,
    params: &DocumentHighlightParams,
) -> Option<Vec<DocumentHighlight>> {
    let asked = &params.text_document_position_params;
    let file = view.file(&asked.text_document.uri)?;
    let offset = view.offset(file, asked.position)?;
    let found = ide::highlights(&view.snapshot, file.id, offset).into_iter();
    let found = found.filter_map(|highlight| {
        Some(DocumentHighlight {
            range: view.range(file, highlight.range)?,
            kind: Some(if highlight.is_definition {
                DocumentHighlightKind::WRITE
            } else {
                DocumentHighlightKind::READ
            }),
        })
    });
    let found: Vec<DocumentHighlight> = found.collect();
    (!found.is_empty()).then_some(found)
}
