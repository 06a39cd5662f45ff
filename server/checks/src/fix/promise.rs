//! A sentence moved from the guarantees of an amendment to its promises, for people to judge. A comment behind
//! it goes along.

use super::sheet::{Path, Sheet};
use super::{Fix, Fixing, amendment, lines};
use index::File;
use index::file::ProblemKind;
use spec::ProblemCode;
use spec::model::Amendment;
use syntax::TextRange;
use syntax::yaml::{NodeKind, Value};

/// Moves the guarantee of `amendment` with the number `ordinal`. `None` where YAML reads only a part of it, and
/// where a comment would be lost.
pub(crate) fn moved(
    fixing: &Fixing<'_>,
    file: &File,
    amendment: &Amendment,
    ordinal: usize,
) -> Option<Fix> {
    let range = file.range(amendment.guarantees.get(ordinal)?.spot);
    if is_cut_off(file, range) {
        return None;
    }
    let mut sheet = Sheet::open(fixing, file)?;
    if !sheet.is_blank {
        let before = comments(&sheet);
        let path = sheet.path_of(file.range(amendment.entry))?;
        let comment = take_out(&mut sheet, &path, amendment, ordinal, range)?;
        add(&mut sheet, &path, amendment, ordinal, comment.as_deref())?;
        if comments(&sheet) != before {
            return None;
        }
    }
    Some(sheet.fix("Make it a promise, for people to judge".to_owned(), None))
}

/// Whether YAML takes the rest of the text at `range` for a comment.
fn is_cut_off(file: &File, range: TextRange) -> bool {
    file.problems.iter().any(|problem| match &problem.kind {
        ProblemKind::Spec(problem) => {
            let behind = problem.range.start().checked_sub(range.end());
            problem.code == ProblemCode::TextCutOff && behind == Some(1.into())
        }
        _ => false,
    })
}

/// How many comments there are at most: what is only moved leaves the number as it is.
fn comments(sheet: &Sheet<'_>) -> usize {
    sheet.text().matches('#').count()
}

/// Takes the sentence out; gives the comment behind it.
fn take_out(
    sheet: &mut Sheet<'_>,
    path: &Path,
    amendment: &Amendment,
    ordinal: usize,
    range: TextRange,
) -> Option<Option<String>> {
    let list = path.key("guarantees");
    let count = amendment.guarantees.len();
    let items = match &sheet.node(&list)?.kind {
        NodeKind::Sequence { items, .. } => Some(items.len()),
        _ => None,
    };
    let own = match items {
        Some(items) if items == count => list.item(ordinal),
        Some(_) => return None,
        None => list.clone(),
    };
    let comment = match lines::is_block(sheet, &own) {
        true => None,
        false => comment_behind(sheet, &own),
    };
    if count == 1 {
        sheet.remove(&list)?;
    } else if items.is_some() {
        sheet.remove(&own)?;
    } else if lines::is_block(sheet, &list) {
        lines::take_out(sheet, &list, ordinal, range)?;
    } else {
        let others = amendment.guarantees.iter().enumerate();
        let others = others.filter(|(at, _)| *at != ordinal);
        let others = amendment::sentences(others.map(|(_, other)| other.value.as_str()));
        sheet.edit(&list, |editor, steps| editor.set(steps, &others))?;
    }
    Some(comment)
}

/// The comment behind the value at `path`, on its last line.
fn comment_behind(sheet: &Sheet<'_>, path: &Path) -> Option<String> {
    let end = sheet.node(path)?.range.end();
    let line = sheet.text().get(end.into()..)?.lines().next()?;
    Some(line.trim().strip_prefix('#')?.trim().to_owned())
}

fn add(
    sheet: &mut Sheet<'_>,
    path: &Path,
    amendment: &Amendment,
    ordinal: usize,
    comment: Option<&str>,
) -> Option<()> {
    let sentence = amendment.guarantees.get(ordinal)?.value.as_str();
    let own = || match comment {
        Some(comment) => Value::text(sentence).with_comment(comment),
        None => Value::text(sentence),
    };
    let list = path.key("promises");
    let behind = ["guarantees", "changes", "change"];
    match sheet.node(&list).map(|node| &node.kind) {
        Some(NodeKind::Sequence { .. }) => sheet.put_item(path, "promises", None, own()),
        None => sheet.put(path, &["promises"], own(), &behind),
        // Among several lines a comment has no place.
        Some(_) if comment.is_some() => None,
        Some(_) if lines::is_block(sheet, &list) && !amendment.promises.is_empty() => {
            lines::append(sheet, &list, sentence)
        }
        Some(_) => {
            let promises = amendment.promises.iter();
            let promises = promises.map(|promise| promise.value.as_str());
            let all = amendment::sentences(promises.chain([sentence]));
            sheet.put(path, &["promises"], all, &behind)
        }
    }
}
