//! GROUP BY, DISTINCT and ORDER BY.

use super::super::expression::{aggregates, has_query, is_column, number};
use super::super::model::Model;
use super::super::scope::{Site, factors};
use super::super::tree::{
    Block, aliases, any, group_keys, is_limited, is_ungrouped, is_wildcard, key, output_expression,
    output_name,
};
use sql::Dialect;
use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, OrderBy, OrderByExpr, OrderByKind, OrderByOptions, Query, Select,
    SetExpr, Value,
};

/// The dialects in which `GROUP BY 1` is no column of the projection.
const NO_ORDINALS: [Dialect; 3] = [Dialect::SqlServer, Dialect::Oracle, Dialect::Teradata];

fn ordinal(expression: &Expr) -> Option<usize> {
    match expression {
        Expr::Value(value) => match &value.value {
            Value::Number(digits, _) => digits.parse::<usize>().ok()?.checked_sub(1),
            _ => None,
        },
        _ => None,
    }
}

/// Whether an output's expression means in GROUP BY what it means in the projection: it has a
/// column, and no name that another output gives as an alias.
fn may_be_key(select: &Select, index: usize) -> bool {
    let Some(expression) = select.projection.get(index).and_then(output_expression) else {
        return false;
    };
    let own = output_name(&select.projection[index]).map(|name| key(&name));
    let aliases = aliases(select);
    let mut has_column = false;
    let taken = any(expression, |inner| {
        has_column |= is_column(inner);
        let Expr::Identifier(name) = inner else {
            return false;
        };
        // `a AS a` is the column by either reading.
        let is_itself = *inner == *expression && own.as_ref() == Some(&key(name));
        aliases.contains(&key(name)) && !is_itself
    });
    has_column && !taken && !has_query(expression) && !aggregates(expression)
}

/// Nothing before the output is a `*`, which would shift the ordinals.
fn is_counted(select: &Select, index: usize) -> bool {
    !select.projection[..=index].iter().any(is_wildcard)
}

/// `GROUP BY 1` as `GROUP BY a`.
pub(crate) fn ordinals_to_expressions(block: &Block, site: &Site) -> Vec<(Block, String)> {
    let Some(keys) = group_keys(&block.select) else {
        return Vec::new();
    };
    if NO_ORDINALS.contains(&site.dialect) {
        return Vec::new();
    }
    let mut after = Vec::new();
    let mut any_ordinal = false;
    for key in keys {
        match ordinal(key) {
            Some(index) => {
                let fits = index < block.select.projection.len()
                    && is_counted(&block.select, index)
                    && may_be_key(&block.select, index);
                let Some(expression) = block
                    .select
                    .projection
                    .get(index)
                    .and_then(output_expression)
                    .filter(|_| fits)
                else {
                    return Vec::new();
                };
                any_ordinal = true;
                after.push(expression.clone());
            }
            None => after.push(key.clone()),
        }
    }
    if !any_ordinal {
        return Vec::new();
    }
    vec![(
        grouped(block, after),
        "ordinals in GROUP BY written out".to_owned(),
    )]
}

fn grouped(block: &Block, keys: Vec<Expr>) -> Block {
    let mut after = block.clone();
    after.select.group_by = GroupByExpr::Expressions(keys, Vec::new());
    after
}

/// `GROUP BY a` as `GROUP BY 1`.
pub(crate) fn expressions_to_ordinals(block: &Block, site: &Site) -> Vec<(Block, String)> {
    let select = &block.select;
    let Some(keys) = group_keys(select).filter(|keys| !keys.is_empty()) else {
        return Vec::new();
    };
    if NO_ORDINALS.contains(&site.dialect) {
        return Vec::new();
    }
    let position = |key: &Expr| {
        let index = select
            .projection
            .iter()
            .position(|item| output_expression(item) == Some(key))?;
        (is_counted(select, index) && may_be_key(select, index))
            .then(|| number(&(index + 1).to_string()))
    };
    let after: Option<Vec<Expr>> = keys.iter().map(position).collect();
    after
        .map(|after| {
            (
                grouped(block, after),
                "GROUP BY written with ordinals".to_owned(),
            )
        })
        .into_iter()
        .collect()
}

/// Every output's expression, where each may be a key.
fn all_outputs(select: &Select) -> Option<Vec<Expr>> {
    (0..select.projection.len())
        .map(|index| {
            let item = &select.projection[index];
            may_be_key(select, index).then(|| output_expression(item).cloned())?
        })
        .collect()
}

/// Nothing but a projection of rows.
fn is_bare(select: &Select) -> bool {
    select.having.is_none()
        && select.qualify.is_none()
        && select.top.is_none()
        && select.named_window.is_empty()
        && !factors(select).is_empty()
}

/// `SELECT DISTINCT a, b` as `SELECT a, b … GROUP BY a, b`.
pub(crate) fn distinct_to_group_by(block: &Block, _: &Site) -> Vec<(Block, String)> {
    let select = &block.select;
    let fits =
        select.distinct == Some(Distinct::Distinct) && is_ungrouped(select) && is_bare(select);
    let Some(keys) = all_outputs(select).filter(|_| fits) else {
        return Vec::new();
    };
    let mut after = grouped(block, keys);
    after.select.distinct = None;
    vec![(after, "DISTINCT as GROUP BY".to_owned())]
}

/// `SELECT a, b … GROUP BY a, b` as `SELECT DISTINCT a, b`.
pub(crate) fn group_by_to_distinct(block: &Block, _: &Site) -> Vec<(Block, String)> {
    let select = &block.select;
    let Some(keys) = group_keys(select) else {
        return Vec::new();
    };
    let Some(outputs) =
        all_outputs(select).filter(|_| select.distinct.is_none() && is_bare(select))
    else {
        return Vec::new();
    };
    let resolved: Vec<Expr> = keys
        .iter()
        .map(|key| {
            ordinal(key)
                .and_then(|index| outputs.get(index))
                .unwrap_or(key)
                .clone()
        })
        .collect();
    let same = !keys.is_empty()
        && outputs.iter().all(|output| resolved.contains(output))
        && resolved.iter().all(|key| outputs.contains(key));
    // DISTINCT may be ordered by what it gives only.
    if !same || block.order_by.is_some() {
        return Vec::new();
    }
    let mut after = grouped(block, Vec::new());
    after.select.distinct = Some(Distinct::Distinct);
    vec![(after, "GROUP BY as DISTINCT".to_owned())]
}

/// ORDER BY of the whole model removed, or one added: a table's rows have no order.
pub(crate) fn order_by(query: &Query, _: &Model) -> Vec<(Query, String)> {
    let tops = match &*query.body {
        SetExpr::Select(select) => {
            select.top.is_some() || matches!(select.distinct, Some(Distinct::On(_)))
        }
        SetExpr::SetOperation { .. } => false,
        _ => true,
    };
    if is_limited(query) || tops || !query.locks.is_empty() || query.for_clause.is_some() {
        return Vec::new();
    }
    let mut after = query.clone();
    let description = match after.order_by.take() {
        Some(_) => "ORDER BY removed",
        None => {
            let first = OrderByExpr {
                expr: number("1"),
                options: OrderByOptions {
                    sort: None,
                    nulls_first: None,
                },
                with_fill: None,
            };
            after.order_by = Some(OrderBy {
                kind: OrderByKind::Expressions(vec![first]),
                interpolate: None,
            });
            "ORDER BY added"
        }
    };
    vec![(after, description.to_owned())]
}
