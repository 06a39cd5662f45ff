//! The one writer: takes changes, and works out exactly what they reach.

use crate::configuration::{ConfigurationFile, Configurations, Overrides};
use crate::contribution::{contribution, model_paths, models};
use crate::cycles::{Upstream, upstream_first};
use crate::file::{Facts, File, FileId, FileKind};
use crate::paths::Paths;
use crate::reader::{Loaded, Reader};
use crate::resolve;
use crate::slots::Contribution;
use crate::snapshot::Snapshot;
use crate::survey::survey;
use crate::system::{Ignored, System};
use crate::table::{ModelId, TableKey};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::Name;

/// The workspace, with the right to change it.
#[derive(Debug)]
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
    /// Roots with more files than are looked at.
    cut_off: Vec<PathBuf>,
}

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
    /// Tables that changed, or came or went, and those that such a file defines or describes.
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

/// The files to read at the start.
#[derive(Debug)]
pub struct Loading {
    /// Paths in the order in which they are to be read: those open in the editor first.
    pub batches: Vec<Vec<PathBuf>>,
    /// What reads them, on any thread.
    pub reader: Reader,
    /// Roots with more files than are looked at.
    pub cut_off: Vec<PathBuf>,
}

/// What has to be computed anew.
#[derive(Clone, Debug, Default)]
struct Dirty {
    names: BTreeSet<Name>,
    tables: BTreeSet<TableKey>,
}

/// How many files are read before what they say is told.
const BATCH: usize = 64;

