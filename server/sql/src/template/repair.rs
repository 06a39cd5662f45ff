//! What the holes must be for the SQL around them to parse.
//!
//! A hole reads as a name at first, unless its neighbours say that only a query or nothing can
//! stand there. Where the parser still stops, the hole nearest to that place is tried as something
//! else, and kept so if the parser then comes further.

use super::{Hole, Meaning};
use crate::dialect::Dialect;
use crate::lexeme::{Lexed, Lexeme, View};
use crate::parse::{Failure, Fragment};
use sqlparser::ast;
use sqlparser::tokenizer::Token;
use std::collections::BTreeSet;
use std::ops::Range;

/// A statement, as it was found between semicolons.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    /// Its tokens, without the semicolon.
    pub(crate) tokens: Range<usize>,
    /// Why it does not parse.
    pub(crate) failure: Option<Failure>,
    /// The parser's trees; none where it does not parse.
    pub(crate) trees: Vec<ast::Statement>,
}

/// A statement is parsed this many times at most,
const ATTEMPTS: usize = 40;
/// and no more than this many of its tokens are read again.
const MOST_READ_AGAIN: usize = 200_000;
/// How many tokens before the place where the parser stopped a hole may stand,
const REACH_BACK: usize = 120;
/// and how many behind it.
const REACH_AHEAD: usize = 300;

/// The statements of a file, none of them empty, with every hole's view settled.
pub(crate) fn settle(lexed: &mut Lexed, holes: &[Hole], dialect: Dialect) -> Vec<Statement> {
    let lone = lone_holes(&lexed.lexemes, holes);
    for at in &lone {
        let view = view_by_neighbours(&lexed.lexemes, *at);
        set_view(&mut lexed.lexemes, *at, view);
    }
    split(&lexed.lexemes)
        .into_iter()
        .map(|tokens| {
            let first = lone.partition_point(|at| *at < tokens.start);
            let last = lone.partition_point(|at| *at < tokens.end);
            let own = lone.get(first..last).unwrap_or_default();
            // Nothing but tags: one that configures, say, and the one that gives the query.
            if own.len() == tokens.len()
                && let Some((query, others)) = own.split_last()
            {
                set_view(&mut lexed.lexemes, *query, View::Query);
                for other in others {
                    set_view(&mut lexed.lexemes, *other, View::Nothing);
                }
            }
            let (trees, failure) = match repair(&mut lexed.lexemes, &tokens, own, dialect) {
                Ok(trees) => (trees, None),
                Err(failure) => (Vec::new(), Some(failure)),
            };
            Statement {
                tokens,
                failure,
                trees,
            }
        })
        .collect()
}

/// The tokens that stand for a tag of unknown meaning and nothing else.
fn lone_holes(lexemes: &[Lexeme], holes: &[Hole]) -> Vec<usize> {
    let unknown = |index: usize| {
        holes
            .get(index)
            .is_some_and(|hole| hole.meaning == Meaning::Unknown)
    };
    let indexed = lexemes.iter().enumerate();
    indexed
        .filter(|(_, lexeme)| {
            lexeme
                .hole
                .is_some_and(|link| link.alone && unknown(link.index))
                && matches!(&lexeme.token, Token::Word(word) if word.quote_style.is_none())
        })
        .map(|(at, _)| at)
        .collect()
}

fn split(lexemes: &[Lexeme]) -> Vec<Range<usize>> {
    let mut statements = Vec::new();
    let mut start = 0;
    for (at, lexeme) in lexemes.iter().enumerate() {
        if lexeme.token == Token::SemiColon {
            statements.push(start..at);
            start = at + 1;
        }
    }
    statements.push(start..lexemes.len());
    statements.retain(|tokens| !tokens.is_empty());
    statements
}

