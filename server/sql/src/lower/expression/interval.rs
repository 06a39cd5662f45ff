//! Spans of time: `INTERVAL '1' DAY`.

use super::unit::{field, unit_of_word};
use super::{Names, expression, literal};
use crate::relation::{Expression, Literal, Operator};
use smol_str::SmolStr;
use sqlparser::ast::{Expr, Interval, UnaryOperator, Value};

/// A constant in one spelling, `INTERVAL '1' DAY`; else a call of `interval` with the amount and the
/// unit.
pub(super) fn interval(names: &mut dyn Names, interval: &Interval) -> Expression {
    let written = constant(&interval.value);
    let last = interval.last_field.as_ref().map(field);
    match (&interval.leading_field, written) {
        (Some(leading), Some(written)) => {
            let unit = field(leading).to_ascii_uppercase();
            let amount = written.trim().trim_start_matches('+');
            let to = last.map(|last| format!(" TO {}", last.to_ascii_uppercase()));
            let to = to.unwrap_or_default();
            literal::other(format!("INTERVAL '{amount}' {unit}{to}"))
        }
        (None, Some(written)) => match single(names, &written) {
            Some((amount, unit)) => {
                let unit = unit.to_ascii_uppercase();
                literal::other(format!("INTERVAL '{amount}' {unit}"))
            }
            None => {
                let words: Vec<&str> = written.split_whitespace().collect();
                let words = words.join(" ").to_ascii_uppercase();
                literal::other(format!("INTERVAL '{words}'"))
            }
        },
        (leading, None) => {
            let mut arguments = vec![expression(names, &interval.value)];
            let leading = leading.as_ref().map(field);
            arguments.extend(leading.into_iter().chain(last).map(Expression::text));
            Expression::call("interval", arguments)
        }
    }
}

/// A span that has one unit.
pub(super) struct Span<'i> {
    amount: Amount<'i>,
    /// The unit.
    pub(super) unit: SmolStr,
}

enum Amount<'i> {
    Written(SmolStr),
    Computed(&'i Expr),
}

/// The span in one unit; `None` where it has several, or none that is known. Nothing is lowered yet.
pub(super) fn span<'i>(names: &dyn Names, interval: &'i Interval) -> Option<Span<'i>> {
    if interval.last_field.is_some() {
        return None;
    }
    let (amount, unit) = match (&interval.leading_field, constant(&interval.value)) {
        (Some(unit), Some(written)) => (Amount::Written(written.into()), field(unit)),
        (Some(unit), None) => (Amount::Computed(&interval.value), field(unit)),
        (None, Some(written)) => {
            let (amount, unit) = single(names, &written)?;
            (Amount::Written(amount), unit)
        }
        (None, None) => return None,
    };
    Some(Span { amount, unit })
}

impl Span<'_> {
    /// How many of the unit it is.
    pub(super) fn amount(&self, names: &mut dyn Names) -> Expression {
        match &self.amount {
            Amount::Written(written) => number(written),
            Amount::Computed(amount) => expression(names, amount),
        }
    }
}

/// A number that may stand in quotes and have a sign.
fn number(written: &str) -> Expression {
    let trimmed = written.trim().trim_start_matches('+');
    let (negative, digits) = match trimmed.strip_prefix('-') {
        Some(digits) => (true, digits.trim_start()),
        None => (false, trimmed),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Expression::text(written);
    }
    let value = Expression::Literal(Literal::Number(digits.into()));
    if negative {
        return Expression::operation(Operator::Negate, [value]);
    }
    value
}

/// The amount and the unit in `1 day`.
fn single(names: &dyn Names, written: &str) -> Option<(SmolStr, SmolStr)> {
    let written = written.trim();
    let end = written.find(|c: char| !(c.is_ascii_digit() || matches!(c, '-' | '+' | '.')))?;
    let (amount, word) = written.split_at_checked(end)?;
    let word = word.trim();
    let is_number = amount.parse::<f64>().is_ok();
    let unit = unit_of_word(names.dialect(), word)?;
    is_number.then(|| (amount.trim_start_matches('+').into(), unit.into()))
}

/// The text of a constant amount.
fn constant(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(written, _)
            | Value::SingleQuotedString(written)
            | Value::DoubleQuotedString(written) => Some(written.clone()),
            _ => None,
        },
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => match &**expr {
            Expr::Value(value) => match &value.value {
                Value::Number(written, _) => Some(format!("-{written}")),
                _ => None,
            },
            _ => None,
        },
        Expr::Nested(inner) => constant(inner),
        _ => None,
    }
}
