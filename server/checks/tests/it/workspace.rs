//! A workspace in memory, and what is said about it.

use crate::suite::Case;
use checks::{Detail, Finding, Findings, Fix};
use index::system::MemorySystem;
use index::{Snapshot, Workspace};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::{Encoding, LineIndex};

/// The folder that every workspace is in.
pub(crate) const ROOT: &str = "/workspace";

/// Files by their path in the workspace.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A workspace that has been read and checked.
#[derive(Clone)]
pub(crate) struct Checked {
    pub(crate) snapshot: Snapshot,
    pub(crate) base: Option<Snapshot>,
    pub(crate) findings: Vec<Finding>,
}

/// The files of a case, with the locks that were written of the files as they were then.
pub(crate) fn files(case: &Case) -> Files {
    let mut files = given(&case.files);
    if !case.locked.is_empty() {
        let mut then = files.clone();
        then.extend(given(&case.locked));
        let request = checks::LockRequest {
            is_initial: true,
            ..checks::LockRequest::default()
        };
        for update in checks::update_locks(&check(&then).snapshot, &request) {
            let path = update.path.strip_prefix(ROOT).unwrap();
            let path = path.to_str().unwrap().to_owned();
            files.entry(path).or_insert(update.text.into_bytes());
        }
    }
    files
}

fn given(files: &[crate::suite::Given]) -> Files {
    let files = files.iter();
    files
        .map(|file| (file.path.clone(), file.content.clone()))
        .collect()
}

/// Reads and checks the workspace of a case, beside its base where it has one.
pub(crate) fn check_case(case: &Case) -> Checked {
    checked(&files(case), base(case))
}

/// The state that the branch of a case was made from, where it has one.
pub(crate) fn base(case: &Case) -> Option<Snapshot> {
    if case.base.is_empty() {
        return None;
    }
    let mut before = given(&case.files);
    before.extend(given(&case.base));
    Some(check(&before).snapshot)
}

/// Reads and checks a workspace of these files.
pub(crate) fn check(files: &Files) -> Checked {
    checked(files, None)
}

/// Reads and checks a workspace of these files, beside a base.
pub(crate) fn checked(files: &Files, base: Option<Snapshot>) -> Checked {
    let system = MemorySystem::new(
        files
            .iter()
            .map(|(path, content)| (absolute(path), content.clone())),
    );
    let mut workspace = Workspace::new(Arc::new(system), vec![PathBuf::from(ROOT)]);
    let reached = workspace.load();
    let snapshot = workspace.snapshot();
    let mut findings = Findings::default();
    findings.set_base(base.clone());
    findings.update(&snapshot, &reached);
    let findings = findings.all(&snapshot);
    Checked {
        snapshot,
        base,
        findings,
    }
}

/// The path of a file in the workspace.
pub(crate) fn absolute(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

impl Checked {
    /// The path in the workspace of the file that a finding is in.
    pub(crate) fn path(&self, finding: &Finding) -> String {
        let file = self
            .snapshot
            .file(finding.file)
            .expect("findings are about files that exist");
        self.snapshot.display_path(&file.path)
    }

    /// The line that a finding starts on, from 0.
    pub(crate) fn line(&self, finding: &Finding) -> u32 {
        let file = self.snapshot.file(finding.file).unwrap();
        let Some(text) = self.snapshot.text(file) else {
            return 0;
        };
        let start = finding.range(&self.snapshot).start();
        LineIndex::new(&text)
            .position(&text, start, Encoding::Utf32)
            .line
    }

    /// The fixes of a finding.
    pub(crate) fn fixes(&self, finding: &Finding) -> Vec<Fix> {
        checks::fixes(&self.snapshot, self.base.as_ref(), finding, Detail::Edits)
    }

    /// A finding as it is named in a test's report.
    pub(crate) fn shown(&self, finding: &Finding) -> String {
        format!(
            "{}:{}: {}[{}] {}",
            self.path(finding),
            self.line(finding) + 1,
            finding.severity.name(),
            finding.code,
            finding.message
        )
    }
}

/// The files after a fix; `None` where its edits do not fit the texts.
pub(crate) fn fixed(files: &Files, fix: &Fix) -> Option<Files> {
    let mut files = files.clone();
    for edit in &fix.edits {
        let path = edit.path.strip_prefix(ROOT).ok()?.to_str()?.to_owned();
        let before = match files.get(&path) {
            Some(content) if !edit.create => String::from_utf8(content.clone()).ok()?,
            None if edit.create => String::new(),
            _ => return None,
        };
        let after = syntax::edit::apply(&before, &edit.edits)?;
        files.insert(path, after.into_bytes());
    }
    Some(files)
}
