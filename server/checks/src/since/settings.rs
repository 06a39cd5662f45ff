//! What a branch changes in `rationale.toml` so that less is said.

use crate::code::code;
use crate::{rewritten_history, unrecorded_change};
use index::configuration::{Check, ConfigurationFile, Level};
use index::{Facts, File, Snapshot};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A setting by which less is said than in the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSetting {
    /// The configuration's file, an absolute path.
    pub path: PathBuf,
    /// The setting, as it would be written.
    pub setting: String,
}

/// The settings by which less is said than in the base, in the order of paths.
pub(super) fn new_settings(snapshot: &Snapshot, base: &Snapshot) -> Vec<NewSetting> {
    let paths = |snapshot: &Snapshot| -> Vec<PathBuf> {
        let files = snapshot.files().into_iter();
        let files = files.filter(|file| configuration(file).is_some());
        files.map(|file| file.path.to_path_buf()).collect()
    };
    let all: BTreeSet<PathBuf> = paths(snapshot).into_iter().chain(paths(base)).collect();
    let mut new = Vec::new();
    for path in all {
        let (now, then) = (at(snapshot, &path), at(base, &path));
        let settings = narrowed(&now, &then)
            .into_iter()
            .chain(lowered(&now, &then));
        new.extend(settings.map(|setting| NewSetting {
            path: path.clone(),
            setting,
        }));
    }
    new
}

fn configuration(file: &File) -> Option<&ConfigurationFile> {
    match &*file.facts {
        Facts::Configuration(configuration) => Some(configuration),
        _ => None,
    }
}

fn at(snapshot: &Snapshot, path: &Path) -> ConfigurationFile {
    let file = snapshot.file_at(path);
    file.and_then(configuration).cloned().unwrap_or_default()
}

/// The patterns by which fewer files are read, or have findings.
fn narrowed(now: &ConfigurationFile, then: &ConfigurationFile) -> Vec<String> {
    let mut found = Vec::new();
    let of_files = [
        ("specs", &now.specs, &then.specs),
        ("sql", &now.sql, &then.sql),
    ];
    for (key, now, then) in of_files {
        let is_kept = |pattern: &String| now.iter().flatten().any(|own| own == pattern);
        let is_wider = then.as_ref().is_some_and(|then| then.iter().all(is_kept));
        if let Some(patterns) = now
            .as_ref()
            .filter(|now| then.as_ref() != Some(*now) && !is_wider)
        {
            found.push(format!("{key} = {}", list(patterns)));
        }
    }
    let was_there = |pattern: &&String| !then.exclude.iter().flatten().any(|own| own == *pattern);
    let excluded = now.exclude.iter().flatten().filter(was_there);
    let excluded: Vec<String> = excluded.cloned().collect();
    if !excluded.is_empty() {
        found.push(format!("exclude = {}", list(&excluded)));
    }
    found
}

/// The levels that are lower than they were, everywhere or for some paths.
fn lowered(now: &ConfigurationFile, then: &ConfigurationFile) -> Vec<String> {
    let said = |code: &str, level: Level| format!("{code} = \"{}\"", level.name());
    let level_in = |checks: &[Check], code: &str| {
        let mut own = checks.iter().rev();
        own.find(|check| check.code.value == code)
            .map(|check| check.level)
    };
    let asked = |file: &ConfigurationFile, code: &str| {
        level_in(&file.checks, code).or_else(|| unasked(code))
    };
    let mut found = Vec::new();
    let codes = now.checks.iter().chain(&then.checks);
    let codes: BTreeSet<&str> = codes.map(|check| check.code.value.as_str()).collect();
    for code in codes {
        if let (Some(now), Some(then)) = (asked(now, code), asked(then, code))
            && now < then
        {
            found.push(said(code, now));
        }
    }
    for scope in &now.scopes {
        for check in &scope.checks {
            let code = check.code.value.as_str();
            let was_there = then.scopes.iter().any(|own| {
                own.paths == scope.paths && level_in(&own.checks, code) == Some(check.level)
            });
            if !was_there && asked(now, code).is_some_and(|level| check.level < level) {
                let setting = said(code, check.level);
                found.push(format!("{setting} for {}", scope.paths.join(", ")));
            }
        }
    }
    found
}

/// The level of a finding that a branch brings, where nobody asks for one.
fn unasked(name: &str) -> Option<Level> {
    let is_gate = [unrecorded_change::CODE.name, rewritten_history::CODE.name].contains(&name);
    match is_gate {
        true => Some(Level::Error),
        false => code(name).map(|code| code.default),
    }
}

/// As TOML has it.
fn list(patterns: &[String]) -> String {
    let quoted = patterns.iter().map(|pattern| format!("{pattern:?}"));
    format!("[{}]", quoted.collect::<Vec<_>>().join(", "))
}
