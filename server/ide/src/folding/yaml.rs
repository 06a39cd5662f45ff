//! What can be folded in YAML: entries and items that go over several lines, and comments.

use super::Found;
use crate::lookup;
use syntax::yaml::{Node, NodeKind, parse};
use syntax::{TextRange, TextSize};

pub(super) fn folds(found: &mut Found<'_>) {
    for document in parse(found.text).documents {
        below(&document.root, found);
    }
    let comments = comment_lines(found.text);
    found.add_comments(comments);
}

fn below(node: &Node, found: &mut Found<'_>) {
    match &node.kind {
        NodeKind::Mapping { entries, flow } => {
            if *flow {
                bracketed(node, found);
            }
            for entry in entries {
                found.add(entry.key.range.cover(content(found.text, &entry.value)));
                below(&entry.value, found);
            }
        }
        NodeKind::Sequence { items, flow } => {
            if *flow {
                bracketed(node, found);
            }
            for item in items {
                found.add(content(found.text, item));
                below(item, found);
            }
        }
        NodeKind::Scalar { .. } | NodeKind::Null | NodeKind::Alias(_) => {}
    }
}

/// A collection in brackets, the closing one of which stays.
fn bracketed(node: &Node, found: &mut Found<'_>) {
    let end = node.range.end();
    let close = end.checked_sub(TextSize::new(1)).unwrap_or(end);
    found.add_up_to(node.range, TextRange::new(close, end));
}

/// A value without the line ends that a block scalar ends with.
fn content(text: &str, node: &Node) -> TextRange {
    let content = lookup::slice(text, node.range).trim_end();
    TextRange::at(node.range.start(), TextSize::of(content))
}

/// The lines that hold nothing but a comment. What looks like one inside a text is a part of an entry
/// that goes over these lines anyway.
fn comment_lines(text: &str) -> Vec<TextRange> {
    let mut start = TextSize::new(0);
    let mut found = Vec::new();
    for line in text.split_inclusive(['\n', '\r']) {
        let content = line.trim();
        if content.starts_with('#') {
            let indent = line.len() - line.trim_start().len();
            let at = start + lookup::offset(indent);
            found.push(TextRange::at(at, TextSize::of(content)));
        }
        start += TextSize::of(line);
    }
    found
}
