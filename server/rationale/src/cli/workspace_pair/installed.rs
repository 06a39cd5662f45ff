//! A revision with the dbt packages that are installed in the working tree. They are hardly ever
//! committed; without them, what a model takes from a package would be unknown on one side only, and
//! that would look like a change.

use crate::system::Disk;
use index::System;
use index::system::{Ignored, Walk};
use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

/// A revision, or a history of them, and folders of installed packages on disk.
#[derive(Debug)]
pub(in crate::cli) struct WithInstalled<S> {
    revision: S,
    /// The folders asked for as installed of which the revision holds nothing.
    on_disk: RwLock<BTreeSet<PathBuf>>,
}

impl<S: System> WithInstalled<S> {
    pub(in crate::cli) fn new(revision: S) -> WithInstalled<S> {
        WithInstalled {
            revision,
            on_disk: RwLock::default(),
        }
    }

    /// What `read` gives for the revision; for an installed file that it lacks, for the disk.
    fn either<T>(&self, path: &Path, read: impl Fn(&dyn System) -> io::Result<T>) -> io::Result<T> {
        match read(&self.revision) {
            Err(error) if error.kind() == ErrorKind::NotFound && self.is_on_disk(path) => {
                read(&Disk)
            }
            result => result,
        }
    }

    fn is_on_disk(&self, path: &Path) -> bool {
        // Folders are only ever added whole, so a panic elsewhere leaves the set as it should be.
        let folders = self.on_disk.read().unwrap_or_else(PoisonError::into_inner);
        folders.iter().any(|folder| path.starts_with(folder))
    }
}

impl<S: System> System for WithInstalled<S> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.either(path, |system| system.read(path))
    }

    fn read_head(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        self.either(path, |system| system.read_head(path, limit))
    }

    fn walk(&self, folder: &Path, ignored: Ignored, limit: usize) -> Walk {
        let walk = self.revision.walk(folder, ignored, limit);
        // Only what is installed is asked for in this way.
        if ignored == Ignored::Skip || !walk.files.is_empty() {
            return walk;
        }
        let mut folders = self.on_disk.write().unwrap_or_else(PoisonError::into_inner);
        folders.insert(folder.to_owned());
        Disk.walk(folder, ignored, limit)
    }

    fn walk_part(&self, root: &Path, path: &Path, ignored: Ignored) -> Walk {
        self.revision.walk_part(root, path, ignored)
    }

    fn today(&self) -> Option<String> {
        self.revision.today()
    }
}
