//! How a text is laid out: its line ends, its indentation, and what stands behind on a line.

use syntax::{TextEdit, TextRange, TextSize};

/// How a text is laid out.
pub(super) struct Layout<'t> {
    text: &'t str,
    /// How its lines end.
    pub(super) newline: &'static str,
}

impl<'t> Layout<'t> {
    /// That of `text`.
    pub(super) fn of(text: &'t str) -> Layout<'t> {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        Layout { text, newline }
    }

    /// The white space that the line of `at` begins with.
    pub(super) fn indent_at(&self, at: TextSize) -> &'t str {
        let line = self.line_before(at);
        let rest = line.trim_start_matches([' ', '\t']);
        line.strip_suffix(rest).unwrap_or_default()
    }

    /// One step of indentation: that of the first line that has any.
    pub(super) fn step(&self) -> &'t str {
        let indents = self.text.lines().filter_map(|line| {
            let rest = line.trim_start_matches([' ', '\t']);
            let indent = line.strip_suffix(rest)?;
            (!indent.is_empty() && !rest.is_empty()).then_some(indent)
        });
        indents.min_by_key(|indent| indent.len()).unwrap_or("    ")
    }

    /// Where the line of `at` ends, before its line break, if nothing but white space and a comment
    /// stands behind `at`; else `at`.
    pub(super) fn end_of_line(&self, at: TextSize) -> TextSize {
        let rest = self.rest_of_line(at);
        let code = rest.trim_start();
        match code.is_empty() {
            true => at,
            false if code.starts_with("--") => at + TextSize::of(rest.trim_end()),
            false => at,
        }
    }

    /// Whether a comment that ends with its line stands right behind `at`.
    pub(super) fn has_comment_behind(&self, at: TextSize) -> bool {
        self.rest_of_line(at).trim_start().starts_with("--")
    }

    /// The edits that take `parts` out, and every line of which nothing else is left.
    pub(super) fn without(&self, parts: &[TextRange]) -> Vec<TextEdit> {
        let mut parts = parts.to_vec();
        parts.sort_by_key(|part| part.start());
        let joined = self.joined(parts);
        joined
            .into_iter()
            .map(|part| TextEdit::delete(self.widened(part)))
            .collect()
    }

    /// Parts that only white space stands between are one.
    fn joined(&self, parts: Vec<TextRange>) -> Vec<TextRange> {
        let mut joined: Vec<TextRange> = Vec::new();
        for part in parts {
            let between = joined
                .last()
                .and_then(|last| self.text.get(last.end().into()..part.start().into()));
            match (joined.last_mut(), between) {
                (Some(last), Some(between)) if between.trim().is_empty() => {
                    *last = last.cover(part);
                }
                _ => joined.push(part),
            }
        }
        joined
    }

    /// `part` with the white space that would be left over: its whole lines if it is all of them, else
    /// the blanks behind it, or before it at the end of a line.
    fn widened(&self, part: TextRange) -> TextRange {
        let before = self.line_before(part.start());
        let behind = self.rest_of_line(part.end());
        let blanks = TextSize::of(behind) - TextSize::of(behind.trim_start());
        let is_alone = before.trim().is_empty() && behind.trim().is_empty();
        if is_alone {
            let start = part.start() - TextSize::of(before);
            let break_ = self.text.get((part.end() + TextSize::of(behind)).into()..);
            let break_ = break_.is_some_and(|rest| rest.starts_with('\n'));
            let end = part.end() + TextSize::of(behind);
            let end = if break_ {
                end + TextSize::of('\n')
            } else {
                end
            };
            return TextRange::new(start, end);
        }
        if before.trim().is_empty() {
            return TextRange::new(part.start(), part.end() + blanks);
        }
        match behind.trim().is_empty() {
            true => {
                let kept = TextSize::of(before.trim_end());
                let start = part.start() - TextSize::of(before) + kept;
                TextRange::new(start, part.end())
            }
            false if before.ends_with(char::is_whitespace) => {
                TextRange::new(part.start(), part.end() + blanks)
            }
            false => part,
        }
    }

    fn line_before(&self, at: TextSize) -> &'t str {
        let before = self.text.get(..at.into()).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default()
    }

    /// What stands behind `at` on its line, with a carriage return if there is one.
    fn rest_of_line(&self, at: TextSize) -> &'t str {
        let behind = self.text.get(at.into()..).unwrap_or_default();
        behind.split('\n').next().unwrap_or_default()
    }
}
