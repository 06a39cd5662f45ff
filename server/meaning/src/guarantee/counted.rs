//! Whether the aggregates of a value may count a row of their table more than once, because a join
//! repeats it before.

use super::once::as_met;
use super::subject::{DEEPEST, Subject};
use crate::derive::{Facts, Grain};
use sql::facts::TableRef;
use sql::relation::{
    Aggregate, Distinct, Expression, InputId, RelationId, Select, Source, SubqueryKind,
};
use std::collections::BTreeSet;

/// Aggregates to which it makes no difference how often a row is there.
const BLIND_TO_REPEATS: &[&str] = &["any_value", "bool_and", "bool_or", "max", "min"];

/// A value whose aggregates are looked at.
pub(super) struct Counting<'a> {
    /// The query that it stands in.
    pub(super) subject: &'a Subject,
    /// The tables whose rows the aggregates are taken over: what repeats these further upstream is no
    /// part of the value.
    pub(super) tables: BTreeSet<&'a TableRef>,
    pub(super) declared: &'a dyn Facts,
}

impl Counting<'_> {
    /// An input of which several rows may meet one that an aggregate of `value` counts; `value` stands in
    /// the `SELECT` of `relation`.
    pub(super) fn repeating(
        &self,
        relation: RelationId,
        value: &Expression,
        depth: usize,
    ) -> Option<InputId> {
        if depth == DEEPEST {
            return None;
        }
        match value {
            Expression::Aggregate(aggregate) => self.in_aggregate(relation, aggregate, depth),
            Expression::Output { input, position } => {
                let (inner, value) = self.handed_on(relation, *input, *position)?;
                self.repeating(inner, value, depth + 1)
            }
            Expression::Subquery(subquery) if subquery.kind == SubqueryKind::Scalar => {
                let inner = self.subject.query.relation(subquery.relation).select()?;
                self.repeating(subquery.relation, inner.projection.first()?, depth + 1)
            }
            _ => {
                let mut found = None;
                value.for_each_part(&mut |part| {
                    found = found.or_else(|| self.repeating(relation, part, depth));
                });
                found
            }
        }
    }

    fn in_aggregate(
        &self,
        relation: RelationId,
        aggregate: &Aggregate,
        depth: usize,
    ) -> Option<InputId> {
        let is_blind = BLIND_TO_REPEATS.contains(&aggregate.function.as_str());
        if is_blind || aggregate.distinct {
            return None;
        }
        let arguments = aggregate.arguments.iter().chain(&aggregate.filter);
        let columns = arguments.flat_map(columns_of).collect();
        let select = self.subject.query.relation(relation).select()?;
        let keys = select.grouping.as_ref().map(|grouping| &grouping.keys);
        self.among(relation, &columns, keys.map_or(&[], Vec::as_slice), depth)
    }

    /// An input that may repeat the rows that have these columns, among those of one group, in `relation`
    /// or where it takes them from.
    fn among(
        &self,
        relation: RelationId,
        columns: &BTreeSet<&Expression>,
        keys: &[Expression],
        depth: usize,
    ) -> Option<InputId> {
        let select = self.subject.query.relation(relation).select()?;
        let counted: BTreeSet<InputId> = columns.iter().filter_map(|own| input_of(own)).collect();
        if counted.is_empty() || depth == DEEPEST {
            return None;
        }
        let way: Vec<(RelationId, InputId)> =
            counted.iter().map(|input| (relation, *input)).collect();
        let met = as_met(&self.subject.query, &way);
        let grain = Grain::new(&met, self.declared);
        let mut there: Vec<InputId> = counted.iter().copied().collect();
        there.extend(self.naming(select, keys, &grain));
        let repeating = grain.repeated_beside(relation, &there, keys)?;
        let beside = repeating.into_iter().find(|other| !there.contains(other));
        beside.or_else(|| {
            counted
                .iter()
                .find_map(|input| self.before(relation, *input, columns, depth))
        })
    }

    /// The same among the rows of an input, where these are handed on as they are.
    fn before(
        &self,
        relation: RelationId,
        input: InputId,
        columns: &BTreeSet<&Expression>,
        depth: usize,
    ) -> Option<InputId> {
        let own = self.subject.query.relation(relation).input(input)?;
        if self.tables.iter().any(|table| self.subject.is(own, table)) {
            return None;
        }
        let Source::Relation(inner) = own.source else {
            return None;
        };
        let inner_relation = self.subject.query.relation(inner);
        let select = inner_relation.select()?;
        let is_as_it_is = select.grouping.is_none()
            && select.qualify.is_none()
            && select.distinct == Distinct::Keep
            && inner_relation.limit.is_none();
        if !is_as_it_is {
            return None;
        }
        let of_input = columns.iter().filter_map(|column| match column {
            Expression::Output {
                input: from,
                position,
            } if *from == input => select.projection.get(*position as usize),
            _ => None,
        });
        let columns_before = of_input.flat_map(columns_of).collect();
        self.among(inner, &columns_before, &[], depth + 1)
    }

    /// The inputs of whose columns the groups are named, and of which no key is known: a group is taken for
    /// one row of them.
    fn naming(&self, select: &Select, keys: &[Expression], grain: &Grain<'_>) -> Vec<InputId> {
        let named: BTreeSet<InputId> = keys
            .iter()
            .flat_map(columns_of)
            .filter_map(input_of)
            .collect();
        let is_keyed = |input: &InputId| match select.input(*input).map(|own| &own.source) {
            Some(Source::Table(table)) => !self.declared.keys(table).is_empty(),
            Some(Source::Relation(inner)) => !grain.keys(*inner).is_empty(),
            _ => true,
        };
        named.into_iter().filter(|input| !is_keyed(input)).collect()
    }

    fn handed_on(
        &self,
        relation: RelationId,
        input: InputId,
        position: u32,
    ) -> Option<(RelationId, &Expression)> {
        let own = self.subject.query.relation(relation).input(input)?;
        let Source::Relation(inner) = own.source else {
            return None;
        };
        let select = self.subject.query.relation(inner).select()?;
        Some((inner, select.projection.get(position as usize)?))
    }
}

/// The columns of inputs that an expression mentions.
fn columns_of(expression: &Expression) -> BTreeSet<&Expression> {
    let mut columns = BTreeSet::new();
    expression.for_each(&mut |part| {
        if input_of(part).is_some() {
            columns.insert(part);
        }
    });
    columns
}

fn input_of(column: &Expression) -> Option<InputId> {
    match column {
        Expression::Column { input, .. } | Expression::Output { input, .. } => Some(*input),
        _ => None,
    }
}
