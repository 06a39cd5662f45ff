//! Statements in the bodies of procedures, which the parser does not read as a whole.
//!
//! A text is split at semicolons, so a piece of a body is a statement with words of the body before
//! it: `CREATE PROCEDURE p() BEGIN INSERT INTO …`, `LOOP MERGE INTO …`. What stands behind the last of
//! those words is read on its own.

use crate::lexeme::Lexeme;
use crate::prepare::Prepared;
use crate::template::Statement;
use std::ops::Range;

/// Words behind which a statement of a body begins.
const OPENING: &[&str] = &["BEGIN", "LOOP", "DO", "TRY", "CATCH", "THEN", "ELSE", "AS"];
/// Words with which a piece of a body may begin that is not a statement of its own.
const PIECES: &[&str] = &[
    "BEGIN",
    "BREAK",
    "CALL",
    "CONTINUE",
    "DECLARE",
    "ELSE",
    "ELSEIF",
    "ELSIF",
    "END",
    "EXCEPTION",
    "EXIT",
    "FOR",
    "GO",
    "IF",
    "ITERATE",
    "LEAVE",
    "LOOP",
    "PRINT",
    "RAISE",
    "REPEAT",
    "RETURN",
    "SET",
    "THROW",
    "UNTIL",
    "WHEN",
    "WHILE",
];
/// The first words of statements that give a table its rows.
const FILLING: &[&str] = &["INSERT", "MERGE", "UPDATE", "CREATE", "WITH"];

/// A piece is read from no more of its words than this.
const MOST_READ: usize = 8;

/// The tokens of the statement that is to be read: all, where it parses or is no piece of a body, and
/// none, where it is a piece that gives no table its rows.
pub(super) fn statement(prepared: &Prepared, statement: &Statement) -> Range<usize> {
    let all = statement.tokens.clone();
    if statement.failure.is_none() {
        return all;
    }
    let lexemes = &prepared.lexed.lexemes;
    let is = |at: usize, words: &[&str]| is_one_of(lexemes.get(at), words);
    let creates = is(all.start, &["CREATE", "ALTER"])
        && (all.start + 1..all.end.min(all.start + 5))
            .any(|at| is(at, &["PROCEDURE", "PROC", "TRIGGER"]));
    let label = prepared.lexed.lexemes.get(all.start + 1);
    let assigns = label.is_some_and(|sign| sign.token == sqlparser::tokenizer::Token::Assignment);
    if !creates && !assigns && !is(all.start, PIECES) {
        return all;
    }
    let begins = all.clone().skip(1);
    let begins = begins.filter(|at| is(*at, FILLING) && is(*at - 1, OPENING));
    let mut begins = begins.take(MOST_READ);
    let begins = begins.find(|at| prepared.parse_tokens(&(*at..all.end)).is_ok());
    begins.map_or(all.start..all.start, |begins| begins..all.end)
}

fn is_one_of(lexeme: Option<&Lexeme>, words: &[&str]) -> bool {
    lexeme.is_some_and(|lexeme| words.iter().any(|word| lexeme.is_word(word)))
}
