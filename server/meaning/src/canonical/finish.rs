//! The one form of a select's own clauses: grouping, `DISTINCT`, `HAVING` and `QUALIFY`.

use super::merge::{has_aggregate, has_window};
use super::simplify::{conjunction, conjuncts, is_constant, is_volatile, multiplies_rows};
use sql::relation::{
    Distinct, Expression, Grouping, InputId, Literal, Operation, Operator, Select,
};

/// Brings the clauses of a select into their one form.
pub(super) fn finish(select: &mut Select, open: bool) {
    if let Some(grouping) = &mut select.grouping {
        tidy(grouping);
    }
    distinct(select, open);
    having(select);
    qualify(select);
}

/// Groups by every column instead of `DISTINCT`, and drops one that drops nothing.
fn distinct(select: &mut Select, open: bool) {
    if select.distinct != Distinct::All || open {
        return;
    }
    // Without a key there would be a group where there is no row.
    if select.projection.is_empty() {
        return;
    }
    if select.projection.iter().any(multiplies_rows) {
        return;
    }
    if let Some(grouping) = &select.grouping {
        if is_single(grouping)
            && grouping
                .keys
                .iter()
                .all(|key| select.projection.contains(key))
        {
            select.distinct = Distinct::Keep;
        }
        return;
    }
    let fixed =
        |value: &Expression| has_window(value) || has_aggregate(value) || is_volatile(value);
    if select.qualify.is_some() || select.projection.iter().any(fixed) || has_subquery(select) {
        return;
    }
    let mut grouping = Grouping {
        keys: select.projection.clone(),
        sets: vec![
            (0..)
                .zip(&select.projection)
                .map(|(place, _)| place)
                .collect(),
        ],
    };
    tidy(&mut grouping);
    select.grouping = Some(grouping);
    select.distinct = Distinct::Keep;
}

/// `DISTINCT` instead of a grouping by every column, which [`finish`] makes of it again where it can.
pub(super) fn as_distinct(select: &mut Select, open: bool) {
    let Some(grouping) = &select.grouping else {
        return;
    };
    let of_key = |value: &Expression| grouping.keys.contains(value) || is_constant(value);
    let is_distinct = !open
        && is_single(grouping)
        && !grouping.keys.is_empty()
        && select.distinct == Distinct::Keep
        && select.qualify.is_none()
        && !select.having.as_ref().is_some_and(has_aggregate)
        && select.projection.iter().all(of_key)
        && grouping
            .keys
            .iter()
            .all(|key| select.projection.contains(key) && !is_volatile(key) && !has_window(key));
    if is_distinct {
        drop_distinct(select);
        select.distinct = Distinct::All;
    }
}

/// Whether a query stands in the projection: two copies of it could not be told to be the same.
fn has_subquery(select: &Select) -> bool {
    let mut found = false;
    for value in &select.projection {
        value.for_each(&mut |part| found |= matches!(part, Expression::Subquery(_)));
    }
    found
}

/// Undoes a grouping that only drops repetitions.
pub(super) fn drop_distinct(select: &mut Select) {
    if select.distinct == Distinct::All {
        select.distinct = Distinct::Keep;
    }
    let Some(grouping) = &select.grouping else {
        return;
    };
    let aggregates = select
        .projection
        .iter()
        .chain(&select.having)
        .any(has_aggregate);
    let windows = select.qualify.is_some() || select.projection.iter().any(has_window);
    if is_single(grouping) && !grouping.keys.is_empty() && !aggregates && !windows {
        let having = select.having.take();
        select.grouping = None;
        let all = select.filter.take().into_iter().chain(having).collect();
        select.filter = conjunction(all);
    }
}

/// Whether it is a plain `GROUP BY`, or none.
pub(super) fn is_single(grouping: &Grouping) -> bool {
    match grouping.sets.as_slice() {
        [set] => set.len() == grouping.keys.len(),
        _ => false,
    }
}

