//! `textDocument/diagnostic`, for clients that ask instead of being told.

use crate::lsp::diagnostics::{analysis_failed, diagnostics};
use crate::lsp::view::View;
use tower_lsp::ls_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
};

/// The diagnostics of a document; none for one that is no part of the workspace.
pub(in crate::lsp) fn document_diagnostics(
    view: &View,
    params: &DocumentDiagnosticParams,
) -> DocumentDiagnosticReportResult {
    let items = match (&view.failure, view.file(&params.text_document.uri)) {
        (Some(reason), _) => vec![analysis_failed(reason)],
        (None, Some(file)) => diagnostics(view, file, &view.findings),
        (None, None) => Vec::new(),
    };
    DocumentDiagnosticReportResult::Report(DocumentDiagnosticReport::Full(
        RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: None,
                items,
            },
        },
    ))
}
