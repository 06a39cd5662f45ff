//! Why something is there at all, as a place to go to: from a column or a table to the amendment that
//! introduced it.

use crate::definition::{Target, of_amendment};
use crate::history::{self, Part, Topic};
use crate::lookup;
use crate::subject::{Subject, subjects};
use index::{Column, FileId, Snapshot, Table};
use syntax::{Name, TextRange, TextSize};

/// The amendment that introduced the column or table at `offset`: the one that its `since` names, else
/// the oldest whose `changes` list it. Of a column without any, that of the nearest one that it is,
/// unchanged.
pub fn declaration(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Target> {
    let mentions = subjects(snapshot, file, offset).into_iter();
    let mut found = mentions.filter_map(|mention| {
        let (table, part) = match &mention.subject {
            Subject::Table(key) => (snapshot.table(key)?, None),
            Subject::Column(key, name) => {
                let table = snapshot.table(key)?;
                (table, Some(table.column(name)?))
            }
            _ => return None,
        };
        let target = introduced_by(snapshot, table, part, mention.range)?;
        (target.file != file || target.focus != mention.range).then_some(target)
    });
    found.next().into_iter().collect()
}

fn introduced_by(
    snapshot: &Snapshot,
    table: &Table,
    column: Option<&Column>,
    origin: TextRange,
) -> Option<Target> {
    let own = of_part(snapshot, table, column, origin);
    own.or_else(|| {
        let sources = lookup::sources(snapshot, column?).into_iter();
        let mut sources =
            sources.map(|(table, source)| of_part(snapshot, table, Some(source), origin));
        sources.find_map(|target| target)
    })
}

fn of_part(
    snapshot: &Snapshot,
    table: &Table,
    column: Option<&Column>,
    origin: TextRange,
) -> Option<Target> {
    let since = column.and_then(|column| since(snapshot, column, origin));
    since.or_else(|| listed(snapshot, table, column.map(|column| &column.name), origin))
}

/// The amendment that `since` of an entry names.
fn since(snapshot: &Snapshot, column: &Column, origin: TextRange) -> Option<Target> {
    column.described.iter().find_map(|described| {
        let (file, _) = snapshot.description(described.table)?;
        let product = file.native_spec()?.product.as_ref()?;
        let since = snapshot.described_column(*described)?.since.as_ref()?;
        let history = history::of_product(snapshot, &product.value);
        of_amendment(history.find(&since.value)?, origin)
    })
}

/// The oldest amendment that lists a part of a table among what it changes.
fn listed(
    snapshot: &Snapshot,
    table: &Table,
    column: Option<&Name>,
    origin: TextRange,
) -> Option<Target> {
    let part = column.map_or(Part::Whole, Part::Column);
    let topic = Topic::new(snapshot, table, part);
    let products = history::products(snapshot, table).into_iter();
    let mut found = products.filter_map(|product| {
        let history = history::of_product(snapshot, product);
        let mut entries = history.entries.iter().enumerate();
        let listing = entries.find(|(ordinal, entry)| {
            let topic = topic.in_the_words_of(&history, *ordinal);
            let mut changes = entry.amendment.changes.iter();
            changes.any(|change| topic.is_named_in(&change.value, entry.file))
        });
        of_amendment(listing?.1, origin)
    });
    found.next()
}
