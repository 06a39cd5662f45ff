//! How an input of a select is joined to the others: which equal columns link its rows to theirs, and what a
//! join that may leave it out asks beside.

use super::rows::conjuncts;
use super::subject::{DEEPEST, gives_rows};
use crate::derive::{Facts, Grain};
use sql::relation::{
    Expression, From, InputId, Join, JoinKind, Literal, Operator, Query, Relation, RelationId,
    Select, Source,
};
use std::collections::BTreeSet;

/// What the joins ask that may leave out an input.
#[derive(Default)]
pub(super) struct Asked<'q> {
    /// Columns of both sides are equal.
    pub(super) links: Vec<&'q Expression>,
    /// Conditions on one side alone.
    pub(super) one_sided: Vec<&'q Expression>,
    /// There is more that decides which rows are joined.
    pub(super) is_unclear: bool,
}

impl<'q> Asked<'q> {
    /// Of the joins that may leave out an input.
    pub(super) fn of(from: &'q From, input: InputId) -> Asked<'q> {
        let mut asked = Asked::default();
        asked.add(from, input);
        // That a column is there which is equal to another follows.
        let links = std::mem::take(&mut asked.links);
        asked
            .one_sided
            .retain(|condition| !is_implied(condition, &links));
        asked.links = links;
        asked
    }

    fn add(&mut self, from: &'q From, input: InputId) {
        let From::Join(join) = from else {
            return;
        };
        let own = side_of(join, input);
        if may_leave_out(join, input) {
            for condition in join.on.iter().flat_map(conjuncts) {
                match Sides::of(join, condition) {
                    Sides::Linked => self.links.push(condition),
                    Sides::One => self.one_sided.push(condition),
                    Sides::None => {}
                    Sides::Unclear => self.is_unclear = true,
                }
            }
            self.is_unclear |= join.kind == JoinKind::Full || matches!(own, From::Join(_));
        }
        self.add(own, input);
    }
}

fn side_of(join: &Join, input: InputId) -> &From {
    match join.left.input(input) {
        Some(_) => &join.left,
        None => &join.right,
    }
}

fn may_leave_out(join: &Join, input: InputId) -> bool {
    match join.kind {
        JoinKind::Left => join.right.input(input).is_some(),
        JoinKind::Right => join.left.input(input).is_some(),
        JoinKind::Full => true,
        JoinKind::Inner | JoinKind::Semi | JoinKind::Anti | JoinKind::Unknown => false,
    }
}

/// Whether it asks that a column is not `NULL` that a link compares.
fn is_implied(condition: &Expression, links: &[&Expression]) -> bool {
    let inner = |expression: &'_ Expression, wanted: Operator| match expression {
        Expression::Operation(operation) if operation.operator == wanted => {
            operation.operands.first().cloned()
        }
        _ => None,
    };
    let column = inner(condition, Operator::Not).and_then(|it| inner(&it, Operator::IsNull));
    column.is_some_and(|column| {
        links.iter().any(|link| match link {
            Expression::Operation(link) => link.operands.contains(&column),
            _ => false,
        })
    })
}

/// Of which sides of a join a condition speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sides {
    /// It is always true.
    None,
    /// Of one.
    One,
    /// It asks that something of one is equal to something of the other.
    Linked,
    /// Of both in another way, or nobody can tell.
    Unclear,
}

