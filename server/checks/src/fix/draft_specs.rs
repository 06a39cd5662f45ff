//! Specs of all models that have none, a product for each folder of them.

use super::{Fixing, create_spec};
use index::file::FileKind;
use index::{File, Snapshot, Table};
use spec::model::TableOrigin;
use sql::facts::ModelKind;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::{error, fmt};
use syntax::Name;
use syntax::yaml::Value;

/// Which specs are to be drafted.
#[derive(Clone, Copy)]
pub struct SpecRequest<'r> {
    /// The models that are described, by their files.
    pub is_wanted: &'r dyn Fn(&File) -> bool,
    /// One product of this name for all of them, instead of one for each folder.
    pub product: Option<&'r str>,
    /// Where the spec of a product goes whose models are not in a dbt project.
    pub root: &'r Path,
}

/// A spec to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecDraft {
    /// Where it goes: there is no such file yet.
    pub path: PathBuf,
    /// What its product is called.
    pub product: String,
    /// All of it.
    pub text: String,
    /// How many tables it describes.
    pub tables: usize,
    /// How many columns their models give.
    pub columns: usize,
}

/// Why no specs are drafted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoSpecs {
    /// There is a file of that path.
    FileExists(PathBuf),
    /// There is a product of that name.
    ProductExists(String),
    /// What would be written of this product can't be.
    Unwritable(String),
    /// Nobody waits for them any more.
    Cancelled,
}

/// Drafts a spec for each folder of models that no native spec describes, in the order of their paths. In a
/// dbt project they go into `specs`, for dbt warns of what it does not know in its own folders. Before
/// each table `go_on` is told how many are done, of how many.
///
/// # Errors
/// Where one would be written over something, and where `go_on` says to stop.
pub fn draft_specs(
    snapshot: &Snapshot,
    request: &SpecRequest<'_>,
    go_on: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Vec<SpecDraft>, NoSpecs> {
    let groups = groups(snapshot, request);
    let products = snapshot.products();
    for (path, (name, _)) in &groups {
        if snapshot.file_at(path).is_some() || path.exists() {
            return Err(NoSpecs::FileExists(path.clone()));
        }
        if products.contains(&&Name::new(name)) {
            return Err(NoSpecs::ProductExists(name.clone()));
        }
    }
    let all = groups.values().map(|(_, tables)| tables.len()).sum();
    let fixing = Fixing::new(snapshot);
    let mut done = 0;
    let drafts = groups.into_iter().map(|(path, (name, mut tables))| {
        tables.sort_by_key(|table| table.key.to_string());
        let entries = tables.iter().map(|table| {
            let next = go_on(done, all);
            done += 1;
            match next {
                ControlFlow::Continue(()) => Ok(create_spec::entry_and_columns(&fixing, table)),
                ControlFlow::Break(()) => Err(NoSpecs::Cancelled),
            }
        });
        let entries = entries.collect::<Result<Vec<(Value, usize)>, NoSpecs>>()?;
        let (entries, columns): (Vec<Value>, Vec<usize>) = entries.into_iter().unzip();
        let text = create_spec::written(&name, entries);
        Ok(SpecDraft {
            path,
            text: text.ok_or_else(|| NoSpecs::Unwritable(name.clone()))?,
            product: name,
            tables: tables.len(),
            columns: columns.iter().sum(),
        })
    });
    drafts.collect()
}

/// The tables of each spec, and what its product is called, by where it goes.
fn groups<'s>(
    snapshot: &'s Snapshot,
    request: &SpecRequest<'_>,
) -> BTreeMap<PathBuf, (String, Vec<&'s Table>)> {
    let wanted: Vec<(&File, &Table)> = snapshot
        .tables()
        .into_iter()
        .filter_map(|table| {
            let file = undescribed(snapshot, table).filter(|file| (request.is_wanted)(file))?;
            Some((file, &**table))
        })
        .collect();
    let folder = |file: &'s File| file.path.parent().unwrap_or(Path::new(""));
    let folders: BTreeSet<(Option<&Path>, &Path)> = wanted
        .iter()
        .map(|(file, _)| (file.project.as_deref(), folder(file)))
        .collect();
    let mut groups: BTreeMap<PathBuf, (String, Vec<&Table>)> = BTreeMap::new();
    for (file, table) in wanted {
        let own = || {
            let beside = folders
                .iter()
                .filter(|(project, _)| *project == file.project.as_deref());
            called_apart(folder(file), beside.map(|(_, folder)| *folder))
        };
        let name = request.product.map_or_else(own, str::to_owned);
        let place = match &file.project {
            Some(project) => project.join("specs"),
            None if request.product.is_some() => request.root.to_path_buf(),
            None => folder(file).to_path_buf(),
        };
        let path = place.join(format!("{name}.spec.yaml"));
        let group = groups.entry(path).or_insert_with(|| (name, Vec::new()));
        group.1.push(table);
    }
    groups
}

/// The name of a folder, after those of as many folders around it as tell it from `others`:
/// `finance_final`.
fn called_apart<'p>(folder: &Path, others: impl Iterator<Item = &'p Path>) -> String {
    let last = |folder: &Path, count: usize| {
        let names = folder.components().rev().take(count);
        let mut names: Vec<String> = names
            .map(|name| name.as_os_str().to_string_lossy().into_owned())
            .collect();
        names.reverse();
        names.join("_")
    };
    let others: Vec<&Path> = others.filter(|other| *other != folder).collect();
    let counts = 1..=folder.components().count();
    let mut names = counts.map(|count| (count, last(folder, count)));
    let apart = names.find(|(count, name)| others.iter().all(|other| last(other, *count) != *name));
    apart.map_or_else(|| last(folder, 1), |(_, name)| name)
}

/// The file of the model that defines a table which no native spec describes.
fn undescribed<'s>(snapshot: &'s Snapshot, table: &Table) -> Option<&'s File> {
    let entries = table
        .descriptions
        .iter()
        .filter_map(|id| snapshot.description(*id));
    let mut native = entries.filter(|(_, entry)| entry.origin == TableOrigin::Native);
    let model = snapshot.defining_model(table)?;
    let (file, facts) = snapshot.model(model)?;
    let is_model = matches!(file.kind, FileKind::Sql(_)) && facts.kind != ModelKind::Insert;
    let is_wanted = is_model && !file.quiet && !facts.is_temporary && !table.is_disabled;
    (native.next().is_none() && is_wanted).then_some(file)
}

impl fmt::Debug for SpecRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("SpecRequest");
        shown
            .field("product", &self.product)
            .field("root", &self.root);
        shown.finish_non_exhaustive()
    }
}

impl fmt::Display for NoSpecs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NoSpecs::FileExists(path) => write!(f, "{} is there already", path.display()),
            NoSpecs::ProductExists(name) => write!(f, "there is a product {name} already"),
            NoSpecs::Unwritable(name) => write!(f, "no spec can be written of {name}"),
            NoSpecs::Cancelled => f.write_str("it was cancelled"),
        }
    }
}

impl error::Error for NoSpecs {}
