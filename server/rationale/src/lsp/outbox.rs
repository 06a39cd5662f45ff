//! Everything that the server says of its own accord.
//!
//! One task owns the client and sends what it is given, in order; diagnostics that newer ones of the
//! same document have overtaken are not sent. A request to the client is spawned with a limit of
//! time, and its answer comes back as an event: whoever never answers blocks nothing.

use super::inbox::{Event, Inbox};
use super::log::LogLines;
use super::watching;
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tower_lsp::Client;
use tower_lsp::ls_types::notification::{Progress, PublishDiagnostics};
use tower_lsp::ls_types::request::ApplyWorkspaceEdit;
use tower_lsp::ls_types::{
    ApplyWorkspaceEditParams, ConfigurationItem, Diagnostic, MessageType, ProgressParams,
    ProgressParamsValue, ProgressToken, PublishDiagnosticsParams, Range, Registration,
    ShowDocumentParams, Uri, WorkDoneProgress, WorkspaceEdit,
};

/// How long the client may take for an answer that no person has to give.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// Something to be said to the client.
#[derive(Clone, Debug)]
pub(super) enum Message {
    /// `textDocument/publishDiagnostics`
    Diagnostics {
        /// The document.
        uri: Uri,
        /// The version that they are for, where it is open.
        version: Option<i32>,
        /// All of them.
        diagnostics: Vec<Diagnostic>,
    },
    /// `window/showMessage`
    Show(MessageType, String),
    /// `workspace/configuration`; answered by [`Event::Configuration`].
    AskConfiguration,
    /// `client/registerCapability`
    Register(Registrations),
    /// `window/workDoneProgress/create`; answered by [`Event::ProgressCreated`].
    CreateProgress(ProgressToken),
    /// `$/progress`
    Progress(ProgressToken, WorkDoneProgress),
    /// `workspace/diagnostic/refresh`
    RefreshDiagnostics,
    /// `workspace/codeLens/refresh`
    RefreshCodeLenses,
    /// `workspace/inlayHint/refresh`
    RefreshInlayHints,
    /// `workspace/applyEdit`
    ApplyEdit {
        /// What it is called where it can be undone.
        label: String,
        /// The edit.
        edit: WorkspaceEdit,
        /// What is shown once it is done.
        then: Option<(Uri, Range)>,
    },
    /// `window/showDocument`
    ShowDocument {
        /// The document.
        uri: Uri,
        /// What is selected there.
        selection: Range,
    },
}

/// What the client is asked to tell of, and to ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Registrations {
    /// Changes of files.
    pub(super) files: bool,
    /// Changes of settings.
    pub(super) configuration: bool,
    /// That it has specs laid out by the server.
    pub(super) formatting: bool,
}

/// Where messages to the client go in.
#[derive(Clone, Debug)]
pub(super) struct Outbox(UnboundedSender<Message>);

impl Outbox {
    /// Starts the task that owns `client`. It ends with the last copy of the outbox.
    pub(super) fn start(client: Client, inbox: Inbox, log: Option<LogLines>) -> Outbox {
        let (sender, messages) = mpsc::unbounded_channel();
        let speaker = Speaker {
            client,
            inbox,
            refreshing: Arc::default(),
        };
        if let Some(log) = log {
            tokio::spawn(pass_on(log, speaker.client.clone()));
        }
        tokio::spawn(speaker.run(messages));
        Outbox(sender)
    }

    /// Says something. Never waits.
    pub(super) fn say(&self, message: Message) {
        // Nobody listens any more once the server ends.
        let _ = self.0.send(message);
    }
}

async fn pass_on(mut log: LogLines, client: Client) {
    while let Some(line) = log.next().await {
        client.log_message(line.level, line.text).await;
    }
}

struct Speaker {
    client: Client,
    inbox: Inbox,
    refreshing: Refreshing,
}

impl Speaker {
    async fn run(self, mut messages: UnboundedReceiver<Message>) {
        let mut waiting = Vec::new();
        while messages.recv_many(&mut waiting, usize::MAX).await > 0 {
            for message in latest(std::mem::take(&mut waiting)) {
                self.send(message).await;
            }
        }
    }

    async fn send(&self, message: Message) {
        match message {
            Message::Diagnostics {
                uri,
                version,
                diagnostics,
            } => {
                let params = PublishDiagnosticsParams {
                    uri,
                    version,
                    diagnostics,
                };
                self.client
                    .send_notification::<PublishDiagnostics>(params)
                    .await;
            }
            Message::Show(level, text) => self.client.show_message(level, text).await,
            Message::Progress(token, progress) => {
                let value = ProgressParamsValue::WorkDone(progress);
                self.client
                    .send_notification::<Progress>(ProgressParams { token, value })
                    .await;
            }
            Message::AskConfiguration => self.ask_configuration(),
            Message::Register(registrations) => self.register(registrations),
            Message::CreateProgress(token) => self.create_progress(token),
            Message::RefreshDiagnostics => {
                let client = self.client.clone();
                self.refresh("workspace/diagnostic/refresh", async move {
                    client.workspace_diagnostic_refresh().await
                });
            }
            Message::RefreshCodeLenses => {
                let client = self.client.clone();
                self.refresh("workspace/codeLens/refresh", async move {
                    client.code_lens_refresh().await
                });
            }
            Message::RefreshInlayHints => {
                let client = self.client.clone();
                self.refresh("workspace/inlayHint/refresh", async move {
                    client.inlay_hint_refresh().await
                });
            }
            Message::ApplyEdit { label, edit, then } => {
                let client = self.client.clone();
                in_time("workspace/applyEdit", async move {
                    let params = ApplyWorkspaceEditParams {
                        label: Some(label.clone()),
                        edit,
                    };
                    let answer = client.send_request::<ApplyWorkspaceEdit>(params).await?;
                    if !answer.applied {
                        let reason = answer.failure_reason.unwrap_or_default();
                        let message = format!("\"{label}\" was not done. {reason}");
                        client.show_message(MessageType::WARNING, message).await;
                    } else if let Some((uri, selection)) = then {
                        show(&client, uri, selection).await?;
                    }
                    Ok(())
                });
            }
            Message::ShowDocument { uri, selection } => {
                let client = self.client.clone();
                in_time("window/showDocument", async move {
                    show(&client, uri, selection).await
                });
            }
        }
    }

