//! What holds for a path: the nearest `rationale.toml` above it, and the editor's settings over it.

use super::decode::{ConfigurationFile, DialectChoice, Templating};
use super::{Level, Overrides};
use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What holds for the files below a folder.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The folder that patterns are relative to.
    folder: PathBuf,
    /// Whether a `rationale.toml` says so, or only the defaults and the editor do.
    pub is_configured: bool,
    specs: GlobSet,
    sql: GlobSet,
    exclude: GlobSet,
    /// The SQL dialect.
    pub dialect: DialectChoice,
    /// Which SQL files are templates.
    pub templating: Templating,
    /// The branch that changes are compared with; `None` for origin's default branch.
    pub base: Option<String>,
    /// Compare each state with a fresh start.
    pub paranoid: bool,
    checks: BTreeMap<SmolStr, Level>,
    scopes: Vec<(GlobSet, BTreeMap<SmolStr, Level>)>,
}

impl Settings {
    /// The level that was asked for, for findings of `code` in the file at `path`; `None` where
    /// nobody asked for one.
    pub fn level(&self, code: &str, path: &Path) -> Option<Level> {
        let relative = self.relative(path);
        let scoped = self
            .scopes
            .iter()
            .rev()
            .filter(|(paths, _)| paths.is_match(relative));
        let mut asked = scoped
            .filter_map(|(_, levels)| levels.get(code))
            .chain(self.checks.get(code));
        asked.next().copied()
    }

    /// Whether the file at `path` is a native spec by its name.
    pub fn is_spec(&self, path: &Path) -> bool {
        self.specs.is_match(self.relative(path))
    }

    /// Whether the file at `path` is SQL by its name.
    pub fn is_sql(&self, path: &Path) -> bool {
        self.sql.is_match(self.relative(path))
    }

    /// Whether the file at `path` is to have no findings.
    pub fn is_excluded(&self, path: &Path) -> bool {
        self.exclude.is_match(self.relative(path))
    }

    fn new(folder: &Path, file: Option<&ConfigurationFile>, editor: &Overrides) -> Settings {
        let written = [Some(editor), file];
        let given = || written.iter().flatten();
        let patterns =
            |of: fn(&ConfigurationFile) -> Option<&Vec<String>>, default: &[&str]| match given()
                .find_map(|file| of(file))
            {
                Some(patterns) => glob_set(patterns.iter().map(String::as_str)),
                None => glob_set(default.iter().copied()),
            };
        let mut checks = BTreeMap::new();
        let mut scopes = Vec::new();
        // The later goes before the earlier: first what the project says, then what the editor says.
        for file in [file, Some(editor)].into_iter().flatten() {
            checks.extend(
                file.checks
                    .iter()
                    .map(|check| (check.code.value.clone(), check.level)),
            );
            scopes.extend(file.scopes.iter().map(|scope| {
                let levels = scope
                    .checks
                    .iter()
                    .map(|check| (check.code.value.clone(), check.level));
                (
                    glob_set(scope.paths.iter().map(String::as_str)),
                    levels.collect(),
                )
            }));
        }
        if !editor.checks.is_empty() {
            // The editor's own levels hold in every scope of the project file too.
            let everywhere = editor
                .checks
                .iter()
                .map(|check| (check.code.value.clone(), check.level));
            scopes.push((glob_set(["**"]), everywhere.collect()));
        }
        Settings {
            folder: folder.to_owned(),
            is_configured: file.is_some(),
            specs: patterns(
                |file| file.specs.as_ref(),
                &["**/*.spec.yaml", "**/*.spec.yml"],
            ),
            sql: patterns(|file| file.sql.as_ref(), &["**/*.sql"]),
            exclude: patterns(|file| file.exclude.as_ref(), &["target/**"]),
            dialect: given()
                .find_map(|file| file.dialect)
                .unwrap_or(DialectChoice::Auto),
            templating: given().find_map(|file| file.templating).unwrap_or_default(),
            base: given().find_map(|file| file.base.clone()),
            paranoid: given().find_map(|file| file.paranoid).unwrap_or(false),
            checks,
            scopes,
        }
    }

    fn relative<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.folder).unwrap_or(path)
    }
}

/// All configurations of the workspace.
#[derive(Debug)]
pub struct Configurations {
    /// By folder; the roots always have one.
    by_folder: BTreeMap<PathBuf, Arc<Settings>>,
    default: Arc<Settings>,
}

impl Configurations {
    /// The configurations found, by the folder that holds each, below these roots.
    pub fn new(
        roots: &[PathBuf],
        files: &BTreeMap<PathBuf, Arc<ConfigurationFile>>,
        editor: &Overrides,
    ) -> Configurations {
        let roots = roots
            .iter()
            .map(|root| (root.clone(), Arc::new(Settings::new(root, None, editor))));
        let mut by_folder: BTreeMap<PathBuf, Arc<Settings>> = roots.collect();
        for (folder, file) in files {
            by_folder.insert(
                folder.clone(),
                Arc::new(Settings::new(folder, Some(file), editor)),
            );
        }
        Configurations {
            by_folder,
            default: Arc::new(Settings::new(Path::new("/"), None, editor)),
        }
    }

    /// What holds for the file at `path`.
    pub fn settings(&self, path: &Path) -> Arc<Settings> {
        let nearest = path
            .ancestors()
            .find_map(|folder| self.by_folder.get(folder));
        nearest.unwrap_or(&self.default).clone()
    }

    /// Whether any `rationale.toml` holds for the file at `path`.
    pub fn is_configured(&self, path: &Path) -> bool {
        self.settings(path).is_configured
    }
}

/// One set of all patterns. A pattern that is none matches nothing; the decode has reported it.
fn glob_set<'a>(patterns: impl IntoIterator<Item = &'a str>) -> GlobSet {
    let mut builder = GlobSetBuilder::new();
    for glob in patterns
        .into_iter()
        .filter_map(|pattern| glob(pattern).ok())
    {
        builder.add(glob);
    }
    builder.build().unwrap_or_default()
}

/// A pattern as people know it from .gitignore: `*` stays in its folder, `**` does not.
pub(super) fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}
