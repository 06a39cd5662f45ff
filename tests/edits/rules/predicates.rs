//! Edits of conditions that hold in three-valued logic.

use super::super::expression::{
    binary, chain, has_query, is_column, is_literal, is_volatile, nested, operand, rechain,
};
use super::super::tree::any;
use sql::Dialect;
use sqlparser::ast::{BinaryOperator, CaseWhen, Expr, InTarget, UnaryOperator};

/// `a AND b` as `b AND a`.
pub(crate) fn conjuncts_reordered(expression: &Expr, _: Dialect) -> Option<Expr> {
    reordered(expression, &BinaryOperator::And)
}

/// `a OR b` as `b OR a`.
pub(crate) fn disjuncts_reordered(expression: &Expr, _: Dialect) -> Option<Expr> {
    reordered(expression, &BinaryOperator::Or)
}

fn reordered(expression: &Expr, operator: &BinaryOperator) -> Option<Expr> {
    let parts = chain(expression, operator);
    if parts.len() < 2 {
        return None;
    }
    rechain(parts.into_iter().rev().cloned().collect(), operator)
}

/// The operator of the comparison with its sides exchanged.
pub(crate) fn turned(operator: &BinaryOperator) -> Option<BinaryOperator> {
    Some(match operator {
        BinaryOperator::Lt => BinaryOperator::Gt,
        BinaryOperator::Gt => BinaryOperator::Lt,
        BinaryOperator::LtEq => BinaryOperator::GtEq,
        BinaryOperator::GtEq => BinaryOperator::LtEq,
        BinaryOperator::Eq => BinaryOperator::Eq,
        BinaryOperator::NotEq => BinaryOperator::NotEq,
        _ => return None,
    })
}

/// The comparison that is true where the other is false, and NULL where it is NULL.
pub(crate) fn opposite(operator: &BinaryOperator) -> Option<BinaryOperator> {
    Some(match operator {
        BinaryOperator::Lt => BinaryOperator::GtEq,
        BinaryOperator::Gt => BinaryOperator::LtEq,
        BinaryOperator::LtEq => BinaryOperator::Gt,
        BinaryOperator::GtEq => BinaryOperator::Lt,
        BinaryOperator::Eq => BinaryOperator::NotEq,
        BinaryOperator::NotEq => BinaryOperator::Eq,
        _ => return None,
    })
}

/// `a < b` as `b > a`.
pub(crate) fn comparison_turned(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::BinaryOp { left, op, right } = expression else {
        return None;
    };
    Some(binary(operand(right), turned(op)?, operand(left)))
}

/// `a BETWEEN x AND y` as `(a >= x AND a <= y)`.
pub(crate) fn between_to_comparisons(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::Between {
        expr,
        negated,
        low,
        high,
    } = expression
    else {
        return None;
    };
    if is_volatile(expr) || has_query(expr) {
        return None;
    }
    let (lower, upper, join) = match negated {
        false => (
            BinaryOperator::GtEq,
            BinaryOperator::LtEq,
            BinaryOperator::And,
        ),
        true => (BinaryOperator::Lt, BinaryOperator::Gt, BinaryOperator::Or),
    };
    let subject = operand(expr);
    let above = binary(subject.clone(), lower, operand(low));
    let below = binary(subject, upper, operand(high));
    Some(nested(binary(above, join, below)))
}

/// `a >= x AND a <= y`, standing side by side, as `a BETWEEN x AND y`.
pub(crate) fn comparisons_to_between(expression: &Expr, _: Dialect) -> Option<Expr> {
    let parts = chain(expression, &BinaryOperator::And);
    let at = parts
        .windows(2)
        .position(|pair| between(pair[0], pair[1]).is_some())?;
    let mut after: Vec<Expr> = parts[..at].iter().map(|part| (*part).clone()).collect();
    after.push(between(parts[at], parts[at + 1])?);
    after.extend(parts[at + 2..].iter().map(|part| (*part).clone()));
    rechain(after, &BinaryOperator::And)
}

fn between(above: &Expr, below: &Expr) -> Option<Expr> {
    let (
        Expr::BinaryOp {
            left,
            op,
            right: low,
        },
        Expr::BinaryOp {
            left: same,
            op: other,
            right: high,
        },
    ) = (above, below)
    else {
        return None;
    };
    let fits = *op == BinaryOperator::GtEq && *other == BinaryOperator::LtEq;
    (fits && left == same && !is_volatile(left)).then(|| Expr::Between {
        expr: Box::new(operand(left)),
        negated: false,
        low: Box::new(operand(low)),
        high: Box::new(operand(high)),
    })
}

/// `a IN (1)` as `a = 1`.
pub(crate) fn in_to_equal(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::In {
        expr,
        target: InTarget::List(list),
        negated,
        ..
    } = expression
    else {
        return None;
    };
    let [only] = list.as_slice() else { return None };
    let plain =
        !matches!(**expr, Expr::Tuple(_)) && !has_query(only) && !matches!(only, Expr::Tuple(_));
    let operator = if *negated {
        BinaryOperator::NotEq
    } else {
        BinaryOperator::Eq
    };
    plain.then(|| binary(operand(expr), operator, operand(only)))
}

