//! What becomes of an expression where the columns of some inputs are all `NULL`, as they are in
//! the rows that an outer join pads.

use sql::functions::{Nulls, function};
use sql::relation::{Expression, InputId, Operation, Operator};

/// Whether the value certainly is `NULL` where all columns of `inputs` are.
pub(super) fn is_null(expression: &Expression, inputs: &[InputId]) -> bool {
    match expression {
        Expression::Column { input, .. } | Expression::Output { input, .. } => {
            inputs.contains(input)
        }
        Expression::Literal(literal) => *literal == sql::relation::Literal::Null,
        Expression::Operation(operation) => operation_is_null(operation, inputs),
        Expression::Cast(cast) => is_null(&cast.value, inputs),
        Expression::Call(call) => {
            let mut arguments = call
                .arguments
                .iter()
                .map(|argument| is_null(argument, inputs));
            match call.function.as_str() {
                "coalesce" => arguments.all(|null| null),
                "nullif" | "field" => arguments.next().unwrap_or(false),
                name => {
                    let strict = function(name).is_some_and(|of| of.nulls == Nulls::IfAnyNull);
                    strict && arguments.any(|null| null)
                }
            }
        }
        Expression::Case(case) => {
            is_null(&case.otherwise, inputs)
                && case
                    .branches
                    .iter()
                    .all(|(when, then)| is_null(then, inputs) || is_not_true(when, inputs))
        }
        Expression::Aggregate(_)
        | Expression::Window(_)
        | Expression::Subquery(_)
        | Expression::Unknown(_) => false,
    }
}

/// Whether the condition certainly is not true where all columns of `inputs` are `NULL`.
pub(super) fn is_not_true(condition: &Expression, inputs: &[InputId]) -> bool {
    let Expression::Operation(Operation { operator, operands }) = condition else {
        return is_null(condition, inputs) || *condition == super::simplify::FALSE;
    };
    match operator {
        Operator::And => operands.iter().any(|part| is_not_true(part, inputs)),
        Operator::Or => operands.iter().all(|part| is_not_true(part, inputs)),
        Operator::IsTrue => operands.iter().all(|part| is_not_true(part, inputs)),
        Operator::IsFalse => operands.iter().all(|part| is_null(part, inputs)),
        Operator::Not => match operands.as_slice() {
            [Expression::Operation(inner)] if matches!(inner.operator, Operator::IsNull) => {
                inner.operands.iter().all(|part| is_null(part, inputs))
            }
            _ => is_null(condition, inputs),
        },
        _ => is_null(condition, inputs),
    }
}

fn operation_is_null(operation: &Operation, inputs: &[InputId]) -> bool {
    let mut operands = operation
        .operands
        .iter()
        .map(|operand| is_null(operand, inputs));
    match operation.operator {
        Operator::And | Operator::Or => operands.all(|null| null),
        Operator::In => operands.next().unwrap_or(false),
        // Putting a text and NULL together gives the text in some dialects.
        Operator::Concatenate => operands.all(|null| null),
        Operator::IsNull | Operator::IsTrue | Operator::IsFalse | Operator::Same => false,
        _ => operands.any(|null| null),
    }
}
