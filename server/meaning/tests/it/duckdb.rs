//! DuckDB as a judge: what the evaluator gives is what DuckDB gives, and where the search says that two
//! queries differ, they do.

use crate::engine::results;
use crate::mutants::mutants;
use crate::shop;
use crate::witness::CHANGES;
use meaning::evaluate::{Budget, Row, Rows, Value, run};
use meaning::witness::{Facts, Question, Verdict, Witness, find_difference};
use serde_json::{Value as Json, json};

const QUERIES: &str = include_str!("portable.sql");

#[test]
fn the_evaluator_gives_what_duckdb_gives() {
    let queries = queries();
    assert!(queries.len() >= 100, "{}", queries.len());
    let contents = shop::contents();
    let jobs: Vec<Json> = contents
        .iter()
        .map(|tables| json!({ "setup": shop::setup(tables), "queries": queries }))
        .collect();
    let (mut all, mut decided) = (0, 0);
    let mut wrong = Vec::new();
    let mut open = Vec::new();
    for (tables, theirs) in contents.iter().zip(results(&jobs)) {
        for (text, theirs) in queries.iter().zip(theirs) {
            let theirs = match theirs {
                Ok(theirs) => theirs,
                Err(error) => panic!("{text}: {error}"),
            };
            all += 1;
            match run(&shop::query(text), tables, &mut Budget::of(200_000)) {
                Err(why) => open.push(format!("{}: {text}", why.reason)),
                Ok(ours) => {
                    let unknown = ours.rows.iter().any(|row| {
                        row.values
                            .iter()
                            .any(|value| matches!(value, Value::Opaque(_)))
                    });
                    if unknown {
                        open.push(format!("opaque: {text}"));
                    } else {
                        decided += 1;
                    }
                    if ours.differ(&theirs) {
                        wrong.push(format!(
                            "{text}\nours: {}\ntheirs: {}",
                            shown(&ours),
                            shown(&theirs)
                        ));
                    }
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {all} differ:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
    assert!(
        decided * 10 >= all * 9,
        "only {decided} of {all} decided:\n{}",
        open.join("\n")
    );
}

#[test]
fn what_the_search_finds_differs_in_duckdb() {
    let mut jobs = Vec::new();
    let mut names = Vec::new();
    for change in CHANGES {
        let verdict = change.verdict();
        let Verdict::Different(witness) = verdict else {
            continue;
        };
        let setup = example(&witness);
        jobs.push(json!({ "setup": setup, "queries": [change.old, change.new] }));
        names.push((change, setup));
    }
    assert!(
        jobs.len() * 10 >= CHANGES.len() * 8,
        "only {} found",
        jobs.len()
    );
    let mut wrong = Vec::new();
    for ((change, setup), results) in names.iter().zip(results(&jobs)) {
        let [old, new] = results.as_slice() else {
            panic!("two results")
        };
        let differ = match (old, new) {
            (Ok(old), Ok(new)) => change.restricted(old).differ(&change.restricted(new)),
            _ => false,
        };
        if !differ {
            wrong.push(format!(
                "{}\n{}\n{}\n{old:?}\n{new:?}",
                change.old,
                change.new,
                setup.join("\n")
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} do not:\n{}",
        wrong.len(),
        jobs.len(),
        wrong.join("\n\n")
    );
}

/// Statements that make the tables of an example, of the types that the search took for theirs.
fn example(witness: &Witness) -> Vec<String> {
    let mut setup = Vec::new();
    for (name, all) in shop::TABLES {
        // Tables and columns that play no part are there, and empty.
        let table = witness
            .inputs
            .iter()
            .find(|table| table.table == shop::named(name));
        let given = table
            .map(|table| table.columns.as_slice())
            .unwrap_or_default();
        let columns: Vec<String> = all
            .iter()
            .map(|(name, data_type)| {
                let inferred = given.iter().find(|(known, _)| known.as_str() == *name);
                let inferred = inferred.map(|(_, data_type)| data_type.to_string());
                format!(
                    "{name} {}",
                    inferred.unwrap_or_else(|| (*data_type).to_owned())
                )
            })
            .collect();
        setup.push(format!(
            "CREATE OR REPLACE TABLE {name} ({})",
            columns.join(", ")
        ));
        let names: Vec<&str> = given.iter().map(|(name, _)| name.as_str()).collect();
        for row in table.iter().flat_map(|table| &table.rows) {
            setup.push(match names.is_empty() {
                true => format!("INSERT INTO {name} ({}) VALUES (NULL)", all[0].0),
                false => format!(
                    "INSERT INTO {name} ({}) VALUES ({})",
                    names.join(", "),
                    shop::row_text(row)
                ),
            });
        }
    }
    setup
}

#[test]
fn what_the_search_finds_for_mutants_differs_in_duckdb() {
    let mut jobs = Vec::new();
    let mut names = Vec::new();
    let (mut tried, mut shown) = (0, 0);
    for text in queries() {
        let old = shop::query(text);
        for mutant in mutants(text) {
            let new = shop::query(&mutant);
            if new.root().columns.len() != old.root().columns.len() {
                continue;
            }
            tried += 1;
            let columns = 0..old.root().columns.len();
            let asked = columns.map(|position| Question::Column {
                old: position,
                new: position,
            });
            let rows = Question::Rows { same: Vec::new() };
            let mut found = false;
            for question in asked.chain([rows]) {
                let mut budget = Budget::of(10_000);
                let verdict =
                    find_difference(&old, &new, &question, &Facts::default(), &mut budget);
                if let Verdict::Different(witness) = verdict {
                    found = true;
                    let setup = example(&witness);
                    jobs.push(json!({ "setup": setup, "queries": [text, mutant] }));
                    names.push((text, mutant.clone(), question, setup));
                }
            }
            shown += usize::from(found);
        }
    }
    assert!(tried >= 400, "{tried}");
    assert!(shown * 10 >= tried * 7, "only {shown} of {tried} shown");
    let mut wrong = Vec::new();
    for ((old, new, question, setup), results) in names.iter().zip(results(&jobs)) {
        let [was, now] = results.as_slice() else {
            panic!("two results")
        };
        // What is no query in DuckDB, though it is one elsewhere, is no example either way.
        if matches!(now, Err(error) if error.starts_with("Binder Error") || error.starts_with("Parser Error"))
        {
            continue;
        }
        let differ = matches!((was, now), (Ok(was), Ok(now)) if was.differ(now));
        if !differ {
            wrong.push(format!(
                "{old}\n{new}\n{question:?}\n{}\n{was:?}\n{now:?}",
                setup.join("\n")
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} do not:\n{}",
        wrong.len(),
        jobs.len(),
        wrong.join("\n\n")
    );
}

fn queries() -> Vec<&'static str> {
    let texts = QUERIES.split(';').map(str::trim);
    texts.filter(|text| !text.is_empty()).collect()
}

fn shown(rows: &Rows) -> String {
    let row = |row: &Row| {
        let cells: Vec<String> = row.values.iter().map(Value::to_string).collect();
        format!("({})", cells.join(", "))
    };
    rows.rows.iter().map(row).collect::<Vec<String>>().join(" ")
}
