//! `rationale check --format json`: the shape that `docs/json.md` promises, field by field.

use crate::program::{Folder, repository, run};
use serde_json::Value;

/// The keys of an object, sorted.
fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    keys.sort_unstable();
    keys
}

fn assert_range(range: &Value) {
    assert_eq!(keys(range), ["end", "start"]);
    let position = |end: &str| {
        let position = range.get(end).unwrap();
        assert_eq!(keys(position), ["column", "line"]);
        let count = |key| position.get(key).and_then(Value::as_u64).unwrap();
        (count("line"), count("column"))
    };
    let (start, end) = (position("start"), position("end"));
    assert!((1, 1) <= start && start <= end, "{range}");
}

#[test]
fn every_field_is_there_and_of_its_type() {
    let run = run(
        &repository(),
        &["check", "examples/orders", "--format", "json"],
    );
    let report = run.json();
    assert_eq!(keys(&report), ["base", "findings", "summary", "version"]);
    assert_eq!(report["version"], 1);
    let findings = report["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    for finding in findings {
        let expected = [
            "amendment",
            "code",
            "column",
            "fixes",
            "message",
            "path",
            "product",
            "range",
            "related",
            "severity",
            "table",
        ];
        assert_eq!(keys(finding), expected);
        assert!(
            ["error", "warning", "info", "hint"].contains(&finding["severity"].as_str().unwrap())
        );
        assert!(
            repository()
                .join("examples/orders")
                .join(finding["path"].as_str().unwrap())
                .is_file()
        );
        assert!(!finding["message"].as_str().unwrap().is_empty());
        assert_range(&finding["range"]);
        for subject in ["amendment", "column", "product", "table"] {
            assert!(finding[subject].is_null() || finding[subject].is_string());
        }
        for related in finding["related"].as_array().unwrap() {
            assert_eq!(keys(related), ["message", "path", "range"]);
            assert_range(&related["range"]);
        }
        for fix in finding["fixes"].as_array().unwrap() {
            assert_eq!(keys(fix), ["title"]);
            assert!(!fix["title"].as_str().unwrap().is_empty());
        }
    }
    let summary = &report["summary"];
    let expected = [
        "amendments_without_guarantee",
        "columns",
        "files",
        "findings",
        "guarantees",
        "parsed",
        "promises",
        "tables",
        "unparsed",
        "whys",
    ];
    assert_eq!(keys(summary), expected);
    let guarantees = ["at_risk", "cant_be_told", "contradicted", "hold"];
    assert_eq!(keys(&summary["guarantees"]), guarantees);
    assert_eq!(
        keys(&summary["findings"]),
        ["error", "hint", "info", "warning"]
    );
    for (severity, count) in summary["findings"].as_object().unwrap() {
        let found = findings
            .iter()
            .filter(|finding| finding["severity"] == severity.as_str());
        assert_eq!(*count, found.count(), "{severity}");
    }
}

/// What the example is made to show: see its spec and its SQL.
#[test]
fn the_example_has_the_findings_that_it_was_made_for() {
    let report = run(
        &repository(),
        &["check", "examples/orders", "--format", "json"],
    )
    .json();
    let found: Vec<[&str; 4]> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().unwrap_or("-");
            [
                text("code"),
                text("table"),
                text("column"),
                text("amendment"),
            ]
        })
        .collect();
    let expected = [
        ["undocumented-column", "orders", "shipping_country", "-"],
        ["missing-why", "orders", "coupon_code", "-"],
        ["phantom-column", "invoices", "reminder_count", "-"],
        ["open-amendment", "-", "-", "item-count"],
    ];
    assert_eq!(found, expected);
    let summary = &report["summary"];
    let counted = |key: &str| summary[key].as_u64().unwrap();
    // The toml, the spec and two models; of 14 columns and 2 tables, only the coupon code, the
    // country and the sync's column say no why.
    assert_eq!(
        (counted("files"), counted("tables"), counted("columns")),
        (4, 2, 12)
    );
    assert_eq!((counted("parsed"), counted("unparsed")), (2, 0));
    assert_eq!(counted("whys"), 11);
}

#[test]
fn columns_count_characters_from_1_whatever_the_line_ends() {
    let spec = "product: shop\r\ntables:\r\n  - name: orders\r\n    description: Orders.\r\n    why: \
                Invoices.\r\n    columns: [{name: id, description: 🦀é, why: Support.}, {name: \
                total, description: x}]\r\n";
    let folder = Folder::with(&[
        ("a.spec.yaml", spec),
        ("orders.sql", "select id, total from raw.o"),
    ]);
    let report = folder.run(&["check", "--format", "json"]).json();
    let findings = report["findings"].as_array().unwrap();
    let missing = findings
        .iter()
        .find(|finding| finding["code"] == "missing-why")
        .unwrap();
    let line = spec.lines().nth(5).unwrap();
    let (before, _) = line.split_once("total").unwrap();
    let column = before.chars().count() + 1;
    let expected = serde_json::json!({
        "start": { "line": 6, "column": column },
        "end": { "line": 6, "column": column + "total".len() },
    });
    assert_eq!(missing["range"], expected);
    assert_eq!(missing["path"], "a.spec.yaml");
}

#[test]
fn a_place_that_can_not_be_read_is_null() {
    let folder = Folder::with(&[("orders.sql", b"SELECT '\xff'".as_slice())]);
    let report = folder.run(&["check", "--format", "json"]).json();
    let [finding] = report["findings"].as_array().unwrap().as_slice() else {
        panic!("{report}");
    };
    assert_eq!(
        (&finding["path"], &finding["range"]),
        (&"orders.sql".into(), &Value::Null)
    );
}

#[test]
fn the_documented_example_is_what_is_printed() {
    let page = std::fs::read_to_string(repository().join("docs/json.md")).unwrap();
    let (_, example) = page.split_once("```json\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let documented: Value = serde_json::from_str(example).unwrap();
    let printed = run(
        &repository(),
        &["check", "examples/orders", "--format", "json"],
    )
    .json();
    let finding = &documented["findings"][0];
    assert!(
        printed["findings"].as_array().unwrap().contains(finding),
        "{finding}"
    );
    for (key, count) in documented["summary"].as_object().unwrap() {
        if key != "findings" {
            assert_eq!(printed["summary"][key], *count, "{key}");
        }
    }
}

#[test]
fn the_schema_is_printed_whole() {
    let schema = run(&repository(), &["schema"]).json();
    assert_eq!(schema["type"], "object");
    assert!(schema["properties"]["amendments"].is_object(), "{schema}");
}
