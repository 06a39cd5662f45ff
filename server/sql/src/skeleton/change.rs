//! Statements that change the rows of a table, or copy rows somewhere, and define nothing by a query.

use super::Source;
use super::from::{FactorKind, factors, name_end};
use super::query::{Body, Query, Select, stray, with};
use sqlparser::tokenizer::Token;
use std::ops::Range;
use syntax::Name;

/// What such a statement does.
#[derive(Debug)]
pub(crate) struct Change {
    /// The table whose rows change; `None` where rows go to no table.
    pub(crate) name: Option<Range<usize>>,
    /// What it reads.
    pub(crate) reads: Query,
}

/// The change that the statement of `tokens` makes, if it makes one.
pub(crate) fn change(source: &Source<'_>, tokens: &Range<usize>) -> Option<Change> {
    let mut reads = Query {
        tokens: tokens.clone(),
        ..Query::default()
    };
    let first = with(source, tokens, 0, &mut reads);
    let rest = first..tokens.end;
    let words: &[&str] = match () {
        () if source.is_word(first, "UPDATE") => &["UPDATE", "ONLY", "IGNORE"],
        () if source.is_word(first, "DELETE") => &["DELETE", "FROM", "ONLY"],
        () if source.is_word(first, "MERGE") => &["MERGE", "INTO"],
        () if source.is_word(first, "TRUNCATE") => &["TRUNCATE", "TABLE", "ONLY", "IF", "EXISTS"],
        () if source.is_one_of(first, &["COPY", "EXPORT", "UNLOAD"]) => {
            return copied(source, rest, reads);
        }
        () if source.is_word(first, "CREATE") => return cloned(source, rest, reads),
        () => return None,
    };
    let at = (first..)
        .take_while(|at| source.is_one_of(*at, words))
        .count()
        + first;
    if at >= tokens.end || !source.is_word_like(at) {
        return None;
    }
    let written = at..name_end(source, at..tokens.end);
    let mut tables = Vec::new();
    let behind = written.end..tokens.end;
    let mut from = written.end;
    while let Some(start) = source.find(from..tokens.end, |at| starts_tables(source, at)) {
        let end = source.find(start + 1..tokens.end, |at| ends_tables(source, at));
        from = end.unwrap_or(tokens.end);
        tables.extend(factors(source, start + 1..from, 0));
    }
    // `UPDATE o SET … FROM orders AS o` changes the table that its alias stands for.
    let named = |at: usize| source.name(at).map(Name::new);
    let is_written = |alias: usize| written.len() == 1 && named(alias) == named(written.start);
    let aliased = tables.iter().find_map(|factor| match &factor.kind {
        FactorKind::Table(name) if factor.alias.is_some_and(is_written) => Some(name.clone()),
        _ => None,
    });
    stray(source, behind, 0, &mut reads.stray);
    reads.branches.push(Body::Select(Box::new(Select {
        from: tables,
        ..Select::default()
    })));
    Some(Change {
        name: Some(aliased.unwrap_or(written)),
        reads,
    })
}

/// `COPY (SELECT …) TO …`, `COPY orders TO …`, `EXPORT DATA … AS SELECT …`.
fn copied(source: &Source<'_>, tokens: Range<usize>, mut reads: Query) -> Option<Change> {
    let at = tokens.start + 1;
    let named = at..name_end(source, at..tokens.end);
    let behind = match source.is(named.end, &Token::LParen) {
        true => source.after(named.end),
        false => named.end,
    };
    if source.is_word(tokens.start, "COPY")
        && source.is_word_like(at)
        && source.is_word(behind, "TO")
    {
        reads.branches.push(Body::Select(Box::new(Select {
            from: factors(source, named, 0),
            ..Select::default()
        })));
    }
    stray(source, tokens, 0, &mut reads.stray);
    let is_reading = !reads.branches.is_empty() || !reads.stray.is_empty();
    is_reading.then_some(Change { name: None, reads })
}

/// `CREATE TABLE x CLONE y`, `CREATE TABLE x AS TABLE y`.
fn cloned(source: &Source<'_>, tokens: Range<usize>, mut reads: Query) -> Option<Change> {
    let words = tokens.start + 1..tokens.end.min(tokens.start + 8);
    let object = source.find(words, |at| source.is_word(at, "TABLE"))?;
    let skipped = (object + 1..).take_while(|at| source.is_one_of(*at, &["IF", "NOT", "EXISTS"]));
    let at = object + 1 + skipped.count();
    let name = at..name_end(source, at..tokens.end);
    let next = name.end;
    let is_copy = source.is_one_of(next, &["CLONE", "COPY"])
        || source.is_word(next, "AS") && source.is_word(next + 1, "TABLE")
        || source.is_one_of(next, &["SHALLOW", "DEEP"]) && source.is_word(next + 1, "CLONE");
    if !is_copy {
        return None;
    }
    let from = match source.is_one_of(next, &["CLONE", "COPY"]) {
        true => next + 1,
        false => next + 2,
    };
    let other = from..name_end(source, from..tokens.end);
    reads.branches.push(Body::Select(Box::new(Select {
        from: factors(source, other, 0),
        ..Select::default()
    })));
    Some(Change {
        name: Some(name),
        reads,
    })
}

fn starts_tables(source: &Source<'_>, at: usize) -> bool {
    source.is_one_of(at, &["FROM", "USING", "JOIN"])
}

fn ends_tables(source: &Source<'_>, at: usize) -> bool {
    source.is_one_of(
        at,
        &["SET", "WHERE", "WHEN", "RETURNING", "OUTPUT", "OPTION"],
    )
}
