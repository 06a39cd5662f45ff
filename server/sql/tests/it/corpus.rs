//! The SQL files that whole-file tests run over.
//!
//! By default these are the fixtures, in folders named for their dialects. `SQL_CORPUS=FOLDER` and
//! `SQL_CORPUS_DIALECT=NAME` put the models of a dbt project in their place.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their own files"
)]

use std::path::{Path, PathBuf};

/// One file.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) dialect: String,
    pub(crate) text: String,
}

/// At most this many files of another corpus are taken, evenly.
const MOST_FILES: usize = 200;

/// The files in the order of their paths.
pub(crate) fn files() -> Vec<File> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let (folder, dialect) = match std::env::var("SQL_CORPUS") {
        Ok(folder) => (
            PathBuf::from(folder),
            std::env::var("SQL_CORPUS_DIALECT").ok(),
        ),
        Err(_) => (fixtures, None),
    };
    let mut paths = Vec::new();
    collect(&folder, &mut paths);
    if dialect.is_some() {
        paths.retain(|path| path.components().any(|part| part.as_os_str() == "models"));
    }
    paths.sort();
    let stride = paths.len().div_ceil(MOST_FILES).max(1);
    let chosen = paths.into_iter().step_by(stride);
    chosen
        .map(|path| File {
            dialect: dialect.clone().unwrap_or_else(|| folder_name(&path)),
            text: std::fs::read_to_string(&path).unwrap(),
            path,
        })
        .collect()
}

fn folder_name(path: &Path) -> String {
    let folder = path.parent().unwrap().file_name().unwrap();
    folder.to_string_lossy().into_owned()
}

fn collect(path: &Path, paths: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).unwrap().flatten() {
            collect(&entry.path(), paths);
        }
    } else if path.extension().is_some_and(|extension| extension == "sql") {
        paths.push(path.to_owned());
    }
}

/// Pseudo-random numbers, the same on every run (Marsaglia's xorshift).
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new() -> Random {
        Random(88_172_645_463_325_252)
    }

    /// A number below `limit`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}
