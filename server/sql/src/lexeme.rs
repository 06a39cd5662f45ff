//! The tokens of a file with their byte ranges, and what stands for a template's tag among them.
//!
//! The parser's tokeniser counts lines and characters; here they become offsets, once, in linear
//! time. A text that cannot be split into tokens is repaired first: a quote without its partner
//! costs the rest of its line.

mod except;
mod insert;
mod quotes;
mod teradata;
mod trino;

use crate::dialect::Dialect;
use crate::template::{Hole, Mask, Meaning};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, TokenizerError, Whitespace};
use syntax::{TextRange, TextSize};

/// One token.
#[derive(Clone, Debug)]
pub(crate) struct Lexeme {
    /// The parser's token.
    pub(crate) token: Token,
    /// Where it stands; the whole tag, for a token that stands for one.
    pub(crate) range: TextRange,
    /// The template's tag that it stands for, or that is a part of it.
    pub(crate) hole: Option<HoleLink>,
    /// What the parser sees in its place.
    pub(crate) view: View,
    /// Whether white space or a comment stands before it.
    pub(crate) spaced: bool,
    /// Whether it is the first one on its line.
    pub(crate) starts_line: bool,
}

/// How a token and a template's tag belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HoleLink {
    /// Index into the mask's holes.
    pub(crate) index: usize,
    /// Whether the token is that tag and nothing else.
    pub(crate) alone: bool,
}

/// What the parser sees in place of a token.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum View {
    /// The token.
    Itself,
    /// Another token.
    Instead(Token),
    /// A query.
    Query,
    /// A list in parentheses.
    List,
    /// Nothing at all.
    Nothing,
}

/// The tokens of a text.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    /// Without white space and comments.
    pub(crate) lexemes: Vec<Lexeme>,
    /// The comments in order.
    pub(crate) comments: Vec<TextRange>,
    /// What had to be left out so that the rest could be read, in order.
    pub(crate) damaged: Vec<TextRange>,
}

impl Lexeme {
    /// Whether it is the unquoted word `word` (in upper case) and no tag had a part in it.
    pub(crate) fn is_word(&self, word: &str) -> bool {
        self.keyword()
            .is_some_and(|own| own.eq_ignore_ascii_case(word))
    }

    /// The unquoted word it is, if no tag had a part in it.
    pub(crate) fn keyword(&self) -> Option<&str> {
        match &self.token {
            Token::Word(word) if word.quote_style.is_none() && self.hole.is_none() => {
                Some(&word.value)
            }
            _ => None,
        }
    }
}

/// Whether the word at `at` is a part of a dotted name, and so no keyword. Behind a dot at the end
/// of a line nothing was typed yet: the next line's keyword is one.
pub(crate) fn is_after_period(lexemes: &[Lexeme], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| lexemes.get(before));
    before.is_some_and(|before| before.token == Token::Period)
        && lexemes.get(at).is_some_and(|lexeme| !lexeme.spaced)
}

/// The tokens of `mask`.
pub(crate) fn lex(mask: &Mask, dialect: Dialect) -> Lexed {
    let (tokens, damaged, repaired) = quotes::tokens(&mask.text, dialect);
    let text = repaired.as_deref().unwrap_or(&mask.text);
    let mut lexed = Lexed {
        damaged,
        ..Lexed::default()
    };
    let mut cursor = Cursor::new(text);
    let mut holes = Holes::new(&mask.holes);
    let mut spaced = false;
    let mut starts_line = true;
    for TokenWithSpan { token, span } in tokens {
        let range = TextRange::new(
            cursor.offset(span.start),
            cursor.offset(span.end).max(cursor.last),
        );
        match token {
            Token::Whitespace(space) => {
                spaced = true;
                match space {
                    Whitespace::Newline => starts_line = true,
                    Whitespace::SingleLineComment { .. } => {
                        lexed.comments.push(range);
                        starts_line = true;
                    }
                    Whitespace::MultiLineComment(_) => lexed.comments.push(range),
                    _ => {}
                }
            }
            Token::EOF => {}
            token => {
                let hole = holes.link(range);
                let range = match hole.filter(|hole| hole.alone) {
                    Some(hole) => holes.range(hole.index).unwrap_or(range),
                    None => range,
                };
                lexed.lexemes.push(Lexeme {
                    token,
                    range,
                    hole,
                    view: View::Itself,
                    spaced: std::mem::take(&mut spaced),
                    starts_line: std::mem::take(&mut starts_line),
                });
            }
        }
    }
    insert::hide_parentheses(&mut lexed.lexemes);
    except::show_dotted_exceptions(&mut lexed.lexemes, dialect);
    if dialect.is_trino() {
        trino::hide_own_words(&mut lexed.lexemes);
    }
    if dialect == Dialect::Teradata {
        teradata::hide_phrases(&mut lexed.lexemes);
    }
    lexed
}