/// The keys in order, without repetitions and, where it makes no difference, without constants.
fn tidy(grouping: &mut Grouping) {
    if !is_single(grouping) {
        return;
    }
    let mut keys = std::mem::take(&mut grouping.keys);
    keys.sort();
    keys.dedup();
    let constant = keys.iter().filter(|key| is_constant(key)).count();
    if constant < keys.len() {
        keys.retain(|key| !is_constant(key));
    } else {
        // With constants alone, there is one group where there are rows, and none else.
        keys.truncate(1);
    }
    grouping.sets = vec![(0..).zip(&keys).map(|(place, _)| place).collect()];
    grouping.keys = keys;
}

/// What `HAVING` asks of the keys alone can be asked of the rows.
fn having(select: &mut Select) {
    let Some(grouping) = &select.grouping else {
        return;
    };
    let Some(having) = select.having.take() else {
        return;
    };
    let own = own_inputs(select);
    let (of_rows, rest): (Vec<_>, Vec<_>) = conjuncts(having).into_iter().partition(|conjunct| {
        is_single(grouping) && !grouping.keys.is_empty() && only_of(conjunct, &grouping.keys, &own)
    });
    select.having = conjunction(rest);
    if !of_rows.is_empty() {
        let all = select.filter.take().into_iter().chain(of_rows).collect();
        select.filter = conjunction(all);
    }
}

fn own_inputs(select: &Select) -> Vec<InputId> {
    select.inputs().iter().map(|input| input.id).collect()
}

/// Whether an expression is computed from these alone, and from what is the same in all rows.
fn only_of(expression: &Expression, keys: &[Expression], own: &[InputId]) -> bool {
    if keys.contains(expression) {
        return true;
    }
    match expression {
        Expression::Column { input, .. } | Expression::Output { input, .. } => !own.contains(input),
        Expression::Literal(_) => true,
        Expression::Operation(_)
        | Expression::Call(_)
        | Expression::Case(_)
        | Expression::Cast(_) => {
            let mut only = !is_volatile(expression);
            expression.for_each_part(&mut |part| only &= only_of(part, keys, own));
            only
        }
        _ => false,
    }
}

/// What `QUALIFY` asks of no window, or of what is the same in each partition, is asked before.
fn qualify(select: &mut Select) {
    let Some(qualify) = select.qualify.take() else {
        return;
    };
    let own = own_inputs(select);
    let conjuncts = conjuncts(qualify);
    let mut partitions: Vec<Vec<Expression>> = Vec::new();
    for value in select.projection.iter().chain(&conjuncts) {
        value.for_each(&mut |part| {
            if let Expression::Window(window) = part {
                partitions.push(window.partition.clone());
            }
        });
    }
    let (of_rows, rest): (Vec<_>, Vec<_>) = conjuncts.into_iter().partition(|conjunct| {
        !has_window(conjunct)
            && partitions
                .iter()
                .all(|partition| only_of(conjunct, partition, &own))
    });
    let rest = rest.into_iter().map(first_row).collect();
    select.qualify = conjunction(rest);
    if of_rows.is_empty() {
        return;
    }
    let place = if select.grouping.is_some() {
        &mut select.having
    } else {
        &mut select.filter
    };
    let all = place.take().into_iter().chain(of_rows).collect();
    *place = conjunction(all);
    having(select);
}

/// `row_number() <= 1` and `row_number() < 2` are `row_number() = 1`.
fn first_row(conjunct: Expression) -> Expression {
    let Expression::Operation(Operation { operator, operands }) = &conjunct else {
        return conjunct;
    };
    let [
        window @ Expression::Window(inner),
        Expression::Literal(Literal::Number(number)),
    ] = operands.as_slice()
    else {
        return conjunct;
    };
    let ranks = matches!(
        inner.function.function.as_str(),
        "row_number" | "rank" | "dense_rank"
    );
    let first = match operator {
        Operator::LessOrEqual => number == "1",
        Operator::Less => number == "2",
        _ => false,
    };
    if ranks && first {
        let one = Expression::number("1");
        return super::simplify::condition(Expression::operation(
            Operator::Equal,
            [window.clone(), one],
        ));
    }
    conjunct
}
