//! Bare names in sentences that stand for columns of what lies upstream. The lock keeps for which, for a
//! column that comes later, and nearer, would take the name over.

use super::AgreedSentence;
use crate::context::Context;
use index::binding::{Bound, BoundColumn, BoundTable, NameInSentence};
use index::{Snapshot, Table};
use meaning::guarantee::{ColumnRef, Subject};
use meaning::lineage::Kind;
use spec::guarantee::{Guarantee, parse, words};
use spec::lock::TableLock;
use syntax::name::dotted;
use syntax::{Name, TextRange};

/// A bare name that would stand for something else than it did when it was locked.
pub(crate) struct Rebound {
    /// The name.
    pub(crate) name: Name,
    /// Where it stands in the sentence, as far as that can be told.
    pub(crate) range: Option<TextRange>,
    /// What it stood for, as the lock has it.
    pub(crate) was: String,
    /// What it would stand for.
    pub(crate) now: String,
    /// SQL that can't be read lies between, as while it is typed: it may be what it stood for.
    pub(crate) is_open: bool,
}

/// What the bare names of a sentence about `table` stand for, where that lies upstream: each name with the
/// whole name of the column.
pub(crate) fn upstream(
    snapshot: &Snapshot,
    table: &Table,
    sentence: &AgreedSentence<'_>,
) -> Vec<(Name, String)> {
    let binder = snapshot.binder(sentence.file);
    let names = bare(snapshot, sentence, &sentence.guarantee).into_iter();
    let names = names.filter(|(name, _)| !is_made_inside(snapshot, table, name));
    let found = names.filter_map(|(name, _)| {
        match binder.column(std::slice::from_ref(&name), Some(&table.key)) {
            Bound::To(column) if column.level > 0 => Some((name, whole(&column))),
            _ => None,
        }
    });
    found.collect()
}

/// Whether a CTE of a table's own query makes a column of this name: that does not lie upstream.
pub(crate) fn is_made_inside(snapshot: &Snapshot, table: &Table, name: &Name) -> bool {
    let model = snapshot.defining_model(table);
    let named = model.and_then(|model| snapshot.named_query(model));
    named.is_some_and(|named| {
        let columns = Subject::new(named.query).inside(name, &|_| false);
        let mut columns = columns.iter();
        columns.any(|column| matches!(column, ColumnRef::Inside(..)))
    })
}

/// The bare names of a sentence.
pub(crate) fn bare_names(snapshot: &Snapshot, sentence: &AgreedSentence<'_>) -> Vec<Name> {
    let names = bare(snapshot, sentence, &sentence.guarantee).into_iter();
    names.map(|(name, _)| name).collect()
}

/// The first bare name of a sentence about `table` that would stand for something else than the lock says.
/// What it stood for must still be there: what is gone is told otherwise.
pub(crate) fn rebound(
    context: &Context<'_>,
    table: &Table,
    sentence: &AgreedSentence<'_>,
) -> Option<Rebound> {
    let snapshot = context.snapshot;
    let locked = locked(snapshot, table)?;
    let binder = snapshot.binder(sentence.file);
    let levels = binder.levels(&table.key);
    let mut is_open = snapshot.is_unreadable(table);
    for key in levels.iter().flatten().filter_map(BoundTable::key) {
        context.note_name(&key.name());
        let above = snapshot.table(key);
        is_open |= above.is_some_and(|above| snapshot.is_unreadable(above));
    }
    let about = Some(&table.key);
    let names = bare(snapshot, sentence, &sentence.guarantee).into_iter();
    let mut changed = names.filter_map(|(name, range)| {
        let (_, was) = locked
            .names
            .iter()
            .find(|(known, _)| Name::new(known) == name)?;
        let parts = words(was).into_iter().next()?.parts;
        let Bound::To(column) = binder.column(std::slice::from_ref(&name), about) else {
            return None;
        };
        let Bound::To(known) = binder.column(&parts, about) else {
            return None;
        };
        let is_same = known.table == column.table && known.column == column.column;
        // A model put in between hands on what was meant.
        let is_same = is_same || origin(context, &known) == origin(context, &column);
        (!is_same).then(|| Rebound {
            name,
            range: range.filter(|_| !sentence.is_renamed),
            was: was.clone(),
            now: whole(&column),
            is_open,
        })
    });
    changed.next()
}

/// What the lock of a table says, where it says what names stand for.
fn locked<'s>(snapshot: &'s Snapshot, table: &Table) -> Option<&'s TableLock> {
    let lock = snapshot.lock_of(snapshot.locking_spec(table)?)?.lock()?;
    let entry = lock.table(&table.key.to_string())?;
    (!entry.names.is_empty()).then_some(entry)
}

/// The bare columns in a sentence, but for the one that it is about, and where each stands in its text.
fn bare(
    snapshot: &Snapshot,
    sentence: &AgreedSentence<'_>,
    guarantee: &Guarantee,
) -> Vec<(Name, Option<TextRange>)> {
    let dialect = snapshot.projects().dialect(&sentence.file.path).dialect;
    let written = parse(&sentence.text.value).ok();
    let written = written.map(|written| NameInSentence::all(&written, dialect));
    let subject = guarantee.subject();
    let names = NameInSentence::all(guarantee, dialect).into_iter();
    let bare = names.filter(|name| name.parts != subject.parts);
    let bare = bare.filter_map(|name| match name.parts.as_slice() {
        [only] => {
            let mut written = written.iter().flatten();
            let same = written.find(|own| own.parts == name.parts);
            Some((only.clone(), same.map(|own| own.range)))
        }
        _ => None,
    });
    bare.collect()
}

/// So many models are gone through.
const MOST_STEPS: usize = 32;

/// The whole name of the column that `column` is, unchanged, in the table furthest upstream.
fn origin(context: &Context<'_>, column: &BoundColumn) -> String {
    let snapshot = context.snapshot;
    let mut name = column.column.clone();
    let mut table = column.table.to_string();
    let mut key = column.table.key().cloned();
    for _ in 0..MOST_STEPS {
        let above = || {
            let own = snapshot.table(key.as_ref()?)?;
            context.note(own);
            let model = snapshot.defining_model(own)?;
            let (file, _) = snapshot.model(model)?;
            let lineage = snapshot.lineage(model)?;
            let mut columns = lineage.columns.iter();
            let own = columns.find(|own| own.name.as_ref() == Some(&name))?;
            let is_handed_on = matches!(own.kind, Kind::Unchanged | Kind::Renamed);
            let [edge] = own.sources.as_slice() else {
                return None;
            };
            let source = &edge.from;
            let table = snapshot.table_name(file, &source.table);
            let key = snapshot.table_key(file, &source.table).cloned();
            is_handed_on.then(|| (key, table, source.column.clone()))
        };
        let Some(found) = above() else { break };
        (key, table, name) = found;
    }
    format!("{table}.{name}")
}

fn whole(column: &BoundColumn) -> String {
    let name = dotted(std::slice::from_ref(&column.column));
    format!("{}.{name}", column.table)
}
