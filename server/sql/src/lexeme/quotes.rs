//! Tokens of a text in which quotes may be missing.

use super::{size, tokenize};
use crate::dialect::Dialect;
use sqlparser::tokenizer::{TokenWithSpan, TokenizerError};
use syntax::TextRange;

/// A text is read this many times at most.
const ATTEMPTS: usize = 8;

/// The tokens of `text`, what was left out to get them, and the text that is left, where it is
/// not `text` itself. It is as long as `text`.
pub(super) fn tokens(
    text: &str,
    dialect: Dialect,
) -> (Vec<TokenWithSpan>, Vec<TextRange>, Option<String>) {
    let (mut tokens, mut error) = tokenize(text, dialect);
    let mut damaged = Vec::new();
    let mut repaired: Option<String> = None;
    for _ in 0..ATTEMPTS {
        let Some(problem) = &error else { break };
        let current = repaired.as_deref().unwrap_or(text);
        let Some(range) = damage(current, problem) else {
            break;
        };
        let next = blanked(current, range);
        damaged.push(range);
        (tokens, error) = tokenize(&next, dialect);
        repaired = Some(next);
    }
    damaged.sort_by_key(|range| range.start());
    (tokens, damaged, repaired)
}

/// What to leave out: the rest of the line from a quote that has no partner on it.
fn damage(text: &str, problem: &TokenizerError) -> Option<TextRange> {
    let failed = offset(text, problem)?;
    let rest = text.get(failed..)?;
    let quotes: &[char] = match rest.chars().next() {
        Some('\'') => &['\''],
        Some('"') => &['"'],
        Some('`') => &['`'],
        _ if problem.message.contains("string") => &['\'', '"', '`'],
        _ => &[],
    };
    // The tokeniser stops at the last quote of the text, but the one that lacks its partner is
    // more likely the last one on the first line with an odd number of them.
    let odd = quotes.iter().find_map(|quote| odd_line(text, *quote));
    // For a comment it stops at the end of the text.
    let comment = rest.is_empty().then(|| text.rfind("/*")).flatten();
    let start = odd.or(comment).unwrap_or(failed);
    let line = text.get(start..)?.find(['\n', '\r']);
    let end = line.map_or(text.len(), |length| start + length);
    let lost = text.get(start..end)?;
    // What ends the line also ends what was written on it.
    let lost = lost.trim_end();
    let lost = lost.strip_suffix([',', ';']).unwrap_or(lost);
    let end = start + lost.len();
    (start < end).then(|| TextRange::new(size(start), size(end)))
}

/// The last `quote` on the first line that has an odd number of them before any comment.
fn odd_line(text: &str, quote: char) -> Option<usize> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let code = line.split("--").next().unwrap_or(line);
        if code.matches(quote).count() % 2 == 1 {
            return code.rfind(quote).map(|column| start + column);
        }
        start += line.len();
    }
    None
}

/// The offset of the problem, whose line and column count from 1, the column in characters.
fn offset(text: &str, problem: &TokenizerError) -> Option<usize> {
    let line = usize::try_from(problem.location.line)
        .ok()?
        .checked_sub(1)?;
    let column = usize::try_from(problem.location.column)
        .ok()?
        .checked_sub(1)?;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = text.get(start..)?;
    let within = rest.char_indices().nth(column).map(|(at, _)| at);
    Some(start + within.unwrap_or(rest.len()))
}

fn blanked(text: &str, range: TextRange) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let inside = usize::from(range.start())..usize::from(range.end());
    if let Some(bytes) = bytes.get_mut(inside) {
        bytes.fill(b' ');
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}
