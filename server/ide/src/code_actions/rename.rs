//! Renames that an open amendment asks for, to be made everywhere at once.

use super::{Action, ActionKind, ActionPlace};
use crate::rename::{AgreedRename, EditedFile, Renaming};
use checks::{Detail, FileEdit, Finding, Fix};

/// Those that the amendments at a place ask for.
pub(super) fn agreed(place: &ActionPlace<'_>, detail: Detail) -> Vec<Action> {
    let Some(file) = place.snapshot.file(place.file).filter(|file| !file.quiet) else {
        return Vec::new();
    };
    let renames = AgreedRename::all(place.snapshot, file, place.range).into_iter();
    let actions = renames.filter_map(|rename| {
        Some(Action {
            kind: ActionKind::QuickFix,
            finding: finding(place, &rename),
            fix: fix(&rename, detail)?,
            amend: None,
        })
    });
    actions.collect()
}

/// The finding that tells what is still to be done.
fn finding(place: &ActionPlace<'_>, rename: &AgreedRename<'_>) -> Option<Finding> {
    let mut findings = place.findings.iter().filter(|finding| {
        let is_open = ["not-yet-met", "open-amendment"].contains(&finding.code);
        is_open && finding.subject.amendment.as_ref() == Some(rename.amendment())
    });
    findings
        .find(|finding| {
            let range = finding.range(place.snapshot);
            finding.file == place.file && super::touch(range, place.range)
        })
        .cloned()
}

/// `None` where it can't be made, or only after a person has looked.
fn fix(rename: &AgreedRename<'_>, detail: Detail) -> Option<Fix> {
    let renaming = match detail {
        Detail::Title => Renaming::default(),
        Detail::Edits => rename.renaming().ok()?,
    };
    if renaming.unsure().next().is_some() {
        return None;
    }
    Some(Fix {
        title: rename.title(),
        edits: renaming.files.into_iter().map(edit).collect(),
        moved: renaming.moved,
        preferred: true,
        cursor: renaming.cursor,
    })
}

fn edit(file: EditedFile) -> FileEdit {
    FileEdit {
        path: file.path,
        create: false,
        edits: file.edits.into_iter().map(|noted| noted.edit).collect(),
    }
}
