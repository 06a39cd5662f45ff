//! The products whose models are edited, and a workspace with the lock of one.

use crate::edits_of_models::{Change, Files, may_be_model};
use crate::workspace::ROOT;
use checks::{Finding, Findings, LockRequest, Severity, update_locks};
use index::system::MemorySystem;
use index::{Change as Happened, Snapshot, TableKey, Workspace};
use meaning::difference::{Change as Kind, ColumnChange, Version, difference_of_forms};
use sql::Dialect;
use sql::relation::Query;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// So many models are over each other at most.
const DEEPEST: usize = 12;

/// Models, and what else their workspace holds.
pub(crate) struct Product {
    pub(crate) name: String,
    /// The models, by their paths in the workspace.
    pub(crate) models: Files,
    /// The other files.
    others: Files,
    pub(crate) dialect: Dialect,
    pub(crate) seed: u64,
    /// The models that are edited; all of them without any.
    edited: Option<BTreeSet<String>>,
    /// It is a folder that is given, not one of the repository's.
    is_given: bool,
}

/// The products of the examples and of the fixtures, or the one that is given.
pub(crate) fn products() -> Vec<Product> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let variable = |name: &str| std::env::var(name).ok();
    if let Some(folder) = variable("EDITS_FOLDER") {
        let dialect = variable("EDITS_DIALECT").unwrap_or_default();
        let mut product = of_folder(Path::new(&folder), dialect.parse().unwrap_or_default());
        product.is_given = true;
        let names = variable("EDITS_MODELS");
        product.edited = names.map(|names| names.split(',').map(str::to_owned).collect());
        return vec![product];
    }
    let mut products = vec![
        of_folder(&root.join("examples/orders"), Dialect::Postgres),
        of_folder(&root.join("examples/shop-dbt"), Dialect::DuckDb),
    ];
    let dialects = [
        Dialect::DuckDb,
        Dialect::Postgres,
        Dialect::Snowflake,
        Dialect::BigQuery,
    ];
    let fixtures = root.join("server/meaning/tests/fixtures");
    products.extend(dialects.map(|dialect| of_fixtures(&fixtures, dialect)));
    products
}

/// A folder as it stands, with a spec for the models that none describes.
fn of_folder(folder: &Path, dialect: Dialect) -> Product {
    let mut product = Product {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        models: Files::new(),
        others: Files::new(),
        dialect,
        seed: 7,
        edited: None,
        is_given: false,
    };
    for (path, text) in texts(folder) {
        let is_model = path.extension().is_some_and(|extension| extension == "sql");
        match is_model && may_be_model(&path) {
            true => product.models.insert(path, text),
            false => product.others.insert(path, text),
        };
    }
    let has_spec = product
        .others
        .keys()
        .any(|path| path.to_string_lossy().ends_with(".spec.yaml"));
    if !has_spec {
        product.describe();
    }
    product
}

/// Fixtures of one dialect as a dbt project, with the columns of the tables that they read.
fn of_fixtures(folder: &Path, dialect: Dialect) -> Product {
    let models = texts(&folder.join(dialect.name())).into_iter();
    let models = models.map(|(path, text)| (Path::new("models").join(path), text));
    let mut product = Product {
        name: dialect.name().to_owned(),
        models: models.collect(),
        others: Files::new(),
        dialect,
        seed: 7,
        edited: None,
        is_given: false,
    };
    let tables = read(&folder.join("tables.json"));
    let project = format!("name: {}\n", product.name);
    product.others.insert("dbt_project.yml".into(), project);
    product
        .others
        .insert("models/sources.yml".into(), sources(&tables));
    product.describe();
    product
}

