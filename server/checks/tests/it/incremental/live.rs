//! A workspace that is edited.

use super::step::Step;
use crate::workspace::{Files, ROOT, absolute};
use checks::{Finding, Findings};
use index::system::MemorySystem;
use index::{Change, FileId, Snapshot, Workspace};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A workspace that changes, with its findings.
pub(crate) struct Live {
    pub(super) files: Files,
    system: MemorySystem,
    pub(crate) workspace: Workspace,
    pub(crate) findings: Findings,
}

impl Live {
    pub(crate) fn new(files: &Files) -> Live {
        let contents = files
            .iter()
            .map(|(path, content)| (absolute(path), content.clone()));
        let system = MemorySystem::new(contents);
        let mut workspace = Workspace::new(Arc::new(system.clone()), vec![PathBuf::from(ROOT)]);
        let reached = workspace.load();
        let mut findings = Findings::default();
        findings.update(&workspace.snapshot(), &reached);
        Live {
            files: files.clone(),
            system,
            workspace,
            findings,
        }
    }

    pub(super) fn take(&mut self, original: &Files, step: &Step, in_editor: bool) {
        let (path, after) = self.after(original, step);
        self.put(&path, after, in_editor);
    }

    /// Has a file say something else, or takes it away.
    pub(super) fn put(&mut self, path: &str, after: Option<Vec<u8>>, in_editor: bool) {
        let change = match &after {
            Some(content) if in_editor && str::from_utf8(content).is_ok() => Change::Edited {
                path: absolute(path),
                text: String::from_utf8(content.clone()).unwrap().into(),
            },
            _ => Change::OnDisk {
                path: absolute(path),
            },
        };
        match after {
            Some(content) => {
                self.system.write(absolute(path), content.clone());
                self.files.insert(path.to_owned(), content);
            }
            None => {
                self.system.remove(&absolute(path));
                self.files.remove(path);
            }
        }
        let before = self.by_file();
        // What an editor holds goes before what is on disk, so a change on disk closes it first.
        let closed = Change::Closed {
            path: absolute(path),
        };
        let changes = match change {
            Change::OnDisk { .. } => vec![closed, change],
            _ => vec![change],
        };
        let reached = self.workspace.apply(changes);
        let snapshot = self.workspace.snapshot();
        let named = self.findings.update(&snapshot, &reached);
        let after = self.by_file();
        for file in before.keys().chain(after.keys()) {
            let is_same = before.get(file) == after.get(file);
            assert!(
                is_same || named.contains(file),
                "an update leaves out a file: {path}"
            );
        }
    }

