//! Where SQL gives a name to what only this file knows: columns of CTEs and subqueries, CTEs, aliases.

use super::Target;
use crate::columns::{Columns, Node, Reach};
use index::{File, Snapshot};
use std::collections::BTreeSet;
use syntax::{TextRange, TextSize};

/// Where what is mentioned at `offset` gets its name; a column that comes by a `*`, where that gets it.
pub(super) fn definition(snapshot: &Snapshot, file: &File, offset: TextSize) -> Vec<Target> {
    let Some(columns) = Columns::new(snapshot, file) else {
        return Vec::new();
    };
    for occurrence in columns.at(offset) {
        if occurrence.is_definition {
            continue;
        }
        let own = BTreeSet::from([occurrence.node.clone()]);
        let above = columns.links(Reach::Statement).upward(own.clone());
        for nodes in [own, above] {
            let named = columns.places(&nodes).into_iter();
            let named =
                named.filter(|(range, is_definition)| *is_definition && *range != occurrence.range);
            let targets: Vec<Target> = named
                .map(|(focus, _)| Target {
                    origin: occurrence.range,
                    file: file.id,
                    full: whole(&columns, &nodes, focus).cover(focus),
                    focus,
                })
                .collect();
            if !targets.is_empty() {
                return targets;
            }
        }
    }
    Vec::new()
}

/// The entry of the projection, or the whole CTE, that gets its name at `focus`.
fn whole(columns: &Columns<'_>, nodes: &BTreeSet<Node>, focus: TextRange) -> TextRange {
    let mut wholes = nodes.iter().filter_map(|node| match node {
        Node::Given {
            statement,
            relation,
            position,
        } => {
            let places = &columns.statement(*statement)?.places;
            let place = places.relation(*relation)?.columns.get(*position)?;
            (place.name == focus).then_some(place.item)
        }
        Node::Cte {
            statement,
            relation,
        } => {
            let places = &columns.statement(*statement)?.places;
            let place = places.relation(*relation)?;
            (place.name == focus).then_some(place.range)
        }
        _ => None,
    });
    wholes.next().unwrap_or(focus)
}
