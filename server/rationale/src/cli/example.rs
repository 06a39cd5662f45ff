//! An example row that proves a difference, as a sentence and for machines.

use checks::example::{counted, given, values};
use meaning::evaluate::Value;
use meaning::witness::Witness;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use std::fmt;

/// An example row in words.
pub(super) struct Example {
    /// What the tables that are read hold.
    pub(super) given: String,
    /// What that gave, and gives now.
    pub(super) gives: String,
}

impl Example {
    /// One that shows other values of a column.
    pub(super) fn of_column(witness: &Witness) -> Example {
        Example::told(witness, values)
    }

    /// One that shows other rows.
    pub(super) fn of_rows(witness: &Witness) -> Example {
        Example::told(witness, counted)
    }

    fn told(witness: &Witness, told: fn(&[Vec<Value>]) -> String) -> Example {
        let (was, now) = (told(&witness.was), told(&witness.now));
        Example {
            given: given(witness),
            gives: format!("was {was}, now {now}"),
        }
    }
}

impl fmt::Display for Example {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "where {}: {}", self.given, self.gives)
    }
}

/// So many of something.
pub(super) fn plural(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

/// An example row for machines, as `docs/json.md` describes it.
#[derive(Serialize)]
pub(super) struct WitnessReport {
    inputs: Vec<InputReport>,
    was: Json,
    now: Json,
}

#[derive(Serialize)]
struct InputReport {
    table: String,
    rows: Vec<Json>,
}

impl WitnessReport {
    /// One that shows other values of a column.
    pub(super) fn of_column(witness: &Witness) -> WitnessReport {
        of_witness(witness, first_values)
    }

    /// One that shows other rows.
    pub(super) fn of_rows(witness: &Witness) -> WitnessReport {
        of_witness(witness, all_rows)
    }
}

fn of_witness(witness: &Witness, told: fn(&[Vec<Value>]) -> Json) -> WitnessReport {
    let inputs = witness.inputs.iter().map(|table| {
        let rows = table.rows.iter().map(|row| {
            let cells = table.columns.iter().zip(row);
            let cells = cells.map(|((name, _), value)| (name.to_string(), json(value)));
            Json::Object(cells.collect::<Map<_, _>>())
        });
        InputReport {
            table: table.table.to_string(),
            rows: rows.collect(),
        }
    });
    WitnessReport {
        inputs: inputs.collect(),
        was: told(&witness.was),
        now: told(&witness.now),
    }
}

/// The values of the one column that is asked about, one a row.
fn first_values(rows: &[Vec<Value>]) -> Json {
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
