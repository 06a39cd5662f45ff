//! DuckDB as a judge of the generator: on tables filled by chance, a refactored model gives the rows
//! that the model gave, and most mutations are seen to give others.

use super::{SEED, folder_of_fixtures};
use crate::engine::results;
use crate::refactor::{Change, Files, mutations, refactorings};
use serde_json::{Value as Json, json};
use sql::Dialect;
use std::collections::BTreeMap;
use std::path::Path;

/// How often the tables are filled anew.
const FILLINGS: u64 = 4;

/// The fixtures that DuckDB takes as they are, each model of them.
const PORTABLE: [(&str, Dialect); 2] =
    [("duckdb", Dialect::DuckDb), ("postgres", Dialect::Postgres)];

#[test]
fn refactored_models_give_the_same_rows_in_duckdb() {
    let mut count = 0;
    for (name, dialect) in PORTABLE {
        let files = folder_of_fixtures(name);
        let changes = refactorings(&files, dialect, SEED);
        for outcome in outcomes(&files, &changes) {
            assert!(
                outcome.errors.is_empty(),
                "{}\n{}",
                outcome.says,
                outcome.errors.join("\n")
            );
            assert!(!outcome.differs, "{}", outcome.says);
            count += 1;
        }
    }
    assert!(count >= 500, "{count}");
}

#[test]
fn most_mutations_that_are_certain_are_seen_in_duckdb() {
    let (mut count, mut seen) = (0, 0);
    let mut unseen = Vec::new();
    for (name, dialect) in PORTABLE {
        let files = folder_of_fixtures(name);
        // Of the tables that take another's place, nothing is known here.
        let certain: Vec<Change> = mutations(&files, dialect, SEED)
            .into_iter()
            .filter(|mutation| mutation.certain && mutation.change.kind != "table swapped")
            .map(|mutation| mutation.change)
            .collect();
        for outcome in outcomes(&files, &certain) {
            count += 1;
            seen += usize::from(outcome.differs);
            if !outcome.differs {
                unseen.push(outcome.says);
            }
        }
    }
    // What is left takes rows that chance gives seldom.
    assert!(
        seen * 10 >= count * 7,
        "{seen} of {count}, but not\n{}",
        unseen.join("\n")
    );
}

/// What DuckDB makes of a change.
struct Outcome {
    says: String,
    differs: bool,
    errors: Vec<String>,
}

fn outcomes(files: &Files, changes: &[Change]) -> Vec<Outcome> {
    let models: BTreeMap<String, String> = files
        .iter()
        .map(|(path, text)| (stem(path), without_tags(text, &BTreeMap::new())))
        .collect();
    let order = in_order(&models);
    let mut queries = Vec::new();
    for change in changes {
        queries.extend(compared(change, &models));
    }
    let texts: Vec<&String> = queries.iter().flat_map(|(old, new)| [old, new]).collect();
    let jobs: Vec<Json> = (0..FILLINGS)
        .map(|filling| {
            let mut setup = tables(filling);
            for model in &order {
                setup.push(format!(
                    "CREATE OR REPLACE TABLE {model} AS {}",
                    models[model]
                ));
            }
            json!({ "setup": setup, "queries": texts })
        })
        .collect();
    let mut outcomes: Vec<Outcome> = changes
        .iter()
        .map(|change| Outcome {
            says: format!(
                "{}: {}\n{:?}",
                change.kind, change.description, change.files_after
            ),
            differs: false,
            errors: Vec::new(),
        })
        .collect();
    for rows in results(&jobs) {
        let mut pairs = rows.chunks(2);
        for (change, outcome) in changes.iter().zip(&mut outcomes) {
            for _ in compared(change, &models) {
                match pairs.next().unwrap() {
                    [Ok(old), Ok(new)] => outcome.differs |= old.differ(new),
                    both => {
                        let errors = both.iter().filter_map(|rows| rows.as_ref().err());
                        outcome.errors.extend(errors.cloned());
                    }
                }
            }
        }
    }
    outcomes
}

