//! The sentences of a value: one a line, each with the place where it stands in the text. Knows
//! nothing of what a sentence says.

use syntax::yaml::{Node, NodeKind, Style};
use syntax::{TextRange, TextSize};

/// The sentences that `node`, a scalar of `text`, holds: its lines, without indentation and blank
/// ones. Only in a literal block (`|`) and in a value of one line each sentence has a place of its
/// own; elsewhere YAML may have folded or escaped the text, and the place is that of the value.
pub(super) fn lines(text: &str, node: &Node) -> Vec<(String, TextRange)> {
    let NodeKind::Scalar { style, value } = &node.kind else {
        return Vec::new();
    };
    let (start, end) = (node.range.start(), node.range.end());
    let source = text.get(start.into()..end.into()).unwrap_or_default();
    match style {
        Style::Literal => {
            let mut sentences = sentences_of(source, start);
            // The first line is the header: `|`, `|-`, `|2`.
            if !sentences.is_empty() {
                sentences.remove(0);
            }
            sentences
        }
        Style::Plain if !source.contains(['\n', '\r']) => sentences_of(source, start),
        Style::SingleQuoted | Style::DoubleQuoted if inner(source) == Some(value) => {
            sentences_of(value, start + TextSize::of('"'))
        }
        _ => value
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| (line.to_owned(), node.range))
            .collect(),
    }
}

/// What stands between the quotes.
fn inner(source: &str) -> Option<&str> {
    let mut letters = source.chars();
    letters.next()?;
    letters.next_back()?;
    Some(letters.as_str())
}

/// The lines of `source`, which starts at `start`, that are not blank.
fn sentences_of(source: &str, start: TextSize) -> Vec<(String, TextRange)> {
    let mut sentences = Vec::new();
    let mut at = start;
    for line in source.split_inclusive(['\n', '\r']) {
        let indented = line.trim_start();
        let sentence = indented.trim_end();
        if !sentence.is_empty() {
            let indentation = TextSize::of(line) - TextSize::of(indented);
            let range = TextRange::at(at + indentation, TextSize::of(sentence));
            sentences.push((sentence.to_owned(), range));
        }
        at += TextSize::of(line);
    }
    sentences
}
