//! Which parentheses belong together, also where one is missing.

use crate::lexeme::{Lexeme, View, is_after_period};
use sqlparser::tokenizer::Token;
use std::ops::Range;

/// The parentheses, brackets and braces of a list of tokens.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    /// For each token that opens a group: where it ends.
    ends: Vec<Option<End>>,
}

/// Where a group ends.
#[derive(Clone, Copy, Debug)]
struct End {
    /// The closing token, or the first one that is not inside.
    at: usize,
    /// Whether that is a closing token.
    closed: bool,
}

/// A group that is open.
#[derive(Clone, Copy)]
struct Open {
    at: usize,
    holds: Holds,
}

/// What a group is there for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// An expression: no keyword of a clause can stand in it.
    Expression,
    /// The arguments of one of the few functions that have such keywords.
    Keywords,
    /// A query.
    Query {
        /// Whether a `SELECT` may follow a closing parenthesis or a table in it.
        late_select: bool,
    },
}

/// Words before a parenthesis in which `FROM` or `WHERE` may stand.
const WITH_KEYWORDS: &[&str] = &[
    "EXTRACT",
    "TRIM",
    "SUBSTRING",
    "SUBSTR",
    "OVERLAY",
    "POSITION",
    "FILTER",
    "FROM",
    "JOIN",
    "PIVOT",
    "UNPIVOT",
    "MATCH_RECOGNIZE",
];

impl Groups {
    /// Matches the groups of `lexemes`.
    ///
    /// A parenthesis that was left open ends before the first keyword that cannot stand in it, and
    /// if it holds a query, before the next common table expression, with a comma before it or not, or
    /// the next `SELECT`. An open one round an expression has no end then, and counts as no group at
    /// all.
    pub(crate) fn new(lexemes: &[Lexeme]) -> Groups {
        let mut ends = vec![None; lexemes.len()];
        let mut open: Vec<Open> = Vec::new();
        for (at, lexeme) in lexemes.iter().enumerate() {
            match lexeme.token {
                Token::LParen => open.push(Open {
                    at,
                    holds: holds(lexemes, at),
                }),
                Token::LBracket | Token::LBrace => open.push(Open {
                    at,
                    holds: Holds::Expression,
                }),
                Token::RParen | Token::RBracket | Token::RBrace => {
                    if let Some(group) = open.pop() {
                        set(&mut ends, group.at, End { at, closed: true });
                    }
                }
                Token::SemiColon => close_all(&mut open, &mut ends, at),
                Token::Comma
                    if starts_cte(lexemes, at + 1)
                        && open.last().is_some_and(|group| is_of_cte(lexemes, group)) =>
                {
                    close_last(&mut open, &mut ends, at);
                }
                // No comma is there yet either.
                Token::Word(_) if starts_cte(lexemes, at) => {
                    if let Some(around) = cte_left_open(lexemes, &open) {
                        open.truncate(around + 1);
                        close_last(&mut open, &mut ends, at);
                    }
                }
                Token::Word(_) if is_clause(lexemes, at) => {
                    while open
                        .last()
                        .is_some_and(|group| group.holds == Holds::Expression)
                    {
                        open.pop();
                    }
                    if let Some(group) = open.last()
                        && lexeme.is_word("SELECT")
                        && is_second_select(lexemes, at, group)
                    {
                        close_last(&mut open, &mut ends, at);
                    }
                }
                _ => {}
            }
        }
        close_all(&mut open, &mut ends, lexemes.len());
        Groups { ends }
    }

    /// The token behind the one at `at`, or behind all of its group if it opens one.
    pub(crate) fn after(&self, at: usize) -> usize {
        match self.ends.get(at).copied().flatten() {
            Some(end) => end.at + usize::from(end.closed),
            None => at + 1,
        }
    }

    /// The tokens inside the group opened at `at`; none if it opens none.
    pub(crate) fn inside(&self, at: usize) -> Range<usize> {
        match self.ends.get(at).copied().flatten() {
            Some(end) => at + 1..end.at.max(at + 1),
            None => at + 1..at + 1,
        }
    }

    /// Whether the token at `at` opens a group.
    pub(crate) fn opens(&self, at: usize) -> bool {
        self.ends.get(at).is_some_and(Option::is_some)
    }
}

/// What is still open where nothing can be open any more: queries end here.
fn close_all(open: &mut Vec<Open>, ends: &mut [Option<End>], at: usize) {
    for group in open.drain(..) {
        if group.holds != Holds::Expression {
            set(ends, group.at, End { at, closed: false });
        }
    }
}

