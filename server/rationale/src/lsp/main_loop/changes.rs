//! What changes the workspace: edits, files on disk, settings, folders.

use super::MainLoop;
use crate::lsp::configuration::Json;
use crate::lsp::outbox::Message;
use crate::lsp::{roots, uri};
use index::{Change, FileId, Reached};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use tower_lsp::ls_types::{
    DidChangeConfigurationParams, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, MessageType,
};

/// Changes that the workspace has not been told of, each path once: its last state counts.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Documents that were opened or edited.
    pub(super) edited: BTreeSet<PathBuf>,
    /// Documents that were closed.
    closed: BTreeSet<PathBuf>,
    /// Files and folders that may have changed on disk.
    on_disk: BTreeSet<PathBuf>,
    /// The editor's settings may have changed.
    settings: bool,
}

impl MainLoop {
    pub(super) fn opened(&mut self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let Some(path) = uri::path(&document.uri) else {
            return;
        };
        self.pending.closed.remove(&path);
        self.recovery.changed(&path);
        self.documents
            .open(path.clone(), document.uri, document.version, &document.text);
        self.pending.edited.insert(path);
        self.look_at_heads();
    }

    pub(super) fn changed(&mut self, params: DidChangeTextDocumentParams) {
        let document = params.text_document;
        let Some(path) = uri::path(&document.uri) else {
            return;
        };
        let encoding = self.abilities.encoding;
        if self
            .documents
            .change(&path, document.version, params.content_changes, encoding)
        {
            self.recovery.changed(&path);
            self.pending.edited.insert(path);
        } else {
            tracing::warn!(
                "an edit of {}, which is not open, is passed over",
                path.display()
            );
        }
    }

    pub(super) fn saved(&mut self, params: &DidSaveTextDocumentParams) {
        if let Some(path) = uri::path(&params.text_document.uri) {
            self.pending.on_disk.insert(path);
        }
        self.look_at_heads();
    }

    pub(super) fn closed(&mut self, params: &DidCloseTextDocumentParams) {
        let Some(path) = uri::path(&params.text_document.uri) else {
            return;
        };
        if self.documents.close(&path) {
            self.pending.edited.remove(&path);
            self.recovery.changed(&path);
            self.pending.closed.insert(path);
        }
    }

    pub(super) fn files_changed(&mut self, params: &DidChangeWatchedFilesParams) {
        for path in params
            .changes
            .iter()
            .filter_map(|change| uri::path(&change.uri))
        {
            if path.components().any(|part| part.as_os_str() == ".git") {
                self.look_at_heads();
            } else {
                self.recovery.changed(&path);
                self.pending.on_disk.insert(path);
            }
        }
    }

    /// Files and folders that were created, renamed or deleted in the editor.
    pub(super) fn files_operated(&mut self, addresses: &[String]) {
        let addresses = addresses.iter().filter_map(|address| address.parse().ok());
        for path in addresses.filter_map(|uri| uri::path(&uri)) {
            self.recovery.changed(&path);
            self.pending.on_disk.insert(path);
        }
    }

    pub(super) fn configuration_changed(&mut self, params: DidChangeConfigurationParams) {
        self.told_configuration(params.settings);
        if self.abilities.configuration {
            self.outbox.say(Message::AskConfiguration);
        }
    }

    pub(super) fn told_configuration(&mut self, settings: Json) {
        let shown = self.settings.shown();
        self.settings.told(settings);
        self.shown_has_news |= self.settings.shown() != shown;
        self.pending.settings = true;
        self.complain_about_settings();
    }

    pub(super) fn complain_about_settings(&mut self) {
        for complaint in self.settings.complaints() {
            tracing::warn!("the editor's settings: {complaint}");
            let text = format!("Rationale: in the editor's settings: {complaint}");
            self.outbox.say(Message::Show(MessageType::WARNING, text));
        }
    }

    pub(super) fn folders_changed(&mut self, params: &DidChangeWorkspaceFoldersParams) {
        let removed = roots::paths(&params.event.removed);
        self.folders.retain(|folder| !removed.contains(folder));
        for added in roots::paths(&params.event.added) {
            if !self.folders.contains(&added) {
                self.folders.push(added);
            }
        }
        self.start_afresh();
    }

