//! The generator of edits, tried by itself: on the fixtures and on the shipped examples.

use crate::refactor::{Change, Files, Place, mutations, refactorings};
use sql::Dialect;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const SEED: u64 = 7;

/// The files below a folder.
fn folder(root: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "sql") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.insert(path.strip_prefix(root).unwrap().to_owned(), text);
            }
        }
    }
    files
}

/// Every project that the edits are tried on.
fn projects() -> Vec<(String, Files, Dialect)> {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fixtures = [
        ("duckdb", Dialect::DuckDb),
        ("postgres", Dialect::Postgres),
        ("snowflake", Dialect::Snowflake),
        ("bigquery", Dialect::BigQuery),
    ];
    let examples = [("orders", Dialect::Postgres), ("shop-dbt", Dialect::DuckDb)];
    let mut all = Vec::new();
    for (name, dialect) in fixtures {
        all.push((name.to_owned(), folder(&crate_root.join("tests/fixtures").join(name)), dialect));
    }
    for (name, dialect) in examples {
        all.push((name.to_owned(), folder(&crate_root.join("../../examples").join(name)), dialect));
    }
    all
}

#[test]
fn dump() {
    if let Ok(dir) = std::env::var("DUMP") {
        for (name, files, dialect) in projects() {
            let mut out = String::new();
            let kinds = refactorings(&files, dialect, SEED);
            for c in kinds.iter() { out.push_str(&format!("{:?}\n", (c.kind, &c.description, &c.files_after, &c.touched, "r", true, "Rows"))); }
            for m in mutations(&files, dialect, SEED) { let c = &m.change; out.push_str(&format!("{:?}\n", (c.kind, &c.description, &c.files_after, &c.touched, "m", m.certain, format!("{:?}", m.place)))); }
            std::fs::write(Path::new(&dir).join(name), out).unwrap();
        }
    }
    let mut counts = BTreeMap::new();
    let mut mcounts = BTreeMap::new();
    for (_, files, dialect) in projects() {
        for c in refactorings(&files, dialect, SEED) { *counts.entry(c.kind).or_insert(0) += 1; }
        for c in mutations(&files, dialect, SEED) { *mcounts.entry(c.change.kind).or_insert(0) += 1; }
    }
    println!("{} {counts:#?}\n {} {mcounts:#?}", counts.values().sum::<i32>(), mcounts.values().sum::<i32>());
}
