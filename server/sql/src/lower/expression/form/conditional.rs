//! Functions that choose between values, as `CASE`.

use super::Form;
use crate::lower::expression::literal::is_value;
use crate::lower::expression::{case, is_null, is_small, joined, not};
use crate::relation::{Expression, Operator};

/// The `CASE` of a form; `None` where the form is none, or would write a large operand twice and so
/// stays a call.
pub(super) fn form(form: Form, name: &str, values: &[Expression]) -> Option<Expression> {
    let zero = || Expression::number("0");
    let is_zero =
        |value: &Expression| Expression::operation(Operator::Equal, [value.clone(), zero()]);
    let quotient = |a: &Expression, b: &Expression| {
        Expression::operation(Operator::Divide, [a.clone(), b.clone()])
    };
    let twice = |values: &[&Expression]| values.iter().all(|value| is_small(value));
    let chosen = match (form, values) {
        (Form::If, [condition, value]) => {
            case([(condition.clone(), value.clone())], Expression::NULL)
        }
        (Form::If, [condition, value, other]) => {
            case([(condition.clone(), value.clone())], other.clone())
        }
        (Form::MultiIf, values) => pairs(values)?,
        (Form::IfNotNull, [tested, value, other]) => {
            let is_there = not(is_null(tested.clone()));
            case([(is_there, value.clone())], other.clone())
        }
        (Form::Decode, [tested, rest @ ..]) => decode(tested, rest)?,
        (Form::NullIf, [value, other]) if twice(&[value]) => {
            let equal = Expression::operation(Operator::Equal, [value.clone(), other.clone()]);
            case([(equal, Expression::NULL)], value.clone())
        }
        (Form::NullIfZero, [value]) if twice(&[value]) => {
            case([(is_zero(value), Expression::NULL)], value.clone())
        }
        (Form::ZeroIfNull, [value]) => Expression::call("coalesce", [value.clone(), zero()]),
        (Form::IfNull, values) => Expression::call("coalesce", values.to_vec()),
        (Form::DivideOrNull, [a, b]) if twice(&[b]) => {
            case([(is_zero(b), Expression::NULL)], quotient(a, b))
        }
        // Nothing divided by zero is nothing, not zero.
        (Form::DivideOrZero, [a, b]) if twice(&[a, b]) => case(
            [(is_null(a.clone()), Expression::NULL), (is_zero(b), zero())],
            quotient(a, b),
        ),
        (Form::DivideOrZeroAlsoByNull, [a, b]) if twice(&[a, b]) => case(
            [
                (is_null(a.clone()), Expression::NULL),
                (joined(Operator::Or, is_zero(b), is_null(b.clone())), zero()),
            ],
            quotient(a, b),
        ),
        (
            Form::NullIf
            | Form::NullIfZero
            | Form::DivideOrNull
            | Form::DivideOrZero
            | Form::DivideOrZeroAlsoByNull,
            values,
        ) => Expression::call(name, values.to_vec()),
        _ => return None,
    };
    Some(chosen)
}

/// Conditions and values in turn, then the value otherwise.
fn pairs(values: &[Expression]) -> Option<Expression> {
    let (otherwise, pairs) = values.split_last()?;
    let branches: Vec<(Expression, Expression)> = pairs
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [condition, value] => Some((condition.clone(), value.clone())),
            _ => None,
        })
        .collect();
    (branches.len() * 2 == pairs.len() && !branches.is_empty())
        .then(|| case(branches, otherwise.clone()))
}

/// `DECODE`, which finds `NULL` equal to `NULL`.
fn decode(tested: &Expression, rest: &[Expression]) -> Option<Expression> {
    if !is_small(tested) {
        return None;
    }
    let (pairs, otherwise) = match rest.split_last() {
        Some((otherwise, pairs)) if rest.len() % 2 == 1 => (pairs, otherwise.clone()),
        _ => (rest, Expression::NULL),
    };
    let branches: Vec<(Expression, Expression)> = pairs
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [value, result] => {
                let tested = tested.clone();
                let found = if *value == Expression::NULL {
                    is_null(tested)
                } else if is_value(value) {
                    Expression::operation(Operator::Equal, [tested, value.clone()])
                } else {
                    Expression::operation(Operator::Same, [tested, value.clone()])
                };
                Some((found, result.clone()))
            }
            _ => None,
        })
        .collect();
    (!branches.is_empty()).then(|| case(branches, otherwise))
}
