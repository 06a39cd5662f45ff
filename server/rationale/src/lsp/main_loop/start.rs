//! The start of a conversation, and every time that the workspace is read from the beginning.

use super::MainLoop;
use crate::lsp::capabilities::Abilities;
use crate::lsp::configuration::EditorSettings;
use crate::lsp::loading::{LoadedBatch, Start};
use crate::lsp::outbox::{Message, Registrations};
use crate::lsp::watching::Heads;
use crate::lsp::{parent, roots};
use checks::Findings;
use index::{Change, FileId, Workspace};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};
use tower_lsp::ls_types::{InitializeParams, InitializeResult, MessageType, ServerInfo};

/// Within this time after `initialized` clients send the documents that are open; they are wanted
/// before all other files.
const FOR_OPEN_DOCUMENTS: Duration = Duration::from_millis(20);

impl MainLoop {
    pub(super) fn initialize(&mut self, params: InitializeParams) -> InitializeResult {
        self.abilities = Abilities::new(&params.capabilities);
        self.folders = roots::folders(&params);
        self.settings = EditorSettings::new(params.initialization_options);
        if let Some(process) = params.process_id {
            parent::watch(process, self.ending.clone());
        }
        if let Some(client) = params.client_info {
            tracing::info!(
                "talks to {} {}",
                client.name,
                client.version.unwrap_or_default()
            );
        }
        InitializeResult {
            capabilities: self.abilities.answer(),
            server_info: Some(ServerInfo {
                name: "rationale".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        }
    }

    pub(super) fn initialized(&mut self) {
        self.outbox.say(Message::Register(Registrations {
            files: self.abilities.watches_files,
            configuration: self.abilities.configuration && self.abilities.registers_configuration,
            formatting: self.abilities.registers_formatting,
        }));
        if self.abilities.configuration {
            self.outbox.say(Message::AskConfiguration);
        }
        self.complain_about_settings();
        self.start_afresh();
    }

    /// Forgets the workspace and has it read from the beginning.
    pub(super) fn start_afresh(&mut self) {
        self.end_start();
        let roots = roots::roots(&*self.system, &self.folders);
        if roots.is_empty() {
            tracing::info!("no folder is marked as a project: only open files are looked at");
        }
        self.publisher.clear_all(&self.outbox);
        self.puller.forget();
        self.unpublished.clear();
        self.heads = Heads::new(&*self.system, &roots);
        self.workspace = Workspace::new(self.system.clone(), roots);
        self.snapshot = self.workspace.snapshot();
        self.findings = Findings::default();
        self.pending.edited.extend(self.documents.paths().cloned());
        let overrides = self.settings.overrides();
        self.recovery.attempt(&[]);
        let reached = self.workspace.apply(vec![Change::Editor(overrides)]);
        self.recovery.done();
        self.follow(&reached, &BTreeSet::new());
        self.start_at = Some(Instant::now() + FOR_OPEN_DOCUMENTS);
    }

    /// Begins to read what the folders hold.
    pub(super) fn begin_loading(&mut self) {
        self.flush();
        self.end_start();
        self.starts += 1;
        self.recovery.attempt(&[]);
        let loading = self.workspace.begin_loading();
        self.recovery.done();
        for root in &loading.cut_off {
            let text = format!(
                "Rationale: {} holds more files than are looked at; exclude some of them in rationale.toml.",
                root.display()
            );
            self.outbox.say(Message::Show(MessageType::WARNING, text));
        }
        self.findings = Findings::default();
        self.snapshot = self.workspace.snapshot();
        let start = Start::begin(
            self.starts,
            loading,
            self.recovery.failures(),
            &self.workers,
            &self.inbox,
        );
        if self.abilities.progress {
            self.outbox.say(Message::CreateProgress(start.token()));
        }
        self.start = Some(start);
        // What is open is known already.
        let open = self
            .documents
            .paths()
            .filter_map(|path| self.snapshot.file_at(path));
        let open: BTreeSet<FileId> = open.map(|file| file.id).collect();
        let reached = index::Reached {
            changed: open.clone(),
            files: open,
            ..index::Reached::default()
        };
        self.follow(&reached, &BTreeSet::new());
        self.finish_if_done();
    }

    pub(super) fn loaded(&mut self, batch: LoadedBatch) {
        let Some(start) = self
            .start
            .as_mut()
            .filter(|start| start.number == batch.number)
        else {
            return;
        };
        start.advance(&self.outbox);
        for (path, reason) in batch.failed {
            self.recovery.set_aside(path, reason);
        }
        self.recovery.attempt(&[]);
        let reached = self.workspace.admit(batch.files);
        self.recovery.done();
        self.follow(&reached, &BTreeSet::new());
        self.finish_if_done();
    }

    pub(super) fn progress_created(&mut self) {
        if let Some(start) = &mut self.start {
            start.show(&self.outbox);
        }
    }

    /// Nothing of the start under way, if there is one, counts any more.
    pub(super) fn end_start(&mut self) {
        if let Some(start) = self.start.take() {
            start.end(&self.outbox);
        }
    }

    fn finish_if_done(&mut self) {
        if !self.start.as_ref().is_some_and(Start::is_done) {
            return;
        }
        self.recovery.attempt(&[]);
        let reached = self.workspace.finish_loading();
        self.recovery.done();
        self.follow(&reached, &BTreeSet::new());
        self.recovery.all_is_well();
        self.end_start();
        let files = self.snapshot.files().len();
        tracing::info!("{files} files indexed");
        self.begin_base();
    }
}
