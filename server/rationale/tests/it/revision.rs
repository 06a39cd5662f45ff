//! The files of a git revision, against what the program `git` put there.

mod errors;
mod history;
mod merge_base;
pub(crate) mod repository;

use index::System;
use index::system::Ignored;
use rationale::revision::RevisionSystem;
use rationale::system::Disk;
use repository::{Repository, git};
use std::io::ErrorKind;
use std::path::Path;

/// What a walk lists, from `folder`, with forward slashes.
fn listed(system: &dyn System, folder: &Path, ignored: Ignored) -> Vec<String> {
    let walk = system.walk(folder, ignored, 100);
    assert!(!walk.cut_off);
    let names = walk.files.iter().map(|path| {
        let path = path.strip_prefix(folder).unwrap();
        path.to_str().unwrap().replace('\\', "/")
    });
    names.collect()
}

fn text(system: &dyn System, path: &Path) -> String {
    String::from_utf8(system.read(path).unwrap()).unwrap()
}

fn open(folder: &Path, revision: &str) -> RevisionSystem {
    RevisionSystem::open(folder, revision).unwrap()
}

#[test]
fn a_revision_is_what_was_committed_then() {
    let repository = Repository::with(&[
        ("models/changed.sql", "select 1 as a"),
        ("models/removed.sql", "select 2 as b"),
        ("models/old_name.sql", "select 3 as c"),
    ]);
    repository.write("models/changed.sql", "select 10 as a");
    repository.write("models/added.sql", "select 4 as d");
    repository.remove("models/removed.sql");
    repository.git(&["mv", "models/old_name.sql", "models/new_name.sql"]);
    repository.commit("second");
    // What is only in the working tree is part of no revision.
    repository.write("models/changed.sql", "select 100 as a");
    repository.write("models/untracked.sql", "select 5 as e");

    let top = &repository.top;
    let before = open(top, "HEAD~1");
    assert_eq!(
        listed(&before, top, Ignored::Skip),
        [
            "models/changed.sql",
            "models/old_name.sql",
            "models/removed.sql"
        ]
    );
    let now = open(top, "HEAD");
    assert_eq!(
        listed(&now, top, Ignored::Skip),
        [
            "models/added.sql",
            "models/changed.sql",
            "models/new_name.sql"
        ]
    );
    let changed = top.join("models/changed.sql");
    assert_eq!(text(&before, &changed), "select 1 as a");
    assert_eq!(text(&now, &changed), "select 10 as a");
    assert_eq!(
        text(&before, &top.join("models/old_name.sql")),
        text(&now, &top.join("models/new_name.sql"))
    );
    assert_eq!(now.read_head(&changed, 6).unwrap(), b"select");
    for gone in ["models/removed.sql", "models/untracked.sql", "models", ""] {
        let error = now.read(&top.join(gone)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound, "{gone}");
    }
    assert_eq!(now.today(), Disk.today());
}

#[test]
fn a_revision_is_named_as_git_names_it() {
    let repository = Repository::with(&[("a.sql", "first")]);
    let first = repository.git(&["rev-parse", "HEAD"]);
    repository.git(&["tag", "light", "HEAD"]);
    repository.git(&["tag", "--annotate", "heavy", "-m", "a tag with a text"]);
    repository.git(&["branch", "feature/one"]);
    repository.write("a.sql", "second");
    let second = repository.commit("second");
    let short = format!("{second:.8}");

    let path = repository.top.join("a.sql");
    for (name, commit, content) in [
        ("HEAD", &second, "second"),
        ("@", &second, "second"),
        ("main", &second, "second"),
        ("refs/heads/main", &second, "second"),
        (&short, &second, "second"),
        (&second, &second, "second"),
        ("HEAD~1", &first, "first"),
        ("HEAD^", &first, "first"),
        ("main@{1}", &first, "first"),
        ("light", &first, "first"),
        ("heavy", &first, "first"),
        ("feature/one", &first, "first"),
    ] {
        let system = open(&repository.top, name);
        assert_eq!(&system.revision().commit, commit, "{name}");
        assert_eq!(text(&system, &path), content, "{name}");
    }
    let shown = |name: &str| open(&repository.top, name).revision().to_string();
    assert_eq!(shown("main"), format!("main ({second:.10})"));
    assert_eq!(shown(&short), short);
}

