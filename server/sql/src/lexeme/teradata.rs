//! Phrases that Teradata lets follow an expression and the parser does not know.
//!
//! `DOB (TITLE 'Birthdate')`, `amount (FORMAT '999.99')`: how a value is shown, in parentheses (Teradata
//! SQL Data Types and Literals, data type phrases). They are hidden from the parser.

use super::{Lexeme, View};
use sqlparser::tokenizer::Token;

/// The words with which such a phrase begins.
const PHRASES: &[&str] = &["TITLE", "FORMAT"];

pub(super) fn hide_phrases(lexemes: &mut [Lexeme]) {
    for start in 1..lexemes.len() {
        let Some([open, word, text, close, ..]) = lexemes.get_mut(start..) else {
            return;
        };
        let phrase = PHRASES.iter().any(|phrase| word.is_word(phrase));
        let is_text = matches!(text.token, Token::SingleQuotedString(_));
        if open.token == Token::LParen && phrase && is_text && close.token == Token::RParen {
            for lexeme in [open, word, text, close] {
                lexeme.view = View::Nothing;
            }
        }
    }
}
