//! Expressions: the columns they mention and the queries inside them.

use super::Resolver;
use super::scope::Scope;
use crate::dialect::Dialect;
use crate::parse::{Fragment, is_reserved, number};
use sqlparser::ast::{Expr, OneOrManyWithParens, Query as ParsedQuery, Visit, Visitor};
use sqlparser::tokenizer::Token;
use std::ops::{ControlFlow, Range};
use syntax::Name;

/// How the names in an expression are to be understood, and in what form it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One expression.
    One,
    /// Several with commas between them.
    List,
    /// Sort keys: names of the projection come first.
    Keys,
}

/// Functions that take the name of a unit of time, which is no column.
const TIME_FUNCTIONS: &[&str] = &[
    "DATEADD",
    "DATEDIFF",
    "DATENAME",
    "DATEPART",
    "DATETIME_ADD",
    "DATETIME_DIFF",
    "DATETIME_SUB",
    "DATETIME_TRUNC",
    "DATE_ADD",
    "DATE_DIFF",
    "DATE_PART",
    "DATE_SUB",
    "DATE_TRUNC",
    "LAST_DAY",
    "NEXT_DAY",
    "TIMEADD",
    "TIMEDIFF",
    "TIMESTAMPADD",
    "TIMESTAMPDIFF",
    "TIMESTAMP_ADD",
    "TIMESTAMP_DIFF",
    "TIMESTAMP_SUB",
    "TIMESTAMP_TRUNC",
    "TIME_DIFF",
    "TIME_SLICE",
    "TIME_TRUNC",
    "TRUNC",
];

/// Units of time.
const TIME_UNITS: &[&str] = &[
    "DAY",
    "DAYOFWEEK",
    "DAYOFYEAR",
    "DAYS",
    "DD",
    "DOW",
    "DOY",
    "DW",
    "EPOCH",
    "HH",
    "HOUR",
    "HOURS",
    "ISOWEEK",
    "ISOYEAR",
    "MI",
    "MICROSECOND",
    "MILLISECOND",
    "MINUTE",
    "MINUTES",
    "MM",
    "MONTH",
    "MONTHS",
    "NANOSECOND",
    "QQ",
    "QUARTER",
    "QUARTERS",
    "SECOND",
    "SECONDS",
    "SS",
    "WEEK",
    "WEEKS",
    "WK",
    "WW",
    "YEAR",
    "YEARS",
    "YY",
    "YYYY",
];

/// Words that stand for values and never for columns, unless they are quoted.
const VALUES: &[&str] = &[
    "CURRENT_CATALOG",
    "CURRENT_DATABASE",
    "CURRENT_DATE",
    "CURRENT_DATETIME",
    "CURRENT_ROLE",
    "CURRENT_SCHEMA",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "DEFAULT",
    "FALSE",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "NULL",
    "SESSION_USER",
    "TRUE",
];

/// The same in Oracle (SQL Language Reference 23, pseudocolumns).
const VALUES_OF_ORACLE: &[&str] = &["LEVEL", "ROWNUM", "SYSDATE", "SYSTIMESTAMP"];

