//! The SQL of a column made to compute what the lock says.

use crate::context::Context;
use crate::drift;
use crate::fix::{Fix, Fixing, sentence};
use crate::keeping;
use index::Table;
use syntax::Name;

/// The SQL made to compute a column as the lock says, where a local edit does that.
pub(super) fn column(
    fixing: &Fixing<'_>,
    context: &Context<'_>,
    table: &Table,
    column: &Name,
) -> Option<Fix> {
    let drift = drift::from_lock(context, table)?;
    let locked = drift.locked.as_ref()?.entry.column(column.as_str())?;
    let means = sentence::about(fixing.snapshot, table, locked.means.as_ref()?);
    let sentence = format!("{}.{column} = {means}", drift.spec.name());
    let guarantee = spec::guarantee::parse(&sentence).ok()?;
    let kept = keeping::kept(fixing, drift.spec.file, table, &guarantee, None);
    let is_as_locked = |fix: &Fix| {
        let [edit] = fix.edits.as_slice() else {
            return false;
        };
        let after = || {
            let file = fixing.snapshot.file_at(&edit.path)?;
            let text = syntax::edit::apply(&fixing.snapshot.text(file)?, &edit.edits)?;
            let after = fixing.snapshot.with_text(&edit.path, &text)?;
            let drift = drift::from_lock(&Context::for_fixes(&after), table)?;
            let mut columns = drift.columns.iter();
            Some(!columns.any(|own| own.name.as_ref() == Some(column)))
        };
        after().unwrap_or(false)
    };
    let fix = kept.into_iter().find(is_as_locked)?;
    Some(Fix {
        title: format!("Compute `{column}` as it was locked"),
        preferred: false,
        ..fix
    })
}
