//! The keys that one mapping of a native spec has, checked against the table of keys: what is
//! unknown, given twice or missing is reported here, whatever the section.

use crate::keys::{Key, Kind, OWN_KEY_PREFIX, Section};
use crate::problem::{ProblemCode, Repair};
use crate::reader::{Pair, Reader, Value};
use crate::scalar::{Scalar, scalar};
use syntax::yaml::NodeKind;
use syntax::{TextRange, TextSize};

/// A mapping of a native spec.
pub(super) struct Fields<'t> {
    section: Section,
    found: Vec<(&'static Key, Pair<'t>)>,
}

impl<'t> Fields<'t> {
    /// Reads the mapping `value`, which is to be a `section`. What is not a mapping is reported and
    /// gives `None`.
    pub(super) fn read(
        reader: &mut Reader<'t>,
        section: Section,
        value: Value<'t>,
    ) -> Option<Fields<'t>> {
        // An alias that leads nowhere is reported as such.
        if value.is_dangling() {
            return None;
        }
        let is_empty = matches!(scalar(value.content), Some(Scalar::Null));
        if !is_empty && !matches!(value.content.kind, NodeKind::Mapping { .. }) {
            report_other_kind(reader, section, value);
            return None;
        }
        let mut fields = Fields {
            section,
            found: Vec::new(),
        };
        // A key that is only misspelled is not missing as well.
        let mut misspelled = Vec::new();
        for pair in reader.pairs(value) {
            match pair.key.as_str() {
                Some(name) if name.starts_with(OWN_KEY_PREFIX) => {}
                Some(name) => match section.key(name) {
                    Some(key) if fields.pair(key.name).is_some() => {
                        report_duplicate(reader, key, pair);
                    }
                    Some(key) => fields.found.push((key, pair)),
                    None => misspelled.extend(report_unknown(reader, section, name, pair)),
                },
                None => reader.report(
                    ProblemCode::InvalidSpec,
                    first_line(reader.text, pair.key.range),
                    format!("A key must be a word. {}", known_keys(section)),
                    Vec::new(),
                ),
            }
        }
        for key in section.keys().filter(|key| key.required) {
            match fields.pair(key.name) {
                Some(pair) if is_absent(key, pair.value) => report_empty(reader, key, pair),
                None if !misspelled.contains(&key.name) => report_missing(reader, key, value),
                _ => {}
            }
        }
        Some(fields)
    }

    /// The key `name` of the section and its value, where it is given.
    pub(super) fn get(&self, name: &str) -> Option<(&'static Key, Pair<'t>)> {
        debug_assert!(self.section.key(name).is_some(), "{name} is in no table");
        self.found
            .iter()
            .find(|(key, _)| key.name == name)
            .map(|(key, pair)| (*key, *pair))
    }

    fn pair(&self, name: &str) -> Option<Pair<'t>> {
        self.get(name).map(|(_, pair)| pair)
    }
}

/// Whether the value of `key` is as if the key were not there: nothing is written, or no letter of a
/// text.
pub(super) fn is_absent(key: &Key, value: Value<'_>) -> bool {
    match (scalar(value.content), key.kind) {
        (Some(Scalar::Null), _) => true,
        (
            Some(Scalar::Text(text)),
            Kind::Text | Kind::Prose | Kind::Name | Kind::TableName | Kind::Change,
        ) => text.trim().is_empty(),
        _ => false,
    }
}

/// Gives the key that was likely meant.
fn report_unknown(
    reader: &mut Reader<'_>,
    section: Section,
    name: &str,
    pair: Pair<'_>,
) -> Option<&'static str> {
    let here = with_article(section);
    let elsewhere: Vec<String> = Section::ALL
        .into_iter()
        .filter(|other| other.key(name).is_some())
        .map(with_article)
        .collect();
    let range = pair.key.range;
    let rename = |to: String| vec![Repair::RenameKey { key: range, to }];
    let meant = section.nearest_key(name);
    let (message, repairs) = if let Some(meant) = meant {
        let message = format!("`{name}` is not a key of {here}. Did you mean `{meant}`?");
        (message, rename(meant.to_owned()))
    } else if !elsewhere.is_empty() {
        let message = format!(
            "`{name}` is a key of {}, not of {here}. Is it indented as it should be?",
            joined(&elsewhere)
        );
        (message, Vec::new())
    } else {
        let message = format!(
            "`{name}` is not a key of {here}. {} A key of your own starts with \
             `{OWN_KEY_PREFIX}`.",
            known_keys(section)
        );
        (message, rename(format!("{OWN_KEY_PREFIX}{name}")))
    };
    reader.report(ProblemCode::InvalidSpec, range, message, repairs);
    meant
}

