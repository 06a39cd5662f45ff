//! Telling the client what was found: by publishing, or by asking it to ask.

use super::MainLoop;
use crate::lsp::diagnostics::{Converted, analysis_failed, diagnostics};
use crate::lsp::inbox::Event;
use crate::lsp::outbox::Message;
use crate::lsp::pulling::Report;
use crate::lsp::uri;
use crate::lsp::view::View;
use checks::Finding;
use index::FileId;
use std::collections::BTreeSet;
use std::path::Path;

/// How many closed files one job converts.
const FILES_OF_A_JOB: usize = 32;

impl MainLoop {
    /// Tells the client of the findings that may have changed.
    pub(super) fn tell_findings(&mut self) {
        let changed = std::mem::take(&mut self.unpublished);
        if self.abilities.pulls_diagnostics {
            self.announce(&changed);
        } else {
            self.publish(changed);
            self.publish_failures();
        }
    }

    /// Findings were converted; published, unless the document has been edited since.
    pub(super) fn converted(&mut self, converted: Converted) {
        let path = uri::path(&converted.uri);
        if !path.is_some_and(|path| self.pending.edited.contains(&path)) {
            self.publisher.publish(&self.outbox, converted);
        }
    }

    /// Has the workers convert the findings of these files: those that are open first, each in a job
    /// of its own.
    fn publish(&mut self, changed: BTreeSet<FileId>) {
        let mut closed = Vec::new();
        for id in changed {
            let Some(file) = self.snapshot.file(id) else {
                self.publisher.clear(&self.outbox, id);
                continue;
            };
            let is_open = self.documents.get(&file.path).is_some();
            let findings = self.findings.of_file(&self.snapshot, id);
            if !is_open && findings.is_empty() {
                self.publisher.clear(&self.outbox, id);
                continue;
            }
            self.publisher.expect(id, self.generation);
            if is_open {
                let job = self.conversion(vec![(id, findings)]);
                self.workers.urgent(job);
            } else {
                closed.push((id, findings));
            }
        }
        while !closed.is_empty() {
            let rest = closed.split_off(closed.len().min(FILES_OF_A_JOB));
            let job = self.conversion(std::mem::replace(&mut closed, rest));
            self.workers.background(job);
        }
    }

    fn conversion(&mut self, files: Vec<(FileId, Vec<Finding>)>) -> impl FnOnce() + Send + 'static {
        let view = self.view();
        let (inbox, generation) = (self.inbox.clone(), self.generation);
        move || {
            for (id, findings) in files {
                if let Some(converted) = convert(&view, id, &findings, generation) {
                    inbox.push(Event::Converted(converted));
                }
            }
        }
    }

    /// Files that the server failed on have no findings of their own.
    fn publish_failures(&mut self) {
        for (path, reason) in self.recovery.unpublished() {
            let Some(uri) = self.uri(&path) else {
                continue;
            };
            let diagnostics = reason
                .map(|reason| analysis_failed(&reason))
                .into_iter()
                .collect();
            let version = self.documents.get(&path).map(|open| open.version);
            self.outbox.say(Message::Diagnostics {
                uri,
                version,
                diagnostics,
            });
        }
    }

    /// Has the client ask anew for what is shown above and behind names.
    pub(super) fn refresh_shown(&mut self) {
        if !std::mem::take(&mut self.shown_has_news) {
            return;
        }
        let abilities = self.abilities;
        if abilities.refreshes_code_lenses && abilities.code_lenses {
            self.outbox.say(Message::RefreshCodeLenses);
        }
        if abilities.refreshes_inlay_hints && abilities.inlay_hints {
            self.outbox.say(Message::RefreshInlayHints);
        }
    }

    fn uri(&self, path: &Path) -> Option<tower_lsp::ls_types::Uri> {
        match self.documents.get(path) {
            Some(open) => Some(open.uri.clone()),
            None => uri::of_path(path),
        }
    }

    /// Has the client ask anew where it can't know that there is something new.
    fn announce(&mut self, changed: &BTreeSet<FileId>) {
        for id in changed {
            self.puller.changed(*id, self.generation);
        }
        if std::mem::take(&mut self.has_news) {
            self.outbox.say(Message::RefreshDiagnostics);
        }
        self.answer_workspace_diagnostic();
    }

    /// Answers the request for all diagnostics, if one waits and something is new. Documents that
    /// are open are asked for one by one.
    fn answer_workspace_diagnostic(&mut self) {
        let Some(waiting) = self.puller.take() else {
            return;
        };
        let mut reports = Vec::new();
        for id in self.puller.files() {
            let Some(file) = self.snapshot.file(id) else {
                continue;
            };
            if self.documents.get(&file.path).is_some() {
                continue;
            }
            let Some(uri) = uri::of_path(&file.path) else {
                continue;
            };
            let revision = self.puller.revision(id);
            if waiting.knows(&uri, revision) {
                continue;
            }
            let findings = self.findings.of_file(&self.snapshot, id);
            let is_known = waiting.known().any(|known| *known == uri);
            if is_known || !findings.is_empty() {
                reports.push(Report {
                    uri,
                    file: Some(id),
                    revision,
                    findings,
                });
            }
        }
        let gone = waiting.known().filter(|uri| {
            uri::path(uri).is_some_and(|path| self.snapshot.file_at(&path).is_none())
        });
        let gone: Vec<Report> = gone
            .filter(|uri| !waiting.knows(uri, 0))
            .map(|uri| Report {
                uri: uri.clone(),
                file: None,
                revision: 0,
                findings: Vec::new(),
            })
            .collect();
        reports.extend(gone);
        if reports.is_empty() {
            self.puller.put_back(waiting);
            return;
        }
        let view = self.view();
        self.workers
            .background(move || waiting.answer_from(&view, reports));
    }
}

fn convert(view: &View, id: FileId, findings: &[Finding], generation: u64) -> Option<Converted> {
    let file = view.snapshot.file(id)?;
    Some(Converted {
        file: id,
        generation,
        uri: view.uri(&file.path)?,
        version: view.open.get(&*file.path).map(|open| open.version),
        diagnostics: diagnostics(view, file, findings),
    })
}
