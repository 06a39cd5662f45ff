//! The outside world, as far as the index needs it.

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All that the index and what lies above it may ask of the outside world.
///
/// Paths are absolute. The real one lives in the program; tests use [`MemorySystem`].
pub trait System: Send + Sync + fmt::Debug {
    /// The whole content of a file.
    ///
    /// # Errors
    /// Whatever the file system says, [`io::ErrorKind::NotFound`] for a file that is not there.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The first bytes of a file, at most `limit`: enough for the header of a large data file.
    ///
    /// # Errors
    /// As [`System::read`].
    fn read_head(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>>;

    /// Every file below `folder`, sorted, at most `limit`. With `ignored`, files that version
    /// control ignores are listed too; hidden folders never are.
    fn walk(&self, folder: &Path, ignored: Ignored, limit: usize) -> Walk;

    /// Of what [`System::walk`] lists below `root`: the part at or below `path`. Costs what that
    /// part and the folders above it hold, not what the whole root does.
    fn walk_part(&self, root: &Path, path: &Path, ignored: Ignored) -> Walk;

    /// The day it is, as `YYYY-MM-DD` in UTC; `None` where there is no clock, as in tests.
    fn today(&self) -> Option<String> {
        None
    }

    /// Who writes in `folder`, as version control knows them; `None` where nobody says.
    fn author(&self, _folder: &Path) -> Option<String> {
        None
    }
}

/// Whether a walk lists what version control ignores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ignored {
    /// Leaves it out.
    Skip,
    /// Lists it, as for installed packages.
    List,
}

/// The files found by a walk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// Absolute paths, sorted.
    pub files: Vec<PathBuf>,
    /// There were more than the limit; the rest was not looked at.
    pub cut_off: bool,
}

/// Files in memory, for tests and for suites.
#[derive(Clone, Debug, Default)]
pub struct MemorySystem {
    files: Arc<Mutex<BTreeMap<PathBuf, Vec<u8>>>>,
}

impl MemorySystem {
    /// Files by absolute path.
    pub fn new<P: Into<PathBuf>, C: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (P, C)>,
    ) -> MemorySystem {
        let system = MemorySystem::default();
        for (path, content) in files {
            system.write(path, content);
        }
        system
    }

    /// Creates or replaces a file.
    pub fn write(&self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) {
        self.files().insert(path.into(), content.into());
    }

    /// Removes a file.
    pub fn remove(&self, path: &Path) {
        self.files().remove(path);
    }

    fn files(&self) -> MutexGuard<'_, BTreeMap<PathBuf, Vec<u8>>> {
        // A panic of another test thread while it held the lock leaves the map whole.
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl System for MemorySystem {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.files()
            .get(path)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn read_head(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        let mut content = self.read(path)?;
        content.truncate(limit);
        Ok(content)
    }

    fn walk(&self, folder: &Path, _: Ignored, limit: usize) -> Walk {
        let files = self.files();
        let mut below = files
            .keys()
            .filter(|path| path.starts_with(folder))
            .cloned();
        let found = below.by_ref().take(limit).collect();
        Walk {
            files: found,
            cut_off: below.next().is_some(),
        }
    }

    fn walk_part(&self, _: &Path, path: &Path, ignored: Ignored) -> Walk {
        self.walk(path, ignored, usize::MAX)
    }
}