fn view_by_neighbours(lexemes: &[Lexeme], at: usize) -> View {
    let before = at.checked_sub(1).and_then(|before| lexemes.get(before));
    let after = lexemes.get(at + 1);
    let is = |lexeme: Option<&Lexeme>, token: &Token| {
        lexeme.is_some_and(|lexeme| lexeme.token == *token)
    };
    let is_one_of = |lexeme: Option<&Lexeme>, words: &[&str]| {
        lexeme.is_some_and(|lexeme| words.iter().any(|word| lexeme.is_word(word)))
    };
    let starts = before.is_none() || is(before, &Token::SemiColon);
    let ends = after.is_none()
        || is(after, &Token::SemiColon)
        || is(after, &Token::RParen)
        || is_one_of(after, &["UNION", "EXCEPT", "INTERSECT"]);
    let query_paren = is(before, &Token::LParen)
        && at.checked_sub(2).is_some_and(|before| {
            is_one_of(lexemes.get(before), &["AS", "FROM", "JOIN", "MATERIALIZED"])
        });
    let after_set = is_one_of(before, &["UNION", "ALL", "EXCEPT", "INTERSECT"]);
    if ends && (starts || query_paren || after_set) {
        return View::Query;
    }
    if is_one_of(before, &["IN"]) {
        return View::List;
    }
    let statement = [
        "WITH", "SELECT", "CREATE", "INSERT", "MERGE", "DELETE", "UPDATE",
    ];
    if starts && is_one_of(after, &statement) {
        return View::Nothing;
    }
    View::Itself
}

/// Parses the statement until it parses or nothing helps; gives the last failure then.
fn repair(
    lexemes: &mut [Lexeme],
    tokens: &Range<usize>,
    holes: &[usize],
    dialect: Dialect,
) -> Result<Vec<ast::Statement>, Failure> {
    let mut failure = match parse(lexemes, tokens, dialect) {
        Ok(trees) => return Ok(trees),
        Err(failure) => failure,
    };
    let attempts = ATTEMPTS.min(MOST_READ_AGAIN / tokens.len().max(1));
    let mut tried = BTreeSet::new();
    for _ in 0..attempts {
        let reached = failure.token.unwrap_or(tokens.end);
        let Some((hole, view)) = candidate(lexemes, holes, reached, &mut tried) else {
            break;
        };
        let before = lexemes.get(hole).map(|lexeme| lexeme.view.clone());
        set_view(lexemes, hole, view);
        let next = match parse(lexemes, tokens, dialect) {
            Ok(trees) => return Ok(trees),
            Err(failure) => failure,
        };
        if next.token.unwrap_or(tokens.end) > reached {
            failure = next;
        } else if let Some(before) = before {
            set_view(lexemes, hole, before);
        }
    }
    Err(failure)
}

/// The next change to try where the parser stopped at `reached`: the nearest hole before it, else
/// the first one behind.
fn candidate(
    lexemes: &[Lexeme],
    holes: &[usize],
    reached: usize,
    tried: &mut BTreeSet<(usize, u8)>,
) -> Option<(usize, View)> {
    let behind = holes.partition_point(|hole| *hole <= reached);
    let before = holes.get(..behind)?.iter().rev();
    for hole in before.take_while(|hole| reached - **hole <= REACH_BACK) {
        for (number, view) in [View::Nothing, View::Query, View::Itself]
            .into_iter()
            .enumerate()
        {
            let current = lexemes.get(*hole).map(|lexeme| &lexeme.view);
            if current != Some(&view) && tried.insert((*hole, number as u8)) {
                return Some((*hole, view));
            }
        }
    }
    let ahead = holes.get(behind..)?.iter();
    for hole in ahead.take_while(|hole| **hole - reached <= REACH_AHEAD) {
        if tried.insert((*hole, 0)) {
            return Some((*hole, View::Nothing));
        }
    }
    None
}

fn parse(
    lexemes: &[Lexeme],
    tokens: &Range<usize>,
    dialect: Dialect,
) -> Result<Vec<ast::Statement>, Failure> {
    let own = lexemes.get(tokens.clone()).unwrap_or_default();
    Fragment::of(own, tokens.start, dialect).statements()
}

fn set_view(lexemes: &mut [Lexeme], at: usize, view: View) {
    if let Some(lexeme) = lexemes.get_mut(at) {
        lexeme.view = view;
    }
}
