//! Ignore comments: `rationale: ignore CODE because …`.

use crate::file::Ignore;
use smol_str::SmolStr;
use syntax::{LineIndex, TextRange, TextSize};

/// The ignore comments among `comments` of `text`.
///
/// A comment that stands alone on its line is about the next line, any other about its own.
pub(crate) fn in_comments(text: &str, comments: &[TextRange]) -> Vec<Ignore> {
    if !text.contains(MARKER) {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
    comments
        .iter()
        .filter_map(|comment| in_comment(text, &lines, *comment))
        .collect()
}

pub(crate) const MARKER: &str = "rationale:";

fn in_comment(text: &str, lines: &LineIndex, comment: TextRange) -> Option<Ignore> {
    let content = text.get(comment.start().into()..comment.end().into())?;
    let content = content.trim_start_matches(['-', '#', '/', '*', '{', ' ', '\t']);
    let content = content.trim_end_matches(['*', '/', '#', '}', ' ', '\t', '\r', '\n']);
    let rest = content
        .strip_prefix(MARKER)?
        .trim_start()
        .strip_prefix("ignore")?;
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let (code, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    let because = rest
        .trim()
        .strip_prefix("because")
        .map(str::trim)
        .filter(|reason| !reason.is_empty());
    let line = lines.line(comment.start());
    let own = lines.line_range(text, line)?;
    let before = text.get(own.start().into()..comment.start().into())?;
    let last = lines.line(comment.end());
    let after = text.get(comment.end().into()..lines.line_range(text, last)?.end().into())?;
    let stands_alone = before.trim().is_empty() && after.trim().is_empty();
    let target = if stands_alone {
        next_line(text, lines, last)
    } else {
        own
    };
    Some(Ignore {
        code: SmolStr::new(code),
        because: because.map(str::to_owned),
        comment,
        target,
    })
}

/// The next line with anything on it.
fn next_line(text: &str, lines: &LineIndex, after: u32) -> TextRange {
    let following = (after + 1..lines.line_count()).filter_map(|line| lines.line_range(text, line));
    let is_blank = |range: &TextRange| {
        text.get(range.start().into()..range.end().into())
            .is_none_or(|line| line.trim().is_empty())
    };
    following
        .clone()
        .find(|range| !is_blank(range))
        .unwrap_or(TextRange::empty(TextSize::of(text)))
}

/// The comments of a YAML text: from a `#` at the start of a line or after a blank, outside of every
/// scalar in `scalars`, to the end of the line. `scalars` are in the order of the text.
pub(crate) fn yaml_comments(text: &str, scalars: &[TextRange]) -> Vec<TextRange> {
    let mut comments = Vec::new();
    if !text.contains(MARKER) {
        return comments;
    }
    let mut scalars = scalars.iter().peekable();
    let lines = LineIndex::new(text);
    for range in (0..lines.line_count()).filter_map(|line| lines.line_range(text, line)) {
        let line = text
            .get(range.start().into()..range.end().into())
            .unwrap_or_default();
        let mut blank_before = true;
        for (at, character) in line.char_indices() {
            let offset = range.start() + TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
            while scalars.next_if(|scalar| scalar.end() <= offset).is_some() {}
            let in_scalar = scalars.peek().is_some_and(|scalar| scalar.contains(offset));
            if character == '#' && blank_before && !in_scalar {
                comments.push(TextRange::new(offset, range.end()));
                break;
            }
            blank_before = character.is_whitespace();
        }
    }
    comments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comments_of(text: &str) -> Vec<TextRange> {
        yaml_comments(text, &[])
    }

    fn found(text: &str) -> Vec<(String, Option<String>, String)> {
        let target = |range: TextRange| {
            text.get(range.start().into()..range.end().into())
                .unwrap()
                .to_owned()
        };
        in_comments(text, &comments_of(text))
            .into_iter()
            .map(|ignore| {
                (
                    ignore.code.to_string(),
                    ignore.because,
                    target(ignore.target),
                )
            })
            .collect()
    }

    #[test]
    fn a_comment_behind_something_is_about_its_own_line() {
        let text = "a: 1\nb: 2  # rationale: ignore missing-why because it is a key\n";
        let line = "b: 2  # rationale: ignore missing-why because it is a key";
        assert_eq!(
            found(text),
            [(
                "missing-why".into(),
                Some("it is a key".into()),
                line.into()
            )]
        );
    }

    #[test]
    fn a_comment_alone_is_about_the_next_line_with_anything_on_it() {
        let text = "# rationale: ignore missing-why\n\nb: 2\n";
        assert_eq!(found(text), [("missing-why".into(), None, "b: 2".into())]);
    }

    #[test]
    fn other_comments_are_none() {
        assert!(
            found("# rationale\n# rationale: see below\n# rationale: ignored\nb: 2 # ignore x\n")
                .is_empty()
        );
    }

    #[test]
    fn a_comment_inside_a_scalar_is_none() {
        let text = "a: |\n  # rationale: ignore missing-why because x\n";
        let scalar = TextRange::new(3.into(), TextSize::of(text));
        assert!(yaml_comments(text, &[scalar]).is_empty());
        assert_eq!(yaml_comments(text, &[]).len(), 1);
    }
}