/// The last group that is open ends before `at`, and nothing closes it.
fn close_last(open: &mut Vec<Open>, ends: &mut [Option<End>], at: usize) {
    if let Some(group) = open.pop() {
        set(ends, group.at, End { at, closed: false });
    }
}

fn set(ends: &mut [Option<End>], at: usize, end: End) {
    if let Some(slot) = ends.get_mut(at) {
        *slot = Some(end);
    }
}

fn holds(lexemes: &[Lexeme], at: usize) -> Holds {
    let next = at + 1;
    let query_hole = lexemes
        .get(next)
        .is_some_and(|lexeme| lexeme.view == View::Query);
    let late_select = is_word(lexemes, Some(next), "WITH") || is_word(lexemes, Some(next), "FROM");
    let query = late_select
        || query_hole
        || is_word(lexemes, Some(next), "SELECT")
        || is_word(lexemes, Some(next), "VALUES")
        || lexemes
            .get(next)
            .is_some_and(|lexeme| lexeme.token == Token::LParen);
    let before = at.checked_sub(1);
    if query {
        Holds::Query { late_select }
    } else if WITH_KEYWORDS
        .iter()
        .any(|word| is_word(lexemes, before, word))
    {
        Holds::Keywords
    } else {
        Holds::Expression
    }
}

/// Whether `name AS ( SELECT` stands at `at`.
fn starts_cte(lexemes: &[Lexeme], at: usize) -> bool {
    matches!(
        lexemes.get(at).map(|lexeme| &lexeme.token),
        Some(Token::Word(_))
    ) && is_word(lexemes, Some(at + 1), "AS")
        && lexemes
            .get(at + 2)
            .is_some_and(|lexeme| lexeme.token == Token::LParen)
        && (is_word(lexemes, Some(at + 3), "SELECT") || is_word(lexemes, Some(at + 3), "WITH"))
}

/// The group of a common table expression that the innermost expressions stand in.
fn cte_left_open(lexemes: &[Lexeme], open: &[Open]) -> Option<usize> {
    let is_around = |group: &Open| group.holds != Holds::Expression;
    let around = open.iter().rposition(is_around)?;
    let group = open.get(around)?;
    is_of_cte(lexemes, group).then_some(around)
}

/// Whether a group holds the query of a common table expression, without such expressions of its own: none
/// begins inside.
fn is_of_cte(lexemes: &[Lexeme], group: &Open) -> bool {
    matches!(group.holds, Holds::Query { .. })
        && is_word(lexemes, group.at.checked_sub(1), "AS")
        && !is_word(lexemes, Some(group.at + 1), "WITH")
}

/// Whether the word at `at` starts a clause, so that it cannot stand in an expression.
fn is_clause(lexemes: &[Lexeme], at: usize) -> bool {
    let word = |offset: usize, word: &str| is_word(lexemes, Some(at + offset), word);
    let before = |word: &str| is_word(lexemes, at.checked_sub(1), word);
    if is_after_period(lexemes, at) {
        return false;
    }
    word(0, "SELECT")
        || word(0, "WHERE")
        || word(0, "QUALIFY")
        || word(0, "UNION")
        || (word(0, "FROM") && !before("DISTINCT"))
        || (word(0, "GROUP") && word(1, "BY") && !before("WITHIN"))
}

/// Whether the `SELECT` at `at` cannot belong to the query that `group` holds.
fn is_second_select(lexemes: &[Lexeme], at: usize, group: &Open) -> bool {
    let Holds::Query { late_select } = group.holds else {
        return false;
    };
    if group.at + 1 == at || late_select {
        return false;
    }
    let before = at.checked_sub(1);
    let continues = [
        "UNION",
        "ALL",
        "DISTINCT",
        "EXCEPT",
        "INTERSECT",
        "MINUS",
        "NAME",
        "AS",
    ];
    let opens = before
        .and_then(|before| lexemes.get(before))
        .is_some_and(|lexeme| lexeme.token == Token::LParen);
    !opens && !continues.iter().any(|word| is_word(lexemes, before, word))
}

fn is_word(lexemes: &[Lexeme], at: Option<usize>, word: &str) -> bool {
    at.and_then(|at| lexemes.get(at))
        .is_some_and(|lexeme| lexeme.is_word(word))
}
