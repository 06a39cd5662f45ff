//! Two states of a workspace, and which tables of them belong together.

use crate::program::Folder;
use crate::revision::repository::Repository;
use index::Table;
use index::configuration::{DialectChoice, Overrides};
use rationale::cli::workspace_pair::{State, WorkspacePair};
use sql::Dialect;
use std::path::Path;
use std::sync::Arc;

fn load(old: &State, new: &State) -> WorkspacePair {
    WorkspacePair::load(old, new, &Overrides::default()).unwrap()
}

fn revision(folder: &Path, revision: &str) -> State {
    State::Revision {
        folder: folder.to_owned(),
        revision: revision.to_owned(),
    }
}

fn name(table: &Arc<Table>) -> String {
    let parts: Vec<&str> = table.key.parts.iter().map(|part| part.as_str()).collect();
    parts.join(".")
}

/// The columns of each table that has a model, `-` where there is no table: `a: x, y | x`.
fn shown(pair: &WorkspacePair) -> Vec<String> {
    let columns = |table: Option<&Arc<Table>>| match table {
        None => "-".to_owned(),
        Some(table) => {
            let names = table.columns.iter().map(|column| column.name.as_str());
            names.collect::<Vec<_>>().join(", ")
        }
    };
    let defined = |table: &Arc<Table>| !table.models.is_empty();
    pair.tables()
        .iter()
        .filter(|both| both.old.is_some_and(defined) || both.new.is_some_and(defined))
        .map(|both| {
            let (old, new) = (columns(both.old), columns(both.new));
            format!("{}: {old} | {new}", name(both.new.or(both.old).unwrap()))
        })
        .collect()
}

const PROJECT: &str = "name: shop\nprofile: shop\n";

#[test]
fn tables_of_two_folders_are_matched_by_name_and_by_project() {
    let folders = Folder::with(&[
        ("old/one/dbt_project.yml", "name: one\nprofile: p\n"),
        ("old/one/models/a.sql", "select 1 as x"),
        ("old/two/dbt_project.yml", "name: two\nprofile: p\n"),
        ("old/two/models/a.sql", "select 2 as y"),
        ("new/one/dbt_project.yml", "name: one\nprofile: p\n"),
        ("new/one/models/moved/a.sql", "select 1 as x, 3 as z"),
        ("new/two/dbt_project.yml", "name: two\nprofile: p\n"),
        ("new/two/models/b.sql", "select 2 as y"),
    ]);
    let state = |name: &str| State::Folder(folders.0.join(name));
    let pair = load(&state("old"), &state("new"));
    assert_eq!(shown(&pair), ["a: x | x, z", "a: y | -", "b: - | y"]);
    let path = folders.0.join("old/one/models/a.sql");
    assert_eq!(pair.old.relative(&path), Path::new("one/models/a.sql"));
    assert_eq!(pair.new.relative(&path), path);
}

#[test]
fn a_folder_is_compared_with_a_revision_of_it() {
    let repository = Repository::with(&[
        ("shop/dbt_project.yml", PROJECT),
        ("shop/models/kept.sql", "select 1 as x"),
        ("shop/models/gone.sql", "select 1 as x"),
        ("shop/models/changed.sql", "select 1 as x"),
        ("elsewhere/other.sql", "select 1 as x"),
    ]);
    let shop = repository.top.join("shop");
    repository.write("shop/models/changed.sql", "select 1 as x, 2 as y");
    repository.write("shop/models/added.sql", "select 1 as x");
    repository.remove("shop/models/gone.sql");
    let pair = load(&revision(&shop, "main"), &State::Folder(shop.clone()));
    assert_eq!(
        shown(&pair),
        [
            "added: - | x",
            "changed: x | x, y",
            "gone: x | -",
            "kept: x | x"
        ]
    );
    assert!(pair.old.title.starts_with("main ("), "{}", pair.old.title);
    assert_eq!(pair.new.title, shop.display().to_string());
}

