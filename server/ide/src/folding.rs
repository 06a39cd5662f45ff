//! What can be folded away: the parts of a text that go over several lines and say in their first one
//! what they are.

mod sql_file;
mod yaml;

use index::{File, FileId, FileKind, Snapshot};
use std::collections::BTreeMap;
use syntax::{LineIndex, TextRange};

/// Lines that can be folded away behind the first of them. Lines count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// The line that stays.
    pub first: u32,
    /// The last line that goes.
    pub last: u32,
    /// They are a comment.
    pub is_comment: bool,
}

/// What can be folded in a file, in the order of the text: at most one part for each line that stays.
pub fn folds(snapshot: &Snapshot, file: FileId) -> Vec<Fold> {
    let Some(file) = snapshot.file(file) else {
        return Vec::new();
    };
    let Some(text) = snapshot.text(file) else {
        return Vec::new();
    };
    let lines = LineIndex::new(&text);
    let mut found = Found {
        text: &text,
        lines: &lines,
        folds: BTreeMap::new(),
    };
    if file.sql().is_some() {
        sql_file::folds(&snapshot.sql_options(file), &mut found);
    } else if is_yaml(file) {
        yaml::folds(&mut found);
    }
    found.folds.into_values().collect()
}

/// Whether a file is YAML, as far as the workspace reads it.
pub(crate) fn is_yaml(file: &File) -> bool {
    matches!(
        file.kind,
        FileKind::NativeSpec
            | FileKind::Lock
            | FileKind::DbtProperties
            | FileKind::DbtProject
            | FileKind::DbtPackages
    )
}

/// What was found, by the line that stays.
struct Found<'t> {
    text: &'t str,
    lines: &'t LineIndex,
    folds: BTreeMap<u32, Fold>,
}

impl Found<'_> {
    /// Adds a part of the text, unless something smaller that begins on its line is known already.
    fn add(&mut self, range: TextRange) {
        let last = self.lines.line(range.end());
        self.add_lines(self.lines.line(range.start()), last, false);
    }

    /// The same for what ends with a sign or a tag of its own at `end`, which stays where it starts
    /// its line.
    fn add_up_to(&mut self, range: TextRange, end: TextRange) {
        let last = self.lines.line(end.start());
        let line = self.lines.line_range(self.text, last).unwrap_or_default();
        let before = TextRange::new(line.start(), end.start().max(line.start()));
        let starts_line = crate::lookup::slice(self.text, before).trim().is_empty();
        let last = last.saturating_sub(u32::from(starts_line));
        self.add_lines(self.lines.line(range.start()), last, false);
    }

    fn add_lines(&mut self, first: u32, last: u32, is_comment: bool) {
        if last > first {
            let fold = Fold {
                first,
                last,
                is_comment,
            };
            let known = self.folds.entry(first).or_insert(fold);
            if last < known.last {
                *known = fold;
            }
        }
    }

    /// Adds the comments that fill whole lines, one below the other.
    fn add_comments(&mut self, comments: impl IntoIterator<Item = TextRange>) {
        let mut run: Option<(u32, u32)> = None;
        for comment in comments {
            let (first, last) = (
                self.lines.line(comment.start()),
                self.lines.line(comment.end()),
            );
            let line = self.lines.line_range(self.text, first).unwrap_or_default();
            let before = TextRange::new(line.start(), comment.start().max(line.start()));
            if !crate::lookup::slice(self.text, before).trim().is_empty() {
                continue;
            }
            run = match run {
                Some((start, end)) if first <= end + 1 => Some((start, last)),
                Some((start, end)) => {
                    self.add_lines(start, end, true);
                    Some((first, last))
                }
                None => Some((first, last)),
            };
        }
        if let Some((start, end)) = run {
            self.add_lines(start, end, true);
        }
    }
}
