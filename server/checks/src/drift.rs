//! How what a table means now differs from what was agreed last: from its lock, or, where there is
//! none, from the state that the branch was made from.
//!
//! Only what is known on both sides is compared. Where the two forms differ and neither a proof nor an
//! example is found, that is said as such.

pub(crate) mod base;
pub(crate) mod columns;
pub(crate) mod coverage;
pub(crate) mod downstream;
pub(crate) mod example;
mod handed_on;
pub(crate) mod incremental;
pub(crate) mod place;
pub(crate) mod renamed;
pub(crate) mod upstream;

use crate::context::{Context, Description};
use columns::difference_by_names_of_now;
use coverage::Part;
use index::file::{Problem, ProblemKind};
use index::lock::Locked;
use index::named::NamedQuery;
use index::relations::{Reading, Run};
use index::{File, ModelId, Snapshot, Table};
use meaning::canonical::ClauseMeaning;
use meaning::difference::{
    Change, ColumnChange, ColumnDifference, Difference, RowsDifference, Version,
    difference_of_forms, difference_where,
};
use renamed::Renamed;
use spec::model::{AmendmentId, TableOrigin};
use sql::facts::TableRef;
use sql::lower::Clause;
use sql::relation::{Body, Query};
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::Name;
use syntax::name::dotted;
use upstream::Upstream;

/// A table, what it means, and how that differs from what it meant.
pub(crate) struct Drift<'s> {
    /// The entry of the native spec that the table's lock belongs to.
    pub(crate) spec: Description<'s>,
    /// The model.
    pub(crate) model: ModelId,
    /// Which run of the model it is about.
    pub(crate) run: Run,
    /// What the lock says; `None` where it is compared with another state.
    pub(crate) locked: Option<Locked<'s>>,
    /// The columns that differ, each in its own way.
    pub(crate) columns: Vec<ColumnDifference>,
    /// How the rows differ, if they do.
    pub(crate) rows: Option<RowsDifference>,
}

impl Drift<'_> {
    /// Whether nothing differs.
    pub(crate) fn is_none(&self) -> bool {
        self.columns.is_empty() && self.rows.is_none()
    }

    /// The amendment that last covered a part of the table.
    pub(crate) fn by(&self, part: &Part<'_>) -> Option<&AmendmentId> {
        let entry = self.locked.as_ref()?.entry;
        match part {
            Part::Rows => entry.rows_by.as_ref(),
            Part::Column(name) | Part::Name(name) => entry.column(name.as_str())?.by.as_ref(),
        }
    }
}

/// How `table` differs from its lock; `None` where it has none, or no model.
pub(crate) fn from_lock<'s>(context: &Context<'s>, table: &Table) -> Option<Drift<'s>> {
    let snapshot = context.snapshot;
    let sides = Sides::of(context, table)?;
    let now = &sides.now.query;
    let locked_in = sides.locked.file;
    let mut known = None;
    let is_readable = !is_half_typed(snapshot, sides.model);
    if is_readable && !snapshot.is_as_locked(&table.key, now, locked_in) {
        let read = sides.read_through_renames();
        let was = read.as_ref().unwrap_or(&sides.was);
        let upstream = sides.upstream(context, was);
        let upstream = |name: &TableRef| upstream.query(name);
        let compare = |was: &Query| between(was, &upstream, &sides.now, snapshot);
        let difference =
            difference_by_names_of_now(snapshot, sides.spec.file, table, was, &compare);
        if difference.is_none() && read.is_none() && was.tables() == now.tables() {
            snapshot.note_as_locked(&table.key, now, locked_in);
        } else {
            snapshot.forget_as_locked(&table.key);
        }
        let knows = |name: &Name| {
            let column = sides.locked.entry.column(name.as_str());
            column.is_none_or(|column| column.means.is_some())
        };
        let rows_known = sides.locked.entry.rows.is_some();
        known = Some(self::known(difference, now, &knows, rows_known));
    }
    let (mut columns, rows) = known.unwrap_or_default();
    columns.retain(|column| !handed_on::is_told_upstream(snapshot, table, column));
    Some(Drift {
        spec: sides.spec,
        model: sides.model,
        run: Run::FullRefresh,
        locked: Some(sides.locked),
        columns,
        rows,
    })
}

