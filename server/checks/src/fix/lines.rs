//! The sentences of a literal block, one a line: one is taken out or added, and the other lines stay as they
//! are.

use super::sheet::{Path, Sheet};
use syntax::yaml::{NodeKind, Style};
use syntax::{TextEdit, TextRange, TextSize};

/// Whether what stands at `path` is a literal block.
pub(crate) fn is_block(sheet: &Sheet<'_>, path: &Path) -> bool {
    sentences(sheet, path).is_some()
}

/// Takes out the line of the sentence with the number `at`, which stands at `range`.
pub(crate) fn take_out(
    sheet: &mut Sheet<'_>,
    path: &Path,
    at: usize,
    range: TextRange,
) -> Option<()> {
    let mut left = sentences(sheet, path)?;
    if at >= left.len() {
        return None;
    }
    left.remove(at);
    let line = whole_line(sheet.text(), range)?;
    sheet.take(vec![TextEdit::delete(line)])?;
    (sentences(sheet, path)? == left).then_some(())
}

/// Adds a line for `sentence` behind the others, of which there is one.
pub(crate) fn append(sheet: &mut Sheet<'_>, path: &Path, sentence: &str) -> Option<()> {
    let mut all = sentences(sheet, path).filter(|all| !all.is_empty())?;
    all.push(sentence.to_owned());
    let range = sheet.node(path)?.range;
    let source = sheet.text().get(range.start().into()..range.end().into())?;
    let written = source.trim_end();
    let last = written.lines().next_back()?;
    let indentation = last.strip_suffix(last.trim_start())?;
    let line_break = if source.contains("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let line = format!("{line_break}{indentation}{sentence}");
    let end = range.start() + TextSize::of(written);
    sheet.take(vec![TextEdit::insert(end, line)])?;
    (sentences(sheet, path)? == all).then_some(())
}

/// The lines of a literal block that are not blank; `None` where another value stands there, or none.
fn sentences(sheet: &Sheet<'_>, path: &Path) -> Option<Vec<String>> {
    match &sheet.node(path)?.kind {
        NodeKind::Scalar {
            style: Style::Literal,
            value,
        } => {
            let lines = value.lines().map(str::trim);
            Some(
                lines
                    .filter(|line| !line.is_empty())
                    .map(str::to_owned)
                    .collect(),
            )
        }
        _ => None,
    }
}

/// The lines that `range` stands on, with one of the line breaks around them.
fn whole_line(text: &str, range: TextRange) -> Option<TextRange> {
    let before = text.get(..range.start().into())?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = usize::from(range.end());
    let (start, end) = match text.get(end..)?.find('\n') {
        Some(at) => (start, end + at + 1),
        None => {
            let above = before.get(..start)?;
            (above.trim_end_matches(['\r', '\n']).len(), text.len())
        }
    };
    let offset = |at: usize| Some(TextSize::new(u32::try_from(at).ok()?));
    Some(TextRange::new(offset(start)?, offset(end)?))
}