/// The sources of a dbt project, of the columns of tables by name.
fn sources(tables: &str) -> String {
    type Tables = BTreeMap<String, BTreeMap<String, String>>;
    let tables: Tables = serde_json::from_str(tables).unwrap();
    let mut by_source: BTreeMap<&str, String> = BTreeMap::new();
    for (name, columns) in &tables {
        let (source, table) = name.split_once('.').unwrap();
        let text = by_source.entry(source).or_default();
        text.push_str(&format!("      - name: {table}\n        columns:\n"));
        for (column, data_type) in columns {
            text.push_str(&format!(
                "          - {{ name: {column}, data_type: \"{data_type}\" }}\n"
            ));
        }
    }
    let mut text = "sources:\n".to_owned();
    for (source, tables) in by_source {
        text.push_str(&format!("  - name: {source}\n    tables:\n{tables}"));
    }
    text
}

impl Product {
    /// Adds a spec that names every model.
    fn describe(&mut self) {
        let mut spec = format!(
            "product: {}\ndialect: {}\ntables:\n",
            self.name,
            self.dialect.name()
        );
        let names: BTreeSet<&str> = self.models.keys().map(|path| stem(path)).collect();
        for name in names {
            spec.push_str(&format!("  - name: {name}\n"));
        }
        self.others.insert("specs/all.spec.yaml".into(), spec);
    }
}

/// So many edits of a kind are tried on a product of the repository.
const EACH: usize = 5;

impl Product {
    /// The edits that are tried: of the repository's products, some of every kind; of a folder that is
    /// given, all that touch only the models that are to be edited.
    pub(crate) fn chosen<T>(&self, edits: Vec<T>, change: fn(&T) -> &Change) -> Vec<T> {
        let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut is_chosen = |edit: &T| {
            let change = change(edit);
            if let Some(edited) = &self.edited {
                return change.touched.iter().all(|model| edited.contains(model));
            }
            let count = counts.entry(change.kind).or_default();
            *count += 1;
            self.is_given || *count <= EACH
        };
        edits.into_iter().filter(|edit| is_chosen(edit)).collect()
    }

    /// Adds a file that is no model.
    pub(crate) fn add(&mut self, path: &str, text: String) {
        self.others.insert(path.into(), text);
    }

    /// A file that is no model.
    pub(crate) fn other(&self, path: &Path) -> &str {
        &self.others[path]
    }
}

/// A workspace with a lock, and the findings in it.
pub(crate) struct Locked {
    system: MemorySystem,
    workspace: Workspace,
    findings: Findings,
    files: Files,
    /// The texts of the locks.
    pub(crate) locks: Vec<String>,
}

/// What is said of a change of meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) table: String,
    /// The column; `None` for the rows.
    pub(crate) column: Option<String>,
    /// It is said to be another, not that it can't be told.
    pub(crate) is_proved: bool,
    pub(crate) message: String,
}

impl Locked {
    /// With the lock of the product as it is.
    pub(crate) fn new(product: &Product) -> Locked {
        let files = product.models.iter().chain(&product.others);
        let files: Files = files
            .map(|(path, text)| (path.clone(), text.clone()))
            .collect();
        let texts = files.iter();
        let system = MemorySystem::new(texts.map(|(path, text)| (absolute(path), text.clone())));
        let mut workspace = Workspace::new(Arc::new(system.clone()), vec![ROOT.into()]);
        workspace.load();
        let request = LockRequest {
            is_initial: true,
            ..LockRequest::default()
        };
        let updates = update_locks(&workspace.snapshot(), &request);
        let mut locks = Vec::new();
        for update in updates {
            locks.push(update.text.clone());
            system.write(update.path, update.text);
        }
        let reached = workspace.load();
        let mut findings = Findings::default();
        findings.update(&workspace.snapshot(), &reached);
        Locked {
            system,
            workspace,
            findings,
            files,
            locks,
        }
    }

    pub(crate) fn is_locked(&self) -> bool {
        !self.locks.is_empty()
    }

    /// What is said of changes of meaning, as the workspace is now.
    pub(crate) fn drift(&self) -> Vec<Found> {
        let all = self.findings.all(&self.workspace.snapshot());
        let drift = all
            .into_iter()
            .filter(|finding| finding.code == "unrecorded-change");
        let found = drift.map(|finding| Found {
            table: finding.subject.table.as_ref().unwrap().to_string(),
            column: finding.subject.column.as_ref().map(ToString::to_string),
            is_proved: finding.severity >= Severity::Warning,
            message: finding.message.clone(),
        });
        found.collect()
    }

