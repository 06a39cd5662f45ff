//! What happens to a workspace, and what that reaches.

use crate::configuration::Overrides;
use crate::file::FileId;
use crate::table::TableKey;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use syntax::Name;

/// Something that happened to the workspace.
#[derive(Clone, Debug)]
pub enum Change {
    /// An editor opened a file or typed in it; from here on its text counts, not that on disk.
    Edited {
        /// The file.
        path: PathBuf,
        /// All of its text.
        text: Arc<str>,
    },
    /// An editor closed a file; what is on disk counts again.
    Closed {
        /// The file.
        path: PathBuf,
    },
    /// Something may have been created, changed or deleted on disk.
    OnDisk {
        /// A file or a folder.
        path: PathBuf,
    },
    /// The editor's settings changed.
    Editor(Overrides),
}

/// What changes reach: exactly what must be checked anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    /// Files whose text changed, or that came or went.
    pub files: BTreeSet<FileId>,
    /// Those among them that say something else than before, or came or went: of the others the text
    /// alone has changed.
    pub changed: BTreeSet<FileId>,
    /// Tables that changed, or came or went, and those that such a file defines, describes or
    /// mentions.
    pub tables: BTreeSet<TableKey>,
    /// Products that such a file is part of.
    pub products: BTreeSet<Name>,
    /// The workspace was read anew, or its settings changed: everything.
    pub everything: bool,
    /// How many files' facts were computed.
    pub facts_computed: usize,
    /// How many tables were joined.
    pub tables_resolved: usize,
}

impl Reached {
    /// Adds what other changes reach.
    pub fn add(&mut self, other: Reached) {
        self.files.extend(other.files);
        self.changed.extend(other.changed);
        self.tables.extend(other.tables);
        self.products.extend(other.products);
        self.everything |= other.everything;
        self.facts_computed += other.facts_computed;
        self.tables_resolved += other.tables_resolved;
    }
}
