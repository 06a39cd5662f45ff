//! Where each input of a query stands, what a relation mentions from outside of it, and an order in
//! which relations can be worked out, so that nothing is computed twice or by deep recursion.

mod settle;

pub(super) use settle::{Known, settle};

use sql::relation::{Body, Expression, InputId, Query, Relation, RelationId, Source};
use std::collections::BTreeSet;

/// A query with what is looked up in it again and again.
pub(super) struct Scopes<'q> {
    /// The query.
    pub(super) query: &'q Query,
    /// Every relation, after those that it is computed from, unless it is computed from itself.
    pub(super) order: Vec<RelationId>,
    homes: Vec<Option<(RelationId, &'q Source)>>,
    free: Vec<BTreeSet<&'q Expression>>,
}

impl<'q> Scopes<'q> {
    pub(super) fn new(query: &'q Query) -> Scopes<'q> {
        let mut homes = vec![None; query.inputs as usize];
        for (at, relation) in query.relations.iter().enumerate() {
            for input in relation.inputs() {
                if let Some(home) = homes.get_mut(input.id.0 as usize) {
                    *home = Some((RelationId(at as u32), &input.source));
                }
            }
        }
        let mut scopes = Scopes {
            query,
            order: Vec::new(),
            homes,
            free: Vec::new(),
        };
        let all: Vec<Mentioned> = query.relations.iter().map(Mentioned::by).collect();
        scopes.order = scopes.dependencies_first(&all);
        scopes.free = scopes.mentions_from_outside(&all);
        scopes
    }

    /// The relation whose `FROM` has the input, and what it reads.
    pub(super) fn home(&self, input: InputId) -> Option<(RelationId, &'q Source)> {
        self.homes.get(input.0 as usize).copied().flatten()
    }

    /// The columns that a relation mentions, or a relation within it, of inputs that stand outside.
    pub(super) fn free(&self, relation: RelationId) -> impl Iterator<Item = &'q Expression> {
        let free = self.free.get(relation.0 as usize);
        free.into_iter().flatten().copied()
    }

    fn dependencies_first(&self, all: &[Mentioned<'q>]) -> Vec<RelationId> {
        let count = all.len();
        let mut seen = vec![false; count];
        let mut order = Vec::with_capacity(count);
        for start in 0..count {
            let mut waiting = vec![(RelationId(start as u32), false)];
            while let Some((id, done)) = waiting.pop() {
                if done {
                    order.push(id);
                    continue;
                }
                match seen.get_mut(id.0 as usize) {
                    Some(seen) if !*seen => *seen = true,
                    _ => continue,
                }
                waiting.push((id, true));
                let needs = all.get(id.0 as usize).map(|own| self.needs(own));
                let needs = needs.into_iter().flatten().rev();
                waiting.extend(needs.map(|need| (need, false)));
            }
        }
        order
    }

    /// What a relation is computed from, also through the columns of other relations' inputs.
    fn needs(&self, own: &Mentioned<'q>) -> Vec<RelationId> {
        let mut needs = own.parts.clone();
        for column in &own.columns {
            if let Expression::Output { input, .. } = column
                && let Some((_, Source::Relation(source))) = self.home(*input)
            {
                needs.push(*source);
            }
        }
        needs
    }

    fn mentions_from_outside(&self, all: &[Mentioned<'q>]) -> Vec<BTreeSet<&'q Expression>> {
        let mut free = vec![BTreeSet::new(); all.len()];
        for id in &self.order {
            let Some(own) = all.get(id.0 as usize) else {
                continue;
            };
            let inner = own
                .parts
                .iter()
                .filter_map(|part| free.get(part.0 as usize));
            let mentions = own.columns.iter().chain(inner.flatten()).copied();
            let mentions = mentions.filter(|mention| match mention {
                Expression::Column { input, .. } | Expression::Output { input, .. } => {
                    self.home(*input).is_none_or(|(home, _)| home != *id)
                }
                _ => false,
            });
            let mentions = mentions.collect();
            if let Some(own) = free.get_mut(id.0 as usize) {
                *own = mentions;
            }
        }
        free
    }
}

/// What a relation mentions by itself.
struct Mentioned<'q> {
    /// The relations that stand in it: what it reads, its branches, queries in expressions.
    parts: Vec<RelationId>,
    /// Columns, each once.
    columns: Vec<&'q Expression>,
}

impl<'q> Mentioned<'q> {
    fn by(relation: &'q Relation) -> Mentioned<'q> {
        let mut parts = Vec::new();
        let mut waiting: Vec<&Source> = Vec::new();
        match &relation.body {
            Body::Set(set) => parts.extend([set.left, set.right]),
            Body::Recursive { seed, step, .. } => parts.extend([*seed, *step]),
            Body::Unknown { reads } => waiting.extend(reads),
            Body::Select(_) | Body::Values(_) => {}
        }
        waiting.extend(relation.inputs().iter().map(|input| &input.source));
        while let Some(source) = waiting.pop() {
            match source {
                Source::Relation(relation) => parts.push(*relation),
                Source::Unknown { reads } => waiting.extend(reads),
                Source::Table(_) | Source::Function(_) => {}
            }
        }
        let mut columns = Vec::new();
        relation.for_each_expression(&mut |expression| {
            expression.for_each(&mut |part| match part {
                Expression::Subquery(subquery) => parts.push(subquery.relation),
                _ if is_leaf(part) => columns.push(part),
                _ => {}
            });
        });
        columns.sort_unstable();
        columns.dedup();
        Mentioned { parts, columns }
    }
}

/// The columns in an expression, without those that only a query in it mentions.
pub(super) fn leaves(expression: &Expression) -> Vec<&Expression> {
    let mut leaves = Vec::new();
    expression.for_each(&mut |part| {
        if is_leaf(part) {
            leaves.push(part);
        }
    });
    leaves
}

/// The parts of a condition that all have to be true.
pub(super) fn conjuncts<'e>(
    condition: impl IntoIterator<Item = &'e Expression>,
) -> Vec<&'e Expression> {
    let mut waiting: Vec<&Expression> = condition.into_iter().collect();
    waiting.reverse();
    let mut conjuncts = Vec::new();
    while let Some(next) = waiting.pop() {
        match next {
            Expression::Operation(operation)
                if operation.operator == sql::relation::Operator::And =>
            {
                waiting.extend(operation.operands.iter().rev());
            }
            _ => conjuncts.push(next),
        }
    }
    conjuncts
}

fn is_leaf(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Column { .. } | Expression::Output { .. }
    )
}
