//! The text, with what the parser asks about its lines. Columns count bytes.

use crate::yaml::bytes::{self, is_break, separates};

pub(super) struct Source<'a> {
    text: &'a str,
    lines: Vec<Line>,
}

struct Line {
    start: usize,
    /// Its first byte that is no blank.
    content: usize,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a str) -> Source<'a> {
        let mut lines = Vec::with_capacity(text.len() / 32 + 1);
        let mut start = if text.starts_with('\u{feff}') { 3 } else { 0 };
        loop {
            let rest = text.as_bytes().get(start..).unwrap_or_default();
            let blanks = rest.iter().take_while(|byte| bytes::is_blank(**byte));
            let content = start + blanks.count();
            lines.push(Line { start, content });
            let end = bytes::line_end(text, content);
            start = bytes::after_break(text, end);
            if start == end {
                return Source { text, lines };
            }
        }
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        bytes::byte(self.text, at)
    }

    pub(super) fn is_end(&self, at: usize) -> bool {
        at >= self.text.len()
    }

    /// `at`, moved to the end of the character it is in.
    pub(super) fn char_boundary(&self, at: usize) -> usize {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at += 1;
        }
        at
    }

    fn line(&self, at: usize) -> Option<&Line> {
        let after = self.lines.partition_point(|line| line.start <= at);
        self.lines.get(after.saturating_sub(1))
    }

    pub(super) fn line_start(&self, at: usize) -> usize {
        self.line(at).map_or(0, |line| line.start)
    }

    pub(super) fn line_end(&self, at: usize) -> usize {
        bytes::line_end(self.text, at)
    }

    pub(super) fn next_line(&self, at: usize) -> usize {
        bytes::after_break(self.text, self.line_end(at))
    }

    pub(super) fn column(&self, at: usize) -> usize {
        at - self.line_start(at).min(at)
    }

    /// Whether nothing but blanks stands before `at` on its line.
    pub(super) fn starts_line(&self, at: usize) -> bool {
        self.line(at).is_none_or(|line| at <= line.content)
    }

    /// Whether a tab is part of the indentation of the line that `at` is on.
    pub(super) fn is_tabbed(&self, at: usize) -> bool {
        self.line(at)
            .is_some_and(|line| self.slice(line.start, line.content).contains('\t'))
    }

    /// `end`, moved back over white space, but not before `start`.
    pub(super) fn trimmed(&self, start: usize, end: usize) -> usize {
        let text = self.slice(start, end);
        start + text.trim_end_matches([' ', '\t', '\n', '\r']).len()
    }

    /// Whether a `-` that starts an item stands at `at`.
    pub(super) fn is_dash(&self, at: usize) -> bool {
        self.is_indicator(at, b'-')
    }

    /// Whether `indicator` stands at `at` with white space behind it.
    pub(super) fn is_indicator(&self, at: usize, indicator: u8) -> bool {
        self.byte(at) == indicator && separates(self.text, at + 1)
    }

    /// Whether the document marker `marker` stands at `at`.
    pub(super) fn is_marker(&self, at: usize, marker: &str) -> bool {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        rest.starts_with(marker.as_bytes())
            && separates(self.text, at + marker.len())
            && self.column(at) == 0
    }

    /// The first content at or after `at`, over line breaks and blanks but not over comments, and
    /// how many line breaks lie between.
    pub(super) fn next_content(&self, at: usize) -> (usize, usize) {
        let (mut at, mut breaks) = (at, 0);
        loop {
            match self.byte(at) {
                b' ' | b'\t' => at += 1,
                byte if is_break(byte) => {
                    at = bytes::after_break(self.text, at);
                    breaks += 1;
                }
                _ => return (at, breaks),
            }
        }
    }
}
