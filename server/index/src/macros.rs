//! The macros and variables of dbt projects, for rendering templates.
//!
//! Macro files are read when the first template is rendered. What was compiled of them is shared by all
//! renders until a macro file or a project file changes. What a render came to ask is noted, so that it
//! need not be done again while the answers are the same, whatever else has changed.

use crate::called::MacroKey;
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
use std::collections::{BTreeMap, BTreeSet};
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

/// Macros by name, with hashes of their texts.
type FileMacros = Arc<[(SmolStr, Arc<str>, u64)]>;

/// What the templates of all projects are rendered with, by the folders of the projects.
#[derive(Debug, Default)]
struct Assembled {
    by_project: BTreeMap<Arc<Path>, Surroundings>,
}

/// What the templates of one project are rendered with.
#[derive(Debug)]
struct Surroundings {
    project: Arc<render::Project>,
    library: Arc<Library>,
    /// A hash of what holds for every template: all that there is but macros and variables.
    shape: u64,
    /// A hash of each variable's value.
    vars: BTreeMap<SmolStr, u64>,
    /// A hash of everything.
    everything: u64,
}

/// What one project can call.
#[derive(Debug)]
struct Library {
    macros: Macros,
    source: Arc<Sources>,
}

/// Macros by name and package.
#[derive(Debug, Default)]
struct Sources {
    by_name: BTreeMap<SmolStr, BTreeMap<SmolStr, Source>>,
    packages: BTreeSet<SmolStr>,
}

/// A macro's text, the hash of it, and the file that it stands in.
#[derive(Debug)]
struct Source {
    text: Arc<str>,
    hash: u64,
    file: FileId,
}

impl MacroSource for Sources {
    fn text(&self, package: &str, name: &str) -> Option<Arc<str>> {
        Some(self.by_name.get(name)?.get(package)?.text.clone())
    }

    fn has_package(&self, package: &str) -> bool {
        self.packages.contains(package)
    }
}

impl Sources {
    /// A number that tells whether the macros of that name are the same as before.
    fn hash(&self, name: &str) -> u64 {
        let packages = self.by_name.get(name).into_iter().flatten();
        hash_of(
            &packages
                .map(|(package, source)| (package, source.hash))
                .collect::<Vec<_>>(),
        )
    }
}

impl Surroundings {
    fn of(project: render::Project, library: &Arc<Library>) -> Surroundings {
        // Values of variables have no hash of their own: a number may be one that is not whole.
        let vars = project.vars.iter();
        let vars: BTreeMap<SmolStr, u64> = vars
            .map(|(name, value)| (name.clone(), hash_of(&format!("{value:?}"))))
            .collect();
        let source = &library.source;
        let shape = hash_of(&(
            (&project.name, &project.packages, &project.adapter),
            (&project.dispatch, &source.packages),
        ));
        let macros = source.by_name.keys().map(|name| source.hash(name));
        let macros: Vec<(&SmolStr, u64)> = source.by_name.keys().zip(macros).collect();
        Surroundings {
            everything: hash_of(&(shape, &vars, macros)),
            shape,
            vars,
            project: Arc::new(project),
            library: library.clone(),
        }
    }
}

/// What a render came to ask, and hashes of the answers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Asked {
    /// Nothing: it is no template.
    Nothing,
    /// There was no project to render it with.
    NoProject,
    /// Macros, variables and configurations by name, beside what every render is told.
    Named {
        shape: u64,
        macros: Vec<(SmolStr, u64)>,
        vars: Vec<(SmolStr, u64)>,
        configured: Vec<(SmolStr, u64)>,
    },
    /// It can't be told what: anything that there is.
    Anything(u64, Configured),
}

impl Snapshot {
    /// What the template in `file` is rendered with; `None` outside of dbt projects.
    pub(crate) fn render_context(&self, file: &File) -> Option<RenderContext> {
        let project = self.projects.governing(&file.path)?;
        let assembled = self.assembled();
        let surroundings = assembled.by_project.get(&project.folder)?;
        Some(RenderContext {
            macros: surroundings.library.macros.clone(),
            project: surroundings.project.clone(),
            model: SmolStr::new(file.path.file_stem()?.to_string_lossy()),
            configured: Arc::new(self.configured(file)),
            is_incremental: false,
        })
    }

