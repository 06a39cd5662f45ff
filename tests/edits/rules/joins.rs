//! Edits of joins. What is moved is moved only where no outer join stands between.

use super::super::expression::{aggregates, chain, has_query, rechain};
use super::super::scope::{
    Site, constraint_mut, factors, inner_on, input, inputs, is_inner_or_left, qualifiers,
};
use super::super::tree::{Block, aliases, any, is_wildcard, key};
use sqlparser::ast::{
    BinaryOperator, Expr, Join, JoinConstraint, JoinOperator, Select, SelectItem, TableWithJoins,
};

/// Whether the order of inputs shows: in a `*`, or in what USING and NATURAL make of a column.
fn order_shows(select: &Select) -> bool {
    let joined_by_name = select
        .from
        .iter()
        .flat_map(|tables| &tables.joins)
        .any(|join| {
            let mut join = join.clone();
            match constraint_mut(&mut join) {
                Some(JoinConstraint::On(_) | JoinConstraint::None) => false,
                Some(_) => true,
                None => !matches!(join.join_operator, JoinOperator::CrossJoin(_)),
            }
        });
    let starred = select
        .projection
        .iter()
        .any(|item| matches!(item, SelectItem::Wildcard(_)));
    starred || joined_by_name
}

/// `a JOIN b ON …` as `b JOIN a ON …`.
pub(crate) fn inner_join_turned(block: &Block, site: &Site) -> Vec<(Block, String)> {
    exchanged(block, site, |join| {
        inner_on(join).map(|_| join.join_operator.clone())
    })
}

/// `a LEFT JOIN b ON …` as `b RIGHT JOIN a ON …`, and the reverse.
pub(crate) fn left_and_right_mirrored(block: &Block, site: &Site) -> Vec<(Block, String)> {
    exchanged(block, site, |join| match &join.join_operator {
        JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => {
            Some(JoinOperator::Right(on.clone()))
        }
        JoinOperator::Right(on) | JoinOperator::RightOuter(on) => {
            Some(JoinOperator::Left(on.clone()))
        }
        _ => None,
    })
}

/// The first join of each item of FROM with its sides exchanged.
fn exchanged(
    block: &Block,
    site: &Site,
    mirrored: fn(&Join) -> Option<JoinOperator>,
) -> Vec<(Block, String)> {
    let mut changed = Vec::new();
    for (index, tables) in block.select.from.iter().enumerate() {
        let Some(first) = tables.joins.first() else {
            continue;
        };
        let (Some(left), Some(right)) = (
            input(&tables.relation, site.names),
            input(&first.relation, site.names),
        ) else {
            continue;
        };
        let Some(operator) = mirrored(first) else {
            continue;
        };
        let is_on = matches!(
            &operator,
            JoinOperator::Join(JoinConstraint::On(_))
                | JoinOperator::Inner(JoinConstraint::On(_))
                | JoinOperator::Left(JoinConstraint::On(_))
                | JoinOperator::Right(JoinConstraint::On(_))
        );
        let mut others = block.select.clone();
        others.from[index].joins.remove(0);
        if !is_on || order_shows(&others) || !left.stands_alone || !right.stands_alone {
            continue;
        }
        let mut after = block.clone();
        let tables = &mut after.select.from[index];
        std::mem::swap(&mut tables.relation, &mut tables.joins[0].relation);
        tables.joins[0].join_operator = operator;
        changed.push((
            after,
            format!("`{}` and `{}` exchanged", left.name, right.name),
        ));
    }
    changed
}

