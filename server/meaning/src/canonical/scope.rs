//! An aggregate has a scope: a join to rows grouped by what they are joined on is a query of one
//! value, and each aggregate in such a query is one of its own.

use super::arena::Arena;
use super::finish::is_single;
use super::merge::has_window;
use super::semi;
use super::settle::usage_of;
use super::simplify::{conjunction, conjuncts};
use super::strict;
use super::tree::{Part, Tree};
use sql::relation::{
    Body, Distinct, Expression, Input, InputId, Literal, Operation, Operator, Relation, RelationId,
    Select, Source, Subquery, SubqueryKind,
};
use std::collections::{BTreeMap, BTreeSet};

/// Replaces joins that find at most one row: by nothing where no column of it is used, by queries of
/// one value where it is grouped. An inner join also asks that there is a row.
pub(super) fn join_to_scalar(arena: &mut Arena, relation: &mut Relation) {
    let Body::Select(select) = &mut relation.body else {
        return;
    };
    let mut tree = Tree::take(select, arena);
    let mut place = 0;
    let mut changed = false;
    while let Some(part) = tree.parts.get(place) {
        let Some(found) = to_one(arena, part, &tree.conjuncts) else {
            place += 1;
            continue;
        };
        let part = tree.parts.remove(place);
        let before = tree.conjuncts.clone();
        if found.inner && !ask_for_row(arena, &mut tree, &found) {
            tree.parts.insert(place, part);
            tree.conjuncts = before;
            place += 1;
            continue;
        }
        let used = used_of(arena, relation, &mut tree, found.input);
        let done = used.is_empty() || {
            let grouped = relation
                .select()
                .and_then(|select| select.grouping.as_ref());
            let in_keys = grouped.is_some_and(|grouping| {
                grouping
                    .keys
                    .iter()
                    .any(|key| mentions(arena, key, &[found.input]))
            });
            !in_keys && replace_by_scalars(arena, relation, &mut tree, &found, &used)
        };
        changed |= done;
        if !done {
            tree.parts.insert(place, part);
            tree.conjuncts = before;
            place += 1;
        }
    }
    match &mut relation.body {
        Body::Select(select) if changed => tree.put(select, arena),
        Body::Select(select) => tree.put_back(select, arena),
        _ => {}
    }
}

/// A join that finds at most one row.
struct ToOne {
    input: InputId,
    relation: RelationId,
    on: Vec<Expression>,
    inner: bool,
}

fn to_one(arena: &Arena, part: &Part, conjuncts: &[Expression]) -> Option<ToOne> {
    let (input, on, inner) = match part {
        Part::Padded { right, on } => match right.parts.as_slice() {
            [Part::Input(input)] if right.conjuncts.is_empty() => (input, on.clone(), false),
            _ => return None,
        },
        Part::Input(input) => {
            let pins = conjuncts
                .iter()
                .filter(|conjunct| !pinned(arena, conjunct, input.id).is_empty());
            (input, pins.cloned().collect(), true)
        }
        Part::Other(_) => return None,
    };
    let Input {
        id: input,
        source: Source::Relation(id),
    } = input
    else {
        return None;
    };
    let relation = arena.get(*id)?;
    let select = relation.select()?;
    let keys = one_row_for_each(select)?;
    let mut fixed = BTreeSet::new();
    for conjunct in &on {
        for (position, _) in pinned(arena, conjunct, *input) {
            fixed.extend(
                select
                    .projection
                    .get(position as usize)
                    .filter(|value| keys.contains(value)),
            );
        }
    }
    let mut on = on.clone();
    if inner && keys.is_empty() {
        // There is one row, whatever the conjuncts ask of it.
        if select.having.is_some() || select.qualify.is_some() {
            return None;
        }
        on.clear();
    }
    let unlimited = relation.limit.is_none();
    (unlimited && keys.iter().all(|key| fixed.contains(key))).then_some(ToOne {
        input: *input,
        relation: *id,
        on,
        inner,
    })
}

/// Makes the inner join a left one: takes its condition from the conjuncts, and asks there that a row
/// is found, where no other conjunct does so.
fn ask_for_row(arena: &mut Arena, tree: &mut Tree, found: &ToOne) -> bool {
    if found.on.is_empty() {
        return true;
    }
    tree.conjuncts
        .retain(|conjunct| !found.on.contains(conjunct));
    let inputs = [found.input];
    if tree
        .conjuncts
        .iter()
        .any(|conjunct| strict::is_not_true(conjunct, &inputs))
    {
        return true;
    }
    let Some(template) = template(arena, found) else {
        return false;
    };
    let select = Select {
        projection: Vec::new(),
        ..template
    };
    let exists = subquery(arena, SubqueryKind::Exists, select);
    // What the query reads is read by the values, too.
    let exists = arena.copy_expression(&exists);
    if let Expression::Subquery(subquery) = &exists {
        semi::forget_groups(arena, subquery.relation);
    }
    tree.conjuncts.push(exists);
    true
}

/// The grouped select that a join finds a row of, with the join's condition among its own.
fn template(arena: &mut Arena, found: &ToOne) -> Option<Select> {
    let select = arena.get(found.relation).and_then(Relation::select)?;
    let plain = select.grouping.is_some()
        && select.qualify.is_none()
        && select.distinct == Distinct::Keep
        && !select.projection.iter().any(has_window);
    if !plain {
        return None;
    }
    let mut template = select.clone();
    let projection = template.projection.clone();
    let mut conditions = found.on.clone();
    for condition in &mut conditions {
        arena.replace(condition, &|mention| match mention {
            Expression::Output { input, position } if *input == found.input => {
                projection.get(*position as usize).cloned()
            }
            _ => None,
        });
    }
    // What is asked of the keys is asked of the rows, by `finish`.
    let having = template
        .having
        .take()
        .into_iter()
        .chain(conditions)
        .collect();
    template.having = conjunction(having);
    super::finish::finish(&mut template, false);
    Some(template)
}

