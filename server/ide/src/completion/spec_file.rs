//! What may be typed next in a spec outside of sentences: keys that its mapping lacks, and values of
//! those whose values can be known. Prose is nobody's to complete.

mod amendments;
mod keys;
mod tables;
mod values;

use super::spec_place::{Level, Place, Typed, place};
use super::{Completions, narrowed};
use crate::lookup;
use index::{File, Snapshot};
use spec::keys::{Key, Kind, Section};
use spec::model;
use syntax::TextSize;

pub(super) fn completions(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    offset: TextSize,
    snippets: bool,
) -> Completions {
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
            None => Vec::new(),
        },
        (Typed::Value(name), Some(key)) if key.kind == Kind::Supersedes => {
            match Section::Supersedes.key(name) {
                Some(key) => here.values(Section::Supersedes, key),
                None => Vec::new(),
            }
        }
        (Typed::Value(_), Some(_)) => Vec::new(),
    };
    let typed = lookup::slice(text, place.word);
    narrowed(items, typed.rsplit('.').next().unwrap_or(typed))
}

/// The section of the innermost mapping; where it is a list of plain values, the key of that list.
fn section(levels: &[Level]) -> Option<(Section, Option<&'static Key>)> {
    let mut section = Section::Product;
    let mut inner = levels.iter().skip(1).peekable();
    while let Some(level) = inner.next() {
        let key = section.key(level.key.as_deref()?)?;
        section = match key.kind {
            Kind::List(inner) => inner,
            // An item that has a key is a mapping, one that has none may become an id.
            Kind::Supersedes if !level.siblings.is_empty() || level.column == 0 => {
                Section::Supersedes
            }
            Kind::Names | Kind::Texts | Kind::Literals | Kind::Supersedes => {
                return inner.peek().is_none().then_some((section, Some(key)));
            }
            _ => return None,
        };
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

fn field(field: &Option<model::Field<String>>) -> Option<String> {
    let value = field.as_ref().map(|field| one_line(&field.value));
    value.filter(|value| !value.is_empty())
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A value as YAML has it, between brackets too: in quotes where it would say something else without.
fn yaml(value: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_.-/".contains(letter);
    let starts_plain = |first: char| first.is_alphabetic() || first == '_';
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let is_reserved = reserved.iter().any(|it| value.eq_ignore_ascii_case(it));
    match value.chars().all(is_plain) && value.starts_with(starts_plain) && !is_reserved {
        true => value.to_owned(),
        false => format!("'{}'", value.replace('\'', "''")),
    }
}
