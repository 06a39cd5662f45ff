//! Mutations of what is read, and of how sets are put together.

use super::super::model::Model;
use super::super::rules::Project;
use super::super::scope::{alias, alias_mut, factors_mut, input, single_name, table};
use super::super::tree::{edit_query, key, places, queries, with_block};
use super::Mutant;
use sqlparser::ast::{Query, SetExpr, SetOperator, SetQuantifier, TableFactor};
use std::collections::BTreeSet;

/// `UNION ALL` as `UNION`, the outermost one of a query.
pub(crate) fn union(root: &Query, model: &Model, _: &Project) -> Vec<Mutant<Query>> {
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

/// A table that is read as another table of the model.
pub(crate) fn table_swapped(root: &Query, model: &Model, _: &Project) -> Vec<Mutant<Query>> {
    let ctes: BTreeSet<String> = queries(root)
        .iter()
        .flat_map(|query| query.with.iter().flat_map(|with| with.cte_tables.clone()))
        .map(|cte| key(&cte.alias.name))
        .collect();
    let mut known = BTreeSet::new();
    for place in places(root) {
        let mut block = place.block.clone();
        for factor in factors_mut(&mut block.select) {
            known.extend(single_name(factor).filter(|name| !ctes.contains(name)));
        }
    }
    let mut all = Vec::new();
    for place in places(root) {
        let count = super::super::scope::factors(&place.block.select).len();
        for index in 0..count {
            let mut block = place.block.clone();
            let mut factors = factors_mut(&mut block.select);
            let Some(old) = single_name(factors[index]).filter(|old| known.contains(old)) else { continue };
            let Some(own) = input(factors[index], &model.template.names) else { continue };
            let Some(new) = known.iter().find(|new| **new != old) else { continue };
            if !matches!(factors[index], TableFactor::Table { sample: None, version: None, .. }) {
                continue;
            }
            *factors[index] = table(new, None);
            if let Some(slot) = alias_mut(factors[index]) {
                *slot = Some(alias(&own.name));
            }
            let description = format!(
                "`{}` read instead of `{}`",
                model.template.restore(new),
                model.template.restore(&old)
            );
            all.push((with_block(root, &place, block), description, true));
        }
    }
    all
}
