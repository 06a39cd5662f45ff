//! What may be typed next in a sentence of an amendment: the words that the grammar's tables allow there,
//! and the names of tables and columns where a name may stand. Elsewhere nothing is offered: the schema of
//! the format does that.

mod names;
mod place;

use index::{FileId, Snapshot};
use names::Names;
use place::Place;
use spec::guarantee::{Expected, expected_after};
use syntax::{TextRange, TextSize};

/// Something that may be typed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is written.
    pub text: String,
    /// What it replaces: the word that is being typed.
    pub range: TextRange,
    /// What it is.
    pub kind: CompletionKind,
    /// What is known of it in a few words: the type of a column.
    pub detail: Option<String>,
    /// What it is and why it is there, as Markdown.
    pub documentation: Option<String>,
}

/// What something that may be typed next is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// Words of the language.
    Keyword,
    /// A table.
    Table,
    /// A column.
    Column,
    /// A unit, a zone, a classification, a materialization.
    Constant,
}

/// What may be typed at `offset`, the likeliest first.
pub fn completions(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Completion> {
    let Some(file) = snapshot.file(file) else {
        return Vec::new();
    };
    let text = snapshot.text(file).filter(|_| file.native_spec().is_some());
    let Some(place) = text.and_then(|text| Place::new(&text, offset)) else {
        return Vec::new();
    };
    let names = Names::new(snapshot, file, &place);
    if !place.qualifier.is_empty() {
        return names.behind_a_dot();
    }
    let expected = expected_after(&place.start);
    let has = |kind: &Expected| expected.contains(kind);
    let mut found = Vec::new();
    // Where a column stands in, the words that end it come behind.
    if has(&Expected::Name) {
        found.extend(names.all());
    }
    if has(&Expected::Sql) {
        found.extend(names.for_sql());
    }
    if has(&Expected::Unit) {
        found.extend(names.units());
    }
    if has(&Expected::Term) {
        found.extend(names.terms());
    }
    let words = expected.iter().filter_map(|expected| match expected {
        Expected::Words(words) if words.starts_with(char::is_alphabetic) || words == "=" => {
            Some(words.clone())
        }
        _ => None,
    });
    found.extend(words.map(|text| Completion {
        text,
        range: place.word,
        kind: CompletionKind::Keyword,
        detail: None,
        documentation: None,
    }));
    found
}
