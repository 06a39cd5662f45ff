//! Where branches parted, and what to do where that is not known.

use super::repository::{Repository, git};
use rationale::revision::{RevisionSystem, merge_base};
use std::path::{Path, PathBuf};

/// A repository whose branches `main` and `feature` parted at the commit that is given.
fn parted() -> (Repository, String) {
    let repository = Repository::with(&[("a.sql", "first")]);
    repository.write("a.sql", "second");
    let base = repository.commit("second");
    repository.git(&["switch", "--quiet", "--create", "feature"]);
    for content in ["third", "fourth"] {
        repository.write("a.sql", content);
        repository.commit(content);
    }
    repository.git(&["switch", "--quiet", "main"]);
    for content in ["fifth", "sixth"] {
        repository.write("b.sql", content);
        repository.commit(content);
    }
    repository.git(&["switch", "--quiet", "feature"]);
    (repository, base)
}

/// A clone of `repository` beside it, made with these options.
fn cloned(repository: &Repository, options: &[&str]) -> PathBuf {
    let folder = repository.beside("clone");
    let address = format!("file://{}", repository.top.to_str().unwrap());
    let mut arguments = vec!["clone", "--quiet"];
    arguments.extend(options);
    arguments.extend([address.as_str(), folder.to_str().unwrap()]);
    repository.git(&arguments);
    folder
}

fn message(folder: &Path, branch: &str) -> String {
    format!("{:#}", merge_base(folder, branch).unwrap_err())
}

/// Runs the command that a message names.
fn follow(folder: &Path, message: &str) {
    let command = message
        .split('`')
        .find_map(|quoted| quoted.strip_prefix("git "));
    let arguments: Vec<&str> = command.unwrap().split(' ').collect();
    git(folder, &arguments);
}

#[test]
fn it_is_where_the_branches_parted() {
    let (repository, base) = parted();
    let found = merge_base(&repository.top, "main").unwrap();
    assert_eq!(found.commit, base);
    assert_eq!(
        found.to_string(),
        format!("merge base of HEAD and main ({base:.10})")
    );
    let system = RevisionSystem::open(&repository.top, &found.commit).unwrap();
    let content = index::System::read(&system, &repository.top.join("a.sql"));
    assert_eq!(content.unwrap(), b"second");

    // A branch that was merged in since parted at the merge.
    let merged = repository.git(&["rev-parse", "main"]);
    repository.git(&["merge", "--quiet", "--no-edit", "main"]);
    let found = merge_base(&repository.top, "main").unwrap();
    assert_eq!(found.commit, merged);
    // A branch did not part from itself.
    let head = repository.git(&["rev-parse", "HEAD"]);
    let itself = merge_base(&repository.top, "feature").unwrap();
    assert_eq!(itself.commit, head);
}

#[test]
fn in_a_shallow_clone_the_message_says_how_to_get_it() {
    let (repository, base) = parted();
    let folder = cloned(&repository, &["--depth=1", "--no-single-branch"]);
    let before = RevisionSystem::open(&folder, "HEAD~2").unwrap_err();
    assert!(before.to_string().contains("`git fetch --unshallow`"));
    let said = message(&folder, "origin/main");
    assert!(said.contains("this clone is shallow"), "{said}");
    follow(&folder, &said);
    assert_eq!(merge_base(&folder, "origin/main").unwrap().commit, base);
    let before = RevisionSystem::open(&folder, "HEAD~2").unwrap();
    assert_eq!(before.revision().commit, base);
}

#[test]
fn a_branch_that_was_not_fetched_is_fetched_by_the_command_named() {
    let (repository, base) = parted();
    for (options, branch) in [
        (["--depth=1", "--branch=feature"], "main"),
        (["--depth=1", "--branch=feature"], "origin/main"),
        (["--single-branch", "--branch=feature"], "main"),
    ] {
        let folder = cloned(&repository, &options);
        let said = message(&folder, branch);
        assert!(said.contains("no revision"), "{said}");
        follow(&folder, &said);
        if options[0] == "--depth=1" {
            let said = message(&folder, "origin/main");
            assert!(said.contains("this clone is shallow"), "{said}");
            follow(&folder, &said);
        }
        assert_eq!(merge_base(&folder, "origin/main").unwrap().commit, base);
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
fn branches_without_a_common_commit_have_none() {
    let repository = Repository::with(&[("a.sql", "first")]);
    repository.git(&["switch", "--quiet", "--orphan", "other"]);
    repository.commit("another start");
    let said = message(&repository.top, "main");
    assert!(said.contains("no commit in common"), "{said}");
}

#[test]
fn a_file_that_a_partial_clone_left_out_is_named_and_can_be_fetched() {
    let (repository, base) = parted();
    repository.git(&["config", "uploadpack.allowFilter", "true"]);
    repository.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let folder = cloned(&repository, &["--filter=blob:none"]);
    let found = merge_base(&folder, "origin/main").unwrap();
    assert_eq!(found.commit, base);
    let opened = RevisionSystem::open(&folder, &found.commit);
    let said = format!("{:#}", opened.unwrap_err());
    assert!(said.contains("`a.sql` is missing"), "{said}");
    let command = said.split('`').find(|quoted| quoted.starts_with("git "));
    follow(&folder, &format!("`{}`", command.unwrap()));
    let system = RevisionSystem::open(&folder, &found.commit).unwrap();
    let content = index::System::read(&system, &folder.join("a.sql"));
    assert_eq!(content.unwrap(), b"second");
}
