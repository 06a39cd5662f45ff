//! The state that a branch was made from: what tables meant there, and which amendments it had.

use super::{Drift, between, known, locking_description};
use crate::context::Context;
use index::{Snapshot, Table};
use spec::model::{Amendment, AmendmentId};
use sql::facts::TableRef;
use syntax::Name;

/// How `table` differs from what it meant in the base, where no lock knows it; `None` where there is no
/// base, or no such table in it.
pub(crate) fn without_lock<'s>(context: &Context<'s>, table: &Table) -> Option<Drift<'s>> {
    let base = context.base?;
    let snapshot = context.snapshot;
    if snapshot.locked(table).is_some() {
        return None;
    }
    let spec = locking_description(context, table)?;
    let model = snapshot.defining_model(table)?;
    let was = base.named_query(base.defining_model(base.table(&table.key)?)?)?;
    let now = snapshot.named_query(model)?;
    let upstream = |name: &TableRef| {
        let table = base.table(was.key(name)?).filter(|table| !table.cyclic)?;
        Some(base.named_query(base.defining_model(table)?)?.query)
    };
    let difference = between(&was.query, &upstream, &now, snapshot);
    let (columns, rows) = known(difference, &now.query, &|_| true, true);
    Some(Drift {
        spec,
        model,
        locked: None,
        columns,
        rows,
    })
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
