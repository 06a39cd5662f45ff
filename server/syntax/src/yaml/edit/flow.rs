//! Edits inside of brackets. A comment there must keep its line to itself.

use super::layout::{column, line_start};
use super::place::Place;
use super::{Editor, Refusal, Value};
use crate::edit::TextEdit;
use crate::yaml::bytes::{byte, line_end, range};

impl Editor<'_> {
    /// Writes a member in front of the one with the number `at`.
    pub(super) fn insert_into_flow(
        &self,
        place: &Place<'_>,
        at: usize,
        written: &str,
        value: &Value,
    ) -> Result<Vec<TextEdit>, Refusal> {
        let members = place.members();
        let mut edits = match (at.checked_sub(1), members.first()) {
            (_, None) => vec![self.insert(place.start() + 1, written.to_owned())],
            (None, Some((first, _))) => vec![self.insert(*first, format!("{written}, "))],
            (Some(before), Some(_)) => {
                let (start, end) = members.get(before).copied().ok_or(Refusal::NoSuchPlace)?;
                let next = members.get(at).map(|(start, _)| *start);
                let limit = next.unwrap_or(place.end() - 1);
                self.insert_behind(start, end, limit, next.is_some(), written)
            }
        };
        edits.extend(self.comment_behind(place, value));
        Ok(edits)
    }

    fn insert_behind(
        &self,
        start: usize,
        end: usize,
        limit: usize,
        has_next: bool,
        written: &str,
    ) -> Vec<TextEdit> {
        let comma = self.comma(end, limit);
        let own_line = self
            .text
            .get(line_start(self.text, start)..start)
            .is_some_and(|before| before.trim().is_empty());
        if !own_line {
            return match comma {
                // A comma behind the last member stays behind the last member.
                Some(comma) if !has_next => vec![self.insert(comma + 1, format!(" {written}"))],
                _ => vec![self.insert(end, format!(", {written}"))],
            };
        }
        // One member a line: the new one gets a line of its own, behind the comment of this one.
        let indentation = " ".repeat(column(self.text, start));
        let line = format!("{}{indentation}{written}", self.layout.line_break);
        match comma {
            Some(comma) => {
                let line_end = line_end(self.text, comma).min(self.line_limit(comma, limit));
                vec![self.insert(line_end, format!("{line},"))]
            }
            None => {
                let line_end = line_end(self.text, end).min(self.line_limit(end, limit));
                vec![
                    self.insert(end, ",".to_owned()),
                    self.insert(line_end, line),
                ]
            }
        }
    }

    /// `limit`, if it stands on the same line as `at`; else the end of the text.
    fn line_limit(&self, at: usize, limit: usize) -> usize {
        if limit <= line_end(self.text, at) {
            limit
        } else {
            self.text.len()
        }
    }

    /// Removes a member, with the comma that it no longer needs.
    pub(super) fn remove_from_flow(&self, place: &Place<'_>, index: usize) -> Vec<TextEdit> {
        let members = place.members();
        let Some((start, end)) = members.get(index).copied() else {
            return Vec::new();
        };
        let has_comment = |start: usize, end: usize| {
            let between = self.text.get(start..end);
            between.is_none_or(|between| between.contains('#'))
        };
        let next = members.get(index + 1).map(|(start, _)| *start);
        let before = index.checked_sub(1).and_then(|before| members.get(before));
        match (next, before) {
            (Some(next), _) if !has_comment(end, next) => {
                vec![TextEdit::delete(range(start, next))]
            }
            (None, Some((_, before))) if !has_comment(*before, start) => {
                vec![TextEdit::delete(range(*before, end))]
            }
            _ => {
                let mut edits = vec![TextEdit::delete(range(start, end))];
                if let Some(comma) = self.comma(end, next.unwrap_or(place.end())) {
                    edits.push(TextEdit::delete(range(comma, comma + 1)));
                }
                edits
            }
        }
    }

    /// The comma between `at` and `limit`, if one is there outside of comments.
    fn comma(&self, mut at: usize, limit: usize) -> Option<usize> {
        while at < limit {
            match byte(self.text, at) {
                b',' => return Some(at),
                b'#' => at = line_end(self.text, at),
                _ => at += 1,
            }
        }
        None
    }

    /// The comment of a value in brackets: behind the closing one, if that ends its line.
    fn comment_behind(&self, place: &Place<'_>, value: &Value) -> Option<TextEdit> {
        let comment = value.comment.as_ref()?;
        let end = place.end();
        let rest = self.text.get(end..line_end(self.text, end))?;
        let ends_line = !place.in_flow && rest.trim().is_empty();
        ends_line.then(|| self.insert(end, format!("  # {comment}")))
    }
}
