//! Two states of a workspace, to be compared: two folders, a folder and a revision of it, or two of
//! its revisions. Their files and tables are matched by where they lie below the root and by name.
//! What is compared about them is decided elsewhere.

mod installed;

use super::selection::note;
use crate::revision::{RevisionSystem, merge_base_between};
use crate::system::Disk;
use anyhow::{Result, bail};
use index::configuration::Overrides;
use index::{Change, Snapshot, System, Table, TableKey, Workspace};
pub(super) use installed::WithInstalled;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One state of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// As it is on disk, in this folder, an absolute path.
    Folder(PathBuf),
    /// As it was committed.
    Revision {
        /// The folder of the workspace, an absolute path in the working tree of a repository.
        folder: PathBuf,
        /// The revision, as git names it.
        revision: String,
    },
}

impl State {
    /// The two states of the workspace in `folder` that a range of git names: `A..B` is from `A` to
    /// `B`, `A...B` is from where `A` and `B` parted to `B`, and an end that is left out is HEAD.
    /// `None` for what is no range.
    ///
    /// # Errors
    /// Where the two parted can't be found out.
    pub fn of_range(folder: &Path, range: &str) -> Result<Option<[State; 2]>> {
        let named = |revision: &str| match revision {
            "" => "HEAD".to_owned(),
            revision => revision.to_owned(),
        };
        let (old, new) = if let Some((old, new)) = range.split_once("...") {
            let (old, new) = (named(old), named(new));
            (merge_base_between(folder, &old, &new)?.commit, new)
        } else if let Some((old, new)) = range.split_once("..") {
            (named(old), named(new))
        } else {
            return Ok(None);
        };
        let state = |revision| State::Revision {
            folder: folder.to_owned(),
            revision,
        };
        Ok(Some([state(old), state(new)]))
    }
}

/// Two states of a workspace, read.
#[derive(Debug)]
pub struct WorkspacePair {
    /// The earlier one.
    pub old: Side,
    /// The later one.
    pub new: Side,
}

/// A state of a workspace, read.
#[derive(Debug)]
pub struct Side {
    /// What people call it: a folder, or a revision.
    pub title: String,
    /// The folder of the workspace, absolute. For a revision, the one in the working tree.
    pub root: PathBuf,
    /// What is in it.
    pub snapshot: Snapshot,
}

/// A table of the one side, of the other, or of both.
#[derive(Clone, Copy, Debug)]
pub struct TablePair<'p> {
    /// As it was; `None` where it is new.
    pub old: Option<&'p Arc<Table>>,
    /// As it is; `None` where it is gone.
    pub new: Option<&'p Arc<Table>>,
}

impl WorkspacePair {
    /// Reads both. `settings` go before what either workspace says of itself.
    ///
    /// # Errors
    /// A revision can't be read, or there is nothing to compare in either.
    pub fn load(old: &State, new: &State, settings: &Overrides) -> Result<WorkspacePair> {
        let pair = WorkspacePair {
            old: Side::load(old, settings)?,
            new: Side::load(new, settings)?,
        };
        let is_empty = |side: &Side| side.snapshot.files().is_empty();
        match (is_empty(&pair.old), is_empty(&pair.new)) {
            (true, true) => bail!(
                "there is nothing to compare in {} and {}: no `*.spec.yaml`, no `dbt_project.yml` \
                 and no `*.sql`",
                pair.old.title,
                pair.new.title
            ),
            (true, false) => note(&format!("there is nothing in {}", pair.old.title)),
            (false, true) => note(&format!("there is nothing in {}", pair.new.title)),
            (false, false) => {}
        }
        Ok(pair)
    }

    /// The tables of both, in the order of their keys as seen from the roots. Tables of installed
    /// packages are left out: nobody changes them here.
    pub fn tables(&self) -> Vec<TablePair<'_>> {
        let mut pairs: BTreeMap<TableKey, TablePair<'_>> = BTreeMap::new();
        for (key, table) in self.old.tables() {
            let none = TablePair {
                old: None,
                new: None,
            };
            pairs.entry(key).or_insert(none).old = Some(table);
        }
        for (key, table) in self.new.tables() {
            let none = TablePair {
                old: None,
                new: None,
            };
            pairs.entry(key).or_insert(none).new = Some(table);
        }
        pairs.into_values().collect()
    }
}

impl Side {
    /// Reads it. `settings` go before what the workspace says of itself.
    ///
    /// # Errors
    /// The revision can't be read.
    pub fn load(state: &State, settings: &Overrides) -> Result<Side> {
        let (root, title, system): (_, _, Arc<dyn System>) = match state {
            State::Folder(folder) => (folder, folder.display().to_string(), Arc::new(Disk)),
            State::Revision { folder, revision } => {
                let system = RevisionSystem::open(folder, revision)?;
                let title = system.revision().to_string();
                (folder, title, Arc::new(WithInstalled::new(system)))
            }
        };
        let mut workspace = Workspace::new(system, vec![root.clone()]);
        workspace.apply(vec![Change::Editor(settings.clone())]);
        // Settings that decide how files are read have had them read already.
        if !workspace.snapshot().is_complete() {
            workspace.load();
        }
        if !workspace.cut_off().is_empty() {
            note(&format!(
                "{title} holds too many files; not all were looked at"
            ));
        }
        Ok(Side {
            title,
            root: root.clone(),
            snapshot: workspace.snapshot(),
        })
    }

    /// The way to `path` from the root, which is the same on both sides.
    pub fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// Its own tables, by their keys as seen from the root.
    fn tables(&self) -> impl Iterator<Item = (TableKey, &Arc<Table>)> {
        let own = |table: &&Arc<Table>| {
            let project = table.key.project.as_ref();
            let project = project.and_then(|folder| self.snapshot.projects().project(folder));
            !project.is_some_and(|project| project.is_package)
        };
        self.snapshot.tables().into_iter().filter(own).map(|table| {
            let mut key = table.key.clone();
            key.project = key.project.map(|folder| self.relative(&folder).into());
            (key, table)
        })
    }
}
