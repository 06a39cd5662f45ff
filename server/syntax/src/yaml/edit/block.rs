//! Edits of block collections and of scalars: which bytes go where.
//!
//! New lines follow the last byte of content, not of a comment, so that a comment stays with what
//! stands below it.

use super::layout::line_start;
use super::place::{Place, is_flow};
use super::value::Content;
use super::write::block_lines;
use super::{Editor, Refusal, Value, scalar};
use crate::edit::TextEdit;
use crate::yaml::bytes::{
    after_break, block_header_end, byte, is_break, line_end, range, skip_blanks_and_comments,
};
use crate::yaml::tree::{Node, NodeKind, Style};

impl Editor<'_> {
    /// The first entry of a text without any document.
    pub(super) fn first_entry(&self, key: &str, value: &Value) -> TextEdit {
        let line_break = self.layout.line_break;
        let ends_line = self.text.is_empty() || self.text.ends_with(['\n', '\r', '\u{feff}']);
        let before = if ends_line { "" } else { line_break };
        let written = self.writer().entry(0, key, value);
        self.insert(self.text.len(), format!("{before}{written}{line_break}"))
    }

    /// Writes a member on lines of its own, in front of the one with the number `at`.
    pub(super) fn insert_block(
        &self,
        place: &Place<'_>,
        at: usize,
        column: usize,
        written: &str,
    ) -> Vec<TextEdit> {
        let indentation = " ".repeat(column);
        let line_break = self.layout.line_break;
        let Some(before) = at.checked_sub(1).and_then(|before| place.member(before)) else {
            // The first one starts where the collection does, perhaps behind a dash.
            let text = format!("{written}{line_break}{indentation}");
            return vec![self.insert(place.start(), text)];
        };
        let end = self.content_end(before);
        let starts_line = end > 0 && is_break(byte(self.text, end - 1));
        // What stands apart from each other goes on doing so.
        let gap = match self.has_blank_line_before(place, at - 1) {
            true => line_break,
            false => "",
        };
        let text = if starts_line {
            format!("{gap}{indentation}{written}{line_break}")
        } else {
            format!("{line_break}{gap}{indentation}{written}")
        };
        vec![self.insert(end, text)]
    }

    /// Whether a blank line stands between a member of a collection and the one before it.
    fn has_blank_line_before(&self, place: &Place<'_>, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| place.member(before));
        let (Some(before), Some(own)) = (before, place.member(at)) else {
            return false;
        };
        let between = self
            .text
            .get(self.content_end(before)..own.range.start().into());
        let lines = between.unwrap_or_default().split('\n');
        let count = lines.clone().count();
        let mut inner = lines.take(count.saturating_sub(1)).skip(1);
        inner.any(|line| line.trim().is_empty())
    }

    /// Writes the first member of a collection that is absent or empty, below its owner.
    pub(super) fn fill(
        &self,
        place: &Place<'_>,
        column: usize,
        written: &str,
    ) -> Result<Vec<TextEdit>, Refusal> {
        if place.in_flow {
            return Err(Refusal::Unsafe);
        }
        let end = line_end(self.text, place.end());
        let indentation = " ".repeat(column);
        let line = format!("{}{indentation}{written}", self.layout.line_break);
        let mut edits = Vec::new();
        if !place.node.range.is_empty() {
            // `key: []`: the brackets go, with one space in front of them.
            let space = byte(self.text, place.start().saturating_sub(1)) == b' ';
            let start = place.start() - usize::from(space);
            edits.push(TextEdit::delete(range(start, place.end())));
        }
        edits.push(self.insert(end, line));
        Ok(edits)
    }

    /// Replaces a scalar, an alias or an absent value.
    pub(super) fn replace_scalar(
        &self,
        place: &Place<'_>,
        value: &Value,
    ) -> Result<Vec<TextEdit>, Refusal> {
        let (start, end) = (place.start(), place.end());
        let style = match &place.node.kind {
            NodeKind::Scalar { style, .. } => *style,
            _ => Style::Plain,
        };
        let was_block = matches!(style, Style::Literal | Style::Folded);
        // The comment behind the value: behind the header, if it is a block.
        let value_end = if was_block {
            block_header_end(self.text, start)
        } else {
            end
        };
        let rest = self.text.get(value_end..line_end(self.text, value_end));
        let kept = rest.unwrap_or_default();
        let comment = match &value.comment {
            Some(comment) if kept.trim().is_empty() => format!("  # {comment}"),
            _ => String::new(),
        };
        let space = match byte(self.text, start.saturating_sub(1)) {
            _ if !place.node.range.is_empty() => "",
            _ if place.lacks_colon(self.text) => ": ",
            b' ' => "",
            _ => " ",
        };
        let (first, below) = match &value.content {
            Content::Literal(word) => (word.clone(), String::new()),
            Content::Text(text)
                if self.layout.blocks && scalar::fits_block(text) && !place.in_flow =>
            {
                let column = match place.owner_column(self.text) {
                    Some(owner) => owner + self.layout.mapping_indent,
                    None => self.layout.mapping_indent,
                };
                let lines = block_lines(text, column, self.layout.line_break);
                (scalar::block_header(text).to_owned(), lines)
            }
            Content::Text(text) => (scalar::inline(text, style, place.in_flow), String::new()),
            _ => return Err(Refusal::WrongKind),
        };
        if below.is_empty() && !was_block {
            let mut edits = vec![TextEdit::replace(
                place.node.range,
                format!("{space}{first}"),
            )];
            if !comment.is_empty() && !place.in_flow {
                edits.push(self.insert(end, comment));
            }
            return Ok(edits);
        }
        // A block begins or ends here: what stood behind the value goes on the first line.
        let all = range(
            start,
            if was_block {
                end
            } else {
                line_end(self.text, end)
            },
        );
        let kept = kept.trim_end();
        Ok(vec![TextEdit::replace(
            all,
            format!("{space}{first}{kept}{comment}{below}"),
        )])
    }

    /// Removes a member of a block collection that has others.
    pub(super) fn remove_block(&self, place: &Place<'_>, index: usize) -> Vec<TextEdit> {
        let members = place.members();
        let Some(node) = place.member(index) else {
            return Vec::new();
        };
        let end = self.content_end(node);
        let start = match index.checked_sub(1).and_then(|before| place.member(before)) {
            Some(_) => self.member_start(place, index),
            None => place.start(),
        };
        if self
            .text
            .get(line_start(self.text, start)..start)
            .is_some_and(|before| before.trim().is_empty())
        {
            // Whole lines.
            let ends_line = end > 0 && is_break(byte(self.text, end - 1));
            let next = after_break(self.text, end);
            if next == end && !ends_line {
                // The text does not end with a line break, and goes on not to.
                let before = self.text.get(..line_start(self.text, start));
                let before = before.unwrap_or_default().trim_end_matches(['\n', '\r']);
                let previous = before.len();
                return vec![TextEdit::delete(range(previous, end))];
            }
            return vec![TextEdit::delete(range(line_start(self.text, start), next))];
        }
        // Behind a dash: the next member takes its place, unless a comment stands between.
        let next = members
            .get(index + 1)
            .map(|_| self.member_start(place, index + 1));
        match next {
            Some(next) if self.is_blank(end, next) => {
                vec![TextEdit::delete(range(start, next))]
            }
            _ => vec![TextEdit::delete(range(start, end))],
        }
    }

    /// Replaces a block collection that loses its only member by `{}` or `[]`.
    pub(super) fn empty_block(&self, place: &Place<'_>) -> Result<Vec<TextEdit>, Refusal> {
        let brackets = match place.node.kind {
            NodeKind::Mapping { .. } => "{}",
            _ => "[]",
        };
        let start = line_start(self.text, place.start());
        let alone = self.is_blank(start, place.start());
        match place.behind_key(self.text) {
            Some(behind) if alone => {
                let end = self.content_end(place.node);
                let previous = self.before_break(start);
                Ok(vec![
                    self.insert(behind, format!(" {brackets}")),
                    TextEdit::delete(range(previous.max(behind), end)),
                ])
            }
            _ => {
                let end = self.content_end(place.node);
                Ok(vec![TextEdit::replace(
                    range(place.start(), end),
                    brackets.to_owned(),
                )])
            }
        }
    }

    pub(super) fn insert(&self, at: usize, text: String) -> TextEdit {
        TextEdit::replace(range(at, at), text)
    }

    fn is_blank(&self, start: usize, end: usize) -> bool {
        let between = self.text.get(start..end);
        between.is_some_and(|between| between.trim().is_empty())
    }

    /// Before the line break that ends at `at`.
    fn before_break(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        let shorter = before.strip_suffix("\r\n");
        let shorter = shorter.or_else(|| before.strip_suffix(['\n', '\r']));
        shorter.unwrap_or(before).len()
    }

    /// Where a member starts that is not the first: at its dash, its `?` or its key with anchor.
    fn member_start(&self, place: &Place<'_>, index: usize) -> usize {
        let Some((start, _)) = place.members().get(index).copied() else {
            return place.end();
        };
        let before = index.checked_sub(1).and_then(|before| place.member(before));
        let from = before.map_or(place.start(), |before| self.content_end(before));
        let found = skip_blanks_and_comments(self.text, from);
        found.min(start)
    }

    /// The end of the line on which the last byte of content of `node` stands. Where blank lines
    /// are content, the start of the line behind them.
    pub(super) fn content_end(&self, node: &Node) -> usize {
        let end = line_end(self.text, node.range.end().into());
        if !self.keeps_blank_lines(node) {
            return end;
        }
        let mut at = after_break(self.text, end);
        loop {
            let end = line_end(self.text, at);
            let next = after_break(self.text, end);
            if !self.is_blank(at, end) || next == end {
                return at;
            }
            at = next;
        }
    }

    /// Whether the last thing in `node` is a block scalar with `+`.
    fn keeps_blank_lines(&self, node: &Node) -> bool {
        match &node.kind {
            NodeKind::Scalar {
                style: Style::Literal | Style::Folded,
                ..
            } => {
                let start = node.range.start().into();
                let header = self.text.get(start..block_header_end(self.text, start));
                header.is_some_and(|header| header.contains('+'))
            }
            _ if is_flow(node) => false,
            NodeKind::Mapping { entries, .. } => {
                let last = entries.last();
                last.is_some_and(|entry| self.keeps_blank_lines(&entry.value))
            }
            NodeKind::Sequence { items, .. } => {
                let last = items.last();
                last.is_some_and(|item| self.keeps_blank_lines(item))
            }
            _ => false,
        }
    }
}