    /// The file with the macro that a template in `file` means by a name, in the order in which a render looks for it;
    /// `None` where no macro of the workspace is called.
    pub(crate) fn file_of_named(
        &self,
        file: &File,
        package: Option<&SmolStr>,
        name: &SmolStr,
    ) -> Option<FileId> {
        let project = self.projects.governing(&file.path)?;
        let assembled = self.assembled();
        let surroundings = assembled.by_project.get(&project.folder)?;
        let by_package = surroundings.library.source.by_name.get(name)?;
        if let Some(package) = package {
            return Some(by_package.get(package)?.file);
        }
        let caller = self.caller(project).definition.name.as_ref();
        let own = &surroundings.project.name;
        let caller = caller.map_or(own.as_str(), |name| name.as_str());
        let first = [own.as_str(), caller, render::DBT].into_iter();
        let packages = surroundings.project.packages.iter().map(SmolStr::as_str);
        let mut sources = first
            .chain(packages)
            .filter_map(|name| by_package.get(name));
        sources.next().map(|source| source.file)
    }

    /// The file with the macro of that name of the project that `file` belongs to.
    pub(crate) fn file_of_own_macro(&self, file: &File, name: &str) -> Option<FileId> {
        let project = self.projects.governing(&file.path)?;
        let assembled = self.assembled();
        let surroundings = assembled.by_project.get(&project.folder)?;
        let by_package = surroundings.library.source.by_name.get(name)?;
        Some(by_package.get(&surroundings.project.name)?.file)
    }

    /// The name of the project of dbt that `file` is of.
    pub fn package_of(&self, file: &File) -> Option<SmolStr> {
        let project = self.projects.governing(&file.path)?;
        let assembled = self.assembled();
        let surroundings = assembled.by_project.get(&project.folder)?;
        Some(surroundings.project.name.clone())
    }

    /// All macros that a template in `file` finds, by name, each with the package that it is of where that is not
    /// its own project.
    pub(crate) fn macros_by_package(&self, file: &File) -> Vec<(Option<SmolStr>, MacroKey)> {
        let Some(project) = self.projects.governing(&file.path) else {
            return Vec::new();
        };
        let assembled = self.assembled();
        let Some(surroundings) = assembled.by_project.get(&project.folder) else {
            return Vec::new();
        };
        let by_name = surroundings.library.source.by_name.iter();
        let found = by_name.flat_map(|(name, by_package)| {
            by_package.iter().map(|(package, source)| {
                let is_own = *package == surroundings.project.name;
                let key = MacroKey {
                    file: source.file,
                    name: name.clone(),
                };
                ((!is_own).then(|| package.clone()), key)
            })
        });
        found.collect()
    }

