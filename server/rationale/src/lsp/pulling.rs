//! `workspace/diagnostic`, for clients that ask instead of being told.
//!
//! Such a client asks again as soon as it has an answer, so a request that would bring nothing new
//! waits until something is.

use super::diagnostics::diagnostics;
use super::inbox::Reply;
use super::view::View;
use checks::Finding;
use index::FileId;
use std::collections::BTreeMap;
use tower_lsp::ls_types::{
    FullDocumentDiagnosticReport, Uri, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport,
    WorkspaceDiagnosticReportResult, WorkspaceDocumentDiagnosticReport,
    WorkspaceFullDocumentDiagnosticReport,
};

/// What the client has been told of closed files, and the request that waits.
#[derive(Debug, Default)]
pub(super) struct Puller {
    /// The generation in which each file's findings last changed.
    revisions: BTreeMap<FileId, u64>,
    waiting: Option<Waiting>,
}

/// A request that has not been answered.
#[derive(Debug)]
pub(super) struct Waiting {
    /// What the client knows already: the revision of each address.
    known: BTreeMap<Uri, String>,
    reply: Reply<WorkspaceDiagnosticReportResult>,
}

/// One file of an answer.
#[derive(Debug)]
pub(super) struct Report {
    /// Its address.
    pub(super) uri: Uri,
    /// Its number, unless it is gone.
    pub(super) file: Option<FileId>,
    /// The revision that the client will know it by.
    pub(super) revision: u64,
    /// Its findings.
    pub(super) findings: Vec<Finding>,
}

impl Puller {
    /// The findings of a file may have changed in this generation.
    pub(super) fn changed(&mut self, file: FileId, generation: u64) {
        self.revisions.insert(file, generation);
    }

    /// The generation in which a file's findings last changed; 0 if they never did.
    pub(super) fn revision(&self, file: FileId) -> u64 {
        self.revisions.get(&file).copied().unwrap_or_default()
    }

    /// All files of which anything was ever found.
    pub(super) fn files(&self) -> Vec<FileId> {
        self.revisions.keys().copied().collect()
    }

    /// A request comes in; one that still waits is answered with nothing new.
    pub(super) fn wait(
        &mut self,
        params: WorkspaceDiagnosticParams,
        reply: Reply<WorkspaceDiagnosticReportResult>,
    ) {
        let known = params
            .previous_result_ids
            .into_iter()
            .map(|id| (id.uri, id.value))
            .collect();
        if let Some(earlier) = self.waiting.replace(Waiting { known, reply }) {
            earlier.answer(Vec::new());
        }
    }

    /// The request that waits, to be answered; `None` if none does.
    pub(super) fn take(&mut self) -> Option<Waiting> {
        self.waiting
            .take()
            .filter(|waiting| !waiting.reply.is_closed())
    }

    /// There was nothing new for it yet.
    pub(super) fn put_back(&mut self, waiting: Waiting) {
        self.waiting = Some(waiting);
    }

    /// The workspace starts afresh, and its files get new numbers.
    pub(super) fn forget(&mut self) {
        self.revisions.clear();
    }
}

impl Waiting {
    /// Whether the client knows this revision of a file.
    pub(super) fn knows(&self, uri: &Uri, revision: u64) -> bool {
        self.known
            .get(uri)
            .is_some_and(|known| *known == revision.to_string())
    }

    /// The files that the client knows something of.
    pub(super) fn known(&self) -> impl Iterator<Item = &Uri> {
        self.known.keys()
    }

    /// Answers, on a worker.
    pub(super) fn answer_from(self, view: &View, reports: Vec<Report>) {
        let items = reports.into_iter().map(|report| {
            let file = report.file.and_then(|file| view.snapshot.file(file));
            let items = file
                .map(|file| diagnostics(view, file, &report.findings))
                .unwrap_or_default();
            WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
                uri: report.uri,
                version: None,
                full_document_diagnostic_report: FullDocumentDiagnosticReport {
                    result_id: Some(report.revision.to_string()),
                    items,
                },
            })
        });
        let items = items.collect();
        self.answer(items);
    }

    fn answer(self, items: Vec<WorkspaceDocumentDiagnosticReport>) {
        let report = WorkspaceDiagnosticReport { items };
        // The client may have cancelled it.
        let _ = self
            .reply
            .send(Ok(WorkspaceDiagnosticReportResult::Report(report)));
    }
}
