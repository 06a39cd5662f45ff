//! Quoted scalars.

use super::plain::fold;
use super::{Owner, Parser};
use crate::yaml::bytes::{byte, is_break, range};
use crate::yaml::tree::{Node, NodeKind, Style};

impl Parser<'_> {
    /// The quoted text that starts here. One that never ends is taken to end on its own line.
    pub(super) fn quoted(&mut self, owner: Owner) -> Node {
        let start = self.at;
        let style = match self.peek() {
            b'"' => Style::DoubleQuoted,
            _ => Style::SingleQuoted,
        };
        let (value, end) = self
            .closed_text(style, owner)
            .unwrap_or_else(|| self.unclosed_text());
        self.at = end;
        Node::new(NodeKind::Scalar { style, value }, range(start, end))
    }

    /// What the text says, and where its closing quote ends.
    fn closed_text(&mut self, style: Style, owner: Owner) -> Option<(String, usize)> {
        let double = style == Style::DoubleQuoted;
        let quote = if double { '"' } else { '\'' };
        let mut value = String::new();
        let mut kept = 0; // trailing blanks of a line are not part of the text, escaped ones are
        let mut at = self.at + 1;
        loop {
            let rest = self.source.text().get(at..)?;
            let length = rest.find(|character| {
                character == quote
                    || matches!(character, '\n' | '\r')
                    || (double && character == '\\')
            })?;
            let run = rest.get(..length)?;
            value.push_str(run);
            let blanks = run.len() - run.trim_end_matches([' ', '\t']).len();
            if blanks < run.len() {
                kept = value.len() - blanks;
            }
            at += length;
            match (self.source.byte(at), self.source.byte(at + 1)) {
                (b'\'', b'\'') if !double => {
                    value.push('\'');
                    at += 2;
                }
                (b'\\', next) if is_break(next) => {
                    let (next, breaks) = self.source.next_content(at + 1);
                    if !self.may_continue(next, owner) {
                        return None;
                    }
                    value.extend(std::iter::repeat_n('\n', breaks.saturating_sub(1)));
                    at = next;
                }
                (b'\\', _) => {
                    let (character, behind) = self.escape(at);
                    value.push(character);
                    at = behind;
                }
                (found, _) if is_break(found) => {
                    let (next, breaks) = self.source.next_content(at);
                    if !self.may_continue(next, owner) {
                        return None;
                    }
                    value.truncate(kept);
                    fold(&mut value, breaks);
                    at = next;
                }
                _ => return Some((value, at + 1)),
            }
            kept = value.len();
        }
    }

    fn unclosed_text(&mut self) -> (String, usize) {
        let end = self.source.trimmed(self.at, self.source.line_end(self.at));
        let message = format!(
            "This quoted text never ends: add the closing `{}`.",
            char::from(self.peek())
        );
        self.report(self.at, end, message);
        let text = self.source.slice(self.at + 1, end);
        let text = text.split(" #").next().unwrap_or_default();
        (text.to_owned(), end.max(self.at + 1))
    }

    /// Whether a text or a flow collection may go on at the content at `at`, on a later line.
    pub(super) fn may_continue(&self, at: usize, owner: Owner) -> bool {
        !self.source.is_end(at)
            && owner.owns(self.source.column(at))
            && !self.source.is_marker(at, "---")
            && !self.source.is_marker(at, "...")
    }

    /// The character that the escape at `at` stands for, and where it ends.
    fn escape(&mut self, at: usize) -> (char, usize) {
        let text = self.source.text();
        if let Some(known) = known_escape(text, at) {
            return known;
        }
        self.report(
            at,
            at + 2,
            "This escape is not known: write `\\\\` for a backslash, or use single quotes.",
        );
        let next = text.get(at + 1..).and_then(|rest| rest.chars().next());
        let character = next.unwrap_or('\\');
        (character, at + 1 + next.map_or(0, char::len_utf8))
    }
}

/// The escapes of YAML 1.2, section 5.7.
fn known_escape(text: &str, at: usize) -> Option<(char, usize)> {
    let character = match byte(text, at + 1) {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{b}',
        b'f' => '\u{c}',
        b'r' => '\r',
        b'e' => '\u{1b}',
        same @ (b' ' | b'"' | b'/' | b'\\') => char::from(same),
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        b'x' => return code_point(text, at + 2, 2),
        b'u' => return code_point(text, at + 2, 4),
        b'U' => return code_point(text, at + 2, 8),
        _ => return None,
    };
    Some((character, at + 2))
}

fn code_point(text: &str, at: usize, digits: usize) -> Option<(char, usize)> {
    let code = hexadecimal(text, at, digits)?;
    let end = at + digits;
    if !(0xD800..0xDC00).contains(&code) {
        return Some((char::from_u32(code)?, end));
    }
    // JSON writes characters beyond the first plane as two escapes.
    text.get(end..)?.strip_prefix("\\u")?;
    let low = hexadecimal(text, end + 2, 4)?;
    if !(0xDC00..0xE000).contains(&low) {
        return None;
    }
    let code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    Some((char::from_u32(code)?, end + 6))
}

fn hexadecimal(text: &str, at: usize, digits: usize) -> Option<u32> {
    let digits = text.get(at..at + digits)?;
    let only_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    only_digits.then(|| u32::from_str_radix(digits, 16).ok())?
}
