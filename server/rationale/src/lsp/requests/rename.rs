//! `textDocument/prepareRename` and `textDocument/rename`
//!
//! What can't be renamed is answered by an error, whose message an editor shows as it is.

use crate::lsp::edits;
use crate::lsp::view::View;
use std::sync::PoisonError;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    PrepareRenameResponse, RenameParams, TextDocumentPositionParams, WorkspaceEdit,
};

/// What would be renamed at a position, and what it is called.
pub(in crate::lsp) fn prepare_rename(
    view: &View,
    params: &TextDocumentPositionParams,
) -> Result<Option<PrepareRenameResponse>> {
    let Some(file) = view.file(&params.text_document.uri) else {
        return Ok(None);
    };
    let Some(offset) = view.offset(file, params.position) else {
        return Ok(None);
    };
    let prepared = ide::prepare_rename(&view.snapshot, file.id, offset).map_err(refused)?;
    Ok(view
        .range(file, prepared.range)
        .map(|range| PrepareRenameResponse::RangeWithPlaceholder {
            range,
            placeholder: prepared.name.to_string(),
        }))
}

/// The edits that rename what stands at a position.
pub(in crate::lsp) fn rename(view: &View, params: &RenameParams) -> Result<Option<WorkspaceEdit>> {
    let asked = &params.text_document_position;
    let Some(file) = view.file(&asked.text_document.uri) else {
        return Ok(None);
    };
    let Some(offset) = view.offset(file, asked.position) else {
        return Ok(None);
    };
    let renaming = ide::rename(&view.snapshot, file.id, offset, &params.new_name);
    let mut renaming = renaming.map_err(refused)?;
    let past = view.past_renames.lock();
    let mut past = past.unwrap_or_else(PoisonError::into_inner);
    past.take_back(&view.snapshot, &mut renaming);
    past.remember(&view.snapshot, &renaming);
    drop(past);
    if !renaming.moved.is_empty() && !view.abilities.renames_files {
        return Err(failed(
            "The table is named after its file, and this editor can't rename files in an edit. Rename the \
             file.",
        ));
    }
    if !view.abilities.annotates_edits {
        let places: Vec<String> = renaming
            .unsure()
            .filter_map(|(path, range)| {
                let file = view.snapshot.file_at(path)?;
                let line = view.range(file, range)?.start.line + 1;
                Some(format!("{}:{line}", view.snapshot.display_path(path)))
            })
            .collect();
        if !places.is_empty() {
            return Err(failed(&format!(
                "It can't be told whether `{}` is meant in {}, and this editor can't ask. Rename it there \
                 first.",
                params.new_name,
                places.join(", ")
            )));
        }
    }
    edits::renaming(view, &renaming)
        .map(Some)
        .ok_or_else(|| failed("A file has changed meanwhile. Try again."))
}

fn refused(refusal: ide::Refusal) -> Error {
    failed(&refusal.message)
}

/// `RequestFailed` of the protocol (LSP 3.17, `LSPErrorCodes`).
fn failed(message: &str) -> Error {
    Error {
        code: ErrorCode::ServerError(-32803),
        message: message.to_owned().into(),
        data: None,
    }
}
