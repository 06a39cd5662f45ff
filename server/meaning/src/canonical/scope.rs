//! An aggregate has a scope: a join to rows grouped by what they are joined on is a query of one
//! value, and each aggregate in such a query is one of its own.

use super::arena::{Arena, for_each_expression_mut};
use super::finish::{drop_distinct, is_single};
use super::merge::{has_aggregate, has_window};
use super::settle::{settle, usage_of};
use super::simplify::{self, conjunction, conjuncts};
use super::strict;
use super::tree::{Part, Tree};
use sql::relation::{
    Body, Case, Distinct, Expression, From, Grouping, Input, InputId, Literal, Operation, Operator,
    Relation, RelationId, Select, Source, Subquery, SubqueryKind,
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
        if !done {
            tree.parts.insert(place, part);
            tree.conjuncts = before;
            place += 1;
        }
    }
    if let Body::Select(select) = &mut relation.body {
        tree.put(select, arena);
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
        self::exists(arena, subquery.relation);
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

fn mentions(arena: &Arena, expression: &Expression, inputs: &[InputId]) -> bool {
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
    for_each_expression_mut(relation, &mut |expression| arena.replace(expression, &by));
    tree.for_each_on_mut(&mut |expression| arena.replace(expression, &by));
    for conjunct in &mut tree.conjuncts {
        arena.replace(conjunct, &by);
    }
    true
}

fn scalar(arena: &mut Arena, select: Select) -> Expression {
    subquery(arena, SubqueryKind::Scalar, select)
}

fn subquery(arena: &mut Arena, kind: SubqueryKind, select: Select) -> Expression {
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

/// Brings the queries of one value in a relation's expressions into their one form.
pub(super) fn scalars(arena: &mut Arena, relation: &mut Relation) {
    for_each_expression_mut(relation, &mut |expression| values(arena, expression));
}

fn values(arena: &mut Arena, expression: &mut Expression) {
    match expression {
        Expression::Call(call) if call.function == "coalesce" => {
            if let [
                Expression::Subquery(subquery),
                Expression::Literal(Literal::Number(zero)),
            ] = call.arguments.as_slice()
                && zero == "0"
                && subquery.kind == SubqueryKind::Scalar
            {
                let id = subquery.relation;
                unpin(arena, id);
                if count_instead(arena, id) {
                    *expression = Expression::Subquery(subquery.clone());
                    return;
                }
            }
        }
        Expression::Operation(operation) => {
            if let Some(other) = as_exists(arena, operation) {
                *expression = other;
                return;
            }
        }
        Expression::Subquery(subquery) if subquery.kind == SubqueryKind::Scalar => {
            unpin(arena, subquery.relation);
            if let Some(other) = distributed(arena, subquery.relation) {
                *expression = simplify::value(other);
            }
            return;
        }
        _ => {}
    }
    expression.for_each_part_mut(&mut |part| values(arena, part));
}

/// What is asked of a query of one value, where it only asks whether there is a row: that the value is
/// `NULL` which a row must have, or that there are more than no rows.
fn as_exists(arena: &mut Arena, operation: &Operation) -> Option<Expression> {
    let (query, negated) = match (operation.operator, operation.operands.as_slice()) {
        (Operator::IsNull, [Expression::Subquery(query)]) => (query, true),
        (
            Operator::Less,
            [
                Expression::Literal(Literal::Number(zero)),
                Expression::Subquery(query),
            ],
        ) if zero == "0" => (query, false),
        (
            Operator::Equal,
            [
                Expression::Literal(Literal::Number(zero)),
                Expression::Subquery(query),
            ],
        ) if zero == "0" => (query, true),
        _ => return None,
    };
    let relation = arena.get(query.relation)?;
    let select = relation.select()?;
    let grouping = select.grouping.as_ref()?;
    let [value] = select.projection.as_slice() else {
        return None;
    };
    let plain = query.kind == SubqueryKind::Scalar
        && relation.limit.is_none()
        && is_single(grouping)
        && select.qualify.is_none()
        && select.distinct == Distinct::Keep;
    let asks = if operation.operator == Operator::IsNull {
        grouping.keys.contains(value) && is_compared(select, value)
    } else {
        grouping.keys.is_empty() && select.having.is_none() && is_count_of_rows(value)
    };
    if !plain || !asks {
        return None;
    }
    let mut select = select.clone();
    select.projection.clear();
    if grouping_is_empty(&select) {
        select.grouping = None;
    }
    drop_distinct(&mut select);
    let exists = subquery(arena, SubqueryKind::Exists, select);
    Some(if negated {
        Expression::operation(Operator::Not, [exists])
    } else {
        exists
    })
}

fn grouping_is_empty(select: &Select) -> bool {
    select
        .grouping
        .as_ref()
        .is_some_and(|grouping| grouping.keys.is_empty())
}

/// Whether the filter says that the value equals something, so that it is not `NULL`.
fn is_compared(select: &Select, value: &Expression) -> bool {
    let all = select.filter.clone().map(conjuncts).unwrap_or_default();
    all.iter().any(|conjunct| match conjunct {
        Expression::Operation(operation) => {
            operation.operator == Operator::Equal && operation.operands.contains(value)
        }
        _ => false,
    })
}

fn is_count_of_rows(value: &Expression) -> bool {
    match value {
        Expression::Aggregate(count) => {
            count.function == "count" && count.arguments.is_empty() && count.filter.is_none()
        }
        _ => false,
    }
}

/// Drops the keys that the filter makes equal to something outside: there is one group of them.
fn unpin(arena: &mut Arena, id: RelationId) {
    let mut relation = arena.take(id);
    if relation.limit.is_none()
        && let Body::Select(select) = &mut relation.body
    {
        unpin_select(arena, select);
    }
    arena.put(id, relation);
}

fn unpin_select(arena: &Arena, select: &mut Select) -> Option<()> {
    let grouping = select.grouping.as_ref()?;
    if !is_single(grouping)
        || grouping.keys.is_empty()
        || select.qualify.is_some()
        || select.distinct != Distinct::Keep
    {
        return None;
    }
    let own: Vec<InputId> = select
        .from
        .as_ref()?
        .inputs()
        .iter()
        .map(|i| i.id)
        .collect();
    let mut outside: BTreeMap<Expression, Expression> = BTreeMap::new();
    for conjunct in conjuncts(select.filter.clone()?) {
        let Expression::Operation(Operation {
            operator: Operator::Equal,
            operands,
        }) = conjunct
        else {
            continue;
        };
        let Ok([left, right]) = <[Expression; 2]>::try_from(operands) else {
            continue;
        };
        for (key, other) in [(&left, &right), (&right, &left)] {
            if grouping.keys.contains(key) && !mentions(arena, other, &own) {
                outside.entry(key.clone()).or_insert_with(|| other.clone());
            }
        }
    }
    if !grouping.keys.iter().all(|key| outside.contains_key(key)) {
        return None;
    }
    let [value] = select.projection.as_mut_slice() else {
        return None;
    };
    if has_window(value) {
        return None;
    }
    outside_aggregates(value, &mut |part| {
        if let Some(other) = outside.get(part) {
            *part = other.clone();
        }
    });
    if let Some(having) = &mut select.having {
        outside_aggregates(having, &mut |part| {
            if let Some(other) = outside.get(part) {
                *part = other.clone();
            }
        });
    }
    if !is_null_of_no_rows(value) {
        let count = Expression::Aggregate(Box::new(sql::relation::Aggregate {
            function: "count".into(),
            arguments: Vec::new(),
            distinct: false,
            filter: None,
            order: Vec::new(),
        }));
        let some = Expression::operation(Operator::Less, [Expression::number("0"), count]);
        let value_of_some = std::mem::replace(value, Expression::NULL);
        *value = Expression::Case(Case {
            branches: vec![(some, value_of_some)],
            otherwise: Box::new(Expression::NULL),
        });
    }
    select.grouping = Some(Grouping {
        keys: Vec::new(),
        sets: vec![Vec::new()],
    });
    Some(())
}

/// Calls `change` with every part that is in no aggregate, from the outermost inwards.
fn outside_aggregates(expression: &mut Expression, change: &mut dyn FnMut(&mut Expression)) {
    change(expression);
    if !matches!(expression, Expression::Aggregate(_)) {
        expression.for_each_part_mut(&mut |part| outside_aggregates(part, change));
    }
}

/// Whether the value is `NULL` where its aggregates are over no rows.
fn is_null_of_no_rows(value: &Expression) -> bool {
    let mut empty = value.clone();
    let mut known = true;
    outside_aggregates(&mut empty, &mut |part| {
        if let Expression::Aggregate(aggregate) = part {
            *part = match aggregate.function.as_str() {
                "count" => Expression::number("0"),
                "sum" | "min" | "max" | "avg" => Expression::NULL,
                _ => {
                    known = false;
                    Expression::NULL
                }
            };
        }
    });
    known && strict::is_null(&empty, &[])
}

/// `COALESCE` of a count that is `NULL` over no rows, and 0, is the count.
fn count_instead(arena: &mut Arena, id: RelationId) -> bool {
    let mut relation = arena.take(id);
    let mut done = false;
    if let Body::Select(select) = &mut relation.body
        && select.having.is_none()
        && let [value] = select.projection.as_mut_slice()
        && let Expression::Case(case) = value
        && *case.otherwise == Expression::NULL
        && let [(_, Expression::Aggregate(count))] = case.branches.as_slice()
        && count.function == "count"
        && select
            .grouping
            .as_ref()
            .is_some_and(|grouping| grouping.keys.is_empty())
    {
        // Only `unpin` makes such a case over an aggregate of no keys; a written one counts too:
        // where its condition is not true the count may be other than 0.
        if is_any_row(case.branches.first().map(|(when, _)| when)) {
            *value = Expression::Aggregate(count.clone());
            done = true;
        }
    }
    arena.put(id, relation);
    done
}

/// `COUNT(*) > 0`
fn is_any_row(condition: Option<&Expression>) -> bool {
    let Some(Expression::Operation(Operation {
        operator: Operator::Less,
        operands,
    })) = condition
    else {
        return false;
    };
    matches!(
        operands.as_slice(),
        [Expression::Literal(Literal::Number(zero)), count]
            if zero == "0" && is_count_of_rows(count)
    )
}

/// The value of a query of one row, with each aggregate in a query of its own.
fn distributed(arena: &mut Arena, id: RelationId) -> Option<Expression> {
    let relation = arena.get(id)?;
    let select = relation.select()?;
    let plain = relation.limit.is_none()
        && select.having.is_none()
        && select.qualify.is_none()
        && select.distinct == Distinct::Keep
        && !select
            .projection
            .iter()
            .any(|value| has_window(value) || simplify::multiplies_rows(value));
    let [value] = select.projection.as_slice() else {
        return None;
    };
    if !plain {
        return None;
    }
    let Some(grouping) = &select.grouping else {
        let alone = select.from.is_none() && select.filter.is_none();
        return alone.then(|| value.clone());
    };
    if !grouping.keys.is_empty()
        || !is_single(grouping)
        || !has_aggregate(value)
        || matches!(value, Expression::Aggregate(_))
    {
        return None;
    }
    let select = select.clone();
    let mut value = value.clone();
    let own: Vec<InputId> = select
        .from
        .iter()
        .flat_map(From::inputs)
        .map(|i| i.id)
        .collect();
    let mut aggregates = BTreeMap::new();
    outside_aggregates(&mut value, &mut |part| {
        if let Expression::Aggregate(_) = part {
            let place = u32::try_from(aggregates.len()).unwrap_or(u32::MAX);
            aggregates.insert(place, part.clone());
            *part = Expression::Output {
                input: InputId(u32::MAX),
                position: place,
            };
        }
    });
    if mentions(arena, &value, &own) {
        return None;
    }
    let mut queries = BTreeMap::new();
    for (place, aggregate) in aggregates {
        let mut select = select.clone();
        select.projection = vec![aggregate];
        queries.insert(place, scalar(arena, select));
    }
    arena.replace(&mut value, &|mention| match mention {
        Expression::Output { input, position } if *input == InputId(u32::MAX) => {
            queries.get(position).cloned()
        }
        _ => None,
    });
    Some(value)
}

/// Writes `x IN (SELECT …)` as `EXISTS` where only truth counts.
pub(super) fn in_to_exists(arena: &mut Arena, relation: &mut Relation) {
    let Body::Select(select) = &mut relation.body else {
        return;
    };
    for condition in [&mut select.filter, &mut select.having, &mut select.qualify] {
        if let Some(condition) = condition {
            truth(arena, condition);
        }
    }
}

fn truth(arena: &mut Arena, condition: &mut Expression) {
    match condition {
        Expression::Operation(operation)
            if matches!(operation.operator, Operator::And | Operator::Or) =>
        {
            for operand in &mut operation.operands {
                truth(arena, operand);
            }
        }
        Expression::Subquery(inner) => {
            let values = match &inner.kind {
                SubqueryKind::In(values) => values.clone(),
                SubqueryKind::Any(Operator::Equal, value) => vec![(**value).clone()],
                _ => return,
            };
            if let Some(exists) = exists_among(arena, &values, inner.relation) {
                *condition = exists;
            }
        }
        _ => {}
    }
}

fn exists_among(arena: &mut Arena, values: &[Expression], of: RelationId) -> Option<Expression> {
    if arena.get(of)?.columns.len() != values.len() || arena.get(of)?.open {
        return None;
    }
    if values
        .iter()
        .any(|value| has_aggregate(value) || has_window(value))
    {
        return None;
    }
    let input = arena.fresh_input();
    let equal = (0..).zip(values).map(|(position, value)| {
        let column = Expression::Output { input, position };
        Expression::operation(Operator::Equal, [column, value.clone()])
    });
    let select = Select {
        filter: conjunction(equal.collect()),
        from: Some(From::Input(Input {
            id: input,
            source: Source::Relation(of),
        })),
        ..Select::default()
    };
    let exists = subquery(arena, SubqueryKind::Exists, select);
    if let Expression::Subquery(subquery) = &exists {
        settle(arena, subquery.relation, Some(&BTreeSet::new()));
    }
    Some(exists)
}

/// Forgets of a query of which only counts whether it has rows how these are grouped.
pub(super) fn exists(arena: &mut Arena, id: RelationId) {
    let mut relation = arena.take(id);
    if relation.limit.is_none()
        && let Body::Select(select) = &mut relation.body
    {
        drop_distinct(select);
    }
    arena.put(id, relation);
}
