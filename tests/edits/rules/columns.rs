//! A column that nobody reads.

use super::super::expression::number;
use super::super::model::Model;
use super::super::scope::{factors, single_name};
use super::super::tree::{is_ungrouped, is_wildcard, key, places};
use super::subqueries::{plain_ctes, readings};
use sqlparser::ast::{Expr, Query, SelectItem, SetExpr};

/// A CTE with one more column, where every reader says which columns it wants.
pub(crate) fn dead_column(query: &Query, model: &Model) -> Vec<(Query, String)> {
    let Some(ctes) = plain_ctes(query) else {
        return Vec::new();
    };
    let mut changed = Vec::new();
    for (index, cte) in ctes.iter().enumerate() {
        let name = key(&cte.alias.name);
        let SetExpr::Select(select) = &*cte.query.body else {
            continue;
        };
        let plain =
            cte.alias.columns.is_empty() && select.distinct.is_none() && select.top.is_none();
        let readers: Vec<_> = places(query)
            .into_iter()
            .filter(|place| {
                let factors = factors(&place.block.select);
                factors
                    .iter()
                    .any(|factor| single_name(factor).as_deref() == Some(&name))
            })
            .collect();
        let in_from: usize = readers
            .iter()
            .flat_map(|place| factors(&place.block.select))
            .filter(|factor| single_name(factor).as_deref() == Some(&name))
            .count();
        let starred = readers.iter().any(|place| {
            let select = &place.block.select;
            select.projection.iter().any(is_wildcard)
                || select
                    .from
                    .iter()
                    .flat_map(|tables| &tables.joins)
                    .any(|join| format!("{join}").trim_start().starts_with("NATURAL"))
        });
        // Some engines read a whole row by the name of its table.
        let whole_row = super::super::tree::any(query, |inner| match inner {
            Expr::Identifier(word) => key(word) == name,
            Expr::QualifiedWildcard(..) => true,
            _ => false,
        });
        if !plain || readers.is_empty() || starred || whole_row || in_from != readings(query, &name)
        {
            continue;
        }
        let column = model.fresh(&format!("{name}_unread"));
        let expression = match select.projection.first() {
            Some(SelectItem::ExprWithAlias { expr, .. }) if is_ungrouped(select) => expr.clone(),
            _ => number("1"),
        };
        let mut after = query.clone();
        let with = after.with.as_mut().unwrap();
        if let SetExpr::Select(select) = &mut *with.cte_tables[index].query.body {
            let alias = super::super::scope::ident(&column);
            select.projection.push(SelectItem::ExprWithAlias {
                expr: expression,
                alias,
            });
        }
        changed.push((after, format!("`{column}` added to CTE `{name}`")));
    }
    changed
}
