//! What an incremental run of a model adds. A lock tells the conditions that such a run has besides those of a
//! full refresh; what its columns are, only the state tells that the branch was made from.

use super::renamed::Renamed;
use super::upstream::{Upstream, query_of};
use super::{Drift, Sides, between, known, locking_description};
use crate::context::Context;
use index::lock::{added_by_run, query_of as locked_query};
use index::named::NamedQuery;
use index::relations::Run;
use index::{ModelId, Snapshot, Table};
use meaning::difference::{Change, ColumnChange, Difference, RowsDifference};
use spec::lock::TableLock;
use sql::Dialect;
use sql::facts::{TableName, TableRef};
use sql::relation::Query;
use syntax::Name;

/// What a model calls its own table.
const THIS: &str = "this";

/// How the rows differ that an incremental run adds from those that its lock tells.
pub(crate) fn from_lock<'s>(context: &Context<'s>, table: &Table) -> Option<Drift<'s>> {
    let sides = Sides::of(context, table)?;
    let snapshot = context.snapshot;
    let dialect = snapshot.lock_dialect(sides.locked.file);
    if super::is_half_typed(snapshot, sides.model) {
        return None;
    }
    let compare = |was: &Query, now: &NamedQuery<'_>| {
        let was = with_names_of_now(was, table, &sides.renamed);
        let upstream = sides.upstream(context, &was);
        let difference = between(&was, &besides_this(&upstream), now, snapshot);
        known(difference, &now.query, &|_| false, true).1
    };
    let rows = rows(snapshot, sides.model, sides.locked.entry, dialect, compare)?;
    Some(Drift {
        spec: sides.spec,
        model: sides.model,
        run: Run::Incremental,
        locked: Some(sides.locked),
        columns: Vec::new(),
        rows: Some(rows),
    })
}

/// How the rows that an incremental run adds compare with those that an entry of a lock tells; `None` where
/// both have the same conditions, or either can't be read. `compare` says it of queries that are not the same.
pub(crate) fn rows<T>(
    snapshot: &Snapshot,
    model: ModelId,
    entry: &TableLock,
    dialect: Dialect,
    compare: impl FnOnce(&Query, &NamedQuery<'_>) -> Option<T>,
) -> Option<T> {
    if snapshot.incremental_filter(model, dialect) == entry.incremental {
        return None;
    }
    let was = locked_query(&added_by_run(entry), dialect)?;
    compare(&was, &of_run(snapshot, model, Run::Incremental)?)
}

/// A query under the names of today, those of the columns of its own table among them.
pub(crate) fn with_names_of_now(was: &Query, table: &Table, renamed: &Renamed<'_>) -> Query {
    let this = this();
    let own = TableRef::Named(TableName {
        parts: table.key.parts.clone(),
    });
    let mut was = was.clone();
    was.rename_tables(&|table| (*table == this).then(|| own.clone()));
    let mut now = renamed.now(&was).unwrap_or(was);
    now.rename_tables(&|table| (*table == own).then(|| this.clone()));
    now
}

/// What a table upstream meant; the table itself is what it is.
pub(crate) fn besides_this<'u>(
    upstream: &'u Upstream<'_, '_>,
) -> impl Fn(&TableRef) -> Option<Query> + 'u {
    let this = this();
    move |name| (*name != this).then(|| upstream.query(name)).flatten()
}

/// How an incremental run differs from one in the state that the branch was made from, where a full refresh
/// does not.
pub(crate) fn from_base<'s>(context: &Context<'s>, table: &Table) -> Option<Drift<'s>> {
    let (base, snapshot) = (context.base?, context.snapshot);
    let before = base.table(&table.key)?;
    let spec = locking_description(context, table)?;
    let (was, now) = (
        base.defining_model(before)?,
        snapshot.defining_model(table)?,
    );
    if super::is_half_typed(snapshot, now) {
        return None;
    }
    let upstream = |name: &TableRef| match name {
        TableRef::Named(name) => query_of(base, base.table_named(&name.parts)?),
        _ => None,
    };
    let renamed = Renamed::of(snapshot, spec.file);
    let compared = |run: Run| -> Option<(Difference, Query)> {
        let (was, now) = (of_run(base, was, run)?, of_run(snapshot, now, run)?);
        let was = with_names_of_now(&was.query, table, &renamed);
        Some((between(&was, &upstream, &now, snapshot), now.query))
    };
    let tells_apart = |snapshot: &Snapshot, model| {
        let query = snapshot.named_query_of(model, Run::Incremental);
        query.is_some()
    };
    if !tells_apart(base, was) && !tells_apart(snapshot, now) {
        return None;
    }
    let (incremental, query) = compared(Run::Incremental)?;
    if incremental.is_none() {
        return None;
    }
    let (full, _) = compared(Run::FullRefresh)?;
    let (mut columns, rows) = known(incremental, &query, &|_| true, true);
    columns.retain(|column| {
        let mut same = full.columns.iter();
        let is_same = same.any(|full| {
            full.name == column.name && full.change == ColumnChange::Same && full.types().is_none()
        });
        is_same
            && matches!(
                column.change,
                ColumnChange::Changed | ColumnChange::Undecided
            )
    });
    // What the lock says of the rows, it is compared with.
    let is_locked = snapshot.locked(table).is_some();
    let is_told = |_: &RowsDifference| full.rows.change == Change::Same && !is_locked;
    Some(Drift {
        spec,
        model: now,
        run: Run::Incremental,
        locked: None,
        columns,
        rows: rows.filter(is_told),
    })
}

/// The query of a run, in which the model's own table is called `this`; that of a full refresh where nothing
/// tells the two apart.
fn of_run(snapshot: &Snapshot, model: ModelId, run: Run) -> Option<NamedQuery<'_>> {
    let query = snapshot.named_query_of(model, run);
    let mut query = query.or_else(|| snapshot.named_query(model))?;
    let this = this();
    query
        .query
        .rename_tables(&|table| (*table == TableRef::Unknown).then(|| this.clone()));
    Some(query)
}

fn this() -> TableRef {
    TableRef::Named(TableName {
        parts: vec![Name::new(THIS)],
    })
}
