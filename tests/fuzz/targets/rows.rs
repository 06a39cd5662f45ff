//! Queries over small tables, and what is said of them held against the rows.

use super::super::input::Input;
use super::super::tables::contents;
use super::{is_understood, lowered, random};
use meaning::canonical::normalized;
use meaning::derive::{Grain, NoFacts, Nullabilities, Nullability};
use meaning::evaluate::{Budget, Rows, Value, run};
use sql::relation::Query;
use std::collections::BTreeSet;

/// Different contents for each query.
pub(super) const CONTENTS: u32 = 4;
/// The steps of an evaluation.
const STEPS: u64 = 50_000;

pub(super) fn evaluated(input: &Input) -> bool {
    let mut random = random(input);
    let all = lowered(&input.text, input.dialect, input);
    let mut decided = false;
    for lowered in all.iter().filter(|lowered| is_understood(&lowered.query)) {
        let query = &lowered.query;
        let rewritten = normalized(query);
        let nulls = Nullabilities::new(query, &NoFacts);
        let grain = Grain::new(query, &NoFacts);
        for _ in 0..CONTENTS {
            let tables = contents(query, &mut random);
            let Ok(rows) = run(query, &tables, &mut Budget::of(STEPS)) else {
                continue;
            };
            decided = true;
            assert!(!rows.differ(&rows), "rows are themselves");
            if let Ok(other) = run(&rewritten, &tables, &mut Budget::of(STEPS)) {
                assert!(
                    !rows.differ(&other),
                    "rewritten, {tables:?}: {rows:?}, then {other:?}"
                );
            }
            holds(query, &nulls, &grain, &rows);
        }
    }
    decided
}

/// What is derived of the query holds for these rows.
fn holds(query: &Query, nulls: &Nullabilities<'_>, grain: &Grain<'_>, rows: &Rows) {
    for position in 0..query.root().columns.len() {
        if *nulls.column(query.root, position) == Nullability::Never {
            let null = rows
                .rows
                .iter()
                .any(|row| row.values[position] == Value::Null);
            assert!(!null, "column {position} is never null: {rows:?}");
        }
    }
    for key in grain.keys(query.root) {
        assert!(is_key(rows, key), "{key:?} is a key: {rows:?}");
    }
}

/// Whether no two rows have the same values; such as are not known may differ.
fn is_key(rows: &Rows, key: &[usize]) -> bool {
    let mut seen = BTreeSet::new();
    rows.rows.iter().all(|row| {
        let values: Vec<&Value> = key.iter().map(|position| &row.values[*position]).collect();
        let sure = !values
            .iter()
            .any(|value| matches!(value, Value::Null | Value::Opaque(_) | Value::Array(_)));
        !sure || seen.insert(format!("{values:?}"))
    })
}
