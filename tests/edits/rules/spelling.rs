//! The same value by another spelling.

use super::super::expression::{binary, function_name, number, operand};
use super::super::model::{Model, spell};
use super::super::tree::any;
use super::Draft;
use sql::Dialect;
use sqlparser::ast::{
    BinaryOperator, CastKind, DataType, Expr, Function, FunctionArg, FunctionArgExpr,
    FunctionArguments, Ident, ObjectName, ObjectNamePart, Value,
};

/// `CAST(a AS t)` as `a::t` and the reverse, in the dialects that have both.
pub(crate) fn cast(expression: &Expr, dialect: Dialect) -> Option<Expr> {
    const BOTH: [Dialect; 5] = [
        Dialect::Snowflake,
        Dialect::Postgres,
        Dialect::DuckDb,
        Dialect::Redshift,
        Dialect::Databricks,
    ];
    let Expr::Cast {
        kind,
        expr,
        data_type,
        format: None,
    } = expression
    else {
        return None;
    };
    let (kind, inner) = match kind {
        CastKind::Cast => (CastKind::DoubleColon, operand(expr)),
        CastKind::DoubleColon => (CastKind::Cast, (**expr).clone()),
        _ => return None,
    };
    BOTH.contains(&dialect).then(|| Expr::Cast {
        kind,
        expr: Box::new(inner),
        data_type: data_type.clone(),
        format: None,
    })
}

/// The functions that give the first of two values that is not NULL, by dialect.
fn first_not_null(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Snowflake | Dialect::Databricks | Dialect::Spark => &["coalesce", "ifnull", "nvl"],
        Dialect::BigQuery | Dialect::DuckDb | Dialect::MySql | Dialect::Sqlite => {
            &["coalesce", "ifnull"]
        }
        Dialect::Redshift => &["coalesce", "nvl"],
        _ => &[],
    }
}

/// `COALESCE(a, b)` as `IFNULL(a, b)` or `NVL(a, b)`, and the reverse.
pub(crate) fn synonym(expression: &Expr, dialect: Dialect) -> Option<Expr> {
    let Expr::Function(function) = expression else {
        return None;
    };
    let names = first_not_null(dialect);
    let name = function_name(expression)?;
    let at = names.iter().position(|known| *known == name)?;
    (arguments(function)?.len() == 2).then(|| {
        let mut function = function.clone();
        function.name = named(names[(at + 1) % names.len()]);
        Expr::Function(function)
    })
}

fn named(name: &str) -> ObjectName {
    ObjectName(vec![ObjectNamePart::Identifier(Ident::new(name))])
}

/// The arguments of a function that is called with values only.
pub(crate) fn arguments(function: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    if list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
        return None;
    }
    list.args
        .iter()
        .map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expression)) => Some(expression),
            _ => None,
        })
        .collect()
}

/// `<>` as `!=` and the reverse. The tree knows only one of them.
pub(crate) fn not_equal(model: &Model) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (old, new) in [("<>", "!="), ("!=", "<>")] {
        let mut tokens = model.tokens.clone();
        for piece in tokens.iter_mut().filter(|piece| piece.text == old) {
            piece.text = new.to_owned();
        }
        drafts.push(Draft {
            masked: spell(&tokens),
            description: format!("`{old}` becomes `{new}`"),
        });
    }
    drafts
}

/// `COUNT(*)` as `COUNT(1)` and the reverse.
pub(crate) fn count(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::Function(function) = expression else {
        return None;
    };
    if function_name(expression)? != "count" {
        return None;
    }
    let FunctionArguments::List(list) = &function.args else {
        return None;
    };
    let other = match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] => FunctionArgExpr::Expr(number("1")),
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Value(value)))]
            if matches!(value.value, Value::Number(..)) && list.duplicate_treatment.is_none() =>
        {
            FunctionArgExpr::Wildcard
        }
        _ => return None,
    };
    let mut function = function.clone();
    if let FunctionArguments::List(list) = &mut function.args {
        list.args = vec![FunctionArg::Unnamed(other)];
    }
    Some(Expr::Function(function))
}

/// `a * b` as `b * a`, and `a + b` as `b + a` where both are surely numbers.
pub(crate) fn commuted(expression: &Expr, _: Dialect) -> Option<Expr> {
    let Expr::BinaryOp { left, op, right } = expression else {
        return None;
    };
    let commutes = match op {
        BinaryOperator::Multiply => true,
        BinaryOperator::Plus => is_number(left) && is_number(right),
        _ => false,
    };
    let interval = any(expression, |inner| matches!(inner, Expr::Interval(_)));
    (commutes && !interval).then(|| binary(operand(right), op.clone(), operand(left)))
}

/// Whether an expression can be nothing but a number.
pub(crate) fn is_number(expression: &Expr) -> bool {
    match expression {
        Expr::Value(value) => matches!(value.value, Value::Number(..)),
        Expr::Nested(inner) => is_number(inner),
        Expr::BinaryOp { left, op, right } => match op {
            BinaryOperator::Multiply | BinaryOperator::Divide => true,
            BinaryOperator::Plus | BinaryOperator::Minus => is_number(left) && is_number(right),
            _ => false,
        },
        Expr::Cast { data_type, .. } => matches!(
            data_type,
            DataType::Int(_)
                | DataType::Integer(_)
                | DataType::BigInt(_)
                | DataType::Numeric(_)
                | DataType::Decimal(_)
                | DataType::Int64
                | DataType::Float64
                | DataType::Float(_)
                | DataType::Double(_)
        ),
        Expr::Function(function) => match function_name(expression).as_deref() {
            Some("count" | "sum" | "avg" | "abs" | "round") => true,
            Some("coalesce" | "ifnull" | "nvl") => arguments(function)
                .is_some_and(|arguments| arguments.last().is_some_and(|last| is_number(last))),
            _ => false,
        },
        _ => false,
    }
}

/// Whether the one argument of a function is surely a number.
pub(crate) fn is_number_argument(function: &Function) -> bool {
    arguments(function).is_some_and(|arguments| arguments.first().is_some_and(|one| is_number(one)))
}

/// A function of one argument.
pub(crate) fn call(name: &str, argument: Expr) -> Expr {
    Expr::Function(Function {
        name: named(name),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(sqlparser::ast::FunctionArgumentList {
            duplicate_treatment: None,
            args: vec![FunctionArg::Unnamed(FunctionArgExpr::Expr(argument))],
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    })
}
