//! What an open amendment asks for, made in the SQL step by step; or the amendment given up.

use super::{Action, ActionKind, ActionPlace, touch};
use checks::Detail;

/// The steps of the open amendments at a place, and last for each that it is withdrawn.
pub(super) fn of_open_amendments(place: &ActionPlace<'_>, detail: Detail) -> Vec<Action> {
    let here = place.findings.iter().filter(|finding| {
        finding.file == place.file && touch(finding.range(place.snapshot), place.range)
    });
    let steps = here.flat_map(|finding| {
        let steps = checks::steps(place.snapshot, finding).into_iter();
        let steps = steps.chain(checks::withdrawal(place.snapshot, finding, detail));
        steps.map(|fix| Action {
            kind: ActionKind::QuickFix,
            finding: Some(finding.clone()),
            fix,
            amend: None,
        })
    });
    steps.collect()
}
