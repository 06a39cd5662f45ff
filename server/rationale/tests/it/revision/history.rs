//! A history that moves on gives the files that each commit has.

use super::repository::Repository;
use super::{listed, text};
use index::system::Ignored;
use rationale::revision::{History, RevisionSystem};

#[cfg(unix)]
#[test]
fn at_each_commit_the_files_are_those_of_the_commit() {
    use std::os::unix::fs::symlink;
    let repository = Repository::with(&[("a.sql", "1"), ("folder/b.sql", "2"), ("c/d.sql", "3")]);
    let top = &repository.top;
    symlink("a.sql", top.join("link.sql")).unwrap();
    repository.commit("A link");
    repository.write("a.sql", "4");
    repository.commit("What the link leads to");
    repository.remove("folder/b.sql");
    std::fs::remove_dir(top.join("folder")).unwrap();
    repository.write("folder", "a file");
    repository.write("c/d.sql", "");
    repository.commit("A file in the place of a folder");
    std::fs::remove_file(top.join("link.sql")).unwrap();
    repository.write("link.sql", "no link");
    repository.write(".gitignore", "c/\n");
    repository.commit("A file in the place of a link, and one that is ignored");
    std::fs::remove_file(top.join("folder")).unwrap();
    repository.write("folder/e/f.sql", "5");
    repository.remove("a.sql");
    repository.write(".gitignore", "");
    repository.commit("Back");

    let mut history = History::open(top, 10).unwrap();
    let system = history.system();
    let mut commits = 0;
    let mut changed = Vec::new();
    while let Some(step) = history.advance().unwrap() {
        let now = RevisionSystem::open(top, &step.commit.id).unwrap();
        let files = listed(&now, top, Ignored::Skip);
        assert_eq!(
            listed(&system, top, Ignored::Skip),
            files,
            "{}",
            step.commit.subject
        );
        for file in files {
            let path = top.join(file);
            assert_eq!(text(&system, &path), text(&now, &path));
        }
        commits += 1;
        let paths = step
            .changed
            .iter()
            .map(|file| file.path.strip_prefix(top).unwrap());
        changed.push(
            paths
                .map(|path| path.to_str().unwrap().to_owned())
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(commits, 5);
    assert_eq!(changed[0], ["link.sql"]);
    assert_eq!(changed[1], ["a.sql", "link.sql"]);
    assert_eq!(changed[2], ["c/d.sql", "folder", "folder/b.sql"]);
}
