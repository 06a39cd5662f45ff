//! The story of a macro: how it is called, what its description or else the comment above it says, where it
//! is defined, and which models call it.

use super::{counted, listed};
use crate::{macros, markdown};
use index::{File, FileKind, MacroKey, ModelId, Snapshot, SqlRole};
use std::collections::BTreeSet;

pub(super) fn story(snapshot: &Snapshot, key: &MacroKey) -> Option<Vec<String>> {
    let (file, _) = snapshot.macro_of(key)?;
    let head = format!("**{}** · macro", markdown::line(&key.name, LONGEST_NAME));
    let signature = markdown::code(&macros::signature(snapshot, key)?);
    let place = place_and_callers(snapshot, key, file);
    let told = [
        Some(head),
        Some(signature),
        macros::told(snapshot, key),
        Some(place),
    ];
    Some(told.into_iter().flatten().collect())
}

fn place_and_callers(snapshot: &Snapshot, key: &MacroKey, file: &File) -> String {
    let path = markdown::code(&snapshot.display_path(&file.path));
    let mut told = format!("Defined in {path}.");
    let mut models = BTreeSet::new();
    let mut others = BTreeSet::new();
    for (caller, _) in snapshot.macro_calls(key) {
        match model(snapshot, caller) {
            Some(model) => models.insert(model),
            None => others.insert(&*caller.path),
        };
    }
    let others = match others.len() {
        0 => None,
        count if models.is_empty() => Some(counted(count, "file")),
        count => Some(counted(count, "other file")),
    };
    let models: Vec<String> = models.into_iter().collect();
    let called = (!models.is_empty())
        .then(|| format!("{}: {}", counted(models.len(), "model"), listed(&models)));
    match (called, others) {
        (Some(called), Some(others)) => {
            told.push_str(&format!(" Called by {called}, and in {others}."));
        }
        (Some(called), None) => told.push_str(&format!(" Called by {called}.")),
        (None, Some(others)) => told.push_str(&format!(" Called in {others}.")),
        (None, None) => {}
    }
    told
}

/// The table that a file makes, if it is a model or a snapshot.
fn model(snapshot: &Snapshot, file: &File) -> Option<String> {
    if !matches!(file.kind, FileKind::Sql(SqlRole::Model | SqlRole::Snapshot)) {
        return None;
    }
    let id = ModelId {
        file: file.id,
        ordinal: 0,
    };
    match snapshot.table_of_model(id) {
        Some(table) => Some(table.key.to_string()),
        None => Some(file.path.file_stem()?.to_string_lossy().into_owned()),
    }
}

/// How much of a name is shown, in characters.
const LONGEST_NAME: usize = 80;
