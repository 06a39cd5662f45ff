//! The repairs that the decode of a spec proposes, as edits.

use super::sheet::Sheet;
use super::{Fix, Fixing, amendment, draft};
use crate::duplicate_id::id_after;
use crate::finding::{At, Finding};
use index::File;
use index::file::ProblemKind;
use spec::Repair;
use syntax::yaml::{NodeKind, Position, Value};
use syntax::{TextEdit, TextRange, TextSize};

/// The repairs of the problem that `finding` tells.
pub(crate) fn fixes(fixing: &Fixing<'_>, finding: &Finding) -> Vec<Fix> {
    let Some(file) = fixing.snapshot.file(finding.file) else {
        return Vec::new();
    };
    let problems = file
        .problems
        .iter()
        .filter_map(|problem| match &problem.kind {
            ProblemKind::Spec(problem) => Some(problem),
            _ => None,
        });
    let mut problems = problems.filter(|problem| {
        problem.code.as_str() == finding.code
            && At::Range(problem.range) == finding.at
            && problem.message == finding.message
    });
    let repairs = problems
        .next()
        .map(|problem| problem.repairs.as_slice())
        .unwrap_or_default();
    let mut fixes: Vec<Fix> = repairs
        .iter()
        .filter_map(|repair| fix(fixing, file, repair))
        .collect();
    if let [only] = fixes.as_mut_slice() {
        only.preferred = true;
    }
    fixes
}

fn fix(fixing: &Fixing<'_>, file: &File, repair: &Repair) -> Option<Fix> {
    let mut sheet = Sheet::open(fixing, file)?;
    let text = fixing.snapshot.text(file)?;
    let spelled = |range: TextRange| text.get(range.start().into()..range.end().into());
    let (title, written) = match repair {
        Repair::RenameKey { key, to } => {
            sheet.take(vec![TextEdit::replace(*key, to.as_str())])?;
            (format!("Rename `{}` to `{to}`", spelled(*key)?), None)
        }
        Repair::Replace { value, by } => {
            sheet.take(vec![TextEdit::replace(*value, by.as_str())])?;
            (format!("Write `{by}`"), None)
        }
        Repair::InsertKey { mapping, key } => {
            let value = required(fixing, file, key);
            let cursor = value.clone();
            insert(&mut sheet, *mapping, key, &value)?;
            (format!("Add `{key}`"), Some(cursor))
        }
        Repair::RemoveKey { key } => {
            if !sheet.is_blank {
                sheet.take(vec![TextEdit::delete(whole_entry(&sheet, &text, *key)?)])?;
            }
            (format!("Remove this `{}`", spelled(*key)?), None)
        }
        Repair::Quote { text } => {
            sheet.take(vec![TextEdit::replace(*text, quoted(spelled(*text)?))])?;
            ("Put the text in quotes".to_owned(), None)
        }
        Repair::MakeList { value } => {
            let item = spelled(*value)?;
            let plain = |letter: char| letter.is_alphanumeric() || "_-. ".contains(letter);
            let is_safe = item.starts_with(['"', '\'']) || item.chars().all(plain);
            let item = if is_safe {
                item.to_owned()
            } else {
                quoted(item)
            };
            sheet.take(vec![TextEdit::replace(*value, format!("[{item}]"))])?;
            ("Make it a list".to_owned(), None)
        }
    };
    Some(sheet.fix(title, written.as_deref()))
}

/// What a required key is given: what can be told, else a note of what is to be said.
fn required(fixing: &Fixing<'_>, file: &File, key: &str) -> String {
    let stem = || {
        let name = file.path.file_name()?.to_str()?;
        Some(name.split('.').next()?.to_owned())
    };
    let id = || {
        let own = || Some(id_after(&file.native_spec()?.amendments));
        amendment::free_id(fixing, file).or_else(own)
    };
    let told = match key {
        "product" => stem(),
        "id" => id().map(|id| id.to_string()),
        "requirement" => Some(draft::REQUIREMENT.to_owned()),
        "why" => Some(draft::WHY.to_owned()),
        _ => None,
    };
    told.unwrap_or_else(|| "TODO".to_owned())
}

/// Puts a required key before the others: it is what they are about.
fn insert(sheet: &mut Sheet<'_>, mapping: TextRange, key: &str, value: &str) -> Option<()> {
    if sheet.is_blank {
        return Some(());
    }
    let path = sheet.path_of(mapping)?;
    let node = sheet.node(&path)?;
    let first = match key {
        "requirement" | "change" | "why" => None,
        _ => node.entries().first().and_then(|entry| entry.key.as_str()),
    };
    let first = first.map(str::to_owned);
    let position = first.as_deref().map_or(Position::Last, Position::Before);
    let is_number = value.chars().all(|digit| digit.is_ascii_digit());
    let value = if is_number {
        Value::literal(value)
    } else {
        Value::text(value)
    };
    sheet.edit(&path, |editor, steps| {
        editor.insert_entry(steps, key, &value, position)
    })
}

/// The entry whose key stands at `key`: with its lines where it has them to itself.
fn whole_entry(sheet: &Sheet<'_>, text: &str, key: TextRange) -> Option<TextRange> {
    let value = sheet.value_of_key(key)?;
    let end = match &value.kind {
        NodeKind::Null => key.end() + TextSize::of(':'),
        _ => value.range.end(),
    };
    let before = text.get(..key.start().into())?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let stands_first = before.get(line_start..)?.trim().is_empty();
    let rest = text.get(end.into()..)?;
    let (line_rest, line_end) = match rest.find('\n') {
        Some(at) => (rest.get(..at)?, at + 1),
        None => (rest, rest.len()),
    };
    let is_last = line_rest.trim().is_empty() || line_rest.trim_start().starts_with('#');
    let ends_line = text.get(..end.into())?.ends_with('\n');
    let offset = |at: usize| Some(TextSize::new(u32::try_from(at).ok()?));
    match (stands_first, ends_line) {
        (true, true) => Some(TextRange::new(offset(line_start)?, end)),
        (true, false) if is_last => {
            Some(TextRange::new(offset(line_start)?, end + offset(line_end)?))
        }
        _ => None,
    }
}

/// `text` in double quotes.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for letter in text.trim_end().chars() {
        if matches!(letter, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_says_the_same() {
        assert_eq!(quoted("ticket #42 "), "\"ticket #42\"");
        assert_eq!(quoted("a \"b\" \\ c"), "\"a \\\"b\\\" \\\\ c\"");
    }
}
