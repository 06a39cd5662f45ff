//! dbt projects: which one governs a path, and what a file is for.

use crate::configuration::Settings;
use crate::file::{FileKind, SqlRole};
use crate::lock;
use spec::dbt::packages::FILE_NAMES;
use spec::dbt::project::DbtProject;
use sql::Dialect;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// The dbt projects of the workspace, by folder, and the dialect of what is in none.
#[derive(Clone, Debug, Default)]
pub struct Projects {
    pub(crate) by_folder: BTreeMap<Arc<Path>, Project>,
    /// Folders outside of a project that it names all the same, as `../../macros`, and the first
    /// project that does.
    shared: BTreeMap<PathBuf, Arc<Path>>,
    /// Folders that are part of the workspace only because a project names them.
    outside_roots: BTreeSet<PathBuf>,
    /// The dialect of files outside of any project.
    pub(crate) outside: FoundDialect,
}

/// A dbt project.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder of its `dbt_project.yml`.
    pub folder: Arc<Path>,
    /// What that file says; the defaults where it can't be read.
    pub definition: DbtProject,
    /// It is installed in another project, or lies elsewhere, to be used and not to be changed.
    pub is_package: bool,
    /// The folders of the packages that it names by folder.
    pub local_packages: Vec<Arc<Path>>,
    /// The dialect of its SQL.
    pub dialect: FoundDialect,
}

/// A dialect, and how it was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundDialect {
    /// The dialect.
    pub dialect: Dialect,
    /// How, to follow the name: "of profiles.yml", "given in rationale.toml".
    pub how: String,
}

impl Default for FoundDialect {
    fn default() -> FoundDialect {
        FoundDialect {
            dialect: Dialect::Generic,
            how: "nothing tells which".to_owned(),
        }
    }
}

impl Projects {
    /// These projects, and a dialect yet to be found for what is in none.
    pub(crate) fn new(
        by_folder: BTreeMap<Arc<Path>, Project>,
        outside_roots: BTreeSet<PathBuf>,
    ) -> Projects {
        let mut shared = BTreeMap::new();
        for project in by_folder.values().filter(|project| !project.is_package) {
            for area in areas_outside(&project.folder, &project.definition) {
                shared.entry(area).or_insert_with(|| project.folder.clone());
            }
        }
        Projects {
            by_folder,
            shared,
            outside_roots,
            outside: FoundDialect::default(),
        }
    }

    /// The project whose folder is nearest above `path`; else the one that shares a folder above it.
    pub fn governing(&self, path: &Path) -> Option<&Project> {
        let mut folders = path.ancestors().skip(1);
        let nearest = folders.find_map(|folder| self.by_folder.get(folder));
        nearest.or_else(|| {
            let mut folders = path.ancestors().skip(1);
            let sharing = folders.find_map(|folder| self.shared.get(folder))?;
            self.by_folder.get(sharing)
        })
    }

    /// The project in this folder.
    pub fn project(&self, folder: &Path) -> Option<&Project> {
        self.by_folder.get(folder)
    }

    fn is_project(&self, folder: &Path) -> bool {
        self.by_folder.contains_key(folder)
    }

    /// All projects, in the order of their folders.
    pub fn all(&self) -> impl Iterator<Item = &Project> {
        self.by_folder.values()
    }

    /// The packages that a project can use, and those that they use in turn, in the order of their
    /// folders.
    pub(crate) fn packages(&self, user: &Project) -> Vec<&Project> {
        let mut named: BTreeSet<&Path> = BTreeSet::new();
        let mut waiting: Vec<&Project> = vec![user];
        while let Some(project) = waiting.pop() {
            let new = project.local_packages.iter();
            let new = new.filter_map(|folder| self.project(folder));
            waiting.extend(new.filter(|local| named.insert(&*local.folder)));
        }
        let is_used = |project: &&Project| {
            let is_installed = project.is_package && project.folder.starts_with(&user.folder);
            (is_installed || named.contains(&*project.folder)) && project.folder != user.folder
        };
        self.all().filter(is_used).collect()
    }

    /// Whether the file at `path` is here only because a project names a folder above it.
    pub(crate) fn is_outside_roots(&self, path: &Path) -> bool {
        let mut folders = path.ancestors().skip(1);
        folders.any(|folder| self.outside_roots.contains(folder))
    }

    /// The dialect that the file at `path` is read in when its spec names none.
    pub fn dialect(&self, path: &Path) -> &FoundDialect {
        self.governing(path)
            .map_or(&self.outside, |project| &project.dialect)
    }

