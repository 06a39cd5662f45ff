//! How a column is computed.

use super::Graph;
use super::value::{Node, Value};
use sql::facts::TableRef;
use sql::relation::{Body, Expression, SetOperator, Source};
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

/// Ways through relations are followed this far.
const DEPTH: usize = 1_000;

/// How the column `node`, called `name`, is computed. `value` is what it is computed from.
pub(super) fn kind(graph: &Graph<'_>, node: Node, name: Option<&Name>, value: &Value) -> Kind {
    if value.is_unknown {
        return Kind::Unknown;
    }
    if let Some((_, column)) = plain(graph, node, DEPTH) {
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

/// The column of a table that it is, with nothing done to it on the way.
fn plain(graph: &Graph<'_>, (id, position): Node, depth: usize) -> Option<(TableRef, Name)> {
    let depth = depth.checked_sub(1)?;
    match &graph.query.relation(id).body {
        Body::Select(select) => match select.projection.get(position)? {
            Expression::Column { input, name } => match graph.source(*input)? {
                Source::Table(TableRef::Unknown) => None,
                Source::Table(table) => Some((table.clone(), name.clone())),
                Source::Relation(_) | Source::Function(_) | Source::Unknown { .. } => None,
            },
            Expression::Output { input, position } => match graph.source(*input)? {
                Source::Relation(id) => plain(graph, (*id, *position as usize), depth),
                _ => None,
            },
            _ => None,
        },
        // Branches may take it from different tables; under one name it is still that column.
        Body::Set(set) if set.operator == SetOperator::Union => {
            let left = plain(graph, (set.left, position), depth)?;
            let right = plain(graph, (set.right, position), depth)?;
            (left.1 == right.1).then_some(left)
        }
        Body::Set(set) => plain(graph, (set.left, position), depth),
        Body::Values(_) | Body::Recursive { .. } | Body::Unknown { .. } => None,
    }
}
