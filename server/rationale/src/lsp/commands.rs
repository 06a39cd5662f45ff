//! The commands that code actions and plugins send, `workspace/executeCommand`.
//!
//! A command never waits for what it makes the client do: it answers at once, and the outbox asks.

use super::capabilities::Abilities;
use super::edits;
use super::outbox::Message;
use super::view::View;
use checks::Fix;
use ide::{Amend, AmendmentDetails};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, LSPAny, Location, Position, Range, Uri};

const PLACE_CURSOR: &str = "rationale.placeCursor";

/// A command of the editor's plugin, not of the server: it lists places, as an editor lists references.
/// Its arguments are a document, a position in it, and the places.
pub(super) const SHOW_REFERENCES: &str = "rationale.showReferences";

/// Drafts an amendment, see [`Amending`].
const AMEND: &str = "rationale.amend";

/// A command of the editor's plugin, not of the server: it asks what only a person knows of an amendment,
/// and sends [`AMEND`] with the answers. Its argument is an [`Amending`], with the question in `asks`.
pub(super) const DRAFT_AMENDMENT: &str = "rationale.draftAmendment";

/// A command of the server, with its arguments.
#[derive(Clone, Debug)]
pub(super) enum Command {
    /// Drafts an amendment.
    Amend(Amending),
    /// Shows the place where the person goes on typing after a fix.
    PlaceCursor(Place),
}

/// A place in a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Place {
    uri: Uri,
    selection: Range,
}

/// An amendment to be drafted.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Amending {
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

/// The commands that a client with these abilities may send.
pub(super) fn names(abilities: &Abilities) -> Vec<String> {
    let mut names = Vec::new();
    if abilities.applies_edits {
        names.push(AMEND.to_owned());
    }
    if abilities.shows_documents {
        names.push(PLACE_CURSOR.to_owned());
    }
    names
}

/// The command that a code action for `fix` sends once it is applied.
pub(super) fn place_cursor(view: &View, fix: &Fix) -> Option<tower_lsp::ls_types::Command> {
    if !view.abilities.shows_documents {
        return None;
    }
    let (uri, selection) = edits::cursor(view, fix)?;
    let place = serde_json::to_value(Place { uri, selection }).ok()?;
    Some(tower_lsp::ls_types::Command::new(
        fix.title.clone(),
        PLACE_CURSOR.to_owned(),
        Some(vec![place]),
    ))
}

/// A command that leads from a position to `places`: a list of them where the client can show one, else
/// the first of them; a text and no more where it can't do that either.
pub(super) fn show_references(
    view: &View,
    title: String,
    uri: &Uri,
    position: Position,
    places: &[Location],
) -> tower_lsp::ls_types::Command {
    let (command, arguments) = match places.first() {
        Some(_) if view.abilities.shows_references => (
            SHOW_REFERENCES,
            serde_json::to_value((uri, position, places))
                .ok()
                .and_then(|arguments| arguments.as_array().cloned()),
        ),
        Some(first) if view.abilities.shows_documents => {
            let place = Place {
                uri: first.uri.clone(),
                selection: first.range,
            };
            let argument = serde_json::to_value(place).ok();
            (PLACE_CURSOR, argument.map(|place| vec![place]))
        }
        _ => ("", None),
    };
    tower_lsp::ls_types::Command::new(title, command.to_owned(), arguments)
}

/// The command of the plugin that asks for what is to be drafted at a place.
pub(super) fn draft_amendment(
    uri: &Uri,
    range: Range,
    amend: Amend,
) -> Option<tower_lsp::ls_types::Command> {
    let (_, name) = Amend::ALL.iter().find(|(known, _)| *known == amend)?;
    let amending = Amending {
        uri: uri.clone(),
        range,
        amend: Some((*name).to_owned()),
        asks: amend.asks().map(str::to_owned),
        requirement: None,
        detail: None,
    };
    Some(tower_lsp::ls_types::Command::new(
        "Draft an amendment".to_owned(),
        DRAFT_AMENDMENT.to_owned(),
        Some(vec![serde_json::to_value(amending).ok()?]),
    ))
}

impl Command {
    /// The command that a client sent.
    pub(super) fn decode(params: ExecuteCommandParams) -> Result<Command> {
        match params.command.as_str() {
            AMEND => Ok(Command::Amend(argument(&params)?)),
            PLACE_CURSOR => Ok(Command::PlaceCursor(argument(&params)?)),
            unknown => Err(Error::invalid_params(format!(
                "there is no command {unknown}"
            ))),
        }
    }

    /// The file whose findings it needs.
    pub(super) fn findings_of(&self) -> Option<PathBuf> {
        None
    }

    /// What the client is to be told.
    ///
    /// # Errors
    /// Where what was asked for can't be done, in words to the person.
    pub(super) fn execute(self, view: &View) -> Result<Vec<Message>> {
        match self {
            Command::Amend(amending) => amending.execute(view),
            Command::PlaceCursor(place) => Ok(vec![Message::ShowDocument {
                uri: place.uri,
                selection: place.selection,
            }]),
        }
    }
}

impl Amending {
    fn execute(self, view: &View) -> Result<Vec<Message>> {
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
            Error::invalid_params(
                "No amendment can be drafted here: put the cursor on a model, on an entry of a spec, or on \
                 a column of one."
                    .to_owned(),
            )
        })?;
        Ok(vec![drafted])
    }
}

/// The first argument.
fn argument<T: for<'a> Deserialize<'a>>(params: &ExecuteCommandParams) -> Result<T> {
    let argument = params.arguments.first().cloned().unwrap_or(LSPAny::Null);
    let decoded = serde_json::from_value(argument);
    decoded.map_err(|error| Error::invalid_params(format!("{}: {error}", params.command)))
}
