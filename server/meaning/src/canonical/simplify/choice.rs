//! `CASE`, `COALESCE` and their like.

use super::kind::{is_boolean, is_never_null};
use super::logic;
use super::{FALSE, TRUE};
use sql::relation::{Call, Case, Expression, Literal, Operation, Operator};

/// `CASE`: branches that are never taken and distinctions that make no difference are gone.
pub(super) fn case(case: Case, truth: bool) -> Expression {
    let truth = truth && is_boolean(&Expression::Case(case.clone()));
    let mut branches: Vec<(Expression, Expression)> = Vec::new();
    let mut rest = case;
    let otherwise = 'all: loop {
        for (condition, value) in rest.branches {
            let condition = super::condition(condition);
            let value = super::simplify(value, truth);
            if condition == FALSE || branches.iter().any(|(earlier, _)| *earlier == condition) {
                continue;
            }
            if condition == TRUE {
                break 'all value;
            }
            match branches.last_mut() {
                Some((earlier, same)) if *same == value => {
                    let either = [earlier.clone(), condition];
                    *earlier = super::condition(Expression::operation(Operator::Or, either));
                }
                _ => branches.push((condition, value)),
            }
        }
        match super::simplify(*rest.otherwise, truth) {
            Expression::Case(inner) => rest = inner,
            other => break other,
        }
    };
    while branches
        .last()
        .is_some_and(|(_, value)| *value == otherwise)
    {
        branches.pop();
    }
    shortest(branches, otherwise, truth)
}

/// A function whose arguments are in their one form.
pub(super) fn call(mut call: Call, truth: bool) -> Expression {
    match call.function.as_str() {
        "coalesce" => coalesce(call.arguments, truth),
        "greatest" | "least" => {
            call.arguments.sort();
            call.arguments.dedup();
            Expression::Call(call)
        }
        "concat" | "concat_by_dialect" => {
            let parts = std::mem::take(&mut call.arguments);
            call.arguments = super::arithmetic::joined(parts);
            match call.arguments.as_slice() {
                [text @ Expression::Literal(Literal::Text(_))] => text.clone(),
                _ => Expression::Call(call),
            }
        }
        "nullif" => match call.arguments.as_slice() {
            [value, other] if *value == Expression::NULL || *other == Expression::NULL => {
                value.clone()
            }
            _ => Expression::Call(call),
        },
        _ => Expression::Call(call),
    }
}

/// The first argument that is not `NULL`.
fn coalesce(arguments: Vec<Expression>, truth: bool) -> Expression {
    let mut parts: Vec<Expression> = Vec::new();
    for argument in arguments {
        let inner = match argument {
            Expression::Call(inner) if inner.function == "coalesce" => inner.arguments,
            other => vec![other],
        };
        for part in inner {
            let last = is_never_null(&part);
            if part != Expression::NULL && !parts.contains(&part) {
                parts.push(part);
            }
            if last {
                return chosen(parts, truth);
            }
        }
    }
    chosen(parts, truth)
}

fn chosen(mut parts: Vec<Expression>, truth: bool) -> Expression {
    if let [value, FALSE] = parts.as_slice()
        && is_boolean(value)
    {
        return logic::is_true(vec![value.clone()], truth);
    }
    if truth && parts.last() == Some(&FALSE) {
        parts.pop();
    }
    match parts.len() {
        0 if truth => FALSE,
        0 => Expression::NULL,
        1 => parts.pop().unwrap_or(Expression::NULL),
        _ => Expression::call("coalesce", parts),
    }
}

fn shortest(
    branches: Vec<(Expression, Expression)>,
    otherwise: Expression,
    truth: bool,
) -> Expression {
    if branches.is_empty() {
        return otherwise;
    }
    if let [(condition, value)] = branches.as_slice()
        && let Some(short) = short(condition, value, &otherwise, truth)
    {
        return short;
    }
    Expression::Case(Case {
        branches,
        otherwise: Box::new(otherwise),
    })
}

/// What a `CASE` of one branch is a longer way to write.
fn short(
    condition: &Expression,
    value: &Expression,
    otherwise: &Expression,
    truth: bool,
) -> Option<Expression> {
    if *value == TRUE && *otherwise == FALSE {
        return Some(logic::is_true(vec![condition.clone()], truth));
    }
    if *value == FALSE && *otherwise == TRUE {
        let is_true = logic::is_true(vec![condition.clone()], false);
        return Some(logic::not(is_true));
    }
    let Expression::Operation(Operation { operator, operands }) = condition else {
        return None;
    };
    match (operator, operands.as_slice()) {
        // CASE WHEN x IS NULL THEN y ELSE x END
        (Operator::IsNull, [tested]) if tested == otherwise => {
            let arguments = vec![otherwise.clone(), value.clone()];
            Some(coalesce(arguments, truth))
        }
        // CASE WHEN x IS NOT NULL THEN x ELSE y END
        (Operator::Not, [Expression::Operation(inner)]) if inner.operator == Operator::IsNull => {
            (inner.operands.as_slice() == std::slice::from_ref(value))
                .then(|| coalesce(vec![value.clone(), otherwise.clone()], truth))
        }
        // CASE WHEN x = y THEN NULL ELSE x END
        (Operator::Equal, [left, right]) if *value == Expression::NULL => {
            let other = if left == otherwise {
                right
            } else if right == otherwise {
                left
            } else {
                return None;
            };
            Some(Expression::call(
                "nullif",
                [otherwise.clone(), other.clone()],
            ))
        }
        // CASE WHEN x <> y THEN x END
        (Operator::NotEqual, [left, right]) if *otherwise == Expression::NULL => {
            // Where y is NULL this is NULL, and NULLIF(x, y) is x.
            let other = if left == value { right } else { left };
            (left == value || right == value)
                .then_some(other)
                .filter(|other| is_never_null(other))
                .map(|other| Expression::call("nullif", [value.clone(), other.clone()]))
        }
        _ => None,
    }
}
