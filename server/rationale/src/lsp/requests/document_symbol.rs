//! `textDocument/documentSymbol` and `workspace/symbol`

use crate::lsp::view::View;
use ide::{Symbol, SymbolKind};
use index::File;
use tower_lsp::ls_types::{
    self as types, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse, Location,
    SymbolInformation, SymbolTag, Uri, WorkspaceSymbolParams, WorkspaceSymbolResponse,
};

/// What there is in a document: nested where the client can show that, else one below the other.
pub(in crate::lsp) fn document_symbols(
    view: &View,
    params: &DocumentSymbolParams,
) -> Option<DocumentSymbolResponse> {
    let uri = &params.text_document.uri;
    let file = view.file(uri)?;
    let symbols = ide::document_symbols(&view.snapshot, file.id).into_iter();
    if view.abilities.nested_symbols {
        let nested = symbols.filter_map(|symbol| nested(view, file, symbol));
        return Some(DocumentSymbolResponse::Nested(nested.collect()));
    }
    let mut found = Vec::new();
    for symbol in symbols {
        flat(view, file, uri, symbol, None, &mut found);
    }
    Some(DocumentSymbolResponse::Flat(found))
}

/// What there is in the workspace whose name fits.
pub(in crate::lsp) fn workspace_symbols(
    view: &View,
    params: &WorkspaceSymbolParams,
) -> Option<WorkspaceSymbolResponse> {
    let found = ide::workspace_symbols(&view.snapshot, &params.query).into_iter();
    let symbols = found.filter_map(|symbol| {
        let file = view.snapshot.file(symbol.file)?;
        let location = Location::new(view.uri(&file.path)?, view.range(file, symbol.range)?);
        Some(information(
            symbol.name,
            symbol.kind,
            location,
            symbol.container,
            false,
        ))
    });
    Some(WorkspaceSymbolResponse::Flat(symbols.collect()))
}

#[allow(deprecated, reason = "the protocol's type still has the field")]
fn nested(view: &View, file: &File, symbol: Symbol) -> Option<DocumentSymbol> {
    let inside = symbol.inside.into_iter();
    let inside: Vec<DocumentSymbol> = inside
        .filter_map(|symbol| nested(view, file, symbol))
        .collect();
    Some(DocumentSymbol {
        name: symbol.name,
        detail: symbol.detail,
        kind: kind(symbol.kind),
        tags: tags(symbol.is_obsolete),
        deprecated: None,
        range: view.range(file, symbol.full)?,
        selection_range: view.range(file, symbol.focus)?,
        children: (!inside.is_empty()).then_some(inside),
    })
}

fn flat(
    view: &View,
    file: &File,
    uri: &Uri,
    symbol: Symbol,
    container: Option<&str>,
    found: &mut Vec<SymbolInformation>,
) {
    if let Some(range) = view.range(file, symbol.full) {
        let location = Location::new(uri.clone(), range);
        let container = container.map(str::to_owned);
        let name = symbol.name.clone();
        found.push(information(
            name,
            symbol.kind,
            location,
            container,
            symbol.is_obsolete,
        ));
    }
    for inside in symbol.inside {
        flat(view, file, uri, inside, Some(&symbol.name), found);
    }
}

#[allow(deprecated, reason = "the protocol's type still has the field")]
fn information(
    name: String,
    of: SymbolKind,
    location: Location,
    container_name: Option<String>,
    is_obsolete: bool,
) -> SymbolInformation {
    SymbolInformation {
        name,
        kind: kind(of),
        tags: tags(is_obsolete),
        deprecated: None,
        location,
        container_name,
    }
}

fn tags(is_obsolete: bool) -> Option<Vec<SymbolTag>> {
    is_obsolete.then(|| vec![SymbolTag::DEPRECATED])
}

fn kind(kind: SymbolKind) -> types::SymbolKind {
    match kind {
        SymbolKind::Product => types::SymbolKind::PACKAGE,
        SymbolKind::Table => types::SymbolKind::CLASS,
        SymbolKind::Cte => types::SymbolKind::STRUCT,
        SymbolKind::Column => types::SymbolKind::FIELD,
        SymbolKind::Amendment => types::SymbolKind::EVENT,
        SymbolKind::Macro => types::SymbolKind::FUNCTION,
    }
}
