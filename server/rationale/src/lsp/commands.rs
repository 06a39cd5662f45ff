//! The commands that code actions and plugins send, `workspace/executeCommand`.
//!
//! A command never waits for what it makes the client do: it answers at once, and the outbox asks.

use super::capabilities::Abilities;
use super::edits;
use super::outbox::Message;
use super::view::View;
use checks::Fix;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{ExecuteCommandParams, LSPAny, Location, Position, Range, Uri};

const PLACE_CURSOR: &str = "rationale.placeCursor";

/// A command of the editor's plugin, not of the server: it lists places, as an editor lists references.
/// Its arguments are a document, a position in it, and the places.
pub(super) const SHOW_REFERENCES: &str = "rationale.showReferences";

/// A command of the server, with its arguments.
#[derive(Clone, Debug)]
pub(super) enum Command {
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

impl Command {
    /// The command that a client sent.
    pub(super) fn decode(params: ExecuteCommandParams) -> Result<Command> {
        match params.command.as_str() {
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
    pub(super) fn execute(self, _: &View) -> Result<Vec<Message>> {
        match self {
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
