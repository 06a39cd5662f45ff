//! Input rows that break a sentence, as words.

use meaning::evaluate::Value;
use meaning::witness::{Witness, WitnessTable};

/// `Example: quantity 2, unit_price 3 gives 2; agreed 6.`
pub(super) fn of_value(witness: &Witness) -> String {
    let value = |rows: &[Vec<Value>]| {
        let values: Vec<String> = rows
            .iter()
            .filter_map(|row| row.first().map(ToString::to_string))
            .collect();
        match values.as_slice() {
            [] => "no row".to_owned(),
            values => values.join(" and "),
        }
    };
    format!(
        "Example: {} gives {}; agreed {}.",
        inputs(witness),
        value(&witness.now),
        value(&witness.was)
    )
}

/// `Example: raw.orders with is_test TRUE is let in.`
pub(super) fn of_rows(witness: &Witness, what: &str) -> String {
    format!("Example: {} {what}.", inputs(witness))
}

/// How many cells are told of the rows of an example.
const MOST_CELLS: usize = 8;

fn inputs(witness: &Witness) -> String {
    let tables: Vec<&WitnessTable> = witness
        .inputs
        .iter()
        .filter(|table| !table.rows.is_empty())
        .collect();
    if let [table] = tables.as_slice()
        && let [row] = table.rows.as_slice()
    {
        return match row.is_empty() {
            true => format!("a row of {}", table.table),
            false => cells(table, row),
        };
    }
    let told = tables.iter().map(|table| {
        let rows = table.rows.iter().map(|row| match row.is_empty() {
            true => "a row".to_owned(),
            false => format!("({})", cells(table, row)),
        });
        format!("{} {}", table.table, rows.collect::<Vec<_>>().join(", "))
    });
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => "no input rows at all".to_owned(),
        false => told.join("; "),
    }
}

fn cells(table: &WitnessTable, row: &[Value]) -> String {
    let cells = table.columns.iter().zip(row).take(MOST_CELLS);
    let cells = cells.map(|((name, _), value)| format!("{name} {value}"));
    cells.collect::<Vec<_>>().join(", ")
}
