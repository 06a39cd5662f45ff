//! The queries of models with every name resolved, made when they are asked for.
//!
//! What a query means depends on its file's text and on the columns of the tables that it mentions.
//! The columns that a lowering asked for are noted, so that what is kept is given again exactly as
//! long as the answers are the same.

use crate::file::{File, FileId};
use crate::snapshot::Snapshot;
use crate::table::{ModelId, Table};
use dashmap::DashMap;
use sql::facts::TableRef;
use sql::lower::{Catalog, Lowered, TableColumn, TableColumns};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// The queries of one file, in the order of the text.
pub type FileRelations = Arc<[Lowered]>;

/// What was lowered before. Shared by all snapshots of a workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relations {
    kept: Arc<DashMap<FileId, Kept>>,
}

/// The queries of a file, and what they were made from.
#[derive(Clone, Debug)]
struct Kept {
    text_hash: u64,
    /// What the catalog was asked, and a hash of what it said.
    asked: Arc<[(TableRef, u64)]>,
    relations: FileRelations,
}

/// So many files are kept at most; then all are forgotten, which costs time and nothing else.
const MOST_KEPT: usize = 20_000;

impl Snapshot {
    /// The queries of a SQL file that give tables their rows; `None` where its text can't be read.
    pub fn relations(&self, file: &File) -> Option<FileRelations> {
        file.sql()?;
        let kept = self.relations.kept.get(&file.id).map(|kept| kept.clone());
        if let Some(kept) = kept.filter(|kept| kept.text_hash == file.text_hash)
            && (kept.asked.iter())
                .all(|(table, said)| hash(&self.columns_for(file, table)) == *said)
        {
            return Some(kept.relations);
        }
        let text = self.text(file)?;
        let catalog = Asking {
            snapshot: self,
            file,
            asked: Mutex::default(),
        };
        let options = crate::reader::options(&self.configurations, &self.projects, &file.path);
        let relations: FileRelations = sql::lower::lower(&text, &options, &catalog).into();
        if self.relations.kept.len() >= MOST_KEPT {
            self.relations.kept.clear();
        }
        let asked = catalog.asked.into_inner();
        let kept = Kept {
            text_hash: file.text_hash,
            asked: asked.unwrap_or_else(PoisonError::into_inner).into(),
            relations: relations.clone(),
        };
        self.relations.kept.insert(file.id, kept);
        Some(relations)
    }

    /// The query of a model; `None` for a seed, and where the text can't be read.
    pub fn relation(&self, id: ModelId) -> Option<(FileRelations, usize)> {
        let (file, model) = self.model(id)?;
        let statement = file.range(model.statement);
        let relations = self.relations(file)?;
        let at = relations
            .iter()
            .position(|lowered| lowered.places.statement.intersect(statement).is_some())?;
        Some((relations, at))
    }

    /// The columns of the table that a mention in `file` leads to; `None` where nothing is known.
    fn columns_for(&self, file: &File, table: &TableRef) -> Option<TableColumns> {
        self.resolve(file, table).map(|table| columns(table))
    }
}

/// The columns of a table as SQL can mention them.
pub fn columns(table: &Table) -> TableColumns {
    // Where all columns are known, one that only a spec names is not there.
    let there = |column: &&crate::Column| table.open || column.is_selected();
    let columns = table.columns.iter().filter(there);
    let columns = columns.map(|column| TableColumn {
        name: column.name.clone(),
        data_type: None,
    });
    TableColumns {
        columns: columns.collect(),
        open: table.open,
    }
}

/// The workspace as a catalog that notes what it is asked.
struct Asking<'s> {
    snapshot: &'s Snapshot,
    file: &'s File,
    asked: Mutex<Vec<(TableRef, u64)>>,
}

impl Catalog for Asking<'_> {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let columns = self.snapshot.columns_for(self.file, table);
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        if !asked.iter().any(|(known, _)| known == table) {
            asked.push((table.clone(), hash(&columns)));
        }
        columns
    }
}

fn hash(columns: &Option<TableColumns>) -> u64 {
    let mut hasher = DefaultHasher::new();
    columns.hash(&mut hasher);
    hasher.finish()
}
