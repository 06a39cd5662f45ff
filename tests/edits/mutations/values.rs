//! Mutations of an expression.

use super::super::expression::{binary, function_name, is_literal};
use super::super::rules::arguments;
use super::super::tree::any;
use super::Mutant;
use sql::Dialect;
use sqlparser::ast::{
    BinaryOperator, DataType, DuplicateTreatment, Expr, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, InTarget, ObjectName, ObjectNamePart, OrderBySort, Value, WindowType,
};

fn described(old: &Expr, new: Expr, certain: bool) -> Vec<Mutant<Expr>> {
    let description = format!("`{old}` becomes `{new}`");
    vec![(new, description, certain)]
}

/// Whether an expression counts, so that it never falls below a bound that no text tells.
fn counts(expression: &Expr) -> bool {
    const COUNTING: [&str; 5] = ["count", "row_number", "rank", "dense_rank", "length"];
    any(expression, |inner| {
        function_name(inner).is_some_and(|name| COUNTING.contains(&name.as_str()))
    })
}

/// `=` as `<>`, `<` as `<=`, and the reverse.
pub(crate) fn comparison(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    let Expr::BinaryOp { left, op, right } = expression else {
        return Vec::new();
    };
    let changed = match op {
        BinaryOperator::Eq => BinaryOperator::NotEq,
        BinaryOperator::NotEq => BinaryOperator::Eq,
        BinaryOperator::Lt => BinaryOperator::LtEq,
        BinaryOperator::LtEq => BinaryOperator::Lt,
        BinaryOperator::Gt => BinaryOperator::GtEq,
        BinaryOperator::GtEq => BinaryOperator::Gt,
        _ => return Vec::new(),
    };
    let equality = matches!(op, BinaryOperator::Eq | BinaryOperator::NotEq);
    let certain = equality || !counts(expression);
    described(
        expression,
        binary((**left).clone(), changed, (**right).clone()),
        certain,
    )
}

/// `+` as `-`, `*` as `+`, and the reverse.
pub(crate) fn arithmetic(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    let Expr::BinaryOp { left, op, right } = expression else {
        return Vec::new();
    };
    let changed = match op {
        BinaryOperator::Plus => BinaryOperator::Minus,
        BinaryOperator::Minus => BinaryOperator::Plus,
        BinaryOperator::Multiply => BinaryOperator::Plus,
        BinaryOperator::Divide => BinaryOperator::Multiply,
        _ => return Vec::new(),
    };
    // Whether the other operator takes these operands, the types would tell.
    let typed = !any(expression, |inner| matches!(inner, Expr::Interval(_)));
    let neutral = matches!(&**right, Expr::Value(value) if matches!(&value.value, Value::Number(digits, _) if digits == "0" || digits == "1"));
    if !typed {
        return Vec::new();
    }
    described(
        expression,
        binary((**left).clone(), changed, (**right).clone()),
        !neutral,
    )
}

/// Another literal of the same type.
fn other_literal(expression: &Expr) -> Option<Expr> {
    let Expr::Value(value) = expression else {
        return None;
    };
    let other = match &value.value {
        Value::Number(digits, long) => match digits.parse::<i64>() {
            Ok(number) => Value::Number((number + 1).to_string(), *long),
            Err(_) => Value::Number(format!("1{digits}"), *long),
        },
        // Text that stands for a date or a number must go on doing so.
        Value::SingleQuotedString(text) => match text.strip_prefix("20") {
            Some(rest) if text.len() >= 10 => Value::SingleQuotedString(format!("19{rest}")),
            _ if text.chars().any(|character| character.is_ascii_digit()) => return None,
            _ => Value::SingleQuotedString(format!("{text}x")),
        },
        Value::Boolean(truth) => Value::Boolean(!truth),
        _ => return None,
    };
    Some(super::super::expression::literal(other))
}

/// A literal that something is compared or computed with, as another one.
pub(crate) fn literal(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    match expression {
        Expr::BinaryOp { left, op, right } if *op != BinaryOperator::StringConcat => {
            // A literal beside a literal may decide nothing.
            let Some(other) = other_literal(right).filter(|_| !is_literal(left)) else {
                return Vec::new();
            };
            let changed = binary((**left).clone(), op.clone(), other);
            let certain = !matches!(op, BinaryOperator::And | BinaryOperator::Or);
            described(expression, changed, certain)
        }
        Expr::In {
            expr,
            target: InTarget::List(list),
            negated,
            global,
        } => {
            let Some(other) = list.last().and_then(other_literal) else {
                return Vec::new();
            };
            let certain = !list.contains(&other);
            let mut list = list.clone();
            list.pop();
            list.push(other);
            let changed = Expr::In {
                expr: expr.clone(),
                target: InTarget::List(list),
                negated: *negated,
                global: *global,
            };
            described(expression, changed, certain)
        }
        _ => Vec::new(),
    }
}

/// `SUM(a)` as `MAX(a)` and the reverse.
pub(crate) fn sum_and_max(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    let Expr::Function(function) = expression else {
        return Vec::new();
    };
    let other = match function_name(expression).as_deref() {
        Some("sum") => "max",
        // What is no number has no sum.
        Some("max") if super::super::rules::is_number_argument(function) => "sum",
        _ => return Vec::new(),
    };
    let mut function = function.clone();
    function.name = ObjectName(vec![ObjectNamePart::Identifier(Ident::new(other))]);
    described(expression, Expr::Function(function), true)
}

