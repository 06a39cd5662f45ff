//! Which columns of which relations play a part in some columns of a query, and which relations mention
//! inputs of the queries around them.

use sql::relation::{
    Body, Distinct, Expression, InputId, Query, Relation, RelationId, SetOperator, Source,
    SubqueryKind,
};
use std::collections::BTreeSet;

/// What some columns of a query are computed from.
#[derive(Clone, Debug)]
pub(crate) struct Needed {
    /// For each relation the positions of the columns that are needed; `None` where it is not reached.
    columns: Vec<Option<BTreeSet<usize>>>,
    /// For each relation whether it mentions inputs of the queries around it.
    correlated: Vec<bool>,
}

impl Needed {
    /// What those columns of the query are computed from, and its rows.
    pub(crate) fn of(query: &Query, positions: &[usize]) -> Needed {
        let mut finder = Finder {
            query,
            relations_of_inputs: relations_of_inputs(query),
            columns: vec![None; query.relations.len()],
            left: Vec::new(),
        };
        finder.reach(query.root);
        for position in positions {
            finder.need(query.root, *position);
        }
        finder.finish();
        Needed {
            correlated: correlated(query),
            columns: finder.columns,
        }
    }

    /// Whether the relation is read at all.
    pub(crate) fn reaches(&self, relation: RelationId) -> bool {
        self.columns
            .get(relation.0 as usize)
            .is_some_and(Option::is_some)
    }

    /// Whether the column plays a part.
    pub(crate) fn uses(&self, relation: RelationId, position: usize) -> bool {
        matches!(self.columns.get(relation.0 as usize), Some(Some(used)) if used.contains(&position))
    }

    /// Whether any column plays a part.
    pub(crate) fn uses_any(&self, relation: RelationId) -> bool {
        matches!(self.columns.get(relation.0 as usize), Some(Some(used)) if !used.is_empty())
    }

    /// Whether the relation mentions inputs of the queries around it.
    pub(crate) fn is_correlated(&self, relation: RelationId) -> bool {
        self.correlated
            .get(relation.0 as usize)
            .copied()
            .unwrap_or(true)
    }
}

/// All expressions of a relation itself that play a part where those columns are needed.
pub(crate) fn expressions<'q>(
    relation: &'q Relation,
    uses: &dyn Fn(usize) -> bool,
) -> Vec<&'q Expression> {
    let mut found = Vec::new();
    let mut ordered = relation.limit.is_some();
    match &relation.body {
        Body::Select(select) => {
            let used = select.projection.iter().enumerate();
            found.extend(
                used.filter(|(position, _)| uses(*position))
                    .map(|(_, value)| value),
            );
            if let Some(from) = &select.from {
                from.for_each_expression(&mut |part| found.push(part));
            }
            found.extend(&select.filter);
            found.extend(select.grouping.iter().flat_map(|grouping| &grouping.keys));
            found.extend(&select.having);
            found.extend(&select.qualify);
            if let Distinct::On(keys) = &select.distinct {
                ordered = true;
                found.extend(keys);
            }
        }
        Body::Values(rows) => found.extend(rows.iter().flatten()),
        Body::Set(_) | Body::Recursive { .. } | Body::Unknown { .. } => {}
    }
    if ordered {
        found.extend(relation.order.iter().map(|key| &key.value));
    }
    if let Some(limit) = &relation.limit {
        limit.for_each_expression(&mut |part| found.push(part));
    }
    found
}

/// The relation that each input reads, where it reads one.
pub(crate) fn relations_of_inputs(query: &Query) -> Vec<Option<RelationId>> {
    let mut found = vec![None; query.inputs as usize];
    for input in query.relations.iter().flat_map(Relation::inputs) {
        if let (Source::Relation(relation), Some(place)) =
            (&input.source, found.get_mut(input.id.0 as usize))
        {
            *place = Some(*relation);
        }
    }
    found
}

/// The relations that a relation reads, other than by subqueries in its expressions.
fn children(relation: &Relation) -> Vec<RelationId> {
    match &relation.body {
        Body::Select(select) => {
            let inputs = select.inputs().into_iter();
            inputs
                .filter_map(|input| match &input.source {
                    Source::Relation(id) => Some(*id),
                    _ => None,
                })
                .collect()
        }
        Body::Set(set) => vec![set.left, set.right],
        Body::Recursive { seed, step, .. } => vec![*seed, *step],
        Body::Values(_) | Body::Unknown { .. } => Vec::new(),
    }
}

