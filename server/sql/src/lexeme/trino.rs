//! Words and types that Trino has and the generic dialect does not.
//!
//! `JSON_QUERY(… WITH ARRAY WRAPPER OMIT QUOTES)` (Trino 476, JSON functions) and the types
//! `ARRAY(T)` and `MAP(K, V)` with round parentheses: the words are hidden from the parser, and the
//! parentheses of `ARRAY` shown to it as angle brackets. So is the word before a query that is handed
//! to a function in `FROM`, `input => TABLE(SELECT …)` (Trino 476, table functions).

use super::{Lexeme, View};
use sqlparser::tokenizer::Token;

/// Phrases without a meaning for lineage.
const PHRASES: &[&[&str]] = &[
    &["OMIT", "QUOTES"],
    &["KEEP", "QUOTES"],
    &["WITH", "WRAPPER"],
    &["WITH", "ARRAY", "WRAPPER"],
    &["WITH", "CONDITIONAL", "WRAPPER"],
    &["WITH", "CONDITIONAL", "ARRAY", "WRAPPER"],
    &["WITH", "UNCONDITIONAL", "WRAPPER"],
    &["WITH", "UNCONDITIONAL", "ARRAY", "WRAPPER"],
    &["WITHOUT", "WRAPPER"],
    &["WITHOUT", "ARRAY", "WRAPPER"],
];

pub(super) fn hide_own_words(lexemes: &mut [Lexeme]) {
    for start in 0..lexemes.len() {
        let rest = lexemes.get(start..).unwrap_or_default();
        let phrase = PHRASES.iter().find(|phrase| {
            phrase.len() <= rest.len()
                && phrase
                    .iter()
                    .zip(rest)
                    .all(|(word, lexeme)| lexeme.is_word(word))
        });
        if let Some(phrase) = phrase {
            let rest = lexemes.get_mut(start..).unwrap_or_default();
            for lexeme in rest.iter_mut().take(phrase.len()) {
                lexeme.view = View::Nothing;
            }
        }
    }
    hide_table_arguments(lexemes);
    show_array_types(lexemes);
}

/// The word of `=> TABLE(SELECT …)`.
fn hide_table_arguments(lexemes: &mut [Lexeme]) {
    for at in 0..lexemes.len() {
        let is_argument = match lexemes.get(at..) {
            Some([arrow, table, paren, query, ..]) => {
                arrow.token == Token::RArrow
                    && table.is_word("TABLE")
                    && paren.token == Token::LParen
                    && (query.is_word("SELECT") || query.is_word("WITH"))
            }
            _ => false,
        };
        if let (true, Some(table)) = (is_argument, lexemes.get_mut(at + 1)) {
            table.view = View::Nothing;
        }
    }
}

/// `ARRAY(T)` after `AS` or inside another type.
fn show_array_types(lexemes: &mut [Lexeme]) {
    let mut open: Vec<(usize, bool)> = Vec::new();
    for at in 0..lexemes.len() {
        let is = |index: Option<usize>, token: &Token| {
            index
                .and_then(|index| lexemes.get(index))
                .is_some_and(|lexeme| lexeme.token == *token)
        };
        let is_word = |index: Option<usize>, word: &str| {
            index
                .and_then(|index| lexemes.get(index))
                .is_some_and(|lexeme| lexeme.is_word(word))
        };
        if is(Some(at), &Token::LParen) {
            let array = is_word(at.checked_sub(1), "ARRAY")
                && (is_word(at.checked_sub(2), "AS")
                    || open.last().is_some_and(|(paren, is_type)| {
                        *is_type && (*paren + 2 == at || !is(at.checked_sub(2), &Token::LParen))
                    }));
            open.push((at, array));
        } else if is(Some(at), &Token::RParen)
            && let Some((paren, true)) = open.pop()
        {
            for (index, token) in [(paren, Token::Lt), (at, Token::Gt)] {
                if let Some(lexeme) = lexemes.get_mut(index) {
                    lexeme.view = View::Instead(token);
                }
            }
        }
    }
}
