//! Calls of functions inside a template's tags: `ref('a', v=2)`.

use crate::text::{TextRange, TextSize};

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call<'t> {
    /// What is called, with dots: `dbt_utils.star`.
    pub function: &'t str,
    /// From the function's name to the closing parenthesis.
    pub range: TextRange,
    /// What it is given, in order.
    pub arguments: Vec<Argument<'t>>,
}

/// One argument of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Argument<'t> {
    /// The keyword it is given by.
    pub keyword: Option<&'t str>,
    /// The expression's text.
    pub value: &'t str,
    /// All of it, with its keyword.
    pub range: TextRange,
}

/// Calls are no longer looked for after this many that are not closed: each costs the whole rest.
const MOST_UNCLOSED: usize = 16;

impl<'t> Call<'t> {
    /// The argument given by `keyword`.
    pub fn keyword(&self, keyword: &str) -> Option<&Argument<'t>> {
        self.arguments
            .iter()
            .find(|argument| argument.keyword == Some(keyword))
    }

    /// The arguments given by position.
    pub fn positional(&self) -> impl Iterator<Item = &Argument<'t>> {
        self.arguments
            .iter()
            .filter(|argument| argument.keyword.is_none())
    }
}

/// The call that all of `range` is, if it is one.
pub fn call(text: &str, range: TextRange) -> Option<Call<'_>> {
    let found = call_at(text, range.start().into(), range.end().into())?;
    (found.range == range).then_some(found)
}

/// All calls in `range` of functions named in `functions`, also those nested in other calls, in
/// the order of the text. Strings are passed over, and so is what stands inside a call found.
pub fn calls<'t>(text: &'t str, range: TextRange, functions: &[&str]) -> Vec<Call<'t>> {
    let end = usize::from(range.end());
    let mut found = Vec::new();
    let mut unclosed = 0;
    let mut at = usize::from(range.start());
    while at < end && unclosed < MOST_UNCLOSED {
        let rest = text.get(at..end).unwrap_or_default();
        match rest.chars().next() {
            Some(quote @ ('\'' | '"')) => at += string_length(rest, quote).unwrap_or(1),
            Some(character) if is_path(character) => {
                let length = path_length(rest);
                let path = rest.get(..length).unwrap_or_default();
                at += length;
                if functions.contains(&path) {
                    match call_at(text, at - length, end) {
                        Some(call) => {
                            at = call.range.end().into();
                            found.push(call);
                        }
                        None => unclosed += 1,
                    }
                }
            }
            Some(character) => at += character.len_utf8(),
            None => break,
        }
    }
    found
}

/// What a literal stands for: a string without its quotes, a number, `true`, `false`, `none`.
/// `None` for everything that would have to be computed.
pub fn literal(expression: &str) -> Option<&str> {
    let expression = expression.trim();
    match expression.chars().next()? {
        quote @ ('\'' | '"') => {
            let complete = string_length(expression, quote)? == expression.len();
            let content = expression.strip_prefix(quote)?.strip_suffix(quote)?;
            (complete && !content.contains('\\')).then_some(content)
        }
        '0'..='9' | '-' | '.' => expression.parse::<f64>().is_ok().then_some(expression),
        _ => matches!(
            expression,
            "true" | "True" | "false" | "False" | "none" | "None"
        )
        .then_some(expression),
    }
}

/// What a list of literals stands for, in brackets or in parentheses: each of them, in order. `None`
/// for everything that would have to be computed.
pub fn literals(expression: &str) -> Option<Vec<&str>> {
    let expression = expression.trim();
    let close = match expression.chars().next()? {
        '[' => ']',
        '(' => ')',
        _ => return None,
    };
    let inside = expression.get(1..)?;
    let (parts, end) = split_arguments(inside, close)?;
    if inside.len() != end + close.len_utf8() {
        return None;
    }
    let parts = parts.into_iter().filter_map(|(from, to)| {
        let part = inside.get(from..to)?;
        (!part.trim().is_empty()).then_some(part)
    });
    parts.map(literal).collect()
}

