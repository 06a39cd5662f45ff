//! How a text is written as a scalar: plain where every reader of YAML takes it for that text.

use crate::yaml::tree::Style;
use crate::yaml::yaml_1_1_reads_otherwise;

/// A text as a key.
pub(super) fn key(text: &str) -> String {
    inline(text, Style::Plain, true)
}

/// A text on one line, in `style` if that can say it; `in_flow` where brackets are around it.
pub(super) fn inline(text: &str, style: Style, in_flow: bool) -> String {
    let printable = !text.chars().any(|character| {
        character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}')
    });
    match style {
        Style::SingleQuoted if printable => single_quoted(text),
        Style::DoubleQuoted => double_quoted(text),
        _ if printable && is_plain(text, in_flow) => text.to_owned(),
        _ if printable && text.contains(['"', '\\']) => single_quoted(text),
        _ => double_quoted(text),
    }
}

/// Whether a text of several lines can stand in a literal block.
pub(super) fn fits_block(text: &str) -> bool {
    let odd = |character: char| {
        (character.is_control() && !matches!(character, '\n' | '\t'))
            || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{85}')
    };
    // Blanks at the start would be taken for indentation.
    text.trim_end_matches('\n').contains('\n')
        && !text.contains(odd)
        && !text.starts_with([' ', '\t', '\n'])
}

/// The header that makes a literal block say exactly `text`.
pub(super) fn block_header(text: &str) -> &'static str {
    let breaks = text.len() - text.trim_end_matches('\n').len();
    match breaks {
        0 => "|-",
        1 => "|",
        _ => "|+",
    }
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    let indicator = |character: char| "-?:,[]{}#&*!|>'\"%@`=<~".contains(character);
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(indicator)
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with(':')
        && !text.starts_with("...")
        && !(in_flow && text.contains([',', '[', ']', '{', '}', ':']))
        && !is_number_or_word(text)
}

/// What YAML reads as no text: a number, a boolean, null, a date.
fn is_number_or_word(text: &str) -> bool {
    let word = ["true", "false", "null"];
    word.iter().any(|word| text.eq_ignore_ascii_case(word))
        || text.parse::<f64>().is_ok()
        || text.starts_with(|first: char| first.is_ascii_digit() || first == '.' || first == '+')
            && !text.contains(' ')
        || yaml_1_1_reads_otherwise(text).is_some()
}

fn single_quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            odd if odd.is_control() || matches!(odd, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(odd)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
