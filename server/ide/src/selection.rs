//! What a selection grows to, step by step: a word, the entry or expression that it is a part of, and
//! so on, up to the whole file.

mod sql_file;
mod yaml;

use crate::folding::is_yaml;
use crate::lookup;
use index::{FileId, Snapshot};
use syntax::{TextRange, TextSize};

/// The parts of a file around a place, the smallest first; each holds the one before it and more.
pub fn selections(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<TextRange> {
    let Some(file) = snapshot.file(file) else {
        return Vec::new();
    };
    let Some(text) = snapshot.text(file) else {
        return Vec::new();
    };
    let whole = TextRange::up_to(TextSize::of(&*text));
    let mut parts = words(&text, offset);
    parts.push(whole);
    if let Some(sql) = file.sql() {
        parts.extend(sql.macros.iter().map(|own| file.range(own.whole)));
        sql_file::parts(&text, &snapshot.sql_options(file), offset, &mut parts);
    } else if is_yaml(file) {
        yaml::parts(snapshot, file, &text, offset, &mut parts);
    }
    parts.retain(|part| part.contains_inclusive(offset) && whole.contains_range(*part));
    parts.sort_by_key(|part| (part.len(), part.start()));
    let mut nested: Vec<TextRange> = Vec::new();
    for part in parts {
        let fits = nested
            .last()
            .is_none_or(|inner| part.contains_range(*inner) && part != *inner);
        if fits && !part.is_empty() {
            nested.push(part);
        }
    }
    nested
}

/// The word at a place, and the words joined by dots that it is a part of.
fn words(text: &str, offset: TextSize) -> Vec<TextRange> {
    let is_word = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let is_path = |letter: char| is_word(letter) || letter == '.';
    vec![
        while_is(text, offset, is_word),
        while_is(text, offset, is_path),
    ]
}

fn while_is(text: &str, offset: TextSize, is_part: impl Fn(char) -> bool) -> TextRange {
    let (before, after) = text.split_at_checked(offset.into()).unwrap_or_default();
    let start = before.len() - before.trim_end_matches(&is_part).len();
    let end = after.len() - after.trim_start_matches(&is_part).len();
    TextRange::new(offset - lookup::offset(start), offset + lookup::offset(end))
}
