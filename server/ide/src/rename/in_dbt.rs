//! What a rename changes in dbt's YAML beside the descriptions of tables and columns: tests, settings,
//! unit tests with their fixtures, selectors and semantic models, which name things in ways of their own.

mod columns;
mod fixtures;
mod selectors;

use super::edits::{Edits, FileEdits, Note};
use super::in_specs::mentions;
use super::in_sql::Family;
use super::refs::refs;
use super::{Refusal, affected, yaml};
use columns::Found;
use index::{File, FileKind, Snapshot, TableKey};
use sql::facts::TableRef;
use std::collections::BTreeSet;
use syntax::yaml::{Entry, Node, NodeKind, parse};
use syntax::{Name, TextRange};

/// Edits the names of columns.
///
/// # Errors
/// Where a file can't be edited safely.
pub(super) fn columns(
    snapshot: &Snapshot,
    family: &Family,
    edits: &mut Edits,
) -> Result<(), Refusal> {
    let files = affected::dbt_files(snapshot);
    let found = affected::each(&files, |file| {
        let mut edits = FileEdits::default();
        let text = affected::text(snapshot, file)?.filter(|text| mentions(text, &family.old));
        let Some(text) = text else {
            return Ok(edits);
        };
        let mut found = Found {
            snapshot,
            file,
            text: &text,
            family,
            edits: &mut edits,
        };
        for document in &parse(&text).documents {
            found.document(&document.root);
        }
        if !edits.is_empty() {
            yaml::verified(
                &snapshot.display_path(&file.path),
                &text,
                &edits,
                &family.new,
            )?;
        }
        Ok(edits)
    })?;
    for (file, found) in files.into_iter().zip(found) {
        edits.add(snapshot, file, found)?;
    }
    fixtures::columns(snapshot, family, edits)
}

/// Where a properties file names a column of a table, beside the entry that describes it: in tests, settings,
/// constraints, unit tests and semantic models. They are what a rename of it would edit.
pub(crate) fn column_places(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    key: &TableKey,
    name: &Name,
) -> Vec<TextRange> {
    if !mentions(text, name) {
        return Vec::new();
    }
    let mut edits = FileEdits::default();
    let family = Family {
        old: name.clone(),
        // What no file has.
        new: Name::new(format!("{name}\u{1}")),
        tables: BTreeSet::from([key.clone()]),
    };
    let mut found = Found {
        snapshot,
        file,
        text,
        family: &family,
        edits: &mut edits,
    };
    for document in &parse(text).documents {
        found.document(&document.root);
    }
    edits.replaced().collect()
}

/// The same of all properties files, in the order of their paths.
pub(crate) fn all_column_places<'s>(
    snapshot: &'s Snapshot,
    key: &TableKey,
    name: &Name,
) -> Vec<(&'s File, Vec<TextRange>)> {
    let files = affected::dbt_files(snapshot);
    let found = affected::each(&files, |file| {
        let text = snapshot.text(file);
        let places = text.map(|text| column_places(snapshot, file, &text, key, name));
        Ok(places.unwrap_or_default())
    });
    files.into_iter().zip(found.unwrap_or_default()).collect()
}

/// Edits the mentions of a table that are no descriptions: `ref('…')`, the model of a unit test, settings
/// in `dbt_project.yml`, selectors.
///
/// # Errors
/// Where a file can't be edited safely.
pub(super) fn table(
    snapshot: &Snapshot,
    key: &TableKey,
    new: &Name,
    edits: &mut Edits,
) -> Result<(), Refusal> {
    let old = key.name();
    let mut files = snapshot.files();
    let is_read = |kind| {
        let kinds = [
            FileKind::DbtProperties,
            FileKind::DbtProject,
            FileKind::DbtSelectors,
            FileKind::PythonModel,
        ];
        kinds.contains(&kind)
    };
    files.retain(|file| is_read(file.kind));
    let found = affected::each(&files, |file| {
        let mut edits = FileEdits::default();
        affected::text(snapshot, file)?;
        let text = snapshot
            .whole_text(file)
            .filter(|text| mentions(text, &old));
        let Some(text) = text else {
            return Ok(edits);
        };
        for range in refs_to(snapshot, file, &text, key) {
            edits.replace(range, new.as_str(), Note::Name);
        }
        if file.kind == FileKind::PythonModel {
            return Ok(edits);
        }
        let tree = parse(&text);
        for document in &tree.documents {
            match file.kind {
                FileKind::DbtProject => {
                    project_settings(snapshot, file, &document.root, key, new, &mut edits);
                }
                FileKind::DbtSelectors => {
                    let of = (&*text, &document.root);
                    selectors::table(snapshot, file, of, key, new, &mut edits);
                }
                _ => unit_tests_of(snapshot, file, &document.root, key, new, &mut edits),
            }
        }
        if !edits.is_empty() {
            yaml::verified(&snapshot.display_path(&file.path), &text, &edits, new)?;
        }
        Ok(edits)
    })?;
    for (file, found) in files.into_iter().zip(found) {
        edits.add(snapshot, file, found)?;
    }
    Ok(())
}

