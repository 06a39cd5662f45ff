//! The names that `ref` and `source` take, in templates and in YAML.

use super::{About, Completion, CompletionKind, MOST, names};
use crate::letters::Letters;
use index::{File, Snapshot, Table, TableKey};
use std::collections::BTreeSet;
use std::sync::Arc;
use syntax::{Name, TextRange};

/// Whether a function takes the names of tables.
pub(super) fn takes_names(function: &str) -> bool {
    let function = function.strip_prefix("builtins.").unwrap_or(function);
    matches!(function, "ref" | "source")
}

/// The names that have the letters of `wanted`, as the next argument of a call of `function` behind those of
/// `before`, and whether there are more of them. A table that `file` alone makes is none of them.
pub(super) fn arguments(
    snapshot: &Snapshot,
    file: &File,
    function: &str,
    before: &[String],
    word: TextRange,
    wanted: Letters<'_>,
) -> (Vec<Completion>, bool) {
    let function = function.strip_prefix("builtins.").unwrap_or(function);
    let source = before.first().map(Name::new);
    // What is not in a project is no model.
    let is_it = |key: &TableKey| match (function, &source) {
        ("ref", None) => !key.is_source,
        ("source", None) => key.is_source,
        ("source", source) => key.is_source && key.parts.first() == source.as_ref(),
        _ => false,
    };
    let fits = |key: &TableKey| key.project.is_some() && is_it(key) && names(key, wanted);
    let (tables, has_more) = others(snapshot, file, fits);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for table in tables {
        let key = &table.key;
        let name = match (function, &source) {
            ("source", None) => key.parts.first().cloned().unwrap_or_default(),
            _ => key.name(),
        };
        if !wanted.are_in(name.as_str()) || !seen.insert(name.clone()) {
            continue;
        }
        let text = name.to_string();
        found.push(match (function, &source) {
            ("source", None) => Completion::new(text, word, CompletionKind::Constant),
            _ => Completion {
                about: Some(About {
                    table: key.clone(),
                    column: None,
                }),
                ..Completion::new(text, word, CompletionKind::Table)
            },
        });
    }
    (found, has_more)
}

/// The tables whose keys fit, but for those that `file` alone makes; those of its project first.
pub(super) fn others<'s>(
    snapshot: &'s Snapshot,
    file: &'s File,
    fits: impl Fn(&TableKey) -> bool + 's,
) -> (Vec<&'s Arc<Table>>, bool) {
    let is_own = |table: &Table| {
        let mut models = table.models.iter();
        models.any(|model| model.file == file.id) && table.models.len() == 1
    };
    let tables = snapshot.tables_near(file.project.as_ref(), fits);
    let mut others = tables.filter(|table| !is_own(table));
    let found = others.by_ref().take(MOST).collect();
    (found, others.next().is_some())
}

/// How a template calls a table.
pub(super) fn called(key: &TableKey) -> String {
    let name = key.name();
    match key.parts.first().filter(|_| key.is_source) {
        Some(source) => format!("source('{source}', '{name}')"),
        None => format!("ref('{name}')"),
    }
}
