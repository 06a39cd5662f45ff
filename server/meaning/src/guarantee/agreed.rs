//! Whether a filter only keeps out rows that other sentences ask to keep out.
//!
//! Filter and sentences are compared over the columns of tables, each known by the inputs that lead to
//! it. A row for which the filter is `NULL` does not count: too little is known of where that may be.

mod proof;
mod reading;

pub(super) use proof::{Match, is_kept_out};

use super::formula::{ColumnRef, Formula};
use super::subject::Subject;
use super::value::boolean;
use crate::derive::{self, Nullability, nullability_in};
use crate::witness::equal_on_all_inputs;
use reading::Reading;
use sql::facts::TableRef;
use sql::relation::{
    Expression, From, InputId, JoinKind, Operation, Operator, READS_PART, RelationId, Select,
    Subquery, SubqueryKind,
};
use std::collections::BTreeSet;
use syntax::Name;

/// The rows of a table that sentences in force ask to keep out.
#[derive(Clone, Debug, Default)]
pub struct Agreed {
    /// Those for which one of these is true.
    pub excluded: Vec<Formula>,
    /// Those for which one of these is not true.
    pub required: Vec<Formula>,
    /// Those that match a row of a table on columns.
    pub matching: Vec<(TableRef, Vec<Name>)>,
    /// Those that match none.
    pub unmatched: Vec<(TableRef, Vec<Name>)>,
    /// The columns that the conditions name, also those that could not be bound.
    pub names: BTreeSet<Name>,
}

/// Whether a filter is agreed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// It drops nothing else than what is asked to be kept out.
    Agreed,
    /// It speaks of the same columns.
    Perhaps,
    /// It speaks of other things.
    No,
}

/// A filter on the way of a table's rows to the result.
pub(super) struct OnTheWay<'w> {
    pub(super) subject: &'w Subject,
    pub(super) agreed: &'w Agreed,
    pub(super) declared: &'w dyn derive::Facts,
    /// The inputs from the result to the table.
    pub(super) way: &'w [(RelationId, InputId)],
    /// Which relation of those on the way filters.
    pub(super) at: usize,
}

