//! Differences for machines. `docs/json.md` describes the shape; every change of it that a reader
//! could notice is a new [`VERSION`].

use super::compare::{ModelChange, ModelDifference};
use crate::cli::meaning::word;
use meaning::difference::{Change, ColumnChange, ColumnDifference, Difference};
use meaning::evaluate::Value;
use meaning::witness::Witness;
use serde_json::{Map, Value as Json, json};
use std::io::{self, Write};

/// The version of the shape.
const VERSION: u32 = 1;

/// Writes all of it as one JSON object on one line.
pub(super) fn write(output: &mut impl Write, models: &[ModelDifference]) -> io::Result<()> {
    let models: Vec<Json> = models.iter().map(of_model).collect();
    let report = json!({ "version": VERSION, "models": models });
    serde_json::to_writer(&mut *output, &report)?;
    writeln!(output)
}

fn of_model(model: &ModelDifference) -> Json {
    let listed = |columns: &[String], change: &str| -> Vec<Json> {
        let columns = columns.iter();
        columns.map(|name| column(Some(name), change)).collect()
    };
    let no_rows = json!({ "change": "undecided", "clauses": [], "witness": null });
    let (change, old_name, rows, columns) = match &model.change {
        ModelChange::Compared(difference) if difference.is_none() => {
            ("same", None, rows(difference), columns(difference))
        }
        ModelChange::Compared(difference) => {
            ("changed", None, rows(difference), columns(difference))
        }
        ModelChange::Added(names) => ("added", None, no_rows, listed(names, "added")),
        ModelChange::Removed(names) => ("removed", None, no_rows, listed(names, "removed")),
        ModelChange::Renamed(old) => {
            let same = json!({ "change": "same", "clauses": [], "witness": null });
            ("renamed", Some(old), same, Vec::new())
        }
    };
    json!({
        "name": model.name,
        "path": model.path,
        "change": change,
        "old_name": old_name,
        "rows": rows,
        "columns": columns,
    })
}

fn column(name: Option<&String>, change: &str) -> Json {
    json!({
        "name": name,
        "change": change,
        "was": null,
        "now": null,
        "old_name": null,
        "witness": null,
    })
}

fn rows(difference: &Difference) -> Json {
    let rows = &difference.rows;
    let change = match rows.change {
        Change::Same => "same",
        Change::Changed => "changed",
        Change::Undecided => "undecided",
    };
    let clauses: Vec<&str> = rows.clauses.iter().map(|clause| word(*clause)).collect();
    let told = |clauses: &[meaning::canonical::ClauseMeaning]| -> Vec<Json> {
        let clauses = clauses.iter();
        let clauses = clauses.map(
            |clause| json!({ "clause": word(clause.clause), "means": clause.meaning.to_string() }),
        );
        clauses.collect()
    };
    json!({
        "change": change,
        "clauses": clauses,
        "was": told(&rows.was),
        "now": told(&rows.now),
        "witness": rows.witness.as_ref().map(|witness| of_witness(witness, all_rows)),
    })
}

fn columns(difference: &Difference) -> Vec<Json> {
    difference.columns.iter().map(of_column).collect()
}

fn of_column(column: &ColumnDifference) -> Json {
    let change = match &column.change {
        ColumnChange::Same => "same",
        ColumnChange::Added => "added",
        ColumnChange::Removed => "removed",
        ColumnChange::Renamed(_) => "renamed",
        ColumnChange::Changed => "changed",
        ColumnChange::Undecided => "undecided",
    };
    let old_name = match &column.change {
        ColumnChange::Renamed(old) => Some(old.to_string()),
        _ => None,
    };
    json!({
        "name": column.name.as_ref().map(ToString::to_string),
        "change": change,
        "was": column.was.as_ref().map(|was| was.meaning.to_string()),
        "now": column.now.as_ref().map(|now| now.meaning.to_string()),
        "old_name": old_name,
        "witness": column.witness.as_ref().map(|witness| of_witness(witness, values)),
    })
}

fn of_witness(witness: &Witness, told: fn(&[Vec<Value>]) -> Json) -> Json {
    let inputs = witness.inputs.iter().map(|table| {
        let rows = table.rows.iter().map(|row| {
            let cells = table.columns.iter().zip(row);
            let cells = cells.map(|((name, _), value)| (name.to_string(), json(value)));
            Json::Object(cells.collect::<Map<_, _>>())
        });
        json!({ "table": table.table.to_string(), "rows": rows.collect::<Vec<_>>() })
    });
    json!({
        "inputs": inputs.collect::<Vec<_>>(),
        "was": told(&witness.was),
        "now": told(&witness.now),
    })
}

/// The values of the one column that is asked about, one a row.
fn values(rows: &[Vec<Value>]) -> Json {
    let first = |row: &Vec<Value>| row.first().map_or(Json::Null, json);
    Json::Array(rows.iter().map(first).collect())
}

/// Rows, each with the values of the columns that tell them apart.
fn all_rows(rows: &[Vec<Value>]) -> Json {
    let row = |row: &Vec<Value>| Json::Array(row.iter().map(json).collect());
    Json::Array(rows.iter().map(row).collect())
}

/// A value as JSON: numbers that JSON can hold exactly as numbers, dates and the like as texts.
fn json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Opaque(_) => Json::Null,
        Value::Boolean(value) => Json::Bool(*value),
        Value::Number(number) => match number.whole() {
            Some(whole) => json!(whole),
            None => Json::String(value.to_string()),
        },
        Value::Text(text) => Json::String(text.to_string()),
        Value::Array(values) => Json::Array(values.iter().map(json).collect()),
        Value::Date(_) | Value::Timestamp(_) | Value::Interval(_) => {
            Json::String(value.to_string().trim_matches('\'').to_owned())
        }
    }
}
