//! Mutations of what is read, and of how sets are put together.

use super::super::model::Model;
use super::super::scope::{factors, factors_mut, input, single_name};
use super::super::template::old_version;
use super::super::tree::{edit_query, key, places, queries, with_block};
use super::Mutant;
use sqlparser::ast::{ObjectNamePart, Query, SetExpr, SetOperator, SetQuantifier, TableFactor};
use std::collections::BTreeSet;

/// `UNION ALL` as `UNION`, the outermost one of a query.
pub(crate) fn union(root: &Query, model: &Model) -> Vec<Mutant<Query>> {
    let distinct = match model.dialect {
        sql::Dialect::BigQuery => SetQuantifier::Distinct,
        _ => SetQuantifier::None,
    };
    let mut all = Vec::new();
    for (number, query) in queries(root).iter().enumerate() {
        let is_union_all = |body: &SetExpr| {
            matches!(
                body,
                SetExpr::SetOperation {
                    op: SetOperator::Union,
                    set_quantifier: SetQuantifier::All,
                    ..
                }
            )
        };
        if !is_union_all(&query.body) {
            continue;
        }
        let mut after = root.clone();
        edit_query(&mut after, number, &mut |query| {
            if let SetExpr::SetOperation { set_quantifier, .. } = &mut *query.body {
                *set_quantifier = distinct;
            }
        });
        all.push((after, "UNION ALL becomes UNION".to_owned(), number == 0));
    }
    all
}

/// A table that is read as another one with the same columns.
pub(crate) fn table_swapped(root: &Query, model: &Model) -> Vec<Mutant<Query>> {
    let ctes: BTreeSet<String> = queries(root)
        .iter()
        .flat_map(|query| query.with.iter().flat_map(|with| with.cte_tables.clone()))
        .map(|cte| key(&cte.alias.name))
        .collect();
    let mut all = Vec::new();
    for place in places(root) {
        for index in 0..factors(&place.block.select).len() {
            let mut block = place.block.clone();
            let mut factors = factors_mut(&mut block.select);
            let is_cte = single_name(factors[index]).is_some_and(|name| ctes.contains(&name));
            let Some(own) = input(factors[index], &model.template.names).filter(|_| !is_cte) else {
                continue;
            };
            let TableFactor::Table { name, alias, .. } = &mut *factors[index] else {
                continue;
            };
            let Some(ObjectNamePart::Identifier(last)) = name.0.last_mut() else {
                continue;
            };
            let old = model.template.restore(&last.value);
            last.value = old_version(&last.value);
            let description = format!(
                "`{}` read instead of `{old}`",
                model.template.restore(&last.value)
            );
            if alias.is_none() {
                *alias = Some(super::super::scope::alias(&own.name));
            }
            all.push((with_block(root, &place, block), description, true));
        }
    }
    all
}
