//! The workspaces in which things are renamed.

use crate::suite;
use std::collections::BTreeMap;
use std::path::Path;

/// Files by path in the workspace.
pub(crate) type Files = BTreeMap<String, String>;

/// A workspace.
pub(super) struct Product {
    pub(super) name: String,
    pub(super) files: Files,
    /// A lock is to be written of its specs first.
    pub(super) is_to_be_locked: bool,
    /// It is a case of a suite.
    pub(super) is_suite: bool,
}

/// Those of the examples, the fixtures and the suites, or the one that is given.
pub(super) fn products() -> Vec<Product> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if let Some(folder) = std::env::var_os("RENAME_FOLDER") {
        let folder = Path::new(&folder);
        let mut given = of_folder(folder);
        given.is_to_be_locked = true;
        let mut described = of_folder(folder);
        described.describe("rename_corpus");
        return vec![given, described];
    }
    let mut products = vec![
        of_folder(&root.join("examples/orders")),
        of_folder(&root.join("examples/shop-dbt")),
    ];
    let mut described = of_folder(&root.join("examples/shop-dbt"));
    described.describe("shop_described");
    products.push(described);
    let fixtures = root.join("server/meaning/tests/fixtures");
    for dialect in ["duckdb", "postgres", "snowflake", "bigquery"] {
        products.push(of_fixtures(&fixtures, dialect));
    }
    for case in suite::cases() {
        let files = case.files.iter().filter_map(|file| {
            let text = String::from_utf8(file.content.clone()).ok()?;
            Some((file.path.clone(), text))
        });
        products.push(Product {
            name: case.name.clone(),
            files: files.collect(),
            is_to_be_locked: !case.locked.is_empty(),
            is_suite: true,
        });
    }
    products
}

fn of_folder(folder: &Path) -> Product {
    let mut files = Files::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        for entry in std::fs::read_dir(&current).unwrap() {
            let path = entry.unwrap().path();
            let is_hidden = path.file_name().unwrap().to_string_lossy().starts_with('.');
            if is_hidden {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let below = path.strip_prefix(folder).unwrap();
                files.insert(below.to_string_lossy().into_owned(), text);
            }
        }
    }
    Product {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        files,
        is_to_be_locked: false,
        is_suite: false,
    }
}

fn of_fixtures(folder: &Path, dialect: &str) -> Product {
    let mut product = of_folder(&folder.join(dialect));
    let models = std::mem::take(&mut product.files).into_iter();
    let models = models.map(|(path, text)| (format!("models/{path}"), text));
    product.files = models.collect();
    let project = format!("name: {dialect}\n");
    product.files.insert("dbt_project.yml".to_owned(), project);
    let toml = format!("[workspace]\ndialect = \"{dialect}\"\n");
    product.files.insert("rationale.toml".to_owned(), toml);
    let tables = std::fs::read_to_string(folder.join("tables.json")).unwrap();
    product
        .files
        .insert("models/sources.yml".to_owned(), sources(&tables));
    product.describe(dialect);
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
    /// Adds a spec that names every model, with a lock of it.
    fn describe(&mut self, name: &str) {
        self.name = format!("{} described", self.name);
        self.is_to_be_locked = true;
        let mut spec = format!("product: {name}\ntables:\n");
        let models = self.files.keys().filter(|path| {
            path.ends_with(".sql") && path.split('/').any(|folder| folder == "models")
        });
        for path in models {
            let stem = Path::new(path).file_stem().unwrap().to_str().unwrap();
            spec.push_str(&format!("  - name: {stem}\n    why: It is asked for.\n"));
        }
        self.files.insert("specs/all.spec.yaml".to_owned(), spec);
    }
}
