//! The texts that are mutated: the fixtures, the examples, and a folder that may be named.

use sql::Dialect;
use std::path::{Path, PathBuf};

/// A text that is mutated.
pub(crate) struct Seed {
    pub(crate) text: String,
    pub(crate) dialect: Dialect,
}

/// All of them, in the order of their paths. A folder named for a dialect says in which one its files are.
pub(crate) fn seeds(further: Option<&Path>) -> Vec<Seed> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    for folder in [
        "sql/tests/fixtures",
        "meaning/tests/fixtures",
        "sql/src/render/stand_ins",
        "../examples",
    ] {
        collect(&crates.join(folder), &mut paths);
    }
    if let Some(further) = further {
        collect(further, &mut paths);
    }
    let mut seeds: Vec<Seed> = paths.iter().filter_map(|path| seed(path)).collect();
    // Short queries over the same few tables, of nearly every form.
    let portable = std::fs::read_to_string(crates.join("meaning/tests/it/portable.sql")).unwrap();
    let statements = portable.split(';').map(str::trim);
    seeds.extend(
        statements
            .filter(|text| !text.is_empty())
            .map(|text| Seed {
                text: text.to_owned(),
                dialect: Dialect::Postgres,
            }),
    );
    assert!(seeds.len() > 100, "the fixtures have moved");
    seeds
}

fn seed(path: &Path) -> Option<Seed> {
    let text = std::fs::read_to_string(path).ok()?;
    let folder = path.parent()?.file_name()?.to_string_lossy().into_owned();
    Some(Seed {
        text,
        dialect: folder.parse().unwrap_or(Dialect::Snowflake),
    })
}

fn collect(path: &Path, paths: &mut Vec<PathBuf>) {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(path)
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        entries.sort();
        for entry in entries {
            collect(&entry, paths);
        }
    } else if path.extension().is_some_and(|extension| extension == "sql") {
        paths.push(path.to_owned());
    }
}