/// `COUNT(a)` as `COUNT(DISTINCT a)`.
pub(crate) fn count_distinct(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    let Expr::Function(function) = expression else {
        return Vec::new();
    };
    let plain = function_name(expression).as_deref() == Some("count") && function.over.is_none();
    let one =
        arguments(function).filter(|arguments| arguments.len() == 1 && !is_literal(arguments[0]));
    if !plain || one.is_none() {
        return Vec::new();
    }
    let mut function = function.clone();
    if let FunctionArguments::List(list) = &mut function.args {
        list.duplicate_treatment = Some(DuplicateTreatment::Distinct);
    }
    described(expression, Expr::Function(function), true)
}

/// A cast to a type that keeps less.
pub(crate) fn lossy_cast(expression: &Expr, dialect: Dialect) -> Vec<Mutant<Expr>> {
    let Expr::Cast {
        kind,
        expr,
        data_type,
        format: None,
    } = expression
    else {
        return Vec::new();
    };
    let integer = if dialect == Dialect::BigQuery {
        DataType::Int64
    } else {
        DataType::Integer(None)
    };
    let lossy = match data_type {
        DataType::Decimal(_)
        | DataType::Numeric(_)
        | DataType::Double(_)
        | DataType::DoublePrecision
        | DataType::Float(_)
        | DataType::Float64 => integer,
        DataType::Timestamp(..) | DataType::Datetime(_) | DataType::TimestampNtz(_) => {
            DataType::Date
        }
        _ => return Vec::new(),
    };
    // Of whole numbers nothing is lost.
    let certain = !any(&**expr, |inner| counts(inner) || is_literal(inner));
    let cast = Expr::Cast {
        kind: kind.clone(),
        expr: expr.clone(),
        data_type: lossy,
        format: None,
    };
    described(expression, cast, certain)
}

/// The value of one branch of a CASE as another one.
pub(crate) fn case_value(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    let Expr::Case { conditions, .. } = expression else {
        return Vec::new();
    };
    let mut all = Vec::new();
    for (index, branch) in conditions.iter().enumerate() {
        let Some(other) = other_literal(&branch.result) else {
            continue;
        };
        let mut changed = expression.clone();
        if let Expr::Case { conditions, .. } = &mut changed {
            conditions[index].result = other;
        }
        // A later branch may never be reached, as far as its text tells.
        all.extend(described(expression, changed, index == 0));
    }
    all
}

/// A CASE without one of its branches.
pub(crate) fn case_branch(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    let Expr::Case {
        conditions,
        else_result,
        ..
    } = expression
    else {
        return Vec::new();
    };
    if conditions.len() < 2 {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (index, branch) in conditions.iter().enumerate() {
        let mut changed = expression.clone();
        if let Expr::Case { conditions, .. } = &mut changed {
            conditions.remove(index);
        }
        let elsewhere = else_result.as_deref() == Some(&branch.result)
            || conditions
                .iter()
                .filter(|other| other.result == branch.result)
                .count()
                > 1;
        all.extend(described(expression, changed, index == 0 && !elsewhere));
    }
    all
}

fn coalesce(expression: &Expr) -> Option<Vec<Expr>> {
    let Expr::Function(function) = expression else {
        return None;
    };
    let name = function_name(expression)?;
    ["coalesce", "ifnull", "nvl"]
        .contains(&name.as_str())
        .then_some(())?;
    let arguments = arguments(function)?;
    (arguments.len() > 1).then(|| arguments.into_iter().cloned().collect())
}

fn with_arguments(expression: &Expr, arguments: Vec<Expr>) -> Expr {
    let mut changed = expression.clone();
    if let Expr::Function(function) = &mut changed
        && let FunctionArguments::List(list) = &mut function.args
    {
        list.args = arguments
            .into_iter()
            .map(|argument| FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)))
            .collect();
    }
    changed
}

/// The name of a column, without that of its input.
fn column_name(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Identifier(name) => Some(name.value.as_str()),
        Expr::CompoundIdentifier(parts) => parts.last().map(|name| name.value.as_str()),
        _ => None,
    }
}

/// `COALESCE(a, b)` as `COALESCE(b, a)`.
pub(crate) fn coalesce_swapped(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    let Some(mut arguments) = coalesce(expression) else {
        return Vec::new();
    };
    // A full join on `a.key = b.key` leaves no row in which both are there and differ.
    let may_be_joined =
        column_name(&arguments[0]).is_some_and(|name| column_name(&arguments[1]) == Some(name));
    let certain = arguments[0] != arguments[1] && !may_be_joined && !counts(&arguments[0]);
    arguments.swap(0, 1);
    described(expression, with_arguments(expression, arguments), certain)
}

/// `COALESCE(a, 0)` as `COALESCE(a, 1)`.
pub(crate) fn coalesce_default(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    let Some(mut arguments) = coalesce(expression) else {
        return Vec::new();
    };
    let last = arguments.len() - 1;
    let Some(other) = other_literal(&arguments[last]) else {
        return Vec::new();
    };
    let certain = !arguments[..last]
        .iter()
        .any(|argument| counts(argument) || is_literal(argument));
    arguments[last] = other;
    described(expression, with_arguments(expression, arguments), certain)
}

/// A window's first order turned.
pub(crate) fn window_order(expression: &Expr, _: Dialect) -> Vec<Mutant<Expr>> {
    let mut changed = expression.clone();
    let Expr::Function(function) = &mut changed else {
        return Vec::new();
    };
    let Some(WindowType::WindowSpec(window)) = &mut function.over else {
        return Vec::new();
    };
    let partition = window.partition_by.clone();
    let Some(first) = window.order_by.first_mut() else {
        return Vec::new();
    };
    first.options.sort = match &first.options.sort {
        Some(OrderBySort::Desc) => Some(OrderBySort::Asc),
        _ => Some(OrderBySort::Desc),
    };
    let certain = !partition.contains(&first.expr);
    described(expression, changed, certain)
}
