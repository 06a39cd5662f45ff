//! Which column hands which other one on, unchanged and under its name.

use super::{Columns, Node, Reach, TableId};
use sql::relation::{Body, Expression, RelationId, Source};
use std::collections::{BTreeMap, BTreeSet};

/// Columns, and those that they are under the same name.
#[derive(Debug, Default)]
pub(crate) struct Links {
    up: BTreeMap<Node, Vec<Node>>,
    down: BTreeMap<Node, Vec<Node>>,
    /// The columns of set operations, and those of their branches.
    branches: BTreeMap<Node, Vec<Node>>,
}

impl Links {
    /// The links of a file.
    pub(super) fn new(columns: &Columns<'_>, reach: Reach) -> Links {
        let mut links = Links::default();
        for (statement, lowered) in columns.statements() {
            for (id, relation) in (0..).zip(&lowered.query.relations) {
                for position in 0..relation.columns.len() {
                    let node = Node::Given {
                        statement,
                        relation: RelationId(id),
                        position,
                    };
                    for source in sources(columns, statement, RelationId(id), position) {
                        let name = columns.name(&source);
                        if name.is_none() || name != columns.name(&node) {
                            continue;
                        }
                        if relation.select().is_none() {
                            let branches = links.branches.entry(node.clone());
                            branches.or_default().push(source.clone());
                        }
                        links.add(&node, source);
                    }
                }
            }
            if reach == Reach::File {
                links.add_table(columns, statement);
            }
        }
        links
    }

    /// `nodes`, and the columns that they are under the same name.
    pub(crate) fn upward(&self, nodes: impl IntoIterator<Item = Node>) -> BTreeSet<Node> {
        closure(nodes, &self.up)
    }

    /// `nodes`, and the columns that are one of them under the same name.
    pub(crate) fn downward(&self, nodes: impl IntoIterator<Item = Node>) -> BTreeSet<Node> {
        closure(nodes, &self.down)
    }

    /// The same, but nothing that is only reached through one of `barred`, nor these.
    pub(crate) fn downward_past(
        &self,
        nodes: impl IntoIterator<Item = Node>,
        barred: &BTreeSet<Node>,
    ) -> BTreeSet<Node> {
        let mut seen: BTreeSet<Node> = nodes.into_iter().collect();
        let mut waiting: Vec<Node> = seen.iter().cloned().collect();
        while let Some(node) = waiting.pop() {
            for next in self.down.get(&node).into_iter().flatten() {
                if !barred.contains(next) && seen.insert(next.clone()) {
                    waiting.push(next.clone());
                }
            }
        }
        seen
    }

    /// `nodes`, and where they are of a set operation, those of its branches under the same name.
    pub(crate) fn branches(&self, nodes: impl IntoIterator<Item = Node>) -> BTreeSet<Node> {
        closure(nodes, &self.branches)
    }

    fn add(&mut self, node: &Node, source: Node) {
        self.down
            .entry(source.clone())
            .or_default()
            .push(node.clone());
        self.up.entry(node.clone()).or_default().push(source);
    }

    /// The columns of a table are those of the statement that defines it.
    fn add_table(&mut self, columns: &Columns<'_>, statement: usize) {
        let Some(Some(key)) = columns.tables.get(statement) else {
            return;
        };
        let Some(lowered) = columns.statement(statement) else {
            return;
        };
        for (position, column) in lowered.query.root().columns.iter().enumerate() {
            if let Some(name) = &column.name {
                let output = Node::Given {
                    statement,
                    relation: lowered.query.root,
                    position,
                };
                self.add(
                    &Node::Column(TableId::Known(key.clone()), name.clone()),
                    output,
                );
            }
        }
    }
}

/// The columns that the one at `position` of a relation is, unchanged, whatever they are called.
pub(crate) fn sources(
    columns: &Columns<'_>,
    statement: usize,
    relation: RelationId,
    position: usize,
) -> Vec<Node> {
    let Some(lowered) = columns.statement(statement) else {
        return Vec::new();
    };
    let given = |relation: RelationId| Node::Given {
        statement,
        relation,
        position,
    };
    match &lowered.query.relation(relation).body {
        Body::Select(select) => {
            let value = select.projection.get(position);
            let node = value.and_then(|value| node_of(columns, statement, value));
            node.into_iter().collect()
        }
        Body::Set(set) => vec![given(set.left), given(set.right)],
        Body::Recursive { seed, step, .. } => vec![given(*seed), given(*step)],
        Body::Values(_) | Body::Unknown { .. } => Vec::new(),
    }
}

/// The column that an expression is.
pub(crate) fn node_of(columns: &Columns<'_>, statement: usize, value: &Expression) -> Option<Node> {
    match value {
        Expression::Column { input, name } => match columns.source(statement, *input)? {
            Source::Table(table) => Some(Node::Column(columns.table(table)?, name.clone())),
            Source::Function(_) | Source::Unknown { .. } => Some(Node::Made {
                statement,
                input: *input,
                name: name.clone(),
            }),
            Source::Relation(_) => None,
        },
        Expression::Output { input, position } => match columns.source(statement, *input)? {
            Source::Relation(relation) => Some(Node::Given {
                statement,
                relation: *relation,
                position: *position as usize,
            }),
            _ => None,
        },
        _ => None,
    }
}

fn closure(
    nodes: impl IntoIterator<Item = Node>,
    edges: &BTreeMap<Node, Vec<Node>>,
) -> BTreeSet<Node> {
    let mut seen: BTreeSet<Node> = nodes.into_iter().collect();
    let mut waiting: Vec<Node> = seen.iter().cloned().collect();
    while let Some(node) = waiting.pop() {
        for next in edges.get(&node).into_iter().flatten() {
            if seen.insert(next.clone()) {
                waiting.push(next.clone());
            }
        }
    }
    seen
}
