//! Mutations of which rows a block gives.

use super::super::expression::{aggregates, binary, chain, is_column, number, rechain};
use super::super::rules::Project;
use super::super::scope::{Site, constraint_mut, factors, inner_on, input, single_name};
use super::super::tree::{
    Block, any, group_keys, is_ungrouped, is_wildcard, key, output_expression, output_name,
    own_expressions, places, queries,
};
use super::Mutant;
use sqlparser::ast::{
    BinaryOperator, Distinct, Expr, GroupByExpr, Join, JoinConstraint, JoinOperator, Query,
    SelectItem, TableFactor,
};
use std::collections::{BTreeMap, BTreeSet};

/// The columns in an expression, as they are written.
fn columns(expression: &Expr) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    any(expression, |inner| {
        if let Expr::Identifier(name) = inner {
            found.insert(key(name));
        }
        if let Expr::CompoundIdentifier(parts) = inner {
            found.extend(parts.last().map(key));
        }
        false
    });
    found
}

fn on(join: &Join) -> Option<Expr> {
    match constraint_mut(&mut join.clone())? {
        JoinConstraint::On(on) => Some(on.clone()),
        _ => None,
    }
}

/// The columns of a USING.
fn used(join: &Join) -> Vec<String> {
    match constraint_mut(&mut join.clone()) {
        Some(JoinConstraint::Using(columns)) => columns
            .iter()
            .map(|column| column.to_string().to_lowercase())
            .collect(),
        _ => Vec::new(),
    }
}

/// What is known of the model around a block, and of what lies upstream.
pub(crate) struct Around {
    /// In how many conditions of the model a column of a name is.
    asked: BTreeMap<String, usize>,
    /// The names of CTEs.
    ctes: BTreeSet<String>,
    /// The columns that a model upstream computes: they may never be `NULL`.
    computed: BTreeSet<String>,
    /// A model that it reads may give no row twice.
    reads_distinct: bool,
}

impl Around {
    /// Of the model at `index`, whose query is `root`.
    pub(crate) fn new(root: &Query, project: &Project, index: usize) -> Around {
        let upstream = project.upstream_of(index).into_iter();
        let upstream = upstream.filter_map(|model| model.query.as_ref());
        let mut read = project.read_by(index);
        let tells_apart = ["distinct", "group", "union", "qualify"];
        let mut asked = BTreeMap::new();
        for place in places(root) {
            for (column, times) in asked_in(&place.block) {
                *asked.entry(column).or_insert(0) += times;
            }
        }
        let ctes = queries(root)
            .iter()
            .flat_map(|query| query.with.iter().flat_map(|with| with.cte_tables.clone()))
            .map(|cte| key(&cte.alias.name))
            .collect();
        Around {
            asked,
            ctes,
            computed: upstream.flat_map(computed).collect(),
            reads_distinct: read
                .any(|model| tells_apart.iter().any(|word| model.words.contains(*word))),
        }
    }

    /// Whether a block reads tables alone, of whose rows nothing is known.
    fn reads_tables(&self, block: &Block) -> bool {
        factors(&block.select).into_iter().all(|factor| {
            let is_table = matches!(factor, TableFactor::Table { .. });
            is_table && single_name(factor).is_none_or(|name| !self.ctes.contains(&name))
        })
    }

    /// Whether another block has a condition on a column of that name.
    fn asks_elsewhere(&self, block: &Block, column: &str) -> bool {
        let times = |asked: &BTreeMap<String, usize>| asked.get(column).copied().unwrap_or(0);
        times(&self.asked) > times(&asked_in(block))
    }

    fn times_asked(&self, expression: &Expr) -> usize {
        columns(expression)
            .iter()
            .filter_map(|column| self.asked.get(column))
            .sum()
    }
}

/// The columns that a query computes, in any of its blocks, instead of handing them on by their names.
fn computed(query: &Query) -> BTreeSet<String> {
    let is_handed_on = |item: &SelectItem| {
        let name = output_name(item).map(|name| key(&name));
        output_expression(item).is_none_or(|expression| {
            is_column(expression) && name.is_none_or(|name| columns(expression).contains(&name))
        })
    };
    let blocks = places(query).into_iter().map(|place| place.block);
    blocks
        .flat_map(|block| block.select.projection)
        .filter(|item| !is_handed_on(item))
        .filter_map(|item| output_name(&item).map(|name| key(&name)))
        .collect()
}

/// In how many conditions of a block a column of a name is.
fn asked_in(block: &Block) -> BTreeMap<String, usize> {
    let select = &block.select;
    let joins = || select.from.iter().flat_map(|tables| &tables.joins);
    let conditions: Vec<Expr> = select
        .selection
        .iter()
        .chain(&select.having)
        .chain(&select.qualify)
        .cloned()
        .chain(joins().filter_map(on))
        .collect();
    let parts = conditions
        .iter()
        .flat_map(|whole| chain(whole, &BinaryOperator::And));
    let mut asked = BTreeMap::new();
    for column in parts.flat_map(columns).chain(joins().flat_map(used)) {
        *asked.entry(column).or_insert(0) += 1;
    }
    asked
}

