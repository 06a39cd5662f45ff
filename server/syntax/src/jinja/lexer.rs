//! Splits a template into text, comments, expressions and statements.

use crate::text::{TextRange, TextSize};

/// One piece of a template; the pieces of a text cover it without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is.
    pub kind: PieceKind,
    /// All of it, with its delimiters.
    pub range: TextRange,
    /// What stands between the delimiters, without white space and the signs of white space
    /// control (`-`, `+`); the same as `range` for text.
    pub inner: TextRange,
    /// Whether the closing delimiter is there.
    pub closed: bool,
}

/// What a piece of a template is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PieceKind {
    /// Text outside the template language, and inside `{% raw %}`.
    Text,
    /// `{# … #}`
    Comment,
    /// `{{ … }}`
    Expression,
    /// `{% … %}`
    Statement,
}

/// The pieces of `text` in order.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        pieces: Vec::new(),
        missing_quotes: Vec::new(),
    };
    lexer.run();
    lexer.pieces
}

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    pieces: Vec<Piece>,
    /// Quotes that do not occur again in the rest of the text: never searched for twice.
    missing_quotes: Vec<u8>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        let mut text_start = 0;
        let mut at = 0;
        let mut raw = false;
        while let Some(offset) = find(self.bytes, at, b'{') {
            at = offset + 1;
            let Some(kind) = self.opener(offset) else {
                continue;
            };
            if raw && kind != PieceKind::Statement {
                continue;
            }
            let piece = self.tag(kind, offset);
            let word = self.slice(piece.inner);
            if raw && word != "endraw" {
                continue;
            }
            raw = kind == PieceKind::Statement && word == "raw";
            self.push_text(text_start, offset);
            self.pieces.push(piece);
            at = piece.range.end().into();
            text_start = at;
        }
        self.push_text(text_start, self.bytes.len());
    }

    fn push_text(&mut self, start: usize, end: usize) {
        if start < end {
            let range = range(start, end);
            self.pieces.push(Piece {
                kind: PieceKind::Text,
                range,
                inner: range,
                closed: true,
            });
        }
    }

    fn opener(&self, at: usize) -> Option<PieceKind> {
        match self.bytes.get(at + 1)? {
            b'{' => Some(PieceKind::Expression),
            b'%' => Some(PieceKind::Statement),
            b'#' => Some(PieceKind::Comment),
            _ => None,
        }
    }

    /// The tag that opens at `start`.
    fn tag(&mut self, kind: PieceKind, start: usize) -> Piece {
        let close = match kind {
            PieceKind::Comment => find_pair(self.bytes, start + 2, b'#'),
            PieceKind::Statement => self.close(start + 2, b'%'),
            _ => self.close(start + 2, b'}'),
        };
        let (inner_end, end, closed) = match close {
            Some(at) => (at, at + 2, true),
            None => {
                let end = self.line_end(start);
                (end, end, false)
            }
        };
        Piece {
            kind,
            range: range(start, end),
            inner: self.trimmed(start + 2, inner_end.max(start + 2)),
            closed,
        }
    }

    /// Where the delimiter `delimiter` `}` stands that closes a tag whose inside starts at `from`.
    fn close(&mut self, from: usize, delimiter: u8) -> Option<usize> {
        let mut depth = 0u32;
        let mut at = from;
        loop {
            let byte = *self.bytes.get(at)?;
            let next = self.bytes.get(at + 1).copied();
            match byte {
                b'\'' | b'"' => match self.string_end(at, byte) {
                    Some(end) => at = end,
                    None => return self.close_on_line(from, delimiter),
                },
                _ if byte == delimiter && next == Some(b'}') && depth == 0 => return Some(at),
                b'{' if matches!(next, Some(b'{' | b'%' | b'#')) && depth == 0 => {
                    return self.close_on_line(from, delimiter);
                }
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
    }

    /// The first closing delimiter on the line, whatever quotes say: one of them is missing.
    fn close_on_line(&self, from: usize, delimiter: u8) -> Option<usize> {
        let line = self.bytes.get(from..self.line_end(from))?;
        line.windows(2)
            .position(|pair| pair == [delimiter, b'}'])
            .map(|offset| from + offset)
    }

    /// The offset of the quote that ends the string opened at `start`.
    fn string_end(&mut self, start: usize, quote: u8) -> Option<usize> {
        if self.missing_quotes.contains(&quote) {
            return None;
        }
        let mut at = start + 1;
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at += 2,
                _ if byte == quote => return Some(at),
                _ => at += 1,
            }
        }
        self.missing_quotes.push(quote);
        None
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.bytes.get(from..).unwrap_or_default();
        rest.iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))
            .map_or(self.bytes.len(), |offset| from + offset)
    }

    fn trimmed(&self, start: usize, end: usize) -> TextRange {
        let inside = self.text.get(start..end).unwrap_or_default();
        let without_start = inside.strip_prefix(['-', '+']).unwrap_or(inside);
        let signed = inside.len() - without_start.len();
        let content = without_start
            .strip_suffix(['-', '+'])
            .unwrap_or(without_start);
        let leading = content.len() - content.trim_start().len();
        let first = start + signed + leading;
        range(first, first + content.trim().len())
    }

    fn slice(&self, range: TextRange) -> &str {
        self.text
            .get(range.start().into()..range.end().into())
            .unwrap_or_default()
    }
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter()
        .position(|byte| *byte == wanted)
        .map(|offset| from + offset)
}

