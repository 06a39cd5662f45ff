//! Input rows that show a difference, as words.

use crate::example::{cells, rows, values};
use meaning::evaluate::Value;
use meaning::witness::Witness;

/// "With quantity 2, unit_price 3 it was 6 and is 2."
pub(crate) fn of_column(witness: &Witness) -> String {
    format!(
        "Example: {} was {}, now {}.",
        inputs(witness),
        values(&witness.was),
        values(&witness.now)
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
        return format!("with {}", cells(table, row, usize::MAX));
    }
    let tables = witness
        .inputs
        .iter()
        .map(|table| match table.rows.as_slice() {
            [] => format!("{} is empty", table.table),
            _ => format!("{} has {}", table.table, rows(table, usize::MAX)),
        });
    format!("where {}", tables.collect::<Vec<_>>().join("; "))
}

fn tuple(row: &[Value]) -> String {
    let values: Vec<String> = row.iter().map(ToString::to_string).collect();
    format!("({})", values.join(", "))
}
