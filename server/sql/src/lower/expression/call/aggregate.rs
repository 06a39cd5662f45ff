//! Aggregates in one form, whatever the dialect calls them.

use crate::dialect::Dialect;
use crate::lower::expression::literal::is_value;
use crate::lower::expression::{is_null, joined, not};
use crate::relation::{Aggregate, Expression, Literal, Operator, SortKey};
use smol_str::SmolStr;
use sqlparser::ast::{FunctionArg, FunctionArgExpr, HavingBoundKind};

/// ClickHouse's aggregates over the rows that a last argument holds for. Sorted.
const COMBINED: &[(&str, &str)] = &[
    ("anyif", "any_value"),
    ("avgif", "avg"),
    ("countif", "count"),
    ("grouparrayif", "array_agg"),
    ("maxif", "max"),
    ("minif", "min"),
    ("sumif", "sum"),
    ("uniqexactif", "uniqexact"),
    ("uniqif", "uniq"),
];

/// An aggregate as it is written.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) function: Aggregate,
    /// Something beside it is not modelled or not known.
    pub(super) is_open: bool,
    /// Whether `IGNORE NULLS` or `RESPECT NULLS` is written.
    pub(super) ignores_nulls: Option<bool>,
    /// `SEPARATOR ','`
    pub(super) separator: Option<Expression>,
    /// `HAVING MAX x`
    pub(super) having: Option<(HavingBoundKind, Expression)>,
}

impl Default for Written {
    fn default() -> Written {
        Written {
            function: Aggregate {
                function: SmolStr::default(),
                arguments: Vec::new(),
                distinct: false,
                filter: None,
                order: Vec::new(),
            },
            is_open: false,
            ignores_nulls: None,
            separator: None,
            having: None,
        }
    }
}

/// Whether it is one of ClickHouse's with a condition, or `COUNT_IF`.
pub(super) fn is_combined(dialect: Dialect, name: &str) -> bool {
    name == "count_if" || combined(dialect, name).is_some()
}

fn combined(dialect: Dialect, name: &str) -> Option<&'static str> {
    let place = COMBINED
        .binary_search_by(|(own, _)| (*own).cmp(name))
        .ok()?;
    let (_, aggregate) = COMBINED.get(place)?;
    (dialect == Dialect::ClickHouse).then_some(*aggregate)
}

/// SQLite's `max` and `min` are functions of one row where they have several arguments.
pub(super) fn by_count_of_arguments(dialect: Dialect, name: SmolStr, count: usize) -> SmolStr {
    match name.as_str() {
        "max" if dialect == Dialect::Sqlite && count > 1 => SmolStr::new_static("greatest"),
        "min" if dialect == Dialect::Sqlite && count > 1 => SmolStr::new_static("least"),
        _ => name,
    }
}

/// Whether the only argument is `*`.
pub(super) fn is_star(arguments: &[FunctionArg]) -> bool {
    matches!(arguments, [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)])
}

/// The aggregate, and whether its window ignores `NULL`; in `Err` its parts, where it is not known
/// what it does.
pub(super) fn in_one_form(
    dialect: Dialect,
    written: Written,
    is_window: bool,
) -> Result<(Aggregate, bool), Vec<Expression>> {
    let Written {
        mut function,
        is_open,
        ignores_nulls,
        separator,
        having,
    } = written;
    if is_open {
        return Err(parts(function));
    }
    let mut ignores = ignores_nulls == Some(true);
    if let Some((kind, by)) = having {
        if function.function != "any_value" || function.arguments.len() != 1 {
            function.arguments.push(by);
            return Err(parts(function));
        }
        function.function = SmolStr::new_static(match kind {
            HavingBoundKind::Max => "max_by",
            HavingBoundKind::Min => "min_by",
        });
        function.arguments.push(by);
    }
    if let Some(aggregate) = combined(dialect, &function.function) {
        function.function = SmolStr::new_static(aggregate);
        let condition = function.arguments.pop();
        function.filter = both(condition, function.filter);
    }
    match function.function.as_str() {
        "count_if" => {
            let [condition] = function.arguments.as_slice() else {
                return Err(parts(function));
            };
            if function.distinct {
                return Err(parts(function));
            }
            function.filter = both(Some(condition.clone()), function.filter);
            function.function = SmolStr::new_static("count");
            function.arguments.clear();
        }
        "count" if !function.distinct => {
            if matches!(function.arguments.as_slice(), [one] if is_value(one)) {
                function.arguments.clear();
            }
        }
        "string_agg" => with_separator(dialect, &mut function, separator)?,
        "lag" | "lead" => without_defaults(&mut function),
        "first" | "first_value" | "last" | "last_value" | "any_value"
            if matches!(
                dialect,
                Dialect::Databricks | Dialect::Hive | Dialect::Spark
            ) =>
        {
            if let [_, Expression::Literal(Literal::Boolean(flag))] = function.arguments.as_slice()
            {
                ignores |= *flag;
                function.arguments.truncate(1);
            }
        }
        _ => {}
    }
    if is_window || !ignores {
        return Ok((function, ignores && is_window));
    }
    // Over a group, rows without a value are left out as by a filter.
    let [value] = function.arguments.as_slice() else {
        return Err(parts(function));
    };
    let has_value = not(is_null(value.clone()));
    function.filter = both(function.filter, Some(has_value));
    Ok((function, false))
}

/// The separator is always an argument. A default is written out.
fn with_separator(
    dialect: Dialect,
    function: &mut Aggregate,
    separator: Option<Expression>,
) -> Result<(), Vec<Expression>> {
    let is_open = match (function.arguments.len(), separator) {
        (1, Some(separator)) => {
            function.arguments.push(separator);
            false
        }
        (1, None) => {
            let default = match dialect {
                // `LISTAGG` is what these have.
                Dialect::Snowflake
                | Dialect::Redshift
                | Dialect::Oracle
                | Dialect::Databricks
                | Dialect::Spark => Some(""),
                Dialect::MySql | Dialect::Sqlite | Dialect::BigQuery | Dialect::DuckDb => Some(","),
                _ => None,
            };
            function.arguments.extend(default.map(Expression::text));
            default.is_none()
        }
        // There the texts of all arguments are joined first.
        (2, None) => dialect == Dialect::MySql,
        _ => true,
    };
    if is_open {
        let taken = std::mem::take(&mut function.arguments);
        let order = std::mem::take(&mut function.order);
        let keys = order.into_iter().map(|key| key.value);
        return Err(taken
            .into_iter()
            .chain(function.filter.take())
            .chain(keys)
            .collect());
    }
    Ok(())
}

/// `LAG(x, 1, NULL)` is `LAG(x)`.
fn without_defaults(function: &mut Aggregate) {
    if matches!(function.arguments.as_slice(), [_, _, default] if *default == Expression::NULL) {
        function.arguments.truncate(2);
    }
    if matches!(function.arguments.as_slice(), [_, offset] if *offset == Expression::number("1")) {
        function.arguments.truncate(1);
    }
}

fn both(left: Option<Expression>, right: Option<Expression>) -> Option<Expression> {
    match (left, right) {
        (Some(left), Some(right)) => Some(joined(Operator::And, left, right)),
        (one, None) | (None, one) => one,
    }
}

fn parts(function: Aggregate) -> Vec<Expression> {
    let keys = function.order.into_iter().map(|key: SortKey| key.value);
    function
        .arguments
        .into_iter()
        .chain(function.filter)
        .chain(keys)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted() {
        assert!(COMBINED.is_sorted());
    }
}
