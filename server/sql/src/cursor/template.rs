//! What is being typed in a tag of a template.

use super::Place;
use syntax::jinja::{Piece, PieceKind, pieces};
use syntax::{TextRange, TextSize};

/// Whether `offset` is in a tag or comment of a template, and if so, which argument is typed there.
pub(super) fn in_tag(text: &str, offset: TextSize) -> Option<Option<Place>> {
    let is_in = |piece: &Piece| {
        let ends_there = !piece.closed && offset == piece.range.end();
        piece.kind != PieceKind::Text
            && piece.range.start() < offset
            && (offset < piece.range.end() || ends_there)
    };
    let piece = pieces(text).into_iter().find(is_in)?;
    if piece.kind == PieceKind::Comment {
        return Some(None);
    }
    let start = usize::from(piece.range.start()) + 2;
    let inside = text.get(start..offset.into()).unwrap_or_default();
    Some(argument(inside, offset))
}

/// A call that is open, and the texts that it is given.
struct Call {
    function: String,
    before: Vec<String>,
}

/// The argument that is being typed at the end of `inside`, the part of a tag before the cursor.
fn argument(inside: &str, offset: TextSize) -> Option<Place> {
    let mut calls: Vec<Call> = Vec::new();
    let mut word = String::new();
    let mut letters = inside.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\'' | '"' => {
                let start = at + 1;
                let end = letters.find(|(_, other)| *other == letter);
                let Some((end, _)) = end else {
                    let call = calls.pop()?;
                    let typed = inside.get(start..)?;
                    return Some(Place::Argument {
                        function: call.function,
                        before: call.before,
                        word: TextRange::new(offset - TextSize::of(typed), offset),
                        is_quoted: true,
                    });
                };
                if let Some(call) = calls.last_mut() {
                    call.before.push(inside.get(start..end)?.to_owned());
                }
                word.clear();
            }
            '(' => calls.push(Call {
                function: std::mem::take(&mut word),
                before: Vec::new(),
            }),
            ')' => {
                calls.pop();
                word.clear();
            }
            letter if letter.is_alphanumeric() || matches!(letter, '_' | '.') => word.push(letter),
            _ => word.clear(),
        }
    }
    let is_name = !word.starts_with(|first: char| first.is_ascii_digit());
    let call = calls.pop().filter(|_| is_name)?;
    // What a keyword gives is no text by its place.
    let is_positional = inside
        .trim_end_matches(&word)
        .trim_end()
        .ends_with(['(', ',']);
    is_positional.then(|| Place::Argument {
        function: call.function,
        before: call.before,
        word: TextRange::new(offset - TextSize::of(word.as_str()), offset),
        is_quoted: false,
    })
}
