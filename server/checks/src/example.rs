//! The rows of an example, as words.

use meaning::evaluate::Value;
use meaning::witness::{Witness, WitnessTable};

/// What the tables that are read hold: `orders has (id 2, total 6); refunds is empty`.
pub fn given(witness: &Witness) -> String {
    let tables = witness
        .inputs
        .iter()
        .map(|table| match table.rows.as_slice() {
            [] => format!("{} is empty", table.table),
            _ => format!("{} has {}", table.table, rows(table, usize::MAX)),
        });
    tables.collect::<Vec<_>>().join("; ")
}

/// How many rows, and what is in them where that tells them apart: `2 rows`, `(1, 'a'), (1, 'b')`.
pub fn counted(rows: &[Vec<Value>]) -> String {
    let row = |row: &Vec<Value>| {
        let values: Vec<String> = row.iter().map(ToString::to_string).collect();
        format!("({})", values.join(", "))
    };
    let is_counted = rows.iter().all(Vec::is_empty);
    match rows.len() {
        0 => "no row".to_owned(),
        1 if is_counted => "1 row".to_owned(),
        count if is_counted => format!("{count} rows"),
        _ => rows.iter().map(row).collect::<Vec<_>>().join(", "),
    }
}

/// The first value of each row: `6`, `1 and 2`, or `no row`.
pub fn values(rows: &[Vec<Value>]) -> String {
    let first = |row: &Vec<Value>| row.first().map(ToString::to_string);
    let values: Vec<String> = rows.iter().filter_map(first).collect();
    match values.as_slice() {
        [] => "no row".to_owned(),
        values => values.join(" and "),
    }
}

/// The rows of a table, `most` cells of each: `(quantity 2, unit_price 3), (quantity 1, unit_price 1)`.
pub(crate) fn rows(table: &WitnessTable, most: usize) -> String {
    let rows = table.rows.iter().map(|row| match row.is_empty() {
        true => "a row".to_owned(),
        false => format!("({})", cells(table, row, most)),
    });
    rows.collect::<Vec<_>>().join(", ")
}

/// The cells of a row, `most` of them: `quantity 2, unit_price 3`.
pub(crate) fn cells(table: &WitnessTable, row: &[Value], most: usize) -> String {
    let cells = table.columns.iter().zip(row).take(most);
    let cells = cells.map(|((name, _), value)| format!("{name} {value}"));
    cells.collect::<Vec<_>>().join(", ")
}
