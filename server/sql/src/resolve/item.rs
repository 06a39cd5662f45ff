//! The entries of a projection.

mod star;

use super::Resolver;
use super::expression::{Form, Mentions, visit};
use super::relation::Relation;
use super::scope::{Meaning, Projected, Scope};
use crate::analysis::Projection;
use crate::dialect::Dialect;
use crate::facts::{ColumnRead, Open, OpenReason, Origin, Output, OutputColumn, ReadTarget};
use crate::parse::{Fragment, number};
use crate::skeleton::Select;
use smol_str::SmolStr;
use sqlparser::ast::{Expr, SelectItem};
use sqlparser::tokenizer::Token;
use std::ops::Range;
use syntax::{Name, Spot};

/// A broken entry is looked through for missing commas at this many line ends.
const MOST_LINES: usize = 20;

/// Words that continue an expression, and so begin no entry.
const INSIDE_EXPRESSIONS: &[&str] = &[
    "AND", "BETWEEN", "ELSE", "END", "FILTER", "IN", "IS", "LIKE", "OR", "OVER", "THEN", "WHEN",
    "WITHIN",
];

/// What one entry gives.
#[derive(Default)]
struct Entry {
    outputs: Vec<Output>,
    open: Option<Open>,
}

impl Resolver<'_> {
    /// The columns of a projection.
    pub(super) fn projection(&mut self, select: &Select, scope: &mut Scope<'_>) -> Relation {
        let mut outputs = Vec::new();
        let mut open = None;
        let last = select.items.len().saturating_sub(1);
        for (position, item) in select.items.iter().enumerate() {
            if item.is_empty() {
                let trailing = position == last && position > 0;
                if !(trailing && self.dialect.parser().supports_projection_trailing_commas()) {
                    open.get_or_insert(self.open(OpenReason::Unparsed, &select.projection));
                }
                continue;
            }
            let entry = self.entry(item, scope);
            for output in &entry.outputs {
                if let Output::Column(column) = output {
                    let shadows = self.mentions_own_name(item, column);
                    scope.projected.push(Projected {
                        column: column.clone(),
                        shadows,
                    });
                }
            }
            outputs.extend(entry.outputs);
            if open.is_none() {
                open = entry.open;
            }
        }
        let relation = Relation::new(outputs, open);
        if relation.is_too_long() {
            return Relation::unknown(self.open(OpenReason::Unparsed, &select.projection));
        }
        relation
    }

    fn entry(&mut self, item: &Range<usize>, scope: &Scope<'_>) -> Entry {
        if let Some(star) = self.star_at(item) {
            return self.star(item, star, scope);
        }
        if self.is_whole_hole(item) {
            return self.unknown_entry(item, OpenReason::Template);
        }
        if let Some((expression, aliases)) = self.written_aliases(item) {
            return self.aliased(item, expression, &aliases, scope);
        }
        if let Some(parts) = self.dotted_name(item) {
            let meaning = self.mention(&parts, scope, Form::One);
            let name = parts.last().copied();
            return self.named_entry(item, name, meaning.origin, None);
        }
        self.parsed_entry(item, scope)
    }

    /// An entry without `AS`: only the parser can tell whether its last word is an alias.
    fn parsed_entry(&mut self, item: &Range<usize>, scope: &Scope<'_>) -> Entry {
        let fragment = self.fragment(item.clone(), scope);
        let Ok(parsed) = fragment.select_item() else {
            return self.salvage(item, scope);
        };
        let mut mentions = Mentions::default();
        visit(&parsed, &mut mentions);
        let alias = match &parsed {
            SelectItem::ExprWithAlias { alias, .. } => number(alias.span.start),
            _ => None,
        };
        if let Some(alias) = alias {
            let expression = item.start..alias;
            // A tag on the next line is more likely to add entries than to be an alias.
            let starts_line = self
                .source
                .get(alias)
                .is_some_and(|lexeme| lexeme.starts_line);
            if starts_line && self.has_hole(&(alias..item.end)) {
                let mut entry = self.entry(&expression, scope);
                entry.open = Some(self.open(OpenReason::Template, &(alias..item.end)));
                return entry;
            }
            // A name alone on the next line is more likely an entry that lacks its comma.
            if self
                .source
                .get(alias)
                .is_some_and(|lexeme| lexeme.starts_line)
            {
                return self.unknown_entry(item, OpenReason::Unparsed);
            }
            if let Some(parts) = self.dotted_name(&expression) {
                let meaning = self.mention(&parts, scope, Form::One);
                return self.named_entry(item, Some(alias), meaning.origin, None);
            }
            self.mentions(mentions, scope, Form::One);
            let data_type = self.cast_type(&expression);
            return self.named_entry(item, Some(alias), Origin::Computed, data_type);
        }
        self.mentions(mentions, scope, Form::One);
        match parsed {
            SelectItem::UnnamedExpr(expression) => self.unnamed(item, &expression),
            _ => self.unknown_entry(item, OpenReason::UnknownInput),
        }
    }

    /// An expression without an alias: its name is known where the manual promises one.
    fn unnamed(&mut self, item: &Range<usize>, expression: &Expr) -> Entry {
        let column = match expression {
            Expr::CompoundFieldAccess { .. } => item.end.checked_sub(1).filter(|last| {
                self.source.is_name(*last) && self.source.is(last.saturating_sub(1), &Token::Period)
            }),
            _ if self.dialect.names_expressions() => promised_name(expression),
            _ => None,
        };
        let data_type = self.cast_type(item);
        match column {
            Some(name) => self.named_entry(item, Some(name), Origin::Computed, data_type),
            None => self.unknown_entry(item, OpenReason::Unnamed),
        }
    }

    fn aliased(
        &mut self,
        item: &Range<usize>,
        expression: Range<usize>,
        aliases: &[usize],
        scope: &Scope<'_>,
    ) -> Entry {
        let mut origin = Origin::Unknown;
        let mut parses = true;
        match self.dotted_name(&self.unwrapped(&expression)) {
            Some(parts) => origin = self.mention(&parts, scope, Form::One).origin,
            None => {
                let is_read = self.is_whole_hole(&expression)
                    || self.expression(expression.clone(), scope, Form::One);
                if is_read || self.ends_computed(&expression) {
                    origin = Origin::Computed;
                }
                parses = is_read;
            }
        }
        let data_type = self.cast_type(&expression);
        let mut entry = Entry::default();
        for alias in aliases {
            let one = self.named_entry(item, Some(*alias), origin.clone(), data_type.clone());
            entry.outputs.extend(one.outputs);
            entry.open = entry.open.or(one.open);
        }
        if !parses {
            let salvaged = self.salvage(item, scope);
            if !salvaged.outputs.is_empty() {
                return salvaged;
            }
            entry.open = Some(self.open(OpenReason::Unparsed, item));
        }
        entry
    }

    /// An entry that does not parse: where the comma between two lines is missing, there are two.
    fn salvage(&mut self, item: &Range<usize>, scope: &Scope<'_>) -> Entry {
        let mut lines = Vec::new();
        let mut at = self.source.after(item.start).max(item.start + 1);
        while at < item.end && lines.len() < MOST_LINES {
            if self.source.get(at).is_some_and(|lexeme| lexeme.starts_line) {
                lines.push(at);
            }
            at = self.source.after(at).max(at + 1);
        }
        let mut entry = self.unknown_entry(item, OpenReason::Unparsed);
        for line in lines {
            let rest = line..item.end;
            if !self.is_complete(&rest) {
                continue;
            }
            let before = item.start..line;
            if self.is_complete(&before) {
                entry.outputs.extend(self.entry(&before, scope).outputs);
            }
            entry.outputs.extend(self.entry(&rest, scope).outputs);
            break;
        }
        entry
    }

    /// Whether `tokens` are an entry on their own: a dotted name, or something with `AS`.
    fn is_complete(&self, tokens: &Range<usize>) -> bool {
        let begins = !self.source.is_one_of(tokens.start, INSIDE_EXPRESSIONS);
        let expression = match self.written_aliases(tokens) {
            Some((expression, _)) => expression,
            None => tokens.clone(),
        };
        if self.dotted_name(&expression).is_some() {
            return begins;
        }
        let lexemes = self.source.lexemes.get(expression.clone());
        begins
            && expression.end < tokens.end
            && Fragment::of(lexemes.unwrap_or_default(), expression.start, self.dialect)
                .expression()
                .is_ok()
    }

    /// Whether an expression ends in what is no column, however it begins: a call, a literal, `END`.
    fn ends_computed(&self, expression: &Range<usize>) -> bool {
        let mut last = expression.start;
        while self.source.after(last).max(last + 1) < expression.end {
            last = self.source.after(last).max(last + 1);
        }
        let is_call = self.source.is(last, &Token::LParen) && last > expression.start;
        let is_literal = matches!(
            self.source.get(last).map(|lexeme| &lexeme.token),
            Some(Token::SingleQuotedString(_) | Token::Number(..))
        );
        is_call || is_literal || self.source.is_word(last, "END")
    }

    /// The expression and its aliases, where these are told by the tokens: `x AS a`,
    /// `x AS (a, b)`, `a = x`.
    fn written_aliases(&self, item: &Range<usize>) -> Option<(Range<usize>, Vec<usize>)> {
        let last = item.end.checked_sub(1)?;
        let before = last.checked_sub(1).filter(|at| *at > item.start)?;
        let is_alias = self.source.is_word_like(last)
            || matches!(
                self.source.get(last).map(|lexeme| &lexeme.token),
                Some(Token::SingleQuotedString(_))
            );
        if self.source.is_word(before, "AS") && is_alias {
            return Some((item.start..before, vec![last]));
        }
        if self.dialect == Dialect::SqlServer && self.source.is(item.start + 1, &Token::Eq) {
            return Some((item.start + 2..item.end, vec![item.start]));
        }
        let list = self.source.find(item.clone(), |at| {
            self.source.is_word(at, "AS") && self.source.is(at + 1, &Token::LParen)
        })?;
        let closes = self.source.after(list + 1) == item.end;
        let names = self.source.split_by_commas(self.source.inside(list + 1));
        let single = names.iter().all(|name| name.len() == 1);
        (closes && single && list > item.start).then(|| {
            let names = names.into_iter().map(|name| name.start).collect();
            (item.start..list, names)
        })
    }

    /// An entry that gives one column, whose name stands at `name`.
    fn named_entry(
        &mut self,
        item: &Range<usize>,
        name: Option<usize>,
        origin: Origin,
        data_type: Option<SmolStr>,
    ) -> Entry {
        let name = match name {
            Some(at) => self.named(at).or_else(|| self.quoted_name(at)),
            None => None,
        };
        let Some((name, name_spot)) = name else {
            return self.unknown_entry(item, OpenReason::Template);
        };
        let item = self.spot(item);
        self.projections.push(Projection {
            item: self.places.range(item),
            name: self.places.range(name_spot),
        });
        Entry {
            outputs: vec![Output::Column(OutputColumn {
                name,
                name_spot,
                item,
                data_type,
                origin,
            })],
            open: None,
        }
    }

    /// An alias in single quotes.
    fn quoted_name(&mut self, at: usize) -> Option<(Name, Spot)> {
        let lexeme = self.source.get(at).filter(|lexeme| lexeme.hole.is_none())?;
        match &lexeme.token {
            Token::SingleQuotedString(value) => Some((Name::new(value), self.spot(&(at..at + 1)))),
            _ => None,
        }
    }

    fn unknown_entry(&mut self, item: &Range<usize>, reason: OpenReason) -> Entry {
        Entry {
            outputs: Vec::new(),
            open: Some(self.open(reason, item)),
        }
    }

    /// Whether `tokens` are one token that a template has a part in.
    fn is_whole_hole(&self, tokens: &Range<usize>) -> bool {
        tokens.len() == 1 && self.has_hole(tokens)
    }

    fn table_of_hole(&self, at: usize) -> Option<Name> {
        use crate::facts::TableRef;
        use crate::template::Meaning;
        match &self.hole(at)?.meaning {
            Meaning::Table(TableRef::Ref { name, .. } | TableRef::Source { table: name, .. }) => {
                Some(name.clone())
            }
            _ => None,
        }
    }

    /// `tokens` without parentheses around all of them.
    fn unwrapped(&self, tokens: &Range<usize>) -> Range<usize> {
        let opens = self.source.is(tokens.start, &Token::LParen)
            && self.source.after(tokens.start) == tokens.end;
        if opens {
            self.source.inside(tokens.start)
        } else {
            tokens.clone()
        }
    }

    /// Whether the entry's own expression mentions a column of the name that it gives.
    fn mentions_own_name(&self, item: &Range<usize>, column: &OutputColumn) -> bool {
        let alias = self.places.range(column.name_spot);
        item.clone().any(|at| {
            self.source
                .name(at)
                .is_some_and(|name| Name::new(name) == column.name)
                && self
                    .source
                    .get(at)
                    .is_some_and(|lexeme| lexeme.range != alias)
        })
    }

    /// The names at the tokens `parts`; of a template's tag, that of the table it stands for. `None`
    /// where one of them is not known.
    fn names(&self, parts: &[usize]) -> Option<Vec<Name>> {
        let name = |at: &usize| {
            let written = self.source.name(*at).map(Name::new);
            written.or_else(|| self.table_of_hole(*at))
        };
        parts.iter().map(name).collect()
    }

    /// Notes a mention of a column, whose parts stand at the tokens `parts`.
    pub(super) fn mention(&mut self, parts: &[usize], scope: &Scope<'_>, form: Form) -> Meaning {
        let names = self.names(parts);
        let mut meaning = scope.meaning(names.as_deref().unwrap_or_default(), form == Form::Keys);
        self.forget_unknown(&mut meaning);
        let at = parts.get(meaning.part).copied();
        if let (Some(target), Some(at)) = (meaning.target.clone(), at) {
            let spot = self.spot(&(at..at + 1));
            let start = self.places.range(spot).start();
            self.reads.push((start, ColumnRead { target, spot }));
        }
        meaning
    }

    /// A column that can only come from something unknown leads nowhere.
    fn forget_unknown(&self, meaning: &mut Meaning) {
        let known = |source: &crate::facts::ColumnSource| {
            source.inputs.iter().any(|input| {
                self.inputs
                    .get(*input as usize)
                    .is_some_and(|input| input.unknown.is_none())
            })
        };
        if let Some(ReadTarget::Input(source)) = &meaning.target
            && !known(source)
        {
            meaning.target = None;
        }
        if let Origin::Unchanged(source) = &meaning.origin
            && !known(source)
        {
            meaning.origin = Origin::Unknown;
        }
    }
}

/// The token that PostgreSQL names an expression after: a function, or the column that is cast.
fn promised_name(expression: &Expr) -> Option<usize> {
    match expression {
        Expr::Function(function) => {
            let last = function.name.0.last()?.as_ident()?;
            number(last.span.start)
        }
        Expr::Cast { expr, .. } => match expr.as_ref() {
            Expr::Identifier(name) => number(name.span.start),
            Expr::CompoundIdentifier(names) => number(names.last()?.span.start),
            inner @ (Expr::Function(_) | Expr::Cast { .. }) => promised_name(inner),
            _ => None,
        },
        _ => None,
    }
}