/// `a = 1` as `a IN (1)`, where the one side is a literal.
pub(crate) fn equal_to_in(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::BinaryOp { left, op, right } = expression else {
        return None;
    };
    let negated = match op {
        BinaryOperator::Eq => false,
        BinaryOperator::NotEq => true,
        _ => return None,
    };
    (is_literal(right) && is_column(left)).then(|| Expr::In {
        expr: left.clone(),
        target: InTarget::List(vec![(**right).clone()]),
        negated,
        global: false,
    })
}

/// `CASE a WHEN 1 THEN …` as `CASE WHEN a = 1 THEN …`.
pub(crate) fn case_searched(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::Case {
        case_token,
        end_token,
        operand: Some(subject),
        conditions,
        else_result,
    } = expression
    else {
        return None;
    };
    if is_volatile(subject) || has_query(subject) {
        return None;
    }
    let searched = conditions.iter().map(|branch| CaseWhen {
        condition: binary(
            operand(subject),
            BinaryOperator::Eq,
            operand(&branch.condition),
        ),
        result: branch.result.clone(),
    });
    Some(Expr::Case {
        case_token: case_token.clone(),
        end_token: end_token.clone(),
        operand: None,
        conditions: searched.collect(),
        else_result: else_result.clone(),
    })
}

/// `CASE WHEN a = 1 THEN …` as `CASE a WHEN 1 THEN …`, where every branch asks so.
pub(crate) fn case_simple(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::Case {
        case_token,
        end_token,
        operand: None,
        conditions,
        else_result,
    } = expression
    else {
        return None;
    };
    let mut subject: Option<&Expr> = None;
    let mut simple = Vec::new();
    for branch in conditions {
        let Expr::BinaryOp {
            left,
            op: BinaryOperator::Eq,
            right,
        } = &branch.condition
        else {
            return None;
        };
        if !is_column(left)
            || !is_literal(right)
            || subject.is_some_and(|subject| *subject != **left)
        {
            return None;
        }
        subject = Some(left);
        simple.push(CaseWhen {
            condition: (**right).clone(),
            result: branch.result.clone(),
        });
    }
    Some(Expr::Case {
        case_token: case_token.clone(),
        end_token: end_token.clone(),
        operand: Some(Box::new(subject?.clone())),
        conditions: simple,
        else_result: else_result.clone(),
    })
}

/// `NOT (a AND b)` as `(NOT a OR NOT b)`, and what is like it.
pub(crate) fn not_pushed(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::UnaryOp {
        op: UnaryOperator::Not,
        expr,
    } = expression
    else {
        return None;
    };
    let inner = match &**expr {
        Expr::Nested(inner) => inner,
        other => other,
    };
    match inner {
        Expr::BinaryOp {
            left,
            op: BinaryOperator::And,
            right,
        } => Some(nested(binary(not(left), BinaryOperator::Or, not(right)))),
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Or,
            right,
        } => Some(nested(binary(not(left), BinaryOperator::And, not(right)))),
        Expr::UnaryOp {
            op: UnaryOperator::Not,
            expr,
        } => Some(nested((**expr).clone())),
        other => negation(other),
    }
}

fn not(expression: &Expr) -> Expr {
    let operand = match expression {
        Expr::Identifier(_) | Expr::CompoundIdentifier(_) | Expr::Nested(_) => expression.clone(),
        other => nested(other.clone()),
    };
    Expr::UnaryOp {
        op: UnaryOperator::Not,
        expr: Box::new(operand),
    }
}

/// The condition that is true where the other is false, without a NOT before it.
fn negation(expression: &Expr) -> Option<Expr> {
    let mut opposed = expression.clone();
    match &mut opposed {
        Expr::BinaryOp { op, .. } => *op = opposite(op)?,
        Expr::IsNull(inner) => return Some(Expr::IsNotNull(inner.clone())),
        Expr::IsNotNull(inner) => return Some(Expr::IsNull(inner.clone())),
        Expr::In { negated, .. }
        | Expr::Between { negated, .. }
        | Expr::Like {
            negated,
            any: false,
            ..
        }
        | Expr::ILike {
            negated,
            any: false,
            ..
        }
        | Expr::Exists { negated, .. } => *negated = !*negated,
        _ => return None,
    }
    Some(opposed)
}

/// `a <> b` as `NOT (a = b)`, and what is like it.
pub(crate) fn not_pulled(expression: &Expr, _: Dialect) -> Option<Expr> {
    match expression {
        Expr::BinaryOp {
            op: BinaryOperator::NotEq,
            ..
        }
        | Expr::IsNotNull(_) => {}
        Expr::In { negated: true, .. }
        | Expr::Between { negated: true, .. }
        | Expr::Like {
            negated: true,
            any: false,
            ..
        }
        | Expr::Exists { negated: true, .. } => {}
        Expr::BinaryOp {
            left,
            op: BinaryOperator::Or,
            right,
        } => {
            let inner = binary(not(left), BinaryOperator::And, not(right));
            // `a OR b` is `NOT (NOT a AND NOT b)`.
            return simple(expression).then(|| nested(not(&inner)));
        }
        _ => return None,
    }
    Some(nested(not(&negation(expression)?)))
}

/// Whether both sides of an OR are short, so that the negated form is what a person might write.
fn simple(expression: &Expr) -> bool {
    !any(expression, |inner| {
        matches!(inner, Expr::Case { .. } | Expr::Subquery(_))
    })
}

/// A comparison under two NOTs.
pub(crate) fn not_doubled(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::BinaryOp { op, .. } = expression else {
        return None;
    };
    turned(op)?;
    Some(nested(not(&nested(not(&nested(expression.clone()))))))
}
