//! The value of one key of a native spec, read as the table of keys says. What is of another kind is
//! reported with the place of the value, and costs that value only.

use super::section::{first_line, is_absent, kind_of};
use super::sentence;
use crate::keys::{Key, Kind, NOTE, STATUSES, TO_BE_DONE};
use crate::model::{AmendmentId, Change, Field, Status};
use crate::name::{qualified_name, unquoted};
use crate::nearest::nearest;
use crate::problem::{ProblemCode, Repair};
use crate::reader::{Pair, Reader, Value};
use crate::scalar::{Scalar, scalar};
use smol_str::SmolStr;
use syntax::yaml::NodeKind;
use syntax::{Name, Placed};

/// A key and its value, as [`super::section::Fields::get`] gives them.
pub(super) type Found<'t> = Option<(&'static Key, Pair<'t>)>;

/// What a value is asked to be: the value of a key, or an item of the list that a key has.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    key: &'static Key,
    kind: Kind,
    is_item: bool,
}

impl Asked {
    fn value_of(key: &'static Key) -> Asked {
        Asked {
            key,
            kind: key.kind,
            is_item: false,
        }
    }

    /// An item of the list under `key`, which is to be of `kind`.
    pub(super) fn item_of(key: &'static Key, kind: Kind) -> Asked {
        Asked {
            key,
            kind,
            is_item: true,
        }
    }
}

/// A text, without white space round it.
pub(super) fn text<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Option<Field<String>> {
    single(reader, found, |reader, asked, value| {
        text_of(reader, asked, value).map(|text| text.trim().to_owned())
    })
}

/// A name.
pub(super) fn name<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Option<Field<Name>> {
    single(reader, found, |reader, asked, value| {
        text_of(reader, asked, value).map(|text| Name::new(unquoted(text.trim())))
    })
}

/// The name of a table.
pub(super) fn table_name<'t>(
    reader: &mut Reader<'t>,
    found: Found<'t>,
) -> Option<Field<Vec<Name>>> {
    single(reader, found, |reader, asked, value| {
        text_of(reader, asked, value).map(|text| qualified_name(text.trim()))
    })
}

/// `true` or `false`.
pub(super) fn boolean<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Option<Field<bool>> {
    single(reader, found, |reader, asked, value| {
        let meant = match scalar(value.content) {
            Some(Scalar::Boolean(boolean)) => return Some(boolean),
            Some(Scalar::Text(text)) => match text.to_ascii_lowercase().as_str() {
                "yes" | "on" | "y" | "true" => Some("true"),
                "no" | "off" | "n" | "false" => Some("false"),
                _ => None,
            },
            _ => None,
        };
        let repairs = meant.map(|by| Repair::Replace {
            value: value.range,
            by: by.to_owned(),
        });
        report_kind(reader, asked, value, repairs.into_iter().collect());
        None
    })
}

/// A day, `YYYY-MM-DD`.
pub(super) fn date<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Option<Field<String>> {
    single(reader, found, |reader, asked, value| {
        let written = text_of(reader, asked, value)?.trim();
        if is_day(written) {
            return Some(written.to_owned());
        }
        reader.report(
            ProblemCode::InvalidSpec,
            first_line(reader.text, value.range),
            format!(
                "`{written}` is no day. Write `{}` as YYYY-MM-DD, such as 2026-01-31.",
                asked.key.name
            ),
            Vec::new(),
        );
        None
    })
}

/// The id of an amendment.
pub(super) fn amendment_id<'t>(
    reader: &mut Reader<'t>,
    found: Found<'t>,
) -> Option<Field<AmendmentId>> {
    single(reader, found, id_of)
}

/// What was done. A key without a value is a change that is still to be done.
pub(super) fn change<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Option<Field<Change>> {
    let (key, pair) = found?;
    let change = if is_absent(key, pair.value) {
        Change::ToBeDone
    } else {
        let text = text_of(reader, Asked::value_of(key), pair.value)?.trim();
        match is_to_be_done(text) {
            true => Change::ToBeDone,
            false => Change::Done(text.to_owned()),
        }
    };
    Some(field(reader, pair, change))
}

fn is_to_be_done(text: &str) -> bool {
    let rest = text.strip_prefix(NOTE);
    let is_note = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(':'));
    is_note || TO_BE_DONE.contains(&text)
}

