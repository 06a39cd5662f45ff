//! The tables of a `FROM` clause: names, subqueries, functions, joins and aliases.

use super::Source;
use super::query::{Query, names, query};
use sqlparser::tokenizer::Token;
use std::ops::Range;

/// One table in a `FROM` clause.
#[derive(Debug)]
pub(crate) struct Factor {
    /// How it is joined to those before it.
    pub(crate) join: Join,
    /// What it is.
    pub(crate) kind: FactorKind,
    /// The token that is its alias.
    pub(crate) alias: Option<usize>,
    /// The names that its alias gives to its columns.
    pub(crate) columns: Vec<usize>,
    /// Whether it may mention the tables before it.
    pub(crate) lateral: bool,
    /// Whether `PIVOT` or the like gives it other columns.
    pub(crate) reshaped: bool,
    /// What it is joined on.
    pub(crate) constraints: Vec<Constraint>,
}

/// What a table in a `FROM` clause is.
#[derive(Debug)]
pub(crate) enum FactorKind {
    /// A name, or a template's tag that stands for one.
    Table(Range<usize>),
    /// A function.
    Function {
        /// From its name to its closing parenthesis.
        all: Range<usize>,
    },
    /// A query in parentheses.
    Query(Box<Query>),
    /// Joined tables in parentheses.
    Nested(Vec<Factor>),
    /// Something else.
    Unknown(Range<usize>),
}

/// How a table is joined, as far as columns go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    /// Its columns are added.
    Adds,
    /// It filters and adds none: `SEMI`, `ANTI`.
    Filters,
}

/// What a join is on.
#[derive(Clone, Debug)]
pub(crate) enum Constraint {
    /// `ON` a condition.
    On(Range<usize>),
    /// `USING` these columns.
    Using(Vec<usize>),
}

/// Words that cannot be an alias without `AS`.
const RESERVED: &[&str] = &[
    "ANTI",
    "ANY",
    "APPLY",
    "ARRAY",
    "AS",
    "ASOF",
    "CLUSTER",
    "CONNECT",
    "CROSS",
    "DISTRIBUTE",
    "EXCEPT",
    "FETCH",
    "FINAL",
    "FOR",
    "FROM",
    "FULL",
    "GLOBAL",
    "GROUP",
    "HAVING",
    "INNER",
    "INTERSECT",
    "INTO",
    "JOIN",
    "LATERAL",
    "LEFT",
    "LIMIT",
    "MATCH_RECOGNIZE",
    "MINUS",
    "NATURAL",
    "OFFSET",
    "ON",
    "ORDER",
    "OUTER",
    "PIVOT",
    "POSITIONAL",
    "PREWHERE",
    "QUALIFY",
    "RIGHT",
    "SAMPLE",
    "SELECT",
    "SEMI",
    "SETTINGS",
    "SORT",
    "START",
    "STRAIGHT_JOIN",
    "TABLESAMPLE",
    "UNION",
    "UNPIVOT",
    "USING",
    "WHERE",
    "WINDOW",
    "WITH",
];

/// Words that may stand before `JOIN`.
const JOIN_WORDS: &[&str] = &[
    "NATURAL",
    "INNER",
    "LEFT",
    "RIGHT",
    "FULL",
    "OUTER",
    "CROSS",
    "SEMI",
    "ANTI",
    "ASOF",
    "GLOBAL",
    "ANY",
    "ALL",
    "ARRAY",
    "POSITIONAL",
];

/// The tables that `tokens` name, in order.
pub(crate) fn factors(source: &Source<'_>, tokens: Range<usize>, nesting: usize) -> Vec<Factor> {
    let mut found: Vec<Factor> = Vec::new();
    let mut at = tokens.start;
    let mut join = Join::Adds;
    while at < tokens.end {
        if source.is(at, &Token::Comma) {
            join = Join::Adds;
            at += 1;
        } else if let Some((next_join, next)) = join_at(source, at) {
            join = next_join;
            at = next;
        } else if source.is_word(at, "ON") {
            let end = constraint_end(source, at + 1..tokens.end);
            constrain(&mut found, Constraint::On(at + 1..end));
            at = end;
        } else if source.is_word(at, "USING") && source.is(at + 1, &Token::LParen) {
            constrain(
                &mut found,
                Constraint::Using(names(source, source.inside(at + 1))),
            );
            at = source.after(at + 1);
        } else {
            let (mut factor, next) = factor(source, at..tokens.end, nesting);
            factor.join = join;
            found.push(factor);
            at = next.max(at + 1);
        }
    }
    found
}

