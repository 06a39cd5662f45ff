//! CTEs and subqueries, each written as the other.

use super::super::model::Model;
use super::super::scope::{alias, alias_mut, alias_of, factors, factors_mut, single_name, table};
use super::super::tree::{edit_query, is_wildcard, key, output_names, places, queries, with_block};
use sqlparser::ast::helpers::attached_token::AttachedToken;
use sqlparser::ast::{
    Cte, Distinct, Query, Select, SelectItem, SetExpr, TableFactor, Visit, Visitor,
    WildcardAdditionalOptions, With,
};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// The root's CTEs, where every CTE of the model is among them, has a name of its own that is no
/// alias, and none mentions itself.
pub(crate) fn plain_ctes(query: &Query) -> Option<&[Cte]> {
    let with = query.with.as_ref().filter(|with| !with.recursive)?;
    let nested = queries(query)
        .iter()
        .filter(|query| query.with.is_some())
        .count();
    let names: BTreeSet<String> = with
        .cte_tables
        .iter()
        .map(|cte| key(&cte.alias.name))
        .collect();
    (nested == 1 && names.len() == with.cte_tables.len()).then_some(&with.cte_tables)
}

/// How often a table of one name is read in a tree.
pub(crate) fn readings<T: Visit>(tree: &T, name: &str) -> usize {
    struct Count<'a>(&'a str, usize);
    impl Visitor for Count<'_> {
        type Break = ();
        fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<()> {
            if single_name(factor).as_deref() == Some(self.0) {
                self.1 += 1;
            }
            ControlFlow::Continue(())
        }
    }
    let mut count = Count(name, 0);
    let _ = tree.visit(&mut count);
    count.1
}

/// A CTE that is read once, as a subquery there.
pub(crate) fn cte_inlined(query: &Query, _: &Model) -> Vec<(Query, String)> {
    let Some(ctes) = plain_ctes(query) else {
        return Vec::new();
    };
    let mut changed = Vec::new();
    for (index, cte) in ctes.iter().enumerate() {
        let name = key(&cte.alias.name);
        let plain =
            cte.alias.columns.is_empty() && cte.materialized.is_none() && cte.from.is_none();
        if !plain || readings(query, &name) != 1 {
            continue;
        }
        for place in places(query) {
            let mut block = place.block.clone();
            let mut found = false;
            for factor in factors_mut(&mut block.select) {
                if single_name(factor).as_deref() != Some(&name) {
                    continue;
                }
                let is_plain = matches!(
                    factor,
                    TableFactor::Table {
                        sample: None,
                        version: None,
                        ..
                    }
                );
                let own = alias_of(factor).cloned();
                if is_plain && own.as_ref().is_none_or(|own| own.columns.is_empty()) {
                    *factor =
                        TableFactor::Derived {
                            lateral: false,
                            subquery: cte.query.clone(),
                            alias: Some(own.unwrap_or_else(|| {
                                super::super::scope::alias(&cte.alias.name.value)
                            })),
                            sample: None,
                        };
                    found = true;
                }
            }
            if !found {
                continue;
            }
            let mut after = with_block(query, &place, block);
            let with = after.with.as_mut().unwrap();
            with.cte_tables.remove(index);
            if with.cte_tables.is_empty() {
                after.with = None;
            }
            changed.push((after, format!("CTE `{name}` written where it is read")));
        }
    }
    changed
}

/// A subquery in FROM as a CTE of the model.
pub(crate) fn subquery_extracted(query: &Query, model: &Model) -> Vec<(Query, String)> {
    let recursive = query.with.as_ref().is_some_and(|with| with.recursive);
    let nested = queries(query)
        .iter()
        .skip(1)
        .any(|query| query.with.is_some());
    if recursive || nested {
        return Vec::new();
    }
    let mut changed = Vec::new();
    for place in places(query)
        .into_iter()
        .filter(|place| !place.in_expression)
    {
        for (index, factor) in factors(&place.block.select).into_iter().enumerate() {
            let TableFactor::Derived {
                lateral: false,
                subquery,
                alias: Some(own),
                sample: None,
            } = factor
            else {
                continue;
            };
            if !own.columns.is_empty() {
                continue;
            }
            let new = model.fresh(&format!("{}_rows", key(&own.name)));
            let mut block = place.block.clone();
            *factors_mut(&mut block.select)[index] = table(&new, Some(own.clone()));
            let mut after = with_block(query, &place, block);
            // Before the CTE that reads it, so that it is known there.
            let ctes = after.with.as_ref().map_or(&[][..], |with| &with.cte_tables);
            let at = ctes
                .iter()
                .position(|cte| readings(&cte.query, &new) > 0)
                .unwrap_or(ctes.len());
            add_cte(&mut after, at, cte(&new, subquery));
            changed.push((after, format!("subquery `{}` made CTE `{new}`", own.name)));
        }
    }
    changed
}