    /// What is said after an edit, which is taken back then.
    pub(crate) fn with(&mut self, edit: &Change) -> Vec<Found> {
        self.during(edit, |locked| locked.drift())
    }

    /// Whether the tables that an edit touches mean what they meant, over what no model defines: what is ruled
    /// out further up already changes nothing.
    pub(crate) fn is_same_over_sources(&mut self, edit: &Change) -> bool {
        let was = self.over_sources(&edit.touched);
        let now = self.during(edit, |locked| locked.over_sources(&edit.touched));
        was.iter().zip(&now).all(|both| match both {
            (Some(was), Some(now)) => is_same(was, now),
            _ => false,
        })
    }

    /// The queries of tables over what no model defines.
    fn over_sources(&self, tables: &[String]) -> Vec<Option<Query>> {
        let snapshot = self.workspace.snapshot();
        let query = |name: &String| {
            let mut all = snapshot.tables().into_iter();
            let table = all.find(|table| table.key.to_string() == *name)?;
            let mut named = snapshot.named_query(snapshot.defining_model(table)?)?;
            let is_made = |key: &TableKey| {
                let table = snapshot.table(key);
                table.is_some_and(|table| snapshot.defining_model(table).is_some())
            };
            for _ in 0..DEEPEST {
                if !named.tables().any(|(_, key)| is_made(key)) {
                    break;
                }
                named = named.deeper(&|_| true)?;
            }
            Some(named.query)
        };
        tables.iter().map(query).collect()
    }

    /// All findings as the workspace is now, and the workspace.
    pub(crate) fn all(&self) -> (Vec<Finding>, Snapshot) {
        let snapshot = self.workspace.snapshot();
        (self.findings.all(&snapshot), snapshot)
    }

    /// Looks at the workspace after an edit, which is taken back then.
    pub(crate) fn during<T>(&mut self, edit: &Change, look: impl FnOnce(&Locked) -> T) -> T {
        self.put(&edit.files_after);
        let found = look(self);
        let before = edit.files_after.keys();
        let before = before.map(|path| (path.clone(), self.files.get(path).cloned()));
        let before: BTreeMap<PathBuf, Option<String>> = before.collect();
        self.put(&before);
        found
    }

    fn put(&mut self, files: &BTreeMap<PathBuf, Option<String>>) {
        let mut changes = Vec::new();
        for (path, text) in files {
            let path = absolute(path);
            match text {
                Some(text) => self.system.write(path.clone(), text.clone()),
                None => self.system.remove(&path),
            }
            changes.push(Happened::OnDisk { path });
        }
        let reached = self.workspace.apply(changes);
        self.findings.update(&self.workspace.snapshot(), &reached);
    }
}

/// Whether two queries are proved to mean the same.
fn is_same(was: &Query, now: &Query) -> bool {
    let version = |query| Version {
        query,
        upstream: &|_| None,
    };
    let difference = difference_of_forms(&version(was), &version(now));
    let mut columns = difference.columns.iter();
    difference.rows.change == Kind::Same
        && columns.all(|column| column.change == ColumnChange::Same)
}

fn absolute(path: &Path) -> PathBuf {
    Path::new(ROOT).join(path)
}

fn stem(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

/// The SQL and YAML below a folder, by path from there.
fn texts(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in std::fs::read_dir(&current).unwrap() {
            let path = entry.unwrap().path();
            let is_hidden = path.file_name().unwrap().to_string_lossy().starts_with('.');
            let extension = path.extension().and_then(|extension| extension.to_str());
            if path.is_dir() && !is_hidden {
                folders.push(path);
            } else if extension
                .is_some_and(|extension| ["sql", "yml", "yaml", "toml"].contains(&extension))
            {
                let below = path.strip_prefix(folder).unwrap().to_owned();
                files.insert(below, read(&path));
            }
        }
    }
    files
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}
