//! Values that are valid YAML, and yet probably not what was meant.
//!
//! These are facts about single scalars. Whether one is worth a word to a person depends on what
//! its key means, which is not known here.

use super::bytes::{byte, line_end, range};
use super::tree::{Document, Node, NodeKind, Style};
use crate::text::TextRange;

/// A plain text behind which ` #word` stands: YAML reads that as a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// What YAML reads.
    pub value: TextRange,
    /// What it does not, from the `#` to the end of the line.
    pub comment: TextRange,
    /// It stands in brackets or braces: what follows the text there is cut off along with it.
    pub in_flow: bool,
}

/// The plain values of `document` that a `#` cuts off. Comments that are written as such, with two
/// spaces before the `#` or one behind it, are none of them.
pub fn cut_off_texts(text: &str, document: &Document) -> Vec<CutOff> {
    let mut found = Vec::new();
    collect(text, &document.root, false, &mut found);
    found
}

fn collect(text: &str, node: &Node, in_flow: bool, found: &mut Vec<CutOff>) {
    found.extend(cut_off(text, node, in_flow));
    let is_flow = matches!(
        node.kind,
        NodeKind::Sequence { flow: true, .. } | NodeKind::Mapping { flow: true, .. }
    );
    for item in node.items() {
        collect(text, item, in_flow || is_flow, found);
    }
    for entry in node.entries() {
        collect(text, &entry.value, in_flow || is_flow, found);
    }
}

fn cut_off(text: &str, node: &Node, in_flow: bool) -> Option<CutOff> {
    let NodeKind::Scalar {
        style: Style::Plain,
        ..
    } = node.kind
    else {
        return None;
    };
    let end = usize::from(node.range.end());
    let glued = text.get(end..)?.strip_prefix(" #")?;
    if !glued.starts_with(char::is_alphanumeric) {
        return None;
    }
    let mut comment_end = line_end(text, end);
    while byte(text, comment_end - 1) == b' ' {
        comment_end -= 1;
    }
    Some(CutOff {
        value: node.range,
        comment: range(end + 1, comment_end),
        in_flow,
    })
}

/// What YAML 1.1, which dbt and many others read, takes the plain scalar `text` for, where YAML 1.2
/// takes it for something else (<https://yaml.org/type/>, bool, int and float). Dates are left out:
/// who writes one means one.
pub fn yaml_1_1_reads_otherwise(text: &str) -> Option<String> {
    if let Some(boolean) = old_boolean(text) {
        return Some(format!("the boolean `{boolean}`"));
    }
    if text.starts_with("0o") && is_all(text.get(2..)?, "01234567") {
        return Some("a text, not a number".to_owned());
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let sign = if text.starts_with('-') { "-" } else { "" };
    let number = old_integer(unsigned)?;
    Some(format!("the number {sign}{number}"))
}

fn old_boolean(text: &str) -> Option<bool> {
    let words = [
        ("y", true),
        ("n", false),
        ("yes", true),
        ("no", false),
        ("on", true),
        ("off", false),
    ];
    // As a word, as a name, or in capitals; not `oN`.
    let lower = text.to_ascii_lowercase();
    let capitalised = text.get(1..).is_some_and(|rest| lower.ends_with(rest));
    let in_capitals = text == text.to_ascii_uppercase();
    let (_, boolean) = words.iter().find(|(word, _)| *word == lower)?;
    (capitalised || in_capitals).then_some(*boolean)
}

/// Octal, binary and sexagesimal integers, and underscores between digits.
fn old_integer(text: &str) -> Option<u64> {
    let digits: String = text.chars().filter(|digit| *digit != '_').collect();
    if !text.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    if let Some(binary) = digits.strip_prefix("0b") {
        return u64::from_str_radix(binary, 2).ok();
    }
    if digits.contains(':') {
        return sexagesimal(&digits);
    }
    match digits.strip_prefix('0') {
        Some(octal) if is_all(octal, "01234567") => u64::from_str_radix(octal, 8).ok(),
        _ if text.contains('_') && is_all(&digits, "0123456789") => digits.parse().ok(),
        _ => None,
    }
}

/// `1:30` is 90, as in degrees and in minutes.
fn sexagesimal(digits: &str) -> Option<u64> {
    let mut parts = digits.split(':');
    let first = parts.next()?;
    if first.starts_with('0') || !is_all(first, "0123456789") {
        return None;
    }
    let mut value: u64 = first.parse().ok()?;
    for part in parts {
        let part = Some(part).filter(|part| part.len() <= 2 && is_all(part, "0123456789"))?;
        let part: u64 = part.parse().ok().filter(|part| *part < 60)?;
        value = value.checked_mul(60)?.checked_add(part)?;
    }
    Some(value)
}

fn is_all(text: &str, allowed: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| allowed.contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    #[test]
    fn what_yaml_1_1_reads() {
        for (text, reading) in [
            ("no", "the boolean `false`"),
            ("On", "the boolean `true`"),
            ("YES", "the boolean `true`"),
            ("n", "the boolean `false`"),
            ("017", "the number 15"),
            ("-017", "the number -15"),
            ("1:30", "the number 90"),
            ("1_000", "the number 1000"),
            ("0b11", "the number 3"),
            ("0o17", "a text, not a number"),
        ] {
            let found = yaml_1_1_reads_otherwise(text);
            assert_eq!(found.as_deref(), Some(reading), "{text}");
        }
        for text in [
            "",
            "note",
            "true",
            "null",
            "0",
            "17",
            "08",
            "1.5",
            "0x1F",
            "2026-01-10",
            "12:75",
            "1:2:3:x",
            "oN",
            "_1",
            "00:30",
            "é",
        ] {
            assert_eq!(yaml_1_1_reads_otherwise(text), None, "{text}");
        }
    }

    #[test]
    fn a_glued_hash_cuts_a_text_off() {
        let text = "\
why: see ticket #1234 for more  
a: b # a comment
c: d  #another
e: f#g
h: \"quoted\" #comment
i: [x #y
 , z]
";
        let document = &parse(text).documents[0];
        let found = cut_off_texts(text, document);
        let slice = |range: TextRange| text.get(range.start().into()..range.end().into()).unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|cut| (slice(cut.value), slice(cut.comment)))
            .collect();
        assert_eq!(found, [("see ticket", "#1234 for more"), ("x", "#y")]);
    }
}
