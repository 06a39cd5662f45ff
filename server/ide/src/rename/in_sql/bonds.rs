//! Columns that can't have different names: what a `*` hands on, and a set operation and its first
//! branch.

use crate::columns::links::sources;
use crate::columns::occurrences::is_name;
use crate::columns::{Columns, Node};
use sql::lower::Lowered;
use sql::relation::{Body, RelationId};
use std::collections::{BTreeMap, BTreeSet};
use syntax::Name;

/// Columns of one name, and which of them are bound to each other.
#[derive(Debug, Default)]
pub(super) struct Bonds {
    bound: BTreeMap<Node, Vec<Node>>,
}

impl Bonds {
    /// Of the columns of a file that are called `name`.
    pub(super) fn new(columns: &Columns<'_>, name: &Name) -> Bonds {
        let mut bonds = Bonds::default();
        for (statement, lowered) in columns.statements() {
            for (id, relation) in (0..).zip(&lowered.query.relations) {
                let id = RelationId(id);
                for (position, column) in relation.columns.iter().enumerate() {
                    if column.name.as_ref() != Some(name) {
                        continue;
                    }
                    let node = Node::Given {
                        statement,
                        relation: id,
                        position,
                    };
                    bonds.bound.entry(node.clone()).or_default();
                    for source in sources(columns, statement, id, position) {
                        bonds.bound.entry(source).or_default();
                    }
                    for source in bound(columns, statement, lowered, id, position) {
                        if columns.name(&source) == Some(name) {
                            bonds.bind(node.clone(), source);
                        }
                    }
                }
            }
        }
        bonds
            .bound
            .retain(|node, _| columns.name(node) == Some(name));
        bonds
    }

    /// `nodes`, and what is bound to them.
    pub(super) fn closure(&self, nodes: impl IntoIterator<Item = Node>) -> BTreeSet<Node> {
        let mut seen: BTreeSet<Node> = nodes.into_iter().collect();
        let mut waiting: Vec<Node> = seen.iter().cloned().collect();
        while let Some(node) = waiting.pop() {
            for next in self.bound.get(&node).into_iter().flatten() {
                if seen.insert(next.clone()) {
                    waiting.push(next.clone());
                }
            }
        }
        seen
    }

    /// Those at the root of a statement, in a set operation or a branch of one, and what is bound to them.
    pub(super) fn anchored(&self, columns: &Columns<'_>) -> BTreeSet<Node> {
        let is_anchor = |node: &&Node| columns.is_root(node) || columns.is_of_set(node);
        self.closure(self.nodes().filter(is_anchor).cloned())
    }

    /// All columns of the name.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.bound.keys()
    }

    fn bind(&mut self, one: Node, other: Node) {
        let behind = self.bound.entry(one.clone()).or_default();
        behind.push(other.clone());
        self.bound.entry(other).or_default().push(one);
    }
}

/// The columns that the one at `position` has its name from.
fn bound(
    columns: &Columns<'_>,
    statement: usize,
    lowered: &Lowered,
    relation: RelationId,
    position: usize,
) -> Vec<Node> {
    let places = lowered.places.relation(relation);
    let place = places.and_then(|places| places.columns.get(position));
    let branch = match &lowered.query.relation(relation).body {
        Body::Set(set) => Some(set.left),
        Body::Recursive { seed, .. } => Some(*seed),
        _ => None,
    };
    if let Some(branch) = branch {
        let of_branch = lowered.places.relation(branch);
        let of_branch = of_branch.and_then(|places| places.columns.get(position));
        // A list of names behind that of the CTE names them itself.
        let has_own = match (place, of_branch) {
            (Some(place), Some(of_branch)) => place.name != of_branch.name,
            _ => false,
        };
        let node = Node::Given {
            statement,
            relation: branch,
            position,
        };
        return if has_own { Vec::new() } else { vec![node] };
    }
    let name = lowered.query.relation(relation).columns.get(position);
    let name = name.and_then(|column| column.name.as_ref());
    let is_written = place
        .zip(name)
        .is_some_and(|(place, name)| is_name(columns.slice(place.name), name));
    match is_written {
        true => Vec::new(),
        false => sources(columns, statement, relation, position),
    }
}

impl Columns<'_> {
    /// Whether a column is one of a statement's root.
    pub(in crate::rename) fn is_root(&self, node: &Node) -> bool {
        match node {
            Node::Given {
                statement,
                relation,
                ..
            } => self
                .statement(*statement)
                .is_some_and(|lowered| lowered.query.root == *relation),
            _ => false,
        }
    }

    /// The table that a statement makes, of a column of its root.
    pub(in crate::rename) fn table_of_root(&self, node: &Node) -> Option<index::TableKey> {
        let Node::Given { statement, .. } = node else {
            return None;
        };
        let is_root = self.is_root(node);
        self.tables.get(*statement)?.clone().filter(|_| is_root)
    }

    /// Whether a column is one of a set operation, or of a branch of one.
    fn is_of_set(&self, node: &Node) -> bool {
        let Node::Given {
            statement,
            relation,
            ..
        } = node
        else {
            return false;
        };
        let Some(lowered) = self.statement(*statement) else {
            return false;
        };
        let mut bodies = (0..).zip(&lowered.query.relations);
        bodies.any(|(id, body)| match &body.body {
            Body::Set(set) => [RelationId(id), set.left, set.right].contains(relation),
            Body::Recursive { seed, step, .. } => [RelationId(id), *seed, *step].contains(relation),
            _ => false,
        })
    }

    /// A column, and those that can't have another name than it.
    pub(in crate::rename) fn bound_to(&self, node: &Node) -> BTreeSet<Node> {
        match self.name(node) {
            Some(name) => Bonds::new(self, name).closure([node.clone()]),
            None => BTreeSet::new(),
        }
    }

    /// The file's path as people see it.
    pub(in crate::rename) fn display_path(&self) -> String {
        self.snapshot.display_path(&self.file.path)
    }
}
