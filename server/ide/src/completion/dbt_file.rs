//! What may be typed next in a properties file of dbt: keys and the values of those whose values can be known,
//! the names of what has no entry yet, and what stands below `meta.rationale`. Prose is nobody's to complete.

mod keys;
mod macros;
mod tables;
mod values;

use super::arguments::arguments;
use super::spec_place::{Level, Place, Typed, place};
use super::{Completion, CompletionKind, Completions, narrowed};
use crate::letters::Letters;
use crate::lookup;
use index::{File, Snapshot};
use spec::dbt::keys::{Key, Kind, Section};
use syntax::{TextRange, TextSize};

pub(super) fn completions(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    offset: TextSize,
    snippets: bool,
) -> Completions {
    if let Some(call) = call_at(text, offset) {
        let typed = lookup::slice(text, call.word).to_lowercase();
        let wanted = Letters::new(&typed);
        let (items, has_more) = arguments(
            snapshot,
            file,
            call.function,
            &call.before,
            call.word,
            wanted,
        );
        return Completions { items, has_more };
    }
    let Some(place) = place(text, offset) else {
        return Completions::default();
    };
    let Some((section, of_list)) = section(&place.levels) else {
        return Completions::default();
    };
    let here = Here {
        snapshot,
        file,
        place: &place,
        snippets,
    };
    let items = match (&place.typed, of_list) {
        (Typed::Key { .. }, Some(key)) => here.values(section, key),
        (Typed::Key { has_colon, in_flow }, None) => here.keys(section, *has_colon, *in_flow),
        (Typed::Value(name), None) => match section.key(name) {
            Some(key) => here.values(section, key),
            None if section == Section::Rationale && name == "unit" => here.units(),
            None => Vec::new(),
        },
        (Typed::Value(_), Some(_)) => Vec::new(),
    };
    narrowed(items, lookup::slice(text, place.word))
}

/// The section of the innermost mapping; where it is a list of plain values, the key of that list.
fn section(levels: &[Level]) -> Option<(Section, Option<&'static Key>)> {
    let mut section = Section::File;
    let mut inner = levels.iter().skip(1).peekable();
    while let Some(level) = inner.next() {
        let name = level.key.as_deref()?;
        let key = section.key(name);
        let values = key.filter(|key| {
            let is_of_values = matches!(key.kind, Kind::Texts | Kind::Columns | Kind::Refs);
            is_of_values && level.is_item && level.siblings.is_empty()
        });
        if values.is_some() {
            return inner.peek().is_none().then_some((section, values));
        }
        section = section.below(name)?;
    }
    Some((section, None))
}

/// Where something is typed.
struct Here<'a> {
    snapshot: &'a Snapshot,
    file: &'a File,
    place: &'a Place,
    snippets: bool,
}

impl Here<'_> {
    fn constants(&self, words: impl IntoIterator<Item = String>) -> Vec<Completion> {
        let words = words.into_iter();
        let constants =
            words.map(|text| Completion::new(text, self.place.word, CompletionKind::Constant));
        constants.collect()
    }

    /// The value of a key beside what is typed, in the nearest mapping that has it.
    fn beside(&self, name: &str) -> Option<&str> {
        let levels = self.place.levels.iter().rev();
        let mut siblings = levels.flat_map(|level| &level.siblings);
        let (_, value) = siblings.find(|(key, _)| key == name)?;
        Some(value.trim_matches(['"', '\'']))
    }
}

/// A call of `ref` or `source` in which a name is being typed.
struct Call<'t> {
    function: &'t str,
    /// The arguments before, without quotes.
    before: Vec<String>,
    /// The name, up to the cursor.
    word: TextRange,
}

fn call_at(text: &str, offset: TextSize) -> Option<Call<'_>> {
    let before = text.get(..offset.into())?;
    let line = before.rsplit(['\n', '\r']).next()?;
    let (head, inside) = line.rsplit_once('(')?;
    let head = head.trim_end();
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let function = head.get(head.trim_end_matches(is_word).len()..)?;
    let is_call = matches!(function, "ref" | "source") && !inside.contains(')');
    if !is_call || line.trim_start().starts_with('#') || line.contains(" #") {
        return None;
    }
    let quotes = ['"', '\''];
    let mut arguments: Vec<&str> = inside.split(',').collect();
    let typed = arguments.pop()?.trim_start().strip_prefix(quotes)?;
    if typed.contains(quotes) {
        return None;
    }
    let before = arguments.iter();
    let before = before.map(|argument| argument.trim().trim_matches(quotes).to_owned());
    Some(Call {
        function,
        before: before.collect(),
        word: TextRange::new(offset.checked_sub(TextSize::of(typed))?, offset),
    })
}