/// Two joins, each of which asks nothing of the other, in the other order.
pub(crate) fn joins_reordered(block: &Block, site: &Site) -> Vec<(Block, String)> {
    if order_shows(&block.select) || inputs(&block.select, site.names).is_none() {
        return Vec::new();
    }
    let mut changed = Vec::new();
    for (index, tables) in block.select.from.iter().enumerate() {
        for at in 1..tables.joins.len() {
            let (one, two) = (&tables.joins[at - 1], &tables.joins[at]);
            let (Some(first), Some(second)) = (
                input(&one.relation, site.names),
                input(&two.relation, site.names),
            ) else {
                continue;
            };
            let mut join = two.clone();
            let asked = match constraint_mut(&mut join) {
                Some(JoinConstraint::On(on)) => qualifiers(on),
                _ => None,
            };
            let free = asked.is_some_and(|asked| {
                !asked.contains(&first.name)
                    && first
                        .placeholder
                        .as_ref()
                        .is_none_or(|name| !asked.contains(name))
            });
            // With more inputs in sight, a name without a qualifier might have two owners.
            let mut join = one.clone();
            let first_is_clear = match constraint_mut(&mut join) {
                Some(JoinConstraint::On(on)) => qualifiers(on).is_some(),
                _ => false,
            };
            let plain = is_inner_or_left(one) && is_inner_or_left(two) && first_is_clear;
            if !free || !plain || !first.stands_alone || !second.stands_alone {
                continue;
            }
            let mut after = block.clone();
            after.select.from[index].joins.swap(at - 1, at);
            changed.push((
                after,
                format!("`{}` joined after `{}`", first.name, second.name),
            ));
        }
    }
    changed
}

/// Whether a condition may stand in ON as well as in WHERE.
fn movable(condition: &Expr, select: &Select) -> bool {
    let aliases = aliases(select);
    !has_query(condition)
        && !aggregates(condition)
        && !any(
            condition,
            |inner| matches!(inner, Expr::Identifier(name) if aliases.contains(&key(name))),
        )
}

/// A conjunct of WHERE in the ON of the last join, where that is an inner one.
pub(crate) fn where_to_on(block: &Block, _: &Site) -> Vec<(Block, String)> {
    let select = &block.select;
    let ([tables], Some(selection)) = (select.from.as_slice(), &select.selection) else {
        return Vec::new();
    };
    let Some(on) = tables.joins.last().and_then(inner_on) else {
        return Vec::new();
    };
    let conjuncts = chain(selection, &BinaryOperator::And);
    let mut changed = Vec::new();
    for (index, conjunct) in conjuncts.iter().enumerate() {
        if !movable(conjunct, select) {
            continue;
        }
        let mut left: Vec<Expr> = conjuncts.iter().map(|part| (*part).clone()).collect();
        left.remove(index);
        let mut asked: Vec<Expr> = chain(on, &BinaryOperator::And)
            .into_iter()
            .cloned()
            .collect();
        asked.push((*conjunct).clone());
        let mut after = block.clone();
        after.select.selection = rechain(left, &BinaryOperator::And);
        set_on(
            after.select.from[0].joins.last_mut().unwrap(),
            rechain(asked, &BinaryOperator::And).unwrap(),
        );
        changed.push((after, format!("`{conjunct}` from WHERE to ON")));
    }
    changed
}

fn set_on(join: &mut Join, condition: Expr) {
    if let Some(constraint) = constraint_mut(join) {
        *constraint = JoinConstraint::On(condition);
    }
}

/// A conjunct of the ON of an inner join in WHERE, where every later join keeps what is left of it.
pub(crate) fn on_to_where(block: &Block, _: &Site) -> Vec<(Block, String)> {
    let select = &block.select;
    let [tables] = select.from.as_slice() else {
        return Vec::new();
    };
    let mut changed = Vec::new();
    for (at, join) in tables.joins.iter().enumerate() {
        let Some(on) = inner_on(join) else { continue };
        let conjuncts = chain(on, &BinaryOperator::And);
        let later_keep = tables.joins[at + 1..].iter().all(is_inner_or_left);
        if conjuncts.len() < 2 || !later_keep {
            continue;
        }
        for (index, conjunct) in conjuncts.iter().enumerate() {
            // WHERE sees later inputs too, where a name without a qualifier might have two owners.
            let is_last = at + 1 == tables.joins.len();
            if !movable(conjunct, select) || (!is_last && qualifiers(conjunct).is_none()) {
                continue;
            }
            let mut left: Vec<Expr> = conjuncts.iter().map(|part| (*part).clone()).collect();
            left.remove(index);
            let mut after = block.clone();
            set_on(
                &mut after.select.from[0].joins[at],
                rechain(left, &BinaryOperator::And).unwrap(),
            );
            filter(&mut after.select, conjunct);
            changed.push((after, format!("`{conjunct}` from ON to WHERE")));
        }
    }
    changed
}

