//! Functions that are told a unit of time. It comes first, as a text, whatever the dialect.

use super::Form;
use crate::dialect::Dialect;
use crate::functions::canonical;
use crate::lower::expression::interval::span;
use crate::lower::expression::unit::{extracted, unit};
use crate::lower::expression::{Names, expression, text_of, unknown};
use crate::relation::{Expression, Operator, UnknownReason};
use sqlparser::ast::Expr;

/// What such a function means; `None` where its arguments are others than it should have.
pub(super) fn form(
    names: &mut dyn Names,
    form: Form,
    name: &str,
    arguments: &[&Expr],
) -> Option<Expression> {
    match (form, arguments) {
        (Form::DatePart, [part, value]) => {
            let part = unit(names, part)?;
            let value = expression(names, value);
            Some(match text_of(&part) {
                Some(part) => extracted(part, value),
                None => unknown(UnknownReason::Template, vec![value]),
            })
        }
        (Form::DateTrunc, arguments) => truncated(names, arguments),
        (Form::TruncToUnit, [value, to @ Expr::Value(_)]) => {
            let to = unit(names, to)?;
            let value = expression(names, value);
            Some(Expression::call("date_trunc", [to, value]))
        }
        (Form::DateAdd, arguments) => added(names, arguments),
        (Form::DateSub, [value, Expr::Interval(interval)]) => {
            let span = span(names, interval)?;
            let value = expression(names, value);
            let amount = span.amount(names);
            Some(Expression::call(
                "date_add",
                [Expression::text(span.unit), negative(amount), value],
            ))
        }
        (Form::DateSub, [value, days]) if counts_days(names.dialect()) => {
            let value = expression(names, value);
            let days = negative(expression(names, days));
            Some(Expression::call("date_add_days", [value, days]))
        }
        (Form::DateSub, [first, count, value]) if names.dialect() == Dialect::ClickHouse => {
            let unit = unit(names, first)?;
            let count = negative(expression(names, count));
            let value = expression(names, value);
            Some(Expression::call("date_add", [unit, count, value]))
        }
        (Form::DateDiff(function), arguments) => difference(names, function, arguments),
        (Form::WithUnit, arguments) => {
            let values: Vec<Expression> = arguments
                .iter()
                .map(|argument| match argument {
                    Expr::Identifier(_) | Expr::Function(_) => {
                        unit(names, argument).unwrap_or_else(|| expression(names, argument))
                    }
                    other => expression(names, other),
                })
                .collect();
            Some(Expression::call(canonical(name, names.dialect()), values))
        }
        _ => None,
    }
}

/// BigQuery has the unit second, others first; a third argument is a time zone.
fn truncated(names: &mut dyn Names, arguments: &[&Expr]) -> Option<Expression> {
    let (first, second, zone) = match arguments {
        [first, second] => (first, second, None),
        [first, second, zone] => (first, second, Some(zone)),
        _ => return None,
    };
    let (to, value) = match names.dialect() {
        Dialect::BigQuery => (unit(names, second)?, first),
        _ => (unit(names, first)?, second),
    };
    let mut parts = vec![to, expression(names, value)];
    parts.extend(zone.map(|zone| expression(names, zone)));
    Some(Expression::call("date_trunc", parts))
}

fn added(names: &mut dyn Names, arguments: &[&Expr]) -> Option<Expression> {
    match arguments {
        [first, count, value] => {
            let unit = unit(names, first)?;
            let count = expression(names, count);
            let value = expression(names, value);
            Some(Expression::call("date_add", [unit, count, value]))
        }
        [value, Expr::Interval(interval)] => {
            let span = span(names, interval)?;
            let value = expression(names, value);
            let amount = span.amount(names);
            Some(Expression::call(
                "date_add",
                [Expression::text(span.unit), amount, value],
            ))
        }
        [value, days] if counts_days(names.dialect()) => {
            let value = expression(names, value);
            let days = expression(names, days);
            Some(Expression::call("date_add_days", [value, days]))
        }
        _ => None,
    }
}

/// Whether two arguments are a date and a number of days, and the outcome is a date.
fn counts_days(dialect: Dialect) -> bool {
    matches!(
        dialect,
        Dialect::Spark | Dialect::Databricks | Dialect::Hive
    )
}

/// From the first to the second, in the unit. BigQuery has it the other way round, with the unit
/// last; so has MySQL's and Spark's of two arguments, in days.
fn difference(names: &mut dyn Names, function: &str, arguments: &[&Expr]) -> Option<Expression> {
    let (function, unit, from, to) = match arguments {
        [to, from, last] if names.dialect() == Dialect::BigQuery => {
            (function, Some(unit(names, last)?), from, to)
        }
        [first, from, to] => (function, Some(unit(names, first)?), from, to),
        [to, from] if counts_days(names.dialect()) || names.dialect() == Dialect::MySql => {
            ("date_diff_days", None, from, to)
        }
        _ => return None,
    };
    let mut parts: Vec<Expression> = unit.into_iter().collect();
    parts.push(expression(names, from));
    parts.push(expression(names, to));
    Some(Expression::call(function, parts))
}

fn negative(value: Expression) -> Expression {
    match value {
        Expression::Operation(operation) if operation.operator == Operator::Negate => {
            let mut operands = operation.operands.into_iter();
            operands.next().unwrap_or(Expression::NULL)
        }
        other => Expression::operation(Operator::Negate, [other]),
    }
}
