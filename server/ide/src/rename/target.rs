//! What a cursor means to rename.

use super::Refusal;
use super::in_dbt::refs_to;
use crate::columns::{Columns, Node, Reach, TableId};
use crate::subject::{Subject, configured_at, macro_at, subjects};
use index::{File, FileId, MacroKey, Snapshot, TableKey};
use std::collections::BTreeSet;
use syntax::{Name, TextRange, TextSize};

/// Something that can be renamed, and where the cursor stands on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prepared {
    /// The name, where the cursor is.
    pub range: TextRange,
    /// What it is called.
    pub name: Name,
}

/// What is to be renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A table of the workspace.
    Table(TableKey),
    /// A column of one.
    Column(TableKey, Name),
    /// A macro of a dbt project.
    Macro(MacroKey),
    /// What only the file knows: a CTE, an alias, a column in it.
    Local(BTreeSet<Node>),
}

/// What stands at `offset`. Of a projection that has no alias, the column that the model makes of it.
///
/// # Errors
/// Where nothing stands there that has a name, and where it has several.
pub(super) fn at(
    snapshot: &Snapshot,
    file: FileId,
    offset: TextSize,
) -> Result<(Prepared, Target), Refusal> {
    let nothing = || Refusal::new("There is no table, column or alias here.");
    let here = snapshot.file(file).ok_or_else(nothing)?;
    if here.sql().is_some() {
        return in_sql(snapshot, here, offset);
    }
    let text = snapshot.text(here).ok_or_else(nothing)?;
    for mention in subjects(snapshot, file, offset) {
        let (name, target) = match mention.subject {
            Subject::Table(key) => (key.name(), Target::Table(key)),
            Subject::Column(key, name) => (name.clone(), Target::Column(key, name)),
            Subject::Macro(key) => (Name::new(&key.name), Target::Macro(key)),
            _ => continue,
        };
        let range = named_part(&text, mention.range, &name).ok_or_else(nothing)?;
        return Ok((Prepared { range, name }, target));
    }
    Err(nothing())
}

fn in_sql(
    snapshot: &Snapshot,
    file: &File,
    offset: TextSize,
) -> Result<(Prepared, Target), Refusal> {
    let nothing = || Refusal::new("There is no table, column or alias here.");
    if let Some((range, key)) = macro_at(snapshot, file, offset) {
        let name = Name::new(&key.name);
        let text = snapshot.text(file).ok_or_else(nothing)?;
        // Behind the name of its package.
        let range = named_part(&text, range, &name).ok_or_else(nothing)?;
        return Ok((Prepared { range, name }, Target::Macro(key)));
    }
    if let Some(named) = configured_at(snapshot, file, offset) {
        let prepared = Prepared {
            range: named.range,
            name: named.column.clone(),
        };
        return Ok((prepared, Target::Column(named.table, named.column)));
    }
    let columns = Columns::new(snapshot, file).ok_or_else(nothing)?;
    let here = columns.at(offset);
    let first = here.first().ok_or_else(nothing)?;
    let range = first.range;
    let nodes: Vec<Node> = here
        .iter()
        .filter(|occurrence| occurrence.range == range)
        .map(|occurrence| occurrence.node.clone())
        .collect();
    if let Some(found) = by_ref(&columns, &nodes, offset)? {
        return Ok(found);
    }
    let (target, name) = target_of(&columns, &nodes)?;
    let name = match name {
        Some(name) => name,
        None => {
            let quotes: &[char] = &['"', '`', '[', ']'];
            Name::new(columns.slice(range).trim_matches(quotes))
        }
    };
    let range = named_part(&columns.text, range, &name).ok_or_else(|| {
        Refusal::new(format!(
            "`{name}` is not written here: a template makes it."
        ))
    })?;
    Ok((Prepared { range, name }, target))
}

/// The table whose name in a `ref` is at `offset`: a tag of a template may mention several.
///
/// # Errors
/// Where there are several, and none of their names is there.
fn by_ref(
    columns: &Columns<'_>,
    nodes: &[Node],
    offset: TextSize,
) -> Result<Option<(Prepared, Target)>, Refusal> {
    let known = nodes.iter().filter_map(|node| match node {
        Node::Table(TableId::Known(key)) => Some(key),
        _ => None,
    });
    let keys: BTreeSet<&TableKey> = known.collect();
    let is_one = keys.len() < 2;
    for key in keys {
        let refs = refs_to(columns.snapshot, columns.file, &columns.text, key).into_iter();
        let mut here = refs.filter(|range| range.contains_inclusive(offset));
        if let Some(range) = here.next() {
            let name = key.name();
            let target = Target::Table(key.clone());
            return Ok(Some((Prepared { range, name }, target)));
        }
    }
    match is_one {
        true => Ok(None),
        false => Err(Refusal::new(
            "Several tables are mentioned here: put the cursor on the name of one of them.",
        )),
    }
}

