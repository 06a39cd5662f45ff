//! What an open amendment asks for, made in the SQL step by step.

use super::{Action, ActionKind, ActionPlace, touch};

/// The steps of the open amendments at a place.
pub(super) fn of_open_amendments(place: &ActionPlace<'_>) -> Vec<Action> {
    let here = place.findings.iter().filter(|finding| {
        finding.file == place.file && touch(finding.range(place.snapshot), place.range)
    });
    let steps = here.flat_map(|finding| {
        let steps = checks::steps(place.snapshot, finding).into_iter();
        steps.map(|fix| Action {
            kind: ActionKind::QuickFix,
            finding: Some(finding.clone()),
            fix,
            amend: None,
        })
    });
    steps.collect()
}
