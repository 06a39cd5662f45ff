//! Input rows that show a difference, as words.

use crate::example::{cells, counted, given, values};
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
    format!(
        "Example: {} was {}, now {}.",
        inputs(witness),
        counted(&witness.was),
        counted(&witness.now)
    )
}

fn inputs(witness: &Witness) -> String {
    if let [table] = witness.inputs.as_slice()
        && let [row] = table.rows.as_slice()
        && !row.is_empty()
    {
        return format!("with {}", cells(table, row, usize::MAX));
    }
    format!("where {}", given(witness))
}
