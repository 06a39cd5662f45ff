//! The queries of models with every name resolved, made when they are asked for.
//!
//! What a query means depends on its file's text, on the columns of the tables that it mentions, and on
//! the macros, variables and configurations that its template asks. What was asked for on the way is
//! noted, so that what is kept is given again exactly as long as the answers are the same.

use crate::file::{File, FileId};
use crate::macros::Asked;
use crate::snapshot::Snapshot;
use crate::table::{ModelId, Table};
use dashmap::DashMap;
use meaning::lineage::Lineage;
use sql::facts::TableRef;
use sql::lower::{Catalog, Lowered, TableColumn, TableColumns};
use sql::relation::Body;
use sql::render::{FailureKind, Lookup};
use sql::{Options, Templating};
use std::collections::BTreeSet;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The queries of one file, in the order of the text.
#[derive(Clone, Debug)]
pub struct FileRelations {
    /// As a full refresh builds the tables.
    pub full: Arc<[Lowered]>,
    /// As an incremental run adds to them, where the template tells the two apart.
    pub incremental: Option<Arc<[Lowered]>>,
    /// How the template was read.
    pub reading: Reading,
}

/// What a template is rendered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// All rows are made anew.
    FullRefresh,
    /// Rows are added.
    Incremental,
}

impl FileRelations {
    /// The queries of a run; `None` where the template does not tell an incremental one apart.
    pub fn of(&self, run: Run) -> Option<&Arc<[Lowered]>> {
        match run {
            Run::FullRefresh => Some(&self.full),
            Run::Incremental => self.incremental.as_ref(),
        }
    }
}

/// How a template was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// There is none.
    Plain,
    /// It was rendered.
    Rendered,
    /// Its tags were masked: it can't be rendered, or what that gives can't be read.
    Masked,
    /// As [`Reading::Masked`], and its own syntax is broken, as while it is typed: what it gives is open.
    Broken,
}

/// What was lowered before. Shared by all snapshots of a workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relations {
    kept: Arc<DashMap<FileId, Kept>>,
    /// The queries of locks.
    pub(crate) locked: Arc<DashMap<FileId, crate::lock::LockedFile>>,
    /// Queries that mean what their lock says, and the hash of its text.
    pub(crate) as_locked: Arc<DashMap<crate::table::TableKey, (sql::relation::Query, u64)>>,
    /// The lineage of models, with the queries that it is of.
    lineages: Arc<DashMap<ModelId, OfQueries>>,
    /// How often a file was lowered.
    lowered: Arc<AtomicU64>,
}

/// The queries of a file, and what they were made from.
#[derive(Clone, Debug)]
struct Kept {
    text_hash: u64,
    options: Options,
    /// What the catalog was asked, and a hash of what it said.
    tables: Arc<[(TableRef, u64)]>,
    /// What the render asked.
    asked: Arc<Asked>,
    relations: FileRelations,
}

impl Relations {
    /// What outlives that all files are read anew: what tells by itself whether it still holds.
    pub(crate) fn to_be_read_anew(&self) -> Relations {
        Relations {
            kept: self.kept.clone(),
            lineages: self.lineages.clone(),
            lowered: self.lowered.clone(),
            ..Relations::default()
        }
    }

    /// The lineage of a model of a file with these queries, of which only the first time it is made.
    pub(crate) fn lineage(
        &self,
        model: ModelId,
        queries: &Arc<[Lowered]>,
        make: impl FnOnce() -> Option<Lineage>,
    ) -> Option<Arc<Lineage>> {
        let known = self.lineages.get(&model);
        if let Some(known) = known.filter(|known| Arc::ptr_eq(&known.0, queries)) {
            return Some(known.1.clone());
        }
        let lineage = Arc::new(make()?);
        if self.lineages.len() >= MOST_KEPT {
            self.lineages.clear();
        }
        let entry = (queries.clone(), lineage.clone());
        self.lineages.insert(model, entry);
        Some(lineage)
    }
}

/// A lineage and the queries that it is of.
type OfQueries = (Arc<[Lowered]>, Arc<Lineage>);

/// So many files are kept at most; then all are forgotten, which costs time and nothing else.
const MOST_KEPT: usize = 20_000;

impl Snapshot {
    /// The queries of a SQL file that give tables their rows; `None` where its text can't be read.
    pub fn relations(&self, file: &File) -> Option<FileRelations> {
        file.sql()?;
        let kept = self.relations.kept.get(&file.id).map(|kept| kept.clone());
        if let Some(kept) = kept.filter(|kept| self.is_current(file, kept)) {
            return Some(kept.relations);
        }
        let text = self.text(file)?;
        self.relations.lowered.fetch_add(1, Ordering::Relaxed);
        let catalog = Asking {
            snapshot: self,
            file,
            asked: Mutex::default(),
        };
        let (relations, asked) = self.lowered(file, &text, &catalog);
        if self.relations.kept.len() >= MOST_KEPT {
            self.relations.kept.clear();
        }
        let tables = catalog.asked.into_inner();
        let kept = Kept {
            text_hash: file.text_hash,
            options: self.sql_options(file),
            tables: tables.unwrap_or_else(PoisonError::into_inner).into(),
            asked: Arc::new(asked),
            relations: relations.clone(),
        };
        self.relations.kept.insert(file.id, kept);
        Some(relations)
    }

