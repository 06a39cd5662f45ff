//! What can be done about what stands in a range: the fixes of the findings there, and amendments to be
//! drafted before the SQL is changed.

mod all;
mod amend;
mod condition;
mod place;
mod rename;
mod steps;

pub use all::fix_all;
pub use amend::{Amend, AmendmentDetails, amend};

use checks::{Detail, Finding, Fix};
use index::{FileId, Snapshot};
use std::cmp::Reverse;
use syntax::TextRange;

/// Where something is to be done, and what is known there.
#[derive(Clone, Copy, Debug)]
pub struct ActionPlace<'s> {
    /// The workspace.
    pub snapshot: &'s Snapshot,
    /// The state that the branch was made from, where it is known.
    pub base: Option<&'s Snapshot>,
    /// The findings of the file.
    pub findings: &'s [Finding],
    /// The file.
    pub file: FileId,
    /// What is selected in it, or the cursor.
    pub range: TextRange,
}

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What kind of action it is.
    pub kind: ActionKind,
    /// The finding that it settles.
    pub finding: Option<Finding>,
    /// What it is called, and its edits, with a placeholder for what only a person knows; without them
    /// where only a list was asked for.
    pub fix: Fix,
    /// The amendment that it drafts: a client that can asks the person, and [`amend()`] makes the edits.
    pub amend: Option<Amend>,
}

/// What kind of action it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// It settles a finding.
    QuickFix,
    /// It changes something that is right as it is.
    Refactor,
}

/// What can be done: what nearly everybody would do first, then in the order of the findings, and drafts
/// of amendments last.
pub fn code_actions(place: &ActionPlace<'_>, detail: Detail) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    let here = place
        .findings
        .iter()
        .filter(|finding| finding.file == place.file)
        .filter(|finding| touch(finding.range(place.snapshot), place.range));
    for finding in here {
        for fix in checks::fixes(place.snapshot, place.base, finding, detail) {
            // Two findings at one place may be settled by one and the same edit.
            let is_same = |action: &Action| match detail {
                Detail::Title => action.fix.title == fix.title,
                Detail::Edits => action.fix.edits == fix.edits,
            };
            if !actions.iter().any(is_same) {
                actions.push(Action {
                    kind: ActionKind::QuickFix,
                    finding: Some(finding.clone()),
                    fix,
                    amend: None,
                });
            }
        }
        let all = all::of_code(place, finding.code)
            .filter(|fix| !actions.iter().any(|action| action.fix.title == fix.title));
        let all: Vec<Fix> = all.collect();
        actions.extend(all.into_iter().map(|fix| Action {
            kind: ActionKind::QuickFix,
            finding: Some(finding.clone()),
            fix,
            amend: None,
        }));
    }
    actions.extend(rename::agreed(place, detail));
    let steps = steps::of_open_amendments(place, detail).into_iter();
    let steps = steps.filter(|step| {
        !actions
            .iter()
            .any(|action| action.fix.title == step.fix.title)
    });
    let steps: Vec<Action> = steps.collect();
    actions.extend(steps);
    // The sort is stable, so that within each half the order of the findings remains.
    actions.sort_by_key(|action| Reverse(action.fix.preferred));
    let specs = amend::spec_drafts(place, detail).into_iter();
    let specs = specs.filter(|fix| !actions.iter().any(|action| action.fix.title == fix.title));
    let specs: Vec<Fix> = specs.collect();
    actions.extend(specs.into_iter().map(|fix| Action {
        kind: ActionKind::Refactor,
        finding: None,
        fix,
        amend: None,
    }));
    let amendments = amend::all(place, detail).into_iter();
    actions.extend(amendments.map(|(amend, fix)| Action {
        kind: ActionKind::Refactor,
        finding: None,
        fix,
        amend: Some(amend),
    }));
    actions
}

/// The edits of the action of that title, as of now; `None` where there is none any more.
///
/// Of all that can be done only what has the title is made, where its edits can be made alone.
pub fn resolved(place: &ActionPlace<'_>, title: &str) -> Option<Fix> {
    let is_it = |fix: &Fix| fix.title == title;
    let mut listed = code_actions(place, Detail::Title).into_iter();
    let action = listed.find(|action| is_it(&action.fix))?;
    let own = match (action.amend, &action.finding) {
        (Some(amend), _) => amend::draft(place, amend),
        (None, Some(finding)) => {
            let fixes = checks::fixes(place.snapshot, place.base, finding, Detail::Edits);
            fixes.into_iter().find(is_it)
        }
        (None, None) => None,
    };
    own.or_else(|| {
        let actions = code_actions(place, Detail::Edits).into_iter();
        actions.map(|action| action.fix).find(is_it)
    })
}

/// Whether two ranges have a place in common, be it an end: a cursor behind a word is at the word.
fn touch(one: TextRange, other: TextRange) -> bool {
    one.start() <= other.end() && other.start() <= one.end()
}
