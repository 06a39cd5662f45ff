//! `textDocument/selectionRange`

use crate::lsp::view::View;
use tower_lsp::ls_types::{SelectionRange, SelectionRangeParams};

/// For each position the parts around it, each inside of the next. The protocol wants an answer for
/// every position, so one of which nothing is known answers with itself.
pub(in crate::lsp) fn selection_ranges(
    view: &View,
    params: &SelectionRangeParams,
) -> Option<Vec<SelectionRange>> {
    let file = view.file(&params.text_document.uri)?;
    let text = view.text(file)?;
    let ranges = params.positions.iter().map(|position| {
        let parts = match view.offset(file, *position) {
            Some(offset) => ide::selections(&view.snapshot, file.id, offset),
            None => Vec::new(),
        };
        let outward = parts.into_iter().rev();
        let nested = outward.fold(None, |parent: Option<SelectionRange>, part| {
            Some(SelectionRange {
                range: text.range(part, view.abilities),
                parent: parent.map(Box::new),
            })
        });
        nested.unwrap_or(SelectionRange {
            range: tower_lsp::ls_types::Range::new(*position, *position),
            parent: None,
        })
    });
    Some(ranges.collect())
}
