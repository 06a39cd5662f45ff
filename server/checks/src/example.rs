//! The rows of an example, as words.

use meaning::evaluate::Value;
use meaning::witness::WitnessTable;

/// The first value of each row: `6`, `1 and 2`, or `no row`.
pub(crate) fn values(rows: &[Vec<Value>]) -> String {
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
