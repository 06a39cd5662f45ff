//! Functions that only spell another form: `IIF`, `NVL2`, `DATEADD`, `SAFE_DIVIDE` and their like.

mod conditional;
mod table;
mod time;

use super::binary::concatenated;
use super::cast::to_known;
use super::text::substring;
use super::unit::extracted;
use super::{Names, expression, is_null, joined, not};
use crate::dialect::Dialect;
use crate::functions::canonical;
use crate::relation::{DataType, Expression, Operator};
use sqlparser::ast::{Expr, FunctionArg, FunctionArgExpr};

/// What a function spells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    /// `IF(condition, value, other)`
    If,
    /// `multiIf(condition, value, …, other)`
    MultiIf,
    /// `NVL2(x, value, other)`
    IfNotNull,
    /// `DECODE(x, value, result, …)`
    Decode,
    /// `NULLIF(a, b)`
    NullIf,
    /// `NULLIFZERO(a)`
    NullIfZero,
    /// `ZEROIFNULL(a)`
    ZeroIfNull,
    /// `ISNULL(a, b)` as a replacement.
    IfNull,
    /// `SAFE_DIVIDE(a, b)`
    DivideOrNull,
    /// `DIV0(a, b)`
    DivideOrZero,
    /// `DIV0NULL(a, b)`
    DivideOrZeroAlsoByNull,
    /// `EQUAL_NULL(a, b)`
    Same,
    /// `BOOLAND(a, b)`
    And,
    /// `BOOLOR(a, b)`
    Or,
    /// `BOOLNOT(a)`
    Not,
    /// `ISNULL(a)` as a question.
    IsNull,
    /// `MOD(a, b)`
    Modulo,
    /// `CONCAT(a, b, …)` where one `NULL` makes all of it one.
    Concatenate,
    /// The text comes first, what is looked for second; here it is the other way round.
    PositionSwapped,
    /// `SUBSTR(a, 1)`
    Substring,
    /// `LTRIM(characters, text)`
    TrimSwapped(&'static str),
    /// The natural logarithm, where there is one argument.
    Logarithm(&'static str),
    /// `TO_VARCHAR(a)`, where there is one argument.
    CastToText,
    /// `DATE(a)`, where there is one argument.
    CastToDate,
    /// `TRY_TO_DATE(a)`, where there is one argument.
    TryCastToDate,
    /// `GET(a, 'field')`
    Get,
    /// `GET_PATH(a, 'b.c')`
    GetPath,
    /// `STRUCT(a, b)`, where columns give their names to their values.
    Struct,
    /// `YEAR(a)`
    Extract(&'static str),
    /// `DATE_PART('year', a)`
    DatePart,
    /// `DATE_TRUNC('year', a)`, in any order.
    DateTrunc,
    /// `TRUNC(a, 'MM')`, where the second argument is a text.
    TruncToUnit,
    /// `DATEADD(day, 1, a)`, `DATE_ADD(a, INTERVAL 1 DAY)`
    DateAdd,
    /// `DATE_SUB(a, INTERVAL 1 DAY)`
    DateSub,
    /// `DATEDIFF(day, from, to)`, `DATE_DIFF(to, from, DAY)`
    DateDiff(&'static str),
    /// Some other function that is told a unit: it is a text, where it stands.
    WithUnit,
}

/// What a call means whose function spells another form; `None` where it does not, or not with these
/// arguments.
pub(super) fn form(
    names: &mut dyn Names,
    name: &str,
    arguments: &[FunctionArg],
) -> Option<Expression> {
    let dialect = names.dialect();
    let form = table::form(name, dialect)?;
    let exprs: Vec<&Expr> = arguments
        .iter()
        .map(|argument| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            _ => None,
        })
        .collect::<Option<_>>()?;
    match form {
        Form::DatePart
        | Form::DateTrunc
        | Form::TruncToUnit
        | Form::DateAdd
        | Form::DateSub
        | Form::DateDiff(_)
        | Form::WithUnit => return time::form(names, form, name, &exprs),
        Form::Struct => {
            let values = exprs
                .iter()
                .map(|expr| super::construct::with_own_name(names, expr))
                .collect::<Vec<_>>();
            return Some(Expression::call("struct", values));
        }
        _ => {}
    }
    if !fits(form, exprs.len()) {
        return None;
    }
    let values: Vec<Expression> = exprs.iter().map(|expr| expression(names, expr)).collect();
    Some(rewritten(dialect, form, name, values))
}

/// Whether the form has so many arguments.
fn fits(form: Form, count: usize) -> bool {
    match form {
        Form::If => count == 2 || count == 3,
        Form::MultiIf | Form::Decode => count >= 3,
        Form::IfNotNull => count == 3,
        Form::NullIf
        | Form::IfNull
        | Form::DivideOrNull
        | Form::DivideOrZero
        | Form::DivideOrZeroAlsoByNull
        | Form::Same
        | Form::And
        | Form::Or
        | Form::Modulo
        | Form::Get
        | Form::GetPath => count == 2,
        Form::NullIfZero
        | Form::ZeroIfNull
        | Form::Not
        | Form::IsNull
        | Form::Logarithm(_)
        | Form::CastToText
        | Form::CastToDate
        | Form::TryCastToDate
        | Form::Extract(_) => count == 1,
        Form::PositionSwapped | Form::Substring | Form::Concatenate => count >= 2,
        Form::TrimSwapped(_) => count == 1 || count == 2,
        _ => false,
    }
}

/// The form over these values, of which there are as many as it has.
fn rewritten(dialect: Dialect, form: Form, name: &str, values: Vec<Expression>) -> Expression {
    if let Some(value) = conditional::form(form, name, &values) {
        return value;
    }
    let mut rest = values.into_iter();
    let Some(first) = rest.next() else {
        return Expression::call(name, []);
    };
    let cast = |value, to, or_null| to_known(value, to, or_null);
    match form {
        Form::Not => return not(first),
        Form::IsNull => return is_null(first),
        Form::CastToText => return cast(first, DataType::Text(None), false),
        Form::CastToDate => return cast(first, DataType::Date, false),
        Form::TryCastToDate => return cast(first, DataType::Date, true),
        Form::Extract(part) => return extracted(part, first),
        Form::Logarithm(function) => return Expression::call(function, [first]),
        _ => {}
    }
    let Some(second) = rest.next() else {
        let function = match form {
            Form::TrimSwapped(function) => function,
            _ => canonical(name, dialect),
        };
        return Expression::call(function, [first]);
    };
    match form {
        Form::Same => Expression::operation(Operator::Same, [first, second]),
        Form::And => joined(Operator::And, first, second),
        Form::Or => joined(Operator::Or, first, second),
        Form::Modulo => Expression::operation(Operator::Modulo, [first, second]),
        Form::Concatenate => rest.fold(
            Expression::operation(Operator::Concatenate, [first, second]),
            |left, right| concatenated(Dialect::Generic, left, right),
        ),
        Form::PositionSwapped => {
            Expression::call("position", [second, first].into_iter().chain(rest))
        }
        Form::TrimSwapped(function) => Expression::call(function, [second, first]),
        Form::Substring => substring([first, second].into_iter().chain(rest).collect()),
        Form::Get => super::access::reached(first, second),
        Form::GetPath => path(first, second),
        _ => Expression::call(
            canonical(name, dialect),
            [first, second].into_iter().chain(rest),
        ),
    }
}

/// `GET_PATH(value, 'b.c')`: the fields, where the path has nothing but names.
fn path(value: Expression, path: Expression) -> Expression {
    let is_name = |name: &str| {
        !name.is_empty()
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    match super::text_of(&path) {
        Some(fields) if fields.split('.').all(is_name) => {
            fields.split('.').fold(value, |value, field| {
                Expression::call("field", [value, Expression::text(field)])
            })
        }
        _ => Expression::call("get_path", [value, path]),
    }
}
