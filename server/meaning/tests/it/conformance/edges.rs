//! Edges from column to column through all statements of a text: sqllineage.

use super::disagreements::Comparison;
use super::{Case, cases, lineage_of, name, on_large_stack};
use meaning::lineage::{ColumnLineage, Confidence, Kind};
use sql::facts::ModelKind;
use sql::lower::{Catalog, Lowered, script};
use sql::relation::{Body, Expression, Query, Source};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Name, TextRange};

/// A column: its table, `None` where that is not known, and its name.
type Node = (Option<String>, String);
/// From one to the other.
type Edge = (Node, Node);

#[test]
fn sqllineage() {
    on_large_stack(|| {
        let mut comparison = Comparison::new("sqllineage");
        for case in cases("sqllineage") {
            let theirs = expected(&case);
            let mut ours = end_to_end(&edges(&case));
            // Our lineage tells that there are further columns, not behind which table's star.
            ours.retain(|edge| edge.1.1 != "*" || theirs.contains(edge));
            for (from, to) in theirs.symmetric_difference(&ours) {
                let edge = format!("{} -> {}", told(from), told(to));
                let edge = edge.split_whitespace().collect::<Vec<_>>().join(" ");
                let how = if theirs.contains(&(from.clone(), to.clone())) {
                    "ours lacks it"
                } else {
                    "theirs lacks it"
                };
                comparison.differs(&case.id, edge, how);
            }
            comparison.agreed(theirs.intersection(&ours).count());
        }
        comparison.assert(0.97);
    });
}

fn told((table, column): &Node) -> String {
    format!("{}.{column}", table.as_deref().unwrap_or("?"))
}

fn expected(case: &Case) -> BTreeSet<Edge> {
    let edges = case.json["edges"].as_array().unwrap().iter();
    edges
        .map(|edge| {
            let node = |at: usize| (name(&edge[at]), plain(&name(&edge[at + 1]).unwrap()));
            (node(0), node(2))
        })
        .collect()
}

/// An expression that a column is called by: without its white space.
fn plain(name: &str) -> String {
    name.split_whitespace().collect()
}

/// The edges of each statement.
fn edges(case: &Case) -> BTreeSet<Edge> {
    let mut edges = BTreeSet::new();
    for lowered in script(&case.sql, &case.options, &case.schema) {
        let Some(table) = &lowered.name else { continue };
        let target = table.to_string().to_lowercase();
        let lineage = lineage_of(&lowered);
        for (position, column) in lineage.columns.iter().enumerate() {
            let to = (
                Some(target.clone()),
                called(case, &lowered, column, position),
            );
            for from in from(column, &to.1) {
                edges.insert((from, to.clone()));
            }
        }
        if lineage.open && ends_in_star(&case.sql, &lowered) {
            for table in &lineage.tables {
                let table = table.to_string().to_lowercase();
                let star = "*".to_owned();
                edges.insert(((Some(table), star.clone()), (Some(target.clone()), star)));
            }
        }
    }
    edges
}

/// Whether the query has a star of its own that is not written out, not one of which nothing is known.
fn ends_in_star(text: &str, lowered: &Lowered) -> bool {
    let range = lowered.places.statement;
    lowered.kind != ModelKind::Query && slice(text, range).contains('*')
}

/// What a column is called in the table that is filled: as it is written there, else as the schema
/// says, else as the query calls it, else by its expression.
fn called(case: &Case, lowered: &Lowered, column: &ColumnLineage, position: usize) -> String {
    if let Some(name) = &column.name {
        return plain(&name.as_str().to_lowercase());
    }
    let table = lowered.name.clone().map(sql::facts::TableRef::Named);
    let known = table.and_then(|table| case.schema.columns(&table));
    if let Some(own) = known.as_ref().and_then(|known| known.columns.get(position)) {
        return own.name.as_str().to_lowercase();
    }
    let places = lowered.places.relation(lowered.query.root);
    let place = places.and_then(|places| places.columns.get(position));
    let written = slice(&case.sql, place.map(|place| place.name).unwrap_or_default());
    if written.ends_with('*')
        && let Some(name) = name_behind_star(&lowered.query, position)
    {
        return name.as_str().to_lowercase();
    }
    // They call a cast in this spelling by what is cast.
    let written = written.split("::").next().unwrap_or_default();
    plain(&written.to_lowercase().replace(['"', '`', '[', ']'], ""))
}

/// The name of the column that a star brings to a position of a query.
fn name_behind_star(query: &Query, position: usize) -> Option<Name> {
    let mut relation = query.root();
    while let Body::Set(set) = &relation.body {
        relation = query.relation(set.left);
    }
    let select = relation.select()?;
    match select.projection.get(position)? {
        Expression::Column { name, .. } => Some(name.clone()),
        Expression::Output { input, position } => {
            let Source::Relation(id) = &select.input(*input)?.source else {
                return None;
            };
            let column = query.relation(*id).columns.get(*position as usize)?;
            column.name.clone()
        }
        _ => None,
    }
}

fn slice(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into()).unwrap()
}

/// Where a column comes from.
fn from(column: &ColumnLineage, called: &str) -> Vec<Node> {
    let sure = column.sources.iter();
    let sure = sure.filter(|edge| edge.confidence != Confidence::Unknown);
    let sure: Vec<Node> = sure
        .map(|edge| {
            let table = edge.from.table.to_string().to_lowercase();
            (Some(table), edge.from.column.as_str().to_lowercase())
        })
        .collect();
    if sure.is_empty() && column.kind == Kind::Unknown {
        // They name the column as it is written, without a table.
        let mut perhaps = column.sources.iter();
        let column = perhaps
            .next()
            .map(|edge| edge.from.column.as_str().to_lowercase());
        return vec![(None, column.unwrap_or_else(|| called.to_owned()))];
    }
    sure
}

/// From the columns that nothing is written to, to those that nothing is read from.
fn end_to_end(edges: &BTreeSet<Edge>) -> BTreeSet<Edge> {
    let mut next: BTreeMap<&Node, Vec<&Node>> = BTreeMap::new();
    let mut written = BTreeSet::new();
    let mut ends = BTreeSet::new();
    for (from, to) in edges {
        // A column that is computed from itself is a source still.
        if from == to {
            ends.insert((from.clone(), to.clone()));
            continue;
        }
        next.entry(from).or_default().push(to);
        written.insert(to);
    }
    for first in next.keys().filter(|node| !written.contains(**node)) {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![*first];
        while let Some(node) = waiting.pop() {
            if !seen.insert(node) {
                continue;
            }
            match next.get(node) {
                Some(further) => waiting.extend(further),
                None => {
                    ends.insert(((*first).clone(), node.clone()));
                }
            }
        }
    }
    ends
}
