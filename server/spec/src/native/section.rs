//! The keys that one mapping of a native spec has, checked against the table of keys: what is
//! unknown, given twice or missing is reported here, whatever the section.

use crate::keys::{Key, Kind, OWN_KEY_PREFIX, Section};
use crate::problem::{ProblemCode, Repair};
use crate::reader::{Pair, Reader, Value};
use crate::scalar::{Scalar, scalar};
use syntax::TextRange;
use syntax::yaml::NodeKind;

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
        let is_empty = matches!(scalar(value.content), Some(Scalar::Null));
        if !is_empty && !matches!(value.content.kind, NodeKind::Mapping { .. }) {
            report_other_kind(reader, section, value);
            return None;
        }
        let mut fields = Fields {
            section,
            found: Vec::new(),
        };
        for pair in reader.pairs(value) {
            match pair.key.as_str() {
                Some(name) if name.starts_with(OWN_KEY_PREFIX) => {}
                Some(name) => match section.key(name) {
                    Some(key) if fields.pair(key.name).is_some() => {
                        report_duplicate(reader, key, pair);
                    }
                    Some(key) => fields.found.push((key, pair)),
                    None => report_unknown(reader, section, name, pair),
                },
                None => reader.report(
                    ProblemCode::InvalidSpec,
                    pair.key.range,
                    format!(
                        "A key of {} must be a word. {}",
                        with_article(section),
                        known_keys(section)
                    ),
                    Vec::new(),
                ),
            }
        }
        fields.report_missing(reader, value);
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

    fn report_missing(&self, reader: &mut Reader<'t>, value: Value<'t>) {
        for key in self.section.keys().filter(|key| key.required) {
            let noun = self.section.noun();
            match self.pair(key.name) {
                Some(pair) if is_absent(key, pair.value) => reader.report(
                    ProblemCode::InvalidSpec,
                    pair.key.range,
                    format!(
                        "`{}` of this {noun} is empty. {}",
                        key.name, key.documentation
                    ),
                    Vec::new(),
                ),
                Some(_) => {}
                None => {
                    let first = value.content.entries().first();
                    let range = first.map_or(value.range, |entry| entry.key.range);
                    reader.report(
                        ProblemCode::InvalidSpec,
                        range,
                        format!(
                            "This {noun} has no `{}`. Add it: {}",
                            key.name,
                            lower_first(key.documentation)
                        ),
                        vec![Repair::InsertKey {
                            mapping: value.content.range,
                            key: key.name,
                        }],
                    );
                }
            }
        }
    }
}

/// Whether the value of `key` is as if the key were not there: nothing is written, or no letter of a
/// text.
pub(super) fn is_absent(key: &Key, value: Value<'_>) -> bool {
    match (scalar(value.content), key.kind) {
        (Some(Scalar::Null), _) => true,
        (Some(Scalar::Text(text)), Kind::Text | Kind::Name | Kind::TableName | Kind::Change) => {
            text.trim().is_empty()
        }
        _ => false,
    }
}

fn report_unknown(reader: &mut Reader<'_>, section: Section, name: &str, pair: Pair<'_>) {
    let here = with_article(section);
    let elsewhere: Vec<String> = Section::ALL
        .into_iter()
        .filter(|other| other.key(name).is_some())
        .map(with_article)
        .collect();
    let range = pair.key.range;
    let (message, repairs) = if let Some(meant) = section.nearest_key(name) {
        let repair = Repair::RenameKey {
            key: range,
            to: meant.to_owned(),
        };
        let message = format!("`{name}` is not a key of {here}. Did you mean `{meant}`?");
        (message, vec![repair])
    } else if !elsewhere.is_empty() {
        let message = format!(
            "`{name}` is a key of {}, not of {here}. Is it indented as it should be?",
            elsewhere.join(" and ")
        );
        (message, Vec::new())
    } else {
        let own = Repair::RenameKey {
            key: range,
            to: format!("{OWN_KEY_PREFIX}{name}"),
        };
        let message = format!(
            "`{name}` is not a key of {here}. {} A key of your own starts with \
             `{OWN_KEY_PREFIX}`.",
            known_keys(section)
        );
        (message, vec![own])
    };
    reader.report(ProblemCode::InvalidSpec, range, message, repairs);
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
            "{} must be written as keys and values, starting with `{start}:`, but this is {}.",
            upper_first(&with_article(section)),
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
    TextRange::at(range.start(), syntax::TextSize::of(line.trim_end()))
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
    format!("Its keys are {}.", names.join(", "))
}

fn with_article(section: Section) -> String {
    let noun = section.noun();
    let article = match noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => "an",
        false => "a",
    };
    format!("{article} {noun}")
}

fn lower_first(sentence: &str) -> String {
    change_first(sentence, |first| first.to_lowercase().collect())
}

fn upper_first(sentence: &str) -> String {
    change_first(sentence, |first| first.to_uppercase().collect())
}

fn change_first(sentence: &str, change: impl Fn(char) -> String) -> String {
    let mut letters = sentence.chars();
    match letters.next() {
        Some(first) => change(first) + letters.as_str(),
        None => String::new(),
    }
}
