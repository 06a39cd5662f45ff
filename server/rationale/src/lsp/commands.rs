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
use tower_lsp::ls_types::{ExecuteCommandParams, LSPAny, Range, Uri};

const PLACE_CURSOR: &str = "rationale.placeCursor";

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
