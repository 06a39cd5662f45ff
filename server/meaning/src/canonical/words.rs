//! The words of SQL for operators, and how tightly these bind, the same in every dialect.

use sql::relation::{Operator, SetOperator};

/// How tightly operators bind; more is tighter.
pub(super) const LOOSEST: u8 = 0;
pub(super) const OR: u8 = 1;
pub(super) const AND: u8 = 2;
pub(super) const NOT: u8 = 3;
pub(super) const COMPARISON: u8 = 4;
pub(super) const SUM: u8 = 5;
pub(super) const PRODUCT: u8 = 6;
pub(super) const SIGN: u8 = 7;
pub(super) const TIGHTEST: u8 = 9;

/// How tightly an operator binds.
pub(super) fn binding(operator: Operator) -> u8 {
    match operator {
        Operator::Or => OR,
        Operator::And => AND,
        Operator::Not => NOT,
        Operator::Equal
        | Operator::NotEqual
        | Operator::Less
        | Operator::LessOrEqual
        | Operator::Greater
        | Operator::GreaterOrEqual
        | Operator::Same
        | Operator::IsNull
        | Operator::IsTrue
        | Operator::IsFalse
        | Operator::In
        | Operator::Like
        | Operator::LikeIgnoringCase => COMPARISON,
        Operator::Add | Operator::Subtract | Operator::Concatenate => SUM,
        Operator::Multiply | Operator::Divide | Operator::Modulo => PRODUCT,
        Operator::Negate => SIGN,
    }
}

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