/// The queries to compare for a change: each model that was there, and what it is now.
fn compared(change: &Change, models: &BTreeMap<String, String>) -> Vec<(String, String)> {
    let mut gone = None;
    let mut added = BTreeMap::new();
    for (path, text) in &change.files_after {
        match text {
            None => gone = Some(stem(path)),
            Some(text) if !models.contains_key(&stem(path)) => {
                added.insert(stem(path), text.clone());
            }
            Some(_) => {}
        }
    }
    // A new model is read as a subquery; one that was only renamed, as what it was.
    let mut known = BTreeMap::new();
    for (name, text) in &added {
        let body = format!("({})", without_tags(text, &BTreeMap::new()));
        known.insert(name.clone(), gone.clone().unwrap_or(body));
    }
    let mut pairs = Vec::new();
    for (path, text) in &change.files_after {
        let Some(text) = text else { continue };
        let old = if models.contains_key(&stem(path)) {
            Some(stem(path))
        } else {
            gone.clone()
        };
        let Some(old) = old else { continue };
        pairs.push((models[&old].clone(), without_tags(text, &known)));
    }
    pairs
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap().to_str().unwrap().to_owned()
}

/// A template as DuckDB takes it: first run, nothing incremental.
fn without_tags(text: &str, known: &BTreeMap<String, String>) -> String {
    let mut sql = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("{%").into_iter().chain(rest.find("{{")).min() {
        sql.push_str(&rest[..start]);
        rest = &rest[start..];
        if rest.starts_with("{%") {
            let end = rest.find("{% endif %}").unwrap() + "{% endif %}".len();
            rest = &rest[end..];
            continue;
        }
        let end = rest.find("}}").unwrap() + 2;
        let names: Vec<&str> = rest[..end].split('\'').skip(1).step_by(2).collect();
        if rest.contains("ref(") && rest[..end].contains("ref(") {
            sql.push_str(known.get(names[0]).map_or(names[0], String::as_str));
        } else if rest[..end].contains("source(") {
            sql.push_str(&names.join("."));
        }
        rest = &rest[end..];
    }
    sql.push_str(rest);
    sql
}

/// The models, each after those that it reads.
fn in_order(models: &BTreeMap<String, String>) -> Vec<String> {
    let mut order: Vec<String> = Vec::new();
    while order.len() < models.len() {
        let before = order.len();
        for (name, text) in models {
            let is_word = |word: &str| {
                let part = |character: char| character.is_alphanumeric() || character == '_';
                text.split(|character| !part(character))
                    .any(|other| other == word)
            };
            let waits = models
                .keys()
                .any(|other| other != name && is_word(other) && !order.contains(other));
            if !order.contains(name) && !waits {
                order.push(name.clone());
            }
        }
        assert!(order.len() > before, "a cycle");
    }
    order
}

/// The statements that make the tables of `tables.json`, filled by chance.
fn tables(filling: u64) -> Vec<String> {
    let schema: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(include_str!("../../fixtures/tables.json")).unwrap();
    let mut state = filling.wrapping_mul(7919) + 17;
    let mut below = move |bound: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let mut statements = vec!["CREATE SCHEMA IF NOT EXISTS raw".to_owned()];
    for (table, columns) in schema {
        let list: Vec<String> = columns
            .iter()
            .map(|(name, kind)| format!("\"{name}\" {kind}"))
            .collect();
        statements.push(format!(
            "CREATE OR REPLACE TABLE {table} ({})",
            list.join(", ")
        ));
        let count = [0, 6, 12, 18][below(4)].max(usize::from(filling > 0) * 8);
        for _ in 0..count {
            let row: Vec<String> = columns
                .iter()
                .map(|(name, kind)| cell(name, kind, &mut below))
                .collect();
            statements.push(format!("INSERT INTO {table} VALUES ({})", row.join(", ")));
        }
    }
    statements
}

fn cell(column: &str, kind: &str, below: &mut impl FnMut(usize) -> usize) -> String {
    if below(9) == 0 {
        return "NULL".to_owned();
    }
    let mut one_of = |values: &[&str]| values[below(values.len())].to_owned();
    let text = match kind {
        "BOOLEAN" => return one_of(&["true", "false", "false"]),
        "INTEGER" if column == "amount_cents" => return one_of(&["100", "150", "1", "-5"]),
        "INTEGER" => return one_of(&["0", "1", "1", "2", "2", "3", "4", "5"]),
        "DATE" | "TIMESTAMP" => one_of(&["2024-06-29", "2024-06-30", "2024-07-01", "2023-01-05"]),
        "VARCHAR" => one_of(match column {
            "status" => &["success", "draft", "open", "shipped", "returned"],
            "method" => &["card", "bank", "cash"],
            "kind" => &["view", "click", "buy", "ping"],
            "country" => &["DE", "FR", "unknown"],
            "region" => &["north", "south", "west"],
            "coupon" => &["NEW10", "SUMMER", "none"],
            _ => &["a", "b"],
        }),
        _ => return one_of(&["0", "1", "2", "10.5", "-1", "500"]),
    };
    format!("'{text}'")
}
