//! `textDocument/definition`, `textDocument/declaration` and `textDocument/typeDefinition`

use crate::lsp::view::View;
use ide::Target;
use index::{FileId, Snapshot};
use syntax::TextSize;
use tower_lsp::ls_types::{GotoDefinitionParams, GotoDefinitionResponse, Location, LocationLink};

/// Where what stands at a position is defined: from SQL to the spec, from the spec to SQL.
pub(in crate::lsp) fn definition(
    view: &View,
    params: &GotoDefinitionParams,
) -> Option<GotoDefinitionResponse> {
    answer(
        view,
        params,
        view.abilities.definition_links,
        ide::definition,
    )
}

/// The amendment that introduced what stands at a position.
pub(in crate::lsp) fn declaration(
    view: &View,
    params: &GotoDefinitionParams,
) -> Option<GotoDefinitionResponse> {
    let links = view.abilities.declaration_links;
    answer(view, params, links, ide::declaration)
}

/// The column that the one at a position is, unchanged, as far upstream as that is certain.
pub(in crate::lsp) fn type_definition(
    view: &View,
    params: &GotoDefinitionParams,
) -> Option<GotoDefinitionResponse> {
    let links = view.abilities.type_definition_links;
    answer(view, params, links, ide::type_definition)
}

fn answer(
    view: &View,
    params: &GotoDefinitionParams,
    as_links: bool,
    find: fn(&Snapshot, FileId, TextSize) -> Vec<Target>,
) -> Option<GotoDefinitionResponse> {
    let asked = &params.text_document_position_params;
    let file = view.file(&asked.text_document.uri)?;
    let offset = view.offset(file, asked.position)?;
    let targets = find(&view.snapshot, file.id, offset);
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
    if as_links {
        return Some(GotoDefinitionResponse::Link(links));
    }
    let locations = links
        .into_iter()
        .map(|link| Location::new(link.target_uri, link.target_selection_range));
    Some(GotoDefinitionResponse::Array(locations.collect()))
}
