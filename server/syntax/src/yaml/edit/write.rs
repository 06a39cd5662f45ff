//! Values as text, in the layout of the file.
//!
//! What is written starts behind the indentation of its first line and ends before the last line
//! break.

use super::layout::Layout;
use super::scalar;
use super::value::{Content, Value};
use crate::yaml::tree::Style;

pub(super) struct Writer<'a> {
    layout: &'a Layout,
    written: String,
}

impl<'a> Writer<'a> {
    pub(super) fn new(layout: &'a Layout) -> Writer<'a> {
        Writer {
            layout,
            written: String::new(),
        }
    }

    /// `key: value` in a mapping at `column`.
    pub(super) fn entry(mut self, column: usize, key: &str, value: &Value) -> String {
        self.add_entry(column, key, value, None);
        self.written
    }

    /// `- value` in a sequence at `column`.
    pub(super) fn item(mut self, column: usize, value: &Value) -> String {
        self.add_item(column, value);
        self.written
    }

    fn add_entry(&mut self, column: usize, key: &str, value: &Value, comment: Option<&str>) {
        self.written.push_str(&scalar::key(key));
        self.written.push(':');
        let comment = value.comment.as_deref().or(comment);
        match &value.content {
            Content::Sequence(items) if !items.is_empty() => {
                self.add_comment(comment);
                let column = column + self.layout.sequence_indent;
                for item in items {
                    self.start_line(column);
                    self.add_item(column, item);
                }
            }
            Content::Mapping(entries) if !entries.is_empty() => {
                self.add_comment(comment);
                let column = column + self.layout.mapping_indent;
                for (key, value) in entries {
                    self.start_line(column);
                    self.add_entry(column, key, value, None);
                }
            }
            _ => self.add_simple(column + self.layout.mapping_indent, value, comment),
        }
    }

    fn add_item(&mut self, column: usize, value: &Value) {
        self.written.push('-');
        let inner = column + self.layout.dash_width;
        let gap = " ".repeat(self.layout.dash_width - 1);
        let mut comment = value.comment.as_deref();
        match &value.content {
            Content::Mapping(entries) if !entries.is_empty() => {
                self.written.push_str(&gap);
                for (number, (key, value)) in entries.iter().enumerate() {
                    if number > 0 {
                        self.start_line(inner);
                    }
                    self.add_entry(inner, key, value, comment.take());
                }
            }
            Content::Sequence(items) if !items.is_empty() => {
                self.written.push_str(&gap);
                for (number, item) in items.iter().enumerate() {
                    if number > 0 {
                        self.start_line(inner);
                    }
                    self.add_item(inner, item);
                }
            }
            _ => self.add_simple(inner, value, comment),
        }
    }

    /// A scalar or an empty collection; the lines of a block stand at `column`.
    fn add_simple(&mut self, column: usize, value: &Value, comment: Option<&str>) {
        self.written.push(' ');
        match &value.content {
            Content::Text(text) if self.layout.blocks && scalar::fits_block(text) => {
                self.written.push_str(scalar::block_header(text));
                self.add_comment(comment);
                self.add_block(column, text);
            }
            _ => {
                self.written.push_str(&flow_in(value, false));
                self.add_comment(comment);
            }
        }
    }

    fn add_block(&mut self, column: usize, text: &str) {
        let lines = block_lines(text, column, self.layout.line_break);
        self.written.push_str(&lines);
    }

    fn add_comment(&mut self, comment: Option<&str>) {
        if let Some(comment) = comment {
            self.written.push_str("  # ");
            self.written.push_str(comment);
        }
    }

    fn start_line(&mut self, column: usize) {
        self.written.push_str(self.layout.line_break);
        self.written.push_str(&" ".repeat(column));
    }
}

/// The lines of a literal block below its header, each with a line break in front.
pub(super) fn block_lines(text: &str, column: usize, line_break: &str) -> String {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let mut lines = String::new();
    for line in text.split('\n') {
        lines.push_str(line_break);
        if !line.is_empty() {
            lines.push_str(&" ".repeat(column));
            lines.push_str(line);
        }
    }
    lines
}

/// `key: value` between braces.
pub(super) fn flow_entry(key: &str, value: &Value) -> String {
    format!("{}: {}", scalar::key(key), flow(value))
}

/// `value` between brackets.
pub(super) fn flow(value: &Value) -> String {
    flow_in(value, true)
}

fn flow_in(value: &Value, in_flow: bool) -> String {
    match &value.content {
        Content::Literal(word) => word.clone(),
        Content::Text(text) => scalar::inline(text, Style::Plain, in_flow),
        Content::Sequence(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Content::Mapping(entries) => {
            let entries = entries.iter().map(|(key, value)| flow_entry(key, value));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}
