//! DuckDB, for tests: it runs queries over tables that a test makes, and gives their rows as values of
//! the evaluator, so that what we say of SQL is judged by somebody else.

use meaning::evaluate::{Date, Number, Row, Rows, Timestamp, Value};
use serde_json::Value as Json;
use std::io::Write;
use std::process::{Command, Stdio};
use std::rc::Rc;

const PYTHON: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../target/conformance/duckdb/environment/bin/python"
);
const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../tests/conformance/duckdb/run.py"
);

/// The results of jobs, `{"setup": [SQL…], "queries": [SQL…]}`: for each of their queries the rows, or an
/// error.
pub fn results(jobs: &[Json]) -> Vec<Vec<Result<Rows, String>>> {
    assert!(
        std::path::Path::new(PYTHON).exists(),
        "DuckDB is not here: run tests/conformance/duckdb/fetch"
    );
    let mut child = Command::new(PYTHON)
        .arg(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let text: String = jobs.iter().map(|job| format!("{job}\n")).collect();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success());
    let output = String::from_utf8(output.stdout).unwrap();
    let results: Vec<_> = output
        .lines()
        .map(|line| {
            let results: Vec<Json> = serde_json::from_str(line).unwrap();
            results.iter().map(rows).collect()
        })
        .collect();
    assert_eq!(results.len(), jobs.len());
    results
}

fn rows(result: &Json) -> Result<Rows, String> {
    if let Some(error) = result.as_str() {
        return Err(error.to_owned());
    }
    let row = |row: &Json| Row {
        values: row.as_array().unwrap().iter().map(value).collect(),
        origin: Rc::from([]),
    };
    Ok(Rows {
        rows: result.as_array().unwrap().iter().map(row).collect(),
    })
}

fn value(cell: &Json) -> Value {
    let Some([kind, text]) = cell.as_array().map(Vec::as_slice) else {
        return Value::Null;
    };
    let text = text.as_str().unwrap();
    match kind.as_str().unwrap() {
        "boolean" => Value::Boolean(text == "true"),
        "exact" => Value::Number(Number::parse(text).unwrap()),
        "float" => Value::Number(Number {
            exact: false,
            ..Number::parse(text.get(..20).unwrap_or(text)).unwrap()
        }),
        "timestamp" => Value::Timestamp(Timestamp::parse(text).unwrap()),
        "date" => Value::Date(Date::parse(text).unwrap()),
        "text" => Value::text(text),
        _ => Value::Opaque(1),
    }
}