/// What a table meant when it was locked, under the names of now; `None` where that is not known.
fn when_locked<'s>(context: &Context<'s>, table: &Table) -> Option<NamedQuery<'s>> {
    let sides = Sides::of(context, table)?;
    let was = sides.read_through_renames();
    let was = was.unwrap_or_else(|| (*sides.was).clone());
    Some(context.snapshot.named_as_in(sides.now.file, was))
}

/// Whether the rows are what they were when they were locked, and, if so, the names of the columns that are
/// not, be it that this can't be told; `None` where there is no lock, or no model.
pub(crate) fn rows_as_locked(
    context: &Context<'_>,
    table: &Table,
) -> Option<(bool, BTreeSet<Option<Name>>)> {
    let sides = Sides::of(context, table)?;
    let read = sides.read_through_renames();
    let was = read.as_ref().unwrap_or(&sides.was);
    let upstream = sides.upstream(context, was);
    let upstream = |name: &TableRef| upstream.query(name);
    let difference = between_forms(was, &upstream, &sides.now, context.snapshot);
    let columns = difference.columns.into_iter();
    let others = columns.filter(|column| column.change != ColumnChange::Same);
    let is_same = difference.rows.change == Change::Same;
    Some((is_same, others.map(|column| column.name).collect()))
}

/// Whether the text of a model can't be read as it stands, so that nothing is claimed of it.
pub(crate) fn is_half_typed(snapshot: &Snapshot, model: ModelId) -> bool {
    let Some((file, statement)) = snapshot.model(model) else {
        return false;
    };
    let statement = file.range(statement.statement);
    let is_broken = |problem: &Problem| {
        let is_sql = matches!(problem.kind, ProblemKind::Sql(_));
        is_sql && problem.range.intersect(statement).is_some()
    };
    let reading = || snapshot.relations(file).map(|relations| relations.reading);
    file.problems.iter().any(is_broken) || reading() == Some(Reading::Broken)
}

/// What a table means, and what it meant when it was locked.
struct Sides<'s> {
    spec: Description<'s>,
    model: ModelId,
    locked: Locked<'s>,
    renamed: Renamed<'s>,
    was: Arc<Query>,
    now: NamedQuery<'s>,
}

impl<'s> Sides<'s> {
    fn of(context: &Context<'s>, table: &Table) -> Option<Sides<'s>> {
        let snapshot = context.snapshot;
        let spec = locking_description(context, table)?;
        let model = snapshot.defining_model(table)?;
        let renamed = Renamed::of(snapshot, spec.file);
        let locked = locked(snapshot, table, spec.file, &renamed)?;
        let was = locked.query.clone()?;
        Some(Sides {
            spec,
            model,
            was,
            renamed,
            locked,
            now: snapshot.named_query(model)?,
        })
    }

    /// What was locked, under the names of now; `None` where these are the same.
    fn read_through_renames(&self) -> Option<Query> {
        self.renamed.now(&self.was)
    }

    /// Where the tables are looked up that the locked query reads.
    fn upstream<'u>(&'u self, context: &'u Context<'s>, was: &'u Query) -> Upstream<'u, 's> {
        Upstream {
            context,
            renamed: &self.renamed,
            was,
        }
    }
}

/// The entry of the native spec whose lock is that of the table.
pub(crate) fn locking_description<'s>(
    context: &Context<'s>,
    table: &Table,
) -> Option<Description<'s>> {
    let spec = context.snapshot.locking_spec(table)?;
    let mut own = context.descriptions(table).into_iter();
    own.find(|description| {
        description.file.id == spec.id && description.entry.origin == TableOrigin::Native
    })
}

/// How a query differs from the one of the model now.
pub(crate) fn between(
    was: &Query,
    upstream_was: &dyn Fn(&TableRef) -> Option<Query>,
    now: &NamedQuery<'_>,
    snapshot: &Snapshot,
) -> Difference {
    // An example must be one that is allowed: what is declared now holds for it.
    let declared = now.declared_upstream();
    let known = |table: &TableRef| Some(declared.of_table(table));
    let compare = |old: &Version<'_>, new: &Version<'_>| difference_where(old, new, &known);
    compared(was, upstream_was, now, snapshot, compare)
}

/// As [`between`], by the canonical forms alone: what is not shown to be the same is undecided.
pub(crate) fn between_forms(
    was: &Query,
    upstream_was: &dyn Fn(&TableRef) -> Option<Query>,
    now: &NamedQuery<'_>,
    snapshot: &Snapshot,
) -> Difference {
    compared(was, upstream_was, now, snapshot, difference_of_forms)
}

