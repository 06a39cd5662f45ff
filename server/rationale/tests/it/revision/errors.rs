//! What is said where a revision can't be had.

use super::repository::Repository;
use crate::program::Folder;
use rationale::revision::RevisionSystem;
use std::path::Path;

fn message(folder: &Path, revision: &str) -> String {
    format!("{:#}", RevisionSystem::open(folder, revision).unwrap_err())
}

#[test]
fn a_folder_in_no_repository_has_no_revisions() {
    let folder = Folder::with(&[("a.sql", "select 1")]);
    assert_eq!(
        message(&folder.0, "HEAD"),
        format!(
            "{} is in no git repository, so it has no history",
            folder.0.display()
        )
    );
    let gone = message(&folder.0.join("gone"), "HEAD");
    assert!(gone.contains("gone can't be looked at"), "{gone}");
}

#[test]
fn a_repository_without_a_commit_has_none_either() {
    let repository = Repository::new();
    let said = message(&repository.top, "HEAD");
    assert!(said.contains("has no commit yet"), "{said}");
}

#[test]
fn a_bare_repository_has_no_folder_to_look_at() {
    let repository = Repository::with(&[("a.sql", "select 1")]);
    let bare = repository.beside("bare.git");
    repository.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    let said = message(&bare, "HEAD");
    assert!(said.contains("bare git repository"), "{said}");
}

#[test]
fn a_misspelled_revision_finds_the_likely_one() {
    let repository = Repository::with(&[("a.sql", "select 1")]);
    repository.git(&["branch", "feature/orders"]);
    repository.git(&["tag", "v1.2"]);
    let origin = "refs/remotes/origin/develop";
    repository.git(&["update-ref", origin, "HEAD"]);
    for (revision, meant) in [
        ("mian", "main"),
        ("feature/order", "feature/orders"),
        ("orders", "feature/orders"),
        ("v1.3", "v1.2"),
        ("develop", "origin/develop"),
    ] {
        assert_eq!(
            message(&repository.top, revision),
            format!(
                "there is no revision `{revision}` in the git repository at {}; did you mean \
                 `{meant}`?",
                repository.top.display()
            )
        );
    }
    for revision in [
        "HEAD~7",
        "nothing-like-it",
        "0123456789abcdef",
        "",
        "main:b.sql",
        "a b",
        "..",
        "^",
        "@{",
    ] {
        let said = message(&repository.top, revision);
        let expected = "`git branch --all` and `git tag` list what there is";
        assert!(said.contains(expected), "{revision}: {said}");
    }
}

#[test]
fn what_is_no_commit_is_no_revision() {
    let repository = Repository::with(&[("models/a.sql", "select 1")]);
    for (object, kind) in [("HEAD:models", "tree"), ("HEAD:models/a.sql", "blob")] {
        let said = message(&repository.top, object);
        let expected = format!("`{object}` is no commit but a {kind}");
        assert!(said.contains(&expected), "{said}");
    }
    let range = message(&repository.top, "HEAD..main");
    assert!(range.contains("no revision"), "{range}");
}

#[test]
fn a_beginning_that_many_objects_share_is_too_short() {
    let repository = Repository::with(&[("a.sql", "select 1")]);
    // Of 1,500 names made of hexadecimal digits, two share the first four for all but certain; the
    // commits are the same on every run, and so are their names.
    let mut seen = std::collections::BTreeSet::new();
    let mut shared = None;
    let mut stream = String::new();
    for number in 0..1500 {
        stream.push_str(&format!(
            "commit refs/heads/many\nmark :{}\ncommitter T <t@example.com> {number} +0000\ndata 1\nx\n",
            number + 1
        ));
    }
    repository.write("stream", stream);
    let input = std::fs::File::open(repository.top.join("stream")).unwrap();
    let status = std::process::Command::new("git")
        .args(["fast-import", "--quiet"])
        .current_dir(&repository.top)
        .stdin(input)
        .status()
        .unwrap();
    assert!(status.success());
    for commit in repository.git(&["rev-list", "many"]).lines() {
        let beginning = format!("{commit:.4}");
        if !seen.insert(beginning.clone()) {
            shared = Some(beginning);
        }
    }
    let said = message(&repository.top, &shared.unwrap());
    assert!(said.contains("write more of it"), "{said}");
}

#[test]
fn a_repository_kept_in_a_way_that_is_not_read_is_not_taken_for_an_empty_one() {
    for (key, value, expected) in [
        ("refStorage", "reftable", "`git refs migrate"),
        ("objectFormat", "sha256", "can't be opened"),
    ] {
        let repository = Repository::with(&[("a.sql", "select 1")]);
        // Versions of git that can't make such a repository can still be used for this test.
        let config = repository.top.join(".git/config");
        let mut settings = std::fs::read_to_string(&config).unwrap();
        settings.push_str("[core]\nrepositoryFormatVersion = 1\n");
        settings.push_str(&format!("[extensions]\n{key} = {value}\n"));
        std::fs::write(config, settings).unwrap();
        let said = message(&repository.top, "HEAD");
        assert!(said.contains(expected), "{said}");
    }
}
