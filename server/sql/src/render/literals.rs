//! Lists and dictionaries that a template writes down, made so that they can be changed in place.
//!
//! `[…]` becomes `__list([…])` and `{…}` becomes `__dict([…])`, with commas for colons, where they are values; `x[…]` is a
//! subscript and stays. Only tokens are looked at, and strings are passed over.

use std::borrow::Cow;

/// Words behind which a value begins.
const BEFORE_VALUES: &[&str] = &["in", "not", "and", "or", "if", "elif", "else", "is", "do"];

/// As many decimal digits fit in 128 bits,
const LONGEST_NUMBER: usize = 38;
/// and as many hexadecimal ones, with what stands before them.
const LONGEST_HEXADECIMAL: usize = 34;
/// Numbers with more digits are left to the engine.
const LONGEST_OF_ALL: usize = 1_000;

/// The inside of a tag with its literals wrapped.
pub(super) fn mutable(inner: &str) -> String {
    let spaced = plain_spaces(inner);
    let inner = spaced.as_ref();
    let bytes = inner.as_bytes();
    let mut out = String::with_capacity(inner.len() + 16);
    let mut wrapped: Vec<(bool, u8)> = Vec::new();
    let mut value_follows = true;
    let mut copied = 0;
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        match byte {
            b'\'' | b'"' => {
                at = string_end(bytes, at);
                value_follows = false;
                continue;
            }
            b'[' | b'{' => {
                copy(&mut out, inner, &mut copied, at);
                if value_follows {
                    out.push_str(if byte == b'[' { "__list(" } else { "__dict([" });
                    copied = at + usize::from(byte == b'{');
                }
                wrapped.push((value_follows, byte));
                value_follows = true;
            }
            b']' | b'}' => {
                let (is_value, opened) = wrapped.pop().unwrap_or_default();
                match (is_value, opened) {
                    (true, b'{') => {
                        copy(&mut out, inner, &mut copied, at);
                        copied = at + 1;
                        out.push_str("])");
                    }
                    _ => {
                        copy(&mut out, inner, &mut copied, at + 1);
                        out.push_str(if is_value { ")" } else { "" });
                    }
                }
                value_follows = false;
            }
            b':' if wrapped.last() == Some(&(true, b'{')) => {
                copy(&mut out, inner, &mut copied, at);
                copied = at + 1;
                out.push(',');
                value_follows = true;
            }
            b')' => value_follows = false,
            // The engine has no sign for what is positive anyway.
            b'+' if value_follows => {
                copy(&mut out, inner, &mut copied, at);
                copied = at + 1;
            }
            _ if is_word(byte) => {
                let end = word_end(bytes, at);
                let word = inner.get(at..end).unwrap_or_default();
                value_follows = BEFORE_VALUES.contains(&word);
                // Python's numbers have no end, the engine's have 128 bits.
                if let Some(digits) = long_number(word) {
                    copy(&mut out, inner, &mut copied, at);
                    out.push_str(&format!("'{digits}'"));
                    copied = end;
                }
                at = end;
                continue;
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => value_follows = true,
        }
        at += 1;
    }
    copy(&mut out, inner, &mut copied, inner.len());
    out
}

/// Whether an expression in the tag is so long that the engine, which goes through it from the
/// inside out, would go too deep. Commas part expressions.
pub(super) fn is_too_long(inner: &str) -> bool {
    if inner.len() <= LONGEST_EXPRESSION {
        return false;
    }
    let bytes = inner.as_bytes();
    let mut open = vec![0usize];
    let mut at = 0;
    while let Some(byte) = bytes.get(at).copied() {
        let depth = open.len();
        match byte {
            b'\'' | b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'(' | b'[' | b'{' => open.push(0),
            b')' | b']' | b'}' if depth > 1 => {
                let inside = open.pop().unwrap_or_default();
                if let Some(own) = open.last_mut() {
                    *own += inside + 1;
                }
            }
            b',' => {
                if let Some(own) = open.last_mut() {
                    *own = 0;
                }
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => {
                if let Some(own) = open.last_mut() {
                    *own += 1;
                }
                at = match is_word(byte) {
                    true => word_end(bytes, at),
                    false => at + 1,
                };
                if open.last().is_some_and(|own| *own > LONGEST_EXPRESSION) {
                    return true;
                }
                continue;
            }
        }
        if open.len() > LONGEST_EXPRESSION {
            return true;
        }
        at += 1;
    }
    open.into_iter().sum::<usize>() > LONGEST_EXPRESSION
}

/// How many words and signs an expression may have.
const LONGEST_EXPRESSION: usize = 5_000;

/// The text with the white space that only Python takes for white space made plain.
pub(super) fn plain_spaces(text: &str) -> Cow<'_, str> {
    let foreign = |character: char| !character.is_ascii() && character.is_whitespace();
    match text.contains(foreign) {
        true => Cow::Owned(text.replace(foreign, " ")),
        false => Cow::Borrowed(text),
    }
}