#[test]
fn a_folder_inside_of_the_repository_is_one_too() {
    let repository = Repository::with(&[
        ("a.sql", "above"),
        ("project/models/b.sql", "inside"),
        ("project2/c.sql", "beside"),
    ]);
    let folder = repository.top.join("project");
    let system = open(&folder, "HEAD");
    assert_eq!(listed(&system, &folder, Ignored::Skip), ["models/b.sql"]);
    assert_eq!(text(&system, &folder.join("models/b.sql")), "inside");
    // A dbt project may name a folder above its own.
    assert_eq!(text(&system, &repository.top.join("a.sql")), "above");
    let elsewhere = repository.beside("elsewhere");
    assert!(listed(&system, &elsewhere, Ignored::Skip).is_empty());
    let outside = system.read(&elsewhere.join("a.sql")).unwrap_err();
    assert_eq!(outside.kind(), ErrorKind::NotFound);

    // Made since: in the working tree, and not in the revision.
    let new = repository.top.join("new");
    std::fs::create_dir(&new).unwrap();
    assert!(listed(&open(&new, "HEAD"), &new, Ignored::Skip).is_empty());
}

#[test]
fn a_walk_is_the_one_over_the_disk() {
    let repository = Repository::with(&[
        (".gitignore", "*.tmp.sql\n/generated/\n"),
        (".hidden/a.sql", ""),
        ("a.sql", ""),
        ("a/.gitignore", "!kept.tmp.sql\nold/\n"),
        ("a/.b.sql", ""),
        ("a/b.sql", ""),
        ("a/kept.tmp.sql", ""),
        ("a/left.tmp.sql", ""),
        ("a/old/c.sql", ""),
        ("a-b/d.sql", ""),
        ("generated/e.sql", ""),
        ("sub/generated/f.sql", ""),
    ]);
    let top = &repository.top;
    std::fs::write(top.join(".git/info/exclude"), "f.sql\n").unwrap();
    let system = open(top, "HEAD");
    assert_eq!(
        listed(&system, top, Ignored::Skip),
        ["a/b.sql", "a/kept.tmp.sql", "a-b/d.sql", "a.sql"]
    );
    for ignored in [Ignored::Skip, Ignored::List] {
        for folder in [
            "",
            "a",
            "a/old",
            "generated",
            "sub",
            ".hidden",
            "a.sql",
            "gone",
        ] {
            let folder = match folder {
                "" => top.clone(),
                folder => top.join(folder),
            };
            let of_revision = system.walk(&folder, ignored, 100);
            let of_disk = Disk.walk(&folder, ignored, 100);
            assert_eq!(of_revision, of_disk, "{ignored:?} {}", folder.display());
            let part = system.walk_part(top, &folder, ignored);
            let part_of_disk = Disk.walk_part(top, &folder, ignored);
            assert_eq!(part, part_of_disk, "{ignored:?} {}", folder.display());
        }
    }
    let some = system.walk(top, Ignored::Skip, 2);
    assert_eq!((some.files.len(), some.cut_off), (2, true));
}

#[test]
fn content_is_kept_byte_by_byte() {
    let repository = Repository::with(&[
        ("crlf.sql", "select 1\r\nas a\r\n".as_bytes()),
        ("latin1.sql", b"select '\xe9'"),
        ("empty.sql", b""),
        ("a name with spaces \u{e9}.sql", b"x"),
    ]);
    let top = &repository.top;
    let system = open(top, "HEAD");
    for file in Disk.walk(top, Ignored::Skip, 100).files {
        assert_eq!(system.read(&file).unwrap(), Disk.read(&file).unwrap());
    }
    assert_eq!(system.walk(top, Ignored::Skip, 100).files.len(), 4);
}

#[test]
fn a_pointer_to_a_large_file_is_not_taken_for_the_file() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n";
    let repository = Repository::with(&[("seeds/a.csv", pointer)]);
    let path = repository.top.join("seeds/a.csv");
    let error = open(&repository.top, "HEAD").read_head(&path, 100);
    assert!(error.unwrap_err().to_string().contains("Git LFS"));
}

#[test]
fn packed_objects_and_references_are_read_too() {
    let repository = Repository::with(&[("a.sql", "select 0".repeat(200))]);
    for version in 1..20 {
        let content = format!("{}{version}", "select 0".repeat(200));
        repository.write("a.sql", content);
        repository.commit(&version.to_string());
    }
    repository.git(&["branch", "packed", "HEAD~10"]);
    repository.git(&["gc", "--quiet", "--aggressive", "--prune=now"]);
    assert!(!repository.top.join(".git/refs/heads/packed").exists());
    let path = repository.top.join("a.sql");
    let system = open(&repository.top, "packed");
    assert!(text(&system, &path).ends_with("select 09"));
    // From many threads at once, as a workspace is read.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert!(text(&system, &path).ends_with("select 09")));
        }
    });
}

