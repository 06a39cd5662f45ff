//! What a YAML scalar is under the core schema of YAML 1.2 (section 10.3.2): nothing, a boolean, a
//! number or text. Knows nothing of what a spec expects there.

use syntax::yaml::{Node, NodeKind, Style};

/// What a scalar says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scalar<'t> {
    /// No value: nothing written, `null` or `~`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// An integer; `None` where it does not fit.
    Integer(Option<i64>),
    /// Another number.
    Float,
    /// Text.
    Text(&'t str),
}

/// What `node` says, if it is a scalar or nothing at all.
pub(crate) fn scalar(node: &Node) -> Option<Scalar<'_>> {
    match &node.kind {
        NodeKind::Null => Some(Scalar::Null),
        NodeKind::Scalar {
            style: Style::Plain,
            value,
        } => match node.tag.as_deref() {
            Some("!" | "!!str") => Some(Scalar::Text(value)),
            _ => Some(plain(value)),
        },
        NodeKind::Scalar { value, .. } => Some(Scalar::Text(value)),
        _ => None,
    }
}

fn plain(value: &str) -> Scalar<'_> {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "true" | "True" | "TRUE" => Scalar::Boolean(true),
        "false" | "False" | "FALSE" => Scalar::Boolean(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float,
        _ if value.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) => {
            number(value).unwrap_or(Scalar::Text(value))
        }
        _ => Scalar::Text(value),
    }
}

fn number(value: &str) -> Option<Scalar<'_>> {
    let all = |digits: &str, radix| !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = value.strip_prefix(prefix) {
            return all(digits, radix)
                .then(|| Scalar::Integer(i64::from_str_radix(digits, radix).ok()));
        }
    }
    let unsigned = value.strip_prefix(['+', '-']).unwrap_or(value);
    if all(unsigned, 10) {
        return Some(Scalar::Integer(value.parse().ok()));
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Some(Scalar::Float);
    }
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        ),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |digits: &str| digits.is_empty() || all(digits, 10);
    let is_float = digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| all(exponent, 10));
    is_float.then_some(Scalar::Float)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_are_read_by_the_core_schema() {
        use Scalar::{Boolean, Float, Integer, Null, Text};
        for (value, expected) in [
            ("", Null),
            ("~", Null),
            ("null", Null),
            ("nUll", Text("nUll")),
            ("true", Boolean(true)),
            ("FALSE", Boolean(false)),
            ("yes", Text("yes")),
            ("on", Text("on")),
            ("12", Integer(Some(12))),
            ("+12", Integer(Some(12))),
            ("-0", Integer(Some(0))),
            ("017", Integer(Some(17))),
            ("0o17", Integer(Some(15))),
            ("0x1F", Integer(Some(31))),
            ("0xg", Text("0xg")),
            ("99999999999999999999", Integer(None)),
            ("1_000", Text("1_000")),
            ("1.", Float),
            (".5", Float),
            ("-1.5e-3", Float),
            ("1e3", Float),
            (".inf", Float),
            (".nan", Float),
            (".", Text(".")),
            ("-", Text("-")),
            ("1e", Text("1e")),
            ("2026-01-10", Text("2026-01-10")),
            ("1-item", Text("1-item")),
        ] {
            assert_eq!(plain(value), expected, "{value}");
        }
    }
}