/// The stack of threads that parse: nested input takes what it takes.
pub const STACK_SIZE: usize = 64 * 1024 * 1024;

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
            cut_off: Vec::new(),
        }
    }

    /// The state as it is now. Cheap: it copies pointers.
    pub fn snapshot(&self) -> Snapshot {
        self.state.clone()
    }

    /// Reads everything, on all cores, and waits for it.
    pub fn load(&mut self) -> Reached {
        let loading = self.begin_loading();
        let paths: Vec<&PathBuf> = loading.batches.iter().flatten().collect();
        let read = || {
            paths
                .par_iter()
                .filter_map(|path| loading.reader.read(path))
                .collect::<Vec<Loaded>>()
        };
        let loaded = match rayon::ThreadPoolBuilder::new()
            .stack_size(STACK_SIZE)
            .build()
        {
            Ok(pool) => pool.install(read),
            // Without threads of our own the common ones do: only hostile files need the stack.
            Err(_) => read(),
        };
        let mut reached = self.admit(loaded);
        reached.add(self.finish_loading());
        reached
    }

    /// Looks at which files there are and how they are configured, and forgets all else. What is to
    /// be read then is read by [`Loading::reader`] and handed to [`Workspace::admit`].
    pub fn begin_loading(&mut self) -> Loading {
        let survey = survey(
            &*self.state.system,
            &self.state.roots,
            &self.open,
            &self.editor,
        );
        let paths = self.state.paths.clone();
        let system = self.state.system.clone();
        let open = std::mem::take(&mut self.open);
        let editor = std::mem::take(&mut self.editor);
        let roots = self.state.roots.to_vec();
        *self = Workspace {
            open,
            editor,
            ..Workspace::new(system, roots)
        };
        self.state.paths = paths;
        self.state.configurations = survey.configurations;
        self.state.projects = survey.projects;
        self.cut_off = survey.cut_off.clone();
        let (open, closed): (Vec<PathBuf>, Vec<PathBuf>) = survey
            .files
            .into_iter()
            .partition(|path| self.open.contains_key(path));
        let open = open.into_iter().filter_map(|path| {
            let text = self.open.get(&path)?;
            self.reader().open(&path, text)
        });
        let open: Vec<Loaded> = open.collect();
        for Loaded(file) in open {
            let mut dirty = std::mem::take(&mut self.pending);
            self.absorb(file, &mut dirty, &mut Reached::default());
            self.pending = dirty;
        }
        Loading {
            batches: closed.chunks(BATCH).map(<[PathBuf]>::to_vec).collect(),
            reader: self.reader(),
            cut_off: survey.cut_off,
        }
    }

    /// Takes in files that were read. What changed meanwhile is left as it is.
    pub fn admit(&mut self, files: Vec<Loaded>) -> Reached {
        let mut reached = Reached::default();
        let mut dirty = std::mem::take(&mut self.pending);
        for Loaded(file) in files {
            let is_old = self.open.contains_key(&*file.path)
                || self.changed_while_loading.contains(&*file.path);
            if !is_old {
                reached.facts_computed += 1;
                self.absorb(file, &mut dirty, &mut reached);
            }
        }
        self.pending = dirty;
        reached
    }

    /// Joins everything that was admitted. From here on things can be said to be missing.
    pub fn finish_loading(&mut self) -> Reached {
        let mut reached = Reached {
            everything: true,
            ..Reached::default()
        };
        let dirty = std::mem::take(&mut self.pending);
        self.changed_while_loading = HashSet::new();
        self.settle(dirty, &mut reached);
        self.state.is_complete = true;
        reached
    }

    /// Takes in changes and works out what they reach.
    pub fn apply(&mut self, changes: Vec<Change>) -> Reached {
        let mut reached = Reached::default();
        let mut dirty = Dirty::default();
        let mut layout = Layout::Same;
        for change in changes {
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

    fn reader(&self) -> Reader {
        Reader {
            system: self.state.system.clone(),
            paths: self.state.paths.clone(),
            configurations: self.state.configurations.clone(),
            projects: self.state.projects.clone(),
        }
    }

    /// The files at `path`, or below it if it is or was a folder: those known, and those there now.
    fn at_or_below(&self, path: &Path) -> BTreeSet<PathBuf> {
        let mut paths: BTreeSet<PathBuf> = BTreeSet::from([path.to_owned()]);
        if self.state.file_at(path).is_some() {
            return paths;
        }
        let known = self.state.files().into_iter().map(|file| &*file.path);
        paths.extend(
            known
                .filter(|known| known.starts_with(path))
                .map(Path::to_owned),
        );
        for root in self
            .state
            .roots
            .iter()
            .filter(|root| path.starts_with(root))
        {
            paths.extend(self.state.system.walk_part(root, path, Ignored::Skip).files);
        }
        paths
    }

    /// Reads one file again and takes in what changed.
    fn look_again(&mut self, path: &Path, dirty: &mut Dirty, reached: &mut Reached) -> Layout {
        if !self.state.is_complete {
            self.changed_while_loading.insert(path.to_owned());
        }
        let known = self.state.file_at(path).cloned();
        let loaded = match self.open.get(path) {
            Some(text) => {
                let is_same = |file: &File| file.open_text.as_ref() == Some(text);
                if known.as_ref().is_some_and(is_same) {
                    return Layout::Same;
                }
                self.reader().open(path, text)
            }
            None => self.reader().read(path),
        };
        let layout = match (&known, &loaded) {
            (old, Some(Loaded(new))) => layout_of_files(old.as_ref(), Some(new)),
            (old, None) => layout_of_files(old.as_ref(), None),
        };
        match loaded {
            Some(Loaded(file)) => {
                reached.facts_computed += 1;
                self.absorb(file, dirty, reached);
            }
            None => self.forget(path, dirty, reached),
        }
        let decides_dialect = path.file_name().is_some_and(|name| name == "profiles.yml");
        if decides_dialect {
            Layout::Files
        } else {
            layout
        }
    }

    /// Takes in a file in place of what was known of it.
    fn absorb(&mut self, file: File, dirty: &mut Dirty, reached: &mut Reached) {
        let id = file.id;
        let path = file.path.clone();
        reached.files.insert(id);
        let old = self.state.files.insert(id, file);
        let is_same = |old: &File, new: &File| {
            (old.kind, &old.project, old.quiet) == (new.kind, &new.project, new.quiet)
                && old.facts == new.facts
        };
        let same = match (&old, self.state.file(id)) {
            (Some(old), Some(new)) => is_same(old, new),
            _ => false,
        };
        if !same {
            self.note_product(id, old.as_ref(), reached);
            self.note_paths(id, old.as_ref());
            self.contribute(id, dirty);
            self.wake(&path, dirty);
        }
    }

    /// Takes out a file that is gone.
    fn forget(&mut self, path: &Path, dirty: &mut Dirty, reached: &mut Reached) {
        let Some(id) = self.state.paths.known(path) else {
            return;
        };
        let Some(old) = self.state.files.remove(&id) else {
            return;
        };
        reached.files.insert(id);
        self.note_product(id, Some(&old), reached);
        self.note_paths(id, Some(&old));
        self.contribute(id, dirty);
        self.wake(path, dirty);
    }

    /// Brings what the file adds to the names up to date.
    fn contribute(&mut self, id: FileId, dirty: &mut Dirty) {
        let new = match self.state.file(id) {
            Some(file) => contribution(file, |spec, table| self.model_at(spec, table)),
            None => Contribution::default(),
        };
        let old = self.contributions.remove(&id).unwrap_or_default();
        self.note_tables(&old, dirty);
        // What a file says of a table may change while its name stays: the tables are dirty anyway.
        if old != new {
            self.state.slots.remove(id, &old, &mut dirty.names);
            self.state.slots.add(id, &new, &mut dirty.names);
        }
        if new != Contribution::default() {
            self.contributions.insert(id, new);
        }
    }

    /// The tables that a contribution makes up are dirty.
    fn note_tables(&self, contribution: &Contribution, dirty: &mut Dirty) {
        let of_models = contribution
            .models
            .iter()
            .filter_map(|entry| self.state.slots.table_of_model(entry.id));
        dirty.tables.extend(of_models);
        for entry in &contribution.descriptions {
            let Some(name) = entry.parts.last() else {
                continue;
            };
            let described = self.state.slots.tables(name).filter(|key| {
                let members = self.state.slots.members(key);
                members.is_some_and(|members| members.descriptions.contains(&entry.id))
            });
            dirty.tables.extend(described.cloned());
        }
    }

    fn note_product(&mut self, id: FileId, old: Option<&File>, reached: &mut Reached) {
        let product = |file: &File| Some(file.native_spec()?.product.as_ref()?.value.clone());
        let old = old.and_then(product);
        let new = self.state.file(id).and_then(product);
        if old != new {
            if let Some(files) = old.clone().and_then(|name| self.state.products.entry(name)) {
                files.retain(|file| *file != id);
            }
            if let Some(name) = old
                .as_ref()
                .filter(|name| self.state.products.get(name).is_some_and(Vec::is_empty))
            {
                self.state.products.remove(name);
            }
            if let Some(files) = new.clone().and_then(|name| self.state.products.entry(name)) {
                files.push(id);
            }
        }
        reached.products.extend(old.into_iter().chain(new));
    }

    /// Notes which paths the file's entries wait for.
    fn note_paths(&mut self, id: FileId, old: Option<&File>) {
        if let Some(old) = old {
            for path in self.paths_named(old) {
                if let Some(waiting) = self.waiting_for_path.get_mut(&path) {
                    waiting.remove(&id);
                    if waiting.is_empty() {
                        self.waiting_for_path.remove(&path);
                    }
                }
            }
        }
        let named = self
            .state
            .file(id)
            .map(|file| self.paths_named(file))
            .unwrap_or_default();
        for path in named {
            self.waiting_for_path.entry(path).or_default().insert(id);
        }
    }

    fn paths_named(&self, file: &File) -> Vec<PathBuf> {
        model_paths(&file.facts)
            .flat_map(|model| self.meant(&file.path, model))
            .collect()
    }

    /// The paths that a spec may mean by `model`: from its own folder, or any above it in the root.
    fn meant(&self, spec: &Path, model: &str) -> Vec<PathBuf> {
        let root = self
            .state
            .roots
            .iter()
            .filter(|root| spec.starts_with(root))
            .min_by_key(|root| root.as_os_str().len());
        let folders = spec
            .ancestors()
            .skip(1)
            .take_while(|folder| root.is_none_or(|root| folder.starts_with(root)));
        folders.map(|folder| folder.join(model)).collect()
    }

    /// The statement in the SQL file that a spec names by path: the one of the table's name, else
    /// the only one.
    fn model_at(&self, spec: &Path, table: &spec::model::Table) -> Option<(ModelId, Vec<Name>)> {
        let model = table.model.as_ref()?;
        let file = self
            .meant(spec, &model.value)
            .iter()
            .find_map(|path| self.state.file_at(path))?;
        let entries = models(file);
        let same_name = entries
            .iter()
            .find(|entry| entry.parts.last() == table.name.value.last());
        let entry = same_name.or(match entries.as_slice() {
            [only] => Some(only),
            _ => None,
        })?;
        Some((entry.id, entry.parts.clone()))
    }

    /// Those who name the file at `path` by path may mean something else now.
    fn wake(&mut self, path: &Path, dirty: &mut Dirty) {
        for spec in self.waiting_for_path.get(path).cloned().unwrap_or_default() {
            self.contribute(spec, dirty);
        }
    }

    /// Computes anew what is dirty and what follows from it, upstream first, and no more.
    fn settle(&mut self, dirty: Dirty, reached: &mut Reached) {
        let mut tables = dirty.tables;
        for name in &dirty.names {
            let regrouped = self.state.slots.regroup(name);
            if regrouped.gone.is_empty() && regrouped.changed.is_empty() {
                continue;
            }
            for key in &regrouped.gone {
                self.state.tables.remove(key);
                self.upstream.remove(key);
                self.cyclic.remove(key);
                self.depth.remove(key);
            }
            // A mention of this name may lead elsewhere now.
            tables.extend(self.readers(name));
            tables.extend(regrouped.gone);
            tables.extend(regrouped.changed);
        }
        reached.tables.extend(tables.iter().cloned());
        let order = self.rewire(&mut tables);
        let mut queue: BTreeSet<(usize, TableKey)> = BTreeSet::new();
        if let Some(order) = order {
            for (depth, key) in order.into_iter().enumerate() {
                self.depth.insert(key, depth);
            }
        }
        queue.extend(
            tables
                .into_iter()
                .map(|key| (self.depth.get(&key).copied().unwrap_or_default(), key)),
        );
        while let Some((_, key)) = queue.pop_first() {
            reached.tables_resolved += 1;
            let Some(table) = resolve::table(&self.state, &key, self.cyclic.contains(&key)) else {
                continue;
            };
            let upstream = self
                .upstream
                .get(&key)
                .into_iter()
                .flat_map(|tables| tables.iter());
            let depth = upstream
                .filter_map(|table| self.depth.get(table))
                .max()
                .map_or(0, |depth| depth + 1);
            self.depth.insert(key.clone(), depth);
            if self.state.table(&key).is_some_and(|known| **known == table) {
                continue;
            }
            self.state.tables.insert(key.clone(), Arc::new(table));
            for reader in self.readers(&key.name()) {
                let reads = self
                    .upstream
                    .get(&reader)
                    .is_some_and(|tables| tables.contains(&key));
                if reads && !self.cyclic.contains(&reader) {
                    let depth = self.depth.get(&reader).copied().unwrap_or_default();
                    queue.insert((depth, reader));
                }
            }
            reached.tables.insert(key);
        }
    }

    /// Brings the edges of dirty tables up to date, and adds the tables that are part of a circle
    /// now, or are no more. Gives an order to compute in where more than a few edges changed.
    fn rewire(&mut self, tables: &mut BTreeSet<TableKey>) -> Option<Vec<TableKey>> {
        let mut changed = Vec::new();
        for key in tables.iter() {
            let upstream = resolve::upstream(&self.state, key);
            let known = self
                .upstream
                .get(key)
                .map(|known| &**known)
                .unwrap_or_default();
            if known != upstream.as_slice() {
                self.upstream.insert(key.clone(), upstream.into());
                changed.push(key.clone());
            }
        }
        if changed.is_empty() {
            return None;
        }
        let many = changed.len() > BATCH;
        let order = upstream_first(
            changed.into_iter().chain(self.cyclic.iter().cloned()),
            &self.upstream,
        );
        let differing: Vec<TableKey> = order
            .cyclic
            .symmetric_difference(&self.cyclic)
            .cloned()
            .collect();
        tables.extend(differing);
        self.cyclic = order.cyclic;
        many.then_some(order.tables)
    }

    /// The tables defined in files that mention `name`.
    fn readers(&self, name: &Name) -> BTreeSet<TableKey> {
        let files = self
            .state
            .slots
            .readers(name)
            .filter_map(|file| self.contributions.get(&file));
        let models = files.flat_map(|contribution| &contribution.models);
        models
            .filter_map(|entry| self.state.slots.table_of_model(entry.id))
            .collect()
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

impl Reached {
    /// Adds what other changes reach.
    pub fn add(&mut self, other: Reached) {
        self.files.extend(other.files);
        self.tables.extend(other.tables);
        self.products.extend(other.products);
        self.everything |= other.everything;
        self.facts_computed += other.facts_computed;
        self.tables_resolved += other.tables_resolved;
    }
}

/// What a change of configuration or of a project does to the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layout {
    /// Nothing.
    Same,
    /// Findings matter more or less than before.
    Levels,
    /// Files are ours that were not, or are read in another way.
    Files,
}

fn layout_of_files(old: Option<&File>, new: Option<&File>) -> Layout {
    let kind = old.or(new).map(|file| file.kind);
    let facts = |file: Option<&File>| file.map(|file| file.facts.clone());
    let dialect = |file: Option<&File>| Some(file?.native_spec()?.dialect.as_ref()?.value.clone());
    match kind {
        Some(FileKind::Configuration) => {
            let written = |file: Option<&File>| match file.map(|file| &*file.facts) {
                Some(Facts::Configuration(configuration)) => configuration.clone(),
                _ => ConfigurationFile::default(),
            };
            match old.is_some() == new.is_some() {
                true => layout_change(&written(old), &written(new)),
                false => Layout::Files,
            }
        }
        Some(FileKind::DbtProject) if facts(old) != facts(new) => Layout::Files,
        // The dialect of a spec is that of the SQL beside it.
        Some(FileKind::NativeSpec) if dialect(old) != dialect(new) => Layout::Files,
        _ => Layout::Same,
    }
}

fn layout_change(old: &ConfigurationFile, new: &ConfigurationFile) -> Layout {
    if old == new {
        return Layout::Same;
    }
    let without_levels = |file: &ConfigurationFile| ConfigurationFile {
        checks: Vec::new(),
        scopes: Vec::new(),
        paranoid: None,
        base: None,
        ..file.clone()
    };
    if without_levels(old) == without_levels(new) {
        Layout::Levels
    } else {
        Layout::Files
    }
}
