//! Changes of type, in every spelling.

use super::name::idents;
use super::{Names, expression, unknown, unsupported};
use crate::lower::data_type::data_type;
use crate::relation::{Cast, Expression, UnknownReason};
use sqlparser::ast::{self, CastFormat, CastKind, DataType, Expr};

/// `CAST(x AS type)`, `x::type`, `TRY_CAST(x AS type)`
pub(super) fn cast(
    names: &mut dyn Names,
    kind: &CastKind,
    value: &Expr,
    to: &DataType,
    format: Option<&CastFormat>,
) -> Expression {
    let or_null = match kind {
        CastKind::TryCast | CastKind::SafeCast => true,
        CastKind::Cast | CastKind::DoubleColon => false,
    };
    let value = expression(names, value);
    let Some(format) = format else {
        return to_type(names, value, to, or_null);
    };
    if is_hole(names, to) {
        return unknown(UnknownReason::Template, vec![value]);
    }
    let function = if or_null {
        "try_cast_with_format"
    } else {
        "cast_with_format"
    };
    let to = Expression::text(data_type(to, names.dialect()).to_string());
    let mut arguments = vec![value, to];
    match format {
        CastFormat::Value(format) => arguments.push(super::literal::value(&format.value)),
        CastFormat::ValueAtTimeZone(format, zone) => {
            arguments.push(super::literal::value(&format.value));
            arguments.push(super::literal::value(&zone.value));
        }
    }
    Expression::call(function, arguments)
}

/// `DATE '2024-01-01'`
pub(super) fn typed_string(names: &mut dyn Names, typed: &ast::TypedString) -> Expression {
    let value = super::literal::value(&typed.value.value);
    to_type(names, value, &typed.data_type, false)
}

/// `CONVERT(x, type)`, `CONVERT(x USING charset)`, `CONVERT(type, x, style)`
pub(super) fn convert(names: &mut dyn Names, expr: &Expr) -> Expression {
    let Expr::Convert {
        is_try,
        expr,
        data_type: to,
        charset,
        target_before_value: _,
        styles,
    } = expr
    else {
        return unsupported(Vec::new());
    };
    let value = expression(names, expr);
    let Some(to) = to else {
        let charset = charset.as_ref().map(ToString::to_string);
        let charset = charset.unwrap_or_default().to_ascii_lowercase();
        return Expression::call("convert_charset", [value, Expression::text(charset)]);
    };
    if styles.is_empty() && charset.is_none() {
        return to_type(names, value, to, *is_try);
    }
    if is_hole(names, to) {
        return unknown(UnknownReason::Template, vec![value]);
    }
    let function = if *is_try {
        "try_convert_with_style"
    } else {
        "convert_with_style"
    };
    let to = data_type(to, names.dialect()).to_string();
    let mut arguments = vec![value, Expression::text(to)];
    for style in styles {
        arguments.push(expression(names, style));
    }
    if let Some(charset) = charset {
        arguments.push(Expression::text(charset.to_string().to_ascii_lowercase()));
    }
    Expression::call(function, arguments)
}

/// The value as one of that type; an unknown one where a template makes the type.
fn to_type(names: &mut dyn Names, value: Expression, to: &DataType, or_null: bool) -> Expression {
    if is_hole(names, to) {
        return unknown(UnknownReason::Template, vec![value]);
    }
    to_known(value, data_type(to, names.dialect()), or_null)
}

/// The value as one of that type.
pub(super) fn to_known(
    value: Expression,
    to: crate::relation::DataType,
    or_null: bool,
) -> Expression {
    Expression::Cast(Cast {
        value: Box::new(value),
        to,
        or_null,
    })
}

fn is_hole(names: &dyn Names, to: &DataType) -> bool {
    let DataType::Custom(name, modifiers) = to else {
        return false;
    };
    let named = idents(name).unwrap_or_default();
    let modified = modifiers.iter().any(|modifier| match modifier {
        ast::TypeModifier::Identifier(ident) => names.is_hole(ident),
        ast::TypeModifier::Number(..) | ast::TypeModifier::String(_) => false,
    });
    modified || named.into_iter().any(|part| names.is_hole(part))
}
