//! What a table is known by, as data that goes to the client and comes back.

use index::TableKey;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use syntax::Name;

/// A table that the workspace knows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct TableData {
    #[serde(skip_serializing_if = "Option::is_none")]
    project: Option<PathBuf>,
    source: bool,
    parts: Vec<String>,
}

impl TableData {
    /// The data of a key.
    pub(super) fn new(key: &TableKey) -> TableData {
        TableData {
            project: key.project.as_deref().map(PathBuf::from),
            source: key.is_source,
            parts: key.parts.iter().map(ToString::to_string).collect(),
        }
    }

    /// The key; none for what the server never said.
    pub(super) fn key(self) -> Option<TableKey> {
        (!self.parts.is_empty()).then(|| TableKey {
            project: self.project.map(Into::into),
            is_source: self.source,
            parts: self.parts.iter().map(Name::new).collect(),
        })
    }
}
