//! `workspace/willRenameFiles`

use crate::lsp::view::View;
use crate::lsp::{edits, uri};
use tower_lsp::ls_types::{RenameFilesParams, WorkspaceEdit};

/// What has to be edited when files get other paths. There is no way to refuse: what can't be renamed
/// along for certain is left, and the findings then tell.
pub(in crate::lsp) fn will_rename_files(
    view: &View,
    params: &RenameFilesParams,
) -> Option<WorkspaceEdit> {
    let path = |address: &String| uri::path(&address.parse().ok()?);
    let files = params.files.iter();
    let files = files.filter_map(|file| Some((path(&file.old_uri)?, path(&file.new_uri)?)));
    let moved: Vec<ide::Moved> = files.collect();
    let renaming = ide::rename_files(&view.snapshot, &moved)?;
    if renaming.unsure().next().is_some() && !view.abilities.annotates_edits {
        return None;
    }
    edits::renaming(view, &renaming)
}