impl Resolver<'_> {
    /// Reads `tokens` as an expression; gives whether it parses.
    pub(super) fn expression(
        &mut self,
        tokens: Range<usize>,
        scope: &Scope<'_>,
        form: Form,
    ) -> bool {
        if tokens.is_empty() {
            return true;
        }
        if let Some(parts) = self.dotted_name(&tokens) {
            self.mention(&parts, scope, form);
            return true;
        }
        let fragment = self.fragment(tokens, scope);
        let mut mentions = Mentions::default();
        let parses = match form {
            Form::One => fragment
                .expression()
                .map(|parsed| visit(&parsed, &mut mentions)),
            Form::List => fragment
                .expressions()
                .map(|parsed| visit(&parsed, &mut mentions)),
            Form::Keys => fragment
                .sort_keys()
                .map(|parsed| visit(&parsed, &mut mentions)),
        };
        self.mentions(mentions, scope, form);
        parses.is_ok()
    }

    /// What the parser is to read for `tokens`: the queries in them are read here on their own, and
    /// a stand-in takes their place.
    pub(super) fn fragment(&mut self, tokens: Range<usize>, scope: &Scope<'_>) -> Fragment {
        let mut fragment = Fragment::new(self.dialect);
        let mut at = tokens.start;
        while at < tokens.end {
            if let Some(lexeme) = self.source.get(at) {
                fragment.push(lexeme, at);
            }
            let is_query = self.source.is(at, &Token::LParen)
                && self.source.groups.opens(at)
                // `((SELECT 1) * 2)` is no query: the inner parenthesis has its own turn.
                && !self.source.is(at + 1, &Token::LParen)
                && self.source.starts_query(at + 1);
            at += 1;
            if is_query {
                let inside = self.source.inside(at - 1);
                let end = inside.end.min(tokens.end);
                self.nested_query(inside.start..end, scope);
                fragment.push_query(at);
                at = end;
            }
        }
        fragment
    }

    /// The tokens of a name with dots between its parts, if that is all `tokens` are.
    pub(super) fn dotted_name(&self, tokens: &Range<usize>) -> Option<Vec<usize>> {
        let parts: Vec<usize> = tokens.clone().step_by(2).collect();
        let dots = (tokens.start + 1..tokens.end).step_by(2);
        let odd = tokens.len() % 2 == 1;
        let words = parts.iter().all(|at| {
            self.source.is_word_like(*at)
                && matches!(
                    self.source.get(*at).map(|lexeme| &lexeme.token),
                    Some(Token::Word(_))
                )
        });
        let reserved = parts.len() == 1 && self.is_no_name(tokens.start);
        let joined = dots
            .into_iter()
            .all(|at| self.source.is(at, &Token::Period));
        (odd && words && joined && !reserved).then_some(parts)
    }

    /// Whether the word at `at` is a value such as `NULL` or `CURRENT_DATE`, or begins one, as `CASE`.
    fn is_no_name(&self, at: usize) -> bool {
        let Some(word) = self.source.get(at).and_then(|lexeme| lexeme.keyword()) else {
            return false;
        };
        let is_in = |words: &[&str]| words.iter().any(|own| own.eq_ignore_ascii_case(word));
        is_in(VALUES)
            || is_reserved(word)
            || (self.dialect == Dialect::Oracle && is_in(VALUES_OF_ORACLE))
    }

    /// Reads what was mentioned in a parsed expression.
    pub(super) fn mentions(&mut self, mentions: Mentions, scope: &Scope<'_>, form: Form) {
        for parts in mentions.found {
            let one = parts.as_slice();
            let skipped = match one {
                [at] => {
                    let name = self.source.name(*at).unwrap_or_default();
                    mentions.parameters.iter().any(|own| own.as_str() == name)
                        || self.is_time_unit(*at)
                        || self.is_no_name(*at)
                }
                _ => false,
            };
            if !skipped {
                self.mention(&parts, scope, form);
            }
        }
    }

    /// Whether the word at `at` is the unit in `DATE_TRUNC(month, x)`.
    fn is_time_unit(&self, at: usize) -> bool {
        let Some(word) = self.source.get(at).and_then(|lexeme| lexeme.keyword()) else {
            return false;
        };
        if !TIME_UNITS
            .iter()
            .any(|unit| unit.eq_ignore_ascii_case(word))
        {
            return false;
        }
        // The function's parenthesis stands a few tokens before; farther away than this it is an
        // argument of something else.
        let mut depth = 0;
        for before in (at.saturating_sub(200)..at).rev() {
            if self.source.is(before, &Token::RParen) {
                depth += 1;
            } else if self.source.is(before, &Token::LParen) {
                if depth == 0 {
                    return before > 0 && self.source.is_one_of(before - 1, TIME_FUNCTIONS);
                }
                depth -= 1;
            }
        }
        false
    }
}

/// The columns mentioned in a parsed expression.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// For each, the tokens of its parts.
    pub(super) found: Vec<Vec<usize>>,
    /// Parameters of lambdas, which are no columns.
    parameters: Vec<Name>,
    /// How many queries are open around the place looked at.
    queries: usize,
}

impl Visitor for Mentions {
    type Break = ();

    fn pre_visit_query(&mut self, _: &ParsedQuery) -> ControlFlow<()> {
        self.queries += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &ParsedQuery) -> ControlFlow<()> {
        self.queries -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        if self.queries > 0 {
            return ControlFlow::Continue(());
        }
        match expression {
            Expr::Identifier(name) => self
                .found
                .extend(number(name.span.start).map(|at| vec![at])),
            Expr::CompoundIdentifier(names) => {
                let parts = names.iter().map(|name| number(name.span.start));
                self.found.extend(parts.collect::<Option<Vec<usize>>>());
            }
            Expr::Lambda(lambda) => match &lambda.params {
                OneOrManyWithParens::One(one) => {
                    self.parameters.push(Name::new(&one.name.value));
                }
                OneOrManyWithParens::Many(many) => {
                    let names = many.iter().map(|one| Name::new(&one.name.value));
                    self.parameters.extend(names);
                }
            },
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Adds what `parsed` mentions.
pub(super) fn visit<T: Visit>(parsed: &T, mentions: &mut Mentions) {
    // The visitor never breaks off.
    let _: ControlFlow<()> = parsed.visit(mentions);
}
