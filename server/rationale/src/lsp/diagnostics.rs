//! From findings to diagnostics of the protocol.

use super::view::View;
use checks::{Finding, Severity};
use index::{File, FileId};
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, NumberOrString, Range, Uri,
};

/// What names the server in a list of problems.
pub(super) const SOURCE: &str = "rationale";

/// The page that describes every code, under a heading of its name.
const MANUAL: &str = "https://github.com/rationale-data/rationale/blob/main/docs/codes.md";

/// Findings whose text is not needed: editors show it faded.
const UNNECESSARY: [&str; 1] = ["unused-ignore"];

/// The findings of one file, ready for the client.
#[derive(Debug)]
pub(super) struct Converted {
    /// The file.
    pub(super) file: FileId,
    /// The generation of the workspace that they belong to.
    pub(super) generation: u64,
    /// The file's address.
    pub(super) uri: Uri,
    /// The version of the document, where it is open.
    pub(super) version: Option<i32>,
    /// What is to be shown.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// The diagnostics of `file`, for which `findings` were found.
pub(super) fn diagnostics(view: &View, file: &File, findings: &[Finding]) -> Vec<Diagnostic> {
    findings
        .iter()
        .map(|finding| diagnostic(view, file, finding))
        .collect()
}

/// One finding in `file`.
pub(super) fn diagnostic(view: &View, file: &File, finding: &Finding) -> Diagnostic {
    let tags = (view.abilities.tags && UNNECESSARY.contains(&finding.code))
        .then(|| vec![DiagnosticTag::UNNECESSARY]);
    Diagnostic {
        // Without a text there is nothing to point to, and the file as a whole is meant.
        range: view
            .range(file, finding.range(&view.snapshot))
            .unwrap_or_default(),
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(finding.code.to_owned())),
        code_description: code_description(view, finding.code),
        source: Some(SOURCE.to_owned()),
        message: finding.message.clone(),
        related_information: related(view, finding),
        tags,
        data: None,
    }
}

/// What is shown for a file that the server failed on.
pub(super) fn analysis_failed(reason: &str) -> Diagnostic {
    Diagnostic {
        range: Range::default(),
        severity: Some(DiagnosticSeverity::WARNING),
        code: Some(NumberOrString::String("analysis-failed".to_owned())),
        source: Some(SOURCE.to_owned()),
        message: format!(
            "The server failed on this file and has set it aside until it changes ({}). Please report this, with the file.",
            one_line(reason)
        ),
        ..Diagnostic::default()
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
        Severity::Hint => DiagnosticSeverity::HINT,
    }
}

fn code_description(view: &View, code: &str) -> Option<CodeDescription> {
    if !view.abilities.code_descriptions {
        return None;
    }
    let href = format!("{MANUAL}#{code}").parse().ok()?;
    Some(CodeDescription { href })
}

fn related(view: &View, finding: &Finding) -> Option<Vec<DiagnosticRelatedInformation>> {
    if !view.abilities.related_places || finding.related.is_empty() {
        return None;
    }
    let places = finding.related.iter().filter_map(|related| {
        let file = view.snapshot.file(related.file)?;
        let range = view.range(file, related.range(&view.snapshot))?;
        let location = Location::new(view.uri(&file.path)?, range);
        Some(DiagnosticRelatedInformation {
            location,
            message: related.message.clone(),
        })
    });
    Some(places.collect())
}

/// `text` with every run of white space as one space, so that it fits into a sentence.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