    fn ask_configuration(&self) {
        let (client, inbox) = (self.client.clone(), self.inbox.clone());
        let item = ConfigurationItem {
            scope_uri: None,
            section: Some("rationale".to_owned()),
        };
        in_time("workspace/configuration", async move {
            let answer = client.configuration(vec![item]).await?;
            inbox.push(Event::Configuration(answer.into_iter().next()));
            Ok(())
        });
    }

    fn register(&self, registrations: Registrations) {
        let client = self.client.clone();
        let mut wanted = Vec::new();
        if registrations.files {
            wanted.push(watching::registration());
        }
        if registrations.configuration {
            wanted.push(Registration {
                id: "rationale/configuration".to_owned(),
                method: "workspace/didChangeConfiguration".to_owned(),
                register_options: Some(serde_json::json!({ "section": "rationale" })),
            });
        }
        if registrations.formatting {
            wanted.push(Registration {
                id: "rationale/formatting".to_owned(),
                method: "textDocument/formatting".to_owned(),
                register_options: Some(serde_json::json!({
                    "documentSelector": [{ "scheme": "file", "pattern": "**/*.spec.{yaml,yml}" }],
                })),
            });
        }
        if !wanted.is_empty() {
            in_time("client/registerCapability", async move {
                client.register_capability(wanted).await
            });
        }
    }

    fn create_progress(&self, token: ProgressToken) {
        let (client, inbox) = (self.client.clone(), self.inbox.clone());
        in_time("window/workDoneProgress/create", async move {
            client.create_work_done_progress(token).await?;
            inbox.push(Event::ProgressCreated);
            Ok(())
        });
    }

    /// Asks the client to ask anew. It does as soon as it answers, so one request at a time will do.
    fn refresh(
        &self,
        name: &'static str,
        request: impl Future<Output = tower_lsp::jsonrpc::Result<()>> + Send + 'static,
    ) {
        if !lock(&self.refreshing).insert(name) {
            return;
        }
        let refreshing = self.refreshing.clone();
        in_time(name, async move {
            let _done = Done(refreshing, name);
            request.await
        });
    }
}

/// The refreshes that have been asked for and not been answered.
type Refreshing = Arc<Mutex<BTreeSet<&'static str>>>;

fn lock(refreshing: &Refreshing) -> MutexGuard<'_, BTreeSet<&'static str>> {
    // Nothing panics while it is held.
    refreshing.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Strikes a refresh off at the end, however it comes about.
struct Done(Refreshing, &'static str);

impl Drop for Done {
    fn drop(&mut self) {
        lock(&self.0).remove(self.1);
    }
}

async fn show(client: &Client, uri: Uri, selection: Range) -> tower_lsp::jsonrpc::Result<()> {
    let params = ShowDocumentParams {
        uri,
        external: Some(false),
        take_focus: Some(true),
        selection: Some(selection),
    };
    client.show_document(params).await.map(drop)
}

/// Runs a request to the client on its own; a failure is logged and no more.
fn in_time(
    name: &'static str,
    request: impl Future<Output = tower_lsp::jsonrpc::Result<()>> + Send + 'static,
) {
    tokio::spawn(async move {
        match tokio::time::timeout(TIME_LIMIT, request).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::debug!("the client refuses {name}: {error}"),
            Err(_) => tracing::warn!("the client has not answered {name} within {TIME_LIMIT:?}"),
        }
    });
}

/// The messages without the diagnostics that later ones of the same document replace.
fn latest(messages: Vec<Message>) -> Vec<Message> {
    let mut overtaken = BTreeSet::new();
    let mut kept: Vec<Message> = messages
        .into_iter()
        .rev()
        .filter(|message| match message {
            Message::Diagnostics { uri, .. } => overtaken.insert(uri.clone()),
            _ => true,
        })
        .collect();
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagnostics_that_newer_ones_overtake_are_not_sent() {
        let diagnostics = |uri: &str, version| Message::Diagnostics {
            uri: uri.parse().unwrap(),
            version: Some(version),
            diagnostics: Vec::new(),
        };
        let show = Message::Show(MessageType::INFO, "hello".to_owned());
        let given = vec![
            diagnostics("file:///a", 1),
            show,
            diagnostics("file:///b", 1),
            diagnostics("file:///a", 2),
        ];
        let kept: Vec<String> = latest(given)
            .into_iter()
            .map(|message| match message {
                Message::Diagnostics { uri, version, .. } => {
                    format!("{} {version:?}", uri.as_str())
                }
                other => format!("{other:?}"),
            })
            .collect();
        assert_eq!(kept.len(), 3);
        assert!(kept.first().unwrap().starts_with("Show"));
        assert_eq!(
            kept.get(1..).unwrap(),
            ["file:///b Some(1)", "file:///a Some(2)"]
        );
    }
}
