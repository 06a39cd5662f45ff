//! Every place of a file where what is at a place stands.

use crate::columns::{Columns, Node, Reach};
use crate::rename::{column_places, configured};
use crate::subject::{self, Role, Subject, subjects};
use index::{FileId, FileKind, Snapshot};
use std::collections::BTreeSet;
use syntax::{TextRange, TextSize};

/// A place where something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Its name.
    pub range: TextRange,
    /// It gets its name here.
    pub is_definition: bool,
}

/// Every place in the file where what is at `offset` stands, in the order of the text. A column that a
/// CTE hands on under its name is the same one.
pub fn highlights(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Highlight> {
    let Some(here) = snapshot.file(file) else {
        return Vec::new();
    };
    let is_macro = || subject::called_at(snapshot, here, offset).is_some();
    if here.sql().is_none() || is_macro() {
        return of_subject(snapshot, file, offset);
    }
    let Some(columns) = Columns::new(snapshot, here) else {
        return Vec::new();
    };
    let nodes = match subject::configured_at(snapshot, here, offset) {
        Some(named) => columns.outputs(&named.table, &named.column),
        None => {
            let nodes = columns.at(offset).into_iter();
            nodes.map(|occurrence| occurrence.node.clone()).collect()
        }
    };
    let links = columns.links(Reach::File);
    let nodes = links.downward(links.upward(nodes));
    let mut places = columns.places(&nodes);
    places.extend(in_settings(&columns, &nodes));
    places.sort_by_key(|(range, _)| range.start());
    let places = places.into_iter();
    places
        .map(|(range, is_definition)| Highlight {
            range,
            is_definition,
        })
        .collect()
}

/// Where `config(…)` names those of `nodes` that the model gives.
fn in_settings(columns: &Columns<'_>, nodes: &BTreeSet<Node>) -> Vec<(TextRange, bool)> {
    let given = nodes.iter().filter(|node| match node {
        Node::Given {
            statement,
            relation,
            ..
        } => {
            let statement = columns.statement(*statement);
            statement.is_some_and(|statement| statement.query.root == *relation)
        }
        _ => false,
    });
    let names: BTreeSet<_> = given.filter_map(|node| columns.name(node)).collect();
    let places = names
        .into_iter()
        .flat_map(|name| configured(&columns.text, name));
    places.map(|range| (range, false)).collect()
}

/// The places of what a spec is about, and of macros.
fn of_subject(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Highlight> {
    let Some(here) = snapshot.file(file) else {
        return Vec::new();
    };
    let Some(asked) = subjects(snapshot, file, offset).into_iter().next() else {
        return Vec::new();
    };
    if matches!(
        asked.subject,
        Subject::Key(_) | Subject::DbtKey(..) | Subject::Code(_)
    ) {
        return Vec::new();
    }
    let same = subject::everywhere(snapshot, here).into_iter();
    let same = same.filter(|mention| mention.subject == asked.subject);
    let mut places: BTreeSet<(TextSize, TextSize, bool)> = same
        .map(|mention| {
            let is_definition = mention.role == Role::Definition;
            (mention.range.start(), mention.range.end(), is_definition)
        })
        .collect();
    if let (Subject::Column(key, name), FileKind::DbtProperties) = (&asked.subject, here.kind)
        && let Some(text) = snapshot.text(here)
    {
        let named = column_places(snapshot, here, &text, key, name).into_iter();
        places.extend(named.map(|range| (range.start(), range.end(), false)));
    }
    let places = places.into_iter();
    places
        .map(|(start, end, is_definition)| Highlight {
            range: TextRange::new(start, end),
            is_definition,
        })
        .collect()
}
