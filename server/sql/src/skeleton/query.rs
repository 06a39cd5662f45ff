//! Queries: common table expressions, branches of set operations, projections and clauses.

use super::Source;
use super::from::{Factor, factors};
use crate::lexeme::is_after_period;
use sqlparser::tokenizer::Token;
use std::ops::Range;

/// Queries nested deeper than this are not read.
const MOST_NESTING: usize = 60;

/// A query.
#[derive(Debug, Default)]
pub(crate) struct Query {
    /// All its tokens.
    pub(crate) tokens: Range<usize>,
    /// Its common table expressions in order.
    pub(crate) with: Vec<Cte>,
    /// Whether these may refer to themselves.
    pub(crate) recursive: bool,
    /// The branches of its set operation; one where it is none.
    pub(crate) branches: Vec<Body>,
    /// Whether columns are put together by name instead of position.
    pub(crate) by_name: bool,
    /// What follows its last branch, where that stands in parentheses.
    pub(crate) tail: Vec<Clause>,
    /// Queries found behind the place where it could not be understood any more.
    pub(crate) stray: Vec<Query>,
    /// Whether there is such a place.
    pub(crate) broken: bool,
}

/// A common table expression.
#[derive(Debug)]
pub(crate) struct Cte {
    /// The token that is its name.
    pub(crate) name: usize,
    /// The names it gives to its columns.
    pub(crate) columns: Vec<usize>,
    /// Its query; `None` where there is none.
    pub(crate) query: Option<Query>,
}

/// One branch of a set operation.
#[derive(Debug)]
pub(crate) enum Body {
    /// `SELECT …`
    Select(Box<Select>),
    /// A query in parentheses.
    Query(Box<Query>),
    /// `VALUES …`
    Values(Range<usize>),
    /// A template's tag that is read as a query.
    Hole(usize),
    /// Something else.
    Unknown(Range<usize>),
}

/// A `SELECT` with its clauses.
#[derive(Debug, Default)]
pub(crate) struct Select {
    /// The entries of its projection. An empty one stands between two commas.
    pub(crate) items: Vec<Range<usize>>,
    /// From its first keyword to where the projection ends.
    pub(crate) projection: Range<usize>,
    /// Whether all columns are given, because there is no projection: `FROM t`.
    pub(crate) everything: bool,
    /// Whether it gives one value of all its columns: `SELECT AS STRUCT`.
    pub(crate) packed: bool,
    /// Its tables in order.
    pub(crate) from: Vec<Factor>,
    /// The tokens that name them.
    pub(crate) from_tokens: Range<usize>,
    /// Its other clauses in order.
    pub(crate) clauses: Vec<Clause>,
}

/// A clause other than `SELECT` and `FROM`.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    /// What it is.
    pub(crate) kind: ClauseKind,
    /// Its tokens without the keyword.
    pub(crate) tokens: Range<usize>,
}

/// What a clause holds, and which names it prefers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClauseKind {
    /// One condition on the tables' columns.
    Condition,
    /// Expressions to group by.
    Group,
    /// Keys to sort by; names of the projection come first.
    Sort,
    /// Nothing that mentions columns by name alone.
    Other,
}

/// Reads the query that `tokens` are.
pub(crate) fn query(source: &Source<'_>, tokens: Range<usize>, nesting: usize) -> Query {
    let mut query = Query {
        tokens: tokens.clone(),
        ..Query::default()
    };
    if nesting > MOST_NESTING {
        query.broken = true;
        return query;
    }
    let mut at = with(source, &tokens, nesting, &mut query);
    at = branches(source, at..tokens.end, nesting, &mut query);
    at = clauses(source, at..tokens.end, &mut query.tail);
    if at < tokens.end {
        query.broken = true;
        stray(source, at..tokens.end, nesting, &mut query.stray);
    }
    query
}

