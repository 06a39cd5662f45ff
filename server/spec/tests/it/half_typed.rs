//! A broken line costs its entry, never another one; and no text at all makes the decode panic.

use crate::native::ORDERS;
use proptest::prelude::*;
use spec::model::{Field, NativeSpec};
use spec::{Decoded, dbt, native};
use std::collections::BTreeMap;
use std::fmt::Debug;
use syntax::TextSize;

/// What is read of each table, column and amendment, without places.
fn entries(spec: &NativeSpec) -> BTreeMap<String, String> {
    fn value<T: Debug>(field: &Option<Field<T>>) -> String {
        format!("{:?} ", field.as_ref().map(|field| &field.value))
    }
    let mut entries = BTreeMap::new();
    for table in &spec.tables {
        let name = format!("{:?}", table.name.value);
        let own = value(&table.description) + &value(&table.why);
        entries.insert(format!("table {name}"), own);
        for column in &table.columns {
            let said = value(&column.data_type)
                + &value(&column.description)
                + &value(&column.why)
                + &value(&column.unit)
                + &value(&column.nullable)
                + &value(&column.since);
            entries.insert(format!("column {:?}", column.name.value), said);
        }
    }
    for amendment in &spec.amendments {
        let sentences: Vec<&String> = amendment.guarantees.iter().map(|g| &g.value).collect();
        let said = value(&amendment.date)
            + &value(&amendment.author)
            + &value(&amendment.requirement)
            + &value(&amendment.change)
            + &format!("{sentences:?}");
        let id = value(&amendment.id);
        entries.insert(format!("amendment {}", id.trim()), said);
    }
    entries
}

/// The lines of the example that belong to one entry: the entry, and the first of its lines.
const ENTRIES: &[(&str, &str)] = &[
    ("column \"order_id\"", "      - name: order_id"),
    ("column \"order_amount\"", "      - name: order_amount"),
    ("", "amendments:"),
    ("amendment Some(Number(1))", "  - id: 1"),
    (
        "amendment Some(Slug(\"no-test-orders\"))",
        "  - id: no-test-orders",
    ),
    ("amendment Some(Slug(\"item-count\"))", "  - id: item-count"),
];

/// Ways in which a line is while it is typed.
const BROKEN: &[fn(&str) -> String] = &[
    |line| first_half(line).to_owned(),
    |line| first_half(line).trim_end().to_owned() + "\"",
    |line| format!("{line}: x"),
    |line| format!("{line} ["),
    |line| format!("{line} {{"),
    |line| line.replacen(": ", ": \"", 1),
    |line| line.replacen(": ", ": '", 1),
    |line| line.replacen(": ", ": [", 1),
    |line| line.replacen(": ", ": {a: ", 1),
    |line| line.replacen(": ", ": *", 1),
    |line| line.replacen(": ", ": @", 1),
    |line| line.replacen(": ", ": %", 1),
    |line| line.replacen(": ", ":", 1),
    |line| line.replacen(": ", " ", 1),
    |line| line.replacen("    ", "    \t", 1),
    |line| format!("{}!@#$", indentation(line)),
    |line| indentation(line).to_owned(),
];

fn first_half(line: &str) -> &str {
    let content = line.trim_start();
    let letters = content.chars().count() / 2;
    let end = content.char_indices().nth(letters).map_or(0, |(at, _)| at);
    line.get(..line.len() - content.len() + end).unwrap()
}

fn indentation(line: &str) -> &str {
    line.get(..line.len() - line.trim_start().len()).unwrap()
}

#[test]
fn a_broken_line_costs_its_entry_and_no_other() {
    let whole = entries(&native::decode(ORDERS).facts);
    assert_eq!(whole.len(), 6);
    let lines: Vec<&str> = ORDERS.lines().collect();
    let mut owner = "";
    let mut tried = 0;
    for (number, line) in lines.iter().enumerate() {
        if let Some((entry, _)) = ENTRIES.iter().find(|(_, first)| line == first) {
            owner = entry;
        }
        if owner.is_empty() || line.trim().is_empty() {
            continue;
        }
        for break_line in BROKEN {
            let broken = break_line(line);
            // Without its dash an entry is no entry, and what follows is no longer a list.
            let dash = format!("{}- ", indentation(line));
            let loses_dash = line.starts_with(&dash) && !broken.starts_with(&dash);
            if broken == *line || loses_dash {
                continue;
            }
            tried += 1;
            let mut lines: Vec<&str> = lines.clone();
            lines[number] = &broken;
            let text = lines.join("\n") + "\n";
            let decoded = native::decode(&text);
            let mut read = entries(&decoded.facts);
            let mut expected = whole.clone();
            for entries in [&mut read, &mut expected] {
                entries.remove(owner);
            }
            // What was read of the broken entry may have another name.
            read.retain(|name, _| whole.contains_key(name));
            assert_eq!(
                read,
                expected,
                "line {}: {broken:?}
{:#?}",
                number + 1,
                decoded.problems
            );
        }
    }
    assert!(tried > 300, "{tried}");
}

/// Every place of every problem lies in the text.
fn assert_in_text<T>(text: &str, decoded: &Decoded<T>) {
    for problem in &decoded.problems {
        assert!(problem.range.end() <= TextSize::of(text));
        let (start, end) = (problem.range.start().into(), problem.range.end().into());
        assert!(text.get(start..end).is_some(), "splits a character");
    }
}

fn decode_all(text: &str) {
    assert_in_text(text, &native::decode(text));
    assert_in_text(text, &dbt::properties::decode(text));
    assert_in_text(text, &dbt::project::decode(text));
    for profile in dbt::profiles::decode(text) {
        profile.adapter();
    }
}

const PROPERTIES: &str = "\
models:
  - name: orders
    description: \"{{ doc('orders') }}\"
    config: {contract: {enforced: true}, meta: {rationale: {why: w}}}
    constraints: [{type: primary_key, columns: [id]}]
    columns: &columns
      - name: id
        data_tests: [unique, {relationships: {to: ref('a'), field: id}}]
    versions: [{v: 1, columns: [{include: all, exclude: [id]}]}]
sources:
  - name: raw
    tables: [{name: orders, columns: *columns}]
";

/// What is put somewhere into a text, or in place of a piece of it.
const PIECES: &[&str] = &[
    "", ":", ": ", "- ", "\n", "\r\n", "\t", "  ", "[", "]", "{", "}", "\"", "'", "|", ">", "&a ",
    "*a", "<<: *a", "#", " # ", "---\n", "...\n", "? ", "!!str ", "%", "@", "ä", "\u{feff}", "𝒳",
    "\0",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_mutation_of_a_spec_panics(
        source in prop::sample::select(vec![ORDERS, PROPERTIES]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0usize..6, prop::sample::select(PIECES)), 1..6),
    ) {
        let mut letters: Vec<char> = source.chars().collect();
        for (at, removed, piece) in changes {
            let start = at.index(letters.len() + 1);
            let end = (start + removed).min(letters.len());
            letters.splice(start..end, piece.chars());
        }
        decode_all(&letters.into_iter().collect::<String>());
    }

    #[test]
    fn no_text_panics(text in "[-:#|>&*!%@{}\\[\\]'\"a-c \n\r\té]{0,80}") {
        decode_all(&text);
        decode_all(&format!("product: p\ntables:\n{text}"));
        decode_all(&format!("models:\n  - name: t\n{text}"));
    }
}
