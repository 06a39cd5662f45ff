//! Comparisons, and `IN`.

use super::kind::{is_boolean, is_never_null, is_non_null_literal};
use super::logic::{self, is_listed};
use super::number::exact;
use super::{FALSE, TRUE};
use super::{bounds, calendar};
use sql::relation::{Expression, Literal, Operation, Operator};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A comparison of operands in their one form: `>` is turned, `=` has its sides in order.
pub(super) fn compare(operator: Operator, operands: Vec<Expression>, truth: bool) -> Expression {
    let Ok([left, right]) = <[Expression; 2]>::try_from(operands) else {
        return Expression::NULL;
    };
    let (left, right) = (shortest(left), shortest(right));
    let (operator, mut left, mut right) = match operator {
        Operator::Greater => (Operator::Less, right, left),
        Operator::GreaterOrEqual => (Operator::LessOrEqual, right, left),
        _ => (operator, left, right),
    };
    let sided = matches!(operator, Operator::Less | Operator::LessOrEqual);
    if !sided && right < left {
        std::mem::swap(&mut left, &mut right);
    }
    if operator == Operator::Same {
        return same(left, right, truth);
    }
    let null = if truth { FALSE } else { Expression::NULL };
    if left == Expression::NULL || right == Expression::NULL {
        return null;
    }
    if let Some(ordering) = bounds::compare(&left, &right) {
        return literal(holds(operator, ordering));
    }
    let rewritten = bounds::of_coalesce(operator, &left, &right)
        .or_else(|| bounds::of_sum(operator, &left, &right))
        .or_else(|| calendar::of_start(operator, &left, &right));
    if let Some(outcome) = rewritten {
        return if truth {
            super::condition(outcome)
        } else {
            super::value(outcome)
        };
    }
    if left == right && !super::is_volatile(&left) {
        let equal = holds(operator, Ordering::Equal);
        if is_never_null(&left) {
            return literal(equal);
        }
        if truth && equal {
            return logic::not(logic::is_null(vec![left]));
        }
        if truth {
            return FALSE;
        }
    }
    if let Some(outcome) = with_boolean(operator, &left, &right, truth) {
        return if truth {
            super::condition(outcome)
        } else {
            outcome
        };
    }
    Expression::operation(operator, [left, right])
}

/// `IN` over a list: in order, without repetitions.
pub(super) fn among(mut operands: Vec<Expression>, truth: bool) -> Expression {
    if operands.is_empty() {
        return FALSE;
    }
    let value = shortest(operands.remove(0));
    let mut list: Vec<Expression> = operands.into_iter().map(shortest).collect();
    list.sort();
    list.dedup();
    if truth {
        list.retain(|item| *item != Expression::NULL);
    }
    match list.len() {
        0 => FALSE,
        1 => {
            let item = list.pop().unwrap_or(Expression::NULL);
            compare(Operator::Equal, vec![value, item], truth)
        }
        _ => {
            list.insert(0, value);
            Expression::operation(Operator::In, list)
        }
    }
}

/// The opposite of a comparison in its one form.
pub(super) fn opposite(operation: Operation) -> Expression {
    let Operation { operator, operands } = operation;
    let (operator, turned) = match operator {
        Operator::Equal => (Operator::NotEqual, false),
        Operator::NotEqual => (Operator::Equal, false),
        Operator::Less => (Operator::LessOrEqual, true),
        Operator::LessOrEqual => (Operator::Less, true),
        other => {
            let inner = Expression::operation(other, operands);
            return Expression::operation(Operator::Not, [inner]);
        }
    };
    match <[Expression; 2]>::try_from(operands) {
        Ok([left, right]) if turned => Expression::operation(operator, [right, left]),
        Ok(operands) => Expression::operation(operator, operands),
        Err(operands) => Expression::operation(operator, operands),
    }
}

/// Of parts of which any must be true: `x = 1 OR x IN (2, 3)` is one `IN`.
pub(super) fn include(parts: Vec<Expression>, truth: bool) -> Vec<Expression> {
    gather(parts, Operator::Equal, |value, list| {
        let mut operands = vec![value];
        operands.extend(list);
        among(operands, truth)
    })
}

/// Of parts that must all be true: `x <> 1 AND NOT x IN (2, 3)` is one `NOT IN`.
pub(super) fn exclude(parts: Vec<Expression>) -> Vec<Expression> {
    gather(parts, Operator::NotEqual, |value, list| {
        let mut operands = vec![value];
        operands.extend(list);
        logic::not(among(operands, false))
    })
}

