//! Diagnostics for clients that are told instead of asking. Nothing stale is ever published: what
//! was worked out for an earlier state than the last one asked for is dropped.

use super::diagnostics::Converted;
use super::outbox::{Message, Outbox};
use index::FileId;
use std::collections::BTreeMap;
use tower_lsp::ls_types::{Diagnostic, Uri};

/// What the client has been told, and what it is still to be told.
#[derive(Debug, Default)]
pub(super) struct Publisher {
    /// The generation that each file's findings were last asked for in.
    expected: BTreeMap<FileId, u64>,
    /// What the client shows of files that have any.
    shown: BTreeMap<FileId, Shown>,
}

#[derive(Debug, PartialEq)]
struct Shown {
    uri: Uri,
    version: Option<i32>,
    diagnostics: Vec<Diagnostic>,
}

impl Publisher {
    /// The findings of `file` are being worked out for `generation`.
    pub(super) fn expect(&mut self, file: FileId, generation: u64) {
        self.expected.insert(file, generation);
    }

    /// They have been worked out; published unless they are stale by now.
    pub(super) fn publish(&mut self, outbox: &Outbox, converted: Converted) {
        if self.expected.get(&converted.file) != Some(&converted.generation) {
            return;
        }
        let Converted {
            file,
            uri,
            version,
            diagnostics,
            ..
        } = converted;
        let shown = Shown {
            uri,
            version,
            diagnostics,
        };
        let before = self.shown.get(&file);
        if before.is_some_and(|before| before.uri != shown.uri) {
            self.clear(outbox, file);
        } else if version.is_none() && before == Some(&shown) {
            return;
        }
        outbox.say(Message::Diagnostics {
            uri: shown.uri.clone(),
            version,
            diagnostics: shown.diagnostics.clone(),
        });
        if shown.diagnostics.is_empty() {
            self.shown.remove(&file);
        } else {
            self.shown.insert(file, shown);
        }
    }

    /// The file is gone, or nothing is to be said of it any more.
    pub(super) fn clear(&mut self, outbox: &Outbox, file: FileId) {
        self.expected.remove(&file);
        if let Some(Shown { uri, .. }) = self.shown.remove(&file) {
            outbox.say(Message::Diagnostics {
                uri,
                version: None,
                diagnostics: Vec::new(),
            });
        }
    }

    /// The files that the client shows anything of.
    pub(super) fn shown(&self) -> impl Iterator<Item = &FileId> {
        self.shown.keys()
    }

    /// The workspace starts afresh, and its files get new numbers.
    pub(super) fn clear_all(&mut self, outbox: &Outbox) {
        let shown: Vec<FileId> = self.shown.keys().copied().collect();
        for file in shown {
            self.clear(outbox, file);
        }
        self.expected.clear();
    }
}
