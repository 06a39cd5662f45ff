//! Paths as numbers.

use crate::file::FileId;
use dashmap::DashMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The numbers given to paths so far. Filled from many threads at the start; a number is never
/// given back, so that a snapshot's numbers stay true.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    ids: DashMap<Arc<Path>, FileId>,
    next: AtomicU32,
}

impl Paths {
    /// The number of this path, given now if it has none.
    pub(crate) fn intern(&self, path: &Path) -> FileId {
        self.known(path).unwrap_or_else(|| {
            let number = || FileId(self.next.fetch_add(1, Ordering::Relaxed));
            *self.ids.entry(path.into()).or_insert_with(number)
        })
    }

    /// The number of this path, if it has one.
    pub(crate) fn known(&self, path: &Path) -> Option<FileId> {
        self.ids.get(path).map(|id| *id)
    }
}
