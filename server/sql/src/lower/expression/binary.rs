//! Operators between two operands.

use super::literal::is_value;
use super::{Names, expression, joined, not, text_of};
use crate::dialect::Dialect;
use crate::relation::{Expression, Literal, Operator};
use sqlparser::ast::{BinaryOperator, Expr};

/// A chain of operators. It may have thousands of links on its left side, so it is not gone down by
/// recursion.
pub(super) fn chain(names: &mut dyn Names, expr: &Expr) -> Expression {
    let mut links = Vec::new();
    let mut first = expr;
    while let Expr::BinaryOp { left, op, right } = first {
        links.push((op, &**right));
        first = left;
    }
    let mut value = expression(names, first);
    for (operator, right) in links.into_iter().rev() {
        let right = expression(names, right);
        value = combined(names.dialect(), operator, value, right);
    }
    value
}

/// The operator of ours that compares like `operator`.
pub(super) fn comparison(operator: &BinaryOperator) -> Option<Operator> {
    match operator {
        BinaryOperator::Eq => Some(Operator::Equal),
        BinaryOperator::NotEq => Some(Operator::NotEqual),
        BinaryOperator::Lt => Some(Operator::Less),
        BinaryOperator::LtEq => Some(Operator::LessOrEqual),
        BinaryOperator::Gt => Some(Operator::Greater),
        BinaryOperator::GtEq => Some(Operator::GreaterOrEqual),
        BinaryOperator::PGLikeMatch => Some(Operator::Like),
        BinaryOperator::PGILikeMatch => Some(Operator::LikeIgnoringCase),
        _ => None,
    }
}

fn combined(
    dialect: Dialect,
    operator: &BinaryOperator,
    left: Expression,
    right: Expression,
) -> Expression {
    if let Some(comparison) = comparison(operator) {
        return Expression::operation(comparison, [left, right]);
    }
    let function = match operator {
        BinaryOperator::And => return joined(Operator::And, left, right),
        BinaryOperator::Or => return joined(Operator::Or, left, right),
        BinaryOperator::Plus => return Expression::operation(Operator::Add, [left, right]),
        BinaryOperator::Minus => return Expression::operation(Operator::Subtract, [left, right]),
        BinaryOperator::Multiply => {
            return Expression::operation(Operator::Multiply, [left, right]);
        }
        BinaryOperator::Divide => return Expression::operation(Operator::Divide, [left, right]),
        BinaryOperator::Modulo => return Expression::operation(Operator::Modulo, [left, right]),
        BinaryOperator::StringConcat => return concatenated(dialect, left, right),
        BinaryOperator::Spaceship => match dialect {
            // There it is a distance between vectors.
            Dialect::Postgres | Dialect::DuckDb => "<=>",
            _ => return Expression::operation(Operator::Same, [left, right]),
        },
        BinaryOperator::PGNotLikeMatch => {
            return not(Expression::operation(Operator::Like, [left, right]));
        }
        BinaryOperator::PGNotILikeMatch => {
            return not(Expression::operation(
                Operator::LikeIgnoringCase,
                [left, right],
            ));
        }
        BinaryOperator::PGRegexNotMatch => {
            return not(Expression::call("regexp_like", [left, right]));
        }
        BinaryOperator::PGRegexNotIMatch => {
            return not(Expression::call("regexp_like_ignoring_case", [left, right]));
        }
        BinaryOperator::Arrow => return reached(left, right, "json_extract"),
        BinaryOperator::LongArrow => return reached_as_text(left, right),
        BinaryOperator::Xor => "xor",
        BinaryOperator::BitwiseOr => "bitor",
        BinaryOperator::BitwiseAnd => "bitand",
        BinaryOperator::BitwiseXor => match dialect {
            Dialect::DuckDb | Dialect::Redshift | Dialect::Postgres => "power",
            Dialect::Generic | Dialect::Ansi => "^",
            _ => "bitxor",
        },
        BinaryOperator::PGBitwiseXor => "bitxor",
        BinaryOperator::PGExp => "power",
        BinaryOperator::DuckIntegerDivide | BinaryOperator::MyIntegerDivide => "integer_divide",
        BinaryOperator::Regexp | BinaryOperator::PGRegexMatch => "regexp_like",
        BinaryOperator::PGRegexIMatch => "regexp_like_ignoring_case",
        BinaryOperator::PGBitwiseShiftLeft => "bitshiftleft",
        BinaryOperator::PGBitwiseShiftRight => "bitshiftright",
        BinaryOperator::PGStartsWith => "starts_with",
        BinaryOperator::Match => "match",
        BinaryOperator::Glob => "glob",
        // An operator of a type or an extension: it is called as it is written.
        other => return Expression::call(other.to_string(), [left, right]),
    };
    Expression::call(function, [left, right])
}

/// `||`: text after text, `NULL` if one of them is. Oracle takes `NULL` for an empty text, and in
/// MySQL it means what the session says.
pub(super) fn concatenated(dialect: Dialect, left: Expression, right: Expression) -> Expression {
    match dialect {
        Dialect::Oracle => Expression::call("concat_by_dialect", [left, right]),
        Dialect::MySql => Expression::call("||", [left, right]),
        _ => Expression::operation(Operator::Concatenate, [left, right]),
    }
}

/// `value -> key`: a field or an element where the key is a constant, `otherwise` with a path.
fn reached(value: Expression, key: Expression, otherwise: &str) -> Expression {
    match &key {
        Expression::Literal(Literal::Number(_)) => Expression::call("element", [value, key]),
        Expression::Literal(Literal::Text(path)) if !path.starts_with(['$', '/']) => {
            Expression::call("field", [value, key])
        }
        _ if is_value(&key) => Expression::call(otherwise, [value, key]),
        _ => Expression::call("->", [value, key]),
    }
}

/// `value ->> key`: the same as text.
fn reached_as_text(value: Expression, key: Expression) -> Expression {
    let path = text_of(&key).is_some_and(|path| path.starts_with(['$', '/']));
    let function = if path {
        "json_extract_as_text"
    } else {
        "field_as_text"
    };
    Expression::call(function, [value, key])
}