fn call_at(text: &str, start: usize, end: usize) -> Option<Call<'_>> {
    let rest = text.get(start..end)?;
    let length = path_length(rest);
    let function = rest.get(..length).filter(|path| !path.is_empty())?;
    let after = rest.get(length..)?;
    let open = after.len() - after.trim_start().len();
    if !after.trim_start().starts_with('(') {
        return None;
    }
    let first = start + length + open + 1;
    let inside = text.get(first..end)?;
    let (parts, close) = split_arguments(inside, ')')?;
    let arguments = parts
        .into_iter()
        .filter_map(|(from, to)| argument(text, first + from, first + to))
        .collect();
    Some(Call {
        function,
        range: range(start, first + close + 1),
        arguments,
    })
}

/// The comma-separated parts of `inside` and the offset of `close`, which ends it.
fn split_arguments(inside: &str, close: char) -> Option<(Vec<(usize, usize)>, usize)> {
    let mut parts = Vec::new();
    let mut depth = 0u32;
    let mut part_start = 0;
    let mut at = 0;
    loop {
        let rest = inside.get(at..)?;
        let character = rest.chars().next()?;
        match character {
            '\'' | '"' => at += string_length(rest, character)? - 1,
            '(' | '[' | '{' => depth += 1,
            _ if character == close && depth == 0 => {
                parts.push((part_start, at));
                return Some((parts, at));
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push((part_start, at));
                part_start = at + 1;
            }
            _ => at += character.len_utf8() - 1,
        }
        at += 1;
    }
}

fn argument(text: &str, start: usize, end: usize) -> Option<Argument<'_>> {
    let part = text.get(start..end)?;
    let content = part.trim();
    if content.is_empty() {
        return None;
    }
    let first = start + part.len() - part.trim_start().len();
    let (keyword, value) = match content.split_once('=') {
        Some((name, value)) if is_name(name.trim()) && !value.starts_with('=') => {
            (Some(name.trim()), value.trim())
        }
        _ => (None, content),
    };
    Some(Argument {
        keyword,
        value,
        range: range(first, first + content.len()),
    })
}

/// The length of the string literal that `text` starts with, quotes included.
pub(super) fn string_length(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

pub(super) fn path_length(text: &str) -> usize {
    text.find(|character| !is_path(character))
        .unwrap_or(text.len())
}

pub(super) fn is_path(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || character == '.'
}

fn is_name(word: &str) -> bool {
    !word.is_empty()
        && word
            .chars()
            .all(|character| character.is_alphanumeric() || character == '_')
}

fn range(start: usize, end: usize) -> TextRange {
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    TextRange::new(size(start), size(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Option<Call<'_>> {
        call(text, TextRange::up_to(TextSize::of(text)))
    }

    #[test]
    fn arguments_keep_their_keywords_and_places() {
        let text = "ref( 'pkg', \"x\" , v = 2)";
        let call = whole(text).unwrap();
        assert_eq!(call.function, "ref");
        let arguments: Vec<_> = call
            .arguments
            .iter()
            .map(|argument| (argument.keyword, literal(argument.value).unwrap()))
            .collect();
        assert_eq!(arguments, [(None, "pkg"), (None, "x"), (Some("v"), "2")]);
        let last = call.arguments[2].range;
        assert_eq!(
            text.get(last.start().into()..last.end().into()),
            Some("v = 2")
        );
    }

    #[test]
    fn only_a_whole_call_is_a_call() {
        for text in [
            "ref('a').name",
            "ref('a'",
            "ref",
            "('a')",
            "",
            "ref('a') + 'b'",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    #[test]
    fn nested_calls_are_found_and_strings_passed_over() {
        let text = "union([ref('a'), 'ref(1)', x.ref('c')], ref(\"b\"))";
        let names: Vec<_> = calls(text, TextRange::up_to(TextSize::of(text)), &["ref"])
            .iter()
            .map(|call| call.arguments[0].value.to_owned())
            .collect();
        assert_eq!(names, ["'a'", "\"b\""]);
    }

    #[test]
    fn literals_are_what_needs_no_computing() {
        assert_eq!(literal("'a b'"), Some("a b"));
        assert_eq!(literal("10"), Some("10"));
        assert_eq!(literal("false"), Some("false"));
        for text in ["a", "'a' ~ 'b'", "'a", "", "f()", "-", "'a\\n'"] {
            assert_eq!(literal(text), None, "{text}");
        }
    }
}