/// What a select gives at most one row for each value of.
fn one_row_for_each(select: &Select) -> Option<Vec<Expression>> {
    if let Some(qualify) = &select.qualify {
        for conjunct in conjuncts(qualify.clone()) {
            if let Some(partition) = first_of(&conjunct) {
                return Some(partition);
            }
        }
    }
    match &select.grouping {
        Some(grouping) if is_single(grouping) => Some(grouping.keys.clone()),
        _ => None,
    }
}

/// What a conjunct takes the first row for each value of.
fn first_of(conjunct: &Expression) -> Option<Vec<Expression>> {
    let Expression::Operation(Operation {
        operator: Operator::Equal,
        operands,
    }) = conjunct
    else {
        return None;
    };
    match operands.as_slice() {
        [
            Expression::Literal(Literal::Number(one)),
            Expression::Window(window),
        ]
        | [
            Expression::Window(window),
            Expression::Literal(Literal::Number(one)),
        ] if one == "1" && window.function.function == "row_number" => {
            Some(window.partition.clone())
        }
        _ => None,
    }
}

/// The columns of the input that a conjunct makes equal to something that is not of the input.
fn pinned(arena: &Arena, conjunct: &Expression, input: InputId) -> Vec<(u32, Expression)> {
    let Expression::Operation(Operation {
        operator: Operator::Equal,
        operands,
    }) = conjunct
    else {
        return Vec::new();
    };
    let [left, right] = operands.as_slice() else {
        return Vec::new();
    };
    let side = |side: &Expression, other: &Expression| match side {
        Expression::Output {
            input: of,
            position,
        } if *of == input && !mentions(arena, other, &[input]) => Some((*position, other.clone())),
        _ => None,
    };
    side(left, right)
        .or_else(|| side(right, left))
        .into_iter()
        .collect()
}

/// Whether an expression, or a query in it, mentions one of these inputs.
pub(super) fn mentions(arena: &Arena, expression: &Expression, inputs: &[InputId]) -> bool {
    let mut found = false;
    arena.for_each_mention(expression, &mut |mention| match mention {
        Expression::Column { input, .. } | Expression::Output { input, .. } => {
            found |= inputs.contains(input);
        }
        _ => {}
    });
    found
}

/// Which columns of an input are mentioned in a select whose tree is given.
fn used_of(arena: &Arena, relation: &Relation, tree: &mut Tree, input: InputId) -> BTreeSet<u32> {
    let mut used: BTreeSet<u32> = usage_of(arena, relation)
        .remove(&input)
        .map(|positions| positions.into_keys().collect())
        .unwrap_or_default();
    let mut note = |mention: &Expression| match mention {
        Expression::Output {
            input: of,
            position,
        } if *of == input => {
            used.insert(*position);
        }
        _ => {}
    };
    for conjunct in &tree.conjuncts {
        arena.for_each_mention(conjunct, &mut note);
    }
    tree.for_each_on_mut(&mut |on| arena.for_each_mention(on, &mut note));
    for id in tree.relations() {
        arena.for_each_mention_in(id, &mut note);
    }
    used
}

fn replace_by_scalars(
    arena: &mut Arena,
    relation: &mut Relation,
    tree: &mut Tree,
    found: &ToOne,
    used: &BTreeSet<u32>,
) -> bool {
    let lateral = tree.relations().into_iter().any(|id| {
        let mut of_it = false;
        arena.for_each_mention_in(id, &mut |mention| {
            of_it |= matches!(mention, Expression::Output { input, .. } if *input == found.input);
        });
        of_it
    });
    if lateral {
        return false;
    }
    let Some(template) = template(arena, found) else {
        return false;
    };
    let projection = template.projection.clone();
    let mut scalars = BTreeMap::new();
    for position in used {
        let Some(value) = projection.get(*position as usize) else {
            return false;
        };
        let mut select = template.clone();
        select.projection = vec![value.clone()];
        scalars.insert(*position, scalar(arena, select));
    }
    let by = |mention: &Expression| match mention {
        Expression::Output { input, position } if *input == found.input => {
            scalars.get(position).cloned()
        }
        _ => None,
    };
    relation.for_each_expression_mut(&mut |expression| arena.replace(expression, &by));
    tree.for_each_on_mut(&mut |expression| arena.replace(expression, &by));
    for conjunct in &mut tree.conjuncts {
        arena.replace(conjunct, &by);
    }
    true
}

/// The only value of a select.
pub(super) fn scalar(arena: &mut Arena, select: Select) -> Expression {
    subquery(arena, SubqueryKind::Scalar, select)
}

/// A select in an expression.
pub(super) fn subquery(arena: &mut Arena, kind: SubqueryKind, select: Select) -> Expression {
    let columns = select.projection.iter().map(|_| sql::relation::Column {
        name: None,
        implicit: false,
    });
    let relation = Relation {
        columns: columns.collect(),
        open: false,
        body: Body::Select(Box::new(select)),
        order: Vec::new(),
        limit: None,
    };
    let relation = arena.push(relation);
    Expression::Subquery(Box::new(Subquery { kind, relation }))
}