    /// The queries that a SQL file would have with another text, where `catalog` tells the columns of
    /// tables. Nothing of it is kept.
    pub fn relations_of(&self, file: &File, text: &str, catalog: &dyn Catalog) -> FileRelations {
        self.lowered(file, text, catalog).0
    }

    /// The columns of the table that a mention in `file` leads to, as queries are made with them.
    pub fn columns_in(&self, file: &File, table: &TableRef) -> Option<TableColumns> {
        self.columns_for(file, table)
    }

    /// How often a file's queries were made rather than given again, in this workspace.
    pub fn files_lowered(&self) -> u64 {
        self.relations.lowered.load(Ordering::Relaxed)
    }

    /// The query of a model, as the place of it among the queries of its file; `None` for a seed, and
    /// where the text can't be read.
    pub fn relation(&self, id: ModelId) -> Option<(FileRelations, usize)> {
        let (file, model) = self.model(id)?;
        let statement = file.range(model.statement);
        let relations = self.relations(file)?;
        let at = relations.full.iter().position(|lowered| {
            let own = lowered.places.statement;
            // Those that only touch are one behind the other.
            let common = own.intersect(statement);
            common.is_some_and(|common| !common.is_empty())
        });
        // What a macro makes all of stands at its tag, which may be no statement to the mask.
        let only = (relations.full.len() == 1 && id.ordinal == 0).then_some(0);
        let at = at.or(only)?;
        Some((relations, at))
    }

    /// The text that a template renders to in a full refresh; `None` where it is none, or can't be
    /// rendered.
    pub fn rendered(&self, file: &File) -> Option<sql::render::Rendered> {
        let text = self.text(file)?;
        sql::render::render(&text, &self.render_context(file)?).ok()
    }

    fn is_current(&self, file: &File, kept: &Kept) -> bool {
        let same_table =
            |(table, said): &(TableRef, u64)| hash(&self.columns_for(file, table)) == *said;
        kept.text_hash == file.text_hash
            && kept.options == self.sql_options(file)
            && self.is_answered_alike(file, &kept.asked)
            && kept.tables.iter().all(same_table)
    }

    /// How a SQL file is read: its dialect, and whether it is a template.
    pub fn sql_options(&self, file: &File) -> Options {
        crate::reader::options(&self.configurations, &self.projects, &file.path)
    }

    /// Renders and lowers, or, where that gives no query, masks and lowers; with what the render asked.
    fn lowered(&self, file: &File, text: &str, catalog: &dyn Catalog) -> (FileRelations, Asked) {
        let options = self.sql_options(file);
        let masked = |reading| FileRelations {
            full: sql::lower::lower(text, &options, catalog).into(),
            incremental: None,
            reading,
        };
        let context = match options.templating {
            Templating::Jinja => self.render_context(file),
            Templating::None => return (masked(Reading::Plain), Asked::Nothing),
        };
        let Some(context) = context else {
            return (masked(Reading::Masked), Asked::NoProject);
        };
        // What fails does not tell what it came to.
        let anything = || self.asked(file, None::<std::iter::Empty<&Lookup>>);
        let rendered = match sql::render::render(text, &context) {
            Ok(rendered) => rendered,
            Err(failure) if failure.kind == FailureKind::Syntax => {
                let mut full = sql::lower::lower(text, &options, catalog);
                full.iter_mut().for_each(sql::lower::forget_root);
                let relations = FileRelations {
                    full: full.into(),
                    incremental: None,
                    reading: Reading::Broken,
                };
                return (relations, anything());
            }
            Err(_) => return (masked(Reading::Masked), anything()),
        };
        let full: Arc<[Lowered]> = rendered.lower(options.dialect, catalog).into();
        if !full.iter().any(is_known) {
            let by_mask = masked(Reading::Masked);
            if by_mask.full.iter().any(is_known) {
                return (by_mask, self.asked(file, Some(rendered.looked_up.iter())));
            }
        }
        let mut relations = FileRelations {
            full,
            incremental: None,
            reading: Reading::Rendered,
        };
        if !rendered.asked_incremental {
            return (relations, self.asked(file, Some(rendered.looked_up.iter())));
        }
        let context = sql::render::RenderContext {
            is_incremental: true,
            ..context
        };
        let Ok(incremental) = sql::render::render(text, &context) else {
            return (relations, anything());
        };
        relations.incremental = Some(incremental.lower(options.dialect, catalog).into());
        let both: BTreeSet<&Lookup> = rendered
            .looked_up
            .iter()
            .chain(&incremental.looked_up)
            .collect();
        (relations, self.asked(file, Some(both.into_iter())))
    }

    /// The columns of the table that a mention in `file` leads to; `None` where nothing is known.
    fn columns_for(&self, file: &File, table: &TableRef) -> Option<TableColumns> {
        self.resolve(file, table).map(|table| columns(table))
    }
}

/// Whether anything is known of a query.
pub(crate) fn is_known(lowered: &Lowered) -> bool {
    !matches!(lowered.query.root().body, Body::Unknown { .. })
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
