//! The words of a sentence that may be names, whether it parses or not. What the sentence claims is not
//! decided here, nor which of them name something.

use syntax::{Name, TextRange, TextSize};

/// Names joined by dots in a sentence, such as `orders.order_amount`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The names, the outermost first; never empty.
    pub parts: Vec<Name>,
    /// Where each of them stands in the sentence, quotes included.
    pub ranges: Vec<TextRange>,
}

/// Every word of `sentence` that may name something, in order. Words of the language itself are
/// among them, what stands in single quotes and numbers are not.
pub fn words(sentence: &str) -> Vec<Words> {
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some(rest) = sentence.get(at..).filter(|rest| !rest.is_empty()) {
        // After a letter it is an apostrophe.
        let is_word_before = sentence
            .get(..at)
            .is_some_and(|before| before.ends_with(is_name));
        let length = if rest.starts_with('\'') && !is_word_before {
            quoted_length(rest, '\'')
        } else {
            let (path, length) = path(sentence, at);
            if path.parts.is_empty() {
                rest.chars().next().map_or(1, char::len_utf8)
            } else {
                paths.push(path);
                length
            }
        };
        at += length;
    }
    paths
}

/// The path that starts at `start`, and its length in bytes.
fn path(sentence: &str, start: usize) -> (Words, usize) {
    let mut path = Words {
        parts: Vec::new(),
        ranges: Vec::new(),
    };
    let mut at = start;
    loop {
        let rest = sentence.get(at..).unwrap_or_default();
        let (name, length) = part(rest);
        // A number names nothing, and neither does what follows its decimal point.
        let is_number =
            path.parts.is_empty() && name.starts_with(|first: char| first.is_ascii_digit());
        if name.is_empty() || is_number {
            // The dot before it ends the sentence.
            return (path, at.saturating_sub(start + 1));
        }
        path.parts.push(Name::new(name));
        path.ranges.push(TextRange::at(offset(at), offset(length)));
        at += length;
        if !sentence.get(at..).is_some_and(|rest| rest.starts_with('.')) {
            return (path, at - start);
        }
        at += 1;
    }
}

/// The name that `text` starts with, without its quotes, and its length with them.
fn part(text: &str) -> (&str, usize) {
    match text.chars().next() {
        Some(quote @ ('"' | '`')) => {
            let length = quoted_length(text, quote);
            (
                text.get(1..length.saturating_sub(1)).unwrap_or_default(),
                length,
            )
        }
        _ => {
            let length = text.len() - text.trim_start_matches(is_name).len();
            (text.get(..length).unwrap_or_default(), length)
        }
    }
}

/// The length of what `quote` starts and ends, both included; to the end where it is not closed.
fn quoted_length(text: &str, quote: char) -> usize {
    let inner = text.get(1..).unwrap_or_default();
    inner.find(quote).map_or(text.len(), |end| end + 2)
}

fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_' || letter == '$'
}

fn offset(at: usize) -> TextSize {
    TextSize::new(u32::try_from(at).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(sentence: &str) -> Vec<String> {
        let joined = |path: Words| {
            let parts: Vec<&str> = path.parts.iter().map(Name::as_str).collect();
            for (part, range) in parts.iter().zip(&path.ranges) {
                let text = sentence.get(range.start().into()..range.end().into());
                assert_eq!(
                    text.map(|text| text.trim_matches('"')),
                    Some(*part),
                    "{sentence}"
                );
            }
            parts.join("/")
        };
        words(sentence).into_iter().map(joined).collect()
    }

    #[test]
    fn names_are_found_with_what_qualifies_them() {
        for (sentence, expected) in [
            (
                "orders.order_amount exists",
                vec!["orders/order_amount", "exists"],
            ),
            ("a.b = SUM(c.d * 2.5)", vec!["a/b", "SUM", "c/d"]),
            (
                "status is one of ('open.x', 'paid')",
                vec!["status", "is", "one", "of"],
            ),
            (r#"raw."Order Lines".id = 1"#, vec!["raw/Order Lines/id"]),
            ("orders. Then", vec!["orders", "Then"]),
            ("größe.wert", vec!["größe/wert"]),
            ("it's 'open", vec!["it", "s"]),
            ("", vec![]),
            ("\"", vec![]),
        ] {
            assert_eq!(named(sentence), expected, "{sentence}");
        }
    }
}