/// Where a text mentions a table by `ref`.
pub(crate) fn refs_to(
    snapshot: &Snapshot,
    file: &File,
    text: &str,
    key: &TableKey,
) -> Vec<TextRange> {
    let name = key.name();
    let found = refs(text, &name).into_iter();
    let found = found.filter(|found| {
        let table = TableRef::Ref {
            package: found.package.clone(),
            name: name.clone(),
            version: None,
        };
        snapshot.table_key(file, &table) == Some(key)
    });
    found.map(|found| found.range).collect()
}

/// The `model:` of unit tests.
fn unit_tests_of(
    snapshot: &Snapshot,
    file: &File,
    root: &Node,
    key: &TableKey,
    new: &Name,
    edits: &mut FileEdits,
) {
    for test in items(root, "unit_tests") {
        let Some(model) = test.entry("model").map(|entry| &entry.value) else {
            continue;
        };
        if leads_to(snapshot, file, model, key)
            && let Some(range) = yaml::content(model)
        {
            edits.replace(range, new.as_str(), Note::Name);
        }
    }
}

fn leads_to(snapshot: &Snapshot, file: &File, name: &Node, key: &TableKey) -> bool {
    let name = name.as_str().map(Name::new);
    name.is_some_and(|name| is_called(snapshot, file, &name, key))
}

/// Whether `name` is the model `key` in a file.
fn is_called(snapshot: &Snapshot, file: &File, name: &Name, key: &TableKey) -> bool {
    let table = TableRef::Ref {
        package: None,
        name: name.clone(),
        version: None,
    };
    snapshot.table_key(file, &table) == Some(key)
}

/// The settings of one model in `dbt_project.yml`: below the project's name and the model's folders.
fn project_settings(
    snapshot: &Snapshot,
    file: &File,
    root: &Node,
    key: &TableKey,
    new: &Name,
    edits: &mut FileEdits,
) {
    let project = file.path.parent();
    let is_own = project.is_some() && project == key.project.as_deref();
    let model = snapshot.table(key).and_then(|table| table.models.first());
    let path = model.and_then(|id| Some(snapshot.file(id.file)?.path.clone()));
    let (true, Some(path)) = (is_own, path) else {
        return;
    };
    let folders: BTreeSet<String> = path
        .parent()
        .into_iter()
        .flat_map(|folder| folder.components())
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    let name = root.entry("name").and_then(|entry| entry.value.as_str());
    for section in ["models", "seeds", "snapshots", "data_tests", "tests"] {
        let section = root.entry(section).map(|entry| &entry.value);
        let own = section.zip(name).and_then(|(all, name)| all.entry(name));
        if let Some(own) = own {
            below_folders(&own.value, &folders, &key.name(), new, edits);
        }
    }
}

fn below_folders(
    node: &Node,
    folders: &BTreeSet<String>,
    old: &Name,
    new: &Name,
    edits: &mut FileEdits,
) {
    for Entry { key, value } in node.entries() {
        let Some(name) = key.as_str() else { continue };
        if name == old.as_str()
            && matches!(value.kind, NodeKind::Mapping { .. })
            && let Some(range) = yaml::content(key)
        {
            edits.replace(range, new.as_str(), Note::Name);
        } else if folders.contains(name) {
            below_folders(value, folders, old, new, edits);
        }
    }
}

fn items<'n>(root: &'n Node, key: &str) -> &'n [Node] {
    root.entry(key).map_or(&[], |entry| entry.value.items())
}
