//! Locks of the workspace: which one belongs to a spec, and the queries in it, read as SQL.

use crate::ModelId;
use crate::configuration::Settings;
use crate::file::File;
use crate::snapshot::Snapshot;
use crate::table::{Table, TableKey};
use meaning::canonical::{Step, Written, WrittenColumn, WrittenRows, written};
use spec::lock::{ColumnLock, Lock, RowsLock, StepLock, TableLock};
use sql::facts::{TableName, TableRef};
use sql::lower::{NoCatalog, lower};
use sql::relation::{Body, Query, Rest};
use sql::{Dialect, Options, Templating};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::Name;

/// The queries of a lock, and the text that they were read from.
#[derive(Clone, Debug)]
pub(crate) struct LockedFile {
    text_hash: u64,
    dialect: Dialect,
    /// By the name of the table, in lower case.
    queries: Arc<BTreeMap<String, Arc<Query>>>,
}

/// What a table meant when it was locked.
#[derive(Clone, Debug)]
pub struct Locked<'s> {
    /// The lock.
    pub file: &'s File,
    /// What it says of the table.
    pub entry: &'s TableLock,
    /// The same as a query. It has no columns of which the lock doesn't know what they mean; `None`
    /// where nothing can be made of it.
    pub query: Option<Arc<Query>>,
}

/// The path of the lock beside a spec.
pub fn lock_path(spec: &Path) -> PathBuf {
    spec.with_extension("lock")
}

/// The paths of the specs that a lock may stand beside.
pub(crate) fn spec_paths(lock: &Path) -> Vec<PathBuf> {
    match lock.extension().is_some_and(|of| of == "lock") {
        true => vec![lock.with_extension("yaml"), lock.with_extension("yml")],
        false => Vec::new(),
    }
}

/// Whether a file is the lock of a spec that would be ours.
pub(crate) fn is_lock(path: &Path, settings: &Settings) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| name.ends_with(".spec.lock"))
        || spec_paths(path).iter().any(|spec| settings.is_spec(spec))
}

impl Snapshot {
    /// The lock beside a native spec.
    pub fn lock_of(&self, spec: &File) -> Option<&File> {
        let lock = self.file_at(&lock_path(&spec.path))?;
        (spec.native_spec().is_some() && lock.lock().is_some()).then_some(lock)
    }

    /// The native spec that says where the lock of a table is: the first that describes it and has one
    /// that knows the table, else the first that describes it.
    pub fn locking_spec(&self, table: &Table) -> Option<&File> {
        let native = || {
            let described = table.descriptions.iter();
            described
                .filter_map(|id| self.description(*id))
                .map(|(file, _)| file)
                .filter(|file| file.native_spec().is_some())
        };
        let name = table.key.to_string();
        let knows = |file: &&File| {
            let lock = self.lock_of(file).and_then(File::lock);
            lock.is_some_and(|lock| lock.table(&name).is_some())
        };
        native().find(knows).or_else(|| native().next())
    }

