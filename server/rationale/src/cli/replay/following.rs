//! A workspace that follows a history: read once, and from commit to commit only what each one reaches.

use crate::cli::compare::{Models, Sides, is_same_text, macros};
use crate::cli::models::{Model, of_file_in, of_snapshot};
use crate::cli::workspace_pair::WithInstalled;
use crate::revision::{History, Step};
use anyhow::Result;
use index::configuration::{DialectChoice, Overrides};
use index::{Change, File, FileKind, ModelId, Reached, Snapshot, SqlRole, TableKey, Workspace};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The workspace at a commit of the history, with all models lowered.
pub(super) struct Following {
    workspace: Workspace,
    models: Models,
    /// The tables that go by one name, as in two projects of one repository.
    of_name: BTreeMap<Arc<str>, BTreeSet<TableKey>>,
}

/// What a commit did to the workspace.
pub(super) struct Followed {
    /// The models before and after. Those to be compared are those that may differ.
    pub(super) sides: Sides,
    /// A file of SQL that makes tables came, went or changed.
    pub(super) touches_sql: bool,
}

impl Following {
    /// Reads the workspace in the folder `root` as it was before the history.
    pub(super) fn new(history: &History, root: &Path) -> Result<Following> {
        let system = Arc::new(WithInstalled::new(history.system()));
        let mut workspace = Workspace::new(system, vec![root.to_owned()]);
        // A dialect that is found from a sample may be another one from commit to commit, and every
        // model would look changed.
        let settings = Overrides {
            dialect: dialect(history, root)?.map(DialectChoice::Given),
            ..Overrides::default()
        };
        workspace.apply(vec![Change::Editor(settings)]);
        if !workspace.snapshot().is_complete() {
            workspace.load();
        }
        let mut following = Following {
            workspace,
            models: Models::default(),
            of_name: BTreeMap::new(),
        };
        following.lower_all();
        Ok(following)
    }

    /// The workspace as it is now.
    pub(super) fn snapshot(&self) -> Snapshot {
        self.workspace.snapshot()
    }

    /// Whether there is any SQL that makes a table.
    pub(super) fn has_models(&self) -> bool {
        !self.models.by_name.is_empty()
    }

    /// Follows a step that the history has gone.
    pub(super) fn follow(&mut self, step: &Step) -> Followed {
        let before = self.snapshot();
        let paths = step.changed.iter().map(|file| file.path.clone());
        let reached = match step.anew {
            true => self.workspace.load(),
            false => {
                let changes = paths.map(|path| Change::OnDisk { path });
                self.workspace.apply(changes.collect())
            }
        };
        let after = self.snapshot();
        let role = |path: &PathBuf| {
            let role = |snapshot: &Snapshot| match snapshot.file_at(path)?.kind {
                FileKind::Sql(role) => Some(role),
                _ => None,
            };
            role(&after).or_else(|| role(&before))
        };
        let roles = step.changed.iter().filter_map(|file| role(&file.path));
        let roles: BTreeSet<SqlRole> = roles.collect();
        let old = self.models.clone();
        if reached.everything || roles.contains(&SqlRole::Macro) {
            self.lower_all();
        } else {
            self.lower(&before, &after, &reached);
        }
        let mut sides = Sides {
            old,
            new: self.models.clone(),
        };
        let compared = self.may_differ(&sides);
        sides.new.compared = compared;
        sides.old.compared = Vec::new();
        Followed {
            sides,
            touches_sql: roles.iter().any(|role| *role != SqlRole::Reader),
        }
    }

    /// Lowers every model; those of which nothing changed are kept.
    fn lower_all(&mut self) {
        let snapshot = self.snapshot();
        self.of_name = BTreeMap::new();
        self.models = Models {
            macros: macros(&snapshot),
            snapshot: Some(snapshot.clone()),
            ..Models::default()
        };
        for (_, model, is_quiet) in of_snapshot(&snapshot) {
            if let Some(table) = model.table(&snapshot) {
                let keys = self.of_name.entry(model.name.as_str().into());
                keys.or_default().insert(table.key.clone());
            }
            self.models.add(model, !is_quiet);
        }
    }

