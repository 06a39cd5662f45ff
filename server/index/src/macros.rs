//! The macros and variables of dbt projects, for rendering templates.
//!
//! Macro files are read when the first template is rendered. What was compiled of them is shared by all
//! renders until a macro file or a project file changes.

use crate::file::{File, FileId, FileKind, SqlRole};
use crate::project::Project;
use crate::snapshot::Snapshot;
use dashmap::DashMap;
use smol_str::SmolStr;
use spec::dbt::vars::Var;
use sql::render::{
    self, Configured, Lookup, MacroSource, Macros, RenderContext, VarValue, macros_in,
};
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// What templates are rendered with. Shared by all snapshots of a workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct MacroLibrary {
    /// The macros of each macro file, and the hash of the text that they were taken from.
    files: Arc<DashMap<FileId, (u64, FileMacros)>>,
    /// What was put together of them.
    current: Arc<Mutex<Option<Current>>>,
}

/// What was put together, and of which generation of files.
#[derive(Debug)]
struct Current {
    generation: u64,
    assembled: Arc<Assembled>,
}

/// Macros by name.
type FileMacros = Arc<[(SmolStr, Arc<str>)]>;

/// The macros of all projects, by the folder of the project that calls them.
#[derive(Debug, Default)]
struct Assembled {
    by_project: BTreeMap<Arc<Path>, Library>,
}

/// What one project can call.
#[derive(Debug)]
struct Library {
    macros: Macros,
    source: Arc<Sources>,
}

/// Macros by package and name.
#[derive(Debug, Default)]
struct Sources {
    by_name: BTreeMap<SmolStr, BTreeMap<SmolStr, Arc<str>>>,
}

impl MacroSource for Sources {
    fn text(&self, package: &str, name: &str) -> Option<Arc<str>> {
        self.by_name.get(name)?.get(package).cloned()
    }

    fn has_package(&self, package: &str) -> bool {
        self.by_name
            .values()
            .any(|packages| packages.contains_key(package))
    }
}

impl Sources {
    /// A number that tells whether the macros of that name are the same as before.
    fn hash(&self, name: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.by_name.get(name).hash(&mut hasher);
        hasher.finish()
    }
}

/// What a render looked up among macros and configurations, and a hash of what stood there.
pub(crate) type Asked = Arc<[(Lookup, u64)]>;

impl Snapshot {
    /// What the template in `file` is rendered with; `None` outside of dbt projects.
    pub(crate) fn render_context(&self, file: &File) -> Option<RenderContext> {
        let project = self.projects.governing(&file.path)?;
        let assembled = self.assembled();
        let library = assembled.by_project.get(&self.caller(project).folder)?;
        Some(RenderContext {
            macros: library.macros.clone(),
            project: Arc::new(self.rendered_project(project)),
            model: SmolStr::new(file.path.file_stem()?.to_string_lossy()),
            configured: Arc::new(self.configured(file)),
            is_incremental: false,
        })
    }

