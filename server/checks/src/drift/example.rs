//! Input rows that show a difference, as words.

use meaning::evaluate::Value;
use meaning::witness::{Witness, WitnessTable};

/// "With quantity 2, unit_price 3 it was 6 and is 2."
pub(crate) fn of_column(witness: &Witness) -> String {
    let value = |rows: &[Vec<Value>]| {
        let first = |row: &Vec<Value>| row.first().map(ToString::to_string);
        let values: Vec<String> = rows.iter().filter_map(first).collect();
        match values.as_slice() {
            [] => "no row".to_owned(),
            values => values.join(" and "),
        }
    };
    format!(
        "Example: {} was {}, now {}.",
        inputs(witness),
        value(&witness.was),
        value(&witness.now)
    )
}

/// "With is_test TRUE it was no row, and is 1 row."
pub(crate) fn of_rows(witness: &Witness) -> String {
    let told = |rows: &[Vec<Value>]| {
        let is_counted = rows.iter().all(Vec::is_empty);
        match rows.len() {
            0 => "no row".to_owned(),
            1 if is_counted => "1 row".to_owned(),
            count if is_counted => format!("{count} rows"),
            _ => rows
                .iter()
                .map(|row| tuple(row))
                .collect::<Vec<_>>()
                .join(", "),
        }
    };
    format!(
        "Example: {} was {}, now {}.",
        inputs(witness),
        told(&witness.was),
        told(&witness.now)
    )
}

fn inputs(witness: &Witness) -> String {
    if let [table] = witness.inputs.as_slice()
        && let [row] = table.rows.as_slice()
        && !row.is_empty()
    {
        return format!("with {}", cells(table, row));
    }
    let tables = witness.inputs.iter().map(|table| {
        let rows = table.rows.iter().map(|row| match row.is_empty() {
            true => "a row".to_owned(),
            false => format!("({})", cells(table, row)),
        });
        let rows: Vec<String> = rows.collect();
        match rows.as_slice() {
            [] => format!("{} is empty", table.table),
            rows => format!("{} has {}", table.table, rows.join(", ")),
        }
    });
    format!("where {}", tables.collect::<Vec<_>>().join("; "))
}

fn cells(table: &WitnessTable, row: &[Value]) -> String {
    let cells = table.columns.iter().zip(row);
    let cells = cells.map(|((name, _), value)| format!("{name} {value}"));
    cells.collect::<Vec<_>>().join(", ")
}

fn tuple(row: &[Value]) -> String {
    let values: Vec<String> = row.iter().map(ToString::to_string).collect();
    format!("({})", values.join(", "))
}
