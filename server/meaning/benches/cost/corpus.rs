//! The files that are measured, and what is known of the tables that they read.

use sql::facts::TableRef;
use sql::lower::{Catalog, TableColumn, TableColumns, lower};
use sql::{Dialect, Options, Templating};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use syntax::Name;

/// A file.
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) options: Options,
    /// The tables that only this file knows.
    schema: HashMap<String, TableColumns>,
}

/// The columns of every model, by its file's name.
pub(crate) struct Known(HashMap<String, TableColumns>);

/// What one file knows.
pub(crate) struct Seen<'k>(pub(crate) &'k Known, pub(crate) &'k File);

/// Models read each other: the columns behind a `*` are known after so many rounds.
const ROUNDS: usize = 4;

const MANIFEST: &str = env!("CARGO_MANIFEST_DIR");

/// The files of the repository, and the suites that are fetched, by group.
pub(crate) fn shipped() -> Vec<(String, Vec<File>)> {
    let mut fixtures = Vec::new();
    for folder in ["tests/fixtures", "../sql/tests/fixtures", "../../examples"] {
        let root = Path::new(MANIFEST).join(folder);
        for path in paths(&root) {
            let parent = path.parent().and_then(Path::file_name).unwrap();
            let dialect = parent.to_string_lossy().parse().unwrap_or(Dialect::DuckDb);
            fixtures.push(file(&root, &path, dialect));
        }
    }
    let mut groups = vec![("fixtures and examples".to_owned(), fixtures)];
    for suite in ["tpch", "tpcds"] {
        let path = format!("{MANIFEST}/../../target/conformance/sql/{suite}.jsonl");
        match std::fs::read_to_string(&path) {
            Ok(text) => groups.push((suite.to_owned(), text.lines().map(case).collect())),
            Err(_) => println!("{suite} is not here: run tests/conformance/sql/fetch"),
        }
    }
    groups
}

/// The SQL files under a folder, those of models where it has such.
pub(crate) fn folder(folder: &str, dialect: &str) -> Vec<File> {
    let dialect = dialect.parse().expect("a dialect");
    let mut paths = paths(Path::new(folder));
    let is_model = |path: &PathBuf| path.components().any(|part| part.as_os_str() == "models");
    if paths.iter().any(is_model) {
        paths.retain(is_model);
    }
    let files = paths.iter();
    files
        .map(|path| file(Path::new(folder), path, dialect))
        .collect()
}

fn file(root: &Path, path: &Path, dialect: Dialect) -> File {
    let name = path.strip_prefix(root).unwrap_or(path);
    File {
        name: name.to_string_lossy().into_owned(),
        text: std::fs::read_to_string(path).unwrap(),
        options: Options {
            dialect,
            templating: Templating::Jinja,
        },
        schema: HashMap::new(),
    }
}

fn case(line: &str) -> File {
    let json: serde_json::Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| {
        json.get(key)
            .and_then(|own| own.as_str())
            .unwrap()
            .to_owned()
    };
    let tables = json.get("schema").and_then(|own| own.as_object());
    let schema = tables.into_iter().flatten().map(|(table, columns)| {
        let columns = columns.as_object().unwrap().keys().map(|name| TableColumn {
            name: Name::new(name),
            data_type: None,
        });
        let columns = TableColumns {
            columns: columns.collect(),
            open: false,
        };
        (table.to_lowercase(), columns)
    });
    File {
        name: text("id"),
        text: text("sql"),
        options: Options {
            dialect: text("dialect").parse().unwrap(),
            templating: Templating::None,
        },
        schema: schema.collect(),
    }
}

fn paths(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).unwrap().flatten();
            waiting.extend(entries.map(|entry| entry.path()));
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            found.push(path);
        }
    }
    found.sort();
    found
}

impl Known {
    /// What the models among the files have for columns.
    pub(crate) fn of(files: &[File]) -> Known {
        let mut known = Known(HashMap::new());
        for _ in 0..ROUNDS {
            let models = files.iter().filter_map(|file| {
                let stem = Path::new(&file.name).file_stem()?.to_string_lossy();
                let lowered = lower(&file.text, &file.options, &Seen(&known, file));
                let [lowered] = lowered.as_slice() else {
                    return None;
                };
                let root = lowered.query.root();
                let columns = root.columns.iter().filter(|column| !column.implicit);
                let columns = columns.filter_map(|column| {
                    Some(TableColumn {
                        name: column.name.clone()?,
                        data_type: None,
                    })
                });
                let columns = TableColumns {
                    columns: columns.collect(),
                    open: root.open,
                };
                Some((stem.to_lowercase(), columns))
            });
            known = Known(models.collect());
        }
        known
    }
}

impl Catalog for Seen<'_> {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let Seen(known, file) = self;
        let name = match table {
            TableRef::Ref { name, .. } => name.as_str().to_lowercase(),
            other => other.to_string().to_lowercase(),
        };
        let found = file.schema.get(&name).or_else(|| known.0.get(&name));
        found.cloned()
    }
}
