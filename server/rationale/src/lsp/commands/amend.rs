//! `rationale.amend`: drafts an amendment.

use super::AMEND;
use crate::lsp::edits;
use crate::lsp::outbox::Message;
use crate::lsp::view::View;
use ide::{Amend, AmendmentDetails};
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{Range, Uri};

/// An amendment to be drafted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::lsp) struct Amending {
    /// A document, and the place in it that the amendment is about.
    uri: Uri,
    #[serde(default)]
    range: Range,
    /// What kind of amendment, by its name in [`Amend::ALL`]; anything without one.
    #[serde(default)]
    amend: Option<String>,
    /// What else than the requirement is to be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asks: Option<String>,
    /// The need, in the words of whoever has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    requirement: Option<String>,
    /// The answer to `asks`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Amending {
    /// One of the kind that is called `amend`, before the person has answered what it `asks`.
    pub(super) fn new(uri: Uri, range: Range, amend: &str, asks: Option<&str>) -> Amending {
        Amending {
            uri,
            range,
            amend: Some(amend.to_owned()),
            asks: asks.map(str::to_owned),
            requirement: None,
            detail: None,
        }
    }

    /// The edit that drafts it.
    ///
    /// # Errors
    /// Where none can be drafted.
    pub(super) fn execute(self, view: &View) -> Result<Vec<Message>> {
        let wanted = self.amend.as_deref().unwrap_or("anything");
        let known = Amend::ALL.iter().find(|(_, name)| *name == wanted);
        let (amend, _) = known.ok_or_else(|| {
            Error::invalid_params(format!("{AMEND}: nothing is called `{wanted}` here"))
        })?;
        let answers = AmendmentDetails {
            requirement: self.requirement,
            detail: self.detail,
        };
        let place = || {
            let file = view.file(&self.uri)?;
            Some((file.id, view.text_range(file, self.range)?))
        };
        let (file, range) = place().ok_or_else(|| refused(view, "This file is not known here."))?;
        let fix = ide::amend(&view.snapshot, file, range, *amend, &answers)
            .map_err(|refusal| refused(view, &refusal.message))?;
        let edit = edits::workspace_edit(view, &fix);
        let edit = edit.ok_or_else(|| refused(view, "The amendment can't be written here."))?;
        let cursor = edits::cursor(view, &fix).filter(|_| view.abilities.shows_documents);
        Ok(vec![Message::ApplyEdit {
            label: fix.title,
            edit,
            then: cursor,
        }])
    }
}

fn refused(view: &View, why: &str) -> Error {
    match view.snapshot.is_complete() {
        true => Error::invalid_params(why.to_owned()),
        false => Error::invalid_params("The workspace is still being read. Try again in a moment."),
    }
}
