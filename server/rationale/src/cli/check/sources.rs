//! The texts that findings point into, read again for the report: closed files keep facts only.

use index::{FileId, Snapshot};
use std::collections::BTreeMap;
use std::sync::Arc;
use syntax::LineIndex;

/// The texts of some files, each read when it is first asked for.
#[derive(Debug)]
pub(super) struct Sources<'s> {
    snapshot: &'s Snapshot,
    read: BTreeMap<FileId, Option<Arc<Source>>>,
}

/// A text and its lines.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) text: Arc<str>,
    pub(super) lines: LineIndex,
}

impl<'s> Sources<'s> {
    /// Of `snapshot`; nothing is read yet.
    pub(super) fn new(snapshot: &'s Snapshot) -> Sources<'s> {
        Sources {
            snapshot,
            read: BTreeMap::new(),
        }
    }

    /// The text of a file; `None` where it can't be read, or is another one by now.
    pub(super) fn source(&mut self, id: FileId) -> Option<Arc<Source>> {
        let snapshot = self.snapshot;
        let read = self.read.entry(id).or_insert_with(|| {
            let text = snapshot.text(snapshot.file(id)?)?;
            let lines = LineIndex::new(&text);
            Some(Arc::new(Source { text, lines }))
        });
        read.clone()
    }
}
