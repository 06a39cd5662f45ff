//! The JSON Schema of the native format says what the decode says.

use crate::native::{ORDERS, shown};
use jsonschema::Validator;
use spec::keys::{KEYS, Key, Section};
use spec::native;

fn schema() -> Validator {
    let text = include_str!("../../schema/spec.schema.json");
    let schema = serde_json::from_str(text).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    jsonschema::draft7::new(&schema).unwrap()
}

fn is_valid(schema: &Validator, text: &str) -> bool {
    let mut value: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
    value.apply_merge().unwrap();
    schema.is_valid(&serde_json::to_value(value).unwrap())
}

/// A spec that has `key` with `value`, and besides that only what must be there.
fn spec_with(key: &Key, value: &str) -> String {
    let mut entries: Vec<(&str, &str)> = KEYS
        .iter()
        .filter(|other| other.section == key.section && other.required && other.name != key.name)
        .map(|other| (other.name, "1"))
        .collect();
    entries.push((key.name, value));
    let entries: Vec<String> = entries
        .into_iter()
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    let mapping = format!("{{{}}}", entries.join(", "));
    match key.section {
        Section::Product => mapping,
        Section::Table => format!("{{product: p, tables: [{mapping}]}}"),
        Section::Column => format!("{{product: p, tables: [{{name: t, columns: [{mapping}]}}]}}"),
        Section::Amendment => format!("{{product: p, amendments: [{mapping}]}}"),
        Section::Supersedes => format!(
            "{{product: p, amendments: [{{id: 1, requirement: r, supersedes: [{mapping}]}}]}}"
        ),
        Section::Exemption => format!("{{product: p, exemptions: [{mapping}]}}"),
    }
}

const VALUES: &[&str] = &[
    "text",
    "'text'",
    "a-slug",
    "Not-A-Slug",
    "tbd",
    "accepted",
    "acepted",
    "0",
    "1",
    "-1",
    "1.5",
    "'1'",
    "'0'",
    "true",
    "FALSE",
    "yes",
    "'true'",
    "null",
    "~",
    "",
    "''",
    "2026-01-31",
    "'2026-01-31'",
    "2026-02-30",
    "2026-13-01",
    "2026-1-1",
    "20260101",
    "[]",
    "[text]",
    "[text, 1]",
    "[true]",
    "[null]",
    "[1, a-slug]",
    "[0]",
    "[[text]]",
    "{}",
    "{a: b}",
    "{x-own: b}",
    "[{}]",
    "[{a: b}]",
    "[{name: text}]",
    "[{name: }]",
    "[{name: text, x-own: 1}]",
    "[{id: 1, requirement: text}]",
    "[{id: 1}]",
    "[{rule: text, why: text}]",
    "[{amendment: 1, guarantee: text}]",
    "[{amendment: 1}, 2]",
    "[{guarantee: text}]",
];

#[test]
fn schema_and_decode_agree_on_every_key_with_every_kind_of_value() {
    let schema = schema();
    let (mut good, mut bad) = (0, 0);
    for key in KEYS {
        for value in VALUES {
            let text = spec_with(key, value);
            let problems = shown(&text, &native::decode(&text).problems);
            assert_eq!(
                is_valid(&schema, &text),
                problems.is_empty(),
                "{text}\n{problems:#?}"
            );
            match problems.is_empty() {
                true => good += 1,
                false => bad += 1,
            }
        }
    }
    assert!(
        good > KEYS.len() * 3 && bad > KEYS.len() * 3,
        "{good} good, {bad} bad"
    );
}

#[test]
fn schema_and_decode_agree_on_whole_specs() {
    let schema = schema();
    let merged = "\
x-prose: &prose {description: d, why: w}
product: p
tables:
  - <<: *prose
    name: t
    columns: [{<<: *prose, name: c}, {<<: [*prose], name: d}]
";
    let misspelled = ORDERS.replace("nullable", "nulable");
    let nameless = ORDERS.replace("name: order_amount", "title: order_amount");
    for (text, expected) in [
        (ORDERS, true),
        (merged, true),
        ("product: p", true),
        (misspelled.as_str(), false),
        (nameless.as_str(), false),
        ("", false),
        ("text", false),
        ("[]", false),
        ("description: d", false),
        ("product: p\nfoo: bar", false),
    ] {
        let problems = shown(text, &native::decode(text).problems);
        assert_eq!(is_valid(&schema, text), expected, "{text}");
        assert_eq!(problems.is_empty(), expected, "{text}\n{problems:#?}");
    }
}

#[test]
fn every_key_is_read() {
    for key in KEYS {
        let read = VALUES.iter().any(|value| {
            let with = native::decode(&spec_with(key, value)).facts;
            let without = native::decode(&spec_with(key, "")).facts;
            with != without
        });
        assert!(read, "{:?} {}", key.section, key.name);
    }
}
