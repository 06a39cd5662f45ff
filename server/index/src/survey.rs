//! A first look at the workspace: which files there are, how it is configured, and which dbt
//! projects govern which folders. Everything that decides what a file is for is found here.

mod outside;

use crate::configuration::{
    ConfigurationFile, Configurations, DialectChoice, Overrides, decode_toml,
};
use crate::dialect;
use crate::project::{FoundDialect, Project, Projects};
use crate::read;
use crate::system::{Ignored, System};
use outside::Outside;
use spec::dbt::project::DbtProject;
use sql::Dialect;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The most files of one root that are looked at: more is no workspace but a file system.
const MOST_FILES: usize = 400_000;

/// What a first look finds.
pub(crate) struct Survey {
    pub(crate) configurations: Arc<Configurations>,
    pub(crate) projects: Arc<Projects>,
    /// Every file that is ours, sorted.
    pub(crate) files: Vec<PathBuf>,
    /// The roots that hold more files than are looked at.
    pub(crate) cut_off: Vec<PathBuf>,
}

/// Looks at everything below `roots`. What an editor holds open goes before what is on disk.
pub(crate) fn survey(
    system: &dyn System,
    roots: &[PathBuf],
    open: &BTreeMap<PathBuf, Arc<str>>,
    editor: &Overrides,
) -> Survey {
    let text = |path: &Path| match open.get(path) {
        Some(text) => Some(text.to_string()),
        None => read::text(system, path).ok(),
    };
    let mut files: BTreeSet<PathBuf> = open.keys().cloned().collect();
    let mut cut_off = Vec::new();
    for root in roots {
        let walk = system.walk(root, Ignored::Skip, MOST_FILES);
        files.extend(walk.files);
        if walk.cut_off {
            cut_off.push(root.clone());
        }
    }
    let mut definitions: BTreeMap<Arc<Path>, DbtProject> = BTreeMap::new();
    collect_projects(&files, &text, &mut definitions);
    let outside = outside::collect(system, roots, &text, &mut files, &mut definitions);

    let configured = named(&files, "rationale.toml").filter_map(|path| {
        let (file, _, _) = decode_toml(&text(path)?);
        Some((path.parent()?.to_owned(), Arc::new(file)))
    });
    let configured: BTreeMap<PathBuf, Arc<ConfigurationFile>> = configured.collect();
    let configurations = Configurations::new(roots, &configured, editor);

    let mut projects = Projects::new(assemble(definitions, &outside), outside.folders);
    let ours = |projects: &Projects, files: &BTreeSet<PathBuf>| -> Vec<PathBuf> {
        files
            .iter()
            .filter(|path| {
                projects
                    .kind(path, &configurations.settings(path))
                    .is_some()
            })
            .cloned()
            .collect()
    };
    let files = ours(&projects, &files);
    let specs = dialects_of_specs(&files, &configurations, &text);
    let evidence = dialect::Evidence {
        specs: &specs,
        files: &files,
        text: &text,
        roots,
    };
    for folder in projects.by_folder.keys().cloned().collect::<Vec<_>>() {
        let found = match configurations
            .settings(&folder.join("dbt_project.yml"))
            .dialect
        {
            DialectChoice::Given(dialect) => dialect::given(dialect),
            DialectChoice::Auto => dialect::of_project(&projects, &folder, &evidence),
        };
        if let Some(project) = projects.by_folder.get_mut(&folder) {
            project.dialect = found;
        }
    }
    projects.outside = match roots.first().map(|root| {
        configurations
            .settings(&root.join("rationale.toml"))
            .dialect
    }) {
        Some(DialectChoice::Given(dialect)) => dialect::given(dialect),
        _ => dialect::outside(&projects, &evidence),
    };
    Survey {
        configurations: Arc::new(configurations),
        projects: Arc::new(projects),
        files,
        cut_off,
    }
}

/// The native specs that name a dialect, and which.
fn dialects_of_specs(
    files: &[PathBuf],
    configurations: &Configurations,
    text: &impl Fn(&Path) -> Option<String>,
) -> Vec<(PathBuf, Dialect)> {
    let specs = files
        .iter()
        .filter(|path| configurations.settings(path).is_spec(path));
    let named = specs.filter_map(|path| {
        let spec = spec::native::decode(&text(path)?).facts;
        Some((path.clone(), spec.dialect?.value.parse().ok()?))
    });
    named.collect()
}

fn named<'a>(
    files: &'a BTreeSet<PathBuf>,
    name: &'static str,
) -> impl Iterator<Item = &'a PathBuf> {
    files
        .iter()
        .filter(move |path| path.file_name().is_some_and(|file| file == name))
}

fn collect_projects(
    files: &BTreeSet<PathBuf>,
    text: &impl Fn(&Path) -> Option<String>,
    definitions: &mut BTreeMap<Arc<Path>, DbtProject>,
) {
    for path in named(files, "dbt_project.yml") {
        let Some(folder) = path.parent() else {
            continue;
        };
        if !definitions.contains_key(folder) {
            // A project file that can't be read still marks a project: the defaults hold.
            let definition = text(path).map(|text| spec::dbt::project::decode(&text).facts);
            definitions.insert(folder.into(), definition.unwrap_or_default());
        }
    }
}

fn package_folders(definitions: &BTreeMap<Arc<Path>, DbtProject>) -> Vec<PathBuf> {
    definitions
        .iter()
        .map(|(folder, project)| folder.join(&project.packages_install_path))
        .collect()
}

fn assemble(
    definitions: BTreeMap<Arc<Path>, DbtProject>,
    outside: &Outside,
) -> BTreeMap<Arc<Path>, Project> {
    let mut package_folders = package_folders(&definitions);
    package_folders.extend(outside.folders.iter().cloned());
    let project = |(folder, definition): (Arc<Path>, DbtProject)| {
        let is_package = package_folders
            .iter()
            .any(|packages| folder.starts_with(packages));
        let local = outside.local.get(&folder).into_iter().flatten();
        let project = Project {
            folder: folder.clone(),
            definition,
            is_package,
            local_packages: local.cloned().collect(),
            dialect: FoundDialect::default(),
        };
        (folder, project)
    };
    definitions.into_iter().map(project).collect()
}