/// Where an amendment stands.
pub(super) fn status<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Option<Field<Status>> {
    single(reader, found, |reader, asked, value| {
        let written = text_of(reader, asked, value)?.trim();
        match written {
            "proposed" => return Some(Status::Proposed),
            "accepted" => return Some(Status::Accepted),
            "withdrawn" => return Some(Status::Withdrawn),
            _ => {}
        }
        let repairs = nearest(written, STATUSES).map(|status| Repair::Replace {
            value: value.range,
            by: status.to_owned(),
        });
        report_kind(reader, asked, value, repairs.into_iter().collect());
        None
    })
}

/// A list of texts.
pub(super) fn texts<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Vec<Placed<String>> {
    list(reader, found, Kind::Text, |reader, asked, value| {
        text_of(reader, asked, value).map(|text| text.trim().to_owned())
    })
}

/// A list of the names of columns.
pub(super) fn names<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Vec<Placed<Name>> {
    list(reader, found, Kind::Name, |reader, asked, value| {
        text_of(reader, asked, value).map(|text| Name::new(unquoted(text.trim())))
    })
}

/// A list of texts, numbers and booleans, as written.
pub(super) fn literals<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Vec<Placed<String>> {
    list(
        reader,
        found,
        Kind::Text,
        |reader, asked, value| match scalar(value.content) {
            Some(Scalar::Boolean(_)) => value.content.as_str().map(str::to_owned),
            _ => text_of(reader, asked, value).map(str::to_owned),
        },
    )
}

/// Sentences: the lines of a block scalar, or the items of a list.
pub(super) fn sentences<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Vec<Placed<String>> {
    let Some((key, pair)) = found else {
        return Vec::new();
    };
    let (sources, asked) = match pair.value.content.kind {
        NodeKind::Sequence { .. } => {
            let items = reader.items(pair.value);
            (items, Asked::item_of(key, Kind::Text))
        }
        _ if is_absent(key, pair.value) => return Vec::new(),
        _ => (vec![pair.value], Asked::value_of(key)),
    };
    let mut sentences = Vec::new();
    for value in sources {
        if text_of(reader, asked, value).is_some() {
            for (sentence, range) in sentence::lines(reader.text, value.content) {
                let spot = reader.spot(range);
                sentences.push(Placed::new(sentence, spot));
            }
        }
    }
    sentences
}

/// A list of mappings, each still to be read.
pub(super) fn mappings<'t>(reader: &mut Reader<'t>, found: Found<'t>) -> Vec<Value<'t>> {
    let Some((key, pair)) = found else {
        return Vec::new();
    };
    match &pair.value.content.kind {
        NodeKind::Sequence { .. } => reader.items(pair.value),
        _ if is_absent(key, pair.value) => Vec::new(),
        _ => {
            report_kind(reader, Asked::value_of(key), pair.value, Vec::new());
            Vec::new()
        }
    }
}

/// The id of an amendment, where a list or a mapping gives one.
pub(super) fn id_of<'t>(
    reader: &mut Reader<'t>,
    asked: Asked,
    value: Value<'t>,
) -> Option<AmendmentId> {
    let repairs = match scalar(value.content) {
        Some(Scalar::Integer(Some(number))) if number > 0 => {
            return u64::try_from(number).ok().map(AmendmentId::Number);
        }
        Some(Scalar::Text(text)) => {
            let text = text.trim();
            if let Some(id) = id_from_text(text) {
                return Some(id);
            }
            let slug = slug(text);
            let repair = Repair::Replace {
                value: value.range,
                by: slug.clone(),
            };
            (!slug.is_empty()).then_some(repair)
        }
        _ => None,
    };
    report_kind(reader, asked, value, repairs.into_iter().collect());
    None
}

/// The id that a text is: digits are a number, also in quotes.
fn id_from_text(text: &str) -> Option<AmendmentId> {
    if text.chars().all(|digit| digit.is_ascii_digit()) {
        let number = text.parse().ok().filter(|number| *number > 0);
        return number.map(AmendmentId::Number);
    }
    let is_slug = text
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    is_slug.then(|| AmendmentId::Slug(SmolStr::new(text)))
}

/// The slug that `text` would be.
fn slug(text: &str) -> String {
    let words: Vec<String> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    words.join("-")
}

/// Whether `text` is a day of the calendar, `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let number = |digits: &str, length| {
        let is_number = digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let (Some(year), Some(month), Some(day)) = (number(year, 4), number(month, 2), number(day, 2))
    else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// What a scalar says as text. Nothing at all gives `None`; what is no text is reported.
