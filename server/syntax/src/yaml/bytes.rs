//! The few questions both front ends and the edits ask of bare text.
//!
//! Offsets beyond the end read as a NUL byte, so that no caller needs to ask whether it is there.

use crate::text::{TextRange, TextSize};

/// The byte at `at`; NUL beyond the end.
pub(super) fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// A space or a tab.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A line feed or a carriage return.
pub(super) fn is_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// One of the characters that structure flow collections.
pub(super) fn is_flow_indicator(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

/// Whether an indicator before `at` is followed by white space or by nothing.
pub(super) fn separates(text: &str, at: usize) -> bool {
    let next = byte(text, at);
    at >= text.len() || is_blank(next) || is_break(next)
}

/// The end of the line that `at` is on, before its line break.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    at + rest
        .iter()
        .position(|byte| is_break(*byte))
        .unwrap_or(rest.len())
}

/// The start of the line after the line break at `at`; `at` itself where there is none.
pub(super) fn after_break(text: &str, at: usize) -> usize {
    match (byte(text, at), byte(text, at + 1)) {
        (b'\r', b'\n') => at + 2,
        (b'\r' | b'\n', _) => at + 1,
        _ => at,
    }
}

/// The first byte at or after `at` that is neither white space nor part of a comment.
///
/// `at` must stand outside of any scalar, or a `#` in that would pass for a comment.
pub(super) fn skip_blanks_and_comments(text: &str, mut at: usize) -> usize {
    loop {
        match byte(text, at) {
            b' ' | b'\t' | b'\n' | b'\r' => at += 1,
            b'#' => at = line_end(text, at),
            _ => return at,
        }
    }
}

/// The end of the anchor or tag that starts at `at`.
pub(super) fn property_end(text: &str, at: usize) -> usize {
    let rest = text.as_bytes().get(at..).unwrap_or_default();
    let verbatim = rest.starts_with(b"!<"); // a URI, in which all but white space may stand
    let length = rest.iter().position(|byte| {
        is_blank(*byte) || is_break(*byte) || (!verbatim && is_flow_indicator(*byte))
    });
    at + length.unwrap_or(rest.len())
}

/// A range from offsets of one text.
pub(super) fn range(start: usize, end: usize) -> TextRange {
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    TextRange::new(size(start), size(end.max(start)))
}

/// Where a block scalar ends, for both front ends: after the last line that says something,
/// before its line break. `start` is its `|` or `>`, `limit` any offset in the white space behind.
pub(super) fn block_scalar_end(text: &str, start: usize, limit: usize) -> usize {
    let header = block_header_end(text, start);
    let body = after_break(text, line_end(text, header));
    let content = text.get(body..limit).unwrap_or_default();
    match content.trim_end_matches([' ', '\t', '\n', '\r']).len() {
        0 => header,
        length => line_end(text, body + length),
    }
}

/// The end of the header of a block scalar: `|`, `>` and their indicators.
pub(super) fn block_header_end(text: &str, start: usize) -> usize {
    let indicators = text.as_bytes().get(start + 1..).unwrap_or_default();
    let count = indicators
        .iter()
        .take(2)
        .take_while(|byte| matches!(byte, b'+' | b'-' | b'1'..=b'9'))
        .count();
    start + 1 + count
}
