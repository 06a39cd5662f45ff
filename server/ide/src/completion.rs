//! What may be typed next: in the sentences of amendments, in the rest of a spec, in SQL and in the tags
//! of its templates. Half-typed text is the normal case, so a place is found from the text around it, and
//! what may stand there from what the workspace knows.
//!
//! In comments, in texts and in prose nothing is offered.

mod arguments;
mod config;
mod dbt_file;
mod documentation;
mod keys;
mod macros;
mod names;
mod place;
mod sentence;
mod spec_file;
mod spec_place;
mod sql_file;

pub use documentation::{About, documentation};

pub(crate) use place::sentence_before;

use crate::letters::Letters;
use index::{FileId, FileKind, Snapshot, TableKey};
use spec_place::{INTO_ITEM, moved_into_item};
use syntax::{Name, TextRange, TextSize};

/// What may be typed at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// The likeliest first.
    pub items: Vec<Completion>,
    /// There are more: what is typed next may bring others.
    pub has_more: bool,
}

/// Something that may be typed next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it is shown as, and compared with what is typed.
    pub label: String,
    /// What is written.
    pub text: String,
    /// The text has places to fill in, written as in snippets of the protocol: `${1:COLUMN}`.
    pub is_snippet: bool,
    /// What it replaces: the word that is being typed.
    pub range: TextRange,
    /// What it is.
    pub kind: CompletionKind,
    /// What is known of it in a few words: the type of a column.
    pub detail: Option<String>,
    /// What it is, as Markdown, where that is the same for everybody.
    pub documentation: Option<String>,
    /// What it names: [`documentation`] tells what is known of it.
    pub about: Option<About>,
}

/// What something that may be typed next is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// Words of the language.
    Keyword,
    /// A key of a spec, or of dbt's YAML.
    Key,
    /// A table.
    Table,
    /// A common table expression, or an alias.
    Alias,
    /// A column.
    Column,
    /// An amendment.
    Amendment,
    /// The form of a sentence.
    Form,
    /// A macro of a template.
    Macro,
    /// A unit, a zone, a classification, a materialization.
    Constant,
}

/// What may be typed at `offset`. With `snippets`, some of it may have places to fill in.
pub fn completions(
    snapshot: &Snapshot,
    file: FileId,
    offset: TextSize,
    snippets: bool,
) -> Completions {
    let (Some(file), Some(text)) = (
        snapshot.file(file),
        snapshot.file(file).and_then(|file| snapshot.text(file)),
    ) else {
        return Completions::default();
    };
    if file.native_spec().is_some() {
        return match place::Place::new(&text, offset) {
            Some(place) => sentence::completions(snapshot, file, &place, snippets),
            None => in_yaml(&text, offset, |text, offset| {
                spec_file::completions(snapshot, file, text, offset, snippets)
            }),
        };
    }
    if file.kind == FileKind::DbtProperties {
        return in_yaml(&text, offset, |text, offset| {
            dbt_file::completions(snapshot, file, text, offset, snippets)
        });
    }
    if file.sql().is_some() {
        return sql_file::completions(snapshot, file, &text, offset, snippets);
    }
    Completions::default()
}

impl Completion {
    fn new(text: impl Into<String>, range: TextRange, kind: CompletionKind) -> Completion {
        let text = text.into();
        Completion {
            label: text.clone(),
            text,
            is_snippet: false,
            range,
            kind,
            detail: None,
            documentation: None,
            about: None,
        }
    }
}

/// What may be typed next in YAML at a place, also as a key of the item that ends right above it.
fn in_yaml(
    text: &str,
    offset: TextSize,
    completions: impl Fn(&str, TextSize) -> Completions,
) -> Completions {
    let mut found = completions(text, offset);
    if let Some((moved, at)) = moved_into_item(text, offset) {
        let keys = completions(&moved, at).items.into_iter();
        found.items.extend(keys.map(|item| Completion {
            text: format!("{INTO_ITEM}{}", item.text),
            range: item.range - TextSize::of(INTO_ITEM),
            ..item
        }));
    }
    found
}

/// How many names are offered at most; what is typed next narrows them down.
const MOST: usize = 500;

/// Those whose labels hold the letters of `typed` in their order, the first [`MOST`] of them.
fn narrowed(items: impl IntoIterator<Item = Completion>, typed: &str) -> Completions {
    let typed = typed.to_lowercase();
    let wanted = Letters::new(&typed);
    let mut fitting = items.into_iter().filter(|item| wanted.are_in(&item.label));
    let items: Vec<Completion> = fitting.by_ref().take(MOST).collect();
    Completions {
        items,
        has_more: fitting.next().is_some(),
    }
}

/// Whether the name of a table has all of these letters.
fn names(key: &TableKey, wanted: Letters<'_>) -> bool {
    are_in(&key.parts, wanted)
}

/// Whether the parts of a name have all of these letters.
fn are_in(parts: &[Name], wanted: Letters<'_>) -> bool {
    let parts = parts.iter();
    let rest = parts.fold(wanted, |wanted, part| {
        wanted.behind(part.as_str()).behind(".")
    });
    rest.is_done()
}
