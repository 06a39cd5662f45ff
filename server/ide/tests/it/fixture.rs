//! A workspace in memory, written as one text: each file after a line `=== PATH`, and `$0` where the
//! cursor is.

use checks::{Answers, Finding, Findings};
use index::system::MemorySystem;
use index::{File, FileId, Snapshot, Workspace};
use std::path::Path;
use std::sync::Arc;
use syntax::{LineIndex, TextRange, TextSize};

const ROOT: &str = "/shop";
pub(crate) const CURSOR: &str = "$0";

/// A workspace and a place in one of its files.
pub(crate) struct Fixture {
    pub(crate) snapshot: Snapshot,
    pub(crate) file: FileId,
    pub(crate) offset: TextSize,
    /// The findings of that file.
    pub(crate) findings: Vec<Finding>,
    /// What became of the sentences in force.
    pub(crate) answers: Answers,
}

impl Fixture {
    /// A place in the file, with what is known there.
    pub(crate) fn place(&self, range: TextRange) -> ide::ActionPlace<'_> {
        ide::ActionPlace {
            snapshot: &self.snapshot,
            base: None,
            findings: &self.findings,
            file: self.file,
            range,
        }
    }

    /// The workspace that `text` writes out, whose lines end as they do there.
    pub(crate) fn new(text: &str) -> Fixture {
        let mut system_files = Vec::new();
        let mut cursor = None;
        for (path, content) in files(text) {
            let path = Path::new(ROOT).join(path);
            if let Some((before, after)) = content.split_once(CURSOR) {
                let other = cursor.replace((path.clone(), TextSize::of(before)));
                assert!(
                    other.is_none() && !after.contains(CURSOR),
                    "one cursor only"
                );
                system_files.push((path, format!("{before}{after}")));
            } else {
                system_files.push((path, content));
            }
        }
        let system = Arc::new(MemorySystem::new(system_files));
        let mut workspace = Workspace::new(system, vec![ROOT.into()]);
        let reached = workspace.load();
        let snapshot = workspace.snapshot();
        let mut findings = Findings::default();
        findings.update(&snapshot, &reached);
        let (path, offset) = cursor.expect("a cursor");
        let file = snapshot
            .file_at(&path)
            .expect("the cursor is in a file of the workspace")
            .id;
        Fixture {
            findings: findings.of_file(&snapshot, file),
            answers: findings.answers().clone(),
            snapshot,
            file,
            offset,
        }
    }

    /// The same workspace with `\r\n` at the end of each line.
    pub(crate) fn with_crlf(text: &str) -> Fixture {
        Fixture::new(&text.replace('\n', "\r\n"))
    }

    /// The line of `range` with carets below, after the file's path.
    pub(crate) fn rendered(&self, file: FileId, range: TextRange) -> String {
        let file = self.file(file);
        let text = self.snapshot.text(file).expect("the file is there");
        let lines = LineIndex::new(&text);
        let number = lines.line(range.start());
        let line_range = lines.line_range(&text, number).expect("the line is there");
        let line = slice(&text, line_range);
        let end = range.end().min(line_range.end());
        let before = slice(&text, TextRange::new(line_range.start(), range.start()));
        let marked = slice(&text, TextRange::new(range.start(), end.max(range.start())));
        let carets = "^".repeat(marked.chars().count().max(1));
        let gap = " ".repeat(before.chars().count());
        let path = self.snapshot.display_path(&file.path);
        format!("{path}:{}\n  {line}\n  {gap}{carets}\n", number + 1)
    }

    /// The lines that hold any of the ranges, each with the signs of its ranges below.
    pub(crate) fn marked(&self, file: FileId, marks: &[(TextRange, char)]) -> String {
        let text = self.snapshot.text(self.file(file));
        let text = text.expect("the file is there");
        let lines = LineIndex::new(&text);
        let mut shown = String::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let range = TextRange::at(TextSize::new(start), TextSize::of(line));
            start = range.end().into();
            let mut below = String::new();
            for (mark, sign) in marks {
                if !range.contains_range(*mark)
                    || lines.line(mark.start()) != lines.line(range.start())
                {
                    continue;
                }
                let before = slice(&text, TextRange::new(range.start(), mark.start()));
                // A tab takes as much room below as above.
                let gap = before.chars().map(|c| if c == '\t' { '\t' } else { ' ' });
                let gap = gap.skip(below.chars().count()).collect::<String>();
                below.push_str(&gap);
                let length = slice(&text, *mark).chars().count();
                below.extend(std::iter::repeat_n(*sign, length));
            }
            if !below.is_empty() {
                shown.push_str(line.trim_end());
                shown.push('\n');
                shown.push_str(&below);
                shown.push('\n');
            }
        }
        shown
    }

    /// The lines of `range`, as `3..5`.
    pub(crate) fn lines(&self, file: FileId, range: TextRange) -> String {
        let text = self
            .snapshot
            .text(self.file(file))
            .expect("the file is there");
        let lines = LineIndex::new(&text);
        format!(
            "{}..{}",
            lines.line(range.start()) + 1,
            lines.line(range.end()) + 1
        )
    }

    /// The text of the file at `path`; of one that is yet to be made, none.
    pub(crate) fn text_at(&self, path: &Path, is_new: bool) -> String {
        let file = self.snapshot.file_at(path);
        assert_eq!(file.is_none(), is_new, "{}", path.display());
        let text = file.and_then(|file| self.snapshot.text(file));
        text.map_or(String::new(), |text| text.to_string())
    }

    fn file(&self, file: FileId) -> &File {
        self.snapshot
            .file(file)
            .expect("the file is part of the workspace")
    }
}

fn files(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix("=== ") {
            files.push((path.trim().to_owned(), String::new()));
        } else if let Some((_, content)) = files.last_mut() {
            content.push_str(line);
        } else {
            assert!(line.trim().is_empty(), "text before the first file: {line}");
        }
    }
    files
}

fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into())
        .expect("a range of the text")
}
