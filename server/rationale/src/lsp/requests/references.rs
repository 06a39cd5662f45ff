//! `textDocument/references`

use crate::lsp::view::View;
use tower_lsp::ls_types::{Location, ReferenceParams};

/// Every place in the workspace where what stands at a position stands.
pub(in crate::lsp) fn references(view: &View, params: &ReferenceParams) -> Option<Vec<Location>> {
    let asked = &params.text_document_position;
    let file = view.file(&asked.text_document.uri)?;
    let offset = view.offset(file, asked.position)?;
    let found = ide::references(&view.snapshot, file.id, offset).into_iter();
    let wanted = found.filter(|it| params.context.include_declaration || !it.is_definition);
    let locations = wanted.filter_map(|reference| {
        let file = view.snapshot.file(reference.file)?;
        let range = view.range(file, reference.range)?;
        Some(Location::new(view.uri(&file.path)?, range))
    });
    let locations: Vec<Location> = locations.collect();
    (!locations.is_empty()).then_some(locations)
}
