//! Functions over several rows.

use super::kind::{is_constant, is_non_null_literal};
use super::{TRUE, condition, value};
use sql::relation::{Aggregate, Case, Expression, Operator, SortKey, Window};

/// Aggregates that pass over `NULL`.
const IGNORING_NULL: &[&str] = &[
    "avg",
    "bool_and",
    "bool_or",
    "count",
    "max",
    "median",
    "min",
    "stddev",
    "stddev_pop",
    "stddev_samp",
    "sum",
    "variance",
    "var_pop",
    "var_samp",
];

/// An aggregate in its one form.
pub(super) fn aggregate(mut aggregate: Aggregate) -> Aggregate {
    super::each(&mut aggregate.arguments);
    let function = aggregate.function.clone();
    let ignores_null = IGNORING_NULL.contains(&function.as_str());
    aggregate.order = if ignores_null {
        Vec::new()
    } else {
        sort_keys(aggregate.order, &[])
    };
    if matches!(function.as_str(), "min" | "max" | "bool_and" | "bool_or") {
        aggregate.distinct = false;
    }
    let mut filters: Vec<Expression> = aggregate.filter.take().into_iter().collect();
    if ignores_null {
        // SUM(CASE WHEN c THEN x END) takes x of the rows for which c is true.
        while let [Expression::Case(case)] = aggregate.arguments.as_slice()
            && let Some((when, then)) = only_branch(case)
        {
            let (when, then) = (when.clone(), then.clone());
            filters.push(when);
            aggregate.arguments = vec![then];
        }
    }
    if function == "count" && !aggregate.distinct {
        let counted = aggregate.arguments.as_slice();
        if !counted.is_empty() && counted.iter().all(is_non_null_literal) {
            aggregate.arguments.clear();
        }
    }
    let filter = condition(Expression::operation(Operator::And, filters));
    aggregate.filter = (filter != TRUE).then_some(filter);
    aggregate
}

/// A window function in its one form.
pub(super) fn window(window: Window) -> Window {
    let mut partition: Vec<Expression> = window.partition.into_iter().map(value).collect();
    partition.retain(|key| !is_constant(key));
    partition.sort();
    partition.dedup();
    let order = sort_keys(window.order, &partition);
    Window {
        function: aggregate(window.function),
        partition,
        order,
        frame: window.frame,
        ignores_nulls: window.ignores_nulls,
    }
}

/// Sort keys in their one form, without those that decide nothing: constants, repetitions, and what
/// is the same in all rows that are sorted.
pub(in crate::canonical) fn sort_keys(keys: Vec<SortKey>, same: &[Expression]) -> Vec<SortKey> {
    let mut kept: Vec<SortKey> = Vec::new();
    for mut key in keys {
        key.value = value(key.value);
        let repeated = kept.iter().any(|earlier| earlier.value == key.value);
        if !repeated && !is_constant(&key.value) && !same.contains(&key.value) {
            kept.push(key);
        }
    }
    kept
}

fn only_branch(case: &Case) -> Option<(&Expression, &Expression)> {
    match case.branches.as_slice() {
        [(when, then)] if *case.otherwise == Expression::NULL => Some((when, then)),
        _ => None,
    }
}
