//! Words that the parser takes for a column where nothing else fits, and no database does: half of an
//! expression, as while it is typed.

use super::{Failure, number};
use sqlparser::ast::{Expr, Ident, Visit, Visitor};
use std::ops::ControlFlow;

/// Words that are reserved in every dialect, and that an expression can't end with.
const RESERVED: &[&str] = &[
    "AND", "CASE", "ELSE", "NOT", "OR", "SELECT", "THEN", "WHEN", "WHERE",
];

/// Whether a word, written without quotes, is never the name of a column.
pub(crate) fn is_reserved(word: &str) -> bool {
    let mut reserved = RESERVED.iter();
    reserved.any(|reserved| word.eq_ignore_ascii_case(reserved))
}

/// `parsed`, unless such a word is a column in it.
pub(super) fn without_reserved<T: Visit>(parsed: T) -> Result<T, Failure> {
    match parsed.visit(&mut Reserved) {
        ControlFlow::Continue(()) => Ok(parsed),
        ControlFlow::Break(failure) => Err(failure),
    }
}

struct Reserved;

impl Visitor for Reserved {
    type Break = Failure;

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<Failure> {
        let is_name = |name: &&Ident| name.quote_style.is_none() && is_reserved(&name.value);
        let name = match expression {
            Expr::Identifier(name) => Some(name).filter(is_name),
            _ => None,
        };
        match name {
            Some(name) => ControlFlow::Break(Failure {
                token: number(name.span.start),
                message: format!("Expected: an expression, found: {}", name.value),
            }),
            None => ControlFlow::Continue(()),
        }
    }
}
