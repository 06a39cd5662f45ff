//! The one form of expressions that mean the same, whatever stands around them.
//!
//! Every rule holds in three-valued logic and for every dialect; where only truth counts, as in a
//! filter, `NULL` and `FALSE` are the same and more rules hold.

mod aggregate;
mod arithmetic;
mod bounds;
mod calendar;
mod choice;
mod comparison;
mod kind;
mod logic;
mod number;

pub(super) use aggregate::sort_keys;
pub(super) use arithmetic::is_chain as is_sum;
pub(super) use kind::{is_constant, is_volatile, multiplies_rows};
pub(super) use logic::{conjunction, conjuncts, rejoined};

use sql::relation::{Cast, DataType, Expression, Literal, Operator};

/// `TRUE`
pub(super) const TRUE: Expression = Expression::Literal(Literal::Boolean(true));

/// `FALSE`
pub(super) const FALSE: Expression = Expression::Literal(Literal::Boolean(false));

/// An expression in its one form, where its value counts.
pub(super) fn value(expression: Expression) -> Expression {
    simplify(expression, false)
}

/// A condition in its one form, where it only counts whether it is true.
pub(super) fn condition(expression: Expression) -> Expression {
    simplify(expression, true)
}

fn simplify(expression: Expression, truth: bool) -> Expression {
    match expression {
        Expression::Operation(mut operation) => {
            let handed_on = truth && matches!(operation.operator, Operator::And | Operator::Or);
            let truth_of = operation.operator == Operator::IsTrue;
            for operand in &mut operation.operands {
                let inner = std::mem::replace(operand, Expression::NULL);
                *operand = simplify(inner, handed_on || truth_of);
            }
            operate(operation.operator, operation.operands, truth)
        }
        Expression::Case(case) => choice::case(case, truth),
        Expression::Call(mut call) => {
            each(&mut call.arguments);
            choice::call(call, truth)
        }
        Expression::Cast(cast) => self::cast(cast, truth),
        Expression::Aggregate(aggregate) => {
            Expression::Aggregate(Box::new(aggregate::aggregate(*aggregate)))
        }
        Expression::Window(window) => Expression::Window(Box::new(aggregate::window(*window))),
        Expression::Literal(Literal::Number(number)) => {
            Expression::Literal(Literal::Number(number::written(&number)))
        }
        Expression::Literal(Literal::Null) if truth => FALSE,
        mut other => {
            other.for_each_part_mut(&mut |part| {
                let inner = std::mem::replace(part, Expression::NULL);
                *part = value(inner);
            });
            other
        }
    }
}

/// An operator over operands that are in their one form.
fn operate(operator: Operator, operands: Vec<Expression>, truth: bool) -> Expression {
    match operator {
        Operator::And => logic::and(operands, truth),
        Operator::Or => logic::or(operands, truth),
        Operator::Not => logic::not_all(operands, truth),
        Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual
        | Operator::Same => comparison::compare(operator, operands, truth),
        Operator::In => comparison::among(operands, truth),
        Operator::IsNull => logic::is_null(operands),
        Operator::IsTrue => logic::is_true(operands, truth),
        Operator::IsFalse => logic::is_false(operands, truth),
        Operator::Add | Operator::Multiply => arithmetic::chain(operator, operands),
        Operator::Subtract => arithmetic::subtract(operands),
        Operator::Negate => arithmetic::negate(operands),
        Operator::Concatenate => arithmetic::concatenate(operands),
        Operator::Divide | Operator::Modulo | Operator::Like | Operator::LikeIgnoringCase => {
            Expression::operation(operator, operands)
        }
    }
}

fn each(expressions: &mut [Expression]) {
    for expression in expressions {
        let inner = std::mem::replace(expression, Expression::NULL);
        *expression = value(inner);
    }
}

fn cast(cast: Cast, truth: bool) -> Expression {
    let inner = value(*cast.value);
    let Cast { to, or_null, .. } = cast;
    match inner {
        Expression::Literal(Literal::Null) => {
            if truth {
                FALSE
            } else {
                Expression::NULL
            }
        }
        // What has been cast to the type has it.
        Expression::Cast(inner) if inner.to == to => Expression::Cast(Cast {
            or_null: inner.or_null,
            ..inner
        }),
        inner if to == DataType::Boolean && kind::is_boolean(&inner) => inner,
        inner @ Expression::Literal(Literal::Text(_)) if to == DataType::Text(None) => inner,
        inner => Expression::Cast(Cast {
            value: Box::new(inner),
            to,
            or_null,
        }),
    }
}

/// Whether a cast of a value to a type changes nothing but the type, as far as the value's expression
/// tells: a number keeps its value as another kind of number, but for what has a fraction as a whole
/// one.
pub(crate) fn keeps_value(value: &Expression, to: &DataType) -> bool {
    match to {
        DataType::Decimal(_, Some(scale)) if *scale > 0 => true,
        DataType::Float(64) => true,
        DataType::Integer(_) | DataType::Decimal(..) => kind::is_whole(value),
        _ => false,
    }
}