#[test]
fn a_linked_working_tree_has_the_revisions_of_its_repository() {
    let repository = Repository::with(&[("models/a.sql", "first")]);
    repository.write("models/a.sql", "second");
    repository.commit("second");
    let tree = repository.beside("tree");
    repository.git(&[
        "worktree",
        "add",
        "--quiet",
        "--detach",
        tree.to_str().unwrap(),
        "HEAD~1",
    ]);
    assert!(tree.join(".git").is_file());
    let path = tree.join("models/a.sql");
    let models = tree.join("models");
    assert_eq!(text(&open(&models, "HEAD"), &path), "first");
    assert_eq!(text(&open(&models, "main"), &path), "second");

    // The same of a repository that has no working tree of its own.
    let bare = repository.beside("bare.git");
    let (bare_path, other) = (bare.to_str().unwrap(), repository.beside("other"));
    repository.git(&["clone", "--quiet", "--bare", ".", bare_path]);
    let arguments = [
        "worktree",
        "add",
        "--quiet",
        other.to_str().unwrap(),
        "main",
    ];
    git(&bare, &arguments);
    let system = open(&other, "HEAD~1");
    assert_eq!(text(&system, &other.join("models/a.sql")), "first");
}

#[test]
fn a_submodule_is_a_repository_of_its_own() {
    let inner = Repository::with(&[("b.sql", "inner")]);
    let repository = Repository::with(&[("a.sql", "outer")]);
    let address = inner.top.to_str().unwrap();
    repository.git(&["submodule", "--quiet", "add", address, "packages/inner"]);
    repository.commit("with a submodule");
    let system = open(&repository.top, "HEAD");
    assert_eq!(listed(&system, &repository.top, Ignored::List), ["a.sql"]);
    let folder = repository.top.join("packages/inner");
    assert_eq!(text(&open(&folder, "HEAD"), &folder.join("b.sql")), "inner");
}

#[cfg(unix)]
#[test]
fn links_are_followed_as_on_disk() {
    use std::os::unix::fs::symlink;
    let repository = Repository::new();
    let top = &repository.top;
    repository.write("shared/a.sql", "shared");
    repository.write("w/deep/b.sql", "deep");
    std::fs::write(repository.beside("outside.sql"), "outside").unwrap();
    for (target, link) in [
        ("../shared/a.sql", "w/a.sql"),
        ("a.sql", "w/twice.sql"),
        ("deep", "w/folder"),
        ("folder/b.sql", "w/through.sql"),
        ("circle2", "w/circle1"),
        ("circle1", "w/circle2"),
        ("gone.sql", "w/dangling.sql"),
        ("../../outside.sql", "w/out.sql"),
        (top.join("shared/a.sql").to_str().unwrap(), "w/absolute.sql"),
    ] {
        symlink(target, top.join(link)).unwrap();
    }
    repository.commit("with links");
    let system = open(top, "HEAD");
    let folder = top.join("w");
    let of_revision = listed(&system, &folder, Ignored::Skip);
    assert_eq!(
        of_revision,
        ["a.sql", "deep/b.sql", "through.sql", "twice.sql"]
    );
    // On disk there are those besides that lead out of the revision.
    let mut of_disk = listed(&Disk, &folder, Ignored::Skip);
    of_disk.retain(|path| !["absolute.sql", "out.sql"].contains(&path.as_str()));
    assert_eq!(of_revision, of_disk);
    for path in &of_revision {
        let path = folder.join(path);
        assert_eq!(text(&system, &path), text(&Disk, &path));
    }
    assert_eq!(text(&system, &folder.join("folder/b.sql")), "deep");

    // The folder itself may be spelled through a link.
    let link = repository.beside("link");
    symlink(&folder, &link).unwrap();
    let system = open(&link, "HEAD");
    assert_eq!(listed(&system, &link, Ignored::Skip), of_revision);
    assert_eq!(text(&system, &link.join("deep/b.sql")), "deep");
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_passed_over() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let repository = Repository::new();
    repository.write("a.sql", "x");
    let odd = repository.top.join(OsStr::from_bytes(b"b\xff"));
    std::fs::create_dir(&odd).unwrap();
    std::fs::write(odd.join("c.sql"), "x").unwrap();
    std::fs::write(repository.top.join(OsStr::from_bytes(b"\xe9.sql")), "x").unwrap();
    repository.commit("odd names");
    let system = open(&repository.top, "HEAD");
    assert_eq!(listed(&system, &repository.top, Ignored::Skip), ["a.sql"]);
}