/// Reads `WITH …` and gives the token behind it.
pub(super) fn with(
    source: &Source<'_>,
    tokens: &Range<usize>,
    nesting: usize,
    query: &mut Query,
) -> usize {
    let mut at = tokens.start;
    if !source.is_word(at, "WITH") {
        return at;
    }
    at += 1;
    if source.is_word(at, "RECURSIVE") {
        query.recursive = true;
        at += 1;
    }
    while at < tokens.end {
        let Some((cte, next)) = cte(source, at, tokens.end, nesting) else {
            break;
        };
        let is_half_typed = cte.query.is_none();
        query.broken |= is_half_typed;
        query.with.push(cte);
        at = next;
        if is_half_typed && source.is_word_like(at) {
            at = behind_half_typed(source, at..tokens.end).unwrap_or(at);
        }
        if source.is(at, &Token::Comma) {
            at += 1;
        } else if !is_cte(source, at) {
            break;
        } else {
            query.broken = true;
        }
    }
    at
}

/// Where the next common table expression begins, or the query that uses them.
fn behind_half_typed(source: &Source<'_>, tokens: Range<usize>) -> Option<usize> {
    source.find(tokens, |at| {
        is_cte(source, at) || source.is_word(at, "SELECT")
    })
}

fn is_cte(source: &Source<'_>, at: usize) -> bool {
    source.is_word_like(at) && source.is_word(at + 1, "AS") && source.is(at + 2, &Token::LParen)
}

fn cte(source: &Source<'_>, at: usize, end: usize, nesting: usize) -> Option<(Cte, usize)> {
    if !source.is_word_like(at) || source.is_one_of(at, &["SELECT", "FROM"]) {
        return None;
    }
    let mut next = at + 1;
    let mut columns = Vec::new();
    if source.is(next, &Token::LParen) && !source.starts_query(next + 1) {
        columns = names(source, source.inside(next));
        next = source.after(next);
    }
    let mut cte = Cte {
        name: at,
        columns,
        query: None,
    };
    while next < end && source.is_one_of(next, &["AS", "NOT", "MATERIALIZED"]) {
        next += 1;
    }
    if next < end && source.is(next, &Token::LParen) {
        let inside = source.inside(next);
        let inside = inside.start..inside.end.min(end);
        if source.groups.opens(next) {
            cte.query = Some(self::query(source, inside, nesting + 1));
        }
        next = source.after(next);
    }
    // `SEARCH DEPTH FIRST BY …` and `USING KEY` are of no interest for columns.
    let follows = |at: usize| {
        source.is(at, &Token::Comma)
            || source.is_word(at, "SELECT")
            || source.is(at, &Token::LParen)
    };
    if source.is_one_of(next, &["SEARCH", "CYCLE"]) {
        next = source.find(next..end, follows).unwrap_or(end);
    }
    Some((cte, next.min(end)))
}

/// The tokens of a list of names; what follows a name up to the comma is left out.
pub(super) fn names(source: &Source<'_>, tokens: Range<usize>) -> Vec<usize> {
    let parts = source.split_by_commas(tokens);
    let firsts = parts.into_iter().filter(|part| !part.is_empty());
    firsts.map(|part| part.start).collect()
}

/// Reads the branches of a set operation and gives the token behind them.
fn branches(source: &Source<'_>, tokens: Range<usize>, nesting: usize, query: &mut Query) -> usize {
    let mut at = tokens.start;
    while at < tokens.end {
        let (body, next) = branch(source, at..tokens.end, nesting);
        if let Body::Unknown(_) = body {
            query.broken = true;
        }
        query.branches.push(body);
        at = next;
        if !is_set_operator(source, at) || at >= tokens.end {
            return at;
        }
        at += 1;
        while at < tokens.end
            && source.is_one_of(
                at,
                &["ALL", "DISTINCT", "BY", "NAME", "CORRESPONDING", "STRICT"],
            )
        {
            query.by_name |= source.is_one_of(at, &["NAME", "CORRESPONDING"]);
            at += 1;
        }
    }
    query.broken = true;
    at
}

