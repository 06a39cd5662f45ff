//! Many findings of a file settled at once: those whose fix needs no human words and can't be wrong.

use super::ActionPlace;
use checks::{Detail, FileEdit, Finding, Fix};
use syntax::{TextEdit, edit};

/// The codes whose preferred fix leaves what was meant as it is.
const MECHANICAL: [&str; 3] = ["text-cut-off", "unused-ignore", "yaml-1.1-value"];

/// Everything in the file that can be settled without a thought.
pub fn fix_all(place: &ActionPlace<'_>) -> Option<Fix> {
    let title = "Fix all that needs no words".to_owned();
    combined(place, title, &|finding| MECHANICAL.contains(&finding.code))
}

/// All findings of one code in the file, where there are several.
pub(super) fn of_code(place: &ActionPlace<'_>, code: &str) -> impl Iterator<Item = Fix> {
    let is_own = |finding: &Finding| finding.code == code && finding.file == place.file;
    let count = place
        .findings
        .iter()
        .filter(|finding| is_own(finding))
        .count();
    let fix = (count > 1 && MECHANICAL.contains(&code))
        .then(|| combined(place, format!("Fix all `{code}` in this file"), &is_own));
    fix.flatten().into_iter()
}

/// The first fixes of the chosen findings, without those that would touch what another one edits.
fn combined(
    place: &ActionPlace<'_>,
    title: String,
    is_chosen: &dyn Fn(&Finding) -> bool,
) -> Option<Fix> {
    let file = place.snapshot.file(place.file)?;
    let text = place.snapshot.text(file)?;
    let chosen = place.findings.iter().filter(|finding| is_chosen(finding));
    let mut edits: Vec<TextEdit> = Vec::new();
    for finding in chosen {
        let fixes = checks::fixes(place.snapshot, place.base, finding, Detail::Edits);
        let own = fixes.into_iter().find(|fix| fix.preferred);
        let own = own.map(|fix| fix.edits).unwrap_or_default();
        let [
            FileEdit {
                path, edits: more, ..
            },
        ] = own.as_slice()
        else {
            continue;
        };
        let is_apart = more.iter().all(|one| {
            edits.iter().all(|other| {
                one.range.end() < other.range.start() || other.range.end() < one.range.start()
            })
        });
        if *path == *file.path && is_apart {
            edits.extend(more.iter().cloned());
        }
    }
    edits.sort_by_key(|edit| edit.range.start());
    // Edits that do not fit together are none.
    edit::apply(&text, &edits).filter(|_| !edits.is_empty())?;
    Some(Fix {
        title,
        edits: vec![FileEdit {
            path: file.path.to_path_buf(),
            create: false,
            edits,
        }],
        moved: Vec::new(),
        preferred: false,
        cursor: None,
    })
}
