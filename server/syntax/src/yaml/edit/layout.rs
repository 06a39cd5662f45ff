//! How a file is laid out, so that what is added looks like the rest. The majority decides.

use crate::yaml::bytes::{is_break, line_end};
use crate::yaml::tree::{Document, Node, NodeKind};
use std::collections::BTreeMap;

/// Widths are in columns, which are bytes.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// What ends a line.
    pub(super) line_break: &'static str,
    /// From a key to the keys below it.
    pub(super) mapping_indent: usize,
    /// From a key to the dashes below it; 0 in dbt's own style.
    pub(super) sequence_indent: usize,
    /// From a dash to the mapping behind it.
    pub(super) dash_width: usize,
    /// Whether texts of several lines are written as blocks.
    pub(super) blocks: bool,
}

#[derive(Default)]
struct Votes {
    mapping_indent: BTreeMap<usize, usize>,
    sequence_indent: BTreeMap<usize, usize>,
    dash_width: BTreeMap<usize, usize>,
}

impl Layout {
    pub(super) fn of(text: &str, documents: &[Document]) -> Layout {
        let mut votes = Votes::default();
        for document in documents {
            votes.count(text, &document.root);
        }
        let mapping_indent = winner(&votes.mapping_indent).unwrap_or(2).max(1);
        Layout {
            line_break: line_break(text),
            mapping_indent,
            sequence_indent: winner(&votes.sequence_indent).unwrap_or(mapping_indent),
            dash_width: winner(&votes.dash_width).unwrap_or(2).max(2),
            blocks: true,
        }
    }
}

impl Votes {
    fn count(&mut self, text: &str, node: &Node) {
        let at = column(text, node.range.start().into());
        for item in node.items() {
            if is_block_mapping(item) && starts_behind_dash(text, node, item) {
                let width = column(text, item.range.start().into()).saturating_sub(at);
                *self.dash_width.entry(width).or_default() += 1;
            }
            self.count(text, item);
        }
        for entry in node.entries() {
            let value = &entry.value;
            let votes = match &value.kind {
                NodeKind::Mapping { flow: false, .. } => Some(&mut self.mapping_indent),
                NodeKind::Sequence { flow: false, .. } => Some(&mut self.sequence_indent),
                _ => None,
            };
            if let (Some(votes), NodeKind::Mapping { flow: false, .. }) = (votes, &node.kind) {
                let indent = column(text, value.range.start().into()).saturating_sub(at);
                *votes.entry(indent).or_default() += 1;
            }
            self.count(text, value);
        }
    }
}

fn is_block_mapping(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Mapping { flow: false, .. })
}

fn starts_behind_dash(text: &str, sequence: &Node, item: &Node) -> bool {
    let dash = column(text, sequence.range.start().into());
    let start = item.range.start().into();
    let line = start - column(text, start);
    text.as_bytes().get(line + dash) == Some(&b'-')
}

fn winner(votes: &BTreeMap<usize, usize>) -> Option<usize> {
    let most = votes.values().max()?;
    let (width, _) = votes.iter().find(|(_, count)| *count == most)?;
    Some(*width)
}

fn line_break(text: &str) -> &'static str {
    let end = line_end(text, 0);
    match text.as_bytes().get(end..) {
        Some([b'\r', b'\n', ..]) => "\r\n",
        Some([b'\r', ..]) => "\r",
        _ => "\n",
    }
}

/// The start of the line that `at` is on, behind a byte order mark.
pub(super) fn line_start(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or_default();
    match before.iter().rposition(|byte| is_break(*byte)) {
        Some(line_break) => line_break + 1,
        None if text.starts_with('\u{feff}') => 3.min(at),
        None => 0,
    }
}

/// The column of `at`.
pub(super) fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}