fn branch(source: &Source<'_>, tokens: Range<usize>, nesting: usize) -> (Body, usize) {
    let at = tokens.start;
    if source.is_query_hole(at) {
        return (Body::Hole(at), at + 1);
    }
    if source.is_word(at, "SELECT") || source.is_word(at, "FROM") {
        let (select, next) = select(source, tokens, nesting);
        return (Body::Select(Box::new(select)), next);
    }
    if source.is(at, &Token::LParen) && source.groups.opens(at) {
        let inside = query(source, source.inside(at), nesting + 1);
        return (
            Body::Query(Box::new(inside)),
            source.after(at).min(tokens.end),
        );
    }
    if source.is_word(at, "VALUES") {
        let end = source.find(tokens.clone(), |at| {
            is_set_operator(source, at) || clause_at(source, at, tokens.end).is_some()
        });
        let end = end.unwrap_or(tokens.end);
        return (Body::Values(at + 1..end), end);
    }
    (Body::Unknown(at..at), at)
}

fn select(source: &Source<'_>, tokens: Range<usize>, nesting: usize) -> (Select, usize) {
    let mut select = Select::default();
    let mut at = tokens.start;
    if source.is_word(at, "FROM") {
        at = read_from(source, at + 1..tokens.end, nesting, &mut select);
        select.everything = !source.is_word(at, "SELECT");
        select.projection = tokens.start..tokens.start + 1;
    }
    if source.is_word(at, "SELECT") && at < tokens.end {
        let start = at;
        at = modifiers(source, at + 1, &mut select).min(tokens.end);
        let mut is_inside_open = false;
        let end = source.find(at..tokens.end, |at| {
            // The `ORDER BY` of a window whose parenthesis is not closed yet ends no projection.
            is_inside_open |= source.is(at, &Token::LParen) && !source.groups.opens(at);
            let is_of_window = is_inside_open && source.is_word(at, "ORDER");
            let ends = is_set_operator(source, at) || clause_at(source, at, tokens.end).is_some();
            ends && !is_of_window
        });
        let end = end.unwrap_or(tokens.end);
        select.items = source.split_by_commas(at..end);
        select.projection = start..end;
        at = end;
    }
    if source.is_word(at, "INTO") && at < tokens.end {
        at = read_clause(source, at + 1..tokens.end, &mut select, ClauseKind::Other);
    }
    if source.is_word(at, "FROM") && at < tokens.end && select.from.is_empty() {
        at = read_from(source, at + 1..tokens.end, nesting, &mut select);
    }
    let mut found = std::mem::take(&mut select.clauses);
    at = clauses(source, at..tokens.end, &mut found);
    select.clauses = found;
    (select, at)
}

/// Skips `DISTINCT`, `TOP 10` and the like behind `SELECT`.
fn modifiers(source: &Source<'_>, at: usize, select: &mut Select) -> usize {
    let mut at = at;
    if source.is_one_of(at, &["ALL", "DISTINCT", "STRAIGHT_JOIN"]) {
        at += 1;
        if source.is_word(at, "ON") && source.is(at + 1, &Token::LParen) {
            let next = source.after(at + 1);
            select.clauses.push(Clause {
                kind: ClauseKind::Group,
                tokens: source.inside(at + 1),
            });
            at = next;
        }
    }
    let counted = matches!(
        source.get(at + 1).map(|lexeme| &lexeme.token),
        Some(Token::Number(..) | Token::LParen)
    );
    if source.is_word(at, "TOP") && counted {
        at = source.after(at + 1);
        if source.is_word(at, "PERCENT") {
            at += 1;
        }
        if source.is_word(at, "WITH") && source.is_word(at + 1, "TIES") {
            at += 2;
        }
    }
    if source.is_word(at, "AS") && source.is_one_of(at + 1, &["STRUCT", "VALUE"]) {
        select.packed = true;
        at += 2;
    }
    at
}

