//! Edits of a text.

use crate::text::{TextRange, TextSize};

/// Replaces the text in `range` by `insert`. Both are byte offsets into the text before any edit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub range: TextRange,
    /// What stands there afterwards.
    pub insert: String,
}

impl TextEdit {
    /// Inserts `text` at `offset`.
    pub fn insert(offset: TextSize, text: impl Into<String>) -> TextEdit {
        TextEdit {
            range: TextRange::empty(offset),
            insert: text.into(),
        }
    }

    /// Replaces `range` by `text`.
    pub fn replace(range: TextRange, text: impl Into<String>) -> TextEdit {
        TextEdit {
            range,
            insert: text.into(),
        }
    }

    /// Removes `range`.
    pub fn delete(range: TextRange) -> TextEdit {
        TextEdit {
            range,
            insert: String::new(),
        }
    }
}

/// The text after all `edits`, which must not overlap; edits at one offset apply in their order.
///
/// `None` when an edit lies outside the text, splits a character or overlaps another one.
pub fn apply(text: &str, edits: &[TextEdit]) -> Option<String> {
    let mut ordered: Vec<&TextEdit> = edits.iter().collect();
    ordered.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    let mut result = String::with_capacity(text.len());
    let mut copied = 0usize;
    for edit in ordered {
        result.push_str(text.get(copied..edit.range.start().into())?);
        result.push_str(&edit.insert);
        copied = edit.range.end().into();
    }
    result.push_str(text.get(copied..)?);
    Some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(start: u32, end: u32, insert: &str) -> TextEdit {
        TextEdit::replace(TextRange::new(start.into(), end.into()), insert)
    }

    #[test]
    fn edits_apply_to_the_text_before_any_of_them() {
        assert_eq!(
            apply("one two", &[edit(4, 7, "2"), edit(0, 3, "1")]).as_deref(),
            Some("1 2")
        );
        assert_eq!(
            apply("ab", &[edit(1, 1, "x"), edit(1, 1, "y")]).as_deref(),
            Some("axyb")
        );
    }

    #[test]
    fn edits_that_overlap_or_split_a_character_are_refused() {
        assert_eq!(apply("abcdef", &[edit(0, 3, ""), edit(2, 4, "")]), None);
        assert_eq!(apply("é", &[edit(1, 1, "x")]), None);
        assert_eq!(apply("a", &[edit(0, 5, "")]), None);
    }
}
