//! The ignore comments of a file: what they silence, and which of them silence nothing. Of one about SQL that
//! can't be read, as while it is typed, that can't be told: the check that it silences could not run.

use crate::code::code;
use crate::finding::Finding;
use crate::unused_ignore;
use index::file::Ignore;
use index::readable::has_unread;
use index::table::DescriptionId;
use index::{File, ModelId, Snapshot};
use sql::facts::OpenReason;
use std::collections::BTreeMap;
use syntax::TextSize;

/// `findings` without those that a comment in `file` silences, and with one for each comment that
/// silences nothing.
pub(crate) fn silence(snapshot: &Snapshot, file: &File, findings: Vec<Finding>) -> Vec<Finding> {
    if file.ignores.is_empty() {
        return findings;
    }
    let mut by_line: BTreeMap<TextSize, Vec<(usize, &Ignore)>> = BTreeMap::new();
    for (position, ignore) in file.ignores.iter().enumerate() {
        by_line
            .entry(ignore.target.start())
            .or_default()
            .push((position, ignore));
    }
    let mut used = vec![false; file.ignores.len()];
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let start = finding.range(snapshot).start();
        let line = by_line
            .range(..=start)
            .next_back()
            .map(|(_, ignores)| ignores.iter());
        let mut ignores = line.into_iter().flatten();
        let silencing = ignores.find(|(_, ignore)| silences(ignore, &finding, start));
        match silencing.and_then(|(position, _)| used.get_mut(*position)) {
            Some(is_used) => *is_used = true,
            None => kept.push(finding),
        }
    }
    // A finding that an unread file will bring may be the one that the comment is for.
    if snapshot.is_complete() {
        let unused = file
            .ignores
            .iter()
            .zip(used)
            .filter(|(_, is_used)| !is_used)
            .map(|(ignore, _)| ignore);
        let unused =
            unused.filter(|ignore| !may_silence(ignore) || is_judged(snapshot, file, ignore));
        kept.extend(unused.map(|ignore| unused_ignore::finding(file, ignore)));
    }
    kept
}

fn silences(ignore: &Ignore, finding: &Finding, start: TextSize) -> bool {
    may_silence(ignore) && ignore.code == finding.code && ignore.target.contains_inclusive(start)
}

/// Whether a comment says all that it takes to silence something.
fn may_silence(ignore: &Ignore) -> bool {
    ignore.because.is_some() && code(&ignore.code).is_some_and(|code| code.can_be_silenced)
}

/// Whether all SQL can be read that the findings at the comment are about: that of the statement it stands
/// in, or of the table whose description it stands in, and what lies upstream.
fn is_judged(snapshot: &Snapshot, file: &File, ignore: &Ignore) -> bool {
    let is_around = |spot| file.range(spot).intersect(ignore.target).is_some();
    if let Some(sql) = file.sql() {
        let models = (0..).zip(&sql.models);
        let mut around = models.filter(|(_, model)| is_around(model.statement));
        let around = around.next();
        let open = around.and_then(|(_, model)| model.open.as_ref());
        if open.is_some_and(|open| open.reason == OpenReason::Unparsed) {
            return false;
        }
        let made = around.map(|(ordinal, _)| ModelId {
            file: file.id,
            ordinal,
        });
        let table = made.and_then(|model| snapshot.table_of_model(model));
        return match table {
            Some(table) => !snapshot.is_over_unreadable(table),
            None => !has_unread(file),
        };
    }
    let entries = (0..).zip(file.described_tables());
    let (own, others): (Vec<_>, Vec<_>) = entries.partition(|(_, entry)| is_around(entry.entry));
    // A sentence of an amendment may be about each of them.
    let asked = if own.is_empty() { others } else { own };
    !asked.into_iter().any(|(ordinal, _)| {
        let id = DescriptionId {
            file: file.id,
            ordinal,
        };
        let table = snapshot.table_of_description(id);
        table.is_some_and(|table| snapshot.is_over_unreadable(table))
    })
}