fn read_from(
    source: &Source<'_>,
    tokens: Range<usize>,
    nesting: usize,
    select: &mut Select,
) -> usize {
    let end = source.find(tokens.clone(), |at| {
        is_set_operator(source, at)
            || source.is_word(at, "SELECT")
            || clause_at(source, at, tokens.end).is_some()
    });
    let end = end.unwrap_or(tokens.end);
    select.from = factors(source, tokens.start..end, nesting);
    select.from_tokens = tokens.start..end;
    end
}

fn read_clause(
    source: &Source<'_>,
    tokens: Range<usize>,
    select: &mut Select,
    kind: ClauseKind,
) -> usize {
    let end = clause_end(source, &tokens);
    select.clauses.push(Clause {
        kind,
        tokens: tokens.start..end,
    });
    end
}

/// Reads clauses as long as there are any and gives the token behind them.
fn clauses(source: &Source<'_>, tokens: Range<usize>, found: &mut Vec<Clause>) -> usize {
    let mut at = tokens.start;
    while at < tokens.end {
        let Some((kind, length)) = clause_at(source, at, tokens.end) else {
            break;
        };
        if source.is_word(at, "FROM") {
            break;
        }
        let inside = (at + length).min(tokens.end)..tokens.end;
        let end = clause_end(source, &inside);
        found.push(Clause {
            kind,
            tokens: inside.start..end,
        });
        at = end;
    }
    at
}

fn clause_end(source: &Source<'_>, tokens: &Range<usize>) -> usize {
    source
        .find(tokens.clone(), |at| {
            is_set_operator(source, at)
                || (source.is_word(at, "SELECT") && at > tokens.start)
                || clause_at(source, at, tokens.end).is_some()
        })
        .unwrap_or(tokens.end)
}

/// Clauses that start with one word, and those that need a second one.
const CLAUSES: &[(&str, &[&str], ClauseKind)] = &[
    ("FROM", &[], ClauseKind::Other),
    ("INTO", &[], ClauseKind::Other),
    ("WHERE", &[], ClauseKind::Condition),
    ("PREWHERE", &[], ClauseKind::Condition),
    ("HAVING", &[], ClauseKind::Condition),
    ("QUALIFY", &[], ClauseKind::Condition),
    ("GROUP", &["BY"], ClauseKind::Group),
    ("ORDER", &["BY", "SIBLINGS"], ClauseKind::Sort),
    ("SORT", &["BY"], ClauseKind::Sort),
    ("CLUSTER", &["BY"], ClauseKind::Sort),
    ("DISTRIBUTE", &["BY"], ClauseKind::Sort),
    ("CONNECT", &["BY"], ClauseKind::Condition),
    ("START", &["WITH"], ClauseKind::Condition),
    ("FETCH", &["FIRST", "NEXT"], ClauseKind::Other),
    (
        "FOR",
        &["UPDATE", "SHARE", "XML", "JSON", "BROWSE", "NO", "KEY"],
        ClauseKind::Other,
    ),
    (
        "WITH",
        &["NO", "DATA", "CHECK", "CASCADED", "LOCAL", "READ", "UR"],
        ClauseKind::Other,
    ),
    ("OPTION", &["("], ClauseKind::Other),
];

