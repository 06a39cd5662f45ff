//! The map step: from a path to a [`File`], without a look at any other file.

use crate::configuration::{Configurations, Templating, decode_toml};
use crate::file::{Facts, File, FileId, FileKind, Ignore, Problem, ProblemKind};
use crate::ignore;
use crate::paths::Paths;
use crate::project::Projects;
use crate::read;
use crate::sentences::Sentences;
use crate::shards::Shards;
use crate::system::System;
use spec::Decoded;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use syntax::yaml::{self, Node, NodeKind};
use syntax::{Name, Places, TextRange};

/// Reads files of a workspace, on any thread.
#[derive(Clone, Debug)]
pub struct Reader {
    pub(crate) system: Arc<dyn System>,
    pub(crate) paths: Arc<Paths>,
    pub(crate) configurations: Arc<Configurations>,
    pub(crate) projects: Arc<Projects>,
    /// Which reading of everything this is for.
    pub(crate) loading: u64,
    /// What was read before, where everything is read anew.
    pub(crate) known: Option<Arc<Known>>,
}

/// Files as they were read before, and how they were: of a text that is the same, so are the facts.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) files: Shards<FileId, File>,
    pub(crate) configurations: Arc<Configurations>,
    pub(crate) projects: Arc<Projects>,
}

/// A file as a [`Reader`] found it.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub(crate) file: File,
    pub(crate) loading: u64,
}

/// What a text says, where, and what is wrong with it.
struct Analysis {
    facts: Facts,
    places: Places,
    problems: Vec<Problem>,
    ignores: Vec<Ignore>,
}

/// The same, to be shared.
struct Shared {
    facts: Arc<Facts>,
    places: Arc<Places>,
    problems: Arc<[Problem]>,
    ignores: Arc<[Ignore]>,
}

impl From<Analysis> for Shared {
    fn from(analysis: Analysis) -> Shared {
        Shared {
            facts: Arc::new(analysis.facts),
            places: Arc::new(analysis.places),
            problems: analysis.problems.into(),
            ignores: analysis.ignores.into(),
        }
    }
}

impl Reader {
    /// The file at `path` as it is on disk; `None` when it is not there or none of ours.
    pub fn read(&self, path: &Path) -> Option<Loaded> {
        let kind = self.kind(path)?;
        let text = read::of_kind(&*self.system, path, kind);
        if matches!(text, Err(read::Failure::Gone)) {
            return None;
        }
        let file = match text {
            Ok(text) => self.file(path, kind, &text),
            Err(failure) => self.unreadable(path, kind, failure.to_string()),
        };
        Some(self.loaded(file))
    }

    /// The file at `path` with the text that an editor holds; `None` when it is none of ours.
    pub(crate) fn open(&self, path: &Path, text: &Arc<str>) -> Option<Loaded> {
        let kind = self.kind(path)?;
        let mut file = self.file(path, kind, text);
        file.open_text = Some(text.clone());
        Some(self.loaded(file))
    }

    fn loaded(&self, file: File) -> Loaded {
        Loaded {
            file,
            loading: self.loading,
        }
    }

    fn kind(&self, path: &Path) -> Option<FileKind> {
        self.projects
            .kind(path, &self.configurations.settings(path))
    }

    fn file(&self, path: &Path, kind: FileKind, text: &str) -> File {
        let hash = read::hash(text);
        if let Some(analysis) = self.known(path, kind, hash) {
            return self.assemble(path, kind, analysis, hash);
        }
        // A panic costs this file, never the workspace: it is set aside until its text changes.
        let analysis = catch_unwind(AssertUnwindSafe(|| self.analyse(path, kind, text)));
        let analysis = analysis.unwrap_or_else(|panic| {
            let message = message(&*panic);
            tracing::error!(path = %path.display(), message, "the analysis of a file panicked");
            Analysis {
                facts: Facts::Quarantined,
                places: Places::default(),
                problems: vec![Problem {
                    range: TextRange::default(),
                    kind: ProblemKind::Panicked(message),
                }],
                ignores: Vec::new(),
            }
        });
        self.assemble(path, kind, analysis.into(), hash)
    }

    /// What a text said when it was last read, if it was read in the same way.
    fn known(&self, path: &Path, kind: FileKind, hash: u64) -> Option<Shared> {
        let known = self.known.as_ref()?;
        let file = known.files.get(&self.paths.known(path)?)?;
        let is_same_way = || match kind {
            FileKind::Sql(_) => {
                options(&known.configurations, &known.projects, path)
                    == options(&self.configurations, &self.projects, path)
            }
            _ => true,
        };
        let is_known = file.kind == kind && file.text_hash == hash && is_same_way();
        // What could not be read has the hash of no text.
        let is_read = !matches!(*file.facts, Facts::Unreadable);
        (is_known && is_read).then(|| Shared {
            facts: file.facts.clone(),
            places: file.places.clone(),
            problems: file.problems.clone(),
            ignores: file.ignores.clone(),
        })
    }

    fn unreadable(&self, path: &Path, kind: FileKind, reason: String) -> File {
        let analysis = Analysis {
            facts: Facts::Unreadable,
            places: Places::default(),
            problems: vec![Problem {
                range: TextRange::default(),
                kind: ProblemKind::Unreadable(reason),
            }],
            ignores: Vec::new(),
        };
        self.assemble(path, kind, analysis.into(), 0)
    }