/// Adds a conjunct to WHERE.
fn filter(select: &mut Select, condition: &Expr) {
    let mut all: Vec<Expr> = vec![condition.clone()];
    if let Some(selection) = &select.selection {
        all.extend(chain(selection, &BinaryOperator::And).into_iter().cloned());
    }
    select.selection = rechain(all, &BinaryOperator::And);
}

/// `a, b` as `a CROSS JOIN b`, and with a conjunct of WHERE as `a JOIN b ON …`.
pub(crate) fn comma_to_join(block: &Block, site: &Site) -> Vec<(Block, String)> {
    let select = &block.select;
    let [.., left, right] = select.from.as_slice() else {
        return Vec::new();
    };
    if !right.joins.is_empty() {
        return Vec::new();
    }
    let join = |operator| {
        let mut tables: TableWithJoins = left.clone();
        let relation = right.relation.clone();
        tables.joins.push(Join {
            relation,
            global: false,
            join_operator: operator,
        });
        let mut after = block.clone();
        after.select.from.truncate(select.from.len() - 2);
        after.select.from.push(tables);
        after
    };
    let mut changed = vec![(
        join(JoinOperator::CrossJoin(JoinConstraint::None)),
        format!("`{}` joined with CROSS JOIN", right.relation),
    )];
    // ON sees nothing of what stands further left.
    let Some(selection) = select.selection.as_ref().filter(|_| select.from.len() == 2) else {
        return changed;
    };
    let stands_alone = input(&right.relation, site.names).is_some_and(|input| input.stands_alone);
    let conjuncts = chain(selection, &BinaryOperator::And);
    for (index, conjunct) in conjuncts.iter().enumerate() {
        let across = qualifiers(conjunct).is_some_and(|asked| asked.len() == 2);
        if !stands_alone || !across || !movable(conjunct, select) {
            continue;
        }
        let mut left: Vec<Expr> = conjuncts.iter().map(|part| (*part).clone()).collect();
        left.remove(index);
        let mut after = join(JoinOperator::Inner(JoinConstraint::On((*conjunct).clone())));
        after.select.selection = rechain(left, &BinaryOperator::And);
        changed.push((
            after,
            format!("`{}` joined on `{conjunct}`", right.relation),
        ));
    }
    changed
}

/// The last join, where it is a cross or an inner one, as a comma and a condition in WHERE.
pub(crate) fn join_to_comma(block: &Block, site: &Site) -> Vec<(Block, String)> {
    let select = &block.select;
    let Some(tables) = select.from.last() else {
        return Vec::new();
    };
    let Some(last) = tables.joins.last() else {
        return Vec::new();
    };
    let stands_alone = input(&last.relation, site.names).is_some_and(|input| input.stands_alone);
    let condition = match &last.join_operator {
        JoinOperator::CrossJoin(JoinConstraint::None) => None,
        _ => match inner_on(last) {
            Some(on) if movable(on, select) => Some(on.clone()),
            _ => return Vec::new(),
        },
    };
    if !stands_alone || factors(select).is_empty() || select.projection.iter().any(is_wildcard) {
        return Vec::new();
    }
    let mut after = block.clone();
    after.select.from.last_mut().unwrap().joins.pop();
    after.select.from.push(TableWithJoins {
        relation: last.relation.clone(),
        joins: Vec::new(),
    });
    for conjunct in condition
        .iter()
        .flat_map(|on| chain(on, &BinaryOperator::And))
    {
        filter(&mut after.select, conjunct);
    }
    vec![(after, format!("`{}` after a comma", last.relation))]
}
