//! Input rows that break a sentence, as words.

use crate::example::{cells, rows, values};
use meaning::evaluate::Value;
use meaning::witness::{Witness, WitnessTable};
use std::collections::BTreeSet;
use syntax::Name;

/// `Example: quantity 2, unit_price 3 gives 2; agreed 6.` Of single rows only that is told which `sentence`
/// names, or which decides: what else is in them only joins them.
pub(super) fn of_value(witness: &Witness, sentence: &str) -> String {
    format!(
        "Example: {} gives {}; agreed {}.",
        inputs(witness, sentence),
        values(&witness.now),
        values(&witness.was)
    )
}

/// `Example: is_test TRUE is let in.`
pub(super) fn of_rows(witness: &Witness, sentence: &str, what: &str) -> String {
    format!("Example: {} {what}.", inputs(witness, sentence))
}

/// How many cells are told of the rows of an example.
const MOST_CELLS: usize = 8;

fn inputs(witness: &Witness, sentence: &str) -> String {
    if let Some(named) = named_cells(witness, sentence) {
        return named;
    }
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
            false => cells(table, row, MOST_CELLS),
        };
    }
    let told = tables
        .iter()
        .map(|table| format!("{} {}", table.table, rows(table, MOST_CELLS)));
    let told: Vec<String> = told.collect();
    match told.is_empty() {
        true => "no input rows at all".to_owned(),
        false => told.join("; "),
    }
}

/// The cells that a sentence names and those that decide, where every table has one row at most; `None` where
/// there are others or none.
fn named_cells(witness: &Witness, sentence: &str) -> Option<String> {
    let words: BTreeSet<String> = sentence
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .map(str::to_lowercase)
        .collect();
    let mut told: Vec<(&WitnessTable, &Name, &Value)> = Vec::new();
    let mut is_named = false;
    for table in &witness.inputs {
        if table.rows.len() > 1 {
            return None;
        }
        for row in &table.rows {
            for ((name, _), value) in table.columns.iter().zip(row) {
                let has_name = words.contains(&name.as_str().to_lowercase());
                is_named |= has_name;
                if has_name || table.decisive.contains(name) {
                    told.push((table, name, value));
                }
            }
        }
    }
    // Of columns of one name it is told whose they are.
    let is_only = |name: &Name| told.iter().filter(|(_, other, _)| *other == name).count() == 1;
    let cells = told.iter().map(|(table, name, value)| match is_only(name) {
        true => format!("{name} {value}"),
        false => format!("{}.{name} {value}", table.table),
    });
    is_named.then(|| cells.collect::<Vec<_>>().join(", "))
}