    /// The file that a step is about, and what it is afterwards.
    fn after(&self, original: &Files, step: &Step) -> (String, Option<Vec<u8>>) {
        let paths: Vec<&String> = original.keys().collect();
        let path = |file: usize| paths[file % paths.len()].clone();
        let with_lines = |file: usize, line: usize, change: fn(&mut Vec<&[u8]>, usize)| {
            let path = path(file);
            let content = self.files.get(&path).or(original.get(&path)).unwrap();
            let mut lines: Vec<&[u8]> = content.split_inclusive(|byte| *byte == b'\n').collect();
            if !lines.is_empty() {
                let line = line % lines.len();
                change(&mut lines, line);
            }
            (path, Some(lines.concat()))
        };
        match *step {
            Step::DropLine { file, line } => with_lines(file, line, |lines, line| {
                lines.remove(line);
            }),
            Step::RepeatLine { file, line } => with_lines(file, line, |lines, line| {
                lines.insert(line, lines[line]);
            }),
            Step::InsertBlankLine { file, line } => with_lines(file, line, |lines, line| {
                lines.insert(line, b"\n");
            }),
            Step::CutOff { file, line } => {
                with_lines(file, line, |lines, line| lines.truncate(line))
            }
            Step::Restore { file } => (path(file), original.get(&path(file)).cloned()),
            Step::Delete { file } => (path(file), None),
            Step::CopyFrom { file, other } => (path(file), original.get(&path(other)).cloned()),
            Step::ChangeDigit { file, digit } => {
                let (path, mut content) = self.now(original, path(file));
                let digits = content.iter().enumerate();
                let digits: Vec<usize> = digits
                    .filter(|(_, byte)| byte.is_ascii_digit())
                    .map(|(at, _)| at)
                    .collect();
                if !digits.is_empty() {
                    let byte = &mut content[digits[digit % digits.len()]];
                    *byte = b'0' + (*byte - b'0' + 1) % 10;
                }
                (path, Some(content))
            }
            Step::ChangeWord { file, word, to } => {
                let (path, content) = self.now(original, path(file));
                let words = words(&content);
                if words.is_empty() {
                    return (path, Some(content));
                }
                let to = content[words[to % words.len()].clone()].to_vec();
                let mut changed = content.clone();
                changed.splice(words[word % words.len()].clone(), to);
                (path, Some(changed))
            }
            Step::ChangeCase { file, word } => {
                let (path, mut content) = self.now(original, path(file));
                let words = words(&content);
                if !words.is_empty() {
                    for letter in &mut content[words[word % words.len()].clone()] {
                        *letter ^= if letter.is_ascii_alphabetic() {
                            0x20
                        } else {
                            0
                        };
                    }
                }
                (path, Some(content))
            }
        }
    }

    /// A file as it is, or as it was before it was deleted.
    fn now(&self, original: &Files, path: String) -> (String, Vec<u8>) {
        let content = self.files.get(&path).or(original.get(&path));
        let content = content.unwrap().clone();
        (path, content)
    }

    /// The dialect that each file is read in.
    pub(super) fn dialects(&self) -> Vec<String> {
        let snapshot = self.workspace.snapshot();
        let files = snapshot.files().into_iter();
        let dialects = files.map(|file| snapshot.projects().dialect(&file.path).dialect);
        dialects.map(|dialect| format!("{dialect:?}")).collect()
    }

    /// Everything that is found, as a client would show it.
    pub(crate) fn shown(&self) -> Vec<String> {
        let snapshot = self.workspace.snapshot();
        let findings = self.findings.all(&snapshot);
        findings
            .iter()
            .map(|finding| shown(&snapshot, finding))
            .collect()
    }

    fn by_file(&self) -> BTreeMap<FileId, Vec<String>> {
        let snapshot = self.workspace.snapshot();
        let mut by_file: BTreeMap<FileId, Vec<String>> = BTreeMap::new();
        for finding in self.findings.all(&snapshot) {
            by_file
                .entry(finding.file)
                .or_default()
                .push(shown(&snapshot, &finding));
        }
        by_file
    }
}

/// Where the words of a text stand.
fn words(content: &[u8]) -> Vec<std::ops::Range<usize>> {
    let mut words: Vec<std::ops::Range<usize>> = Vec::new();
    for (at, byte) in content.iter().enumerate() {
        let is_word = byte.is_ascii_alphanumeric() || *byte == b'_';
        match words.last_mut().filter(|word| word.end == at) {
            Some(word) if is_word => word.end = at + 1,
            _ if is_word => words.push(at..at + 1),
            _ => {}
        }
    }
    words
}

fn shown(snapshot: &Snapshot, finding: &Finding) -> String {
    let path = |file| snapshot.display_path(&snapshot.file(file).unwrap().path);
    let related: Vec<String> = finding
        .related
        .iter()
        .map(|related| {
            format!(
                "{} {:?} {}",
                path(related.file),
                related.range(snapshot),
                related.message
            )
        })
        .collect();
    format!(
        "{} {:?} {:?} {} {} {related:?}",
        path(finding.file),
        finding.range(snapshot),
        finding.severity,
        finding.code,
        finding.message
    )
}
