//! Plain scalars outside of brackets.

use super::{Owner, Parser};
use crate::yaml::bytes::{is_blank, range, separates};
use crate::yaml::tree::{Node, NodeKind, Style};

impl Parser<'_> {
    /// The text that starts here and may go on on deeper lines.
    pub(super) fn plain(&mut self, owner: Owner) -> Node {
        let start = self.at;
        let mut value = String::new();
        let mut end;
        loop {
            let line_end = self.source.line_end(self.at);
            let comment = self.comment_or_end(self.at, line_end);
            end = self.source.trimmed(self.at, comment);
            self.refuse_colon(self.at, end);
            value.push_str(self.source.slice(self.at, end));
            let (next, breaks) = self.source.next_content(line_end);
            if comment < line_end || !self.continues_plain(next, owner) {
                break;
            }
            fold(&mut value, breaks);
            self.at = next;
        }
        self.skip_line();
        let style = Style::Plain;
        Node::new(NodeKind::Scalar { style, value }, range(start, end))
    }

    /// Whether the line with its first content at `at` goes on with a plain text.
    fn continues_plain(&self, at: usize, owner: Owner) -> bool {
        let start = self.source.line_start(at);
        let indentation = self.source.slice(start, at);
        let spaces = indentation.len() - indentation.trim_start_matches(' ').len();
        !self.source.is_end(at)
            && self.source.byte(at) != b'#'
            && owner.owns(spaces)
            && !self.source.is_marker(at, "---")
            && !self.source.is_marker(at, "...")
            // A deeper line that looks like a key was not meant to be text.
            && self.source.key_colon(at).is_none()
    }

    /// The `#` of a comment between `start` and `end`, or `end`.
    fn comment_or_end(&self, start: usize, end: usize) -> usize {
        let mut before = 0;
        for (offset, byte) in self.source.slice(start, end).bytes().enumerate() {
            if byte == b'#' && is_blank(before) {
                return start + offset;
            }
            before = byte;
        }
        end
    }

    fn refuse_colon(&mut self, start: usize, end: usize) {
        let text = self.source.slice(start, end);
        let colon = text
            .match_indices(':')
            .map(|(offset, _)| start + offset)
            .find(|colon| separates(self.source.text(), colon + 1));
        if let Some(colon) = colon {
            self.report(
                colon,
                colon + 1,
                "A second `:` makes this line unreadable: put the value in quotes.",
            );
        }
    }
}

/// Adds what `breaks` line breaks between two lines of text mean: a space, or one less line feed.
pub(super) fn fold(value: &mut String, breaks: usize) {
    match breaks {
        0 => {}
        1 => value.push(' '),
        _ => value.extend(std::iter::repeat_n('\n', breaks - 1)),
    }
}
