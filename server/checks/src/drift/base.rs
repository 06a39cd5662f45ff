//! The state that a branch was made from: what tables meant there, and which amendments it had.

use super::handed_on::is_told_upstream;
use super::renamed::Renamed;
use super::upstream::query_of;
use super::{Drift, between, known, locking_description};
use crate::context::{Context, product_of};
use crate::finding::{Finding, Subject};
use crate::unrecorded_change::CODE;
use index::lock::Locked;
use index::relations::Run;
use index::{Snapshot, Table};
use meaning::difference::{ColumnDifference, RowsDifference, Version, difference};
use meaning::witness::Facts;
use spec::model::{Amendment, AmendmentId};
use sql::facts::{TableName, TableRef};
use syntax::name::dotted;
use syntax::{Name, Spot};

/// How `table` differs from what it meant in the base, where no lock knew it there; `None` where there is
/// no base, or no such table in it.
pub(crate) fn without_lock<'s>(context: &Context<'s>, table: &Table) -> Option<Drift<'s>> {
    let base = context.base?;
    let snapshot = context.snapshot;
    // What its lock said there is what its lock is compared with.
    if base.locked(base.table(&table.key)?).is_some() {
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
    let difference = between(query, &upstream, &now, snapshot);
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
/// is new, or was open there.
pub(crate) fn check_lines(context: &Context<'_>, table: &Table, findings: &mut Vec<Finding>) {
    let Some(base) = context.base else { return };
    let changed = || -> Option<(Locked<'_>, Name, Vec<ColumnDifference>, Option<RowsDifference>)> {
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
        let old = Version {
            query: read.as_ref().unwrap_or(&before),
            upstream: &none,
        };
        let new = Version {
            query: &query,
            upstream: &none,
        };
        let difference = difference(&old, &new, &Facts::default());
        let knows = |name: &Name| {
            let column = was.entry.column(name.as_str());
            column.is_none_or(|column| column.means.is_some())
        };
        let rows_known = was.entry.rows.is_some() && now.entry.rows.is_some();
        let (columns, rows) = known(difference, &query, &knows, rows_known);
        Some((now, product_of(spec.file)?, columns, rows))
    };
    let Some((now, product, columns, rows)) = changed() else {
        return;
    };
    let is_agreed = |by: &AmendmentId| is_new_or_was_open(context, &product, by);
    let mut say = |name: Option<&Name>, by: Option<&AmendmentId>, place: Option<Spot>| {
        let Some(place) = place else { return };
        let what = match name {
            Some(name) => format!("`{name}`"),
            None => format!("the rows of `{}`", table.key),
        };
        let why = match by {
            Some(by) => format!("amendment `{by}`, which was closed there already"),
            None => "no amendment".to_owned(),
        };
        let message = format!(
            "The lock says something else of {what} than where this branch was made, by {why}. Name a \
             new amendment: `rationale lock` writes the one that covers the change."
        );
        let subject = Subject {
            product: Some(product.clone()),
            table: Some(table.key.clone()),
            column: name.cloned(),
            detail: Some("line".to_owned()),
            ..Subject::default()
        };
        findings.push(Finding::new(&CODE, now.file, place, message).about(subject));
    };
    for column in &columns {
        let Some(name) = &column.name else { continue };
        let Some(line) = now.entry.column(name.as_str()) else {
            continue;
        };
        if !line.by.as_ref().is_some_and(is_agreed) {
            say(Some(name), line.by.as_ref(), line.place);
        }
    }
    if rows.is_some() && !now.entry.rows_by.as_ref().is_some_and(is_agreed) {
        say(None, now.entry.rows_by.as_ref(), now.entry.rows_place);
    }
}

/// Whether an amendment is not in the base, or was still open there.
pub(crate) fn is_new_or_was_open(context: &Context<'_>, product: &Name, id: &AmendmentId) -> bool {
    let Some(base) = context.base else {
        return false;
    };
    find(base, product, id).is_none_or(Amendment::is_open)
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