fn compared(
    was: &Query,
    upstream_was: &dyn Fn(&TableRef) -> Option<Query>,
    now: &NamedQuery<'_>,
    snapshot: &Snapshot,
    compare: impl FnOnce(&Version<'_>, &Version<'_>) -> Difference,
) -> Difference {
    let upstream_now = |name: &TableRef| {
        let table = match (now.key(name), name) {
            (Some(key), _) => snapshot.table(key),
            // It is read by a model that was put in the place of its name.
            (None, TableRef::Named(named)) => snapshot.table_named(&named.parts),
            _ => None,
        };
        upstream::query_of(snapshot, table?)
    };
    let old = Version {
        query: was,
        upstream: upstream_was,
    };
    let new = Version {
        query: &now.query,
        upstream: &upstream_now,
    };
    compare(&old, &new)
}

/// The entry of a spec whose lock does not know the table that it describes, and what the table means is
/// known; `None` where nothing of that spec is locked.
pub(crate) fn without_entry<'s>(context: &Context<'s>, table: &Table) -> Option<Description<'s>> {
    let snapshot = context.snapshot;
    let spec = locking_description(context, table)?;
    let lock = snapshot.lock_of(spec.file)?.lock()?;
    if lock.is_broken || lock.tables.is_empty() {
        return None;
    }
    let renamed = Renamed::of(snapshot, spec.file);
    let is_known = locked(snapshot, table, spec.file, &renamed).is_some()
        || snapshot.locked_anywhere(&table.key.to_string()).is_some();
    let now = snapshot.named_query(snapshot.defining_model(table)?)?;
    let can_be_read = !matches!(now.query.root().body, Body::Unknown { .. });
    (!is_known && !table.cyclic && can_be_read).then_some(spec)
}

/// What a table meant when it was locked, under the name that it had then.
fn locked<'s>(
    snapshot: &'s Snapshot,
    table: &Table,
    spec: &File,
    renamed: &Renamed<'_>,
) -> Option<Locked<'s>> {
    if let Some(locked) = snapshot.locked(table) {
        return Some(locked);
    }
    let lock = snapshot.lock_of(spec)?;
    let earlier = renamed.earlier(&table.key.parts).into_iter();
    let mut earlier = earlier.filter_map(|name| snapshot.locked_in(lock, &dotted(&name)));
    earlier.next()
}

/// What of a difference can be told at all.
pub(crate) fn known(
    difference: Difference,
    now: &Query,
    knows: &dyn Fn(&Name) -> bool,
    rows_known: bool,
) -> (Vec<ColumnDifference>, Option<RowsDifference>) {
    let is_implicit = |name: &Name| {
        let mut columns = now.root().columns.iter();
        columns.any(|column| column.implicit && column.name.as_ref() == Some(name))
    };
    let told = difference.columns.into_iter().filter(|column| {
        let Some(name) = &column.name else {
            return false;
        };
        if !knows(name) || is_implicit(name) {
            return false;
        }
        let is_known = |side: &Option<meaning::canonical::ColumnMeaning>| {
            side.as_ref()
                .is_none_or(|side| side.meaning.is_known() && side.meaning.is_resolved())
        };
        match column.change {
            ColumnChange::Same => column.types().is_some(),
            ColumnChange::Undecided => is_known(&column.was),
            _ => true,
        }
    });
    let columns = told.collect();
    let rows = Some(difference.rows).filter(|rows| {
        let is_known =
            |clause: &ClauseMeaning| clause.meaning.is_known() && clause.meaning.is_resolved();
        let joins = |clause: &ClauseMeaning| {
            matches!(clause.clause, Clause::From | Clause::On | Clause::Where)
        };
        let both = || rows.was.iter().chain(&rows.now);
        match rows.change {
            Change::Same => false,
            // An unknown table, or an unknown condition of a join, proves nothing.
            Change::Changed => rows_known && both().filter(|it| joins(it)).all(is_known),
            Change::Undecided => {
                rows_known && rows.was.iter().all(is_known) && both().next().is_some()
            }
        }
    });
    (columns, rows)
}

/// The file that a model stands in, and the places of its query in a run.
pub(crate) fn places(
    snapshot: &Snapshot,
    model: ModelId,
    run: Run,
) -> Option<(&File, sql::lower::Lowered)> {
    let (relations, at) = snapshot.relation(model)?;
    let file = snapshot.file(model.file)?;
    let queries = relations.of(run).unwrap_or(&relations.full);
    Some((file, queries.get(at)?.clone()))
}
