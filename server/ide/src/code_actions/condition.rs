//! A condition that is selected in SQL, in the words of a sentence about the table that the SQL makes: that knows
//! the columns of the table and of those that it reads, not the CTEs and aliases of a query.

use crate::columns::{Columns, Node};
use crate::rename::as_in_sentence;
use index::{File, Snapshot, Table};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{TextEdit, TextRange, TextSize, edit};

/// The condition in `range` of `file`; `None` where it is none, or names what no sentence can.
pub(super) fn selected(
    snapshot: &Snapshot,
    file: &File,
    table: &Table,
    range: TextRange,
) -> Option<String> {
    file.sql()?;
    let text = snapshot.text(file)?;
    let whole = text.get(range.start().into()..range.end().into())?;
    let written = whole.trim();
    let dialect = snapshot.sql_options(file).dialect;
    let is_condition = !written.contains(['\n', '\r'])
        && written.contains(char::is_whitespace)
        && sql::lower::free_expression(written, dialect).is_ok();
    if !is_condition {
        return None;
    }
    let blank = whole.len() - whole.trim_start().len();
    let start = range.start() + TextSize::new(u32::try_from(blank).ok()?);
    let range = TextRange::at(start, TextSize::of(written));
    let edits = edits(&Columns::new(snapshot, file)?, table, range)?;
    edit::apply(written, &edits)
}

/// What replaces the columns in `range`, counted from its start.
fn edits(columns: &Columns<'_>, table: &Table, range: TextRange) -> Option<Vec<TextEdit>> {
    let mut written: BTreeMap<(TextSize, TextSize), BTreeSet<Option<String>>> = BTreeMap::new();
    for occurrence in columns.occurrences_in(range) {
        let is_column = matches!(
            occurrence.node,
            Node::Given { .. } | Node::Column(..) | Node::Made { .. }
        );
        if is_column && range.contains_range(occurrence.range) {
            let at = with_qualifier(columns, occurrence.range);
            let is_bare = at == occurrence.range;
            let words = in_sentence(columns, table, &occurrence.node, is_bare);
            written
                .entry((at.start(), at.end()))
                .or_default()
                .insert(words);
        }
    }
    // Each mention must be one of them.
    let mentions = columns
        .statements()
        .flat_map(|(_, lowered)| &lowered.places.mentions);
    let mut here = mentions.filter(|mention| range.contains_range(mention.range));
    let is_known = |of: TextRange| written.keys().any(|(_, end)| *end == of.end());
    if written.is_empty() || !here.all(|mention| is_known(mention.range)) {
        return None;
    }
    let edits = written.into_iter().map(|((from, to), words)| {
        let mut words = words.into_iter();
        let only = words.next().flatten().filter(|_| words.next().is_none())?;
        let at = TextRange::new(
            from.checked_sub(range.start())?,
            to.checked_sub(range.start())?,
        );
        Some(TextEdit::replace(at, only))
    });
    edits.collect()
}

/// The name of a column with the alias or the table before it.
fn with_qualifier(columns: &Columns<'_>, name: TextRange) -> TextRange {
    let statements = columns.statements();
    let mut qualifiers = statements.flat_map(|(_, lowered)| &lowered.places.qualifiers);
    let before = qualifiers.find(|qualifier| {
        let end = qualifier.range.end();
        end < name.start() && columns.slice(TextRange::new(end, name.start())).trim() == "."
    });
    before.map_or(name, |before| {
        TextRange::new(before.range.start(), name.end())
    })
}

/// How a sentence about `table` calls a column. A bare name is looked for in the table first, then in what it
/// reads.
fn in_sentence(columns: &Columns<'_>, table: &Table, node: &Node, is_bare: bool) -> Option<String> {
    let handed_out = columns
        .handed_out(node)
        .filter(|(key, _)| *key == table.key);
    if let Some((_, name)) = handed_out {
        return Some(as_in_sentence(name.as_str()));
    }
    match node {
        Node::Column(_, name) if is_bare && table.column(name).is_none() => {
            Some(as_in_sentence(name.as_str()))
        }
        Node::Column(of, name) => Some(format!("{of}.{}", as_in_sentence(name.as_str()))),
        _ => None,
    }
}
