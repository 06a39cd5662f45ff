//! `textDocument/definition`

use crate::lsp::view::View;
use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse, Location, LocationLink};

/// Where what stands at a position is defined: from SQL to the spec, from the spec to SQL.
pub(in crate::lsp) fn definition(
    view: &View,
    params: &GotoDefinitionParams,
) -> Option<GotoDefinitionResponse> {
    let asked = &params.text_document_position_params;
    let file = view.file(&asked.text_document.uri)?;
    let offset = view.offset(file, asked.position)?;
    let targets = ide::definition(&view.snapshot, file.id, offset);
    let links: Vec<LocationLink> = targets
        .iter()
        .filter_map(|target| {
            let target_file = view.snapshot.file(target.file)?;
            Some(LocationLink {
                origin_selection_range: view.range(file, target.origin),
                target_uri: view.uri(&target_file.path)?,
                target_range: view.range(target_file, target.full)?,
                target_selection_range: view.range(target_file, target.focus)?,
            })
        })
        .collect();
    if links.is_empty() {
        return None;
    }
    if view.abilities.definition_links {
        return Some(GotoDefinitionResponse::Link(links));
    }
    let locations = links
        .into_iter()
        .map(|link| Location::new(link.target_uri, link.target_selection_range));
    Some(GotoDefinitionResponse::Array(locations.collect()))
}
