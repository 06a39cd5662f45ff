//! What an edit of a query can change of what it gives, told by a comparison of the two: which columns
//! may have other values, where the rows and all other columns certainly are what they were.
//!
//! Nothing is evaluated or proved here, so it is cheap: it is asked after every keystroke, to leave alone
//! what reads none of these columns.

use sql::functions::{FunctionKind, function};
use sql::relation::{
    Body, Distinct, Expression, InputId, Query, Relation, RelationId, Select, SetOperator, Source,
};
use std::collections::{BTreeSet, HashMap};
use syntax::Name;

/// The positions of the columns that may have other values; `None` where the rows may be others too, or
/// the query reads other columns of tables than before.
pub fn changed_values(was: &Query, now: &Query) -> Option<BTreeSet<usize>> {
    let frame = |query: &Query| (query.root, query.inputs, query.relations.len());
    if frame(was) != frame(now) || was.rest != now.rest {
        return None;
    }
    let mut marked: Marked = BTreeSet::new();
    for (id, (was, now)) in (0..).zip(was.relations.iter().zip(&now.relations)) {
        if was != now {
            let positions = changed_positions(was, now)?;
            marked.extend(
                positions
                    .into_iter()
                    .map(|position| (RelationId(id), position)),
            );
        }
    }
    Spread::new(now).spread(&mut marked)?;
    let of_root = marked.into_iter().filter(|(id, _)| *id == now.root);
    Some(of_root.map(|(_, position)| position).collect())
}

/// Columns of relations.
type Marked = BTreeSet<(RelationId, usize)>;

/// The positions at which the projections differ; `None` where anything else does.
fn changed_positions(was: &Relation, now: &Relation) -> Option<Vec<usize>> {
    let (Body::Select(old), Body::Select(new)) = (&was.body, &now.body) else {
        return None;
    };
    let is_framed_alike = (&was.columns, was.open, &was.order, &was.limit)
        == (&now.columns, now.open, &now.order, &now.limit)
        && is_same_but_for_values(old, new);
    if !is_framed_alike {
        return None;
    }
    let values = old.projection.iter().zip(&new.projection).enumerate();
    let differing = values.filter(|(_, (old, new))| old != new);
    differing
        .map(|(position, (old, new))| {
            let is_like =
                gives_one_value(old) && gives_one_value(new) && columns(old) == columns(new);
            is_like.then_some(position)
        })
        .collect()
}

fn is_same_but_for_values(was: &Select, now: &Select) -> bool {
    was.projection.len() == now.projection.len()
        && was.from == now.from
        && was.filter == now.filter
        && was.grouping == now.grouping
        && was.having == now.having
        && was.qualify == now.qualify
        && was.distinct == now.distinct
}

/// Whether an expression certainly gives one value for each row: no function in it may give several rows.
fn gives_one_value(expression: &Expression) -> bool {
    let mut only = true;
    expression.for_each(&mut |part| {
        only &= match part {
            Expression::Call(call) => {
                function(&call.function).is_some_and(|of| of.kind == FunctionKind::Scalar)
            }
            Expression::Subquery(_) | Expression::Unknown(_) => false,
            _ => true,
        };
    });
    only
}

/// The columns of tables that an expression mentions.
fn columns(expression: &Expression) -> BTreeSet<(InputId, &Name)> {
    let mut found = BTreeSet::new();
    expression.for_each(&mut |part| {
        if let Expression::Column { input, name } = part {
            found.insert((*input, name));
        }
    });
    found
}

/// How columns are handed on within a query.
struct Spread<'q> {
    query: &'q Query,
    sources: HashMap<InputId, &'q Source>,
}

