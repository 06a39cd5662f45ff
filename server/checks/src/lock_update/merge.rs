//! What can't be written without losing what stands there: a lock that is none, and a merge of which no side
//! says what the SQL means.

use super::{LockLine, LockOutcome, whole};
use spec::lock::{Lock, TableLock};

/// What is said of each table of a lock that can't be read.
pub(super) fn unread<'n>(tables: impl Iterator<Item = &'n str>) -> Vec<LockLine> {
    let refused = |name| {
        let reason = "Its lock can't be read, so nothing of it is replaced: restore it, or delete it and \
                      write a first one.";
        whole(name, LockOutcome::Refused(reason.to_owned()))
    };
    tables.map(refused).collect()
}

/// Whether the sides of a merge say different things of a table, and it is not to be as the SQL has it:
/// then one of them would be lost.
pub(super) fn is_unsettled(sides: &[Lock], olds: &[TableLock], lines: &[LockLine]) -> bool {
    let left =
        |line: &LockLine| matches!(line.outcome, LockOutcome::Refused(_) | LockOutcome::Unknown);
    let differ = || {
        let mut bare = olds.iter().map(without_places);
        let first = bare.next();
        olds.len() < sides.len() || bare.any(|other| Some(other) != first)
    };
    sides.len() > 1 && lines.iter().any(left) && differ()
}

/// The lines where a merge is not settled: the others wait for that.
pub(super) fn waiting(lines: Vec<LockLine>) -> Vec<LockLine> {
    let waits = |line: LockLine| {
        match line.outcome {
        LockOutcome::Written { .. } | LockOutcome::Removed { .. } => LockLine {
            outcome: LockOutcome::Refused(
                "The merge in the lock is to be settled before, as no side of another line says what the \
                 SQL means."
                    .to_owned(),
            ),
            ..line
        },
        _ => line,
    }
    };
    lines.into_iter().map(waits).collect()
}

fn without_places(table: &TableLock) -> TableLock {
    let mut table = TableLock {
        place: None,
        rows_place: None,
        ..table.clone()
    };
    for column in &mut table.columns {
        column.place = None;
    }
    table
}