fn constrain(found: &mut [Factor], constraint: Constraint) {
    if let Some(last) = found.last_mut() {
        last.constraints.push(constraint);
    }
}

/// The join that starts at `at`, and the token behind its words.
fn join_at(source: &Source<'_>, at: usize) -> Option<(Join, usize)> {
    let mut next = at;
    let mut join = Join::Adds;
    while source.is_one_of(next, JOIN_WORDS) {
        if source.is_one_of(next, &["SEMI", "ANTI"]) {
            join = Join::Filters;
        }
        next += 1;
    }
    let joins = source.is_one_of(next, &["JOIN", "APPLY", "STRAIGHT_JOIN"]);
    joins.then_some((join, next + 1))
}

fn constraint_end(source: &Source<'_>, tokens: Range<usize>) -> usize {
    source
        .find(tokens.clone(), |at| {
            source.is(at, &Token::Comma)
                || source.is_word(at, "ON")
                || (source.is_word(at, "LATERAL") && source.is_word(at + 1, "VIEW"))
                || join_at(source, at).is_some()
        })
        .unwrap_or(tokens.end)
}

fn factor(source: &Source<'_>, tokens: Range<usize>, nesting: usize) -> (Factor, usize) {
    let mut at = tokens.start;
    let mut view = false;
    let lateral = source.is_word(at, "LATERAL");
    while source.is_one_of(at, &["LATERAL", "VIEW", "OUTER", "ONLY"]) {
        view |= source.is_word(at, "VIEW");
        at += 1;
    }
    let (kind, next) = kind(source, at..tokens.end, nesting);
    let mut factor = Factor {
        join: Join::Adds,
        kind,
        alias: None,
        columns: Vec::new(),
        lateral,
        reshaped: false,
        constraints: Vec::new(),
    };
    let next = if view {
        view_alias(source, next..tokens.end, &mut factor)
    } else {
        alias(source, next..tokens.end, &mut factor)
    };
    (factor, next.min(tokens.end))
}

fn kind(source: &Source<'_>, tokens: Range<usize>, nesting: usize) -> (FactorKind, usize) {
    let at = tokens.start;
    if source.is(at, &Token::LParen) {
        let inside = source.inside(at);
        let next = source.after(at);
        if !source.groups.opens(at) {
            return (FactorKind::Unknown(at..next), next);
        }
        if source.starts_query(at + 1) && !is_nested_join(source, &inside) {
            let inside = query(source, inside, nesting + 1);
            return (FactorKind::Query(Box::new(inside)), next);
        }
        let nested = if nesting < 60 {
            factors(source, inside, nesting + 1)
        } else {
            Vec::new()
        };
        return (FactorKind::Nested(nested), next);
    }
    if !source.is_word_like(at) {
        let next = source.after(at);
        return (FactorKind::Unknown(at..next), next);
    }
    let end = name_end(source, at..tokens.end);
    if source.is(end, &Token::LParen) && end < tokens.end {
        let all = at..source.after(end);
        let next = all.end;
        return (FactorKind::Function { all }, next);
    }
    (FactorKind::Table(at..end), end)
}

/// Whether the parenthesis holds `(query) alias JOIN …` rather than a query.
fn is_nested_join(source: &Source<'_>, inside: &Range<usize>) -> bool {
    if !source.is(inside.start, &Token::LParen) {
        return false;
    }
    let next = source.after(inside.start);
    let set = ["UNION", "INTERSECT", "EXCEPT", "MINUS", "ORDER", "LIMIT"];
    next < inside.end && !source.is_one_of(next, &set)
}