fn text_of<'t>(reader: &mut Reader<'t>, asked: Asked, value: Value<'t>) -> Option<&'t str> {
    let repairs = match scalar(value.content) {
        Some(Scalar::Text(_) | Scalar::Integer(_) | Scalar::Float) => {
            // Behind a name or a number a comment is a comment.
            let is_prose = matches!(asked.kind, Kind::Prose | Kind::Change | Kind::Sentences);
            if is_prose || asked.key.kind == Kind::Sentences {
                reader.check_cut_off(value);
            }
            return value.content.as_str();
        }
        Some(Scalar::Boolean(_)) => vec![Repair::Quote { text: value.range }],
        Some(Scalar::Null) => Vec::new(),
        // `- a is: b` was meant as text.
        None if matches!(value.content.kind, NodeKind::Mapping { flow: false, .. }) => {
            vec![Repair::Quote { text: value.range }]
        }
        None => Vec::new(),
    };
    report_kind(reader, asked, value, repairs);
    None
}

/// Reads a key with a single value; without one it is as if the key were not there.
fn single<'t, T>(
    reader: &mut Reader<'t>,
    found: Found<'t>,
    read: impl FnOnce(&mut Reader<'t>, Asked, Value<'t>) -> Option<T>,
) -> Option<Field<T>> {
    let (key, pair) = found?;
    if is_absent(key, pair.value) {
        return None;
    }
    let value = read(reader, Asked::value_of(key), pair.value)?;
    Some(field(reader, pair, value))
}

/// Reads a key with a list. A single value is reported, and read as a list of one.
fn list<'t, T>(
    reader: &mut Reader<'t>,
    found: Found<'t>,
    kind: Kind,
    mut read: impl FnMut(&mut Reader<'t>, Asked, Value<'t>) -> Option<T>,
) -> Vec<Placed<T>> {
    let Some((key, pair)) = found else {
        return Vec::new();
    };
    let values = match list_items(reader, key, pair.value) {
        Some(items) => items,
        None => return Vec::new(),
    };
    let mut items = Vec::new();
    for value in values {
        if let Some(item) = read(reader, Asked::item_of(key, kind), value) {
            let spot = reader.spot(value.range);
            items.push(Placed::new(item, spot));
        }
    }
    items
}

/// The items of a list. A single value is reported, and taken as a list of one.
pub(super) fn list_items<'t>(
    reader: &mut Reader<'t>,
    key: &'static Key,
    value: Value<'t>,
) -> Option<Vec<Value<'t>>> {
    match &value.content.kind {
        NodeKind::Sequence { .. } => Some(reader.items(value)),
        _ if is_absent(key, value) => None,
        NodeKind::Scalar { .. } => {
            let repair = Repair::MakeList { value: value.range };
            report_kind(reader, Asked::value_of(key), value, vec![repair]);
            Some(vec![value])
        }
        _ => {
            report_kind(reader, Asked::value_of(key), value, Vec::new());
            None
        }
    }
}

/// `value`, with the places of the key and of what it says.
pub(super) fn field<T>(reader: &mut Reader<'_>, pair: Pair<'_>, value: T) -> Field<T> {
    Field {
        key: reader.spot(pair.key.range),
        value,
        spot: reader.spot(pair.value.range),
    }
}

/// Says that `value` is not what is asked for.
fn report_kind(reader: &mut Reader<'_>, asked: Asked, value: Value<'_>, repairs: Vec<Repair>) {
    // An alias that leads nowhere is reported as such.
    if value.is_dangling() {
        return;
    }
    let name = asked.key.name;
    let subject = match asked.is_item {
        true => format!("An item of `{name}`"),
        false => format!("`{name}`"),
    };
    let found = match (scalar(value.content), value.content.as_str()) {
        (Some(Scalar::Boolean(_)), Some(written)) => {
            format!("but YAML reads `{written}` as a boolean")
        }
        (Some(Scalar::Null), _) => "but it is empty".to_owned(),
        (Some(_), Some(written)) if written.len() <= LONG => format!("not `{}`", written.trim()),
        _ => format!("but this is {}", kind_of(value)),
    };
    let advice = match repairs.first() {
        Some(Repair::Quote { .. }) => " Put it in quotes.",
        Some(Repair::MakeList { .. }) => " Put it in brackets.",
        _ => "",
    };
    reader.report(
        ProblemCode::InvalidSpec,
        first_line(reader.text, value.range),
        format!(
            "{subject} must be {}, {found}.{advice}",
            asked.kind.expectation()
        ),
        repairs,
    );
}

/// Longer values, in bytes, are not repeated in a message.
const LONG: usize = 40;
