//! Input rows that break a sentence, as words.

use crate::example::{cells, rows, values};
use meaning::witness::{Witness, WitnessTable};
use std::collections::BTreeSet;

/// `Example: quantity 2, unit_price 3 gives 2; agreed 6.` Of single rows only what `sentence` names is
/// told: what else is in them only joins them.
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

/// The cells that a sentence names, where every table has one row at most; `None` where there are others
/// or none.
fn named_cells(witness: &Witness, sentence: &str) -> Option<String> {
    let words: BTreeSet<String> = sentence
        .split(|letter: char| !(letter.is_alphanumeric() || letter == '_'))
        .map(str::to_lowercase)
        .collect();
    let mut told = Vec::new();
    for table in &witness.inputs {
        if table.rows.len() > 1 {
            return None;
        }
        for row in &table.rows {
            let cells = table.columns.iter().zip(row);
            let named =
                cells.filter(|((name, _), _)| words.contains(&name.as_str().to_lowercase()));
            told.extend(named.map(|((name, _), value)| format!("{name} {value}")));
        }
    }
    (!told.is_empty()).then(|| told.join(", "))
}
