//! Constants.

use super::{Names, expression, unsupported};
use crate::relation::{Expression, Literal};
use smol_str::{SmolStr, format_smolstr};
use sqlparser::ast::{Expr, Ident, Value};

/// A constant; the tokenizer has resolved its escapes.
pub(super) fn value(value: &Value) -> Expression {
    match value {
        Value::Number(written, _) => Expression::number(written.replace('_', "")),
        Value::SingleQuotedString(text)
        | Value::DoubleQuotedString(text)
        | Value::TripleSingleQuotedString(text)
        | Value::TripleDoubleQuotedString(text)
        | Value::EscapedStringLiteral(text)
        | Value::UnicodeStringLiteral(text)
        | Value::NationalStringLiteral(text)
        | Value::SingleQuotedRawStringLiteral(text)
        | Value::DoubleQuotedRawStringLiteral(text)
        | Value::TripleSingleQuotedRawStringLiteral(text)
        | Value::TripleDoubleQuotedRawStringLiteral(text) => Expression::text(text.as_str()),
        Value::DollarQuotedString(text) => Expression::text(text.value.as_str()),
        Value::QuoteDelimitedStringLiteral(text)
        | Value::NationalQuoteDelimitedStringLiteral(text) => Expression::text(text.value.as_str()),
        Value::SingleQuotedByteStringLiteral(bytes)
        | Value::DoubleQuotedByteStringLiteral(bytes)
        | Value::TripleSingleQuotedByteStringLiteral(bytes)
        | Value::TripleDoubleQuotedByteStringLiteral(bytes) => other(format_smolstr!("B'{bytes}'")),
        Value::HexStringLiteral(digits) => {
            other(format_smolstr!("X'{}'", digits.to_ascii_uppercase()))
        }
        Value::Boolean(value) => Expression::Literal(Literal::Boolean(*value)),
        Value::Null => Expression::NULL,
        Value::Placeholder(_) => unsupported(Vec::new()),
    }
}

/// `_utf8'abc'` in MySQL, whose prefix tells how the text is encoded, and `CONNECT_BY_ROOT x`, which
/// means another row.
pub(super) fn prefixed(names: &mut dyn Names, prefix: &Ident, value: &Expr) -> Expression {
    let value = expression(names, value);
    if prefix.value.starts_with('_') {
        return value;
    }
    unsupported(vec![value])
}

/// A constant of another kind.
pub(super) fn other(written: impl Into<SmolStr>) -> Expression {
    Expression::Literal(Literal::Other(written.into()))
}

/// Whether it is a constant that is not `NULL`.
pub(super) fn is_value(value: &Expression) -> bool {
    matches!(value, Expression::Literal(literal) if *literal != Literal::Null)
}