/// Everything that filters a block, apart from one conjunct of its WHERE.
fn other_conditions(block: &Block, but: Option<usize>) -> BTreeSet<String> {
    let select = &block.select;
    let mut found = BTreeSet::new();
    if let Some(selection) = &select.selection {
        for (index, conjunct) in chain(selection, &BinaryOperator::And)
            .into_iter()
            .enumerate()
        {
            if Some(index) != but {
                found.extend(columns(conjunct));
            }
        }
    }
    for join in select.from.iter().flat_map(|tables| &tables.joins) {
        match on(join) {
            Some(on) => found.extend(columns(&on)),
            None => found.extend(used(join)),
        }
    }
    found
}

/// WHERE without one of its conjuncts.
pub(crate) fn filter_dropped(block: &Block, _: &Site, around: &Around) -> Vec<Mutant<Block>> {
    let Some(selection) = &block.select.selection else {
        return Vec::new();
    };
    let conjuncts = chain(selection, &BinaryOperator::And);
    let mut all = Vec::new();
    for (index, conjunct) in conjuncts.iter().enumerate() {
        let mut left: Vec<Expr> = conjuncts.iter().map(|part| (*part).clone()).collect();
        left.remove(index);
        let mut after = block.clone();
        after.select.selection = rechain(left, &BinaryOperator::And);
        let asked = columns(conjunct);
        let certain = !asked.is_empty()
            && asked.is_disjoint(&other_conditions(block, Some(index)))
            && around.times_asked(conjunct) == asked.len();
        all.push((after, format!("`{conjunct}` dropped from WHERE"), certain));
    }
    all
}

/// WHERE with one more conjunct, on a column that no other condition asks for.
pub(crate) fn filter_added(block: &Block, _: &Site, around: &Around) -> Vec<Mutant<Block>> {
    let asked = other_conditions(block, None);
    let mut all: Vec<Mutant<Block>> = Vec::new();
    for item in &block.select.projection {
        let Some(expression) = output_expression(item).filter(|expression| is_column(expression))
        else {
            continue;
        };
        if !columns(expression).is_disjoint(&asked) {
            continue;
        }
        let certain = around.reads_tables(block)
            && around.times_asked(expression) == 0
            && columns(expression).is_disjoint(&around.computed);
        let condition = Expr::IsNotNull(Box::new(expression.clone()));
        let mut parts: Vec<Expr> = vec![condition.clone()];
        if let Some(selection) = &block.select.selection {
            parts.extend(chain(selection, &BinaryOperator::And).into_iter().cloned());
        }
        let mut after = block.clone();
        after.select.selection = rechain(parts, &BinaryOperator::And);
        all.push((after, format!("`{condition}` added to WHERE"), certain));
    }
    all
}

/// `JOIN` as `LEFT JOIN` and the reverse.
pub(crate) fn inner_and_left(block: &Block, site: &Site, around: &Around) -> Vec<Mutant<Block>> {
    let select = &block.select;
    let mut all = Vec::new();
    for (from, tables) in select.from.iter().enumerate() {
        for (at, join) in tables.joins.iter().enumerate() {
            let Some(right) = input(&join.relation, site.names) else {
                continue;
            };
            let (operator, word) = match &join.join_operator {
                JoinOperator::Join(on) | JoinOperator::Inner(on) => {
                    (JoinOperator::Left(on.clone()), "LEFT")
                }
                JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => {
                    (JoinOperator::Inner(on.clone()), "INNER")
                }
                _ => continue,
            };
            let mut conditions: Vec<Expr> = select.selection.iter().cloned().collect();
            conditions.extend(select.having.iter().cloned());
            conditions.extend(select.qualify.iter().cloned());
            conditions.extend(tables.joins[at + 1..].iter().filter_map(on));
            let asks = |condition: &Expr| {
                super::super::scope::qualifiers(condition)
                    .is_none_or(|asked| asked.contains(&right.name))
            };
            // A condition further on may drop the rows that an outer join pads.
            let drops_later = select.projection.iter().any(|item| {
                let is_padded = output_expression(item).is_none_or(asks);
                let name = output_name(item).map(|name| key(&name));
                is_padded && name.is_none_or(|name| around.asks_elsewhere(block, &name))
            });
            let certain = !conditions.iter().any(asks) && select.distinct.is_none() && !drops_later;
            let mut after = block.clone();
            after.select.from[from].joins[at].join_operator = operator;
            all.push((
                after,
                format!("`{}` joined by {word} JOIN", right.name),
                certain,
            ));
        }
    }
    all
}

fn is_key(column: &str) -> bool {
    column.to_lowercase().ends_with("id")
}

