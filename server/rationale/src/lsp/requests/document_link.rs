//! `textDocument/documentLink`

use crate::lsp::view::View;
use ide::LinkTarget;
use tower_lsp::ls_types::{DocumentLink, DocumentLinkParams};

/// What in a document leads out of it.
pub(in crate::lsp) fn document_links(
    view: &View,
    params: &DocumentLinkParams,
) -> Option<Vec<DocumentLink>> {
    let file = view.file(&params.text_document.uri)?;
    let links = ide::links(&view.snapshot, file.id).into_iter();
    let links = links.filter_map(|link| {
        let target = match link.to {
            LinkTarget::Url(url) => url.parse().ok()?,
            LinkTarget::File(file) => view.uri(&view.snapshot.file(file)?.path)?,
        };
        Some(DocumentLink {
            range: view.range(file, link.range)?,
            target: Some(target),
            tooltip: None,
            data: None,
        })
    });
    Some(links.collect())
}
