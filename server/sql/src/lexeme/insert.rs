//! Where queries with common table expressions may stand, and the parser does not expect them.
//!
//! `INSERT INTO t (WITH … SELECT …)`: the parser takes the parentheses for a list of columns, so they
//! are hidden from it. `WITH … CREATE TABLE t AS SELECT …`, which some tools write: it is read as the
//! query that it is.

use super::{Lexeme, View};
use sqlparser::tokenizer::Token;
use std::ops::Range;

/// Between `INSERT` and the parenthesis stand `INTO TABLE` and a name, never more than this.
const REACH: usize = 10;

pub(super) fn hide_parentheses(lexemes: &mut [Lexeme]) {
    let mut start = 0;
    while start < lexemes.len() {
        let rest = lexemes.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|lexeme| lexeme.token == Token::SemiColon);
        let end = length.map_or(lexemes.len(), |length| start + length);
        if is_word(lexemes, start, "INSERT") {
            hide_around_query(lexemes, start..end);
        } else if is_word(lexemes, start, "WITH") {
            hide_creation(lexemes, start..end);
        }
        start = end + 1;
    }
}

/// `INSERT INTO t (WITH … SELECT …)`
fn hide_around_query(lexemes: &mut [Lexeme], statement: Range<usize>) {
    let Some(last) = statement.end.checked_sub(1) else {
        return;
    };
    let words = statement.start..statement.end.min(statement.start + REACH);
    let mut words = words.skip_while(|at| !is(lexemes, *at, &Token::LParen));
    let Some(open) = words.next() else { return };
    if !is_word(lexemes, open + 1, "WITH") || !is(lexemes, last, &Token::RParen) {
        return;
    }
    for at in [open, last] {
        set(lexemes, at, View::Nothing);
    }
}

/// `WITH … CREATE TABLE t AS SELECT …`
fn hide_creation(lexemes: &mut [Lexeme], statement: Range<usize>) {
    let mut depth = 0usize;
    let mut create = None;
    for at in statement.clone() {
        match lexemes.get(at).map(|lexeme| &lexeme.token) {
            Some(Token::LParen) => depth += 1,
            Some(Token::RParen) => depth = depth.saturating_sub(1),
            _ if depth == 0 && is_word(lexemes, at, "CREATE") => {
                create = Some(at);
                break;
            }
            _ => {}
        }
    }
    let Some(create) = create else { return };
    let after_list = create
        .checked_sub(1)
        .is_some_and(|before| is(lexemes, before, &Token::RParen));
    let words = create..statement.end.min(create + REACH);
    let mut words = words.skip_while(|at| !is_word(lexemes, *at, "AS"));
    let (true, Some(last)) = (after_list, words.next()) else {
        return;
    };
    for at in create..=last {
        set(lexemes, at, View::Nothing);
    }
    if is_word(lexemes, last + 1, "WITH") {
        set(lexemes, last + 1, View::Instead(Token::Comma));
    }
}

fn is(lexemes: &[Lexeme], at: usize, token: &Token) -> bool {
    let lexeme = lexemes.get(at);
    lexeme.is_some_and(|lexeme| lexeme.token == *token && lexeme.hole.is_none())
}

fn is_word(lexemes: &[Lexeme], at: usize, word: &str) -> bool {
    lexemes.get(at).is_some_and(|lexeme| lexeme.is_word(word))
}

fn set(lexemes: &mut [Lexeme], at: usize, view: View) {
    if let Some(lexeme) = lexemes.get_mut(at) {
        lexeme.view = view;
    }
}
