//! Which functions a tag calls, whatever they are.

use super::call::{is_path, path_length, string_length};
use crate::text::{TextRange, TextSize};

/// Words of the language that may stand before a parenthesis and call nothing.
const KEYWORDS: &[&str] = &[
    "and",
    "call",
    "elif",
    "else",
    "if",
    "in",
    "is",
    "not",
    "or",
    "recursive",
];

/// The names that `range` calls, with dots, in the order of the text: `f` and `p.g` of `f(p.g())`. Also
/// where a call is not closed yet. Filters and tests are named without being called, and what stands behind
/// a dot that follows a value is a method of it: they are left out, and so is everything in strings.
pub fn called(text: &str, range: TextRange) -> Vec<TextRange> {
    let end = usize::from(range.end());
    let mut found = Vec::new();
    let mut at = usize::from(range.start());
    // What came last, blanks left out.
    let mut before = "";
    while let Some(rest) = text.get(at..end).filter(|rest| !rest.is_empty()) {
        let first = rest.chars().next().unwrap_or_default();
        let length = match first {
            // What is not closed yet reaches to the end, as far as that can be told.
            '\'' | '"' => string_length(rest, first).unwrap_or(rest.len()),
            _ if is_path(first) => path_length(rest),
            _ => first.len_utf8(),
        };
        let token = rest.get(..length).unwrap_or_default();
        let behind = rest.get(length..).unwrap_or_default();
        if is_name(token) && behind.trim_start().starts_with('(') && !is_only_named(before) {
            let start = TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
            found.push(TextRange::at(start, TextSize::of(token)));
        }
        // `is not` goes before a test as `is` does.
        if !first.is_whitespace() && (before, token) != ("is", "not") {
            before = token;
        }
        at += length;
    }
    found
}

/// Whether `token` is a name, or names with dots between them, and no word of the language.
fn is_name(token: &str) -> bool {
    let is_part =
        |part: &str| part.starts_with(|first: char| is_path(first) && !first.is_ascii_digit());
    token.split('.').all(is_part) && !KEYWORDS.contains(&token)
}

/// Whether what follows `before` is a filter or a test.
fn is_only_named(before: &str) -> bool {
    matches!(before, "|" | "is")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_wherever_they_stand() {
        for (text, names) in [
            ("f(1)", vec!["f"]),
            ("f (p.g(h()), k=i())", vec!["f", "p.g", "h", "i"]),
            ("call f(x)", vec!["f"]),
            ("call(row) f(x)", vec!["f"]),
            ("set x = f()", vec!["f"]),
            ("not (a) and f()", vec!["f"]),
            ("f(", vec!["f"]),
            ("f('g()') ~ \"h()\"", vec!["f"]),
            ("f('it\\'s g()', h())", vec!["f", "h"]),
        ] {
            assert_eq!(found(text), names, "{text}");
        }
    }

    #[test]
    fn what_is_only_named_is_not_called() {
        for text in [
            "f",
            "x | f(1)",
            "x is f(1)",
            "x is not f(1)",
            "[].append(1)",
            "x['a'].f(1)",
            "1.5 (",
            "'f(1)",
            "(f) (1)",
            "",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    fn found(text: &str) -> Vec<&str> {
        let ranges = called(text, TextRange::up_to(TextSize::of(text))).into_iter();
        let slice = |range: TextRange| text.get(range.start().into()..range.end().into());
        ranges.filter_map(slice).collect()
    }
}
