//! Edits of the queries in a SQL text: an entry of a projection added, taken out or given another value,
//! a condition that comes, goes or is another, a join of another kind, duplicates that are kept or not.
//!
//! They follow the layout of the text and leave every other byte alone. What they do to the meaning is
//! not looked at here: whoever makes an edit asks what comes of it. Where a template's block stands in
//! the way, or a position counts (`GROUP BY 1`, `UNION`), there is none.

mod conditions;
mod duplicates;
mod expression;
mod joins;
mod layout;
mod selects;

pub use conditions::Condition;
pub use expression::{aggregates, in_small_letters, qualified, requalified};
pub use joins::{JoinKind, JoinWords};

use crate::analysis::{Options, Projection, visible};
use crate::lexeme::Lexeme;
use crate::prepare::Prepared;
use crate::skeleton::{ClauseKind, Select, Source};
use layout::Layout;
use selects::Selects;
use sqlparser::tokenizer::Token;
use std::ops::Range;
use syntax::{TextEdit, TextRange, TextSize};

/// A SQL text whose queries are to be edited.
#[derive(Debug)]
pub struct QueryEditor<'t> {
    text: &'t str,
    lexemes: Vec<Lexeme>,
    statements: Vec<Range<usize>>,
}

impl<'t> QueryEditor<'t> {
    /// Reads `text`.
    pub fn new(text: &'t str, options: &Options) -> QueryEditor<'t> {
        let prepared = Prepared::of_text(text, options);
        let (lexemes, statements) = visible(&prepared.lexed, &prepared.statements);
        QueryEditor {
            text,
            lexemes,
            statements,
        }
    }

    /// Where `word` stands, quoted or not, in whatever case.
    pub fn words(&self, word: &str) -> Vec<TextRange> {
        let is_it = |token: &Token| match token {
            Token::Word(own) => own.value.eq_ignore_ascii_case(word),
            _ => false,
        };
        let found = self.lexemes.iter().filter(|lexeme| is_it(&lexeme.token));
        found.map(|lexeme| lexeme.range).collect()
    }

    /// Where the expression of an entry stands, without its alias.
    pub fn value(&self, entry: Projection) -> Option<TextRange> {
        self.entry(entry, |source, selects, at| {
            let (select, item) = selects.item(at)?;
            let tokens = select.items.get(item)?;
            Some(source.range(&value(source, tokens, entry)))
        })
    }

    /// Where the texts in single quotes stand in the expression of an entry, and what they are.
    pub fn texts(&self, entry: Projection) -> Vec<(TextRange, &str)> {
        let value = self.value(entry);
        let inside = |lexeme: &&Lexeme| value.is_some_and(|own| own.contains_range(lexeme.range));
        let texts = self
            .lexemes
            .iter()
            .filter(inside)
            .map(|lexeme| match &lexeme.token {
                Token::SingleQuotedString(text) => Some((lexeme.range, text.as_str())),
                _ => None,
            });
        texts.flatten().collect()
    }

    /// The type that the outermost cast of an entry gives, where it is one.
    pub fn cast_type(&self, entry: Projection) -> Option<TextRange> {
        self.entry(entry, |source, selects, at| {
            let (select, item) = selects.item(at)?;
            let value = value(source, select.items.get(item)?, entry);
            Some(source.range(&cast_type(source, &value)?))
        })
    }

    /// Gives an entry the value `value` and keeps its name.
    pub fn set_value(&self, entry: Projection, value: &str) -> Option<Vec<TextEdit>> {
        let own = self.value(entry)?;
        if self.has_block(own) {
            return None;
        }
        let name = self.slice(entry.name)?;
        // A column that is given as it is has no alias that would keep its name.
        let insert = match own.contains_range(entry.name) {
            true if name == value => return None,
            true => format!("{value} {} {name}", self.word("AS", entry.item.start())),
            false => value.to_owned(),
        };
        Some(vec![TextEdit::replace(own, insert)])
    }

    /// Gives an entry another name.
    pub fn set_name(&self, entry: Projection, name: &str) -> Option<Vec<TextEdit>> {
        let own = self.value(entry)?;
        if own.contains_range(entry.name) {
            let alias = format!(" {} {name}", self.word("AS", entry.item.start()));
            return Some(vec![TextEdit::insert(own.end(), alias)]);
        }
        Some(vec![TextEdit::replace(entry.name, name)])
    }

    /// Adds an entry behind all others of the innermost `SELECT` around `at`.
    pub fn add_column(&self, at: TextSize, item: &str) -> Option<Vec<TextEdit>> {
        self.select_at(at, |source, select, is_branch| {
            let all = source.range(&select.projection);
            if is_branch || select.everything || select.packed || self.has_block(all) {
                return None;
            }
            let layout = Layout::of(self.text);
            let last = select.items.iter().rev().find(|item| !item.is_empty())?;
            let behind = source.range(last).end();
            // Some dialects allow a comma behind the last entry.
            let comma = source.is(last.end, &Token::Comma) && last.end < select.projection.end;
            let first_of_line = |at: usize| source.get(at).is_some_and(|token| token.starts_line);
            let before = last.start.checked_sub(1);
            let leading = before.filter(|at| source.is(*at, &Token::Comma) && first_of_line(*at));
            Some(match (leading, first_of_line(last.start)) {
                (Some(comma), _) => {
                    let start = source.get(comma)?.range.start();
                    let gap = self.slice(TextRange::new(
                        start + TextSize::of(','),
                        source.range(last).start(),
                    ))?;
                    let indent = layout.indent_at(start);
                    let text = format!("{}{indent},{gap}{item}", layout.newline);
                    vec![TextEdit::insert(layout.end_of_line(behind), text)]
                }
                (None, true) => {
                    let indent = layout.indent_at(source.range(last).start());
                    let behind = match comma {
                        true => source.get(last.end)?.range.end(),
                        false => behind,
                    };
                    let text = format!("{}{indent}{item}", layout.newline);
                    let text = if comma { format!("{text},") } else { text };
                    let end = layout.end_of_line(behind);
                    let mut edits = Vec::new();
                    if !comma {
                        edits.push(TextEdit::insert(behind, ","));
                    }
                    edits.push(TextEdit::insert(end, text));
                    edits
                }
                (None, false) if comma => {
                    let behind = source.get(last.end)?.range.end();
                    vec![TextEdit::insert(behind, format!(" {item},"))]
                }
                (None, false) => vec![TextEdit::insert(behind, format!(", {item}"))],
            })
        })
    }

    /// Takes an entry out. `None` where it is the only one, or where positions count.
    pub fn remove_column(&self, entry: Projection) -> Option<Vec<TextEdit>> {
        self.entry(entry, |source, selects, at| {
            let (select, item) = selects.item(at)?;
            let all = source.range(&select.projection);
            let entries = select.items.iter().filter(|item| !item.is_empty());
            let is_bound = selects.is_branch(at) || counts_positions(source, select);
            if is_bound || entries.count() < 2 || self.has_block(all) {
                return None;
            }
            let tokens = select.items.get(item)?;
            let own = source.range(tokens);
            let is_comma = |at: &usize| source.is(*at, &Token::Comma);
            let comma = Some(tokens.end).filter(|at| *at < select.projection.end && is_comma(at));
            let comma = comma.or_else(|| tokens.start.checked_sub(1).filter(is_comma))?;
            let comma = source.get(comma)?.range;
            Some(Layout::of(self.text).without(&[own, comma]))
        })
    }

    /// Where the innermost `SELECT` around `at` begins and ends.
    pub fn select_around(&self, at: TextSize) -> Option<TextRange> {
        self.select_at(at, |source, select, _| Some(selects::range(source, select)))
    }

    fn select_at<R>(
        &self,
        at: TextSize,
        make: impl FnOnce(&Source<'_>, &Select, bool) -> Option<R>,
    ) -> Option<R> {
        let source = Source::new(self.text, &self.lexemes);
        let selects = Selects::of(&source, &self.statements);
        let found = selects.around(&source, at)?;
        make(&source, selects.select(found)?, selects.is_branch(found))
    }

    fn entry<R>(
        &self,
        entry: Projection,
        make: impl FnOnce(&Source<'_>, &Selects, selects::ItemId) -> Option<R>,
    ) -> Option<R> {
        let source = Source::new(self.text, &self.lexemes);
        let selects = Selects::of(&source, &self.statements);
        let found = selects.entry(&source, entry.item)?;
        make(&source, &selects, found)
    }

    /// Whether a block of a template stands in a range: what is in it may be there often, or not at all.
    fn has_block(&self, range: TextRange) -> bool {
        self.slice(range).is_none_or(|text| text.contains("{%"))
    }

    fn slice(&self, range: TextRange) -> Option<&'t str> {
        self.text.get(range.start().into()..range.end().into())
    }

    /// A keyword in the letter case that the text has for them: that of the last `SELECT` before `at`.
    pub fn word(&self, keyword: &str, at: TextSize) -> String {
        let before = self
            .lexemes
            .iter()
            .rev()
            .filter(|token| token.range.start() <= at);
        let mut select = before.filter(|token| token.is_word("SELECT"));
        let text = select.next().and_then(|token| self.slice(token.range));
        match text {
            Some("SELECT") => keyword.to_owned(),
            _ => keyword.to_lowercase(),
        }
    }
}

/// The tokens of an entry without those of its alias.
fn value(source: &Source<'_>, tokens: &Range<usize>, entry: Projection) -> Range<usize> {
    let Some(last) = tokens
        .end
        .checked_sub(1)
        .filter(|last| *last > tokens.start)
    else {
        return tokens.clone();
    };
    let is_name = source
        .get(last)
        .is_some_and(|token| token.range == entry.name);
    let before = last - 1;
    if !is_name || source.is(before, &Token::Period) {
        return tokens.clone();
    }
    match source.is_word(before, "AS") {
        true => tokens.start..before,
        false => tokens.start..last,
    }
}

/// The tokens of the type in `CAST(… AS type)` or `…::type`, where that is all of `value`.
fn cast_type(source: &Source<'_>, value: &Range<usize>) -> Option<Range<usize>> {
    let is_cast = source.is_one_of(value.start, &["CAST", "TRY_CAST", "SAFE_CAST"]);
    if is_cast && source.is(value.start + 1, &Token::LParen) {
        let is_all = source.after(value.start + 1) == value.end;
        let inside = source.inside(value.start + 1);
        let at = source.find(inside.clone(), |at| source.is_word(at, "AS"))?;
        return is_all.then_some(at + 1..inside.end);
    }
    let mut found = None;
    let mut at = value.start;
    while at < value.end {
        if source.is(at, &Token::DoubleColon) {
            found = Some(at + 1);
        } else if is_operator(source, at) {
            return None;
        }
        at = source.after(at).max(at + 1);
    }
    Some(found?..value.end)
}

/// Whether a token stands between two operands, so that a `::` behind it is not all of the value.
fn is_operator(source: &Source<'_>, at: usize) -> bool {
    let Some(lexeme) = source.get(at) else {
        return false;
    };
    let is_word = ["AND", "OR", "NOT", "IN", "IS", "LIKE", "BETWEEN", "CASE"];
    is_word.iter().any(|word| lexeme.is_word(word))
        || matches!(
            lexeme.token,
            Token::Plus
                | Token::Minus
                | Token::Mul
                | Token::Div
                | Token::Mod
                | Token::StringConcat
                | Token::Eq
                | Token::Neq
                | Token::Lt
                | Token::Gt
                | Token::LtEq
                | Token::GtEq
        )
}

/// Whether a clause names entries of the projection by their number.
fn counts_positions(source: &Source<'_>, select: &Select) -> bool {
    let by_column = |kind: ClauseKind| matches!(kind, ClauseKind::Group | ClauseKind::Sort);
    let mut clauses = select
        .clauses
        .iter()
        .filter(|clause| by_column(clause.kind));
    clauses.any(|clause| {
        let parts = source.split_by_commas(clause.tokens.clone());
        parts.into_iter().any(|part| {
            let first = source.get(part.start).map(|lexeme| &lexeme.token);
            matches!(first, Some(Token::Number(..)))
        })
    })
}

#[cfg(test)]
mod tests;
