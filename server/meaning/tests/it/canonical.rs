//! Queries that mean the same are equal in canonical form, and others are not.

mod different;
mod hostile;
mod same;
mod sound;
mod text;

use crate::support::{self, SHOP, told};
use meaning::canonical::{Canonical, canonical};
use sql::Dialect;

fn meaning(text: &str, dialect: Dialect) -> Canonical {
    canonical(&support::one(text, dialect, &SHOP).query)
}

/// Asserts that each pair is equal, or that none is. Blocks are parted by blank lines; a block is
/// two queries with a line `--` between them.
fn each(pairs: &str, dialect: Dialect, equal: bool) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for pair in pairs.trim().split("\n\n") {
        let (left, right) = pair.split_once("\n--\n").unwrap_or((pair, ""));
        let (one, other) = (meaning(left, dialect), meaning(right, dialect));
        assert!(one.rows.is_known(), "{left}\n{}", told(&one));
        assert!(other.rows.is_known(), "{right}\n{}", told(&other));
        let is_equal = one
            .columns
            .iter()
            .map(|column| (&column.meaning, &column.data_type))
            .eq(other
                .columns
                .iter()
                .map(|column| (&column.meaning, &column.data_type)))
            && one.rows == other.rows
            && one.open == other.open;
        if is_equal != equal {
            wrong.push(format!("{pair}\n  {}\n  {}", told(&one), told(&other)));
        }
        count += 1;
    }
    assert!(count > 0);
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}
