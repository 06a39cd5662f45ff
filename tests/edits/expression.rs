//! Questions about single expressions, and small ones made by hand.

use super::tree::any;
use sqlparser::ast::{BinaryOperator, Expr, InTarget, Value, ValueWithSpan};
use sqlparser::tokenizer::Span;

/// The parts of a chain of one operator, parentheses round the whole not counted.
pub(crate) fn chain<'a>(expression: &'a Expr, operator: &BinaryOperator) -> Vec<&'a Expr> {
    match expression {
        Expr::BinaryOp { left, op, right } if op == operator => {
            let mut parts = chain(left, operator);
            parts.push(right);
            parts
        }
        _ => vec![expression],
    }
}

/// The chain of one operator over parts, each in parentheses if it needs them.
pub(crate) fn rechain(parts: Vec<Expr>, operator: &BinaryOperator) -> Option<Expr> {
    let binds = |part: Expr| match &part {
        Expr::BinaryOp {
            op: BinaryOperator::Or,
            ..
        } => nested(part),
        Expr::BinaryOp { op, .. } if op == operator => nested(part),
        _ => part,
    };
    parts
        .into_iter()
        .map(binds)
        .reduce(|left, right| binary(left, operator.clone(), right))
}

/// One expression under an operator with two operands, as they are.
pub(crate) fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::BinaryOp {
        left: Box::new(left),
        op,
        right: Box::new(right),
    }
}

/// An expression in parentheses.
pub(crate) fn nested(expression: Expr) -> Expr {
    match expression {
        Expr::Nested(_) => expression,
        other => Expr::Nested(Box::new(other)),
    }
}

/// An operand as it stands well on either side of any operator.
pub(crate) fn operand(expression: &Expr) -> Expr {
    match expression {
        Expr::Identifier(_)
        | Expr::CompoundIdentifier(_)
        | Expr::Value(_)
        | Expr::Function(_)
        | Expr::Nested(_)
        | Expr::Subquery(_)
        | Expr::Case { .. }
        | Expr::Cast { .. } => expression.clone(),
        other => nested(other.clone()),
    }
}

/// A whole number.
pub(crate) fn number(value: &str) -> Expr {
    literal(Value::Number(value.to_owned(), false))
}

/// A literal.
pub(crate) fn literal(value: Value) -> Expr {
    Expr::Value(ValueWithSpan {
        value,
        span: Span::empty(),
    })
}

/// Whether an expression is one column.
pub(crate) fn is_column(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Identifier(_) | Expr::CompoundIdentifier(_)
    )
}

/// Whether an expression is a literal.
pub(crate) fn is_literal(expression: &Expr) -> bool {
    matches!(expression, Expr::Value(_))
}

/// The name of a function that is called with nothing but arguments.
pub(crate) fn function_name(expression: &Expr) -> Option<String> {
    match expression {
        Expr::Function(function) => Some(function.name.to_string().to_lowercase()),
        _ => None,
    }
}

/// Whether an expression aggregates, or looks along a window, outside of nested queries.
pub(crate) fn aggregates(expression: &Expr) -> bool {
    const AGGREGATES: [&str; 18] = [
        "sum",
        "count",
        "min",
        "max",
        "avg",
        "array_agg",
        "string_agg",
        "listagg",
        "any_value",
        "count_if",
        "countif",
        "median",
        "stddev",
        "bool_or",
        "bool_and",
        "mode",
        "first",
        "last",
    ];
    any(expression, |inner| match inner {
        Expr::Function(function) => {
            let name = function.name.to_string().to_lowercase();
            function.over.is_some()
                || function.filter.is_some()
                || !function.within_group.is_empty()
                || AGGREGATES.contains(&name.as_str())
                || name.contains("agg")
                || name.starts_with("approx")
        }
        _ => false,
    })
}

/// Whether an expression may give something else each time.
pub(crate) fn is_volatile(expression: &Expr) -> bool {
    any(expression, |inner| {
        function_name(inner).is_some_and(|name| {
            ["random", "rand", "uuid", "nextval", "seq", "generate"]
                .iter()
                .any(|volatile| name.contains(volatile))
        })
    })
}

/// Whether there is a query inside an expression.
pub(crate) fn has_query(expression: &Expr) -> bool {
    any(expression, |inner| {
        matches!(inner, Expr::Subquery(_) | Expr::Exists { .. })
            || matches!(inner, Expr::In { target, .. } if !matches!(target, InTarget::List(_)))
    })
}
