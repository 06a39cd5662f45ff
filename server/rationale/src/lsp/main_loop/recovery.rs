//! What happens when the server fails on something: the files that it was at are set aside until
//! they change, and the rest of the workspace is read afresh.

use super::MainLoop;
use crate::lsp::outbox::Message;
use crate::lsp::workers::panic_message;
use index::Change;
use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use tower_lsp::ls_types::MessageType;

/// After so many failures in a row the workspace is no longer read afresh.
const MOST_FAILURES: u32 = 8;

/// Files that the server failed on.
#[derive(Debug, Default)]
pub(super) struct Recovery {
    /// Each with the reason.
    failures: BTreeMap<PathBuf, String>,
    /// Those that the client has not been told of, or that are no longer set aside.
    unpublished: BTreeSet<PathBuf>,
    /// What the workspace is being told of now.
    attempted: Option<Vec<PathBuf>>,
    in_a_row: u32,
}

impl Recovery {
    /// The workspace is about to be told of these changes.
    pub(super) fn attempt(&mut self, changes: &[Change]) {
        self.attempted = Some(
            changes
                .iter()
                .filter_map(path)
                .map(Path::to_owned)
                .collect(),
        );
    }

    /// That went well.
    pub(super) fn done(&mut self) {
        self.attempted = None;
    }

    /// The whole workspace has been read without a failure.
    pub(super) fn all_is_well(&mut self) {
        self.in_a_row = 0;
    }

    /// Whether a change is of a file that is set aside.
    pub(super) fn is_set_aside(&self, change: &Change) -> bool {
        path(change).is_some_and(|path| self.failures.contains_key(path))
    }

    /// Sets a file aside until it changes.
    pub(super) fn set_aside(&mut self, path: PathBuf, reason: String) {
        tracing::error!(
            "the server failed on {} and sets it aside: {reason}",
            path.display()
        );
        self.unpublished.insert(path.clone());
        self.failures.insert(path, reason);
    }

    /// A file has changed, so it gets another chance.
    pub(super) fn changed(&mut self, path: &Path) {
        if self.failures.remove(path).is_some() {
            self.unpublished.insert(path.to_owned());
        }
    }

    /// The files that are set aside, each with the reason.
    pub(super) fn failures(&self) -> &BTreeMap<PathBuf, String> {
        &self.failures
    }

    /// Files that the client has to be told of: set aside for a reason, or no longer.
    pub(super) fn unpublished(&mut self) -> Vec<(PathBuf, Option<String>)> {
        let paths = std::mem::take(&mut self.unpublished).into_iter();
        paths
            .map(|path| (path.clone(), self.failures.get(&path).cloned()))
            .collect()
    }
}

impl MainLoop {
    /// Something that was guarded has panicked.
    pub(super) fn recover(&mut self, name: &'static str, panic: &(dyn Any + Send)) {
        let reason = panic_message(panic);
        tracing::error!("the server failed at {name}: {reason}");
        // Only where the workspace was being changed may its state be in pieces.
        let Some(attempted) = self.recovery.attempted.take() else {
            return;
        };
        for path in attempted {
            self.recovery.set_aside(path, reason.clone());
        }
        self.recovery.in_a_row += 1;
        if self.recovery.in_a_row <= MOST_FAILURES {
            self.guarded("a fresh start after a failure", MainLoop::start_afresh);
        } else {
            let text = "Rationale failed too often and has stopped reading the workspace. Please report this, with its log.";
            self.outbox
                .say(Message::Show(MessageType::ERROR, text.to_owned()));
        }
    }
}

fn path(change: &Change) -> Option<&Path> {
    match change {
        Change::Edited { path, .. } | Change::Closed { path } | Change::OnDisk { path } => {
            Some(path)
        }
        Change::Editor(_) => None,
    }
}
