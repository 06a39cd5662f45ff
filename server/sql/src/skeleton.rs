//! The shape of statements and queries, from their tokens alone.
//!
//! Clauses, common table expressions, projections and tables are found by keywords and matched
//! parentheses, so that a part that is half typed costs itself and nothing else. What stands
//! inside an expression is not looked at here, except for queries in parentheses.

mod change;
mod from;
mod group;
mod query;
mod statement;

pub(crate) use change::{Change, change};
pub(crate) use from::{Constraint, Factor, FactorKind, Join};
pub(crate) use group::Groups;
pub(crate) use query::{Body, Clause, ClauseKind, Cte, Query, Select};
pub(crate) use query::{keyword_of, query};
pub(crate) use statement::{Shape, is_temporary, remains, shape};

use crate::lexeme::{Lexeme, View};
use sqlparser::tokenizer::Token;
use std::ops::Range;
use syntax::TextRange;

/// The tokens of one file, with what belongs together in parentheses.
pub(crate) struct Source<'t> {
    /// The file's own text, not the mask.
    pub(crate) text: &'t str,
    /// Its tokens without those the parser does not see.
    pub(crate) lexemes: &'t [Lexeme],
    /// Their parentheses.
    pub(crate) groups: Groups,
}

impl<'t> Source<'t> {
    /// Matches the parentheses of `lexemes`.
    pub(crate) fn new(text: &'t str, lexemes: &'t [Lexeme]) -> Source<'t> {
        Source {
            text,
            lexemes,
            groups: Groups::new(lexemes),
        }
    }

    pub(crate) fn get(&self, at: usize) -> Option<&'t Lexeme> {
        self.lexemes.get(at)
    }

    /// Whether the token at `at` is the unquoted word `word`, in any case.
    pub(crate) fn is_word(&self, at: usize, word: &str) -> bool {
        self.get(at).is_some_and(|lexeme| lexeme.is_word(word))
    }

    /// Whether the token at `at` is one of the unquoted words `words`.
    pub(crate) fn is_one_of(&self, at: usize, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(at, word))
    }

    pub(crate) fn is(&self, at: usize, token: &Token) -> bool {
        self.get(at).is_some_and(|lexeme| lexeme.token == *token)
    }

    /// The token behind the one at `at`, or behind all of its parentheses if it opens some.
    pub(crate) fn after(&self, at: usize) -> usize {
        self.groups.after(at)
    }

    /// The tokens inside the parentheses opened at `at`.
    pub(crate) fn inside(&self, at: usize) -> Range<usize> {
        self.groups.inside(at)
    }

    /// Where `tokens` stand, from the first to the last; empty where there are none.
    pub(crate) fn range(&self, tokens: &Range<usize>) -> TextRange {
        let first = self.get(tokens.start);
        let last = tokens.end.checked_sub(1).and_then(|last| self.get(last));
        match (first, last) {
            (Some(first), Some(last)) if tokens.start < tokens.end => first.range.cover(last.range),
            (Some(first), _) => TextRange::empty(first.range.start()),
            _ => TextRange::empty(syntax::TextSize::of(self.text)),
        }
    }

    /// The text of `tokens`.
    pub(crate) fn slice(&self, tokens: &Range<usize>) -> &'t str {
        let range = self.range(tokens);
        self.text
            .get(range.start().into()..range.end().into())
            .unwrap_or_default()
    }

    /// Whether the token at `at` is a name that a template has no part in: a word, or a string in
    /// double quotes.
    pub(crate) fn is_name(&self, at: usize) -> bool {
        self.name(at).is_some()
    }

    /// The name that the token at `at` is; `None` where a template has a part in it.
    pub(crate) fn name(&self, at: usize) -> Option<&'t str> {
        let lexeme = self.get(at).filter(|lexeme| lexeme.hole.is_none())?;
        match &lexeme.token {
            Token::Word(word) => Some(&word.value),
            Token::DoubleQuotedString(value) => Some(value),
            _ => None,
        }
    }

    /// Whether the token at `at` is a word or stands for a tag that is read as one.
    pub(crate) fn is_word_like(&self, at: usize) -> bool {
        self.get(at).is_some_and(|lexeme| {
            lexeme.view == View::Itself
                && matches!(lexeme.token, Token::Word(_) | Token::DoubleQuotedString(_))
        })
    }

    /// Whether the token at `at` is a tag that is read as a query.
    pub(crate) fn is_query_hole(&self, at: usize) -> bool {
        self.get(at)
            .is_some_and(|lexeme| lexeme.view == View::Query)
    }

    /// Whether a query begins at `at`: behind any further parentheses, one of its first words.
    pub(crate) fn starts_query(&self, at: usize) -> bool {
        let parentheses = (at..at + 32).take_while(|at| self.is(*at, &Token::LParen));
        let at = at + parentheses.count();
        self.is_query_hole(at)
            || self.is_one_of(at, &["SELECT", "WITH"])
            || (self.is_word(at, "VALUES") && self.is(at + 1, &Token::LParen))
            || (self.is_word(at, "FROM") && self.is_word_like(at + 1))
    }

    /// The parts of `tokens` between the commas that stand outside parentheses. Empty parts are
    /// kept.
    pub(crate) fn split_by_commas(&self, tokens: Range<usize>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = tokens.start;
        let mut at = tokens.start;
        while at < tokens.end {
            if self.is(at, &Token::Comma) {
                parts.push(start..at);
                start = at + 1;
            }
            at = self.after(at).max(at + 1);
        }
        parts.push(start..tokens.end.max(start));
        parts
    }

    /// The first token in `tokens` outside parentheses that `wanted` holds for.
    pub(crate) fn find(
        &self,
        tokens: Range<usize>,
        mut wanted: impl FnMut(usize) -> bool,
    ) -> Option<usize> {
        let mut at = tokens.start;
        while at < tokens.end {
            if wanted(at) {
                return Some(at);
            }
            at = self.after(at).max(at + 1);
        }
        None
    }
}
