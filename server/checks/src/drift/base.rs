//! The state that a branch was made from: what tables meant there, and which amendments it had.

use super::columns::{RenamedColumns, difference_by_names_of_now, parts_of};
use super::coverage::{Called, Coverage, Part};
use super::handed_on::is_told_upstream;
use super::renamed::Renamed;
use super::upstream::query_of;
use super::{Drift, Sides, between, from_lock, known, locking_description};
use crate::context::{Context, product_of};
use crate::finding::{Finding, Subject};
use crate::since::predecessors::predecessors;
use crate::unrecorded_change::CODE;
use index::lock::Locked;
use index::relations::Run;
use index::{Snapshot, Table};
use meaning::difference::{ColumnDifference, RowsDifference, Version, difference};
use meaning::witness::Facts;
use spec::model::{Amendment, AmendmentId};
use sql::facts::{TableName, TableRef};
use sql::relation::Query;
use syntax::name::dotted;
use syntax::{Name, Spot};

/// How `table` differs from what it meant in the base, where no lock knew it there, or where it can't be read
/// any more what that says; `None` where there is no base, or no such table in it.
pub(crate) fn without_lock<'s>(context: &Context<'s>, table: &Table) -> Option<Drift<'s>> {
    let base = context.base?;
    let snapshot = context.snapshot;
    // What its lock said there is what its lock is compared with, as long as there is one.
    if let Some(then) = base.locked(base.table(&table.key)?)
        && (then.query.is_none() || Sides::of(context, table).is_some())
    {
        return None;
    }
    let spec = locking_description(context, table)?;
    let model = snapshot.defining_model(table)?;
    let was = base.named_query(base.defining_model(base.table(&table.key)?)?)?;
    let now = snapshot.named_query(model)?;
    let renamed = Renamed::of(snapshot, spec.file);
    let upstream = |name: &TableRef| {
        let TableRef::Named(named) = name else {
            return None;
        };
        // It may have had another name then.
        let earlier = renamed.earlier(&named.parts);
        let mut names = std::iter::once(named.parts.clone()).chain(earlier);
        names.find_map(|parts| {
            let name = TableRef::Named(TableName {
                parts: parts.clone(),
            });
            let table = match was.key(&name) {
                Some(key) => base.table(key),
                // It is read by a model that was put in the place of its name.
                None => base.table_named(&parts),
            };
            Some(renamed.upstream(&parts, query_of(base, table?)?))
        })
    };
    let read = renamed.now(&was.query);
    let query = read.as_ref().unwrap_or(&was.query);
    let compare = |was: &Query| between(was, &upstream, &now, snapshot);
    let difference = difference_by_names_of_now(snapshot, spec.file, table, query, &compare);
    let (mut columns, rows) = known(difference, &now.query, &|_| true, true);
    columns.retain(|column| !is_told_upstream(snapshot, table, column));
    Some(Drift {
        spec,
        model,
        run: Run::FullRefresh,
        locked: None,
        columns,
        rows,
    })
}

/// The lines of the lock that say something else than they did in the base: each names an amendment that
/// is new, or was open there, and that names what changed.
pub(crate) fn check_lines(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    let Some(base) = context.base else { return };
    let changed = || -> Option<(Lines<'_>, Vec<ColumnDifference>, Option<RowsDifference>)> {
        let now = context.snapshot.locked(table)?;
        let spec = locking_description(context, table)?;
        // The table and its columns, and those that it reads, may have had other names then.
        let renamed = Renamed::of(context.snapshot, spec.file);
        let same = || base.locked(base.table(&table.key)?);
        let earlier = || {
            let mut names = renamed.earlier(&table.key.parts).into_iter();
            names.find_map(|name| base.locked_anywhere(&dotted(&name)))
        };
        let was = same().or_else(earlier)?;
        if now.entry == was.entry {
            return None;
        }
        let (query, before) = (now.query.clone()?, was.query.clone()?);
        let read = renamed.now(&before);
        let none = |_: &TableRef| None;
        let compare = |was: &Query| {
            let old = Version {
                query: was,
                upstream: &none,
            };
            let new = Version {
                query: &query,
                upstream: &none,
            };
            difference(&old, &new, &Facts::default())
        };
        let was_read = read.as_ref().unwrap_or(&before);
        let difference =
            difference_by_names_of_now(context.snapshot, spec.file, table, was_read, &compare);
        let knows = |name: &Name| {
            let column = was.entry.column(name.as_str());
            column.is_none_or(|column| column.means.is_some())
        };
        let rows_known = was.entry.rows.is_some() && now.entry.rows.is_some();
        let (columns, rows) = known(difference, &query, &knows, rows_known);
        let product = product_of(spec.file)?;
        let lines = Lines {
            context,
            table,
            called: Called::through_renames(context.snapshot, table, &spec),
            coverage: Coverage::of(context, &product),
            renamed: RenamedColumns::of_new(context.snapshot, spec.file, table, &columns),
            product,
            now,
        };
        Some((lines, columns, rows))
    };
    let Some((lines, columns, rows)) = changed() else {
        return;
    };
    findings.extend(columns.iter().filter_map(|column| lines.column(column)));
    findings.extend(rows.and_then(|_| lines.rows()));
}

