//! Names in YAML: replaced as text, and the whole file read again to see that nothing else has changed.

use super::Refusal;
use super::edits::FileEdits;
use syntax::yaml::{Entry, Node, NodeKind, Style, parse};
use syntax::{Name, TextRange, TextSize};

/// Where the content of a scalar stands: without its quotes.
pub(super) fn content(node: &Node) -> Option<TextRange> {
    let NodeKind::Scalar { style, .. } = &node.kind else {
        return None;
    };
    match style {
        Style::SingleQuoted | Style::DoubleQuoted => {
            let one = TextSize::new(1);
            let (start, end) = (node.range.start() + one, node.range.end().checked_sub(one)?);
            (start <= end).then(|| TextRange::new(start, end))
        }
        Style::Plain | Style::Literal | Style::Folded => Some(node.range),
    }
}

/// A name as all of a plain scalar: in quotes where YAML would read something else.
pub(super) fn plain(name: &str) -> String {
    let reads_otherwise = [
        "true", "false", "null", "yes", "no", "on", "off", "y", "n", "~",
    ];
    let is_otherwise = reads_otherwise
        .iter()
        .any(|word| word.eq_ignore_ascii_case(name));
    let is_letter = |letter: char| letter.is_alphanumeric() || "_ -".contains(letter);
    let starts_plainly = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    match !is_otherwise && starts_plainly && name.chars().all(is_letter) {
        true => name.to_owned(),
        false => format!("\"{name}\""),
    }
}

/// Whether `edits` leave the tree of `text` as it is, but for scalars that they touch.
///
/// # Errors
/// Where they do not.
pub(super) fn verified(
    path: &str,
    text: &str,
    edits: &FileEdits,
    new: &Name,
) -> Result<(), Refusal> {
    let verified = || {
        let after = edits.applied(text)?;
        let (before, after) = (parse(text), parse(&after));
        let is_as_sound = after.problems.len() <= before.problems.len();
        let is_as_long = after.documents.len() == before.documents.len();
        let mut pairs = before.documents.iter().zip(&after.documents);
        let is_same = pairs.all(|(before, after)| is_same(&before.root, &after.root, edits, new));
        (is_as_sound && is_as_long && is_same).then_some(())
    };
    verified().ok_or_else(|| {
        Refusal::new(format!(
            "`{path}` can't be edited safely: the name is written there in a way that a rename would break."
        ))
    })
}

/// Whether neither has more entries than the other, but for the `expr` of a semantic model.
fn is_as_long(before: &[Entry], after: &[Entry]) -> bool {
    let is_expr =
        |entry: Option<&Entry>| entry.is_some_and(|entry| entry.key.as_str() == Some("expr"));
    match before.len().abs_diff(after.len()) {
        0 => true,
        1 if before.len() < after.len() => is_expr(after.last()),
        1 => is_expr(before.last()),
        _ => false,
    }
}

fn is_same(before: &Node, after: &Node, edits: &FileEdits, new: &Name) -> bool {
    match (&before.kind, &after.kind) {
        (NodeKind::Scalar { value, .. }, NodeKind::Scalar { value: then, .. }) => {
            let new = new.as_str().to_ascii_lowercase();
            match edits.touches(before.range) {
                true => then.to_ascii_lowercase().contains(&new),
                false => value == then,
            }
        }
        (
            NodeKind::Mapping { entries, .. },
            NodeKind::Mapping {
                entries: then_entries,
                ..
            },
        ) => {
            let mut pairs = entries.iter().zip(then_entries);
            is_as_long(entries, then_entries)
                && pairs.all(|(before, after)| {
                    is_same(&before.key, &after.key, edits, new)
                        && is_same(&before.value, &after.value, edits, new)
                })
        }
        (NodeKind::Sequence { items, .. }, NodeKind::Sequence { items: then, .. }) => {
            let mut pairs = items.iter().zip(then);
            items.len() == then.len()
                && pairs.all(|(before, after)| is_same(before, after, edits, new))
        }
        (NodeKind::Null, NodeKind::Null) => true,
        (NodeKind::Alias(one), NodeKind::Alias(other)) => one == other,
        _ => false,
    }
}
