//! The models that a command is about: of a workspace, or of SQL without one.

use super::compare::on_deep_threads;
use super::selection::{Location, Selection};
use anyhow::{Context, Result, bail};
use index::lineage::of_file;
use index::relations::{FileRelations, Reading, Run};
use index::{File, FileKind, ModelId, Snapshot, Table};
use meaning::lineage::Lineage;
use meaning::witness::Facts;
use rayon::prelude::*;
use serde_json::Value;
use sql::facts::{TableName, TableRef};
use sql::lower::{Catalog, Lowered, TableColumn, TableColumns};
use sql::relation::Query;
use sql::{Dialect, Options, Templating};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::Name;

/// Which models a command is about.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Chosen {
    /// Files and folders of the workspace; all of it without any. `-` reads SQL from the standard
    /// input, without a workspace.
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Read the files on their own, without a workspace, in this dialect.
    #[arg(long, value_name = "DIALECT", value_parser = dialect)]
    dialect: Option<Dialect>,
    /// Read the files on their own, without a workspace, and take the columns of tables from this
    /// JSON file: `{"table": ["column", …]}` or `{"table": {"column": "TYPE"}}`.
    #[arg(long, value_name = "FILE")]
    schema: Option<SchemaFile>,
    #[command(flatten)]
    location: Location,
}

impl Chosen {
    /// The same without the paths that are not there, and those: they may be names of tables.
    pub(super) fn split_names(&self) -> (Chosen, Vec<String>) {
        let is_path = |path: &&PathBuf| path.as_path() == Path::new("-") || path.exists();
        let (paths, names): (Vec<&PathBuf>, Vec<&PathBuf>) = self.paths.iter().partition(is_path);
        let names = names
            .into_iter()
            .map(|name| name.to_string_lossy().into_owned());
        let chosen = Chosen {
            paths: paths.into_iter().cloned().collect(),
            ..self.clone()
        };
        (chosen, names.collect())
    }
}

/// A model and what its query was lowered to.
#[derive(Clone)]
pub(super) struct Model {
    /// The table's name as people write it.
    pub(super) name: String,
    /// The file, from the workspace's root or as it was given.
    pub(super) path: String,
    /// The queries of that file.
    relations: FileRelations,
    /// Which of them is its own.
    at: usize,
    /// The statement, in a workspace.
    id: Option<ModelId>,
    /// What the tables that it mentions are called.
    names: BTreeMap<TableRef, String>,
}

impl Model {
    /// What its query was lowered to.
    pub(super) fn lowered(&self) -> Option<&Lowered> {
        self.relations.full.get(self.at)
    }

    /// Its query, with tables under the names that people give them.
    pub(super) fn query(&self) -> Option<Query> {
        let mut query = self.lowered()?.query.clone();
        query.rename_tables(&|table| match table {
            TableRef::Unknown => None,
            table => Some(named(&self.name_of(table))),
        });
        Some(query)
    }

    /// The same of an incremental run, in which its own table is called [`this`]: of a full refresh where no
    /// template tells the two apart.
    pub(super) fn query_of_increment(&self) -> Option<Query> {
        let increment = self.relations.incremental.as_ref();
        let lowered = increment.map_or_else(|| self.lowered(), |all| all.get(self.at));
        let mut query = lowered?.query.clone();
        query.rename_tables(&|table| match table {
            TableRef::Unknown => Some(this()),
            table => Some(named(&self.name_of(table))),
        });
        Some(query)
    }

    /// Whether its template tells an incremental run from a full refresh.
    pub(super) fn is_incremental(&self) -> bool {
        self.relations.incremental.is_some()
    }

    /// A number that tells whether its file's text is the same, in a workspace.
    pub(super) fn text_hash(&self, snapshot: &Snapshot) -> Option<u64> {
        Some(self.file(snapshot)?.text_hash)
    }

    /// What its workspace declares of the tables that it reads in a run.
    pub(super) fn facts(&self, snapshot: &Snapshot, run: Run) -> Facts {
        let lowered = self.relations.of(run).and_then(|all| all.get(self.at));
        let (Some(file), Some(lowered)) = (self.file(snapshot), lowered) else {
            return Facts::default();
        };
        let name = |table: &TableRef| named(&self.name_of(table));
        snapshot.declared(file).for_search(&lowered.query, &name)
    }

