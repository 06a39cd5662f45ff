//! Edits of the conditions of queries: conjuncts of `WHERE`, `HAVING`, `QUALIFY` and `ON` that come, go, or
//! are replaced.

use super::QueryEditor;
use super::layout::Layout;
use super::selects::{self, Selects};
use crate::lower::Clause;
use crate::skeleton::{ClauseKind, Select, Source};
use std::ops::Range;
use syntax::{TextEdit, TextRange, TextSize};

/// A condition in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Of which clause it is: [`Clause::Where`], [`Clause::Having`], [`Clause::Qualify`] or [`Clause::On`].
    pub clause: Clause,
    /// Where each of its conjuncts stands, in order.
    pub conjuncts: Vec<TextRange>,
    /// The tokens of all of it, and of each conjunct.
    tokens: Range<usize>,
    parts: Vec<Range<usize>>,
}

impl QueryEditor<'_> {
    /// Every condition, with those of inner queries before those of outer ones.
    pub fn conditions(&self) -> Vec<Condition> {
        let source = Source::new(self.text, &self.lexemes);
        let selects = Selects::of(&source, &self.statements);
        let of_clauses = |select: &Select| {
            let clauses = select.clauses.iter();
            let found = clauses.filter_map(|clause| {
                let kind = kind_of(&source, &clause.tokens)?;
                (clause.kind == ClauseKind::Condition).then(|| (kind, clause.tokens.clone()))
            });
            found.collect::<Vec<_>>()
        };
        let all = selects.all().flat_map(|(select, on)| {
            let on = on.iter().map(|tokens| (Clause::On, tokens.clone()));
            on.chain(of_clauses(select)).collect::<Vec<_>>()
        });
        all.filter(|(_, tokens)| !tokens.is_empty())
            .map(|(clause, tokens)| condition(&source, clause, tokens))
            .collect()
    }

    /// Takes conjuncts of a condition out, by their places in it; the clause too, if none is left.
    pub fn without_conjuncts(
        &self,
        condition: &Condition,
        gone: &[usize],
    ) -> Option<Vec<TextEdit>> {
        let source = Source::new(self.text, &self.lexemes);
        if self.has_block(source.range(&condition.tokens)) {
            return None;
        }
        let is_gone = |at: usize| gone.contains(&at);
        let is_kept_before = |at: usize| (0..at).any(|at| !is_gone(at));
        let mut ranges = Vec::new();
        for (at, part) in condition
            .parts
            .iter()
            .enumerate()
            .filter(|(at, _)| is_gone(*at))
        {
            ranges.push(source.range(part));
            let and = match is_kept_before(at) {
                true => part.start.checked_sub(1),
                false => Some(part.end).filter(|and| *and < condition.tokens.end),
            };
            ranges.extend(and.and_then(|and| source.get(and)).map(|and| and.range));
        }
        if !is_kept_before(condition.parts.len()) {
            if condition.clause == Clause::On {
                return None;
            }
            ranges.push(source.get(condition.tokens.start.checked_sub(1)?)?.range);
        }
        Some(Layout::of(self.text).without(&ranges))
    }

    /// Replaces one conjunct of a condition, by its place in it.
    pub fn set_conjunct(
        &self,
        condition: &Condition,
        at: usize,
        text: &str,
    ) -> Option<Vec<TextEdit>> {
        let range = *condition.conjuncts.get(at)?;
        if self.has_block(range) || self.has_comment(range) {
            return None;
        }
        let text = match condition.conjuncts.len() {
            1 => text.to_owned(),
            _ => conjunct(text),
        };
        Some(vec![TextEdit::replace(range, text)])
    }

    /// Adds a conjunct to a condition.
    pub fn add_conjunct(&self, condition: &Condition, text: &str) -> Option<Vec<TextEdit>> {
        let source = Source::new(self.text, &self.lexemes);
        if self.has_block(source.range(&condition.tokens)) {
            return None;
        }
        self.extended(&source, &condition.tokens, &conjunct(text))
    }

    /// Lets only rows through for which `condition` is true, in the innermost `SELECT` around `at`: before
    /// anything is grouped, or, for `HAVING` and `QUALIFY`, afterwards.
    pub fn add_condition(
        &self,
        at: TextSize,
        clause: Clause,
        condition: &str,
    ) -> Option<Vec<TextEdit>> {
        self.select_at(at, |source, select, _| {
            if select.from_tokens.is_empty() || self.has_block(selects::range(source, select)) {
                return None;
            }
            let mut clauses = select.clauses.iter();
            let existing = clauses.find(|own| kind_of(source, &own.tokens) == Some(clause));
            match existing {
                Some(existing) => self.extended(source, &existing.tokens, condition),
                None => self.new_clause(source, select, clause, condition),
            }
        })
    }

    /// A clause behind those that stand before it.
    fn new_clause(
        &self,
        source: &Source<'_>,
        select: &Select,
        clause: Clause,
        condition: &str,
    ) -> Option<Vec<TextEdit>> {
        let word = match clause {
            Clause::Where => "WHERE",
            Clause::Having => "HAVING",
            Clause::Qualify => "QUALIFY",
            _ => return None,
        };
        let layout = Layout::of(self.text);
        let start = source.get(select.from_tokens.start.checked_sub(1)?)?;
        let before = select.clauses.iter().filter(|own| {
            let kind = match own.kind {
                ClauseKind::Group => Some(Clause::GroupBy),
                _ => kind_of(source, &own.tokens),
            };
            kind.is_some_and(|kind| kind < clause)
        });
        let ends = before.map(|own| source.range(&own.tokens).end());
        let from = source.range(&select.from_tokens).end();
        let behind = ends.fold(from, TextSize::max);
        let is_own_line = start.starts_line || layout.has_comment_behind(behind);
        let (at, gap) = match is_own_line {
            true => {
                let indent = layout.indent_at(start.range.start());
                let gap = format!("{}{indent}", layout.newline);
                (layout.end_of_line(behind), gap)
            }
            false => (behind, " ".to_owned()),
        };
        let word = self.word(word, source.range(&select.projection).start());
        let text = format!("{gap}{word} {condition}");
        Some(vec![TextEdit::insert(at, text)])
    }

    /// `tokens`, a condition, with one conjunct more.
    fn extended(
        &self,
        source: &Source<'_>,
        tokens: &Range<usize>,
        condition: &str,
    ) -> Option<Vec<TextEdit>> {
        let layout = Layout::of(self.text);
        let own = source.range(tokens);
        let find = |word: &str| source.find(tokens.clone(), |at| source.is_word(at, word));
        let mut edits = Vec::new();
        let closes = match find("OR") {
            Some(_) => {
                edits.push(TextEdit::insert(own.start(), "("));
                ")"
            }
            None => "",
        };
        let word = source.get(tokens.start.checked_sub(1)?)?;
        let and = find("AND")
            .and_then(|at| source.get(at))
            .filter(|and| and.starts_line);
        let first = source.get(tokens.start)?;
        let indent = match and {
            Some(and) => Some(layout.indent_at(and.range.start()).to_owned()),
            None if first.starts_line => Some(layout.indent_at(first.range.start()).to_owned()),
            None if word.starts_line || layout.has_comment_behind(own.end()) => Some(format!(
                "{}{}",
                layout.indent_at(word.range.start()),
                layout.step()
            )),
            None => None,
        };
        let and = self.word("AND", own.start());
        let (at, text) = match indent {
            Some(indent) => {
                let end = layout.end_of_line(own.end());
                (end, format!("{}{indent}{and} {condition}", layout.newline))
            }
            None => (own.end(), format!(" {and} {condition}")),
        };
        if !closes.is_empty() {
            edits.push(TextEdit::insert(own.end(), closes));
        }
        edits.push(TextEdit::insert(at, text));
        Some(edits)
    }

    /// Whether a comment, or a tag of a template that is one, stands in a range.
    fn has_comment(&self, range: TextRange) -> bool {
        self.slice(range)
            .is_none_or(|text| ["--", "/*", "{#"].iter().any(|sign| text.contains(sign)))
    }
}