fn find_pair(bytes: &[u8], from: usize, first: u8) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(2)
        .position(|pair| pair == [first, b'}'])
        .map(|offset| from + offset)
}

fn range(start: usize, end: usize) -> TextRange {
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    TextRange::new(size(start), size(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each piece as its kind's letter and its inner text; `!` where it is not closed.
    fn rendered(text: &str) -> Vec<String> {
        pieces(text)
            .iter()
            .map(|piece| {
                let kind = match piece.kind {
                    PieceKind::Text => 't',
                    PieceKind::Comment => 'c',
                    PieceKind::Expression => 'e',
                    PieceKind::Statement => 's',
                };
                let inner = usize::from(piece.inner.start())..usize::from(piece.inner.end());
                let open = if piece.closed { "" } else { "!" };
                format!("{kind}{open}:{}", text.get(inner).unwrap())
            })
            .collect()
    }

    #[test]
    fn tags_are_told_apart() {
        assert_eq!(
            rendered("a {{ b }}{%- if c -%} d {# e #}"),
            ["t:a ", "e:b", "s:if c", "t: d ", "c:e"]
        );
    }

    #[test]
    fn delimiters_in_strings_and_dictionaries_do_not_close() {
        assert_eq!(rendered("{{ f('}}') }}x"), ["e:f('}}')", "t:x"]);
        assert_eq!(
            rendered("{{ f({'a': {'b': 1}}) }}x"),
            ["e:f({'a': {'b': 1}})", "t:x"]
        );
        assert_eq!(rendered(r"{{ f('it\'s') }}x"), [r"e:f('it\'s')", "t:x"]);
    }

    #[test]
    fn raw_text_stays_text() {
        assert_eq!(
            rendered("{% raw %}{{ a }}{% b %}{% endraw %}{{ c }}"),
            ["s:raw", "t:{{ a }}{% b %}", "s:endraw", "e:c"]
        );
    }

    #[test]
    fn an_unclosed_tag_costs_its_line() {
        assert_eq!(
            rendered("from {{ ref('a'\nwhere {{ b }}"),
            ["t:from ", "e!:ref('a'", "t:\nwhere ", "e:b"]
        );
        assert_eq!(rendered("{{ ref('a }}\nb"), ["e:ref('a", "t:\nb"]);
        assert_eq!(rendered("{# a\nb"), ["c!:a", "t:\nb"]);
        assert_eq!(rendered("{{"), ["e!:"]);
    }

    #[test]
    fn pieces_cover_the_text() {
        for text in ["", "{", "{{", "{%}", "{{-}}", "{#}", "é{{ü}}ö", "{{ '"] {
            let mut at = TextSize::new(0);
            for piece in pieces(text) {
                assert_eq!(piece.range.start(), at, "{text}");
                assert!(piece.range.contains_range(piece.inner), "{text}");
                at = piece.range.end();
            }
            assert_eq!(at, TextSize::of(text), "{text}");
        }
    }
}