    /// Whether it was lowered to the very same thing, with the tables that it mentions.
    pub(super) fn is_unchanged(&self, other: &Model) -> bool {
        Arc::ptr_eq(&self.relations.full, &other.relations.full)
            && (self.at, &self.names, &self.path) == (other.at, &other.names, &other.path)
    }

    /// The table that it makes, in a workspace.
    pub(super) fn table<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s Arc<Table>> {
        snapshot.table_of_model(self.id?)
    }

    /// Its file, in a workspace.
    pub(super) fn file<'s>(&self, snapshot: &'s Snapshot) -> Option<&'s File> {
        snapshot.file(self.id?.file)
    }

    /// Its lineage.
    pub(super) fn lineage(&self) -> Option<Lineage> {
        of_file(&self.relations, self.at)
    }

    /// What a table is called that it mentions.
    pub(super) fn name_of(&self, table: &TableRef) -> String {
        let known = self.names.get(table).cloned();
        known.unwrap_or_else(|| table.to_string())
    }
}

/// The models of a workspace, or of SQL without one.
pub(super) struct Models {
    /// Those that are asked about, in the order of paths, then of the text.
    pub(super) asked: Vec<Model>,
    /// All others, for what lies upstream.
    pub(super) others: Vec<Model>,
}

/// Reads the models that `chosen` asks about.
///
/// # Errors
/// A path is not there, a file can't be read, or the schema is none.
pub(super) fn read(chosen: &Chosen) -> Result<Models> {
    let is_stdin = chosen.paths.iter().any(|path| path == Path::new("-"));
    if is_stdin || chosen.dialect.is_some() || chosen.schema.is_some() {
        return alone(chosen);
    }
    let selection = Selection::new(&chosen.location, &chosen.paths)?;
    let (snapshot, _) = selection.load()?;
    let mut models = Models {
        asked: Vec::new(),
        others: Vec::new(),
    };
    for (path, model, is_quiet) in of_snapshot(&snapshot) {
        if selection.contains(&path) && !is_quiet {
            models.asked.push(model);
        } else {
            models.others.push(model);
        }
    }
    Ok(models)
}

/// Every model of a workspace, with its path and whether it is there only to be understood.
pub(super) fn of_snapshot(snapshot: &Snapshot) -> Vec<(PathBuf, Model, bool)> {
    let files = snapshot.files().into_iter();
    let files: Vec<&File> = files
        .filter(|file| matches!(file.kind, FileKind::Sql(_)))
        .collect();
    let all = || -> Vec<(PathBuf, Model, bool)> {
        let models = files
            .par_iter()
            .flat_map_iter(|file| of_file_in(snapshot, file));
        models.collect()
    };
    on_deep_threads(all)
}

/// The models of a file of the workspace, in the order of the text.
pub(super) fn of_file_in(snapshot: &Snapshot, file: &File) -> Vec<(PathBuf, Model, bool)> {
    let count = file.sql().map_or(0, |facts| facts.models.len()) as u32;
    let ids = (0..count).map(|ordinal| ModelId {
        file: file.id,
        ordinal,
    });
    let models = ids.filter_map(|id| {
        let table = snapshot.table_of_model(id)?;
        let (relations, at) = snapshot.relation(id)?;
        let mut names = BTreeMap::new();
        let ways = [Some(&relations.full), relations.incremental.as_ref()];
        let ways = ways.into_iter().flatten();
        let ways = ways.filter_map(|relations| relations.get(at));
        for mentioned in ways.flat_map(|lowered| lowered.query.tables()) {
            let name = snapshot.table_name(file, mentioned);
            names.insert(mentioned.clone(), name);
        }
        let model = Model {
            name: table.key.to_string(),
            path: snapshot.display_path(&file.path),
            relations,
            at,
            id: Some(id),
            names,
        };
        Some((file.path.to_path_buf(), model, file.quiet))
    });
    models.collect()
}

/// What an incremental model calls its own table.
pub(super) fn this() -> TableRef {
    named("this")
}

/// The table that people call `name`.
pub(super) fn named(name: &str) -> TableRef {
    TableRef::Named(TableName {
        parts: name.split('.').map(Name::new).collect(),
    })
}

