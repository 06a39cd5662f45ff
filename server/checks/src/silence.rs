//! The ignore comments of a file: what they silence, and which of them silence nothing.

use crate::code::code;
use crate::finding::Finding;
use crate::unused_ignore;
use index::file::Ignore;
use index::{File, Snapshot};

/// `findings` without those that a comment in `file` silences, and with one for each comment that
/// silences nothing.
pub(crate) fn silence(snapshot: &Snapshot, file: &File, findings: Vec<Finding>) -> Vec<Finding> {
    if file.ignores.is_empty() {
        return findings;
    }
    let mut used = vec![false; file.ignores.len()];
    let mut kept: Vec<Finding> = Vec::new();
    for finding in findings {
        let mut ignores = file.ignores.iter().zip(&mut used);
        match ignores.find(|(ignore, _)| silences(snapshot, ignore, &finding)) {
            Some((_, is_used)) => *is_used = true,
            None => kept.push(finding),
        }
    }
    // A finding that an unread file will bring may be the one that the comment is for.
    if snapshot.is_complete() {
        let unused = file
            .ignores
            .iter()
            .zip(used)
            .filter(|(_, is_used)| !is_used);
        kept.extend(unused.map(|(ignore, _)| unused_ignore::finding(file, ignore)));
    }
    kept
}

fn silences(snapshot: &Snapshot, ignore: &Ignore, finding: &Finding) -> bool {
    ignore.because.is_some()
        && ignore.code == finding.code
        && code(finding.code).is_some_and(|code| code.can_be_silenced)
        && ignore
            .target
            .contains_inclusive(finding.range(snapshot).start())
}
