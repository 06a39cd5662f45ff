//! Which SQL dialect a project is written in, found out without being told.
//!
//! A spec that names one tells it, else the profile in the repository, else the adapter that the
//! repository installs, else what parses most of a sample, else nothing does.

use crate::project::{FoundDialect, Projects};
use spec::dbt::profiles;
use sql::Dialect;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// What can be looked at.
pub(crate) struct Evidence<'a> {
    /// Every file that is ours, sorted.
    pub(crate) files: &'a [PathBuf],
    /// The native specs that name a dialect, and which.
    pub(crate) specs: &'a [(PathBuf, Dialect)],
    /// The text of any file.
    pub(crate) text: &'a dyn Fn(&Path) -> Option<String>,
    /// The folders of the workspace.
    pub(crate) roots: &'a [PathBuf],
}

/// How many SQL files are tried.
const SAMPLE: usize = 40;

/// Where repositories say which adapter they install.
const REQUIREMENTS: [&str; 7] = [
    "requirements.txt",
    "requirements.in",
    "requirements-dev.txt",
    "dev-requirements.txt",
    "pyproject.toml",
    "Pipfile",
    "poetry.lock",
];

/// The dialects that a sample is tried in, the likeliest first: of equals the first is taken.
const TRIED: [Dialect; 8] = [
    Dialect::Generic,
    Dialect::Snowflake,
    Dialect::BigQuery,
    Dialect::Postgres,
    Dialect::Databricks,
    Dialect::DuckDb,
    Dialect::Redshift,
    Dialect::Trino,
];

/// The dialect that the configuration gives.
pub(crate) fn given(dialect: Dialect) -> FoundDialect {
    FoundDialect {
        dialect,
        how: "as configured".to_owned(),
    }
}

/// The dialect of the dbt project in `folder`.
pub(crate) fn of_project(projects: &Projects, folder: &Path, evidence: &Evidence) -> FoundDialect {
    let Some(project) = projects.project(folder) else {
        return FoundDialect::default();
    };
    if let Some(found) = named_by_specs(projects, Some(folder), evidence) {
        return found;
    }
    let root = evidence
        .roots
        .iter()
        .filter(|root| folder.starts_with(root))
        .min_by_key(|root| root.as_os_str().len());
    let above = || {
        folder
            .ancestors()
            .take_while(|above| root.is_none_or(|root| above.starts_with(root)))
    };
    let profile = above().find_map(|above| {
        let text = (evidence.text)(&above.join("profiles.yml"))?;
        adapter_of_profile(&text, project.definition.profile.as_deref())
    });
    if let Some(dialect) = profile {
        return FoundDialect {
            dialect,
            how: "from profiles.yml".to_owned(),
        };
    }
    if let Some((dialect, file)) = above().find_map(|above| adapter_package(above, evidence)) {
        return FoundDialect {
            dialect,
            how: format!("from the adapter in {file}"),
        };
    }
    let is_model = |path: &&PathBuf| {
        path.extension().is_some_and(|extension| extension == "sql")
            && projects
                .governing(path)
                .is_some_and(|governing| &*governing.folder == folder)
    };
    let sql: Vec<&PathBuf> = evidence.files.iter().filter(is_model).collect();
    what_parses(&sql, sql::Templating::Jinja, evidence)
}

/// The dialect of what no dbt project governs.
pub(crate) fn outside(projects: &Projects, evidence: &Evidence) -> FoundDialect {
    let is_script = |path: &&PathBuf| {
        path.extension().is_some_and(|extension| extension == "sql")
            && projects.governing(path).is_none()
    };
    if let Some(found) = named_by_specs(projects, None, evidence) {
        return found;
    }
    let sql: Vec<&PathBuf> = evidence.files.iter().filter(is_script).collect();
    what_parses(&sql, sql::Templating::None, evidence)
}

/// The dialect that the specs in this project agree on, or, where none of them names one, the specs
/// in no project.
fn named_by_specs(
    projects: &Projects,
    folder: Option<&Path>,
    evidence: &Evidence,
) -> Option<FoundDialect> {
    let below = |folder: Option<&Path>| {
        let governing = move |path: &Path| projects.governing(path).map(|project| &*project.folder);
        let mut named = evidence
            .specs
            .iter()
            .filter(move |(path, _)| governing(path) == folder);
        let (path, dialect) = named.next()?;
        named
            .all(|(_, other)| other == dialect)
            .then_some((path, *dialect))
    };
    let (path, dialect) = below(folder).or_else(|| below(None))?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    Some(FoundDialect {
        dialect,
        how: format!("named in {file}"),
    })
}

/// The dialect of the adapter of the profile of that name; without a name, of the only profile.
fn adapter_of_profile(text: &str, name: Option<&str>) -> Option<Dialect> {
    let profiles = profiles::decode(text);
    let profile = match (name, profiles.as_slice()) {
        (Some(name), _) => profiles.iter().find(|profile| profile.name == name)?,
        (None, [only]) => only,
        (None, _) => return None,
    };
    dialect_of(profile.adapter()?)
}

fn dialect_of(adapter: &str) -> Option<Dialect> {
    profiles::dialect_of_adapter(adapter)?.parse().ok()
}

fn adapter_package(folder: &Path, evidence: &Evidence) -> Option<(Dialect, &'static str)> {
    REQUIREMENTS.iter().find_map(|name| {
        let text = (evidence.text)(&folder.join(name))?;
        let adapters = text.match_indices("dbt-").filter_map(|(at, _)| {
            let rest = text.get(at + "dbt-".len()..)?;
            let end = rest
                .find(|letter: char| !letter.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            dialect_of(rest.get(..end)?)
        });
        let mut adapters: Vec<Dialect> = adapters.collect();
        adapters.dedup();
        // Several adapters tell that the project runs on each of them, not which one it is written for.
        match adapters.as_slice() {
            [dialect] => Some((*dialect, *name)),
            _ => None,
        }
    })
}

/// The dialect that reads most files of a sample spread over all of them.
fn what_parses(
    files: &[&PathBuf],
    templating: sql::Templating,
    evidence: &Evidence,
) -> FoundDialect {
    let step = files.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<String> = files
        .iter()
        .step_by(step)
        .filter_map(|path| (evidence.text)(path))
        .collect();
    if sample.is_empty() {
        return FoundDialect::default();
    }
    let parsed = |dialect: Dialect| {
        let options = sql::Options {
            dialect,
            templating,
        };
        // A text that makes the parser panic is one that this dialect does not read.
        let reads = |text: &&String| {
            catch_unwind(AssertUnwindSafe(|| sql::parses(text, &options))).unwrap_or(false)
        };
        sample.iter().filter(reads).count()
    };
    let mut best = (Dialect::Generic, parsed(Dialect::Generic));
    for dialect in TRIED {
        if best.1 == sample.len() {
            break;
        }
        let count = parsed(dialect);
        if count > best.1 {
            best = (dialect, count);
        }
    }
    let (dialect, count) = best;
    FoundDialect {
        dialect,
        how: format!("it reads {count} of {} files looked at", sample.len()),
    }
}
