//! Types as they are written.

use super::Resolver;
use smol_str::SmolStr;
use sqlparser::tokenizer::Token;
use std::ops::Range;

impl Resolver<'_> {
    /// The type of an outermost cast.
    pub(super) fn cast_type(&self, tokens: &Range<usize>) -> Option<SmolStr> {
        let first = tokens.start;
        let cast = ["CAST", "TRY_CAST", "SAFE_CAST"];
        let is_call = self.source.is_one_of(first, &cast)
            && self.source.is(first + 1, &Token::LParen)
            && self.source.after(first + 1) == tokens.end;
        let written = if is_call {
            let inside = self.source.inside(first + 1);
            let at = self
                .source
                .find(inside.clone(), |at| self.source.is_word(at, "AS"))?;
            let end = self
                .source
                .find(at + 1..inside.end, |at| self.source.is_word(at, "FORMAT"));
            at + 1..end.unwrap_or(inside.end)
        } else {
            self.shorthand_cast(tokens)?
        };
        self.type_text(&written)
    }

    /// The type behind the last `::`, if that is the last operator.
    fn shorthand_cast(&self, tokens: &Range<usize>) -> Option<Range<usize>> {
        let mut last = None;
        let mut at = tokens.start;
        while at < tokens.end {
            let token = &self.source.get(at)?.token;
            match token {
                Token::DoubleColon => last = Some(at),
                Token::Period
                | Token::LParen
                | Token::LBracket
                | Token::Colon
                | Token::Number(..)
                | Token::SingleQuotedString(_) => {}
                // Before the cast, a word can be an operator; behind it, it belongs to the type.
                Token::Word(word)
                    if last.is_some()
                        || word.quote_style.is_some()
                        || !is_operator(&word.value) => {}
                _ => return None,
            }
            at = self.source.after(at).max(at + 1);
        }
        last.map(|last| last + 1..tokens.end)
    }

    /// A type as it is written, with single spaces.
    pub(super) fn type_text(&self, tokens: &Range<usize>) -> Option<SmolStr> {
        if tokens.is_empty() || self.has_hole(tokens) {
            return None;
        }
        let words: Vec<&str> = self.source.slice(tokens).split_whitespace().collect();
        Some(SmolStr::new(words.join(" ")))
    }
}

fn is_operator(word: &str) -> bool {
    [
        "AND", "OR", "NOT", "IS", "IN", "LIKE", "ILIKE", "BETWEEN", "CASE", "END", "THEN", "ELSE",
    ]
    .iter()
    .any(|operator| operator.eq_ignore_ascii_case(word))
}