impl Sides {
    pub(super) fn of(join: &Join, condition: &Expression) -> Sides {
        if *condition == Expression::Literal(Literal::Boolean(true)) {
            return Sides::None;
        }
        // `true` for the left side; what lies around the query is on neither.
        let sides = |part: &Expression| -> Option<BTreeSet<bool>> {
            let mut is_known = true;
            part.for_each(&mut |part| {
                is_known &= !matches!(part, Expression::Subquery(_) | Expression::Unknown(_));
            });
            let inputs = mentioned(part).into_iter();
            let sides = inputs.map(|input| join.left.input(input).is_some());
            is_known.then(|| sides.collect())
        };
        let both = sides(condition).map(|sides| sides.len());
        match (both, condition) {
            (Some(1), _) => Sides::One,
            (Some(2), Expression::Operation(operation))
                if matches!(operation.operator, Operator::Equal | Operator::Same)
                    && operation
                        .operands
                        .iter()
                        .all(|operand| sides(operand).is_some_and(|sides| sides.len() == 1)) =>
            {
                Sides::Linked
            }
            _ => Sides::Unclear,
        }
    }
}

/// The inputs whose columns an expression mentions.
pub(super) fn mentioned(expression: &Expression) -> BTreeSet<InputId> {
    let mut inputs = BTreeSet::new();
    expression.for_each(&mut |part| {
        if let Expression::Column { input, .. } | Expression::Output { input, .. } = part {
            inputs.insert(*input);
        }
    });
    inputs
}

/// Whether anything says which rows of an input belong to those of another one, where others may have
/// several.
pub(super) fn is_linked(
    query: &Query,
    select: &Select,
    input: InputId,
    declared: &dyn Facts,
) -> bool {
    let grain = Grain::new(query, declared);
    let is_single = |source: &Source| match source {
        Source::Relation(inner) => grain.keys(*inner).iter().any(Vec::is_empty),
        _ => false,
    };
    let all = select.inputs();
    let others: BTreeSet<InputId> = all
        .iter()
        .filter(|other| other.id != input && gives_rows(select, other.id))
        .filter(|other| !is_single(&other.source))
        .map(|other| other.id)
        .collect();
    let speaks_of_both = |condition: &Expression| {
        let mut has_query = false;
        condition.for_each(&mut |part| has_query |= matches!(part, Expression::Subquery(_)));
        let inputs = mentioned(condition);
        has_query || inputs.contains(&input) && !inputs.is_disjoint(&others)
    };
    let conditions = select.filter.iter().flat_map(conjuncts);
    others.is_empty()
        || conditions.into_iter().any(speaks_of_both)
        || select
            .from
            .as_ref()
            .is_some_and(|from| joins(from, &speaks_of_both))
        || all.iter().any(|own| {
            let wanted = match own.id == input {
                true => others.clone(),
                false => BTreeSet::from([input]),
            };
            looks_at(query, &own.source, &wanted, 0)
        })
}

/// Whether a join has such a condition, or is of a kind of which nobody can tell.
fn joins(from: &From, is_it: &dyn Fn(&Expression) -> bool) -> bool {
    match from {
        From::Input(_) => false,
        From::Join(join) => {
            join.kind == JoinKind::Unknown
                || join.on.iter().flat_map(conjuncts).any(is_it)
                || joins(&join.left, is_it)
                || joins(&join.right, is_it)
        }
    }
}

/// Whether something in `FROM` mentions inputs beside it, as functions and lateral queries may.
fn looks_at(query: &Query, source: &Source, wanted: &BTreeSet<InputId>, depth: usize) -> bool {
    match source {
        Source::Table(_) => false,
        Source::Unknown { .. } => true,
        Source::Function(call) => {
            let mut arguments = call.arguments.iter();
            arguments.any(|argument| !mentioned(argument).is_disjoint(wanted))
        }
        Source::Relation(relation) => mentions_any(query, *relation, wanted, depth),
    }
}

pub(super) fn mentions_any(
    query: &Query,
    relation: RelationId,
    wanted: &BTreeSet<InputId>,
    depth: usize,
) -> bool {
    let own: &Relation = query.relation(relation);
    let mut found = depth > DEEPEST;
    own.for_each_expression(&mut |expression| {
        found |= !mentioned(expression).is_disjoint(wanted);
    });
    found
        || own
            .inputs()
            .into_iter()
            .any(|input| looks_at(query, &input.source, wanted, depth + 1))
}
