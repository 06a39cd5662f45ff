//! Small conversions that several answers need.

/// `text` with every run of white space as one space, so that it fits into a sentence.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
