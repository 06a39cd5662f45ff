//! Edits of an expression that stands on its own, as a sentence of an amendment has it.

use crate::dialect::Dialect;
use crate::functions::{FunctionKind, function};
use crate::lexeme::{Lexeme, lex};
use crate::skeleton::Source;
use crate::template::Mask;
use sqlparser::keywords::Keyword;
use sqlparser::tokenizer::Token;
use syntax::{TextEdit, TextRange, edit};

/// The expression with what stands before each column, such as `orders` in `orders.id`, replaced by what
/// `called` says; by nothing, and without the dot, where it says nothing. `None` where it has no tokens.
pub fn requalified(
    expression: &str,
    dialect: Dialect,
    called: &dyn Fn(&[&str]) -> Option<String>,
) -> Option<String> {
    let lexed = lex(&Mask::plain(expression), dialect);
    let source = Source::new(expression, &lexed.lexemes);
    let mut edits = Vec::new();
    let mut at = 0;
    while at < lexed.lexemes.len() {
        let mut parts = vec![at];
        while source.name(at).is_some()
            && source.is(at + 1, &Token::Period)
            && source.name(at + 2).is_some()
        {
            at += 2;
            parts.push(at);
        }
        at += 1;
        let is_call = source.is(at, &Token::LParen);
        if parts.len() < 2 || is_call {
            continue;
        }
        let (column, table) = parts.split_last()?;
        let names: Option<Vec<&str>> = table.iter().map(|part| source.name(*part)).collect();
        let start = source.get(*table.first()?)?.range.start();
        let end = source.get(*column)?.range.start();
        let qualifier = called(&names?).map(|name| format!("{name}."));
        let range = TextRange::new(start, end);
        edits.push(TextEdit::replace(range, qualifier.unwrap_or_default()));
    }
    edit::apply(expression, &edits)
}

/// The expression with `qualifier` before each column that has nothing before it.
pub fn qualified(expression: &str, dialect: Dialect, qualifier: &str) -> Option<String> {
    let lexed = lex(&Mask::plain(expression), dialect);
    let source = Source::new(expression, &lexed.lexemes);
    let is_bare = |at: usize| {
        let is_column =
            source.name(at).is_some() && !NO_COLUMNS.iter().any(|word| source.is_word(at, word));
        let is_part = source.is(at + 1, &Token::Period) || source.is(at + 1, &Token::LParen);
        let is_behind = |token: &Token| at.checked_sub(1).is_some_and(|at| source.is(at, token));
        is_column && !is_part && !is_behind(&Token::Period) && !is_behind(&Token::DoubleColon)
    };
    let bare = (0..lexed.lexemes.len()).filter(|at| is_bare(*at));
    let edits: Vec<TextEdit> = bare
        .filter_map(|at| source.get(at))
        .map(|lexeme| TextEdit::insert(lexeme.range.start(), format!("{qualifier}.")))
        .collect();
    edit::apply(expression, &edits)
}

/// The expression with keywords and the names of functions in small letters, where they are in capitals.
pub fn in_small_letters(expression: &str, dialect: Dialect) -> Option<String> {
    let lexed = lex(&Mask::plain(expression), dialect);
    let source = Source::new(expression, &lexed.lexemes);
    let is_part = |at: usize| {
        let before = at.checked_sub(1);
        before.is_some_and(|at| source.is(at, &Token::Period)) || source.is(at + 1, &Token::Period)
    };
    let words = lexed.lexemes.iter().enumerate().filter_map(|(at, lexeme)| {
        let Token::Word(word) = &lexeme.token else {
            return None;
        };
        let is_known = word.keyword != Keyword::NoKeyword || source.is(at + 1, &Token::LParen);
        let is_capital = !word.value.contains(char::is_lowercase);
        (is_known && is_capital && word.quote_style.is_none() && !is_part(at))
            .then(|| TextEdit::replace(lexeme.range, word.value.to_lowercase()))
    });
    edit::apply(expression, &words.collect::<Vec<_>>())
}

/// Words in an expression that are no columns, wherever they stand.
const NO_COLUMNS: [&str; 24] = [
    "ALL",
    "AND",
    "ANY",
    "AS",
    "BETWEEN",
    "CASE",
    "CURRENT_DATE",
    "CURRENT_TIMESTAMP",
    "DISTINCT",
    "ELSE",
    "END",
    "EXISTS",
    "FALSE",
    "ILIKE",
    "IN",
    "INTERVAL",
    "IS",
    "LIKE",
    "NOT",
    "NULL",
    "OR",
    "THEN",
    "TRUE",
    "WHEN",
];

/// The outermost calls of aggregates in an expression, in order.
pub fn aggregates(expression: &str, dialect: Dialect) -> Vec<&str> {
    let lexed = lex(&Mask::plain(expression), dialect);
    let source = Source::new(expression, &lexed.lexemes);
    let is_aggregate = |lexeme: &Lexeme| {
        let name = lexeme.keyword().map(str::to_lowercase);
        let known = name.and_then(|name| function(&name));
        known.is_some_and(|known| known.kind == FunctionKind::Aggregate)
    };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(lexeme) = source.get(at) {
        let is_call = source.is(at + 1, &Token::LParen);
        if is_call && is_aggregate(lexeme) {
            let end = source.after(at + 1);
            let range = source.range(&(at..end));
            found.extend(expression.get(range.start().into()..range.end().into()));
            at = end;
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_and_functions_get_small_letters_and_names_keep_theirs() {
        for (written, expected) in [
            (
                "COALESCE(SUM(Amount), 0) > 1 AND NOT is_test",
                "coalesce(sum(Amount), 0) > 1 and not is_test",
            ),
            (
                "CASE WHEN o.STATUS IN ('PAID') THEN \"AND\" END",
                "case when o.STATUS in ('PAID') then \"AND\" end",
            ),
            ("CAST(x AS DECIMAL(10, 2))", "cast(x as decimal(10, 2))"),
        ] {
            let found = in_small_letters(written, Dialect::Snowflake);
            assert_eq!(found.as_deref(), Some(expected));
        }
    }
}