impl OnTheWay<'_> {
    fn inputs(&self, to: usize) -> Vec<InputId> {
        let way = self.way.iter().take(to);
        way.map(|(_, input)| *input).collect()
    }

    /// Whether a filter is agreed on, in all of its conjuncts.
    pub(super) fn agreement(&self, filter: &Expression) -> Agreement {
        let conjuncts = conjuncts(filter).into_iter();
        let all = conjuncts.map(|conjunct| self.of_conjunct(conjunct)).max();
        all.unwrap_or(Agreement::Agreed)
    }

    fn of_conjunct(&self, conjunct: &Expression) -> Agreement {
        if self.is_there_always(conjunct) {
            return Agreement::Agreed;
        }
        let mut reading = Reading::new(self.subject);
        let path = self.inputs(self.at);
        let Some(own) = reading.expanded(conjunct, &path) else {
            return Agreement::Perhaps;
        };
        let speaks_of = reading.names().any(|name| self.agreed.names.contains(name));
        let may_be = speaks_of || has_unknown(&own) || self.looks_into_agreed(&own, &reading);
        if self.keeps_out_only(&own, &mut reading)
            || self.drops_matching(conjunct, &path, &mut reading)
            || self.drops_unmatched(conjunct, &path, &mut reading)
        {
            return Agreement::Agreed;
        }
        match may_be {
            true => Agreement::Perhaps,
            false => Agreement::No,
        }
    }

    /// Whether it asks that something is not `NULL` that never is.
    fn is_there_always(&self, conjunct: &Expression) -> bool {
        let Some(Expression::Operation(is_null)) = negated(conjunct) else {
            return false;
        };
        let ([value], Operator::IsNull) = (is_null.operands.as_slice(), is_null.operator) else {
            return false;
        };
        let Some((id, _)) = self.way.get(self.at) else {
            return false;
        };
        let query = &self.subject.query;
        nullability_in(query, *id, value, self.declared) == Nullability::Never
    }

    /// Whether each row for which it is false is one that a sentence asks to keep out.
    fn keeps_out_only(&self, own: &Expression, reading: &mut Reading<'_>) -> bool {
        let not_true = |formula: Expression| {
            let is_true = Expression::operation(Operator::IsTrue, [formula]);
            Expression::operation(Operator::Not, [is_true])
        };
        let mut kept = Vec::new();
        for formula in &self.agreed.excluded {
            kept.extend(self.bound(formula, reading).map(not_true));
        }
        for formula in &self.agreed.required {
            let bound = self.bound(formula, reading);
            kept.extend(bound.map(|it| Expression::operation(Operator::IsTrue, [it])));
        }
        let dropped = Expression::operation(Operator::IsFalse, [own.clone()]);
        let never = |parts: &[Expression]| {
            let all = [dropped.clone()].into_iter().chain(parts.iter().cloned());
            let all = Expression::operation(Operator::And, all.chain([boolean(true)]));
            equal_on_all_inputs(&all, &boolean(false)) == Some(true)
        };
        // What can't be decided of one sentence is no hindrance to another.
        never(&[]) || kept.iter().any(|one| never(std::slice::from_ref(one))) || never(&kept)
    }

    /// A formula over the columns as they are on this way.
    fn bound(&self, formula: &Formula, reading: &mut Reading<'_>) -> Option<Expression> {
        let formula = formula.over_tables(self.subject)?;
        let mut value = formula.value.clone();
        let mut is_complete = true;
        value.for_each_mut(&mut |part| {
            let column = match formula.column(part) {
                Some(ColumnRef::Own(name)) => self.of_result(name, reading),
                Some(ColumnRef::Of(table, name)) => {
                    reading.column(table, name, &self.inputs(self.way.len()))
                }
                Some(ColumnRef::Inside(..)) => None,
                None => return,
            };
            match column {
                Some(column) => *part = column,
                None => is_complete = false,
            }
        });
        is_complete.then_some(value)
    }

    /// A column of the result.
    fn of_result(&self, name: &Name, reading: &mut Reading<'_>) -> Option<Expression> {
        let root = self.subject.query.root();
        let value = root.select()?.projection.get(root.position(name)?)?;
        reading.expanded(value, &[])
    }

    /// Whether it drops only rows that match a table that they are not to match: `NOT EXISTS`, `NOT IN`,
    /// or a left join that found nobody.
    fn drops_matching(
        &self,
        conjunct: &Expression,
        path: &[InputId],
        reading: &mut Reading<'_>,
    ) -> bool {
        let pairs = match negated(conjunct) {
            Some(Expression::Subquery(subquery)) => self.compared(subquery, path, reading),
            _ => self.missed(conjunct, path, reading),
        };
        let pairs = pairs.unwrap_or_default();
        let mut agreed = self.agreed.matching.iter();
        agreed.any(|(other, on)| self.is_on(other, on, &pairs, reading))
    }

    /// Whether it drops only rows that match no row of a table of which they are to match one: `EXISTS`,
    /// `IN`, and no further condition.
    fn drops_unmatched(
        &self,
        conjunct: &Expression,
        path: &[InputId],
        reading: &mut Reading<'_>,
    ) -> bool {
        let Expression::Subquery(subquery) = conjunct else {
            return false;
        };
        let relation = self.subject.query.relation(subquery.relation);
        let inputs = relation.inputs();
        let (Some(select), [input]) = (relation.select(), inputs.as_slice()) else {
            return false;
        };
        let is_plain = relation.limit.is_none() && select.qualify.is_none();
        let filter = select.filter.as_ref().map_or(0, |it| conjuncts(it).len());
        let compared = match &subquery.kind {
            SubqueryKind::In(values) => filter + values.len(),
            _ => filter,
        };
        let pairs = self.compared(subquery, path, reading).unwrap_or_default();
        let mut agreed = self.agreed.unmatched.iter();
        agreed.any(|(other, on)| {
            is_plain
                && compared == on.len()
                && self.subject.is(input, other)
                && self.is_on(other, on, &pairs, reading)
        })
    }

    /// Whether the pairs compare each of the columns of the other table with that of the result.
    fn is_on(
        &self,
        other: &TableRef,
        on: &[Name],
        pairs: &Pairs,
        reading: &mut Reading<'_>,
    ) -> bool {
        on.iter().all(|name| {
            let Some(own) = self.of_result(name, reading) else {
                return false;
            };
            let is_it = |pair: &(Expression, Expression)| {
                let (left, right) = pair;
                reading.is_column(left, other, name) && *right == own
                    || reading.is_column(right, other, name) && *left == own
            };
            pairs.iter().any(is_it)
        })
    }

    /// What a query in an expression compares its rows with.
    fn compared(
        &self,
        subquery: &Subquery,
        path: &[InputId],
        reading: &mut Reading<'_>,
    ) -> Option<Pairs> {
        let select = self.subject.query.relation(subquery.relation).select();
        // A group may be there without any row.
        let select = select.filter(|select| select.grouping.is_none())?;
        let mut pairs = match &subquery.kind {
            SubqueryKind::Exists => Vec::new(),
            SubqueryKind::In(values) => {
                let pairs = values.iter().zip(&select.projection);
                let pairs = pairs.map(|(value, given)| reading.pair(value, given, path));
                pairs.collect::<Option<Pairs>>()?
            }
            _ => return None,
        };
        if let Some(filter) = &select.filter {
            pairs.extend(equalities(filter, path, reading));
        }
        Some(pairs)
    }

    /// What the left join compares, after which `x IS NULL` tells that there was no partner.
    fn missed(
        &self,
        conjunct: &Expression,
        path: &[InputId],
        reading: &mut Reading<'_>,
    ) -> Option<Pairs> {
        let Expression::Operation(Operation {
            operator: Operator::IsNull,
            operands,
        }) = conjunct
        else {
            return None;
        };
        let [value] = operands.as_slice() else {
            return None;
        };
        let (Expression::Column { input, .. } | Expression::Output { input, .. }) =
            reading.expanded(value, path)?
        else {
            return None;
        };
        let path = reading.path(input)?.to_vec();
        let (at, on) = path.iter().enumerate().rev().find_map(|(at, input)| {
            let select = self
                .subject
                .query
                .relation(reading.home(*input)?)
                .select()?;
            Some((at, condition_of_padding(select, *input)?))
        })?;
        Some(equalities(on, path.get(..at)?, reading))
    }

    /// Whether it looks into a table that rows are to match, or not to.
    fn looks_into_agreed(&self, own: &Expression, reading: &Reading<'_>) -> bool {
        let mut tables = BTreeSet::new();
        own.for_each(&mut |part| match part {
            Expression::Subquery(subquery) => {
                self.subject.tables_below(subquery.relation, &mut tables, 0);
            }
            Expression::Column { input, .. } | Expression::Output { input, .. } => {
                reading.tables_on_the_way_to(*input, &mut tables);
            }
            _ => {}
        });
        let mut agreed = self.agreed.matching.iter().chain(&self.agreed.unmatched);
        agreed.any(|(other, _)| tables.contains(other))
    }
}

