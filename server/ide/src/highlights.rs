//! Every place of a file where what is at a place stands.

use crate::columns::{Columns, Node, Reach};
use crate::subject::{self, Role, Subject, subjects};
use index::{FileId, Snapshot};
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
    let nodes = columns.at(offset).into_iter();
    let nodes: Vec<Node> = nodes.map(|occurrence| occurrence.node.clone()).collect();
    let links = columns.links(Reach::File);
    let nodes = links.downward(links.upward(nodes));
    let places = columns.places(&nodes).into_iter();
    places
        .map(|(range, is_definition)| Highlight {
            range,
            is_definition,
        })
        .collect()
}

/// The places of what a spec is about, and of macros.
fn of_subject(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Highlight> {
    let Some(here) = snapshot.file(file) else {
        return Vec::new();
    };
    let Some(asked) = subjects(snapshot, file, offset).into_iter().next() else {
        return Vec::new();
    };
    if matches!(asked.subject, Subject::Key(_) | Subject::Code(_)) {
        return Vec::new();
    }
    let same = subject::everywhere(snapshot, here).into_iter();
    let same = same.filter(|mention| mention.subject == asked.subject);
    let places: BTreeSet<(TextSize, TextSize, bool)> = same
        .map(|mention| {
            let is_definition = mention.role == Role::Definition;
            (mention.range.start(), mention.range.end(), is_definition)
        })
        .collect();
    let places = places.into_iter();
    places
        .map(|(start, end, is_definition)| Highlight {
            range: TextRange::new(start, end),
            is_definition,
        })
        .collect()
}