/// The token behind the name that starts at the first of `tokens`.
pub(super) fn name_end(source: &Source<'_>, tokens: Range<usize>) -> usize {
    let mut at = tokens.start + 1;
    loop {
        let unspaced = |at: usize| source.get(at).is_some_and(|lexeme| !lexeme.spaced);
        // A hyphen is a part of the names of BigQuery's projects.
        let hyphen = source.is(at, &Token::Minus) && unspaced(at) && unspaced(at + 1);
        let joined = source.is(at, &Token::Period) || hyphen;
        let number = matches!(
            source.get(at + 1).map(|lexeme| &lexeme.token),
            Some(Token::Number(..))
        );
        if !joined || at + 1 >= tokens.end || !(source.is_word_like(at + 1) || number) {
            return at;
        }
        at += 2;
    }
}

/// Reads what may follow a table: samples, hints, pivots and its alias.
fn alias(source: &Source<'_>, tokens: Range<usize>, factor: &mut Factor) -> usize {
    let mut at = tokens.start;
    while at < tokens.end {
        if source.is_one_of(at, &["PIVOT", "UNPIVOT", "MATCH_RECOGNIZE"]) {
            factor.reshaped = true;
            factor.alias = None;
            factor.columns.clear();
            at = source
                .find(at..tokens.end, |at| source.is(at, &Token::LParen))
                .map_or(tokens.end, |open| source.after(open));
        } else if source.is_one_of(at, &["TABLESAMPLE", "SAMPLE", "WITH", "AT", "BEFORE"])
            && source.is(at + 1, &Token::LParen)
        {
            at = source.after(at + 1);
        } else if source.is_one_of(at, &["TABLESAMPLE", "SAMPLE"]) {
            at = source.after(at + 2);
        } else if source.is_word(at, "WITH") && source.is_one_of(at + 1, &["ORDINALITY", "OFFSET"])
        {
            at += 2;
            if source.is_word(at, "AS") && factor.alias.is_some() {
                at += 2;
            }
        } else if source.is_one_of(at, &["FOR", "TIMESTAMP", "VERSION"])
            && time_travel(source, at).is_some()
        {
            at = time_travel(source, at).unwrap_or(at + 1);
        } else if source.is_word(at, "FINAL") {
            at += 1;
        } else if factor.alias.is_none() && is_alias(source, at) {
            at += usize::from(source.is_word(at, "AS"));
            factor.alias = Some(at);
            at += 1;
            if source.is(at, &Token::LParen) && source.groups.opens(at) {
                factor.columns = names(source, source.inside(at));
                at = source.after(at);
            }
        } else {
            break;
        }
    }
    at
}

/// The token behind `FOR SYSTEM_TIME AS OF …` or `VERSION AS OF …`.
fn time_travel(source: &Source<'_>, at: usize) -> Option<usize> {
    let of = (at + 1..at + 4).find(|at| source.is_word(*at, "OF"))?;
    let value = source.after(of + 1);
    let call = source.is(value, &Token::LParen);
    let literal = source.is_word(of + 1, "TIMESTAMP");
    Some(match (call, literal) {
        (true, _) => source.after(value),
        (false, true) => value + 1,
        (false, false) => value,
    })
}

fn is_alias(source: &Source<'_>, at: usize) -> bool {
    if source.is_word(at, "AS") {
        return source.is_word_like(at + 1)
            || matches!(
                source.get(at + 1).map(|lexeme| &lexeme.token),
                Some(Token::SingleQuotedString(_))
            );
    }
    source.is_word_like(at) && !source.is_one_of(at, RESERVED)
}

/// `LATERAL VIEW explode(x) t AS a, b`: the columns follow the alias without parentheses.
fn view_alias(source: &Source<'_>, tokens: Range<usize>, factor: &mut Factor) -> usize {
    let mut at = tokens.start;
    if source.is_word_like(at) && !source.is_one_of(at, RESERVED) {
        factor.alias = Some(at);
        at += 1;
    }
    if source.is_word(at, "AS") {
        at += 1;
        while at < tokens.end && source.is_word_like(at) {
            factor.columns.push(at);
            at += 1;
            if !source.is(at, &Token::Comma) {
                break;
            }
            at += 1;
        }
    }
    at
}
