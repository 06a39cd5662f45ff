//! The ignore comments of a file: what they silence, and which of them silence nothing.

use crate::code::code;
use crate::finding::Finding;
use crate::unused_ignore;
use index::file::Ignore;
use index::{File, Snapshot};
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
            .filter(|(_, is_used)| !is_used);
        kept.extend(unused.map(|(ignore, _)| unused_ignore::finding(file, ignore)));
    }
    kept
}

fn silences(ignore: &Ignore, finding: &Finding, start: TextSize) -> bool {
    ignore.because.is_some()
        && ignore.code == finding.code
        && code(finding.code).is_some_and(|code| code.can_be_silenced)
        && ignore.target.contains_inclusive(start)
}