impl<'q> Spread<'q> {
    fn new(query: &'q Query) -> Spread<'q> {
        let inputs = query.relations.iter().flat_map(Relation::inputs);
        let sources = inputs.map(|input| (input.id, &input.source));
        Spread {
            query,
            sources: sources.collect(),
        }
    }

    /// Marks every column that is computed from a marked one; `None` where one decides rows.
    fn spread(&self, marked: &mut Marked) -> Option<()> {
        loop {
            let before = marked.len();
            for (id, relation) in (0..).zip(&self.query.relations) {
                let id = RelationId(id);
                for position in self.reached(id, relation, marked)? {
                    marked.insert((id, position));
                }
            }
            if marked.len() == before {
                return Some(());
            }
        }
    }

    /// The columns of a relation that are computed from marked ones.
    fn reached(&self, id: RelationId, relation: &Relation, marked: &Marked) -> Option<Vec<usize>> {
        let is_any = |of: RelationId| is_any_of(of, marked);
        match &relation.body {
            Body::Select(select) => {
                let values = select.projection.iter().enumerate();
                let reached = values.filter(|(_, value)| self.mentions(value, marked));
                let reached: Vec<usize> = reached.map(|(position, _)| position).collect();
                let is_compared =
                    select.distinct == Distinct::All && (is_any(id) || !reached.is_empty());
                let decides = is_compared || self.decides(relation, select, marked);
                (!decides).then_some(reached)
            }
            Body::Set(set) if set.operator == SetOperator::Union && set.all => {
                let branches = [set.left, set.right];
                let of_branches = marked.iter().filter(|(of, _)| branches.contains(of));
                Some(of_branches.map(|(_, position)| *position).collect())
            }
            Body::Set(set) => (!is_any(set.left) && !is_any(set.right)).then(Vec::new),
            Body::Recursive { seed, step, .. } => (!is_any(*seed) && !is_any(*step)).then(Vec::new),
            Body::Values(_) => Some(Vec::new()),
            Body::Unknown { reads } => {
                (!reads.iter().any(|of| reads_any(of, marked))).then(Vec::new)
            }
        }
    }

    /// Whether a marked column decides which rows a select gives.
    fn decides(&self, relation: &Relation, select: &Select, marked: &Marked) -> bool {
        let mut decides = false;
        let mut look = |expression: &Expression| decides |= self.mentions(expression, marked);
        if let Some(from) = &select.from {
            from.for_each_expression(&mut |expression| look(expression));
        }
        select.filter.iter().for_each(&mut look);
        let grouping = select.grouping.iter();
        grouping
            .flat_map(|grouping| &grouping.keys)
            .for_each(&mut look);
        select.having.iter().for_each(&mut look);
        select.qualify.iter().for_each(&mut look);
        if let Distinct::On(keys) = &select.distinct {
            keys.iter().for_each(&mut look);
        }
        if let Some(limit) = &relation.limit {
            limit.for_each_expression(&mut |expression| look(expression));
        }
        relation.order.iter().for_each(|key| look(&key.value));
        let mut unknown = select
            .inputs()
            .into_iter()
            .filter(|input| matches!(input.source, Source::Unknown { .. }));
        decides || unknown.any(|input| reads_any(&input.source, marked))
    }

    /// Whether an expression mentions a marked column.
    fn mentions(&self, expression: &Expression, marked: &Marked) -> bool {
        let mut found = false;
        expression.for_each(&mut |part| match part {
            Expression::Output { input, position } => {
                if let Some(Source::Relation(of)) = self.sources.get(input) {
                    found |= marked.contains(&(*of, *position as usize));
                }
            }
            Expression::Subquery(subquery) => found |= is_any_of(subquery.relation, marked),
            _ => {}
        });
        found
    }
}

fn is_any_of(relation: RelationId, marked: &Marked) -> bool {
    let mut own = marked.range((relation, 0)..=(relation, usize::MAX));
    own.next().is_some()
}

/// Whether something that is not understood reads a relation with a marked column.
fn reads_any(source: &Source, marked: &Marked) -> bool {
    match source {
        Source::Relation(of) => is_any_of(*of, marked),
        Source::Unknown { reads } => reads.iter().any(|source| reads_any(source, marked)),
        Source::Table(_) | Source::Function(_) => false,
    }
}

#[cfg(test)]
mod tests;
