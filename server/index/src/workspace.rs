//! The one writer: takes changes, and works out exactly what they reach.

mod absorb;
mod change;
mod layout;
mod loading;
mod settle;

pub use change::{Change, Reached};
pub use loading::Loading;

use crate::configuration::{Configurations, Overrides};
use crate::cycles::Upstream;
use crate::file::{Facts, FileId};
use crate::paths::Paths;
use crate::slots::Contribution;
use crate::snapshot::Snapshot;
use crate::system::{Ignored, System};
use crate::table::TableKey;
use layout::{Layout, layout_change};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::Name;

/// The workspace, with the right to change it.
#[derive(Clone, Debug)]
pub struct Workspace {
    state: Snapshot,
    pub(crate) editor: Overrides,
    /// Texts that an editor holds.
    pub(crate) open: BTreeMap<PathBuf, Arc<str>>,
    contributions: HashMap<FileId, Contribution>,
    /// The specs that name a SQL file by path, by every path that may be meant.
    waiting_for_path: HashMap<PathBuf, BTreeSet<FileId>>,
    upstream: Upstream,
    cyclic: BTreeSet<TableKey>,
    /// How many tables a table has upstream of it in a row, as far as known: upstream ones first.
    depth: HashMap<TableKey, usize>,
    /// What files admitted so far have changed, until loading ends.
    pending: Dirty,
    /// Paths changed since loading began: what was read of them before is old.
    changed_while_loading: HashSet<PathBuf>,
    /// How often everything was read anew: what was read before the last time is old too.
    loading: u64,
    /// Roots with more files than are looked at.
    cut_off: Vec<PathBuf>,
}

/// What has to be computed anew.
#[derive(Clone, Debug, Default)]
struct Dirty {
    names: BTreeSet<Name>,
    tables: BTreeSet<TableKey>,
    /// Names that a changed file mentions, or did: who reads them may be another one now.
    mentions: BTreeSet<Name>,
}

impl Workspace {
    /// A workspace of these folders, of which nothing has been read.
    pub fn new(system: Arc<dyn System>, roots: Vec<PathBuf>) -> Workspace {
        let configurations = Configurations::new(&roots, &BTreeMap::new(), &Overrides::default());
        Workspace {
            state: Snapshot {
                system,
                roots: roots.into(),
                paths: Arc::new(Paths::default()),
                files: Default::default(),
                tables: Default::default(),
                slots: Default::default(),
                products: Default::default(),
                configurations: Arc::new(configurations),
                projects: Default::default(),
                relations: Default::default(),
                macros: Default::default(),
                macro_generation: 0,
                is_surveyed: false,
                is_complete: false,
            },
            editor: Overrides::default(),
            open: BTreeMap::new(),
            contributions: HashMap::new(),
            waiting_for_path: HashMap::new(),
            upstream: HashMap::new(),
            cyclic: BTreeSet::new(),
            depth: HashMap::new(),
            pending: Dirty::default(),
            changed_while_loading: HashSet::new(),
            loading: 0,
            cut_off: Vec::new(),
        }
    }

    /// The state as it is now. Cheap: it copies pointers.
    pub fn snapshot(&self) -> Snapshot {
        self.state.clone()
    }

    /// The state as it would be after these changes, without making them.
    pub fn after(&self, changes: Vec<Change>) -> Snapshot {
        let mut other = self.clone();
        // What is kept is shared with the state that is real.
        other.state.relations = Default::default();
        other.state.macros = Default::default();
        other.apply(changes);
        other.state
    }

    /// Takes in changes and works out what they reach.
    pub fn apply(&mut self, changes: Vec<Change>) -> Reached {
        let mut reached = Reached::default();
        let mut dirty = Dirty::default();
        let mut layout = Layout::Same;
        for change in changes {
            let is_elsewhere = match &change {
                Change::Edited { path, .. } | Change::Closed { path } => self.is_elsewhere(path),
                Change::OnDisk { .. } | Change::Editor(_) => false,
            };
            if is_elsewhere {
                continue;
            }
            match change {
                Change::Edited { path, text } => {
                    self.open.insert(path.clone(), text);
                    layout = layout.max(self.look_again(&path, &mut dirty, &mut reached));
                }
                Change::Closed { path } => {
                    self.open.remove(&path);
                    layout = layout.max(self.look_again(&path, &mut dirty, &mut reached));
                }
                Change::OnDisk { path } => {
                    for path in self.at_or_below(&path) {
                        layout = layout.max(self.look_again(&path, &mut dirty, &mut reached));
                    }
                }
                Change::Editor(editor) => {
                    layout = layout.max(layout_change(&self.editor, &editor));
                    self.editor = editor;
                }
            }
        }
        match layout {
            Layout::Same => {}
            Layout::Levels => {
                self.configure();
                reached.everything = true;
            }
            Layout::Files => return self.load(),
        }
        self.settle(dirty, &mut reached);
        reached
    }

    /// The roots with more files than are looked at; the rest of them is not part of the workspace.
    pub fn cut_off(&self) -> &[PathBuf] {
        &self.cut_off
    }

    /// Whether a file that an editor has open is none of the workspace's: it adds nothing to it.
    fn is_elsewhere(&self, path: &Path) -> bool {
        let roots = &self.state.roots;
        let is_inside = roots.iter().any(|root| path.starts_with(root));
        !roots.is_empty() && !is_inside && !self.state.projects.is_outside_roots(path)
    }

    /// The files at `path`, or below it if it is or was a folder: those known, and those there now.
    fn at_or_below(&self, path: &Path) -> BTreeSet<PathBuf> {
        let roots = self
            .state
            .roots
            .iter()
            .filter(|root| path.starts_with(root));
        let part = |root: &PathBuf| self.state.system.walk_part(root, path, Ignored::Skip).files;
        let mut paths: BTreeSet<PathBuf> = roots.flat_map(part).collect();
        // A folder that is gone can't be told from a file that is, except by what was known below it.
        let is_file = paths.contains(path) || self.state.file_at(path).is_some();
        if !is_file {
            let known = self.state.files.values().map(|file| &*file.path);
            paths.extend(
                known
                    .filter(|known| known.starts_with(path))
                    .map(Path::to_owned),
            );
        }
        paths.insert(path.to_owned());
        paths
    }

    /// Puts the configurations together anew, from the files as they are known.
    fn configure(&mut self) {
        let files = self
            .state
            .files()
            .into_iter()
            .filter_map(|file| match &*file.facts {
                Facts::Configuration(configuration) => Some((
                    file.path.parent()?.to_owned(),
                    Arc::new(configuration.clone()),
                )),
                _ => None,
            });
        let configurations = Configurations::new(&self.state.roots, &files.collect(), &self.editor);
        self.state.configurations = Arc::new(configurations);
    }
}
