//! What can be done about what stands in a range: the fixes of the findings there, and the draft of
//! an amendment.

mod draft;

pub use draft::draft as draft_amendment;

use checks::{Finding, Fix};
use index::{FileId, Snapshot};
use std::cmp::Reverse;
use syntax::TextRange;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What it does, as an order.
    pub title: String,
    /// What kind of action it is.
    pub kind: ActionKind,
    /// The finding that it settles.
    pub finding: Option<Finding>,
    /// The edits, with a placeholder for what it asks.
    pub fix: Fix,
    /// What a client that can may ask the person for; [`draft_amendment`] then makes the edits.
    pub asks: Option<Asks>,
}

/// A text that only a person knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// The requirement of an amendment: what is needed, in the words of whoever needs it.
    Requirement,
}

/// What kind of action it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// It settles a finding.
    QuickFix,
    /// It changes something that is right as it is.
    Refactor,
}

/// What can be done in `range`, where `findings` are those of the file: what nearly everybody would
/// do first, then in the order of the findings, and the draft of an amendment last.
pub fn code_actions(
    snapshot: &Snapshot,
    findings: &[Finding],
    file: FileId,
    range: TextRange,
) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    let here = findings
        .iter()
        .filter(|finding| finding.file == file && touch(finding.range(snapshot), range));
    for finding in here {
        for fix in checks::fixes(snapshot, finding) {
            // Two findings at one place may be settled by one and the same edit.
            if !actions.iter().any(|action| action.fix.edits == fix.edits) {
                actions.push(Action {
                    title: fix.title.clone(),
                    kind: ActionKind::QuickFix,
                    finding: Some(finding.clone()),
                    fix,
                    asks: None,
                });
            }
        }
    }
    // The sort is stable, so that within each half the order of the findings remains.
    actions.sort_by_key(|action| Reverse(action.fix.preferred));
    actions.extend(
        draft_amendment(snapshot, file, range, None).map(|fix| Action {
            title: fix.title.clone(),
            kind: ActionKind::Refactor,
            finding: None,
            fix,
            asks: Some(Asks::Requirement),
        }),
    );
    actions
}

/// Whether two ranges have a place in common, be it an end: a cursor behind a word is at the word.
fn touch(one: TextRange, other: TextRange) -> bool {
    one.start() <= other.end() && other.start() <= one.end()
}
