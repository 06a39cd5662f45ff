//! `+`, `-`, `*`, and texts put together.

use super::kind::is_no_text;
use super::number::{Exact, exact};
use sql::relation::{Expression, Literal, Operation, Operator};

/// A sum or product in any order, where it is one for certain: `+` on two texts puts them together
/// in some dialects. Its operands are in their one form.
pub(super) fn chain(operator: Operator, operands: Vec<Expression>) -> Expression {
    if operator == Operator::Add && !operands.iter().any(is_no_text) {
        return Expression::operation(operator, operands);
    }
    let mut parts = Vec::new();
    for operand in operands {
        match operand {
            Expression::Operation(inner) if inner.operator == operator && is_chain(&inner) => {
                parts.extend(inner.operands);
            }
            other => parts.push(other),
        }
    }
    fold(operator, &mut parts);
    parts.sort();
    one_or(operator, parts)
}

/// `a - b`: of two numbers, their difference; and `a - -b` is `a + b`.
pub(super) fn subtract(operands: Vec<Expression>) -> Expression {
    let [left, right] = operands.as_slice() else {
        return Expression::operation(Operator::Subtract, operands);
    };
    if let (Some(left), Some(right)) = (exact(left), exact(right))
        && let Some(difference) = left.operate(Operator::Subtract, right)
    {
        return difference.expression();
    }
    Expression::operation(Operator::Subtract, operands)
}

/// `-x`
pub(super) fn negate(mut operands: Vec<Expression>) -> Expression {
    match operands.pop() {
        Some(Expression::Operation(Operation {
            operator: Operator::Negate,
            operands: mut inner,
        })) if inner.len() == 1 => inner.pop().unwrap_or(Expression::NULL),
        Some(Expression::Literal(Literal::Null)) => Expression::NULL,
        Some(Expression::Literal(Literal::Number(number)))
            if number.chars().all(|c| matches!(c, '0' | '.')) =>
        {
            Expression::Literal(Literal::Number(number))
        }
        Some(other) => Expression::operation(Operator::Negate, [other]),
        None => Expression::NULL,
    }
}

/// `a || b || c`, however it is nested; texts that stand beside each other are one.
pub(super) fn concatenate(operands: Vec<Expression>) -> Expression {
    let mut parts: Vec<Expression> = Vec::new();
    for operand in operands {
        match operand {
            Expression::Operation(inner) if inner.operator == Operator::Concatenate => {
                parts.extend(inner.operands);
            }
            other => parts.push(other),
        }
    }
    let parts = joined(parts);
    match parts.as_slice() {
        [Expression::Literal(Literal::Text(_))] => one_or(Operator::Concatenate, parts),
        _ => Expression::operation(Operator::Concatenate, parts),
    }
}

/// What is put together, with literal texts that stand beside each other as one.
pub(super) fn joined(parts: Vec<Expression>) -> Vec<Expression> {
    let mut joined: Vec<Expression> = Vec::new();
    for part in parts {
        if let Expression::Literal(Literal::Text(text)) = &part
            && let Some(Expression::Literal(Literal::Text(last))) = joined.last_mut()
        {
            *last = format!("{last}{text}").into();
        } else {
            joined.push(part);
        }
    }
    joined
}

/// Whether the operands may stand in any order: a sum in which texts could be put together stays as
/// it stands.
pub(in crate::canonical) fn is_chain(operation: &Operation) -> bool {
    operation.operator == Operator::Multiply || operation.operands.iter().any(is_no_text)
}

/// Replaces the numbers among `parts` by the one that they give.
fn fold(operator: Operator, parts: &mut Vec<Expression>) {
    let mut folded: Option<Exact> = None;
    let mut rest = Vec::new();
    for part in parts.drain(..) {
        match (exact(&part), folded) {
            (Some(number), Some(so_far)) => match so_far.operate(operator, number) {
                Some(next) => folded = Some(next),
                None => rest.push(part),
            },
            (Some(number), None) => folded = Some(number),
            _ => rest.push(part),
        }
    }
    if let Some(number) = folded {
        rest.push(number.expression());
    }
    *parts = rest;
}

fn one_or(operator: Operator, mut parts: Vec<Expression>) -> Expression {
    match parts.len() {
        1 => parts.pop().unwrap_or(Expression::NULL),
        _ => Expression::operation(operator, parts),
    }
}