    /// Whatever is checked out may have changed without anybody telling.
    fn look_at_heads(&mut self) {
        let changed = self.heads.changed(&*self.system);
        if !changed.is_empty() {
            self.begin_base();
        }
        self.pending.on_disk.extend(changed);
    }

    /// Tells the workspace of all changes that it has not been told of.
    pub(super) fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        let Pending {
            edited,
            closed,
            on_disk,
            settings,
        } = pending;
        let mut changes = Vec::new();
        if settings {
            changes.push(Change::Editor(self.settings.overrides()));
        }
        changes.extend(closed.into_iter().map(|path| Change::Closed { path }));
        changes.extend(on_disk.into_iter().map(|path| Change::OnDisk { path }));
        for path in &edited {
            if let Some(text) = self.documents.text(path) {
                changes.push(Change::Edited {
                    path: path.clone(),
                    text: Arc::from(text),
                });
            }
        }
        changes.retain(|change| !self.recovery.is_set_aside(change));
        if changes.is_empty() {
            return;
        }
        self.recovery.attempt(&changes);
        let reached = self.workspace.apply(changes);
        self.recovery.done();
        self.follow(&reached, &edited);
        if self.snapshot.is_complete() {
            // A change of the project's layout has had everything read at once.
            self.end_start();
            self.compare_with_fresh_start();
        }
    }

    /// Where `paranoid` is set: says in the log where the workspace, kept current change by change,
    /// differs from what a fresh start finds.
    fn compare_with_fresh_start(&self) {
        let is_asked = |root: &PathBuf| {
            self.snapshot
                .settings(&root.join("rationale.toml"))
                .paranoid
        };
        if !self.snapshot.roots().iter().any(is_asked) {
            return;
        }
        let differences = self.workspace.differences_from_fresh_start();
        tracing::info!(
            "generation {} compared with a fresh start: {} differences",
            self.generation,
            differences.len()
        );
        for difference in differences {
            tracing::error!("the index is not current, please report this: {difference}");
        }
    }

    /// Takes over what the workspace has become, after the client has edited some documents or none.
    pub(super) fn follow(&mut self, reached: &Reached, edited: &BTreeSet<PathBuf>) {
        self.generation += 1;
        self.snapshot = self.workspace.snapshot();
        let lowered = self.snapshot.files_lowered();
        let answers = self.findings.answers().changes();
        let changed = self.findings.update(&self.snapshot, reached);
        let work = self.findings.work();
        tracing::debug!(
            files = reached.files.len(),
            tables = reached.tables.len(),
            facts_computed = reached.facts_computed,
            tables_resolved = reached.tables_resolved,
            everything = reached.everything,
            units = work.units,
            sentences = work.sentences,
            queries = work.queries,
            files_lowered = self.snapshot.files_lowered() - lowered,
            "generation {}",
            self.generation
        );
        let has_other_answers = self.findings.answers().changes() != answers;
        // A client asks anew for the document that it has edited itself.
        let others_are_open = self.documents.paths().any(|path| !edited.contains(path));
        self.shown_has_news |= self.snapshot.is_complete()
            && others_are_open
            && (has_other_answers || reached.everything || !reached.tables.is_empty());
        // What the client has edited itself it asks for anyway.
        let is_news = |id: &FileId| {
            let path = self.snapshot.file(*id).map(|file| &*file.path);
            path.is_some_and(|path| self.documents.get(path).is_some() && !edited.contains(path))
        };
        self.has_news |= changed.iter().any(is_news);
        self.unpublished.extend(changed);
        self.unpublished.extend(&reached.files);
        // One that was closed and opened again at once is as it was, but its client shows nothing of it.
        let edited = edited.iter().filter_map(|path| self.snapshot.file_at(path));
        self.unpublished.extend(edited.map(|file| file.id));
        if reached.everything {
            // What is gone by now must not go on being shown.
            self.unpublished.extend(self.publisher.shown());
        }
    }
}
