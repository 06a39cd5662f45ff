//! What each row of a relation is told from: its keys, and which joins may repeat rows.
//!
//! Both follow from functional dependencies: of rows that stand together, what is told from what.
//! `NULL` breaks no key, as it breaks none that is declared: rows with a `NULL` in a key do not count.

mod condition;
mod dependency;
mod from;
mod key;
mod select;

use super::facts::Facts;
use super::scope::Scopes;
use dependency::Closure;
use from::Reading;
use key::all_positions;
use sql::relation::{
    Body, Expression, InputId, JoinKind, Limit, Literal, Query, RelationId, SetOperator,
};
use std::borrow::Cow;
use syntax::Name;

/// The keys of a relation: sets of positions of which no two rows have equal values, each as small
/// as can be, the shortest first. One without positions: there is at most one row. None: none is
/// known. Inside of a query around it, that is for each row of that query.
///
/// Who asks for several relations of a query asks [`Grain`].
pub fn grain(query: &Query, relation: RelationId, facts: &dyn Facts) -> Vec<Vec<usize>> {
    Grain::new(query, facts).keys(relation).to_vec()
}

/// The joins of a relation in which a row of one side is not known to have at most one partner on
/// the other side, from left to right.
pub fn fan_out(query: &Query, relation: RelationId, facts: &dyn Facts) -> Vec<FanOut> {
    Grain::new(query, facts).fan_out(relation)
}

/// The inputs of a relation of which a row of `input` is not known to meet at most one row: they may
/// repeat it, before grouping. `None` where `input` is none of the relation's own whose columns it
/// can give.
pub fn repeated_by(
    query: &Query,
    relation: RelationId,
    input: InputId,
    facts: &dyn Facts,
) -> Option<Vec<InputId>> {
    Grain::new(query, facts).repeated_by(relation, input)
}

/// A join that may repeat rows of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FanOut {
    /// Which kind of join.
    pub kind: JoinKind,
    /// The inputs of the side whose rows may be repeated.
    pub repeated: Vec<InputId>,
    /// The inputs of the side that is not known to be unique on what the join compares.
    pub by: Vec<InputId>,
}

/// The keys of all relations of a query.
pub struct Grain<'q> {
    scopes: Scopes<'q>,
    facts: &'q dyn Facts,
    keys: Vec<Vec<Vec<usize>>>,
}

impl<'q> Grain<'q> {
    /// Works out the keys of all relations of `query`.
    pub fn new(query: &'q Query, facts: &'q dyn Facts) -> Grain<'q> {
        let scopes = Scopes::new(query);
        let order = scopes.order.clone();
        let mut grain = Grain {
            scopes,
            facts,
            keys: vec![Vec::new(); query.relations.len()],
        };
        for id in order {
            let keys = grain.derived(id);
            if let Some(place) = grain.keys.get_mut(id.0 as usize) {
                *place = keys;
            }
        }
        grain
    }

    /// The keys of a relation, as [`grain`] gives them.
    pub fn keys(&self, relation: RelationId) -> &[Vec<usize>] {
        let keys = self.keys.get(relation.0 as usize);
        keys.map(Vec::as_slice).unwrap_or_default()
    }

    /// The joins of a relation that may repeat rows, as [`fan_out`] gives them.
    pub fn fan_out(&self, relation: RelationId) -> Vec<FanOut> {
        let Some(select) = self.scopes.query.relation(relation).select() else {
            return Vec::new();
        };
        let mut reading = Reading::of(self, select);
        reading.records_fan_out = true;
        reading.rows(select);
        reading.fan_out
    }

    /// The inputs that may repeat the rows of `input`, as [`repeated_by`] gives them.
    pub fn repeated_by(&self, relation: RelationId, input: InputId) -> Option<Vec<InputId>> {
        self.repeated_beside(relation, &[input], &[])
    }

    /// The inputs of a relation of which several rows may stand beside one row of each of `inputs`, among
    /// rows in which `values` are the same. `None` where the relation can't give the columns of one.
    pub fn repeated_beside(
        &self,
        relation: RelationId,
        inputs: &[InputId],
        values: &[Expression],
    ) -> Option<Vec<InputId>> {
        let select = self.scopes.query.relation(relation).select()?;
        let mut reading = Reading::of(self, select);
        let rules = reading.rows(select);
        let visible = reading.visible(select);
        if !inputs.iter().all(|input| visible.contains(input)) {
            return None;
        }
        let values = values.iter().map(|value| Cow::Owned(value.clone()));
        let mut start: Vec<_> = values.map(|value| reading.terms.value(value)).collect();
        start.extend(inputs.iter().map(|input| reading.terms.row(*input)));
        let found = Closure::of(&reading.terms, &[&rules]).from(start);
        let rows = visible.into_iter();
        let repeats = rows.filter(|other| {
            let row = reading.terms.row(*other);
            !found.get(row).copied().unwrap_or_default()
        });
        Some(repeats.collect())
    }

    fn derived(&self, id: RelationId) -> Vec<Vec<usize>> {
        let relation = self.scopes.query.relation(id);
        if relation.limit.as_ref().is_some_and(is_at_most_one) {
            return vec![Vec::new()];
        }
        let all = || all_positions(relation);
        let keys = match &relation.body {
            Body::Select(select) => self.select(relation, select),
            Body::Set(set) => {
                let mut keys = match set.operator {
                    SetOperator::Union => Vec::new(),
                    // Rows of the left branch.
                    SetOperator::Except => self.keys(set.left).to_vec(),
                    SetOperator::Intersect if set.all => self.keys(set.left).to_vec(),
                    // Rows of both.
                    SetOperator::Intersect => [self.keys(set.left), self.keys(set.right)].concat(),
                };
                if !set.all {
                    keys.extend(all());
                }
                keys
            }
            Body::Recursive { distinct, .. } if *distinct => all().into_iter().collect(),
            Body::Values(rows) if rows.len() == 1 => vec![Vec::new()],
            Body::Recursive { .. } | Body::Values(_) | Body::Unknown { .. } => Vec::new(),
        };
        key::smallest([keys, self.declared(id)].concat())
    }

    /// The keys that are declared of the table that a relation stands for.
    fn declared(&self, id: RelationId) -> Vec<Vec<usize>> {
        let Some(table) = self.facts.stands_for(id) else {
            return Vec::new();
        };
        let relation = self.scopes.query.relation(id);
        let keys = self.facts.keys(table).into_iter();
        let positions = |key: Vec<Name>| key.iter().map(|name| relation.position(name)).collect();
        keys.filter_map(positions).collect()
    }
}

fn is_at_most_one(limit: &Limit) -> bool {
    let is_one = |count: &Expression| matches!(count, Expression::Literal(Literal::Number(written)) if written == "1" || written == "0");
    !limit.unknown && limit.count.as_ref().is_some_and(is_one)
}
