//! Functions in a projection that give rows: `SELECT id, UNNEST(tags) FROM orders`.
//!
//! Each row is repeated for what they give, and dropped where that is nothing, as by a lateral join.

use crate::dialect::Dialect;
use crate::lower::ColumnPlace;
use crate::lower::context::Lowering;
use crate::relation::{
    Call, Distinct, Expression, From, Input, InputId, Join, JoinKind, Select, SortKey, Source,
    Unknown, UnknownReason,
};
use syntax::{Name, TextRange};

impl Lowering<'_> {
    /// Joins the functions of the projection that give rows, and takes their values from there.
    pub(super) fn repeat_rows(
        &mut self,
        select: &mut Select,
        order: &mut [SortKey],
        places: &[ColumnPlace],
    ) {
        let calls = calls(&select.projection, self.dialect);
        let Some((_, first)) = calls.first() else {
            return;
        };
        let range = places.get(*first).map(|place| place.item);
        if !is_grouped_by(select, &calls) {
            replace(select, order, &|part| late(part, &calls));
            group_by_unknown(select);
        } else if has_window(select) {
            replace(select, order, &|part| late(part, &calls));
            let rows = Source::Unknown { reads: Vec::new() };
            let rows = self.input(rows, range.unwrap_or_default());
            select.from = Some(beside(select.from.take(), JoinKind::Unknown, rows));
        } else {
            self.join(select, order, &calls, range.unwrap_or_default());
        }
    }

    fn join(
        &mut self,
        select: &mut Select,
        order: &mut [SortKey],
        calls: &[(Call, usize)],
        range: TextRange,
    ) {
        let mut joined: Vec<(&Call, InputId)> = Vec::new();
        for (call, _) in calls {
            let input = self.input(Source::Function(call.clone()), range);
            joined.push((call, input.id));
            let kind = match call.function.ends_with("_outer") {
                // Several give their rows side by side.
                _ if calls.len() > 1 => JoinKind::Unknown,
                true => JoinKind::Left,
                false => JoinKind::Inner,
            };
            select.from = Some(beside(select.from.take(), kind, input));
        }
        replace(select, order, &|part| {
            let Expression::Call(call) = part else {
                return None;
            };
            let (_, input) = joined.iter().find(|(own, _)| *own == call)?;
            Some(Expression::Column {
                input: *input,
                name: Name::new("value"),
            })
        });
    }
}

/// The functions that give rows, each once, with the entries that they stand in.
fn calls(projection: &[Expression], dialect: Dialect) -> Vec<(Call, usize)> {
    let mut found: Vec<(Call, usize)> = Vec::new();
    for (at, value) in projection.iter().enumerate() {
        value.for_each(&mut |part| {
            if let Expression::Call(call) = part
                && gives_rows(&call.function, dialect)
                && !found.iter().any(|(own, _)| own == call)
            {
                found.push((call.clone(), at));
            }
        });
    }
    found
}

/// Whether rows are repeated before they are grouped, if they are.
fn is_grouped_by(select: &Select, calls: &[(Call, usize)]) -> bool {
    select.grouping.as_ref().is_none_or(|grouping| {
        let is =
            |key: &Expression, call: &Call| matches!(key, Expression::Call(own) if own == call);
        let is_key = |call: &Call| grouping.keys.iter().any(|key| is(key, call));
        calls.iter().all(|(call, _)| is_key(call))
    })
}

fn has_window(select: &Select) -> bool {
    let mut found = false;
    select.for_each_expression(&mut |expression| {
        expression.for_each(&mut |part| found |= matches!(part, Expression::Window(_)));
    });
    found
}

/// What repeats rows behind groups and windows, and what these gave before: neither is followed.
fn late(part: &Expression, calls: &[(Call, usize)]) -> Option<Expression> {
    let is_late = match part {
        Expression::Call(call) => calls.iter().any(|(own, _)| own == call),
        Expression::Window(_) => true,
        _ => false,
    };
    let mut over = Vec::new();
    part.for_each_part(&mut |part| over.push(part.clone()));
    is_late.then(|| unknown(over))
}

/// Each group is repeated as often as nobody knows.
fn group_by_unknown(select: &mut Select) {
    if let Some(grouping) = &mut select.grouping {
        let key = u32::try_from(grouping.keys.len()).unwrap_or(u32::MAX);
        grouping.keys.push(unknown(Vec::new()));
        grouping.sets.iter_mut().for_each(|set| set.push(key));
    }
}

fn replace(
    select: &mut Select,
    order: &mut [SortKey],
    with: &dyn Fn(&Expression) -> Option<Expression>,
) {
    let replace = &mut |expression: &mut Expression| {
        expression.for_each_mut(&mut |part| {
            if let Some(other) = with(part) {
                *part = other;
            }
        });
    };
    select.projection.iter_mut().for_each(&mut *replace);
    select.filter.iter_mut().for_each(&mut *replace);
    if let Some(grouping) = &mut select.grouping {
        grouping.keys.iter_mut().for_each(&mut *replace);
    }
    select.having.iter_mut().for_each(&mut *replace);
    select.qualify.iter_mut().for_each(&mut *replace);
    if let Distinct::On(keys) = &mut select.distinct {
        keys.iter_mut().for_each(&mut *replace);
    }
    order.iter_mut().for_each(|key| replace(&mut key.value));
}

fn unknown(over: Vec<Expression>) -> Expression {
    Expression::Unknown(Unknown {
        reason: UnknownReason::Unsupported,
        over,
        name: None,
    })
}

fn beside(from: Option<From>, kind: JoinKind, input: Input) -> From {
    let right = From::Input(input);
    match from {
        Some(left) => From::Join(Box::new(Join {
            kind,
            left,
            right,
            on: None,
        })),
        None => right,
    }
}

/// Whether a function in a projection gives rows. What is read without a dialect may be in any.
fn gives_rows(function: &str, dialect: Dialect) -> bool {
    let is = |names: &[&str]| names.binary_search(&function).is_ok();
    match dialect {
        Dialect::Postgres | Dialect::Redshift => is(OF_POSTGRES),
        Dialect::DuckDb => function == "unnest",
        Dialect::Databricks | Dialect::Hive | Dialect::Spark => is(OF_SPARK),
        Dialect::ClickHouse => function == "arrayjoin",
        Dialect::Ansi | Dialect::Generic => is(OF_POSTGRES) || is(OF_SPARK),
        Dialect::Athena
        | Dialect::BigQuery
        | Dialect::MySql
        | Dialect::Oracle
        | Dialect::Snowflake
        | Dialect::SqlServer
        | Dialect::Sqlite
        | Dialect::Teradata
        | Dialect::Trino => false,
    }
}

/// Sorted.
const OF_POSTGRES: &[&str] = &[
    "aclexplode",
    "generate_series",
    "generate_subscripts",
    "json_array_elements",
    "json_array_elements_text",
    "json_each",
    "json_each_text",
    "json_object_keys",
    "json_populate_recordset",
    "json_to_recordset",
    "jsonb_array_elements",
    "jsonb_array_elements_text",
    "jsonb_each",
    "jsonb_each_text",
    "jsonb_object_keys",
    "jsonb_path_query",
    "jsonb_populate_recordset",
    "jsonb_to_recordset",
    "regexp_matches",
    "regexp_split_to_table",
    "string_to_table",
    "unnest",
];

/// Sorted.
const OF_SPARK: &[&str] = &[
    "explode",
    "explode_outer",
    "inline",
    "inline_outer",
    "posexplode",
    "posexplode_outer",
    "stack",
    "variant_explode",
    "variant_explode_outer",
];
