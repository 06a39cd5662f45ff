//! The evaluator as a judge: rewriting a query changes none of its rows, and what is equal gives the
//! same.

use crate::mutants::mutants;
use crate::shop;
use meaning::canonical::{canonical, normalized};
use meaning::evaluate::{Budget, Rows, Tables, run};
use sql::relation::Query;
use std::collections::HashMap;

const QUERIES: &str = include_str!("../portable.sql");

/// Queries, and these with one word changed.
fn queries() -> Vec<(String, Query)> {
    let texts = QUERIES.split(';').chain(
        super::same::ALL
            .iter()
            .flat_map(|pairs| pairs.split("\n\n").flat_map(|pair| pair.split("\n--\n"))),
    );
    let mut all: Vec<String> = Vec::new();
    for text in texts.map(str::trim).filter(|text| !text.is_empty()) {
        all.push(text.to_owned());
        all.extend(mutants(text));
    }
    all.sort();
    all.dedup();
    let readable = all.into_iter().filter_map(|text| {
        let query = shop::lowered(&text)?;
        Some((text, query))
    });
    readable.collect()
}

fn rows(query: &Query, tables: &Tables) -> Option<Rows> {
    run(query, tables, &mut Budget::of(100_000)).ok()
}

#[test]
fn rewriting_keeps_all_rows() {
    let mut decided = 0;
    let mut wrong = Vec::new();
    for (text, query) in queries() {
        let rewritten = normalized(&query);
        for tables in shop::contents() {
            let (Some(was), Some(now)) = (rows(&query, &tables), rows(&rewritten, &tables)) else {
                continue;
            };
            decided += 1;
            if was.differ(&now) {
                wrong.push(format!("{text}\n{was:?}\n{now:?}\n{rewritten:#?}"));
                break;
            }
        }
    }
    assert!(decided > 1000, "only {decided} could be told");
    let shown: Vec<&str> = wrong.iter().take(3).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), shown.join("\n\n"));
}

#[test]
fn what_is_equal_gives_the_same_rows() {
    let mut first: HashMap<_, (String, Query)> = HashMap::new();
    let mut decided = 0;
    let mut wrong = Vec::new();
    for (text, query) in queries() {
        let canonical = canonical(&query);
        let known = canonical
            .columns
            .iter()
            .all(|column| column.meaning.is_known());
        if !known || !canonical.rows.is_known() || canonical.open {
            continue;
        }
        let columns: Vec<_> = canonical
            .columns
            .into_iter()
            .map(|column| (column.meaning, column.data_type))
            .collect();
        let form = (columns, canonical.rows);
        let Some((other, before)) = first.get(&form) else {
            first.insert(form, (text, query));
            continue;
        };
        for tables in shop::contents() {
            let (Some(was), Some(now)) = (rows(before, &tables), rows(&query, &tables)) else {
                continue;
            };
            decided += 1;
            if was.differ(&now) {
                wrong.push(format!("{other}\n{text}\n{was:?}\n{now:?}"));
                break;
            }
        }
    }
    assert!(decided > 100, "only {decided} could be told");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n\n"));
}