/// The clause that starts at `at`, and how many tokens its keyword has.
fn clause_at(source: &Source<'_>, at: usize, end: usize) -> Option<(ClauseKind, usize)> {
    let word = source.get(at)?.keyword()?;
    if is_after_period(source.lexemes, at) {
        return None;
    }
    let known = CLAUSES
        .iter()
        .find(|(first, _, _)| word.eq_ignore_ascii_case(first));
    if let Some((first, seconds, kind)) = known {
        let distinct_from = *first == "FROM" && at > 0 && source.is_word(at - 1, "DISTINCT");
        let within = *first == "GROUP" && at > 0 && source.is_word(at - 1, "WITHIN");
        let complete = seconds.is_empty()
            || seconds.iter().any(|second| match *second {
                "(" => source.is(at + 1, &Token::LParen),
                second => source.is_word(at + 1, second),
            });
        let length = if seconds.is_empty() || *first == "OPTION" {
            1
        } else {
            2
        };
        return (complete && !distinct_from && !within).then_some((*kind, length));
    }
    let other = match word.to_ascii_uppercase().as_str() {
        "LIMIT" | "OFFSET" => is_count(source, at, end),
        "WINDOW" => source.is_word_like(at + 1) && source.is_word(at + 2, "AS"),
        "SETTINGS" => source.is_word_like(at + 1) && source.is(at + 2, &Token::Eq),
        _ => false,
    };
    other.then_some((ClauseKind::Other, 1))
}

/// The first token of the keyword that a clause starts with.
pub(crate) fn keyword_of(source: &Source<'_>, clause: &Clause, end: usize) -> usize {
    let start = clause.tokens.start;
    let lengths = [1, 2].into_iter();
    let mut starts = lengths.filter_map(|length| {
        let at = start.checked_sub(length)?;
        let (_, found) = clause_at(source, at, end.max(start + 1))?;
        (found == length).then_some(at)
    });
    starts.next().unwrap_or(start)
}

/// Whether the `LIMIT` or `OFFSET` at `at` is followed by a number of rows, and no column.
fn is_count(source: &Source<'_>, at: usize, end: usize) -> bool {
    let after_comma =
        at > 0 && (source.is(at - 1, &Token::Comma) || source.is_word(at - 1, "SELECT"));
    let next = source.get(at + 1).filter(|_| at + 1 < end);
    let counts = next.is_some_and(|next| {
        matches!(
            next.token,
            Token::Number(..) | Token::LParen | Token::Placeholder(_) | Token::Colon
        ) || next.hole.is_some()
            || next.is_word("ALL")
            || next.is_word("NULL")
    });
    counts && !after_comma
}

fn is_set_operator(source: &Source<'_>, at: usize) -> bool {
    if !source.is_one_of(at, &["UNION", "INTERSECT", "EXCEPT", "MINUS"]) {
        return false;
    }
    let next_is_query = source.starts_query(at + 1);
    let continues = source.is_one_of(
        at + 1,
        &["ALL", "DISTINCT", "BY", "CORRESPONDING", "STRICT"],
    );
    let before = at.checked_sub(1).and_then(|before| source.get(before));
    let after_star = before.is_some_and(|before| before.token == Token::Mul);
    let after_period = is_after_period(source.lexemes, at);
    let union = source.is_word(at, "UNION");
    !after_period
        && (next_is_query || continues || union)
        && !(after_star && !next_is_query && !union)
}

/// Queries among tokens that could not be understood.
pub(super) fn stray(
    source: &Source<'_>,
    tokens: Range<usize>,
    nesting: usize,
    found: &mut Vec<Query>,
) {
    let mut at = tokens.start;
    while at < tokens.end {
        if source.is_word(at, "SELECT") || is_cte(source, at) {
            let (inside, next) = if source.is_word(at, "SELECT") {
                let mut inside = Query {
                    tokens: at..tokens.end,
                    ..Query::default()
                };
                let next = branches(source, at..tokens.end, nesting, &mut inside);
                inside.tokens.end = next;
                (inside, next)
            } else {
                let open = at + 2;
                let inside = query(source, source.inside(open), nesting + 1);
                (inside, source.after(open))
            };
            found.push(inside);
            at = next.max(at + 1);
        } else if source.is(at, &Token::LParen) && source.starts_query(at + 1) {
            found.push(query(source, source.inside(at), nesting + 1));
            at = source.after(at).max(at + 1);
        } else {
            at += 1;
        }
    }
}
