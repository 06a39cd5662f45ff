//! What can be told of a value from its expression alone.

use sql::functions::{FunctionKind, function};
use sql::relation::{DataType, Expression, Literal, Operator};

/// Functions whose values differ from call to call.
const VOLATILE: &[&str] = &[
    "gen_random_uuid",
    "generate_uuid",
    "generateuuidv4",
    "newid",
    "nextval",
    "rand",
    "randn",
    "random",
    "randstr",
    "seq1",
    "seq2",
    "seq4",
    "seq8",
    "uniform",
    "uuid",
    "uuid_generate_v4",
    "uuid_string",
];

/// Functions that give several rows where they stand in a projection, besides those of `FROM`.
const MULTIPLYING: &[&str] = &["arrayjoin", "inline", "regexp_matches", "stack"];

/// Whether the value may differ each time it is computed.
pub(in crate::canonical) fn is_volatile(expression: &Expression) -> bool {
    calls(expression, &|name| VOLATILE.contains(&name))
}

/// Whether it may give several rows where it stands in a projection.
pub(in crate::canonical) fn multiplies_rows(expression: &Expression) -> bool {
    calls(expression, &|name| {
        let known = function(name);
        MULTIPLYING.contains(&name)
            || name.contains("explode")
            || known.is_some_and(|known| known.kind == FunctionKind::Table)
    })
}

fn calls(expression: &Expression, is_one: &dyn Fn(&str) -> bool) -> bool {
    let mut found = false;
    expression.for_each(&mut |part| {
        if let Expression::Call(call) = part {
            found |= is_one(&call.function);
        }
    });
    found
}

/// Whether it mentions nothing that could differ from row to row.
pub(in crate::canonical) fn is_constant(expression: &Expression) -> bool {
    let mut constant = true;
    expression.for_each(&mut |part| match part {
        Expression::Literal(_)
        | Expression::Operation(_)
        | Expression::Case(_)
        | Expression::Cast(_) => {}
        Expression::Call(_) => constant &= !is_volatile(part) && !multiplies_rows(part),
        Expression::Column { .. }
        | Expression::Output { .. }
        | Expression::Aggregate(_)
        | Expression::Window(_)
        | Expression::Subquery(_)
        | Expression::Unknown(_) => constant = false,
    });
    constant
}

/// Whether it is a constant that is not `NULL`.
pub(in crate::canonical) fn is_non_null_literal(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(literal) => *literal != Literal::Null,
        Expression::Operation(operation) => {
            operation.operator == Operator::Negate
                && operation.operands.iter().all(is_non_null_literal)
        }
        _ => false,
    }
}

/// Whether it is a literal, negated or cast or not, `NULL` included.
pub(super) fn is_literal(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(_) => true,
        Expression::Cast(cast) => matches!(*cast.value, Expression::Literal(_)),
        _ => is_non_null_literal(expression),
    }
}

/// Whether it certainly is never `NULL`.
pub(super) fn is_never_null(expression: &Expression) -> bool {
    match expression {
        Expression::Operation(operation) => match operation.operator {
            Operator::IsNull | Operator::IsTrue | Operator::IsFalse | Operator::Same => true,
            Operator::And | Operator::Or | Operator::Not => {
                operation.operands.iter().all(is_never_null)
            }
            _ => is_non_null_literal(expression),
        },
        Expression::Call(call) => {
            call.function == "coalesce" && call.arguments.iter().any(is_never_null)
        }
        Expression::Aggregate(aggregate) => {
            matches!(
                aggregate.function.as_str(),
                "count" | "approx_count_distinct"
            )
        }
        Expression::Window(window) => {
            matches!(
                window.function.function.as_str(),
                "count" | "row_number" | "rank" | "dense_rank" | "ntile"
            )
        }
        Expression::Case(case) => {
            is_never_null(&case.otherwise)
                && case.branches.iter().all(|(_, value)| is_never_null(value))
        }
        _ => is_non_null_literal(expression),
    }
}

/// Whether it certainly is true, false or `NULL`.
pub(super) fn is_boolean(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(literal) => matches!(literal, Literal::Boolean(_)),
        Expression::Operation(operation) => !matches!(
            operation.operator,
            Operator::Add
                | Operator::Subtract
                | Operator::Multiply
                | Operator::Divide
                | Operator::Modulo
                | Operator::Negate
                | Operator::Concatenate
        ),
        Expression::Cast(cast) => cast.to == DataType::Boolean,
        Expression::Case(case) => {
            let values = case.branches.iter().map(|(_, value)| value);
            let mut values = values
                .chain(std::iter::once(&*case.otherwise))
                .filter(|value| **value != Expression::NULL)
                .peekable();
            values.peek().is_some() && values.all(is_boolean)
        }
        Expression::Call(call) => {
            call.function == "coalesce" && call.arguments.iter().all(is_boolean)
        }
        Expression::Subquery(subquery) => matches!(
            subquery.kind,
            sql::relation::SubqueryKind::Exists
                | sql::relation::SubqueryKind::In(_)
                | sql::relation::SubqueryKind::Any(..)
                | sql::relation::SubqueryKind::All(..)
        ),
        _ => false,
    }
}

/// Whether `+` on it can't put texts together: a number, a date or a span of time for certain.
pub(super) fn is_no_text(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(literal) => matches!(literal, Literal::Number(_)),
        Expression::Operation(operation) => match operation.operator {
            Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Modulo
            | Operator::Negate => true,
            Operator::Add => operation.operands.iter().any(is_no_text),
            _ => false,
        },
        Expression::Cast(cast) => is_no_text_type(&cast.to),
        Expression::Aggregate(aggregate) => gives_number(&aggregate.function),
        Expression::Window(window) => gives_number(&window.function.function),
        Expression::Call(call) => {
            matches!(
                call.function.as_str(),
                "abs" | "length" | "round" | "floor" | "ceil"
            ) || (matches!(call.function.as_str(), "coalesce" | "greatest" | "least")
                && call.arguments.iter().any(is_no_text))
        }
        Expression::Case(case) => {
            is_no_text(&case.otherwise) || case.branches.iter().any(|(_, value)| is_no_text(value))
        }
        _ => false,
    }
}

fn is_no_text_type(to: &DataType) -> bool {
    matches!(
        to,
        DataType::Integer(_)
            | DataType::Decimal(..)
            | DataType::Float(_)
            | DataType::Date
            | DataType::Time
            | DataType::Timestamp(_)
            | DataType::Interval
    )
}

fn gives_number(aggregate: &str) -> bool {
    matches!(
        aggregate,
        "count" | "sum" | "avg" | "row_number" | "rank" | "dense_rank" | "stddev" | "variance"
    )
}

/// Whether it certainly is a whole number.
pub(in crate::canonical) fn is_whole(expression: &Expression) -> bool {
    match expression {
        Expression::Literal(Literal::Number(number)) => !number.contains(['.', 'e', 'E']),
        Expression::Cast(cast) => matches!(cast.to, DataType::Integer(_)),
        Expression::Aggregate(aggregate) => aggregate.function == "count",
        Expression::Window(window) => matches!(
            window.function.function.as_str(),
            "count" | "row_number" | "rank" | "dense_rank" | "ntile"
        ),
        Expression::Call(call) if call.function == "coalesce" => {
            call.arguments.iter().all(is_whole)
        }
        Expression::Operation(operation) => {
            matches!(
                operation.operator,
                Operator::Add | Operator::Subtract | Operator::Multiply | Operator::Negate
            ) && operation.operands.iter().all(is_whole)
        }
        _ => false,
    }
}