    /// Lowers the models of the tables that were reached.
    fn lower(&mut self, before: &Snapshot, after: &Snapshot, reached: &Reached) {
        self.models.snapshot = Some(after.clone());
        let mut names: BTreeSet<Arc<str>> = BTreeSet::new();
        // Where a text changed and no name in it, no table was reached, but the meaning may be another.
        let edited = [before, after].into_iter().flat_map(|snapshot| {
            let files = reached.files.iter().filter_map(|id| snapshot.file(*id));
            files.flat_map(|file| tables_in(snapshot, file))
        });
        let keys: BTreeSet<&TableKey> = reached.tables.iter().chain(edited).collect();
        for key in keys {
            let name: Arc<str> = key.to_string().as_str().into();
            let has_model = |snapshot: &Snapshot| {
                let table = snapshot.table(key);
                table.is_some_and(|table| !table.models.is_empty())
            };
            let keys = self.of_name.entry(name.clone()).or_default();
            match has_model(after) {
                true => keys.insert(key.clone()),
                false => keys.remove(key),
            };
            if has_model(after) || has_model(before) {
                names.insert(name);
            }
        }
        let models: Vec<(Arc<str>, Option<Model>)> = names
            .into_par_iter()
            .map(|name| {
                let model = self.model_called(after, &name);
                (name, model)
            })
            .collect();
        for (name, model) in models {
            match model {
                Some(model) => self.models.by_name.insert(name, Arc::new(model)),
                None => self.models.by_name.remove(&name),
            };
        }
    }

    /// The first model, in the order of paths, of the tables of one name.
    fn model_called(&self, snapshot: &Snapshot, name: &str) -> Option<Model> {
        let keys = self.of_name.get(name)?.iter();
        let tables = keys.filter_map(|key| snapshot.table(key));
        let files = tables.flat_map(|table| &table.models);
        let files: BTreeMap<&Path, _> = files
            .filter_map(|id| snapshot.file(id.file))
            .map(|file| (&*file.path, file))
            .collect();
        let mut models = files
            .into_values()
            .flat_map(|file| of_file_in(snapshot, file));
        let (_, model, _) = models.find(|(_, model, _)| model.name == name)?;
        Some(model)
    }

    /// The names of models of which anything differs that their meaning is made from.
    fn may_differ(&self, sides: &Sides) -> Vec<Arc<str>> {
        let (old, new) = (&sides.old.by_name, &sides.new.by_name);
        let names: BTreeSet<&Arc<str>> = old.keys().chain(new.keys()).collect();
        let differs = |name: &&Arc<str>| {
            let (was, now) = (old.get(*name), new.get(*name));
            match (was, now) {
                (Some(was), Some(now)) => {
                    let is_kept = Arc::ptr_eq(was, now)
                        || was.is_unchanged(now)
                        || is_same_text(sides, was, now) && was.query() == now.query();
                    !is_kept && !is_quiet(sides, now) && is_same_table(sides, was, now)
                }
                _ => was.or(now).is_some_and(|model| !is_quiet(sides, model)),
            }
        };
        names.into_iter().filter(differs).cloned().collect()
    }
}

/// The tables that a file makes.
fn tables_in<'s>(snapshot: &'s Snapshot, file: &File) -> impl Iterator<Item = &'s TableKey> {
    let file_id = file.id;
    let count = file.sql().map_or(0, |facts| facts.models.len()) as u32;
    let ids = (0..count).map(move |ordinal| ModelId {
        file: file_id,
        ordinal,
    });
    ids.filter_map(|id| Some(&snapshot.table_of_model(id)?.key))
}

/// Whether a model is there only to be understood, in the version that has it.
fn is_quiet(sides: &Sides, model: &Model) -> bool {
    let snapshots = [&sides.new.snapshot, &sides.old.snapshot];
    let mut files = snapshots
        .into_iter()
        .filter_map(|snapshot| model.file(snapshot.as_ref()?));
    files.next().is_some_and(|file| file.quiet)
}

/// Whether two models of one name make one table: not two of different projects.
fn is_same_table(sides: &Sides, old: &Model, new: &Model) -> bool {
    let was = sides
        .old
        .snapshot
        .as_ref()
        .and_then(|snapshot| old.table(snapshot));
    let now = sides
        .new
        .snapshot
        .as_ref()
        .and_then(|snapshot| new.table(snapshot));
    was.zip(now).is_some_and(|(was, now)| was.key == now.key)
}

/// The dialect that all SQL is read in: the one of the newest commit, where it is one.
fn dialect(history: &History, root: &Path) -> Result<Option<sql::Dialect>> {
    let system = Arc::new(history.newest()?);
    let mut workspace = Workspace::new(system, vec![root.to_owned()]);
    // Which files there are is enough to find it out.
    workspace.begin_loading();
    let snapshot = workspace.snapshot();
    let projects = snapshot.projects();
    let own = projects.all().filter(|project| !project.is_package);
    let mut dialects: BTreeSet<&str> = own.map(|project| project.dialect.dialect.name()).collect();
    if dialects.is_empty() {
        let outside = projects.dialect(&root.join("any.sql"));
        dialects.insert(outside.dialect.name());
    }
    let mut dialects = dialects.into_iter();
    Ok(match (dialects.next(), dialects.next()) {
        (Some(only), None) => only.parse().ok(),
        _ => None,
    })
}