/// SQL without a workspace.
fn alone(chosen: &Chosen) -> Result<Models> {
    let schema = match &chosen.schema {
        Some(file) => file.read()?,
        None => Schema::default(),
    };
    if chosen.paths.is_empty() {
        bail!("without a workspace, say which files to read; `-` is the standard input");
    }
    let mut asked = Vec::new();
    for path in &chosen.paths {
        let (name, text) = text_at(path)?;
        let is_template = text.contains("{{") || text.contains("{%");
        let options = Options {
            dialect: chosen.dialect.unwrap_or_default(),
            templating: if is_template {
                Templating::Jinja
            } else {
                Templating::None
            },
        };
        asked.extend(of_text(&text, &name, path, &options, &schema));
    }
    Ok(Models {
        asked,
        others: Vec::new(),
    })
}

/// The models in a text that belongs to no workspace.
pub(super) fn of_text(
    text: &str,
    name: &str,
    path: &Path,
    options: &Options,
    schema: &dyn Catalog,
) -> Vec<Model> {
    let relations = FileRelations {
        full: sql::lower::script(text, options, schema).into(),
        incremental: None,
        reading: Reading::Plain,
    };
    let named = |(at, lowered): (usize, &Lowered)| Model {
        name: match &lowered.name {
            Some(name) => name.to_string(),
            None => name.to_owned(),
        },
        path: path.to_string_lossy().replace('\\', "/"),
        relations: relations.clone(),
        at,
        id: None,
        names: BTreeMap::new(),
    };
    relations.full.iter().enumerate().map(named).collect()
}

pub(super) fn text_at(path: &Path) -> Result<(String, String)> {
    if path == Path::new("-") {
        let mut text = String::new();
        let read = std::io::stdin().read_to_string(&mut text);
        read.context("the standard input can't be read")?;
        return Ok(("stdin".to_owned(), text));
    }
    #[allow(
        clippy::disallowed_methods,
        reason = "a file that belongs to no workspace is read here, in the program"
    )]
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{} can't be read", path.display()))?;
    let name = path.file_stem().unwrap_or_default();
    Ok((name.to_string_lossy().into_owned(), text))
}

pub(super) fn dialect(name: &str) -> Result<Dialect, String> {
    name.parse().map_err(|_| {
        let known: Vec<&str> = Dialect::ALL.into_iter().map(Dialect::name).collect();
        format!("there is no such dialect; known are {}", known.join(", "))
    })
}

/// The columns of tables, as a JSON file tells them.
#[derive(Debug, Default)]
pub(super) struct Schema(BTreeMap<Vec<Name>, TableColumns>);

/// The path of a file that tells the columns of tables.
#[derive(Clone, Debug)]
pub(super) struct SchemaFile(PathBuf);

impl From<OsString> for SchemaFile {
    fn from(path: OsString) -> SchemaFile {
        SchemaFile(path.into())
    }
}

impl SchemaFile {
    /// What it tells.
    ///
    /// # Errors
    /// It can't be read, is not JSON, or not of this shape.
    pub(super) fn read(&self) -> Result<Schema> {
        let path = &self.0;
        let (_, text) = text_at(path)?;
        let told: Value = serde_json::from_str(&text)
            .with_context(|| format!("{} is not JSON", path.display()))?;
        Schema::of(&told).with_context(|| {
            format!(
                "{} must be an object of tables: {{\"table\": [\"column\"]}} or \
                 {{\"table\": {{\"column\": \"TYPE\"}}}}",
                path.display()
            )
        })
    }
}

impl Schema {
    fn of(told: &Value) -> Option<Schema> {
        let mut tables = BTreeMap::new();
        for (table, columns) in told.as_object()? {
            let names: Vec<&str> = match columns {
                Value::Array(names) => names.iter().map(Value::as_str).collect::<Option<_>>()?,
                Value::Object(types) => types.keys().map(String::as_str).collect(),
                _ => return None,
            };
            let columns = names.into_iter().map(|name| TableColumn {
                name: Name::new(name),
                data_type: None,
            });
            let columns = TableColumns {
                columns: columns.collect(),
                open: false,
            };
            tables.insert(table.split('.').map(Name::new).collect(), columns);
        }
        Some(Schema(tables))
    }
}

impl Catalog for Schema {
    fn columns(&self, table: &TableRef) -> Option<TableColumns> {
        let parts = match table {
            TableRef::Named(name) => name.parts.clone(),
            TableRef::Ref { name, .. } => vec![name.clone()],
            TableRef::Source { source, table } => vec![source.clone(), table.clone()],
            TableRef::Unknown => return None,
        };
        self.0.get(&parts).cloned()
    }
}