    fn assemble(&self, path: &Path, kind: FileKind, analysis: Shared, text_hash: u64) -> File {
        let project = self.projects.governing(path);
        let settings = self.configurations.settings(path);
        File {
            id: self.paths.intern(path),
            path: path.into(),
            kind,
            project: project.map(|project| project.folder.clone()),
            quiet: settings.is_excluded(path)
                || project.is_some_and(|project| project.is_package)
                || self.projects.is_outside_roots(path),
            facts: analysis.facts,
            places: analysis.places,
            problems: analysis.problems,
            ignores: analysis.ignores,
            open_text: None,
            text_hash,
            sentences: Sentences::default(),
        }
    }

    fn analyse(&self, path: &Path, kind: FileKind, text: &str) -> Analysis {
        match kind {
            FileKind::NativeSpec => from_yaml(text, spec::native::decode(text), Facts::NativeSpec),
            FileKind::Lock => from_yaml(text, spec::lock::decode(text), Facts::Lock),
            FileKind::DbtProperties => {
                let decoded = spec::dbt::properties::decode(text);
                from_yaml(text, decoded, Facts::DbtProperties)
            }
            FileKind::DbtProject => {
                let decoded = spec::dbt::project::decode(text);
                from_yaml(text, decoded, Facts::DbtProject)
            }
            FileKind::DbtPackages => {
                let decoded = spec::dbt::packages::decode(text);
                from_yaml(text, decoded, Facts::DbtPackages)
            }
            FileKind::Configuration => {
                let (facts, places, problems) = decode_toml(text);
                let problem = |problem: crate::configuration::Problem| Problem {
                    range: problem.range,
                    kind: ProblemKind::Configuration(problem),
                };
                Analysis {
                    facts: Facts::Configuration(facts),
                    places,
                    problems: problems.into_iter().map(problem).collect(),
                    ignores: Vec::new(),
                }
            }
            FileKind::Sql(_) => self.analyse_sql(path, text),
            FileKind::PythonModel | FileKind::Fixture | FileKind::DbtSelectors => Analysis {
                facts: Facts::Opaque,
                places: Places::default(),
                problems: Vec::new(),
                ignores: Vec::new(),
            },
            FileKind::Seed => Analysis {
                facts: Facts::Seed(header(text)),
                places: Places::default(),
                problems: Vec::new(),
                ignores: Vec::new(),
            },
        }
    }

    fn analyse_sql(&self, path: &Path, text: &str) -> Analysis {
        let options = options(&self.configurations, &self.projects, path);
        let analysis = sql::analyze(text, &options);
        let problem = |problem: sql::Problem| Problem {
            range: problem.range,
            kind: ProblemKind::Sql(problem.message),
        };
        Analysis {
            ignores: ignore::in_comments(text, &analysis.comments),
            facts: Facts::Sql(analysis.facts),
            places: analysis.places,
            problems: analysis.problems.into_iter().map(problem).collect(),
        }
    }
}

/// How the SQL file at `path` is to be read.
pub(crate) fn options(
    configurations: &Configurations,
    projects: &Projects,
    path: &Path,
) -> sql::Options {
    let is_template = match configurations.settings(path).templating {
        Templating::Auto => projects.governing(path).is_some(),
        Templating::Jinja => true,
        Templating::Off => false,
    };
    sql::Options {
        dialect: projects.dialect(path).dialect,
        templating: if is_template {
            sql::Templating::Jinja
        } else {
            sql::Templating::None
        },
    }
}

fn from_yaml<T>(text: &str, decoded: Decoded<T>, facts: impl FnOnce(T) -> Facts) -> Analysis {
    let problem = |problem: spec::Problem| Problem {
        range: problem.range,
        kind: ProblemKind::Spec(problem),
    };
    let ignores = if text.contains(ignore::MARKER) {
        let mut scalars = Vec::new();
        for document in yaml::parse(text).documents {
            collect_scalars(&document.root, &mut scalars);
        }
        ignore::in_comments(text, &ignore::yaml_comments(text, &scalars))
    } else {
        Vec::new()
    };
    Analysis {
        facts: facts(decoded.facts),
        places: decoded.places,
        problems: decoded.problems.into_iter().map(problem).collect(),
        ignores,
    }
}

fn collect_scalars(node: &Node, scalars: &mut Vec<TextRange>) {
    if matches!(node.kind, NodeKind::Scalar { .. }) {
        scalars.push(node.range);
    }
    for entry in node.entries() {
        collect_scalars(&entry.key, scalars);
        collect_scalars(&entry.value, scalars);
    }
    for item in node.items() {
        collect_scalars(item, scalars);
    }
}

/// The columns that the first line of a data file names.
fn header(line: &str) -> Vec<Name> {
    let line = line.trim_start_matches('\u{feff}');
    let cells = line.split(',').map(|cell| cell.trim().trim_matches('"'));
    cells
        .filter(|cell| !cell.is_empty())
        .map(Name::new)
        .collect()
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message").to_owned()
}
