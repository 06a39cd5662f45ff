//! `rationale.describe`: drafts the specs of models that have none, of a folder or of the whole workspace,
//! and the first lock of each.

use crate::lsp::outbox::Message;
use crate::lsp::progress::Task;
use crate::lsp::view::View;
use crate::lsp::{edits, uri};
use checks::{
    FileEdit, Fix, LockRequest, NoSpecs, SpecDraft, SpecRequest, draft_specs, update_locks,
};
use index::{Change, File};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use syntax::{Name, TextEdit, TextSize};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::Uri;

const TITLE: &str = "Draft specs";

/// Which models are to be described.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::lsp) struct Describing {
    /// A file, or a folder and all below it; the workspace without one.
    #[serde(default)]
    uri: Option<Uri>,
    /// One product of this name for all of them, instead of one for each folder.
    #[serde(default)]
    product: Option<String>,
}

impl Describing {
    /// The edit that makes the specs.
    ///
    /// # Errors
    /// Where there is nothing to describe, where something would be written over, and where it is
    /// cancelled.
    pub(super) fn execute(self, view: &View, task: &Task) -> Result<Vec<Message>> {
        if !view.snapshot.is_complete() {
            return Err(Error::invalid_params(
                "The workspace is still being read. Try again in a moment.",
            ));
        }
        let below: Option<PathBuf> = self.uri.as_ref().and_then(uri::path);
        if self.uri.is_some() && below.is_none() {
            return Err(Error::invalid_params("This is no file and no folder."));
        }
        let roots = view.snapshot.roots();
        let is_below = |root: &&PathBuf| below.as_ref().is_some_and(|own| own.starts_with(root));
        let root = roots.iter().find(is_below).or_else(|| roots.first());
        let is_wanted = |file: &File| below.as_ref().is_none_or(|own| file.path.starts_with(own));
        let request = SpecRequest {
            is_wanted: &is_wanted,
            product: self.product.as_deref(),
            root: root.map_or(Path::new("/"), PathBuf::as_path),
        };
        let drafts = draft_specs(&view.snapshot, &request, &mut |done, all| {
            task.step(TITLE, done, all)
        });
        let drafts = drafts.map_err(|error| match error {
            NoSpecs::Cancelled => Task::cancelled(),
            error => refused(view, &error),
        })?;
        let Some(first) = drafts.first() else {
            return Err(Error::invalid_params(
                "Every model here has a spec already, so there is nothing to draft.",
            ));
        };
        let cursor = first
            .text
            .find("TODO")
            .and_then(|at| u32::try_from(at).ok());
        let cursor = cursor.map(|at| (first.path.clone(), TextSize::new(at)));
        let locks = first_locks(view, &drafts);
        let specs = drafts.into_iter().map(|draft| (draft.path, draft.text));
        let edits = specs.chain(locks).map(|(path, text)| FileEdit {
            path,
            create: true,
            edits: vec![TextEdit::insert(TextSize::new(0), text)],
        });
        let fix = Fix {
            title: TITLE.to_owned(),
            edits: edits.collect(),
            moved: Vec::new(),
            preferred: false,
            cursor,
        };
        let edit = edits::workspace_edit(view, &fix)
            .ok_or_else(|| Error::invalid_params("This editor can't create files in an edit."))?;
        let then = edits::cursor(view, &fix).filter(|_| view.abilities.shows_documents);
        Ok(vec![Message::ApplyEdit {
            label: fix.title,
            edit,
            then,
        }])
    }
}

/// The locks of what was drafted, with their paths.
fn first_locks(view: &View, drafts: &[SpecDraft]) -> Vec<(PathBuf, String)> {
    let Some(workspace) = &view.workspace else {
        return Vec::new();
    };
    let drafted = drafts.iter().map(|draft| Change::Edited {
        path: draft.path.clone(),
        text: draft.text.as_str().into(),
    });
    let snapshot = workspace.after(drafted.collect());
    let products = drafts.iter().map(|draft| Name::new(&draft.product));
    let request = LockRequest {
        products: products.collect(),
        is_initial: true,
        ..LockRequest::default()
    };
    let locks = update_locks(&snapshot, &request).into_iter();
    let new = locks.filter(|lock| lock.old.is_none() && lock.is_change());
    new.map(|lock| (lock.path, lock.text)).collect()
}

fn refused(view: &View, error: &NoSpecs) -> Error {
    Error::invalid_params(match error {
        NoSpecs::FileExists(path) => format!(
            "{} is there already. Add its new tables by the quick fix on each.",
            view.snapshot.display_path(path)
        ),
        NoSpecs::ProductExists(name) => format!(
            "There is a product {name} already. Add the new tables by the quick fix on each."
        ),
        error => format!("No specs are drafted: {error}."),
    })
}
