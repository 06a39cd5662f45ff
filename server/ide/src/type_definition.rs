//! Where a column comes from in the end: the column that it is, unchanged, in the table furthest
//! upstream.

use crate::columns::{Columns, Node, Reach, TableId};
use crate::definition::{Target, of_column};
use crate::lookup;
use crate::subject::{Subject, subjects};
use index::{FileId, Snapshot, TableKey};
use syntax::{Name, TextRange, TextSize};

/// The column that the one at `offset` is, unchanged, in the table furthest upstream, as far up as that
/// is certain; none of a column that is made where it stands.
pub fn type_definition(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Target> {
    let Some((origin, key, name)) = column_at(snapshot, file, offset) else {
        return Vec::new();
    };
    let column = snapshot.table(&key).and_then(|table| table.column(&name));
    let sources = column.map(|column| lookup::sources(snapshot, column));
    let last = sources.unwrap_or_default().into_iter().next_back();
    let (key, name) = match last {
        Some((table, source)) => (table.key.clone(), source.name.clone()),
        None => (key, name),
    };
    let mut targets = of_column(snapshot, &key, &name, origin);
    targets.retain(|target| target.file != file || target.focus != origin);
    targets
}

/// The column of a table at a place, also where SQL has handed it on under its name.
fn column_at(
    snapshot: &Snapshot,
    file: FileId,
    offset: TextSize,
) -> Option<(TextRange, TableKey, Name)> {
    let mentions = subjects(snapshot, file, offset).into_iter();
    let mut known = mentions.filter_map(|mention| match mention.subject {
        Subject::Column(key, name) => Some((mention.range, key, name)),
        _ => None,
    });
    known.next().or_else(|| {
        let columns = Columns::new(snapshot, snapshot.file(file)?)?;
        let here = columns.at(offset);
        let range = here.first()?.range;
        let nodes = here.into_iter().map(|it| it.node.clone());
        let above = columns.links(Reach::Statement).upward(nodes);
        above.into_iter().find_map(|node| match node {
            Node::Column(TableId::Known(key), name) => Some((range, key, name)),
            _ => None,
        })
    })
}