/// Puts comparisons of one value with constants together where there are several.
fn gather(
    parts: Vec<Expression>,
    operator: Operator,
    together: impl Fn(Expression, Vec<Expression>) -> Expression,
) -> Vec<Expression> {
    let mut lists: BTreeMap<&Expression, Vec<&[Expression]>> = BTreeMap::new();
    for part in &parts {
        if let Some((value, list)) = compared(part, operator) {
            lists.entry(value).or_default().push(list);
        }
    }
    if lists.values().all(|lists| lists.len() < 2) {
        return parts;
    }
    let rest = parts.iter();
    let rest = rest.filter(|part| compared(part, operator).is_none());
    let mut rest: Vec<Expression> = rest.cloned().collect();
    rest.extend(
        lists
            .into_iter()
            .map(|(value, lists)| together(value.clone(), lists.concat())),
    );
    rest.sort();
    rest.dedup();
    rest
}

/// The value that a part compares with constants, and these.
fn compared(part: &Expression, operator: Operator) -> Option<(&Expression, &[Expression])> {
    let operation = match part {
        Expression::Operation(operation) if operation.operator == Operator::Not => {
            match operation.operands.as_slice() {
                [Expression::Operation(inner)] if operator == Operator::NotEqual => {
                    (inner.operator == Operator::In).then_some(inner)?
                }
                _ => return None,
            }
        }
        Expression::Operation(operation) if operation.operator == Operator::In => {
            (operator == Operator::Equal).then_some(operation)?
        }
        Expression::Operation(operation) if operation.operator == operator => {
            return match operation.operands.as_slice() {
                [value, item] if is_listed(item) && !is_listed(value) => {
                    Some((value, std::slice::from_ref(item)))
                }
                [item, value] if is_listed(item) && !is_listed(value) => {
                    Some((value, std::slice::from_ref(item)))
                }
                _ => None,
            };
        }
        _ => return None,
    };
    let (value, list) = operation.operands.split_first()?;
    list.iter().all(is_listed).then_some((value, list))
}

fn same(left: Expression, right: Expression, truth: bool) -> Expression {
    if left == right && !super::is_volatile(&left) {
        return TRUE;
    }
    if left == Expression::NULL {
        return logic::is_null(vec![right]);
    }
    if right == Expression::NULL {
        return logic::is_null(vec![left]);
    }
    if truth && (is_non_null_literal(&left) || is_non_null_literal(&right)) {
        return compare(Operator::Equal, vec![left, right], truth);
    }
    Expression::operation(Operator::Same, [left, right])
}

/// `x = TRUE` and its like, where `x` is true, false or `NULL` for certain, or is taken for it.
fn with_boolean(
    operator: Operator,
    left: &Expression,
    right: &Expression,
    truth: bool,
) -> Option<Expression> {
    let (value, constant) = match (left, right) {
        (Expression::Literal(Literal::Boolean(constant)), value)
        | (value, Expression::Literal(Literal::Boolean(constant))) => (value, *constant),
        _ => return None,
    };
    let is_column = matches!(value, Expression::Column { .. } | Expression::Output { .. });
    let is_condition = is_boolean(value) || (truth && is_column);
    if !is_condition {
        return None;
    }
    match (operator, constant) {
        (Operator::Equal, true) | (Operator::NotEqual, false) => Some(value.clone()),
        (Operator::Equal, false) | (Operator::NotEqual, true) => Some(logic::not(value.clone())),
        _ => None,
    }
}

/// A number without a fraction that says nothing, and the day that a literal day and a span of time
/// give: comparing needs no more, whether that is a day or its midnight.
fn shortest(expression: Expression) -> Expression {
    if let Expression::Operation(Operation { operator, operands }) = &expression
        && matches!(operator, Operator::Add | Operator::Subtract)
        && let Some(day) = calendar::moved(*operator, operands)
    {
        return day;
    }
    if let Some((day, to)) = calendar::day(&expression) {
        return calendar::literal(day, to);
    }
    match exact(&expression) {
        Some(number) => number.shortest().expression(),
        None => expression,
    }
}

fn holds(operator: Operator, ordering: Ordering) -> bool {
    match operator {
        Operator::Equal => ordering == Ordering::Equal,
        Operator::NotEqual => ordering != Ordering::Equal,
        Operator::Less => ordering == Ordering::Less,
        _ => ordering != Ordering::Greater,
    }
}

fn literal(value: bool) -> Expression {
    Expression::Literal(Literal::Boolean(value))
}
