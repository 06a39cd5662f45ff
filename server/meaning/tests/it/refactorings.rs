//! The generator of edits, tried by itself: on the fixtures and on the shipped examples.

mod sound;

use crate::refactor::{Change, Files, Mutation, Place, is_plain, mutations, reads, refactorings};
use sql::Dialect;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const SEED: u64 = 7;

/// The files below a folder.
pub(crate) fn folder(root: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "sql") {
                let text = std::fs::read_to_string(&path).unwrap();
                files.insert(path.strip_prefix(root).unwrap().to_owned(), text);
            }
        }
    }
    files
}

fn folder_of_fixtures(name: &str) -> Files {
    folder(
        &Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures")
            .join(name),
    )
}

/// A folder of models that edits are tried on.
pub(crate) struct Project {
    pub(crate) files: Files,
    pub(crate) dialect: Dialect,
}

/// The fixtures, a folder for each dialect, and the shipped examples.
pub(crate) fn projects() -> Vec<Project> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let at = |path: &str, dialect| Project {
        files: folder(&root.join(path)),
        dialect,
    };
    vec![
        at("tests/fixtures/duckdb", Dialect::DuckDb),
        at("tests/fixtures/postgres", Dialect::Postgres),
        at("tests/fixtures/snowflake", Dialect::Snowflake),
        at("tests/fixtures/bigquery", Dialect::BigQuery),
        at("../../examples/orders", Dialect::Postgres),
        at("../../examples/shop-dbt", Dialect::DuckDb),
    ]
}

fn all_refactorings() -> Vec<(Project, Vec<Change>)> {
    let made = |project: Project| {
        let changes = refactorings(&project.files, project.dialect, SEED);
        (project, changes)
    };
    projects().into_iter().map(made).collect()
}

#[test]
fn every_fixture_without_branches_is_read_as_a_tree() {
    let mut count = 0;
    for project in projects() {
        for (path, text) in &project.files {
            let has_branches = text.contains("{%") || text.contains("cents_to_dollars");
            assert_eq!(
                is_plain(path, text, project.dialect),
                !has_branches,
                "{}",
                path.display()
            );
            count += 1;
        }
    }
    assert!(count >= 45, "{count}");
}

#[test]
fn there_are_refactorings_of_every_kind() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, changes) in all_refactorings() {
        for change in changes {
            *counts.entry(change.kind).or_default() += 1;
        }
    }
    let missing: Vec<_> = crate::refactor::refactoring_kinds()
        .filter(|kind| !counts.contains_key(kind))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    assert!(counts.values().sum::<usize>() >= 500, "{counts:#?}");
}

#[test]
fn every_refactoring_changes_a_text_and_is_read_again() {
    for (project, changes) in all_refactorings() {
        for change in changes {
            let after = change.apply(&project.files);
            assert_ne!(
                after, project.files,
                "{}: {}",
                change.kind, change.description
            );
            assert_well_formed(&project, &change);
        }
    }
}

/// Every text after an edit is as plain as it was before, and no placeholder is left in it.
fn assert_well_formed(project: &Project, change: &Change) {
    for (path, text) in &change.files_after {
        let Some(text) = text else { continue };
        let was_plain = project
            .files
            .get(path)
            .is_none_or(|before| is_plain(path, before, project.dialect));
        let says = format!("{}: {}\n{text}", change.kind, change.description);
        // The file of a renamed model is new, and may have been no tree before.
        if project.files.contains_key(path) {
            assert_eq!(is_plain(path, text, project.dialect), was_plain, "{says}");
        }
        for left in ["__tag_", "__old_tag_", "__new_model__"] {
            assert!(!text.contains(left), "{says}");
        }
    }
}

#[test]
fn a_refactoring_reads_the_same_tables() {
    for (project, changes) in all_refactorings() {
        for change in changes {
            // These two give names to models, which are tables to those that read them.
            if change.kind == "model renamed" || change.kind == "CTE extracted into a model" {
                continue;
            }
            for (path, text) in &change.files_after {
                let before = reads(path, &project.files[path], project.dialect);
                let after = reads(path, text.as_ref().unwrap(), project.dialect);
                assert_eq!(before, after, "{}: {}", change.kind, change.description);
            }
        }
    }
}

#[test]
fn a_renamed_model_is_read_by_its_new_name() {
    let mut readers = 0;
    for (project, changes) in all_refactorings() {
        for change in changes
            .iter()
            .filter(|change| change.kind == "model renamed")
        {
            let old = &change.touched[0];
            let after = change.apply(&project.files);
            assert_eq!(after.len(), project.files.len());
            readers += change.touched.len() - 1;
            for (path, text) in &after {
                let mentions = [format!("ref('{old}')"), format!("ref(\"{old}\")")];
                let left = mentions
                    .iter()
                    .any(|mention| text.contains(mention.as_str()));
                assert!(!left, "{}: {}", path.display(), change.description);
            }
        }
    }
    assert!(readers > 20, "{readers}");
}

#[test]
fn a_seed_decides_everything() {
    let mut differ = false;
    for project in projects() {
        let Project { files, dialect } = &project;
        assert_eq!(
            refactorings(files, *dialect, 1),
            refactorings(files, *dialect, 1)
        );
        assert_eq!(mutations(files, *dialect, 1), mutations(files, *dialect, 1));
        differ |= refactorings(files, *dialect, 1) != refactorings(files, *dialect, 2);
    }
    assert!(differ);
}

#[test]
fn there_are_mutations_of_every_kind() {
    let mut certain: BTreeSet<&str> = BTreeSet::new();
    let mut places: BTreeSet<&str> = BTreeSet::new();
    for project in projects() {
        let all: Vec<Mutation> = mutations(&project.files, project.dialect, SEED);
        for mutation in all {
            let change = &mutation.change;
            assert_ne!(
                change.apply(&project.files),
                project.files,
                "{}",
                change.description
            );
            assert_well_formed(&project, change);
            if mutation.certain {
                certain.insert(change.kind);
            }
            places.insert(match mutation.place {
                Place::Column(_) => "column",
                Place::Rows => "rows",
                Place::Somewhere => "somewhere",
            });
        }
    }
    let missing: Vec<_> = crate::refactor::mutation_kinds()
        .filter(|kind| !certain.contains(kind))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
    assert_eq!(places.len(), 3);
}
