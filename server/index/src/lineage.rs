//! The lineage of models, from table to table of the workspace.

use crate::file::File;
use crate::snapshot::Snapshot;
use crate::table::{ModelId, TableKey};
use meaning::lineage::{Lineage, lineage};
use sql::facts::TableRef;

impl Snapshot {
    /// The lineage of a model; `None` for a seed, and where its text can't be read.
    pub fn lineage(&self, model: ModelId) -> Option<Lineage> {
        let (relations, at) = self.relation(model)?;
        let lowered = relations.get(at)?;
        Some(lineage(&lowered.query, &|relation, column| {
            lowered.places.is_by_macro(relation, column)
        }))
    }

    /// The key of the table that a mention in `file` leads to; `None` where none does.
    pub fn table_key(&self, file: &File, table: &TableRef) -> Option<&TableKey> {
        self.resolve(file, table).map(|table| &table.key)
    }

    /// What people call the table that a mention in `file` leads to.
    pub fn table_name(&self, file: &File, table: &TableRef) -> String {
        match self.table_key(file, table) {
            Some(key) => key.to_string(),
            None => table.to_string(),
        }
    }
}