fn tokenize(text: &str, dialect: Dialect) -> (Vec<TokenWithSpan>, Option<TokenizerError>) {
    let mut tokens = Vec::new();
    let error = Tokenizer::new(dialect.parser(), text)
        .tokenize_with_location_into_buf(&mut tokens)
        .err();
    (tokens, error)
}

/// Turns the tokeniser's locations, 1-based lines and characters, into offsets, going forward.
struct Cursor<'t> {
    characters: std::str::CharIndices<'t>,
    line: u64,
    column: u64,
    last: TextSize,
    end: TextSize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Cursor<'t> {
        Cursor {
            characters: text.char_indices(),
            line: 1,
            column: 1,
            last: TextSize::new(0),
            end: TextSize::of(text),
        }
    }

    /// The offset of `location`, which must not lie before the one asked for last.
    fn offset(&mut self, location: Location) -> TextSize {
        while (self.line, self.column) < (location.line, location.column) {
            match self.characters.next() {
                Some((_, '\n')) => {
                    self.line += 1;
                    self.column = 1;
                }
                Some(_) => self.column += 1,
                None => {
                    self.last = self.end;
                    return self.end;
                }
            }
        }
        self.last = size(self.characters.offset());
        self.last
    }
}

/// The holes of a mask, met in order.
struct Holes<'m> {
    holes: &'m [Hole],
    next: usize,
}

impl<'m> Holes<'m> {
    fn new(holes: &'m [Hole]) -> Holes<'m> {
        Holes { holes, next: 0 }
    }

    fn range(&self, index: usize) -> Option<TextRange> {
        self.holes.get(index).map(|hole| hole.range)
    }

    /// The first hole that has a part in `range` and leaves text behind that is not its own.
    fn link(&mut self, range: TextRange) -> Option<HoleLink> {
        while self.range(self.next)?.end() <= range.start() {
            self.next += 1;
        }
        let mut index = self.next;
        loop {
            let hole = self.holes.get(index)?;
            if hole.range.start() >= range.end() {
                return None;
            }
            if matches!(hole.meaning, Meaning::Unknown | Meaning::Table(_)) {
                return Some(HoleLink {
                    index,
                    alone: hole.range.contains_range(range),
                });
            }
            index += 1;
        }
    }
}

pub(crate) fn size(at: usize) -> TextSize {
    TextSize::new(u32::try_from(at).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use syntax::Places;

    fn lexed(template: &str, dialect: Dialect) -> Vec<String> {
        let mask = Mask::of_template(template, &mut Places::default());
        let lexed = lex(&mask, dialect);
        lexed
            .lexemes
            .iter()
            .map(|lexeme| {
                let range = usize::from(lexeme.range.start())..usize::from(lexeme.range.end());
                template.get(range).unwrap().to_owned()
            })
            .collect()
    }

    #[test]
    fn ranges_are_bytes_of_the_template() {
        assert_eq!(
            lexed(
                "select 'é',\n\t{{ x }}_y -- ü\r\n, {{ ref('a') }}b",
                Dialect::Generic
            ),
            [
                "select",
                "'é'",
                ",",
                "{{ x }}_y",
                ",",
                "{{ ref('a') }}",
                "b"
            ]
        );
    }

    #[test]
    fn a_quote_without_its_partner_costs_the_rest_of_its_entry() {
        assert_eq!(
            lexed("select 'a b,\n'c' as d,\ne", Dialect::Generic),
            ["select", ",", "'c'", "as", "d", ",", "e"]
        );
        assert_eq!(
            lexed("select a /* b\n c", Dialect::Generic),
            ["select", "a", "c"]
        );
    }

    #[test]
    fn many_lost_quotes_take_no_time() {
        let text = "select 'a\n, \"b\n, `c\n".repeat(5_000);
        lexed(&text, Dialect::Generic);
    }
}