    /// What the file at `path` is for; `None` when it is none of ours.
    pub(crate) fn kind(&self, path: &Path, settings: &Settings) -> Option<FileKind> {
        let name = path.file_name()?.to_str()?;
        match name {
            "rationale.toml" => return Some(FileKind::Configuration),
            "dbt_project.yml" => return Some(FileKind::DbtProject),
            _ if FILE_NAMES.contains(&name) && self.is_project(path.parent()?) => {
                return Some(FileKind::DbtPackages);
            }
            "selectors.yml" | "selectors.yaml" if self.is_project(path.parent()?) => {
                return Some(FileKind::DbtSelectors);
            }
            _ if settings.is_spec(path) => return Some(FileKind::NativeSpec),
            _ if lock::is_lock(path, settings) => return Some(FileKind::Lock),
            _ => {}
        }
        let extension = path.extension()?.to_str()?;
        match self.governing(path) {
            Some(project) => project.kind(path, extension, settings),
            None if extension == "sql" && settings.is_sql(path) => {
                Some(FileKind::Sql(SqlRole::Script))
            }
            None => None,
        }
    }
}

/// What dbt takes the files below one of its paths for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Area {
    Models,
    Snapshots,
    Seeds,
    Macros,
    Readers,
}

impl Project {
    fn kind(&self, path: &Path, extension: &str, settings: &Settings) -> Option<FileKind> {
        let area = self.area(path)?;
        match (extension, area) {
            ("sql", Area::Models) if settings.is_sql(path) => Some(FileKind::Sql(SqlRole::Model)),
            ("sql", Area::Snapshots) if settings.is_sql(path) => {
                Some(FileKind::Sql(SqlRole::Snapshot))
            }
            ("sql", Area::Macros) if settings.is_sql(path) => Some(FileKind::Sql(SqlRole::Macro)),
            ("sql", Area::Readers) if settings.is_sql(path) => Some(FileKind::Sql(SqlRole::Reader)),
            ("py", Area::Models) => Some(FileKind::PythonModel),
            ("csv", Area::Seeds) => Some(FileKind::Seed),
            ("csv", Area::Readers) if is_fixture(path) => Some(FileKind::Fixture),
            ("yml" | "yaml", _) => Some(FileKind::DbtProperties),
            _ => None,
        }
    }

    /// The area whose path is the longest one above `path`.
    fn area(&self, path: &Path) -> Option<Area> {
        let holding = self
            .areas()
            .filter(|(_, written)| match path.strip_prefix(&self.folder) {
                Ok(below) => below.starts_with(without_parents(written)),
                Err(_) => path.starts_with(without_parents(&self.folder.join(written))),
            });
        holding
            .max_by_key(|(_, written)| written.components().count())
            .map(|(area, _)| area)
    }

    /// What its paths are for, as written.
    fn areas(&self) -> impl Iterator<Item = (Area, &Path)> {
        areas(&self.definition)
    }

    /// Whether the file at `path` is among its macros.
    pub(crate) fn has_macros_at(&self, path: &Path) -> bool {
        self.area(path) == Some(Area::Macros)
    }
}

/// Whether a file below the tests of a project is one that unit tests take rows from.
fn is_fixture(path: &Path) -> bool {
    let mut folders = path.parent().into_iter().flat_map(Path::components);
    folders.any(|folder| folder.as_os_str() == "fixtures")
}

fn areas(definition: &DbtProject) -> impl Iterator<Item = (Area, &Path)> {
    let areas = [
        (Area::Models, &definition.model_paths),
        (Area::Snapshots, &definition.snapshot_paths),
        (Area::Seeds, &definition.seed_paths),
        (Area::Macros, &definition.macro_paths),
        (Area::Readers, &definition.test_paths),
        (Area::Readers, &definition.analysis_paths),
    ];
    areas
        .into_iter()
        .flat_map(|(area, paths)| paths.iter().map(move |path| (area, Path::new(path))))
}

/// The paths of the project in `folder` that lead out of it.
pub(crate) fn areas_outside<'p>(
    folder: &'p Path,
    definition: &'p DbtProject,
) -> impl Iterator<Item = PathBuf> {
    let paths = areas(definition).map(|(_, written)| without_parents(&folder.join(written)));
    paths.filter(move |area| !area.starts_with(folder) && !folder.starts_with(area))
}

/// `path` without any `.` and `..`, as its text tells.
pub fn without_parents(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