/// The decimal digits of a whole number that is too large for 128 bits.
fn long_number(word: &str) -> Option<String> {
    if word.len() > LONGEST_OF_ALL || word.len() <= LONGEST_HEXADECIMAL {
        return None;
    }
    let Some(hexadecimal) = word.strip_prefix("0x") else {
        let decimal = word.bytes().all(|byte| byte.is_ascii_digit());
        return (decimal && word.len() > LONGEST_NUMBER).then(|| word.to_owned());
    };
    // From the last digit to the first.
    let mut decimal = vec![0u32];
    for character in hexadecimal.chars() {
        let mut carry = character.to_digit(16)?;
        for digit in &mut decimal {
            carry += *digit * 16;
            *digit = carry % 10;
            carry /= 10;
        }
        while carry > 0 {
            decimal.push(carry % 10);
            carry /= 10;
        }
    }
    let digits = decimal.into_iter().rev();
    digits.map(|digit| char::from_digit(digit, 10)).collect()
}

/// Target and value of what stands behind `set`; `None` for a block.
pub(super) fn assignment(rest: &str) -> Option<(&str, &str)> {
    let at = top_level(rest, |bytes, at| {
        bytes.get(at) == Some(&b'=') && bytes.get(at + 1) != Some(&b'=')
    })?;
    Some((rest.get(..at)?, rest.get(at + 1..)?))
}

/// Whether something is added up or filtered in a value.
pub(super) fn computes(value: &str) -> bool {
    top_level(value, |bytes, at| {
        matches!(bytes.get(at), Some(b'+' | b'|'))
    })
    .is_some()
}

/// The parts of a list between commas.
pub(super) fn parts(mut list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    while let Some(at) = top_level(list, |bytes, at| bytes.get(at) == Some(&b',')) {
        parts.push(list.get(..at).unwrap_or_default());
        list = list.get(at + 1..).unwrap_or_default();
    }
    parts.push(list);
    parts
}

/// The first offset outside strings and brackets at which `wanted` holds.
fn top_level(text: &str, wanted: impl Fn(&[u8], usize) -> bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' => {
                at = string_end(bytes, at);
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && wanted(bytes, at) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The offset behind the string that opens at `start`.
pub(super) fn string_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes.get(start);
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            _ if Some(byte) == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || !byte.is_ascii()
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let length = rest.iter().position(|byte| !is_word(*byte));
    length.map_or(bytes.len(), |length| start + length)
}

fn copy(out: &mut String, text: &str, copied: &mut usize, to: usize) {
    out.push_str(text.get(*copied..to).unwrap_or_default());
    *copied = to;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_wrapped_and_subscripts_are_not() {
        for (inner, expected) in [
            ("[]", "__list([])"),
            ("x[0]", "x[0]"),
            ("x[0][1:]", "x[0][1:]"),
            ("f()[0]", "f()[0]"),
            ("set x = {'a': [1]}", "set x = __dict(['a', __list([1])])"),
            ("for x in [1] ", "for x in __list([1]) "),
            ("f(a=[b[1]], c={})", "f(a=__list([b[1]]), c=__dict([]))"),
            ("'[' ~ \"{\\\"\"", "'[' ~ \"{\\\"\""),
            (
                "{a[1:2]: {'b': c}}.d",
                "__dict([a[1:2], __dict(['b', c])]).d",
            ),
            ("x if y else []", "x if y else __list([])"),
            ("f(a=+1, b = c + +2)", "f(a=1, b = c + 2)"),
            ("a\u{a0}", "a "),
            (
                "0xffffffffffffffffffffffffffffffffff",
                "'87112285931760246646623899502532662132735'",
            ),
            ("f(0x10)", "f(0x10)"),
            ("é[0]", "é[0]"),
        ] {
            assert_eq!(mutable(inner), expected);
        }
    }

    #[test]
    fn assignments_are_told_from_blocks() {
        assert_eq!(assignment(" x = 1"), Some((" x ", " 1")));
        assert_eq!(assignment(" x"), None);
        assert_eq!(assignment(" x | f(a=1)"), None);
    }
}