/// Two values that are equal in rows that match.
type Pairs = Vec<(Expression, Expression)>;

/// What the conjuncts of a condition compare.
fn equalities(condition: &Expression, path: &[InputId], reading: &mut Reading<'_>) -> Pairs {
    let mut pairs = Vec::new();
    for conjunct in conjuncts(condition) {
        if let Expression::Operation(operation) = conjunct
            && let (Operator::Equal, [left, right]) =
                (operation.operator, operation.operands.as_slice())
        {
            pairs.extend(reading.pair(left, right, path));
        }
    }
    pairs
}

/// The condition of the outer join that may leave out an input, and nothing else of the select.
fn condition_of_padding(select: &Select, input: InputId) -> Option<&Expression> {
    let mut from = select.from.as_ref()?;
    loop {
        let From::Join(join) = from else {
            return None;
        };
        let on_left = join.left.input(input).is_some();
        let (side, pads) = match on_left {
            true => (&join.left, join.kind == JoinKind::Right),
            false => (&join.right, join.kind == JoinKind::Left),
        };
        match (pads, side) {
            (true, From::Input(_)) => return join.on.as_ref(),
            (true, From::Join(_)) => return None,
            (false, _) => from = side,
        }
    }
}

fn negated(condition: &Expression) -> Option<&Expression> {
    match condition {
        Expression::Operation(not) if not.operator == Operator::Not => not.operands.first(),
        _ => None,
    }
}

fn has_unknown(expression: &Expression) -> bool {
    let mut found = false;
    expression.for_each(&mut |part| {
        found |= match part {
            Expression::Unknown(_) => true,
            Expression::Call(call) => call.function == READS_PART,
            _ => false,
        };
    });
    found
}

fn conjuncts(condition: &Expression) -> Vec<&Expression> {
    match condition {
        Expression::Operation(operation) if operation.operator == Operator::And => {
            operation.operands.iter().flat_map(conjuncts).collect()
        }
        _ => vec![condition],
    }
}
