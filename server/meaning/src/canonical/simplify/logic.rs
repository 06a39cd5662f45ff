//! `AND`, `OR`, `NOT`, and tests for `NULL`, `TRUE` and `FALSE`.

use super::kind::{is_boolean, is_literal, is_never_null, is_non_null_literal};
use super::{FALSE, TRUE};
use super::{bounds, comparison};
use sql::relation::{Expression, Literal, Operation, Operator};

/// Beyond so many parts they are not compared with each other.
const MANY: usize = 200;

/// The conditions that must all be true for a condition in its one form to be; none for `TRUE`.
pub(in crate::canonical) fn conjuncts(condition: Expression) -> Vec<Expression> {
    match condition {
        Expression::Operation(Operation {
            operator: Operator::And,
            operands,
        }) => operands,
        TRUE => Vec::new(),
        other => vec![other],
    }
}

/// The condition that all of these are true, in its one form; `None` where there are none.
pub(in crate::canonical) fn conjunction(conjuncts: Vec<Expression>) -> Option<Expression> {
    let condition = super::condition(Expression::operation(Operator::And, conjuncts));
    (condition != TRUE).then_some(condition)
}

/// The condition that all of these are true, which are the conjuncts of one in its one form.
pub(in crate::canonical) fn rejoined(mut conjuncts: Vec<Expression>) -> Option<Expression> {
    match conjuncts.len() {
        0 | 1 => conjuncts.pop(),
        _ => Some(Expression::operation(Operator::And, conjuncts)),
    }
}

/// All of these.
pub(super) fn and(operands: Vec<Expression>, truth: bool) -> Expression {
    let parts = flat(Operator::And, operands);
    if parts.contains(&FALSE) {
        return FALSE;
    }
    let mut parts: Vec<Expression> = parts.into_iter().filter(|part| *part != TRUE).collect();
    tidy(&mut parts);
    let parts = bounds::all(comparison::exclude(parts), truth);
    let mut parts = absorb(parts, Operator::Or);
    if truth && parts.len() <= MANY {
        parts = without_opposites(parts);
        parts = without_tests(parts);
    }
    if parts.contains(&FALSE) {
        return FALSE;
    }
    if truth && parts.len() <= MANY && parts.iter().any(|part| has_opposite(&parts, part)) {
        return FALSE;
    }
    one_or(Operator::And, parts, TRUE)
}

/// Any of these.
pub(super) fn or(operands: Vec<Expression>, truth: bool) -> Expression {
    let parts = flat(Operator::Or, operands);
    if parts.contains(&TRUE) {
        return TRUE;
    }
    let parts = parts
        .into_iter()
        .filter(|part| *part != FALSE && !(truth && *part == Expression::NULL));
    let mut parts: Vec<Expression> = parts.collect();
    tidy(&mut parts);
    let parts = bounds::any(comparison::include(parts, truth));
    let parts = absorb(parts, Operator::And);
    one_or(Operator::Or, parts, FALSE)
}

/// `NOT`, as far inside as it goes.
pub(super) fn not_all(mut operands: Vec<Expression>, truth: bool) -> Expression {
    let Some(operand) = operands.pop() else {
        return Expression::NULL;
    };
    let negated = not(operand);
    // Where only truth counts, there may be more to say about what stands inside now.
    match &negated {
        Expression::Operation(operation) if truth && operation.operator != Operator::Not => {
            super::condition(negated)
        }
        Expression::Literal(Literal::Null) if truth => FALSE,
        _ => negated,
    }
}

/// The opposite of a condition in its one form.
pub(super) fn not(condition: Expression) -> Expression {
    match condition {
        Expression::Literal(Literal::Boolean(value)) => {
            Expression::Literal(Literal::Boolean(!value))
        }
        Expression::Literal(Literal::Null) => Expression::NULL,
        Expression::Operation(mut operation) => {
            let operands = &mut operation.operands;
            match operation.operator {
                Operator::Not if operands.len() == 1 => {
                    let inner = operands.pop().unwrap_or(Expression::NULL);
                    if is_boolean(&inner) {
                        return inner;
                    }
                    // Where it is a number, `NOT NOT 5` is not 5.
                    let once = Expression::operation(Operator::Not, [inner]);
                    Expression::operation(Operator::Not, [once])
                }
                Operator::And => or(operation.operands.into_iter().map(not).collect(), false),
                Operator::Or => and(operation.operands.into_iter().map(not).collect(), false),
                Operator::Equal | Operator::NotEqual | Operator::Less | Operator::LessOrEqual => {
                    comparison::opposite(operation)
                }
                _ => Expression::operation(Operator::Not, [Expression::Operation(operation)]),
            }
        }
        other => Expression::operation(Operator::Not, [other]),
    }
}

/// `IS NULL`
pub(super) fn is_null(mut operands: Vec<Expression>) -> Expression {
    match operands.pop() {
        None | Some(Expression::NULL) => TRUE,
        Some(operand) if is_never_null(&operand) => FALSE,
        Some(operand) => Expression::operation(Operator::IsNull, [operand]),
    }
}

/// `IS TRUE`
pub(super) fn is_true(mut operands: Vec<Expression>, truth: bool) -> Expression {
    match operands.pop() {
        Some(operand) if truth => operand,
        Some(operand) if is_boolean(&operand) && is_never_null(&operand) => operand,
        Some(Expression::NULL) => FALSE,
        Some(operand) => Expression::operation(Operator::IsTrue, [operand]),
        None => FALSE,
    }
}