fn report_missing(reader: &mut Reader<'_>, key: &Key, value: Value<'_>) {
    let first = value.content.entries().first();
    let range = match first {
        Some(entry) => entry.key.range,
        None => visible(reader.text, value.range),
    };
    let repair = Repair::InsertKey {
        mapping: value.content.range,
        key: key.name,
    };
    let message = format!(
        "This {} has no `{}`. Add it: {}",
        key.section.noun(),
        key.name,
        what_it_is(key)
    );
    reader.report(ProblemCode::InvalidSpec, range, message, vec![repair]);
}

fn report_empty(reader: &mut Reader<'_>, key: &Key, pair: Pair<'_>) {
    // An alias that leads nowhere is reported as such.
    if pair.value.is_dangling() {
        return;
    }
    let message = format!(
        "`{}` of this {} is empty. Fill in {}",
        key.name,
        key.section.noun(),
        what_it_is(key)
    );
    reader.report(
        ProblemCode::InvalidSpec,
        pair.key.range,
        message,
        Vec::new(),
    );
}

fn report_duplicate(reader: &mut Reader<'_>, key: &Key, pair: Pair<'_>) {
    reader.report(
        ProblemCode::InvalidSpec,
        pair.key.range,
        format!(
            "`{}` is given twice in this {}, and only the first is read. Remove one of them.",
            key.name,
            key.section.noun()
        ),
        vec![Repair::RemoveKey {
            key: pair.key.range,
        }],
    );
}

fn report_other_kind(reader: &mut Reader<'_>, section: Section, value: Value<'_>) {
    let first = section.keys().find(|key| key.required);
    let start = first.map_or("name", |key| key.name);
    let is_word = matches!(scalar(value.content), Some(Scalar::Text(text)) if is_word(text));
    let repairs = match value.content.as_str() {
        Some(word) if is_word => vec![Repair::Replace {
            value: value.range,
            by: format!("{start}: {word}"),
        }],
        _ => Vec::new(),
    };
    reader.report(
        ProblemCode::InvalidSpec,
        first_line(reader.text, value.range),
        format!(
            "{} is written as keys and values, starting with `{start}:`, but this is {}.",
            change_first(&with_article(section), |first| first.to_ascii_uppercase()),
            kind_of(value)
        ),
        repairs,
    );
}

/// What `value` is, for a message.
pub(super) fn kind_of(value: Value<'_>) -> &'static str {
    match &value.content.kind {
        NodeKind::Mapping { .. } => "a mapping of keys and values",
        NodeKind::Sequence { .. } => "a list",
        NodeKind::Alias(_) => "an alias",
        NodeKind::Null | NodeKind::Scalar { .. } => match scalar(value.content) {
            Some(Scalar::Boolean(_)) => "a boolean",
            Some(Scalar::Integer(_) | Scalar::Float) => "a number",
            Some(Scalar::Text(_)) => "text",
            Some(Scalar::Null) | None => "empty",
        },
    }
}

/// The part of `range` that stands on its first line, for values that are too long to underline.
pub(super) fn first_line(text: &str, range: TextRange) -> TextRange {
    let line = text
        .get(range.start().into()..range.end().into())
        .and_then(|value| value.split(['\n', '\r']).next())
        .unwrap_or_default();
    TextRange::at(range.start(), TextSize::of(line.trim_end()))
}

/// `range`, or the last letter before it where nothing stands in it, so that there is something to
/// underline: the dash of an empty item.
fn visible(text: &str, range: TextRange) -> TextRange {
    let before = text.get(..range.start().into()).unwrap_or_default();
    match before.trim_end().char_indices().next_back() {
        Some((at, last)) if range.is_empty() => {
            let start = TextSize::try_from(at).unwrap_or_default();
            TextRange::at(start, TextSize::of(last))
        }
        _ => range,
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|letter| letter.is_alphanumeric() || "_-.".contains(letter))
}

fn known_keys(section: Section) -> String {
    let names: Vec<String> = section
        .keys()
        .map(|key| format!("`{}`", key.name))
        .collect();
    format!(
        "The keys of {} are {}.",
        with_article(section),
        joined(&names)
    )
}

/// The first sentence of what a key says, to go on with a sentence.
fn what_it_is(key: &Key) -> String {
    let documentation = key.documentation;
    let sentence = match documentation.split_once(". ") {
        Some((sentence, _)) => format!("{sentence}."),
        None => documentation.to_owned(),
    };
    change_first(&sentence, |first| first.to_ascii_lowercase())
}

/// `a, b and c`
fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [word] => word.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn with_article(section: Section) -> String {
    let noun = section.noun();
    let article = match noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => "an",
        false => "a",
    };
    format!("{article} {noun}")
}

fn change_first(sentence: &str, change: impl Fn(char) -> char) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(change);
    first.into_iter().chain(letters).collect()
}