    /// What a table meant when it was locked; `None` for a table that no lock knows.
    pub fn locked(&self, table: &Table) -> Option<Locked<'_>> {
        let file = self.lock_of(self.locking_spec(table)?)?;
        self.locked_as(file, &table.key.to_string())
    }

    /// The table that a lock of the workspace knows by this name, whether or not there still is one.
    pub fn locked_anywhere(&self, name: &str) -> Option<Locked<'_>> {
        let files = self.files().into_iter();
        let mut locks = files.filter(|file| file.lock().is_some());
        locks.find_map(|file| self.locked_as(file, name))
    }

    /// What a lock says of the table that it knows by this name.
    pub fn locked_in(&self, lock: &File, name: &str) -> Option<Locked<'_>> {
        self.locked_as(lock, name)
    }

    /// Whether this query of a table was found to mean what this lock says, whatever other models are.
    pub fn is_as_locked(&self, key: &TableKey, query: &Query, lock: &File) -> bool {
        let known = self.relations.as_locked.get(key);
        known.is_some_and(|known| known.1 == lock.text_hash && known.0 == *query)
    }

    /// Whether some query of a table was found to mean what its lock says, whatever other models are.
    pub fn was_as_locked(&self, key: &TableKey) -> bool {
        self.relations.as_locked.contains_key(key)
    }

    /// The locks that stand beside no spec any more, in the order of their paths.
    pub fn stray_locks(&self) -> Vec<&File> {
        let has_spec = |lock: &File| {
            let mut specs = spec_paths(&lock.path).into_iter();
            specs.any(|path| self.file_at(&path).is_some())
        };
        let mut files = self.files();
        files.retain(|file| file.lock().is_some() && !has_spec(file));
        files
    }

    /// Whether there is any lock.
    pub fn has_locks(&self) -> bool {
        self.files.values().any(|file| file.lock().is_some())
    }

    /// Notes that a query of a table means what a lock says, whatever other models are: they read the
    /// same tables.
    pub fn note_as_locked(&self, key: &TableKey, query: &Query, lock: &File) {
        let known = (query.clone(), lock.text_hash);
        self.relations.as_locked.insert(key.clone(), known);
    }

    /// Forgets what was noted of a table.
    pub fn forget_as_locked(&self, key: &TableKey) {
        self.relations.as_locked.remove(key);
    }

    /// The conditions that an incremental run of a model has besides those of a full refresh, as a lock
    /// writes them; none where the two differ in more than that. The model's own table is `this`.
    pub fn incremental_filter(&self, model: ModelId, dialect: Dialect) -> Vec<String> {
        let Some((relations, at)) = self.relation(model) else {
            return Vec::new();
        };
        let incremental = relations.incremental.as_ref();
        let (Some(full), Some(incremental)) = (
            relations.full.get(at),
            incremental.and_then(|own| own.get(at)),
        ) else {
            return Vec::new();
        };
        let Some(file) = self.file(model.file) else {
            return Vec::new();
        };
        let rows = |query: &Query| {
            let mut query = query.clone();
            query.rename_tables(&|table| {
                Some(match self.table_key(file, table) {
                    Some(key) => plain(key.parts.clone()),
                    None if *table == TableRef::Unknown => plain(vec![Name::new("this")]),
                    None => return None,
                })
            });
            let written = written(&query, dialect);
            written.is_whole.then_some((written.steps, written.rows))
        };
        let (Some((steps, mut full)), Some((own_steps, mut rows))) =
            (rows(&full.query), rows(&incremental.query))
        else {
            return Vec::new();
        };
        let usual = std::mem::take(&mut full.filter);
        let mut filter = std::mem::take(&mut rows.filter);
        if full != rows || steps != own_steps || !usual.iter().all(|one| filter.contains(one)) {
            return Vec::new();
        }
        filter.retain(|one| !usual.contains(one));
        filter
    }

    fn locked_as(&self, file: &File, name: &str) -> Option<Locked<'_>> {
        let file = self.file(file.id)?;
        let entry = file.lock()?.table(name)?;
        let queries = self.locked_queries(file)?;
        Some(Locked {
            file,
            entry,
            query: queries.get(&name.to_ascii_lowercase()).cloned(),
        })
    }

    fn locked_queries(&self, file: &File) -> Option<Arc<BTreeMap<String, Arc<Query>>>> {
        let lock = file.lock()?;
        let dialect = self.lock_dialect(file);
        let known = self.relations.locked.get(&file.id);
        if let Some(known) =
            known.filter(|known| known.text_hash == file.text_hash && known.dialect == dialect)
        {
            return Some(known.queries.clone());
        }
        let queries = lock.tables.iter().filter_map(|table| {
            let query = query_of(table, dialect)?;
            Some((table.name.to_ascii_lowercase(), Arc::new(query)))
        });
        let queries = Arc::new(queries.collect::<BTreeMap<_, _>>());
        let kept = LockedFile {
            text_hash: file.text_hash,
            dialect,
            queries: queries.clone(),
        };
        self.relations.locked.insert(file.id, kept);
        Some(queries)
    }

    /// The dialect of the SQL in a lock: the one that it names, else that of its folder.
    pub fn lock_dialect(&self, file: &File) -> Dialect {
        let named = file.lock().and_then(|lock| lock.dialect.as_deref());
        let named = named.and_then(|name| name.parse().ok());
        named.unwrap_or_else(|| self.projects.dialect(&file.path).dialect)
    }
}

/// The query that an entry of a lock tells; `None` where it can't be read as one.
pub fn query_of(table: &TableLock, dialect: Dialect) -> Option<Query> {
    let written = written_of(table)?;
    let options = Options {
        dialect,
        templating: Templating::None,
    };
    let mut lowered = lower(&written.sql(dialect), &options, &NoCatalog);
    if lowered.len() != 1 {
        return None;
    }
    let mut query = lowered.pop()?.query;
    if matches!(query.root().body, Body::Unknown { .. }) {
        return None;
    }
    let is_closed = table.rest.as_ref().is_some_and(Vec::is_empty);
    if let Some(root) = query.relations.get_mut(query.root.0 as usize)
        && !is_closed
    {
        root.open = true;
        query.rest = table.rest.as_ref().map(|rest| {
            let mut rest: Vec<Rest> = rest.iter().map(|name| plain_rest(name)).collect();
            rest.sort();
            rest
        });
    }
    Some(query)
}

/// The same entry for what an incremental run adds: its own conditions are among those of the rows.
pub fn added_by_run(table: &TableLock) -> TableLock {
    let mut added = table.clone();
    if let Some(rows) = &mut added.rows {
        rows.filter.append(&mut added.incremental);
    }
    added
}

