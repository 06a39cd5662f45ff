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
        let drafted = || {
            let file = view.file(&self.uri)?;
            let range = view.text_range(file, self.range)?;
            let fix = ide::amend(&view.snapshot, file.id, range, *amend, &answers)?;
            let edit = edits::workspace_edit(view, &fix)?;
            let cursor = edits::cursor(view, &fix).filter(|_| view.abilities.shows_documents);
            Some(Message::ApplyEdit {
                label: fix.title,
                edit,
                then: cursor,
            })
        };
        let drafted = drafted().ok_or_else(|| {
            if !view.snapshot.is_complete() {
                return Error::invalid_params(
                    "The workspace is still being read. Try again in a moment.",
                );
            }
            Error::invalid_params(
                "No amendment can be drafted here: put the cursor on a model, on an entry of a spec, or on \
                 a column of one."
                    .to_owned(),
            )
        })?;
        Ok(vec![drafted])
    }
}
