//! The lineage of models, from table to table of the workspace.

use crate::file::File;
use crate::relations::FileRelations;
use crate::snapshot::Snapshot;
use crate::table::{ModelId, TableKey};
use meaning::lineage::{Lineage, lineage};
use sql::facts::TableRef;
use sql::lower::Lowered;
use std::sync::Arc;

impl Snapshot {
    /// The lineage of a model, of a full refresh and an incremental run together; `None` for a seed,
    /// and where its text can't be read.
    pub fn lineage(&self, model: ModelId) -> Option<Arc<Lineage>> {
        let (relations, at) = self.relation(model)?;
        self.relations
            .lineage(model, &relations.full, || of_file(&relations, at))
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

/// The lineage of the query at `at`, of a full refresh and an incremental run together.
pub fn of_file(relations: &FileRelations, at: usize) -> Option<Lineage> {
    let full = of_query(relations.full.get(at)?);
    let incremental = relations.incremental.as_ref();
    Some(
        match incremental.and_then(|incremental| incremental.get(at)) {
            Some(incremental) => full.united(of_query(incremental)),
            None => full,
        },
    )
}

fn of_query(lowered: &Lowered) -> Lineage {
    lineage(&lowered.query, &|relation, column| {
        lowered.places.is_by_macro(relation, column)
    })
}
