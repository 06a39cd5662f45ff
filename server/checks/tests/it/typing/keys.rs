//! What a text is after each key of an edit.

use super::edit::{Edit, Piece};
use std::ops::Range;

/// Who types what closes a bracket or a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closing {
    /// The person who typed what opens it.
    ByHand,
    /// The editor, at once; the person types over it.
    ByEditor,
}

/// A text after a key.
pub(super) struct Text {
    /// All of it.
    pub(super) whole: String,
    /// What has been typed of the piece at hand.
    pub(super) typed: String,
    /// An editor has closed something of it.
    is_closed: bool,
    /// Where that stands, with the rest of its last line.
    pub(super) fresh: Range<usize>,
}

/// The text before the edit, and after each key of it. Where the editor closes brackets, only what differs from
/// what is typed by hand, and both ends.
pub(super) fn texts(edit: &Edit, closing: Closing) -> Vec<Text> {
    let mut texts = Vec::new();
    for (at, piece) in edit.pieces.iter().enumerate() {
        let Piece::Typed { before, after } = piece else {
            continue;
        };
        let (head, tail) = edit.pieces.split_at(at);
        let head: String = head.iter().map(afterwards).collect();
        let tail: String = tail.iter().skip(1).map(beforehand).collect();
        let mut note = |typed: &str, closed: &str| {
            let rest = tail.find('\n').unwrap_or(tail.len());
            let end = head.len() + typed.len() + closed.len() + rest;
            texts.push(Text {
                whole: format!("{head}{typed}{closed}{tail}"),
                fresh: head.len()..end + 1,
                typed: format!("{typed}\u{2038}{closed}"),
                is_closed: !closed.is_empty(),
            });
        };
        note(before, "");
        for (length, _) in before.char_indices().rev() {
            note(&before[..length], "");
        }
        let mut closed = String::new();
        let mut typed = String::new();
        for key in keys(after) {
            typed.push_str(key);
            if closing == Closing::ByEditor {
                match closed.strip_prefix(key) {
                    Some(rest) => closed = rest.to_owned(),
                    None => closed.insert_str(0, closer(&typed, key)),
                }
            }
            note(&typed, &closed);
        }
    }
    let last = texts.len().saturating_sub(1);
    let mut at = 0..;
    texts.retain(|text| {
        let is_end = at.next().is_none_or(|at| at == 0 || at == last);
        is_end || closing == Closing::ByHand || text.is_closed
    });
    texts
}

fn afterwards(piece: &Piece) -> &str {
    match piece {
        Piece::Kept(text) | Piece::Typed { after: text, .. } => text,
    }
}

fn beforehand(piece: &Piece) -> &str {
    match piece {
        Piece::Kept(text) | Piece::Typed { before: text, .. } => text,
    }
}

/// What is typed, key by key. A line feed brings the indentation of the next line along.
fn keys(text: &str) -> Vec<&str> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let behind = &rest[first.len_utf8()..];
        let blanks = match first {
            '\n' => behind.len() - behind.trim_start_matches(' ').len(),
            _ => 0,
        };
        let (key, next) = rest.split_at(first.len_utf8() + blanks);
        keys.push(key);
        rest = next;
    }
    keys
}

/// What an editor types behind a key. A quote behind a letter is an apostrophe to it.
fn closer(typed: &str, key: &str) -> &'static str {
    let is_behind_word = |quote: char| {
        let before = typed.strip_suffix(quote).unwrap_or_default();
        before.ends_with(|letter: char| letter.is_alphanumeric() || letter == quote)
    };
    match key {
        "(" => ")",
        "[" => "]",
        "{" => "}",
        "'" if !is_behind_word('\'') => "'",
        "\"" if !is_behind_word('"') => "\"",
        "%" if typed.ends_with("{%") => "%",
        _ => "",
    }
}