/// `IS FALSE`
pub(super) fn is_false(mut operands: Vec<Expression>, truth: bool) -> Expression {
    match operands.pop() {
        None | Some(Expression::NULL) => FALSE,
        Some(operand) => is_true(vec![not(operand)], truth),
    }
}

fn flat(operator: Operator, operands: Vec<Expression>) -> Vec<Expression> {
    let mut parts = Vec::new();
    for operand in operands {
        match operand {
            Expression::Operation(inner) if inner.operator == operator => {
                parts.extend(inner.operands);
            }
            other => parts.push(other),
        }
    }
    parts
}

fn tidy(parts: &mut Vec<Expression>) {
    parts.sort();
    parts.dedup();
}

/// Drops what says no more than another part: `a AND (a OR b)` is `a`.
fn absorb(parts: Vec<Expression>, inner: Operator) -> Vec<Expression> {
    if parts.len() > MANY {
        return parts;
    }
    let sets: Vec<&[Expression]> = parts.iter().map(|part| parts_of(part, inner)).collect();
    // What is larger than another part is no equal of it.
    let kept = sets.iter().map(|set| {
        !sets
            .iter()
            .any(|other| other.len() < set.len() && other.iter().all(|one| set.contains(one)))
    });
    let kept: Vec<bool> = kept.collect();
    only(parts, kept)
}

/// The parts that are to be kept.
fn only(parts: Vec<Expression>, kept: Vec<bool>) -> Vec<Expression> {
    let kept = parts.into_iter().zip(kept).filter(|(_, kept)| *kept);
    kept.map(|(part, _)| part).collect()
}

/// The operands of an operation of that operator, or the expression alone.
fn parts_of(part: &Expression, operator: Operator) -> &[Expression] {
    match part {
        Expression::Operation(operation) if operation.operator == operator => &operation.operands,
        _ => std::slice::from_ref(part),
    }
}

/// Of alternatives, drops what another part excludes: `a AND (NOT a OR b)` is `a AND b`, where only
/// truth counts; and `(a OR b) AND (a OR NOT b)` is `a`, for no value makes both `b` and its opposite
/// true.
fn without_opposites(mut parts: Vec<Expression>) -> Vec<Expression> {
    for place in 0..parts.len() {
        let Some(part) = parts.get(place) else { break };
        let alternatives = parts_of(part, Operator::Or);
        if alternatives.len() < 2 {
            continue;
        }
        let kept: Vec<&Expression> = alternatives
            .iter()
            .filter(|alternative| {
                let opposite = opposite(alternative);
                !parts.iter().enumerate().any(|(of, other)| {
                    of != place
                        && parts_of(other, Operator::Or).iter().all(|one| {
                            *one == opposite || (alternatives.contains(one) && one != *alternative)
                        })
                        && parts_of(other, Operator::Or).contains(&opposite)
                })
            })
            .collect();
        if kept.len() < alternatives.len() {
            let kept = kept.into_iter().cloned().collect();
            let shorter = one_or(Operator::Or, kept, FALSE);
            if let Some(part) = parts.get_mut(place) {
                *part = shorter;
            }
        }
    }
    tidy(&mut parts);
    absorb(parts, Operator::Or)
}

/// What is not true where a condition is true.
fn opposite(condition: &Expression) -> Expression {
    match condition {
        Expression::Operation(operation) if operation.operator == Operator::Not => {
            operation.operands.first().cloned().unwrap_or(TRUE)
        }
        _ => not(condition.clone()),
    }
}

/// Whether the opposite of a part is another one. Where it is only written `NOT part`, that one tells.
fn has_opposite(parts: &[Expression], part: &Expression) -> bool {
    match part {
        Expression::Operation(operation) => match operation.operator {
            Operator::Not => match operation.operands.first() {
                Some(operand) => parts.contains(operand),
                None => parts.contains(&TRUE),
            },
            Operator::And
            | Operator::Or
            | Operator::Equal
            | Operator::NotEqual
            | Operator::Less
            | Operator::LessOrEqual => parts.contains(&not(part.clone())),
            _ => false,
        },
        Expression::Literal(_) => parts.contains(&opposite(part)),
        _ => false,
    }
}

/// Drops `x IS NOT NULL` beside a comparison of `x`, which is not true of `NULL`.
fn without_tests(parts: Vec<Expression>) -> Vec<Expression> {
    let compared = |value: &Expression| {
        parts.iter().any(|part| match part {
            Expression::Operation(operation) => match operation.operator {
                Operator::Equal
                | Operator::NotEqual
                | Operator::Less
                | Operator::LessOrEqual
                | Operator::Like
                | Operator::LikeIgnoringCase => operation.operands.contains(value),
                Operator::In => operation.operands.first() == Some(value),
                _ => false,
            },
            _ => false,
        })
    };
    let kept = parts.iter().map(|part| match part {
        Expression::Operation(operation) if operation.operator == Operator::Not => {
            match operation.operands.as_slice() {
                [Expression::Operation(inner)] if inner.operator == Operator::IsNull => {
                    !inner.operands.iter().all(compared)
                }
                _ => true,
            }
        }
        _ => true,
    });
    let kept = kept.collect();
    only(parts, kept)
}

fn one_or(operator: Operator, mut parts: Vec<Expression>, none: Expression) -> Expression {
    tidy(&mut parts);
    match parts.len() {
        0 => none,
        1 => parts.pop().unwrap_or(none),
        _ => Expression::operation(operator, parts),
    }
}

/// Whether a value is a constant to compare with.
pub(super) fn is_listed(expression: &Expression) -> bool {
    is_literal(expression) || is_non_null_literal(expression)
}