    /// What the render of a file looked up, as far as it may change without the file, and what is there
    /// now.
    pub(crate) fn asked<'l>(
        &self,
        file: &File,
        looked_up: impl Iterator<Item = &'l Lookup>,
    ) -> Asked {
        let may_change = |lookup: &&Lookup| matches!(lookup, Lookup::Macro(_) | Lookup::Config(_));
        let configured = OnceCell::new();
        let looked_up = looked_up.filter(may_change).cloned();
        looked_up
            .map(|lookup| {
                let hash = self.answer_hash(file, &lookup, &configured);
                (lookup, hash)
            })
            .collect()
    }

    /// Whether a render that looked this up would find the same now.
    pub(crate) fn is_answered_alike(&self, file: &File, asked: &Asked) -> bool {
        let configured = OnceCell::new();
        let mut asked = asked.iter();
        asked.all(|(lookup, said)| self.answer_hash(file, lookup, &configured) == *said)
    }

    /// A number that tells whether the answer is the same as before.
    fn answer_hash(&self, file: &File, lookup: &Lookup, configured: &OnceCell<Configured>) -> u64 {
        match lookup {
            Lookup::Macro(name) => {
                let assembled = self.assembled();
                let project = self.projects.governing(&file.path);
                let library = project
                    .and_then(|project| assembled.by_project.get(&self.caller(project).folder));
                library.map_or(0, |library| library.source.hash(name))
            }
            Lookup::Config(key) => {
                let configured = configured.get_or_init(|| self.configured(file));
                let found = (configured.above.get(key), configured.below.get(key));
                let mut hasher = DefaultHasher::new();
                format!("{found:?}").hash(&mut hasher);
                hasher.finish()
            }
            _ => 0,
        }
    }

    /// The project whose macros go first for the models of `project`: the one it is installed in.
    pub(crate) fn caller<'p>(&'p self, project: &'p Project) -> &'p Project {
        if !project.is_package {
            return project;
        }
        let mut folders = project.folder.ancestors().skip(1);
        let outer = folders.find_map(|folder| {
            let outer = self.projects.project(folder)?;
            (!outer.is_package).then_some(outer)
        });
        outer
            .or_else(|| {
                self.projects
                    .all()
                    .find(|user| self.installs(user, project))
            })
            .unwrap_or(project)
    }

    /// Whether `user` is no package itself, and has `project` as one.
    fn installs(&self, user: &Project, project: &Project) -> bool {
        let packages = self.projects.packages(user);
        !user.is_package && packages.iter().any(|used| used.folder == project.folder)
    }

    fn rendered_project(&self, project: &Project) -> render::Project {
        let caller = self.caller(project);
        let name = |project: &Project| {
            let name = project.definition.name.as_ref();
            name.map(|name| SmolStr::new(name.as_str()))
                .unwrap_or_default()
        };
        let packages = self.projects.packages(caller).into_iter().map(name);
        let adapter = match project.dialect.dialect {
            sql::Dialect::Generic | sql::Dialect::Ansi => "default",
            sql::Dialect::SqlServer => "sqlserver",
            dialect => dialect.name(),
        };
        // What the project that is run says of a package goes before what the package says.
        let mut vars = of_package(&project.definition.vars, &name(project));
        if caller.folder != project.folder {
            vars.extend(of_package(&caller.definition.vars, &name(project)));
        } else {
            // A package that is worked on is run from the project that tests it, which sets what the
            // package leaves to whoever installs it.
            let all = self.projects.all();
            for tests in all.filter(|other| self.installs(other, project)) {
                for (name, value) in of_package(&tests.definition.vars, &name(project)) {
                    vars.entry(name).or_insert(value);
                }
            }
        }
        let dispatch = caller.definition.dispatch.iter().map(|(namespace, order)| {
            let order = order.iter().map(SmolStr::new);
            (SmolStr::new(namespace), order.collect())
        });
        render::Project {
            name: name(project),
            packages: packages.collect(),
            adapter: adapter.into(),
            vars,
            dispatch: dispatch.collect(),
        }
    }

    fn assembled(&self) -> Arc<Assembled> {
        let mut current = self
            .macros
            .current
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(current) = &*current
            && current.generation == self.macro_generation
        {
            return current.assembled.clone();
        }
        let assembled = Arc::new(self.assemble());
        *current = Some(Current {
            generation: self.macro_generation,
            assembled: assembled.clone(),
        });
        assembled
    }

    fn assemble(&self) -> Assembled {
        let mut by_folder: BTreeMap<Arc<Path>, Vec<FileMacros>> = BTreeMap::new();
        let files = self.files().into_iter();
        for file in files.filter(|file| file.kind == FileKind::Sql(SqlRole::Macro)) {
            // Several projects may share a folder of macros, of which one governs its files.
            let governing = file.project.as_deref();
            let shares = |project: &&Project| {
                governing == Some(&*project.folder)
                    || !file.path.starts_with(&project.folder) && project.has_macros_at(&file.path)
            };
            for project in self.projects.all().filter(shares) {
                let macros = self.macros_of(file);
                let folder = project.folder.clone();
                by_folder.entry(folder).or_default().push(macros);
            }
        }
        let mut assembled = Assembled::default();
        for project in self.projects.all() {
            let mut source = Sources::default();
            for package in self.projects.packages(project).into_iter().chain([project]) {
                let name = package.definition.name.as_ref();
                let package_name = name.map(|name| SmolStr::new(name.as_str()));
                let macros = by_folder.get(&package.folder).into_iter().flatten();
                for (name, text) in macros.flat_map(|macros| macros.iter()) {
                    let packages = source.by_name.entry(name.clone()).or_default();
                    packages.insert(package_name.clone().unwrap_or_default(), text.clone());
                }
            }
            let source = Arc::new(source);
            let library = Library {
                macros: Macros::new(source.clone()),
                source,
            };
            assembled.by_project.insert(project.folder.clone(), library);
        }
        assembled
    }

    /// The macros that a file defines.
    fn macros_of(&self, file: &File) -> FileMacros {
        let kept = self.macros.files.get(&file.id).map(|kept| kept.clone());
        if let Some((_, macros)) = kept.filter(|(hash, _)| *hash == file.text_hash) {
            return macros;
        }
        let text = self.text(file).unwrap_or_default();
        let macros = macros_in(&text).into_iter().filter_map(|definition| {
            let range = definition.range;
            let text = text.get(range.start().into()..range.end().into())?;
            Some((SmolStr::new(&definition.name), Arc::from(text)))
        });
        let macros: FileMacros = macros.collect();
        let kept = (file.text_hash, macros.clone());
        self.macros.files.insert(file.id, kept);
        macros
    }
}

/// The variables that hold for a package: those of no package, then its own.
fn of_package(vars: &[(String, Var)], package: &str) -> BTreeMap<SmolStr, VarValue> {
    let mut values = BTreeMap::new();
    for (name, var) in vars {
        values.insert(SmolStr::new(name), value(var));
    }
    for (name, var) in vars {
        if let (true, Var::Map(own)) = (name == package, var) {
            let own = own.iter();
            values.extend(own.map(|(name, var)| (SmolStr::new(name), value(var))));
        }
    }
    values
}

/// A value as templates have it.
pub(crate) fn value(var: &Var) -> VarValue {
    match var {
        Var::Null => VarValue::Null,
        Var::Boolean(boolean) => VarValue::Boolean(*boolean),
        Var::Integer(integer) => VarValue::Integer(*integer),
        Var::Number(written) => match written.parse() {
            Ok(number) => VarValue::Float(number),
            Err(_) => VarValue::Text(SmolStr::new(written)),
        },
        Var::Text(text) => VarValue::Text(SmolStr::new(text)),
        Var::List(items) => VarValue::List(items.iter().map(value).collect()),
        Var::Map(entries) => {
            let entries = entries.iter();
            VarValue::Map(
                entries
                    .map(|(name, var)| (SmolStr::new(name), value(var)))
                    .collect(),
            )
        }
    }
}