/// A CTE of a name.
pub(crate) fn cte(name: &str, query: &Query) -> Cte {
    let mut named = alias(name);
    named.explicit = false;
    Cte {
        alias: named,
        query: Box::new(query.clone()),
        from: None,
        materialized: None,
        closing_paren_token: AttachedToken::empty(),
    }
}

fn add_cte(query: &mut Query, at: usize, cte: Cte) {
    let with = query.with.get_or_insert_with(|| With {
        with_token: AttachedToken::empty(),
        recursive: false,
        cte_tables: Vec::new(),
    });
    with.cte_tables.insert(at, cte);
}

/// The columns' names, if each output has one and no two are equal.
fn names_are_clear(select: &Select) -> bool {
    if select.projection.iter().any(is_wildcard) {
        return select.projection.len() == 1 && factors(select).len() == 1;
    }
    output_names(select).is_some_and(|names| {
        let distinct: BTreeSet<String> = names.iter().map(key).collect();
        distinct.len() == names.len()
    })
}

/// The model as `WITH final AS (…) SELECT * FROM final`.
pub(crate) fn wrapped(query: &Query, model: &Model) -> Vec<(Query, String)> {
    let first = places(query).into_iter().find(|place| place.query == 0);
    let Some(first) = first.filter(|first| names_are_clear(&first.block.select)) else {
        return Vec::new();
    };
    let plain = query.locks.is_empty()
        && query.for_clause.is_none()
        && query.settings.is_none()
        && query.format_clause.is_none()
        && query.pipe_operators.is_empty();
    if !plain {
        return Vec::new();
    }
    let name = model.fresh("final");
    let mut inner = query.clone();
    inner.with = None;
    let mut after = inner.clone();
    after.with.clone_from(&query.with);
    after.order_by = None;
    after.limit_clause = None;
    after.fetch = None;
    let at = after.with.as_ref().map_or(0, |with| with.cte_tables.len());
    add_cte(&mut after, at, cte(&name, &inner));
    after.body = Box::new(SetExpr::Select(Box::new(star_from(
        &name,
        &first.block.select,
    ))));
    vec![(after, format!("wrapped as `{name}`"))]
}

/// `SELECT * FROM name`, made from another select.
fn star_from(name: &str, like: &Select) -> Select {
    let mut select = like.clone();
    select.distinct = None::<Distinct>;
    select.top = None;
    select.projection = vec![SelectItem::Wildcard(WildcardAdditionalOptions::default())];
    select.exclude = None;
    select.from = vec![sqlparser::ast::TableWithJoins {
        relation: table(name, None),
        joins: Vec::new(),
    }];
    select.lateral_views = Vec::new();
    select.selection = None;
    select.prewhere = None;
    select.group_by = sqlparser::ast::GroupByExpr::Expressions(Vec::new(), Vec::new());
    select.having = None;
    select.named_window = Vec::new();
    select.qualify = None;
    select.window_before_qualify = false;
    select.value_table_mode = None;
    select.flavor = sqlparser::ast::SelectFlavor::Standard;
    select
}

/// The query with every reading of a CTE exchanged for that of another table by the same alias.
pub(crate) fn read_from(query: &Query, name: &str, new: &str) -> Query {
    let mut after = query.clone();
    for number in 0..queries(query).len() {
        edit_query(&mut after, number, &mut |query| {
            each_factor(&mut query.body, &mut |factor| {
                if single_name(factor).as_deref() == Some(name) {
                    let own = alias_of(factor).cloned().unwrap_or_else(|| alias(name));
                    *factor = table(new, None);
                    if let Some(slot) = alias_mut(factor) {
                        *slot = Some(own);
                    }
                }
            });
        });
    }
    after
}

fn each_factor(body: &mut SetExpr, edit: &mut dyn FnMut(&mut TableFactor)) {
    match body {
        SetExpr::Select(select) => factors_mut(select).into_iter().for_each(edit),
        SetExpr::SetOperation { left, right, .. } => {
            each_factor(left, edit);
            each_factor(right, edit);
        }
        _ => {}
    }
}
