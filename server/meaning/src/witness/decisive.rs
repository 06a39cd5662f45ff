//! The columns on which an example turns: a condition tests them, or a value that is asked for is computed
//! from them. The others only join or group rows, or are handed on.

use sql::facts::TableRef;
use sql::relation::{
    Body, Expression, InputId, Operator, Query, Relation, RelationId, Select, Source,
};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// Those of the tables that a query reads, where some of its columns are asked for.
pub(super) fn decisive<'q>(
    query: &'q Query,
    asked: &[usize],
) -> BTreeSet<(&'q TableRef, &'q Name)> {
    let inputs = query
        .relations
        .iter()
        .flat_map(|relation| relation.inputs());
    let sources: BTreeMap<InputId, &Source> =
        inputs.map(|input| (input.id, &input.source)).collect();
    let mut reading = Reading {
        query,
        sources,
        found: BTreeSet::new(),
        seen: BTreeSet::new(),
    };
    for relation in &query.relations {
        reading.conditions(relation);
    }
    for position in asked {
        reading.output(query.root, *position, Use::HandedOn);
    }
    reading.found
}

/// What is done with a column.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    /// It is given as it is.
    HandedOn,
    /// Something is tested by it, or computed from it.
    Decides,
}

struct Reading<'q> {
    query: &'q Query,
    sources: BTreeMap<InputId, &'q Source>,
    found: BTreeSet<(&'q TableRef, &'q Name)>,
    seen: BTreeSet<(RelationId, usize, Use)>,
}

impl<'q> Reading<'q> {
    /// What tells which rows a relation has.
    fn conditions(&mut self, relation: &'q Relation) {
        if let Some(select) = relation.select() {
            if let Some(from) = &select.from {
                from.for_each_expression(&mut |condition| self.expression(condition));
            }
            for condition in kept_by(select) {
                self.expression(condition);
            }
        }
        if let Some(limit) = &relation.limit {
            limit.for_each_expression(&mut |condition| self.expression(condition));
            for key in &relation.order {
                self.expression(&key.value);
            }
        }
    }

    /// A column of a relation.
    fn output(&mut self, relation: RelationId, position: usize, used: Use) {
        if !self.seen.insert((relation, position, used)) {
            return;
        }
        match &self.query.relation(relation).body {
            Body::Select(select) => match select.projection.get(position) {
                Some(value) if is_column(value) => self.column(value, used),
                Some(value) => self.expression(value),
                None => {}
            },
            Body::Set(set) => {
                for branch in set.giving() {
                    self.output(branch, position, used);
                }
            }
            Body::Recursive { seed, step, .. } => {
                self.output(*seed, position, used);
                self.output(*step, position, used);
            }
            Body::Values(_) | Body::Unknown { .. } => {}
        }
    }

    /// A condition, or what a value is computed by.
    fn expression(&mut self, expression: &'q Expression) {
        match expression {
            // Two rows that are joined.
            Expression::Operation(operation)
                if matches!(operation.operator, Operator::Equal | Operator::Same)
                    && operation.operands.iter().all(is_column) => {}
            Expression::Operation(operation) if operation.operator == Operator::And => {
                operation
                    .operands
                    .iter()
                    .for_each(|part| self.expression(part));
            }
            _ => expression.for_each(&mut |part| match part {
                Expression::Subquery(subquery) => {
                    let columns = self.query.relation(subquery.relation).columns.len();
                    for position in 0..columns {
                        self.output(subquery.relation, position, Use::HandedOn);
                    }
                }
                part => self.column(part, Use::Decides),
            }),
        }
    }

    /// A column of an input, where it comes from as it is.
    fn column(&mut self, column: &'q Expression, used: Use) {
        let (Expression::Column { input, .. } | Expression::Output { input, .. }) = column else {
            return;
        };
        match (column, self.sources.get(input).copied()) {
            (Expression::Column { name, .. }, Some(Source::Table(table)))
                if used == Use::Decides =>
            {
                self.found.insert((table, name));
            }
            (Expression::Output { position, .. }, Some(Source::Relation(inner))) => {
                self.output(*inner, *position as usize, used);
            }
            _ => {}
        }
    }
}

/// The conditions behind `FROM` that rows and groups must fulfil.
fn kept_by(select: &Select) -> impl Iterator<Item = &Expression> {
    let conditions = [&select.filter, &select.having, &select.qualify];
    conditions.into_iter().flatten()
}

fn is_column(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Column { .. } | Expression::Output { .. }
    )
}
