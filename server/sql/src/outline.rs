//! What encloses what in the text of one file: statements, queries, their clauses, and what stands in
//! these. For whoever shows the structure of a text or asks what a place in it is a part of.
//!
//! It is read off the skeleton, so a half-typed part costs itself and nothing else.

mod tables;
mod walk;

use crate::analysis::{Options, visible};
use crate::facts::TableRef;
use crate::prepare::Prepared;
use crate::skeleton::{Source, shape};
use syntax::{TextRange, TextSize};
use walk::Walk;

/// The structure of a text.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// The statements, in the order of the text.
    pub statements: Vec<Part>,
    /// The comments of SQL and of the template, in the order of the text.
    pub comments: Vec<TextRange>,
    /// What stands in parentheses, with these, in the order in which they open.
    pub parentheses: Vec<TextRange>,
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: PartKind,
    /// All of it.
    pub range: TextRange,
    /// Where the next thing begins that is not a part of it: what is typed before that may still
    /// become a part of it.
    pub reach: TextSize,
    /// Its name in the text, where it has one.
    pub name: Option<TextRange>,
    /// Its parts, in the order of the text.
    pub parts: Vec<Part>,
}

/// What a part of a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A statement. Its name is that of the table it defines or fills.
    Statement,
    /// A common table expression.
    Cte,
    /// A query, with its common table expressions and all branches of a set operation.
    Query,
    /// One branch of it.
    Select,
    /// `SELECT` and the entries behind it.
    Projection,
    /// One entry. Its name is that of the column it gives.
    Item,
    /// `FROM` and what is read there.
    From,
    /// A table that is read. Its name is its alias, where it has one.
    Table(TableRef),
    /// A query or anything else that is read in `FROM`. Its name is its alias.
    Derived,
    /// A clause, such as `WHERE`, or what a table is joined on.
    Clause,
}

/// The structure of `text`.
pub fn outline(text: &str, options: &Options) -> Outline {
    of_prepared(text, &Prepared::of_text(text, options))
}

/// The structure of a text that is prepared already.
pub(crate) fn of_prepared(text: &str, prepared: &Prepared) -> Outline {
    let (lexemes, ranges) = visible(&prepared.lexed, &prepared.statements);
    let source = Source::new(text, &lexemes);
    let walk = Walk::new(&source, &prepared.mask);
    let statements = ranges.into_iter().map(|tokens| {
        let shape = shape(&source, tokens.clone());
        walk.statement(tokens, &shape)
    });
    let statements = statements.collect();
    let mut comments = prepared.lexed.comments.clone();
    comments.extend_from_slice(&prepared.mask.comments);
    comments.sort_by_key(|range| range.start());
    Outline {
        statements,
        comments,
        parentheses: walk.parentheses(),
    }
}

impl Outline {
    /// The parts around a place, the outermost first. A place right behind a part is in it.
    pub fn around(&self, offset: TextSize) -> Vec<&Part> {
        let mut found = Vec::new();
        let mut parts = &self.statements;
        let holds = |part: &&Part| part.range.contains_inclusive(offset);
        while let Some(part) = parts.iter().rev().find(holds) {
            found.push(part);
            parts = &part.parts;
        }
        found
    }

    /// The parts that what is typed at a place becomes a part of, the outermost first.
    pub fn reaching(&self, offset: TextSize) -> Vec<&Part> {
        let mut found = Vec::new();
        let mut parts = &self.statements;
        let holds = |part: &&Part| part.range.start() < offset && offset <= part.reach;
        while let Some(part) = parts.iter().rev().find(holds) {
            found.push(part);
            parts = &part.parts;
        }
        found
    }
}

#[cfg(test)]
mod tests;
