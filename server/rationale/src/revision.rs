//! A git revision as the outside world: its files stand where they do in the working tree, so that a
//! workspace read from it can be compared with the one on disk, file by file. The object store is
//! only read. Nothing is fetched, nothing is checked out, and no other program is started.

mod history;
mod ignored;
mod merge_base;
mod repository;
mod tree;

pub use history::{ChangedFile, Commit, CutOff, History, HistorySystem, Step};
pub use merge_base::{default_branch, merge_base, merge_base_between};

use crate::system::Disk;
use anyhow::{Result, bail};
use gix::{ObjectId, ThreadSafeRepository};
use ignored::IgnoreFiles;
use index::System;
use index::system::{Ignored, Walk};
use repository::Repository;
use std::fmt;
use std::io;
use std::path::{Component, Path, PathBuf};
use tree::Tree;

/// A commit, and what it was asked for by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// What a person called it: `main`, `v1.2`, `HEAD~1`.
    pub name: String,
    /// The whole name of the commit, in hexadecimal digits.
    pub commit: String,
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.commit.starts_with(&self.name) {
            return f.write_str(&self.name);
        }
        write!(f, "{} ({:.10})", self.name, self.commit)
    }
}

/// The files of one revision. They were listed when it was opened; each is read when asked for.
pub struct RevisionSystem {
    revision: Revision,
    repository: ThreadSafeRepository,
    /// The working tree, and the folder that was asked about, absolute.
    place: Place,
    tree: Tree,
    ignore_files: IgnoreFiles,
}

impl RevisionSystem {
    /// The files of `revision`, whatever git understands by it, in the repository that holds
    /// `folder`, an absolute path. The folder need not be part of the revision.
    ///
    /// # Errors
    /// No repository holds the folder, it has no such revision, or this clone lacks a part of it.
    /// The message says what to do.
    pub fn open(folder: &Path, revision: &str) -> Result<RevisionSystem> {
        let repository = Repository::around(folder)?;
        let commit = repository.commit(revision)?;
        let Repository { git, place } = repository;
        let mut system = RevisionSystem::of(git.clone(), &place, commit)?;
        system.revision.name = revision.to_owned();
        if let Some(missing) = system.tree.first_missing(&git, &place.inside) {
            bail!(
                "this clone does not hold all files of {}: `{}` is missing. `git archive \
                 --output=/dev/null {commit}` fetches them",
                system.revision,
                missing.display(),
            );
        }
        Ok(system)
    }

    /// The files of a commit, whether this clone holds their content or not.
    fn of(git: gix::Repository, place: &Place, commit: ObjectId) -> Result<RevisionSystem> {
        let tree = Tree::of(&git, commit)?;
        let commit = commit.to_string();
        Ok(RevisionSystem {
            revision: Revision {
                name: commit.clone(),
                commit,
            },
            place: place.clone(),
            ignore_files: IgnoreFiles::of(&git, &tree),
            repository: git.into_sync(),
            tree,
        })
    }

    /// Which revision it is.
    pub fn revision(&self) -> &Revision {
        &self.revision
    }

    fn blob(&self, path: &Path) -> io::Result<Vec<u8>> {
        let blob = self
            .place
            .in_tree(path)
            .and_then(|path| self.tree.blob(&path))
            .ok_or(io::ErrorKind::NotFound)?;
        // The handle of a thread: caches are its own.
        let repository = self.repository.to_thread_local();
        let mut blob = repository.find_blob(blob).map_err(io::Error::other)?;
        let content = std::mem::take(&mut blob.data);
        // What stands in for a file is not what it says.
        if content.starts_with(LARGE_FILE_POINTER) {
            return Err(io::Error::new(
                io::ErrorKind::Unsupported,
                "the revision holds a pointer of Git LFS in its place",
            ));
        }
        Ok(content)
    }
}

/// How a file begins that stands in for one kept elsewhere (Git LFS specification, "The Pointer").
const LARGE_FILE_POINTER: &[u8] = b"version https://git-lfs.github.com/spec/v1\n";

impl System for RevisionSystem {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.blob(path)
    }

    fn read_head(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        let mut content = self.blob(path)?;
        content.truncate(limit);
        Ok(content)
    }

    fn walk(&self, folder: &Path, ignored: Ignored, limit: usize) -> Walk {
        self.list(folder, folder, ignored, limit)
    }

    fn walk_part(&self, root: &Path, path: &Path, ignored: Ignored) -> Walk {
        self.list(root, path, ignored, usize::MAX)
    }

    /// The day it is now: a revision is looked at today.
    fn today(&self) -> Option<String> {
        Disk.today()
    }
}

impl RevisionSystem {
    /// Of what a walk over `folder` lists: the files at or below `part`.
    fn list(&self, folder: &Path, part: &Path, ignored: Ignored, limit: usize) -> Walk {
        let (Some(inside), Some(part)) = (self.place.in_tree(folder), self.place.in_tree(part))
        else {
            return Walk::default();
        };
        let mut listed = self
            .tree
            .below(&part)
            .filter_map(|path| Some((path, path.strip_prefix(&inside).ok()?)))
            .filter(|(_, below)| !is_hidden(below))
            .filter(|(path, below)| {
                ignored == Ignored::List || !self.ignore_files.leave_out(path, below)
            })
            // A join with nothing would end in a slash.
            .map(|(_, below)| match below.as_os_str().is_empty() {
                true => folder.to_owned(),
                false => folder.join(below),
            });
        let files = listed.by_ref().take(limit).collect();
        Walk {
            files,
            cut_off: listed.next().is_some(),
        }
    }
}

impl fmt::Debug for RevisionSystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RevisionSystem")
            .field("revision", &self.revision)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// Where a tree stands on disk.
#[derive(Clone, Debug)]
struct Place {
    /// The folder asked about, as it was spelled.
    folder: PathBuf,
    /// The way to it from the top of the working tree.
    inside: PathBuf,
    /// The top of the working tree.
    top: PathBuf,
}

impl Place {
    /// The path in the tree of an absolute one; `None` where it lies outside of the working tree.
    fn in_tree(&self, path: &Path) -> Option<PathBuf> {
        // The folder may be spelled through a link, and then does not start as the top does.
        if let Ok(below) = path.strip_prefix(&self.folder) {
            return Some(self.inside.join(below));
        }
        path.strip_prefix(&self.top).ok().map(Path::to_owned)
    }
}

/// Whether a folder on the way to a file, or itself, is hidden.
fn is_hidden(below: &Path) -> bool {
    below.components().any(|component| match component {
        Component::Normal(name) => name.as_encoded_bytes().starts_with(b"."),
        _ => false,
    })
}
