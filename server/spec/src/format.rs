//! The layout of a native spec: indentation, blank lines between tables and amendments, no blanks at the
//! ends of lines, and a line end at the end. Words, quotes, comments, brackets and the order of things
//! stay as they are.
//!
//! The result is read again before it is given: it says what the text said before, in the same signs, or
//! there is none.

mod blanks;
mod indent;

use indent::Indents;
use syntax::edit::TextEdit;
use syntax::yaml::{self, NodeKind};
use syntax::{TextRange, TextSize};

/// Why a text has no better layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unformatted {
    /// It is not valid YAML, or one whose layout is not understood.
    #[error("it is not valid YAML, or has more than one document")]
    NotUnderstood,
    /// What came out would have said something else.
    #[error("another layout of it would say something else")]
    Unsafe,
}

/// The edits that bring a spec into its layout, in the order of the text; none where it is there.
///
/// # Errors
/// See [`Unformatted`].
pub fn format(text: &str) -> Result<Vec<TextEdit>, Unformatted> {
    let parse = yaml::parse(text);
    let is_one = parse.documents.len() == 1 && parse.problems.is_empty();
    if !is_one || text.contains('\t') && text.lines().any(starts_with_tab) {
        return Err(Unformatted::NotUnderstood);
    }
    let root = parse.root().ok_or(Unformatted::NotUnderstood)?;
    if !matches!(root.kind, NodeKind::Mapping { flow: false, .. }) {
        return Err(Unformatted::NotUnderstood);
    }
    let lines = Lines::new(text);
    let indents = Indents::new(&lines, root).ok_or(Unformatted::NotUnderstood)?;
    let laid_out: Vec<Output> = indents.laid_out(&lines);
    let laid_out = blanks::between(&lines, &indents, root, laid_out);
    let edits = edits(&lines, &laid_out);
    let after = syntax::edit::apply(text, &edits).ok_or(Unformatted::Unsafe)?;
    let again = yaml::parse(&after);
    let is_same = again.problems.is_empty()
        && yaml::say_the_same(&parse.documents, &again.documents)
        && signs(text).eq(signs(&after));
    is_same.then_some(edits).ok_or(Unformatted::Unsafe)
}

/// All that is no blank and no line end.
fn signs(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| !letter.is_whitespace())
}

fn starts_with_tab(line: &str) -> bool {
    let blanks = line.len() - line.trim_start().len();
    line.get(..blanks)
        .is_some_and(|blanks| blanks.contains('\t'))
}

/// A line of the result.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Output {
    /// The line that it was; none for one that is new.
    line: Option<usize>,
    /// What it holds.
    text: String,
}

/// The lines of a text.
struct Lines<'t> {
    text: &'t str,
    /// Each line, without its line end.
    lines: Vec<TextRange>,
    /// What ends most of them: the first one tells.
    end: &'static str,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Lines<'t> {
        let index = syntax::LineIndex::new(text);
        let lines = (0..index.line_count()).filter_map(|line| index.line_range(text, line));
        let first_end = text.find('\n');
        let is_crlf = first_end
            .and_then(|at| text.get(..at))
            .is_some_and(|line| line.ends_with('\r'));
        Lines {
            text,
            lines: lines.collect(),
            end: if is_crlf { "\r\n" } else { "\n" },
        }
    }

    fn line(&self, at: usize) -> &'t str {
        let range = self.lines.get(at).copied().unwrap_or_default();
        self.slice(range)
    }

    fn slice(&self, range: TextRange) -> &'t str {
        self.text
            .get(range.start().into()..range.end().into())
            .unwrap_or_default()
    }

    /// The line that an offset is on.
    fn of(&self, offset: TextSize) -> usize {
        let following = self.lines.partition_point(|line| line.start() <= offset);
        following.saturating_sub(1)
    }

    /// How far an offset is from the start of its line, in bytes.
    fn column(&self, offset: TextSize) -> usize {
        let line = self.lines.get(self.of(offset));
        line.map_or(0, |line| usize::from(offset - line.start()))
    }
}

/// The edits that turn the lines into those of the result, which keep their order.
fn edits(lines: &Lines<'_>, laid_out: &[Output]) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    let mut next = 0;
    for output in laid_out {
        let Some(line) = output.line else {
            let at = lines.lines.get(next).map(|line| line.start());
            let at = at.unwrap_or(TextSize::of(lines.text));
            edits.push(TextEdit::insert(
                at,
                format!("{}{}", output.text, lines.end),
            ));
            continue;
        };
        remove(lines, next..line, &mut edits);
        let range = lines.lines.get(line).copied().unwrap_or_default();
        let before = lines.slice(range);
        if before != output.text {
            edits.push(change(range, before, &output.text));
        }
        next = line + 1;
    }
    // Behind the last line that stays there is one line end.
    let last = next.checked_sub(1).and_then(|last| lines.lines.get(last));
    if let Some(last) = last {
        let rest = TextRange::new(last.end(), TextSize::of(lines.text));
        let written = lines.slice(rest);
        if written != lines.end && written != "\n" && written != "\r\n" {
            edits.push(TextEdit::replace(rest, lines.end));
        }
    }
    edits
}

/// Removes whole lines.
fn remove(lines: &Lines<'_>, gone: std::ops::Range<usize>, edits: &mut Vec<TextEdit>) {
    let start = lines.lines.get(gone.start).map(|line| line.start());
    let end = lines.lines.get(gone.end).map(|line| line.start());
    if let (Some(start), Some(end), false) = (start, end, gone.is_empty()) {
        edits.push(TextEdit::delete(TextRange::new(start, end)));
    }
}

/// Only what differs, so that a cursor elsewhere in the line stays where it is.
fn change(range: TextRange, before: &str, after: &str) -> TextEdit {
    let same = |left: &mut dyn Iterator<Item = char>, right: &mut dyn Iterator<Item = char>| {
        let pairs = left.zip(right).take_while(|(left, right)| left == right);
        pairs.map(|(letter, _)| letter.len_utf8()).sum::<usize>()
    };
    let start = same(&mut before.chars(), &mut after.chars());
    let (rest_before, rest_after) = (
        before.get(start..).unwrap_or_default(),
        after.get(start..).unwrap_or_default(),
    );
    let end = same(
        &mut rest_before.chars().rev(),
        &mut rest_after.chars().rev(),
    );
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    let insert = rest_after.get(..rest_after.len() - end).unwrap_or_default();
    let range = TextRange::new(range.start() + size(start), range.end() - size(end));
    TextEdit::replace(range, insert)
}

#[cfg(test)]
mod tests;