/// A condition as one of several conjuncts: in parentheses where an `OR` is in it.
fn conjunct(text: &str) -> String {
    let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    match words.any(|word| word.eq_ignore_ascii_case("or")) {
        true => format!("({text})"),
        false => text.to_owned(),
    }
}

/// The clause whose condition `tokens` are, by the keyword before them.
fn kind_of(source: &Source<'_>, tokens: &Range<usize>) -> Option<Clause> {
    let before = tokens.start.checked_sub(1)?;
    let kinds = [
        ("WHERE", Clause::Where),
        ("HAVING", Clause::Having),
        ("QUALIFY", Clause::Qualify),
    ];
    let mut kinds = kinds.into_iter();
    kinds.find_map(|(word, kind)| source.is_word(before, word).then_some(kind))
}

fn condition(source: &Source<'_>, clause: Clause, tokens: Range<usize>) -> Condition {
    let mut parts = Vec::new();
    let (mut start, mut at) = (tokens.start, tokens.start);
    let (mut cases, mut betweens) = (0usize, 0usize);
    let mut is_one = false;
    while at < tokens.end {
        match source.get(at).and_then(|lexeme| lexeme.keyword()) {
            Some(word) if word.eq_ignore_ascii_case("CASE") => cases += 1,
            Some(word) if word.eq_ignore_ascii_case("END") => cases = cases.saturating_sub(1),
            _ if cases > 0 => {}
            Some(word) if word.eq_ignore_ascii_case("BETWEEN") => betweens += 1,
            Some(word) if word.eq_ignore_ascii_case("OR") => is_one = true,
            Some(word) if word.eq_ignore_ascii_case("AND") && betweens > 0 => betweens -= 1,
            Some(word) if word.eq_ignore_ascii_case("AND") => {
                parts.push(start..at);
                start = at + 1;
            }
            _ => {}
        }
        at = source.after(at).max(at + 1);
    }
    parts.push(start..tokens.end);
    if is_one || parts.iter().any(Range::is_empty) {
        parts = vec![tokens.clone()];
    }
    Condition {
        clause,
        conjuncts: parts.iter().map(|part| source.range(part)).collect(),
        tokens,
        parts,
    }
}

#[cfg(test)]
mod tests;