fn target_of(columns: &Columns<'_>, nodes: &[Node]) -> Result<(Target, Option<Name>), Refusal> {
    // What the model makes of it goes before what it is made from.
    if let Some((key, name)) = nodes.iter().find_map(|node| output(columns, node)) {
        return Ok((Target::Column(key, name.clone()), Some(name)));
    }
    for node in nodes {
        if let Node::Table(table) = node {
            return match table {
                TableId::Known(key) => Ok((Target::Table(key.clone()), Some(key.name()))),
                TableId::Named { table, .. } => Err(Refusal::new(format!(
                    "`{table}` is not defined in this workspace, so it can't be renamed here."
                ))),
            };
        }
    }
    let links = columns.links(Reach::Statement);
    let above = links.upward(nodes.to_vec());
    let mut read: BTreeSet<(&TableId, &Name)> = BTreeSet::new();
    for node in &above {
        if let Node::Column(table, name) = node {
            read.insert((table, name));
        }
    }
    match read.iter().collect::<Vec<_>>().as_slice() {
        [] => {}
        [(TableId::Known(key), name)] => {
            let name = (*name).clone();
            return Ok((Target::Column(key.clone(), name.clone()), Some(name)));
        }
        [(TableId::Named { table, .. }, name)] => {
            return Err(Refusal::new(format!(
                "`{name}` is a column of `{table}`, which is not defined in this workspace."
            )));
        }
        several => {
            let several: Vec<String> = several
                .iter()
                .map(|(table, name)| format!("`{table}.{name}`"))
                .collect();
            return Err(Refusal::new(format!(
                "The name stands for several columns here: {}. Rename each where it stands alone.",
                several.join(", ")
            )));
        }
    }
    // What is computed in this file may be handed on to the table that it makes.
    let same = links.downward(above.clone());
    if let Some((key, name)) = same.iter().find_map(|node| output(columns, node)) {
        return Ok((Target::Column(key, name.clone()), Some(name)));
    }
    let name = nodes.iter().find_map(|node| columns.name(node)).cloned();
    Ok((Target::Local(nodes.iter().cloned().collect()), name))
}

/// The column of the workspace that a column of a statement is: of its root, be it by a `*`.
fn output(columns: &Columns<'_>, node: &Node) -> Option<(TableKey, Name)> {
    if !matches!(node, Node::Given { .. }) {
        return None;
    }
    let name = columns.name(node)?.clone();
    let bound = columns.bound_to(node);
    let mut tables = bound.iter().filter_map(|node| columns.table_of_root(node));
    Some((tables.next()?, name))
}

/// Where `name` stands in `range`, as the last word of it that it is.
pub(crate) fn named_part(text: &str, range: TextRange, name: &Name) -> Option<TextRange> {
    let slice = crate::lookup::slice(text, range);
    let wanted = name.as_str();
    let mut end = slice.len();
    loop {
        let at = last_match(slice.get(..end)?, wanted)?;
        let before = slice.get(..at)?.chars().next_back();
        let behind = slice.get(at + wanted.len()..)?.chars().next();
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        if !before.is_some_and(is_word) && !behind.is_some_and(is_word) {
            let start = range.start() + crate::lookup::offset(at);
            return Some(TextRange::at(start, TextSize::of(wanted)));
        }
        end = at + wanted.len() - 1;
        while !slice.is_char_boundary(end) {
            end = end.checked_sub(1)?;
        }
    }
}

fn last_match(text: &str, wanted: &str) -> Option<usize> {
    if wanted.is_empty() {
        return None;
    }
    let starts = text.char_indices().rev().map(|(at, _)| at);
    let mut fits = starts.filter(|at| {
        let there = text.get(*at..at + wanted.len());
        there.is_some_and(|there| there.eq_ignore_ascii_case(wanted))
    });
    fits.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_word_of_its_own() {
        for (text, name, expected) in [
            ("order_id", "order_id", Some(0)),
            ("\"order_id\"", "order_id", Some(1)),
            ("{{ ref('orders') }}", "orders", Some(8)),
            ("raw.orders", "orders", Some(4)),
            ("ref('a', 'a')", "a", Some(10)),
            ("all_orders", "orders", None),
            ("../models/orders.sql", "orders", Some(10)),
            ("ORDERS", "orders", Some(0)),
            ("ä.é", "é", Some(3)),
        ] {
            let range = TextRange::up_to(TextSize::of(text));
            let found = named_part(text, range, &Name::new(name));
            assert_eq!(
                found.map(|range| u32::from(range.start())),
                expected,
                "{text}"
            );
        }
    }
}
