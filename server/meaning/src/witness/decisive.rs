//! The columns on which an example turns: a condition tests them, or a value is computed from them. The others
//! only join rows, or are handed on.

use sql::facts::TableRef;
use sql::relation::{Expression, InputId, Operator, Query, RelationId, Source};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// Those of the tables that a query reads.
pub(super) fn decisive(query: &Query) -> BTreeSet<(&TableRef, &Name)> {
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
        relation.for_each_expression(&mut |expression| reading.expression(expression));
    }
    reading.found
}

struct Reading<'q> {
    query: &'q Query,
    sources: BTreeMap<InputId, &'q Source>,
    found: BTreeSet<(&'q TableRef, &'q Name)>,
    seen: BTreeSet<(RelationId, usize)>,
}

impl<'q> Reading<'q> {
    fn expression(&mut self, expression: &'q Expression) {
        let is_column = |part: &Expression| {
            matches!(part, Expression::Column { .. } | Expression::Output { .. })
        };
        match expression {
            Expression::Operation(operation)
                if matches!(operation.operator, Operator::Equal | Operator::Same)
                    && operation.operands.iter().all(is_column) => {}
            Expression::Operation(operation) if operation.operator == Operator::And => {
                operation
                    .operands
                    .iter()
                    .for_each(|part| self.expression(part));
            }
            _ if is_column(expression) => {}
            _ => expression.for_each(&mut |part| self.column(part)),
        }
    }

    /// A column that decides, where it comes from as it is.
    fn column(&mut self, column: &'q Expression) {
        let (Expression::Column { input, .. } | Expression::Output { input, .. }) = column else {
            return;
        };
        match (column, self.sources.get(input).copied()) {
            (Expression::Column { name, .. }, Some(Source::Table(table))) => {
                self.found.insert((table, name));
            }
            (Expression::Output { position, .. }, Some(Source::Relation(inner))) => {
                let position = *position as usize;
                if self.seen.insert((*inner, position))
                    && let Some(select) = self.query.relation(*inner).select()
                    && let Some(value) = select.projection.get(position)
                {
                    self.column(value);
                }
            }
            _ => {}
        }
    }
}
