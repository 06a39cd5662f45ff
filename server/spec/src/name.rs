//! Names as people write them in specs: with quotes of any dialect, and qualified by dots.

use syntax::Name;

/// The quotes that dialects put round names.
const QUOTES: [(char, char); 3] = [('"', '"'), ('`', '`'), ('[', ']')];

/// `written` without the quotes round it.
pub(crate) fn unquoted(written: &str) -> &str {
    for (open, close) in QUOTES {
        let inner = written
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) = inner.filter(|inner| !inner.is_empty() && !inner.contains(close)) {
            return inner;
        }
    }
    written
}

/// The parts of a name that may be qualified, the outermost first. Dots in quotes divide nothing.
pub(crate) fn qualified_name(written: &str) -> Vec<Name> {
    let mut parts = Vec::new();
    let mut rest = written;
    while !rest.is_empty() {
        let quoted = QUOTES.iter().find_map(|(open, close)| {
            let inner = rest.strip_prefix(*open)?;
            let (_, after) = inner.split_once(*close)?;
            (after.is_empty() || after.starts_with('.')).then_some(after)
        });
        let after = match quoted {
            Some(after) => after,
            None => rest.find('.').and_then(|at| rest.get(at..)).unwrap_or(""),
        };
        let part = rest.strip_suffix(after).unwrap_or(rest);
        if !part.is_empty() {
            parts.push(Name::new(unquoted(part)));
        }
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_of_any_dialect_are_no_part_of_a_name() {
        for (written, name) in [
            ("orders", "orders"),
            ("\"Order Lines\"", "Order Lines"),
            ("`orders`", "orders"),
            ("[orders]", "orders"),
            ("\"a\" || \"b\"", "\"a\" || \"b\""),
            ("\"", "\""),
            ("\"\"", "\"\""),
        ] {
            assert_eq!(unquoted(written), name, "{written}");
        }
    }

    #[test]
    fn dots_divide_a_name_unless_in_quotes() {
        for (written, parts) in [
            ("orders", vec!["orders"]),
            ("raw.orders", vec!["raw", "orders"]),
            ("db.\"my.schema\".[t]", vec!["db", "my.schema", "t"]),
            ("`a.b`", vec!["a.b"]),
            ("raw..orders.", vec!["raw", "orders"]),
            ("\"open.ended", vec!["\"open", "ended"]),
            ("", vec![]),
            (".", vec![]),
        ] {
            let expected: Vec<Name> = parts.into_iter().map(Name::new).collect();
            assert_eq!(qualified_name(written), expected, "{written}");
        }
    }
}
