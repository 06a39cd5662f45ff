//! What happens to the server, in the order in which it happens.
//!
//! Everybody may push, only the main loop takes. Nothing here knows what an event leads to.

use super::configuration::Json;
use super::diagnostics::Converted;
use super::loading::LoadedBatch;
use super::view::View;
use std::path::PathBuf;
use std::sync::mpsc;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc;
use tower_lsp::ls_types::{
    DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, InitializeParams, InitializeResult, WorkspaceDiagnosticParams,
    WorkspaceDiagnosticReportResult,
};

/// Where the answer to a request goes. The request was cancelled when the other end is gone.
pub(super) type Reply<T> = oneshot::Sender<jsonrpc::Result<T>>;

/// Work on a view of the workspace, for a worker.
pub(super) type Read = Box<dyn FnOnce(&View) + Send>;

/// What a request needs besides the state of the workspace.
pub(super) enum Needs {
    /// Nothing.
    Nothing,
    /// The findings of the file at this path.
    FindingsOf(PathBuf),
    /// The workspace, to try what changes would come to.
    Workspace,
}

/// Something that the main loop must deal with.
pub(super) enum Event {
    /// `initialize`
    Initialize(Box<InitializeParams>, Reply<InitializeResult>),
    /// `initialized`: from now on the client may be spoken to.
    Initialized,
    /// `textDocument/didOpen`
    Opened(DidOpenTextDocumentParams),
    /// `textDocument/didChange`
    Changed(DidChangeTextDocumentParams),
    /// `textDocument/didSave`
    Saved(DidSaveTextDocumentParams),
    /// `textDocument/didClose`
    Closed(DidCloseTextDocumentParams),
    /// `workspace/didChangeWatchedFiles`
    FilesChanged(DidChangeWatchedFilesParams),
    /// `workspace/didCreateFiles`, `workspace/didRenameFiles`, `workspace/didDeleteFiles`: the addresses
    /// of what is there, or is no longer there.
    FilesOperated(&'static str, Vec<String>),
    /// `workspace/didChangeConfiguration`
    ConfigurationChanged(DidChangeConfigurationParams),
    /// `workspace/didChangeWorkspaceFolders`
    FoldersChanged(DidChangeWorkspaceFoldersParams),
    /// A request that reads the workspace, as it is once all that came before is done.
    Read {
        /// The request's name, for the log.
        name: &'static str,
        /// What it needs besides the state of the workspace.
        needs: Needs,
        /// What it does.
        read: Read,
    },
    /// `rationale/fileText`
    FileText(PathBuf, Reply<Option<FileText>>),
    /// `workspace/diagnostic`
    WorkspaceDiagnostic(
        WorkspaceDiagnosticParams,
        Reply<WorkspaceDiagnosticReportResult>,
    ),
    /// A command asks to speak to the client.
    Tell(super::outbox::Message),
    /// The client has answered `workspace/configuration`, or has not within its time.
    Configuration(Option<Json>),
    /// The client is ready to be told how indexing comes along.
    ProgressCreated,
    /// A worker has read a part of the workspace.
    Loaded(LoadedBatch),
    /// The state that the branch was made from has been read.
    Base(Box<super::main_loop::ReadBase>),
    /// A worker has converted the findings of a file.
    Converted(Converted),
    /// The server is at its end.
    Stop,
}

impl Event {
    /// What it is called in the log.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Event::Initialize(..) => "initialize",
            Event::Initialized => "initialized",
            Event::Opened(_) => "textDocument/didOpen",
            Event::Changed(_) => "textDocument/didChange",
            Event::Saved(_) => "textDocument/didSave",
            Event::Closed(_) => "textDocument/didClose",
            Event::FilesChanged(_) => "workspace/didChangeWatchedFiles",
            Event::FilesOperated(name, _) => name,
            Event::ConfigurationChanged(_) => "workspace/didChangeConfiguration",
            Event::FoldersChanged(_) => "workspace/didChangeWorkspaceFolders",
            Event::Read { name, .. } => name,
            Event::FileText(..) => "rationale/fileText",
            Event::WorkspaceDiagnostic(..) => "workspace/diagnostic",
            Event::Tell(_) => "a command",
            Event::Configuration(_) => "an answer to workspace/configuration",
            Event::ProgressCreated => "an answer to window/workDoneProgress/create",
            Event::Loaded(_) => "a part of the workspace, read",
            Event::Base(_) => "the state that the branch was made from",
            Event::Converted(_) => "findings of a file, converted",
            Event::Stop => "the end",
        }
    }
}

/// The text of an open document as the server has it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub(super) struct FileText {
    /// The version that the client gave it.
    pub(super) version: i32,
    /// The text.
    pub(super) text: String,
}

/// The end that takes.
pub(super) type Events = mpsc::Receiver<Event>;

/// The end that pushes. Pushing never waits; after the end of the main loop it does nothing.
#[derive(Clone, Debug)]
pub(super) struct Inbox(mpsc::Sender<Event>);

/// Both ends.
pub(super) fn channel() -> (Inbox, Events) {
    let (sender, receiver) = mpsc::channel();
    (Inbox(sender), receiver)
}

impl Inbox {
    /// Adds an event.
    pub(super) fn push(&self, event: Event) {
        // Only a server at its end no longer takes events, and then nobody misses them.
        let _ = self.0.send(event);
    }

    /// Ends the main loop.
    pub(super) fn stop(&self) {
        self.push(Event::Stop);
    }
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
