//! Block scalars: `|` and `>` with the lines below them.

use super::{Owner, Parser};
use crate::yaml::bytes::{block_header_end, block_scalar_end, is_break, range};
use crate::yaml::tree::{Node, NodeKind, Style};

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy)]
enum Chomping {
    /// `-`: none is kept.
    Strip,
    /// One is kept.
    Clip,
    /// `+`: all are kept.
    Keep,
}

impl Parser<'_> {
    pub(super) fn block_scalar(&mut self, owner: Owner) -> Node {
        let start = self.at;
        let style = match self.peek() {
            b'|' => Style::Literal,
            _ => Style::Folded,
        };
        let header_end = block_header_end(self.source.text(), start);
        let header = self.source.slice(start + 1, header_end);
        let chomping = match header.trim_matches(|digit: char| digit.is_ascii_digit()) {
            "-" => Chomping::Strip,
            "+" => Chomping::Keep,
            _ => Chomping::Clip,
        };
        let indicator = header.trim_matches(['+', '-']).parse::<usize>().ok();

        self.at = header_end;
        self.expect_header_end();
        let indentation = match (indicator, owner) {
            (Some(more), Owner::Column(column)) => column + more,
            (Some(more), Owner::Root) => more,
            (None, _) => self.detected_indentation(owner),
        };
        let lines = self.block_lines(indentation);
        let value = joined(&lines, style, chomping);
        let end = block_scalar_end(self.source.text(), start, self.at);
        Node::new(NodeKind::Scalar { style, value }, range(start, end))
    }

    fn expect_header_end(&mut self) {
        let behind = self.at;
        self.skip_blanks();
        let comment = self.peek() == b'#' && self.at > behind;
        if !(self.is_done() || is_break(self.peek()) || comment) {
            self.report_line("Nothing may follow `|` or `>` on its line: start the text below it, or put it in quotes.");
        }
        self.skip_line();
    }

    /// The column of the first line with text, if that lies deeper than the owner; without any, the
    /// least that would be.
    fn detected_indentation(&self, owner: Owner) -> usize {
        let least = match owner {
            Owner::Root => 0,
            Owner::Column(column) => column + 1,
        };
        let mut widest_blank = 0;
        let mut line = self.at;
        loop {
            let spaces = self.spaces(line);
            let at = line + spaces;
            if self.source.is_end(at) {
                return widest_blank.max(spaces).max(least);
            }
            if !is_break(self.source.byte(at)) {
                return spaces.max(least);
            }
            widest_blank = widest_blank.max(spaces);
            line = self.source.next_line(at);
        }
    }

    fn spaces(&self, line: usize) -> usize {
        let rest = self.source.text().as_bytes().get(line..);
        let spaces = rest.unwrap_or_default().iter();
        spaces.take_while(|byte| **byte == b' ').count()
    }

    /// The lines of the text without their indentation, blank ones at the end included.
    fn block_lines(&mut self, indentation: usize) -> Vec<&str> {
        let mut lines = Vec::new();
        while !self.is_done() {
            let end = self.source.line_end(self.at);
            let spaces = self.spaces(self.at);
            let blank = self.at + spaces == end;
            let marker = indentation == 0 && self.ends_document();
            if !blank && (spaces < indentation || marker) {
                break;
            }
            lines.push((self.at + spaces.min(indentation), end));
            self.at = self.source.next_line(self.at);
        }
        let source = &self.source;
        lines
            .into_iter()
            .map(|(start, end)| source.slice(start, end))
            .collect()
    }
}

fn joined(lines: &[&str], style: Style, chomping: Chomping) -> String {
    let text = lines
        .iter()
        .rposition(|line| !line.is_empty())
        .map_or(0, |last| last + 1);
    let (content, blank) = lines.split_at(text);
    let mut value = match style {
        Style::Literal => content.join("\n"),
        _ => folded(content),
    };
    let breaks = match chomping {
        Chomping::Strip => 0,
        Chomping::Clip => usize::from(!content.is_empty()),
        Chomping::Keep => usize::from(!content.is_empty()) + blank.len(),
    };
    value.extend(std::iter::repeat_n('\n', breaks));
    value
}

/// Joins lines by spaces, except round blank lines and lines that are indented more.
fn folded(lines: &[&str]) -> String {
    let mut value = String::new();
    let mut before: Option<&str> = None;
    let mut blanks = 0;
    for line in lines {
        if line.is_empty() {
            blanks += 1;
            continue;
        }
        let indented = |line: &str| line.starts_with([' ', '\t']);
        let breaks = match before {
            None => blanks,
            Some(before) if indented(before) || indented(line) => blanks + 1,
            Some(_) => blanks,
        };
        if breaks == 0 && before.is_some() {
            value.push(' ');
        }
        value.extend(std::iter::repeat_n('\n', breaks));
        value.push_str(line);
        before = Some(line);
        blanks = 0;
    }
    value
}
