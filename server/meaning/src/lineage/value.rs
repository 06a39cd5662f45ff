//! What a value is computed from.

use super::{Confidence, Edge, Graph, TableColumn};
use sql::facts::TableRef;
use sql::relation::{
    Body, Expression, InputId, RelationId, Source, Subquery, SubqueryKind, Unknown, UnknownReason,
};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// A column of a relation: its place among the relation's columns.
pub(super) type Node = (RelationId, usize);

/// What a column is computed from.
#[derive(Debug, Default)]
pub(super) struct Value {
    /// Columns of tables, each with the best confidence of any way to it.
    sources: BTreeMap<TableColumn, Confidence>,
    /// The relations that it comes through, without the one that it belongs to.
    through: BTreeSet<RelationId>,
    /// A part of it is not known.
    pub(super) is_unknown: bool,
    /// An aggregate or window function is on the way.
    pub(super) is_aggregated: bool,
}

/// What the column `node` is computed from.
pub(super) fn value(graph: &Graph<'_>, node: Node) -> Value {
    let mut walk = Walk {
        graph,
        value: Value::default(),
        seen: BTreeSet::new(),
        functions: BTreeSet::new(),
    };
    walk.column(node, Confidence::Exact);
    walk.value.through.remove(&node.0);
    walk.value
}

/// Whether the column `node` is computed from the column `other`.
pub(super) fn passes(graph: &Graph<'_>, node: Node, other: Node) -> bool {
    let mut walk = Walk {
        graph,
        value: Value::default(),
        seen: BTreeSet::new(),
        functions: BTreeSet::new(),
    };
    walk.column(node, Confidence::Exact);
    let mut seen = walk.seen.iter();
    seen.any(|(relation, position, _)| (*relation, *position) == other)
}

impl Value {
    /// The columns of tables, sorted.
    pub(super) fn sources(&self) -> Vec<Edge> {
        let sources = self.sources.iter();
        sources
            .map(|(from, confidence)| Edge {
                from: from.clone(),
                confidence: *confidence,
            })
            .collect()
    }

    /// What decides the rows of the relations that the value comes through.
    pub(super) fn rows(&self, graph: &Graph<'_>) -> Vec<TableColumn> {
        graph.rows_of(&self.through)
    }
}

struct Walk<'g, 'q> {
    graph: &'g Graph<'q>,
    value: Value,
    /// Columns that were looked at, and how sure the way to them was.
    seen: BTreeSet<(RelationId, usize, Confidence)>,
    /// The same for table functions, each of which may be given columns of those before it.
    functions: BTreeSet<(InputId, Confidence)>,
}

impl Walk<'_, '_> {
    fn column(&mut self, node: Node, confidence: Confidence) {
        let (id, position) = node;
        let confidence = if (self.graph.by_macro)(id, position) {
            confidence.max(Confidence::Macro)
        } else {
            confidence
        };
        if !self.seen.insert((id, position, confidence)) {
            return;
        }
        self.value.through.insert(id);
        let relation = self.graph.query.relation(id);
        match &relation.body {
            Body::Select(select) => match select.projection.get(position) {
                Some(expression) => self.expression(expression, confidence),
                None => self.value.is_unknown = true,
            },
            Body::Set(set) => {
                for branch in set.giving() {
                    self.column((branch, position), confidence);
                }
            }
            Body::Values(rows) => {
                for value in rows.iter().filter_map(|row| row.get(position)) {
                    self.expression(value, confidence);
                }
            }
            Body::Recursive { seed, step, .. } => {
                self.column((*seed, position), confidence);
                self.column((*step, position), confidence);
            }
            Body::Unknown { reads } => {
                let name = relation.columns.get(position);
                let name = name.and_then(|column| column.name.clone());
                self.somewhere(reads, name.as_ref());
            }
        }
    }

    fn expression(&mut self, expression: &Expression, confidence: Confidence) {
        match expression {
            Expression::Column { input, name } => match self.graph.source(*input) {
                Some(Source::Table(TableRef::Unknown)) | None => self.value.is_unknown = true,
                Some(Source::Table(table)) => self.found(table, name, confidence),
                Some(Source::Function(call)) => {
                    if self.functions.insert((*input, confidence)) {
                        for argument in &call.arguments {
                            self.expression(argument, confidence);
                        }
                    }
                }
                Some(Source::Unknown { reads }) => self.somewhere(reads, Some(name)),
                Some(Source::Relation(_)) => self.value.is_unknown = true,
            },
            Expression::Output { input, position } => match self.graph.source(*input) {
                Some(Source::Relation(id)) => self.column((*id, *position as usize), confidence),
                _ => self.value.is_unknown = true,
            },
            Expression::Subquery(subquery) => self.subquery(subquery, confidence),
            Expression::Unknown(Unknown { reason, over, .. }) => {
                self.value.is_unknown = true;
                let confidence = match reason {
                    UnknownReason::Ambiguous => Confidence::Unknown,
                    _ => confidence,
                };
                for part in over {
                    self.expression(part, confidence);
                }
            }
            expression => {
                self.value.is_aggregated |=
                    matches!(expression, Expression::Aggregate(_) | Expression::Window(_));
                expression.for_each_part(&mut |part| self.expression(part, confidence));
            }
        }
    }

    fn subquery(&mut self, subquery: &Subquery, confidence: Confidence) {
        let id = subquery.relation;
        self.value.through.insert(id);
        match &subquery.kind {
            SubqueryKind::Exists => return,
            SubqueryKind::In(values) => {
                for value in values {
                    self.expression(value, confidence);
                }
            }
            SubqueryKind::Any(_, value) | SubqueryKind::All(_, value) => {
                self.expression(value, confidence);
            }
            SubqueryKind::Scalar | SubqueryKind::Array => {}
        }
        let width = self.graph.query.relation(id).columns.len();
        for position in 0..width {
            self.column((id, position), confidence);
        }
    }

    fn found(&mut self, table: &TableRef, column: &Name, confidence: Confidence) {
        let from = TableColumn {
            table: table.clone(),
            column: column.clone(),
        };
        let known = self.value.sources.entry(from).or_insert(confidence);
        *known = confidence.min(*known);
    }

    /// A column of that name in any of `reads`.
    fn somewhere(&mut self, reads: &[Source], name: Option<&Name>) {
        self.value.is_unknown = true;
        for source in reads {
            match source {
                Source::Table(TableRef::Unknown) => {}
                Source::Table(table) => {
                    if let Some(name) = name {
                        self.found(table, name, Confidence::Unknown);
                    }
                }
                Source::Relation(id) => {
                    let position =
                        name.and_then(|name| self.graph.query.relation(*id).position(name));
                    match position {
                        Some(position) => self.column((*id, position), Confidence::Unknown),
                        None => self.behind(*id, name),
                    }
                }
                Source::Function(call) => {
                    for argument in &call.arguments {
                        self.expression(argument, Confidence::Unknown);
                    }
                }
                Source::Unknown { reads } => self.somewhere(reads, name),
            }
        }
    }

    /// A column of that name in any table that the relation reads directly.
    fn behind(&mut self, id: RelationId, name: Option<&Name>) {
        if !self.value.through.insert(id) {
            return;
        }
        let inputs = self.graph.query.relation(id).inputs();
        let sources: Vec<Source> = inputs.iter().map(|input| input.source.clone()).collect();
        self.somewhere(&sources, name);
    }
}