struct Finder<'q> {
    query: &'q Query,
    relations_of_inputs: Vec<Option<RelationId>>,
    columns: Vec<Option<BTreeSet<usize>>>,
    /// What was found to be needed, and is to be gone into: a column, or what decides the rows.
    left: Vec<(RelationId, Option<usize>)>,
}

impl<'q> Finder<'q> {
    fn reach(&mut self, relation: RelationId) {
        if let Some(place @ None) = self.columns.get_mut(relation.0 as usize) {
            *place = Some(BTreeSet::new());
            self.left.push((relation, None));
        }
    }

    fn need(&mut self, relation: RelationId, position: usize) {
        self.reach(relation);
        if let Some(Some(used)) = self.columns.get_mut(relation.0 as usize)
            && used.insert(position)
        {
            self.left.push((relation, Some(position)));
        }
    }

    fn need_all(&mut self, relation: RelationId) {
        for position in 0..self.query.relation(relation).columns.len() {
            self.need(relation, position);
        }
    }

    fn finish(&mut self) {
        while let Some((id, position)) = self.left.pop() {
            let relation = self.query.relation(id);
            match position {
                None => self.rows(id, relation),
                Some(position) => self.column(relation, position),
            }
        }
    }

    fn column(&mut self, relation: &'q Relation, position: usize) {
        match &relation.body {
            Body::Select(select) => {
                if let Some(value) = select.projection.get(position) {
                    self.expression(value);
                }
            }
            Body::Set(set) => {
                self.need(set.left, position);
                self.need(set.right, position);
            }
            Body::Recursive { seed, step, .. } => {
                self.need(*seed, position);
                self.need(*step, position);
            }
            Body::Values(_) | Body::Unknown { .. } => {}
        }
    }

    fn rows(&mut self, id: RelationId, relation: &'q Relation) {
        for expression in expressions(relation, &|_| false) {
            self.expression(expression);
        }
        for child in children(relation) {
            self.reach(child);
        }
        let drops_equal_rows = match &relation.body {
            Body::Select(select) => select.distinct == Distinct::All,
            Body::Set(set) => !(set.operator == SetOperator::Union && set.all),
            Body::Recursive { distinct, .. } => *distinct,
            Body::Values(_) | Body::Unknown { .. } => false,
        };
        if drops_equal_rows {
            self.need_all(id);
        }
    }

    fn expression(&mut self, expression: &'q Expression) {
        expression.for_each(&mut |part| match part {
            Expression::Output { input, position } => {
                let read = self
                    .relations_of_inputs
                    .get(input.0 as usize)
                    .copied()
                    .flatten();
                if let Some(relation) = read {
                    self.need(relation, *position as usize);
                }
            }
            Expression::Subquery(subquery) => {
                self.reach(subquery.relation);
                if subquery.kind != SubqueryKind::Exists {
                    self.need_all(subquery.relation);
                }
            }
            _ => {}
        });
    }
}

fn correlated(query: &Query) -> Vec<bool> {
    let mut free: Vec<BTreeSet<InputId>> = vec![BTreeSet::new(); query.relations.len()];
    loop {
        let mut changed = false;
        for (position, relation) in query.relations.iter().enumerate() {
            let mut mentioned = BTreeSet::new();
            let mut read = children(relation);
            for expression in expressions(relation, &|_| true) {
                expression.for_each(&mut |part| match part {
                    Expression::Column { input, .. } | Expression::Output { input, .. } => {
                        mentioned.insert(*input);
                    }
                    Expression::Subquery(subquery) => read.push(subquery.relation),
                    _ => {}
                });
            }
            for key in &relation.order {
                key.value.for_each(&mut |part| {
                    if let Expression::Subquery(subquery) = part {
                        read.push(subquery.relation);
                    }
                });
            }
            for child in read {
                mentioned.extend(free.get(child.0 as usize).into_iter().flatten());
            }
            for input in relation.inputs() {
                mentioned.remove(&input.id);
            }
            if let Some(known) = free.get_mut(position)
                && known.len() != mentioned.len()
            {
                *known = mentioned;
                changed = true;
            }
        }
        if !changed {
            return free.iter().map(|inputs| !inputs.is_empty()).collect();
        }
    }
}
