//! How a column is computed.

use super::Graph;
use super::value::{Node, Value};
use sql::facts::TableRef;
use sql::relation::{Body, Expression, SetOperator, Source};
use std::collections::BTreeSet;
use syntax::Name;

/// How a column is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It is a column of a table, under its own name.
    Unchanged,
    /// It is a column of a table, under another name.
    Renamed,
    /// It is computed from the columns of one row.
    Derived,
    /// It is computed from several rows, by an aggregate or a window function.
    Aggregated,
    /// It is computed from no column.
    Constant,
    /// A part of it is not known.
    Unknown,
}

/// How the column `node`, called `name`, is computed. `value` is what it is computed from.
pub(super) fn kind(graph: &Graph<'_>, node: Node, name: Option<&Name>, value: &Value) -> Kind {
    if value.is_unknown {
        return Kind::Unknown;
    }
    if let Some(column) = plain(graph, node) {
        return if Some(&column) == name {
            Kind::Unchanged
        } else {
            Kind::Renamed
        };
    }
    if value.is_aggregated {
        Kind::Aggregated
    } else if value.sources().is_empty() {
        Kind::Constant
    } else {
        Kind::Derived
    }
}

/// The name of the column of a table that it is, with nothing done to it on the way. Each way through
/// the relations is gone once, however often they are mentioned.
fn plain(graph: &Graph<'_>, node: Node) -> Option<Name> {
    let mut found = None;
    let mut seen = BTreeSet::new();
    let mut waiting = vec![node];
    while let Some((id, position)) = waiting.pop() {
        if !seen.insert((id, position)) {
            continue;
        }
        match &graph.query.relation(id).body {
            Body::Select(select) => match select.projection.get(position)? {
                Expression::Column { input, name } => match graph.source(*input)? {
                    Source::Table(TableRef::Unknown) => return None,
                    Source::Table(_) => {
                        if found.get_or_insert(name) != &name {
                            return None;
                        }
                    }
                    Source::Relation(_) | Source::Function(_) | Source::Unknown { .. } => {
                        return None;
                    }
                },
                Expression::Output { input, position } => match graph.source(*input)? {
                    Source::Relation(id) => waiting.push((*id, *position as usize)),
                    _ => return None,
                },
                _ => return None,
            },
            // Branches may take it from different tables; under one name it is still that column.
            Body::Set(set) => {
                waiting.push((set.left, position));
                if set.operator == SetOperator::Union {
                    waiting.push((set.right, position));
                }
            }
            Body::Values(_) | Body::Recursive { .. } | Body::Unknown { .. } => return None,
        }
    }
    found.cloned()
}
