//! The parts of YAML around a place: values, entries, items, collections, and the sentences in a spec.

use crate::lookup;
use crate::sentence;
use index::{File, Snapshot};
use syntax::yaml::{Node, NodeKind, parse};
use syntax::{TextRange, TextSize};

pub(super) fn parts(
    _: &Snapshot,
    file: &File,
    text: &str,
    offset: TextSize,
    found: &mut Vec<TextRange>,
) {
    found.extend(sentence::at(file, offset).map(|sentence| sentence.range));
    for document in &parse(text).documents {
        below(text, &document.root, offset, found);
    }
}

fn below(text: &str, node: &Node, offset: TextSize, found: &mut Vec<TextRange>) {
    let range = content(text, node);
    found.push(range);
    match &node.kind {
        NodeKind::Mapping { entries, .. } => {
            for entry in entries {
                let whole = entry.key.range.cover(content(text, &entry.value));
                if whole.contains_inclusive(offset) {
                    found.push(whole);
                    found.push(entry.key.range);
                    below(text, &entry.value, offset, found);
                }
            }
        }
        NodeKind::Sequence { items, .. } => {
            for item in items {
                if content(text, item).contains_inclusive(offset) {
                    below(text, item, offset, found);
                }
            }
        }
        // What is between quotes, without these.
        NodeKind::Scalar { .. } => {
            let written = lookup::slice(text, range);
            let quote = |text: &str| text.starts_with(['"', '\'']) && text.len() > 1;
            if quote(written) {
                let inner = TextRange::new(
                    range.start() + TextSize::new(1),
                    range.end() - TextSize::new(1),
                );
                found.push(inner);
            }
        }
        NodeKind::Null | NodeKind::Alias(_) => {}
    }
}

/// A value without the line ends that a block scalar ends with.
fn content(text: &str, node: &Node) -> TextRange {
    let content = lookup::slice(text, node.range).trim_end();
    TextRange::at(node.range.start(), TextSize::of(content))
}