#[test]
fn a_range_names_two_revisions() {
    let repository = Repository::with(&[("a.sql", "create table a as select 1 as x")]);
    let top = &repository.top;
    repository.git(&["switch", "--quiet", "--create", "feature"]);
    repository.write("a.sql", "create table a as select 1 as y");
    repository.commit("on the branch");
    repository.git(&["switch", "--quiet", "main"]);
    repository.write("a.sql", "create table a as select 1 as z");
    repository.commit("on main");

    let of = |range: &str| {
        let [old, new] = State::of_range(top, range).unwrap().unwrap();
        shown(&load(&old, &new))
    };
    assert_eq!(of("main..feature"), ["a: z | y"]);
    assert_eq!(of("..feature"), ["a: z | y"]);
    assert_eq!(of("feature.."), ["a: y | z"]);
    assert_eq!(of("main...feature"), ["a: x | y"]);
    assert_eq!(of("feature..."), ["a: x | z"]);
    assert_eq!(State::of_range(top, "main").unwrap(), None);
    let unknown = State::of_range(top, "main...gone").unwrap_err();
    assert!(unknown.to_string().contains("no revision `gone`"));
}

#[test]
fn packages_that_are_installed_now_are_there_in_a_revision_too() {
    let repository = Repository::with(&[
        (".gitignore", "dbt_packages/\n"),
        ("dbt_project.yml", PROJECT),
        ("models/a.sql", "select * from {{ ref('installed') }}"),
    ]);
    repository.write("dbt_packages/p/dbt_project.yml", "name: p\n");
    repository.write("dbt_packages/p/models/installed.sql", "select 1 as x");
    let top = &repository.top;
    let pair = load(&revision(top, "HEAD"), &State::Folder(top.clone()));
    // The column is that of the package, on both sides, and its own tables are not compared.
    assert_eq!(shown(&pair), ["a: x | x"]);
    let read = |side: &rationale::cli::workspace_pair::Side| {
        let files = side.snapshot.files();
        let paths = files
            .iter()
            .map(|file| side.relative(&file.path).to_owned());
        paths.collect::<Vec<_>>()
    };
    assert_eq!(read(&pair.old), read(&pair.new));
}

#[test]
fn a_file_that_is_ignored_although_committed_has_not_gone() {
    let repository = Repository::with(&[
        (".gitignore", "*_tmp.sql\n"),
        ("dbt_project.yml", PROJECT),
        ("models/a.sql", "select 1 as x"),
        ("models/a_tmp.sql", "select 1 as x"),
    ]);
    let top = &repository.top;
    let pair = load(&revision(top, "HEAD"), &State::Folder(top.clone()));
    assert_eq!(shown(&pair), ["a: x | x"]);
}

#[test]
fn settings_hold_for_both_sides() {
    let repository = Repository::with(&[
        ("rationale.toml", "dialect = \"duckdb\"\n"),
        ("a.sql", "create table a as select 1 as x"),
    ]);
    let top = &repository.top;
    let (old, new) = (revision(top, "HEAD"), State::Folder(top.clone()));
    let dialects = |settings: &Overrides| {
        let pair = WorkspacePair::load(&old, &new, settings).unwrap();
        [&pair.old, &pair.new].map(|side| {
            let path = top.join("a.sql");
            side.snapshot.projects().dialect(&path).dialect
        })
    };
    assert_eq!(dialects(&Overrides::default()), [Dialect::DuckDb; 2]);
    let settings = Overrides {
        dialect: Some(DialectChoice::Given(Dialect::Snowflake)),
        ..Overrides::default()
    };
    assert_eq!(dialects(&settings), [Dialect::Snowflake; 2]);
}

#[test]
fn one_side_may_hold_nothing_but_not_both() {
    let repository = Repository::with(&[("README.md", "nothing of ours")]);
    let top = &repository.top;
    let (old, new) = (revision(top, "HEAD"), State::Folder(top.clone()));
    let nothing = WorkspacePair::load(&old, &new, &Overrides::default());
    let message = nothing.unwrap_err().to_string();
    assert!(message.contains("nothing to compare"), "{message}");
    repository.write("a.sql", "create table a as select 1 as x");
    assert_eq!(shown(&load(&old, &new)), ["a: - | x"]);
}