/// `ON a.x = b.y` as `ON a.z = b.y`, for another column that is read of the same input.
pub(crate) fn join_key(block: &Block, _: &Site, _: &Around) -> Vec<Mutant<Block>> {
    let mut read: BTreeSet<(String, String)> = BTreeSet::new();
    for expression in own_expressions(block) {
        if let Expr::CompoundIdentifier(parts) = &expression
            && let [qualifier, column] = parts.as_slice()
        {
            read.insert((qualifier.value.clone(), column.value.clone()));
        }
    }
    let mut all = Vec::new();
    for (from, tables) in block.select.from.iter().enumerate() {
        for (at, join) in tables.joins.iter().enumerate() {
            let Some(condition) = inner_on(join).cloned().or_else(|| on(join)) else {
                continue;
            };
            let Expr::BinaryOp {
                left,
                op: BinaryOperator::Eq,
                right,
            } = &condition
            else {
                continue;
            };
            let Expr::CompoundIdentifier(parts) = &**left else {
                continue;
            };
            let [qualifier, column] = parts.as_slice() else {
                continue;
            };
            for (_, other) in read.iter().filter(|(owner, other)| {
                // A key for a key, since other columns might be of types that don't compare.
                let keys = is_key(&column.value) && is_key(other);
                *owner == qualifier.value && !other.eq_ignore_ascii_case(&column.value) && keys
            }) {
                let key = Expr::CompoundIdentifier(vec![
                    qualifier.clone(),
                    super::super::scope::ident(other),
                ]);
                let changed = binary(key, BinaryOperator::Eq, (**right).clone());
                let description = format!("joined on `{changed}` instead of `{condition}`");
                let mut after = block.clone();
                if let Some(constraint) = constraint_mut(&mut after.select.from[from].joins[at]) {
                    *constraint = JoinConstraint::On(changed);
                    all.push((after, description, true));
                }
            }
        }
    }
    all
}

/// `SELECT DISTINCT` as `SELECT` and the reverse.
pub(crate) fn distinct(block: &Block, site: &Site, around: &Around) -> Vec<Mutant<Block>> {
    let select = &block.select;
    let windowed = select
        .projection
        .iter()
        .filter_map(output_expression)
        .any(aggregates);
    let certain = is_ungrouped(select)
        && !windowed
        && !site.in_set
        && select.qualify.is_none()
        && around.reads_tables(block)
        && !around.reads_distinct;
    let mut after = block.clone();
    let description = match &select.distinct {
        None => {
            after.select.distinct = Some(Distinct::Distinct);
            "DISTINCT added"
        }
        Some(Distinct::Distinct) => {
            after.select.distinct = None;
            "DISTINCT dropped"
        }
        Some(_) => return Vec::new(),
    };
    if factors(select).is_empty() {
        return Vec::new();
    }
    vec![(after, description.to_owned(), certain)]
}

/// GROUP BY without one of its keys; where that is an output, it becomes its largest value.
pub(crate) fn group_key(block: &Block, _: &Site, _: &Around) -> Vec<Mutant<Block>> {
    let select = &block.select;
    let Some(keys) = group_keys(select).filter(|keys| keys.len() > 1) else {
        return Vec::new();
    };
    if select.projection.iter().any(is_wildcard) {
        return Vec::new();
    }
    let resolve = |group_key: &Expr| -> Expr {
        let by_number = (0..select.projection.len())
            .find(|index| *group_key == number(&(index + 1).to_string()))
            .and_then(|index| output_expression(&select.projection[index]));
        by_number.unwrap_or(group_key).clone()
    };
    let resolved: Vec<Expr> = keys.iter().map(resolve).collect();
    let mut all = Vec::new();
    for (index, dropped) in resolved.iter().enumerate() {
        let mut others = BTreeSet::new();
        for (_, other) in resolved
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
        {
            others.extend(columns(other));
        }
        // A part of it elsewhere would be left without a key.
        let used = select
            .projection
            .iter()
            .filter_map(output_expression)
            .any(|output| {
                output != dropped && !aggregates(output) && any(output, |inner| inner == dropped)
            });
        let named = select
            .having
            .iter()
            .chain(&select.qualify)
            .any(|condition| !columns(condition).is_disjoint(&columns(dropped)));
        if used || named || !is_column(dropped) {
            continue;
        }
        let mut after = block.clone();
        let mut left = keys.clone();
        left.remove(index);
        after.select.group_by = GroupByExpr::Expressions(left, Vec::new());
        for item in &mut after.select.projection {
            let alias = output_name(item);
            if output_expression(item) == Some(dropped)
                && let Some(alias) = alias
            {
                let largest = super::super::rules::call("max", dropped.clone());
                *item = SelectItem::ExprWithAlias {
                    expr: largest,
                    alias,
                };
            }
        }
        let certain = columns(dropped).is_disjoint(&others);
        all.push((after, format!("`{dropped}` dropped from GROUP BY"), certain));
    }
    all
}