fn plain_rest(name: &str) -> Rest {
    Rest {
        table: plain(name.split('.').map(Name::new).collect()),
        changes: Vec::new(),
    }
}

fn plain(parts: Vec<Name>) -> TableRef {
    TableRef::Named(TableName { parts })
}

/// What a lock is to say of a query: what does not mean the same when it is read back is not known.
pub fn entry_of(name: &str, query: &Query, dialect: Dialect) -> TableLock {
    let mut entry = lock_of_written(name, written(query, dialect));
    let root = query.root();
    if root.open {
        entry.rest = query.rest.as_ref().and_then(|rest| {
            let plain = rest.iter().map(|rest| {
                let is_plain = rest.changes.is_empty() && rest.table != TableRef::Unknown;
                is_plain.then(|| rest.table.to_string())
            });
            plain.collect()
        });
    }
    verified(entry, query, dialect)
}

/// The entry without what does not survive being read.
fn verified(mut entry: TableLock, query: &Query, dialect: Dialect) -> TableLock {
    let meant = meaning::canonical::canonical(query);
    let back = query_of(&entry, dialect);
    let read = back.as_ref().map(meaning::canonical::canonical);
    let is_exact = |rows: &meaning::canonical::RowsMeaning| {
        rows.is_known() && read.as_ref().is_some_and(|read| read.rows == *rows)
    };
    for column in &mut entry.columns {
        let is = |other: &&meaning::canonical::ColumnMeaning| {
            other.name.as_ref() == Some(&Name::new(&column.name))
        };
        let meant = meant.columns.iter().find(is);
        let read = read.as_ref().and_then(|read| read.columns.iter().find(is));
        let survives = match (meant, read) {
            (Some(meant), Some(read)) => {
                meant.meaning.is_known()
                    && meant.meaning == read.meaning
                    && meant.data_type == read.data_type
            }
            _ => false,
        };
        if !survives {
            column.means = None;
            column.data_type = None;
        }
    }
    if !is_exact(&meant.rows) {
        entry.rows = None;
        entry.steps = Vec::new();
        // Without inputs no value can be read.
        for column in &mut entry.columns {
            column.means = None;
            column.data_type = None;
        }
    }
    entry
}

fn lock_of_written(name: &str, written: Written) -> TableLock {
    let steps = written.steps.into_iter().map(|step| StepLock {
        name: step.name,
        rows: rows_lock(step.rows),
        columns: step.columns,
    });
    let columns = written.columns.into_iter().map(|column| ColumnLock {
        name: column.name,
        means: column.value,
        data_type: column.data_type,
        by: None,
        place: None,
    });
    TableLock {
        name: name.to_owned(),
        steps: steps.collect(),
        rows: written.is_whole.then(|| rows_lock(written.rows)),
        rest: Some(Vec::new()),
        columns: columns.collect(),
        ..TableLock::default()
    }
}

fn written_of(table: &TableLock) -> Option<Written> {
    let steps = table.steps.iter().map(|step| Step {
        name: step.name.clone(),
        rows: written_rows(&step.rows),
        columns: step.columns.clone(),
    });
    let columns = table.columns.iter().map(|column| WrittenColumn {
        name: column.name.clone(),
        value: column.means.clone(),
        data_type: column.data_type.clone(),
    });
    Some(Written {
        steps: steps.collect(),
        rows: written_rows(table.rows.as_ref()?),
        columns: columns.collect(),
        is_whole: true,
    })
}

fn rows_lock(rows: WrittenRows) -> RowsLock {
    RowsLock {
        from: rows.from,
        joins: rows.joins,
        filter: rows.filter,
        group: rows.group,
        having: rows.having,
        qualify: rows.qualify,
        distinct: rows.distinct,
        order: rows.order,
        limit: rows.limit,
        offset: rows.offset,
        set: rows.set,
        branches: rows.branches,
        values: rows.values,
        recursive: rows.recursive,
    }
}

fn written_rows(rows: &RowsLock) -> WrittenRows {
    let rows = rows.clone();
    WrittenRows {
        from: rows.from,
        joins: rows.joins,
        filter: rows.filter,
        group: rows.group,
        having: rows.having,
        qualify: rows.qualify,
        distinct: rows.distinct,
        order: rows.order,
        limit: rows.limit,
        offset: rows.offset,
        set: rows.set,
        branches: rows.branches,
        values: rows.values,
        recursive: rows.recursive,
    }
}

/// The lock that a text is, with both sides of a merge that was not finished.
pub fn locks_in(text: &str) -> Vec<Lock> {
    let sides = spec::lock::sides(text).into_iter();
    sides.map(|side| spec::lock::decode(&side).facts).collect()
}
