//! Constants.

use super::{Names, expression, unsupported};
use crate::relation::{Expression, Literal};
use smol_str::{SmolStr, format_smolstr};
use sqlparser::ast::{Expr, Ident, Value, ValueWithSpan};

/// A constant; the tokenizer has resolved its escapes. A text that a template has a part in is none.
pub(super) fn value(names: &dyn Names, value: &ValueWithSpan) -> Expression {
    let at = value.span.start;
    let text = |text: &str| {
        let hole = names.text_hole(at, text);
        hole.unwrap_or_else(|| Expression::text(text))
    };
    match &value.value {
        Value::Number(written, _) => Expression::number(written.replace('_', "")),
        Value::SingleQuotedString(written)
        | Value::DoubleQuotedString(written)
        | Value::TripleSingleQuotedString(written)
        | Value::TripleDoubleQuotedString(written)
        | Value::EscapedStringLiteral(written)
        | Value::UnicodeStringLiteral(written)
        | Value::NationalStringLiteral(written)
        | Value::SingleQuotedRawStringLiteral(written)
        | Value::DoubleQuotedRawStringLiteral(written)
        | Value::TripleSingleQuotedRawStringLiteral(written)
        | Value::TripleDoubleQuotedRawStringLiteral(written) => text(written),
        Value::DollarQuotedString(written) => text(&written.value),
        Value::QuoteDelimitedStringLiteral(written)
        | Value::NationalQuoteDelimitedStringLiteral(written) => text(&written.value),
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
