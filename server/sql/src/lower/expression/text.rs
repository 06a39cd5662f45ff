//! Functions whose arguments have words between them: `SUBSTRING(a FROM 1)`, `TRIM(BOTH ' ' FROM a)`.

use super::unit::field;
use super::{Names, all_of, call_of, expression, text_of, unsupported};
use crate::dialect::Dialect;
use crate::relation::Expression;
use sqlparser::ast::{CeilFloorKind, DateTimeField, Expr, TrimWhereField};

/// Each as a call.
pub(super) fn with_keywords(names: &mut dyn Names, expr: &Expr) -> Expression {
    match expr {
        Expr::Ceil { expr, field } => rounded(names, "ceil", expr, field),
        Expr::Floor { expr, field } => rounded(names, "floor", expr, field),
        Expr::Position { expr, r#in } => {
            let function = match names.dialect() {
                Dialect::ClickHouse => "position_by_dialect",
                _ => "position",
            };
            call_of(names, function, [&**expr, &**r#in])
        }
        Expr::Substring {
            expr,
            substring_from,
            substring_for,
            special: _,
            shorthand: _,
        } => {
            let value = expression(names, expr);
            let from = match substring_from {
                Some(from) => expression(names, from),
                // `SUBSTRING(a FOR 3)` is its start.
                None => Expression::number("1"),
            };
            let mut arguments = vec![value, from];
            arguments.extend(substring_for.as_ref().map(|count| expression(names, count)));
            substring(arguments)
        }
        Expr::Trim {
            trim_where,
            trim_what,
            expr,
            trim_characters,
        } => {
            let mut arguments = vec![expression(names, expr)];
            arguments.extend(trim_what.as_ref().map(|what| expression(names, what)));
            if let Some(characters) = trim_characters {
                arguments.extend(all_of(names, characters));
            }
            trimmed(names.dialect(), trim_where.as_ref(), arguments)
        }
        Expr::Overlay {
            expr,
            overlay_what,
            overlay_from,
            overlay_for,
        } => {
            let mut parts = vec![&**expr, &**overlay_what, &**overlay_from];
            parts.extend(overlay_for.as_deref());
            call_of(names, "overlay", parts)
        }
        Expr::Collate { expr, collation } => {
            let value = expression(names, expr);
            let collation = super::name::lower_dotted(collation);
            Expression::call("collate", [value, Expression::text(collation)])
        }
        _ => unsupported(Vec::new()),
    }
}

/// A part of a text by positions, or, where the second argument is a text, by a pattern.
pub(super) fn substring(arguments: Vec<Expression>) -> Expression {
    let by_pattern = arguments.get(1).is_some_and(|from| text_of(from).is_some());
    let function = if by_pattern {
        "substring_matching"
    } else {
        "substring"
    };
    Expression::call(function, arguments)
}

/// MySQL takes a whole text off, others each of its characters.
fn trimmed(
    dialect: Dialect,
    side: Option<&TrimWhereField>,
    arguments: Vec<Expression>,
) -> Expression {
    let whole = dialect == Dialect::MySql && arguments.len() > 1;
    let function = match (side, whole) {
        (None | Some(TrimWhereField::Both), false) => "trim",
        (None | Some(TrimWhereField::Both), true) => "trim_text",
        (Some(TrimWhereField::Leading), false) => "trim_leading",
        (Some(TrimWhereField::Leading), true) => "trim_text_leading",
        (Some(TrimWhereField::Trailing), false) => "trim_trailing",
        (Some(TrimWhereField::Trailing), true) => "trim_text_trailing",
    };
    Expression::call(function, arguments)
}

fn rounded(
    names: &mut dyn Names,
    function: &str,
    value: &Expr,
    kind: &CeilFloorKind,
) -> Expression {
    let value = expression(names, value);
    match kind {
        CeilFloorKind::DateTimeField(DateTimeField::NoDateTime) => {
            Expression::call(function, [value])
        }
        CeilFloorKind::DateTimeField(unit) => {
            Expression::call(function, [value, Expression::text(field(unit))])
        }
        CeilFloorKind::Scale(scale) => {
            Expression::call(function, [value, super::literal::value(&scale.value)])
        }
    }
}
