//! From the skeleton to the parts of a text.

use super::tables::table_of;
use super::{Part, PartKind};
use crate::skeleton::{
    Body, Clause, Constraint, Cte, Factor, FactorKind, Query, Select, Shape, Source, keyword_of,
    query,
};
use crate::template::Mask;
use sqlparser::tokenizer::Token;
use std::ops::Range;
use syntax::{TextRange, TextSize};

/// Queries in expressions that are nested deeper than this are not looked into.
const MOST_NESTING: usize = 30;

pub(super) struct Walk<'a> {
    source: &'a Source<'a>,
    mask: &'a Mask,
}

impl<'a> Walk<'a> {
    pub(super) fn new(source: &'a Source<'a>, mask: &'a Mask) -> Walk<'a> {
        Walk { source, mask }
    }

    pub(super) fn statement(&self, tokens: Range<usize>, shape: &Shape) -> Part {
        let mut part = self.part(PartKind::Statement, tokens.clone());
        match shape {
            Shape::Query { name, query, .. } => {
                part.name = name.as_ref().map(|name| self.source.range(name));
                part.parts.push(self.query(query, 0));
            }
            Shape::Declaration { name, .. } | Shape::Alteration { name } => {
                part.name = Some(self.source.range(name));
            }
            Shape::Other => {
                let (remains, _) = crate::skeleton::remains(self.source, tokens);
                let stray = remains.stray.iter();
                part.parts.extend(stray.map(|query| self.query(query, 0)));
            }
        }
        part
    }

    /// What stands in parentheses.
    pub(super) fn parentheses(&self) -> Vec<TextRange> {
        let opening = (0..self.source.lexemes.len())
            .filter(|at| self.source.is(*at, &Token::LParen) && self.source.groups.opens(*at));
        opening
            .map(|at| self.source.range(&(at..self.source.after(at))))
            .collect()
    }

    fn part(&self, kind: PartKind, tokens: Range<usize>) -> Part {
        let end = TextSize::of(self.source.text);
        let next = self.source.get(tokens.end);
        let range = match tokens.is_empty() {
            // It stands where it would be typed.
            true => {
                let before = tokens.start.checked_sub(1);
                let before = before.and_then(|at| self.source.get(at));
                TextRange::empty(before.map_or(TextSize::new(0), |it| it.range.end()))
            }
            false => self.source.range(&tokens),
        };
        Part {
            kind,
            range,
            reach: next.map_or(end, |next| next.range.start()).max(range.end()),
            name: None,
            parts: Vec::new(),
        }
    }

    fn query(&self, query: &Query, nesting: usize) -> Part {
        let mut part = self.part(PartKind::Query, query.tokens.clone());
        for cte in &query.with {
            part.parts.push(self.cte(cte, nesting));
        }
        for body in &query.branches {
            match body {
                Body::Select(select) => part.parts.push(self.select(select, nesting)),
                Body::Query(inner) => part.parts.push(self.query(inner, nesting)),
                Body::Values(_) | Body::Hole(_) | Body::Unknown(_) => {}
            }
        }
        for clause in &query.tail {
            part.parts
                .push(self.clause(clause, query.tokens.end, nesting));
        }
        for inner in &query.stray {
            part.parts.push(self.query(inner, nesting));
        }
        part.parts.sort_by_key(|part| part.range.start());
        part
    }

    fn cte(&self, cte: &Cte, nesting: usize) -> Part {
        let end = match &cte.query {
            // Its closing parenthesis, where there is one.
            Some(query) => {
                let close = query.tokens.end;
                close + usize::from(self.source.is(close, &Token::RParen))
            }
            None => cte.name + 1,
        };
        let mut part = self.part(PartKind::Cte, cte.name..end);
        part.name = Some(self.source.range(&(cte.name..cte.name + 1)));
        let query = cte.query.as_ref();
        part.parts
            .extend(query.map(|query| self.query(query, nesting)));
        part
    }

    fn select(&self, select: &Select, nesting: usize) -> Part {
        let clauses = select
            .clauses
            .iter()
            .map(|clause| &clause.tokens)
            .chain([&select.projection, &select.from_tokens]);
        let clauses = clauses.filter(|tokens| **tokens != (0..0));
        let start = clauses.clone().map(|tokens| tokens.start).min();
        let end = clauses.map(|tokens| tokens.end).max();
        let mut tokens = start.unwrap_or_default()..end.unwrap_or_default();
        let mut parts = Vec::new();
        if !select.everything {
            let mut projection = self.part(PartKind::Projection, select.projection.clone());
            let items = select.items.iter();
            projection
                .parts
                .extend(items.map(|item| self.item(item, nesting)));
            parts.push(projection);
        }
        if select.from_tokens != (0..0) {
            let keyword = select.from_tokens.start.saturating_sub(1);
            tokens.start = tokens.start.min(keyword);
            let mut from = self.part(PartKind::From, keyword..select.from_tokens.end);
            self.factors(&select.from, nesting, &mut from.parts);
            parts.push(from);
        }
        for clause in &select.clauses {
            parts.push(self.clause(clause, tokens.end, nesting));
        }
        parts.sort_by_key(|part| part.range.start());
        Part {
            parts,
            ..self.part(PartKind::Select, tokens)
        }
    }

    fn item(&self, tokens: &Range<usize>, nesting: usize) -> Part {
        let name = self.name_of(tokens);
        Part {
            name: name.map(|at| self.source.range(&(at..at + 1))),
            parts: self.inner(tokens, nesting),
            ..self.part(PartKind::Item, tokens.clone())
        }
    }

    /// The token that names the column which an entry of a projection gives.
    fn name_of(&self, tokens: &Range<usize>) -> Option<usize> {
        let last = tokens.end.checked_sub(1).filter(|_| !tokens.is_empty())?;
        if !self.source.is_name(last) {
            return None;
        }
        let Some(before) = last.checked_sub(1).filter(|before| *before >= tokens.start) else {
            return Some(last);
        };
        let is_path = tokens
            .clone()
            .all(|at| self.source.is_name(at) || self.source.is(at, &Token::Period));
        let is_operand = self.source.is_name(before)
            || self.source.is_word(before, "END")
            || self.source.get(before).is_some_and(|lexeme| {
                matches!(
                    lexeme.token,
                    Token::RParen
                        | Token::RBracket
                        | Token::Number(..)
                        | Token::SingleQuotedString(_)
                ) || lexeme.hole.is_some()
            });
        let ends_expression = self
            .source
            .is_one_of(last, &["END", "NULL", "TRUE", "FALSE"]);
        (is_path || is_operand && !ends_expression).then_some(last)
    }

    fn factors(&self, factors: &[Factor], nesting: usize, found: &mut Vec<Part>) {
        for factor in factors {
            self.factor(factor, nesting, found);
            for constraint in &factor.constraints {
                if let Constraint::On(tokens) = constraint {
                    let keyword = tokens.start.saturating_sub(1)..tokens.end;
                    found.push(Part {
                        parts: self.inner(tokens, nesting),
                        ..self.part(PartKind::Clause, keyword)
                    });
                }
            }
        }
    }

    fn factor(&self, factor: &Factor, nesting: usize, found: &mut Vec<Part>) {
        let (kind, tokens, parts) = match &factor.kind {
            FactorKind::Table(tokens) => {
                let table = table_of(self.source, self.mask, tokens);
                (PartKind::Table(table), tokens.clone(), Vec::new())
            }
            FactorKind::Query(query) => {
                let around = query.tokens.start.saturating_sub(1)..query.tokens.end + 1;
                let inner = self.query(query, nesting + 1);
                (PartKind::Derived, around, vec![inner])
            }
            FactorKind::Nested(inner) if factor.alias.is_none() => {
                return self.factors(inner, nesting + 1, found);
            }
            FactorKind::Nested(inner) => {
                let mut parts = Vec::new();
                self.factors(inner, nesting + 1, &mut parts);
                let start = parts.iter().map(|part| part.range.start()).min();
                let mut part = self.part(PartKind::Derived, 0..0);
                part.name = factor.alias.map(|at| self.source.range(&(at..at + 1)));
                if let (Some(start), Some(name)) = (start, part.name) {
                    part.range = TextRange::new(start, name.end().max(start));
                    part.reach = part.range.end();
                    found.push(Part { parts, ..part });
                }
                return;
            }
            FactorKind::Function { all } | FactorKind::Unknown(all) => {
                (PartKind::Derived, all.clone(), self.inner(all, nesting))
            }
        };
        let end = factor.alias.map_or(tokens.end, |alias| alias + 1);
        let end = end.max(tokens.end).min(self.source.lexemes.len());
        found.push(Part {
            name: factor.alias.map(|at| self.source.range(&(at..at + 1))),
            parts,
            ..self.part(kind, tokens.start..end)
        });
    }

    fn clause(&self, clause: &Clause, end: usize, nesting: usize) -> Part {
        let keyword = keyword_of(self.source, clause, end);
        Part {
            parts: self.inner(&clause.tokens, nesting),
            ..self.part(PartKind::Clause, keyword..clause.tokens.end)
        }
    }

    /// The queries in an expression.
    fn inner(&self, tokens: &Range<usize>, nesting: usize) -> Vec<Part> {
        let mut found = Vec::new();
        if nesting > MOST_NESTING {
            return found;
        }
        let mut at = tokens.start;
        while at < tokens.end {
            let is_query = self.source.is(at, &Token::LParen)
                && self.source.groups.opens(at)
                && self.source.starts_query(at + 1);
            if is_query {
                let inside = query(self.source, self.source.inside(at), nesting + 1);
                found.push(self.query(&inside, nesting + 1));
                at = self.source.after(at).max(at + 1);
            } else {
                at += 1;
            }
        }
        found
    }
}