    /// What a render of the template in `file` that looked these up would be told now; `None` where it
    /// can't be told what it looked up.
    pub(crate) fn asked<'l>(
        &self,
        file: &File,
        looked_up: Option<impl Iterator<Item = &'l Lookup>>,
    ) -> Asked {
        let assembled = self.assembled();
        let project = self.projects.governing(&file.path);
        let surroundings = project.and_then(|project| assembled.by_project.get(&project.folder));
        let Some(surroundings) = surroundings else {
            return Asked::NoProject;
        };
        let Some(looked_up) = looked_up else {
            return Asked::Anything(surroundings.everything, self.configured(file));
        };
        let (mut macros, mut vars, mut configured) = (Vec::new(), Vec::new(), Vec::new());
        let of_model = OnceCell::new();
        for lookup in looked_up {
            match lookup {
                Lookup::Macro(name) => {
                    macros.push((name.clone(), surroundings.library.source.hash(name)));
                }
                Lookup::Var(name) => {
                    let hash = surroundings.vars.get(name).copied();
                    vars.push((name.clone(), hash.unwrap_or_default()));
                }
                Lookup::Config(key) => {
                    let of_model = of_model.get_or_init(|| self.configured(file));
                    configured.push((key.clone(), hash_of_configured(of_model, key)));
                }
                // The one is never told, and a table is its name here.
                Lookup::Environment(_) | Lookup::Table(_) => {}
            }
        }
        Asked::Named {
            shape: surroundings.shape,
            macros,
            vars,
            configured,
        }
    }

    /// Whether what was asked would be answered alike now.
    pub(crate) fn is_answered_alike(&self, file: &File, asked: &Asked) -> bool {
        if *asked == Asked::Nothing {
            return true;
        }
        let assembled = self.assembled();
        let project = self.projects.governing(&file.path);
        let surroundings = project.and_then(|project| assembled.by_project.get(&project.folder));
        let Some(now) = surroundings else {
            return *asked == Asked::NoProject;
        };
        match asked {
            Asked::Nothing => true,
            Asked::NoProject => false,
            Asked::Anything(everything, configured) => {
                now.everything == *everything && self.configured(file) == *configured
            }
            Asked::Named {
                shape,
                macros,
                vars,
                configured,
            } => {
                let hash = |name: &SmolStr| now.vars.get(name).copied().unwrap_or_default();
                let source = &now.library.source;
                let of_model = OnceCell::new();
                let same_configured = |(key, said): &(SmolStr, u64)| {
                    let of_model = of_model.get_or_init(|| self.configured(file));
                    hash_of_configured(of_model, key) == *said
                };
                now.shape == *shape
                    && vars.iter().all(|(name, said)| hash(name) == *said)
                    && macros.iter().all(|(name, said)| source.hash(name) == *said)
                    && configured.iter().all(same_configured)
            }
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
        let mut by_folder: BTreeMap<Arc<Path>, Vec<(FileId, FileMacros)>> = BTreeMap::new();
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
                by_folder.entry(folder).or_default().push((file.id, macros));
            }
        }
        let mut libraries: BTreeMap<Arc<Path>, Arc<Library>> = BTreeMap::new();
        for project in self.projects.all() {
            let mut source = Sources::default();
            for package in self.projects.packages(project).into_iter().chain([project]) {
                let name = package.definition.name.as_ref();
                let package_name = name.map(|name| SmolStr::new(name.as_str()));
                let macros = by_folder.get(&package.folder).into_iter().flatten();
                let macros = macros.flat_map(|(file, macros)| macros.iter().map(|it| (*file, it)));
                for (file, (name, text, hash)) in macros {
                    let packages = source.by_name.entry(name.clone()).or_default();
                    let package = package_name.clone().unwrap_or_default();
                    source.packages.insert(package.clone());
                    let (text, hash) = (text.clone(), *hash);
                    packages.insert(package, Source { text, hash, file });
                }
            }
            let source = Arc::new(source);
            let library = Library {
                macros: Macros::new(source.clone()),
                source,
            };
            libraries.insert(project.folder.clone(), Arc::new(library));
        }
        let by_project = self.projects.all().filter_map(|project| {
            let library = libraries.get(&self.caller(project).folder)?;
            let surroundings = Surroundings::of(self.rendered_project(project), library);
            Some((project.folder.clone(), surroundings))
        });
        Assembled {
            by_project: by_project.collect(),
        }
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
            let name = SmolStr::new(&definition.name);
            Some((name, Arc::from(text), hash_of(text)))
        });
        let macros: FileMacros = macros.collect();
        let kept = (file.text_hash, macros.clone());
        self.macros.files.insert(file.id, kept);
        macros
    }
}

/// A hash of what is configured for a model outside of its own file under `key`.
fn hash_of_configured(configured: &Configured, key: &SmolStr) -> u64 {
    let found = (configured.above.get(key), configured.below.get(key));
    hash_of(&format!("{found:?}"))
}

fn hash_of(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
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
