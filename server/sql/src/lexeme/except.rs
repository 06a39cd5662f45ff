//! `* EXCEPT (t.a)`: the parser reads dotted names only behind the other word for it, which is shown to
//! it instead.

use super::{Lexeme, View};
use crate::dialect::Dialect;
use sqlparser::tokenizer::Token;

pub(super) fn show_dotted_exceptions(lexemes: &mut [Lexeme], dialect: Dialect) {
    if !dialect.parser().supports_select_wildcard_exclude() {
        return;
    }
    for at in 1..lexemes.len() {
        let (before, rest) = lexemes.split_at(at);
        let is_exception = before.last().is_some_and(|star| star.token == Token::Mul)
            && matches!(rest, [except, paren, ..]
                if except.is_word("EXCEPT") && paren.token == Token::LParen);
        if !is_exception {
            continue;
        }
        let mut names = rest
            .iter()
            .skip(2)
            .take_while(|lexeme| lexeme.token != Token::RParen);
        let is_query = names.clone().any(|lexeme| lexeme.is_word("SELECT"));
        if !is_query
            && names.any(|lexeme| lexeme.token == Token::Period)
            && let Some(except) = lexemes.get_mut(at)
        {
            except.view = View::Instead(Token::make_keyword("EXCLUDE"));
        }
    }
}
