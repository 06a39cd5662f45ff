//! The words of SQL for operators, the same in every dialect.

use sql::relation::{Operator, SetOperator};

/// `=`, `AND`, `IS NULL`.
pub(super) fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::And => "AND",
        Operator::Or => "OR",
        Operator::Equal => "=",
        Operator::NotEqual => "<>",
        Operator::Less => "<",
        Operator::LessOrEqual => "<=",
        Operator::Greater => ">",
        Operator::GreaterOrEqual => ">=",
        Operator::Same => "IS NOT DISTINCT FROM",
        Operator::Add => "+",
        Operator::Subtract | Operator::Negate => "-",
        Operator::Multiply => "*",
        Operator::Divide => "/",
        Operator::Modulo => "%",
        Operator::Concatenate => "||",
        Operator::Like => "LIKE",
        Operator::LikeIgnoringCase => "ILIKE",
        Operator::Not => "NOT",
        Operator::IsNull => "IS NULL",
        Operator::IsTrue => "IS TRUE",
        Operator::IsFalse => "IS FALSE",
        Operator::In => "IN",
    }
}

/// `UNION ALL` and its like.
pub(super) fn set_operator(operator: SetOperator, all: bool) -> &'static str {
    match (operator, all) {
        (SetOperator::Union, true) => "UNION ALL",
        (SetOperator::Union, false) => "UNION",
        (SetOperator::Except, true) => "EXCEPT ALL",
        (SetOperator::Except, false) => "EXCEPT",
        (SetOperator::Intersect, true) => "INTERSECT ALL",
        (SetOperator::Intersect, false) => "INTERSECT",
    }
}