/// The lines of a lock that say of a table what they did not say in the base.
struct Lines<'c> {
    context: &'c Context<'c>,
    table: &'c Table,
    called: Called<'c>,
    coverage: Coverage<'c>,
    renamed: RenamedColumns,
    product: Name,
    now: Locked<'c>,
}

impl Lines<'_> {
    fn column(&self, column: &ColumnDifference) -> Option<Finding> {
        let name = column.name.as_ref()?;
        let line = self.now.entry.column(name.as_str())?;
        let parts = parts_of(name, column, &self.renamed, Some(self.now.entry));
        let why = self.why_not(&parts, line.by.as_ref())?;
        Some(self.finding(Some(name), &why, line.place?))
    }

    fn rows(&self) -> Option<Finding> {
        let entry = self.now.entry;
        let why = self.why_not(&[Part::Rows], entry.rows_by.as_ref())?;
        Some(self.finding(None, &why, entry.rows_place?))
    }

    /// Why an amendment does not cover that a line is another one; `None` where it does.
    fn why_not(&self, parts: &[Part<'_>], by: Option<&AmendmentId>) -> Option<String> {
        let Some(by) = by else {
            return Some("no amendment".to_owned());
        };
        let mut own = parts.iter();
        if !own.any(|part| may_cover(self.context, &self.product, self.table, part, by)) {
            return Some(format!("amendment `{by}`, which was closed there already"));
        }
        let mut parts = parts.iter();
        let is_named = parts.any(|part| self.coverage.is_asked_by(by, &self.called, part));
        (!is_named).then(|| format!("amendment `{by}`, which does not name it"))
    }

    fn finding(&self, name: Option<&Name>, why: &str, place: Spot) -> Finding {
        let what = match name {
            Some(name) => format!("`{name}`"),
            None => format!("the rows of `{}`", self.table.key),
        };
        let message = format!(
            "The lock says something else of {what} than where this branch was made, by {why}. Name a \
             new amendment: `rationale lock` writes the one that covers the change."
        );
        let subject = Subject {
            product: Some(self.product.clone()),
            table: Some(self.table.key.clone()),
            column: name.cloned(),
            detail: Some("line".to_owned()),
            ..Subject::default()
        };
        Finding::new(&CODE, self.now.file, place, message).about(subject)
    }
}

/// Whether an amendment may cover a change of a part of `table` that its lock does not say yet: where the
/// base is known, one that was closed there covers only what the SQL did there already.
pub(crate) fn may_cover(
    context: &Context<'_>,
    product: &Name,
    table: &Table,
    part: &Part<'_>,
    id: &AmendmentId,
) -> bool {
    let Some(base) = context.base else {
        return true;
    };
    let was_done = || {
        let then = base.table(&table.key)?;
        let drift = from_lock(&Context::for_fixes(base), then)?;
        Some(match part {
            Part::Rows => drift.rows.is_some(),
            Part::Column(name) | Part::Name(name) => {
                let mut columns = drift.columns.iter();
                columns.any(|column| column.name.as_ref() == Some(*name))
            }
        })
    };
    is_new_or_was_open(context, product, id) || was_done().unwrap_or(false)
}

/// Whether an amendment is not in the base, or was still open there.
pub(crate) fn is_new_or_was_open(context: &Context<'_>, product: &Name, id: &AmendmentId) -> bool {
    let Some(base) = context.base else {
        return false;
    };
    // The product may have had another name there.
    let mut before = predecessors(context.snapshot, base, product).into_iter();
    before.all(|product| find(base, &product, id).is_none_or(Amendment::is_open))
}

/// The first amendment of that id.
fn find<'b>(base: &'b Snapshot, product: &Name, id: &AmendmentId) -> Option<&'b Amendment> {
    let files = base.product_files(product).into_iter();
    let mut amendments = files
        .filter_map(|file| file.native_spec())
        .flat_map(|spec| &spec.amendments);
    amendments.find(|amendment| {
        let own = amendment.id.as_ref();
        own.is_some_and(|own| own.value == *id)
    })
}
