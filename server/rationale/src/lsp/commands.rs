//! The commands that code actions and plugins send, `workspace/executeCommand`.
//!
//! A command never waits for what it makes the client do: it answers at once, and the outbox asks.

mod amend;
mod describe;

use super::capabilities::Abilities;
use super::edits;
use super::inbox::Needs;
use super::outbox::Message;
use super::progress::Task;
use super::view::View;
use amend::Amending;
use checks::Fix;
use describe::Describing;
use ide::Amend;
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, LSPAny, Location, Position, Range, Uri};

const PLACE_CURSOR: &str = "rationale.placeCursor";

/// A command of the editor's plugin, not of the server: it lists places, as an editor lists references.
/// Its arguments are a document, a position in it, and the places.
pub(super) const SHOW_REFERENCES: &str = "rationale.showReferences";

/// Drafts an amendment, see [`Amending`].
const AMEND: &str = "rationale.amend";

/// Drafts the specs of models that have none, see [`Describing`].
const DESCRIBE: &str = "rationale.describe";

/// A command of the editor's plugin, not of the server: it asks what only a person knows of an amendment,
/// and sends [`AMEND`] with the answers. Its argument is an [`Amending`], with the question in `asks`.
pub(super) const DRAFT_AMENDMENT: &str = "rationale.draftAmendment";

/// A command of the server, with its arguments.
#[derive(Clone, Debug)]
pub(super) enum Command {
    /// Drafts an amendment.
    Amend(Amending),
    /// Drafts the specs of models that have none.
    Describe(Describing),
    /// Shows the place where the person goes on typing after a fix.
    PlaceCursor(Place),
}

/// A place in a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Place {
    uri: Uri,
    selection: Range,
}

/// The commands that a client with these abilities may send.
pub(super) fn names(abilities: &Abilities) -> Vec<String> {
    let mut names = Vec::new();
    if abilities.applies_edits {
        names.push(AMEND.to_owned());
    }
    if abilities.applies_edits && abilities.creates_files {
        names.push(DESCRIBE.to_owned());
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
    let amending = Amending::new(uri.clone(), range, name, amend.asks());
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
            DESCRIBE => Ok(Command::Describe(argument(&params)?)),
            PLACE_CURSOR => Ok(Command::PlaceCursor(argument(&params)?)),
            unknown => Err(Error::invalid_params(format!(
                "there is no command {unknown}"
            ))),
        }
    }

    /// What it needs besides the state of the workspace.
    pub(super) fn needs(&self) -> Needs {
        match self {
            Command::Describe(_) => Needs::Workspace,
            Command::Amend(_) | Command::PlaceCursor(_) => Needs::Nothing,
        }
    }

    /// What the client is to be told. What takes its time tells `task` how far it is.
    ///
    /// # Errors
    /// Where what was asked for can't be done, in words to the person, and where it is cancelled.
    pub(super) fn execute(self, view: &View, task: &Task) -> Result<Vec<Message>> {
        match self {
            Command::Amend(amending) => amending.execute(view),
            Command::Describe(describing) => describing.execute(view, task),
            Command::PlaceCursor(place) => Ok(vec![Message::ShowDocument {
                uri: place.uri,
                selection: place.selection,
            }]),
        }
    }
}

/// The first argument.
fn argument<T: for<'a> Deserialize<'a>>(params: &ExecuteCommandParams) -> Result<T> {
    let argument = params.arguments.first().cloned().unwrap_or(LSPAny::Null);
    let decoded = serde_json::from_value(argument);
    decoded.map_err(|error| Error::invalid_params(format!("{}: {error}", params.command)))
}
