//! What dbt projects configure for a model outside of its own file: in `dbt_project.yml`, by folder, and
//! in the properties beside it.
//!
//! dbt takes the nearest word (docs.getdbt.com, "Model configurations"): a folder's before that of the
//! folder around it, properties before folders, the file before properties; and what the project that is
//! run says of a package before all that the package says.

use crate::file::{File, FileKind, SqlRole};
use crate::macros::value;
use crate::project::Project;
use crate::snapshot::Snapshot;
use smol_str::SmolStr;
use spec::dbt::vars::Var;
use spec::model::TableOrigin;
use sql::render::{Configured, VarValue};
use std::collections::BTreeMap;

type Values = BTreeMap<SmolStr, VarValue>;

impl Snapshot {
    /// What holds for the model in `file` where it says nothing itself: what is configured elsewhere,
    /// and what dbt does where nothing is.
    pub(crate) fn configured(&self, file: &File) -> Configured {
        let mut configured = self.configured_elsewhere(file);
        let is_of_project = self.projects().governing(&file.path).is_some();
        if is_of_project && file.kind == FileKind::Sql(SqlRole::Model) {
            let materialized = configured.below.entry(SmolStr::new("materialized"));
            materialized.or_insert_with(|| VarValue::Text("view".into()));
        }
        configured
    }

    /// What is configured elsewhere for the model in `file`.
    pub fn configured_elsewhere(&self, file: &File) -> Configured {
        let mut configured = Configured::default();
        let Some(project) = self.projects().governing(&file.path) else {
            return configured;
        };
        let path = names_in(project, file);
        of_folders(project, &path, &mut configured.below);
        for properties in self.properties_of(file) {
            take(properties, &mut configured.below);
        }
        let caller = self.caller(project);
        if caller.folder != project.folder {
            of_folders(caller, &path, &mut configured.above);
        }
        configured
    }

    /// Whether `dbt_project.yml` says of the model in `file`, or of a folder above it, that it is not built:
    /// the nearest word counts, and a template may well say that it is.
    pub(crate) fn is_off_in_project(&self, file: &File) -> bool {
        let is_model = matches!(
            file.kind,
            FileKind::Sql(SqlRole::Model) | FileKind::PythonModel
        );
        let project = self.projects().governing(&file.path);
        let Some(project) = project.filter(|_| is_model) else {
            return false;
        };
        let path = names_in(project, file);
        let caller = self.caller(project);
        let mut values = Values::default();
        of_folders(project, &path, &mut values);
        if caller.folder != project.folder {
            of_folders(caller, &path, &mut values);
        }
        values.get("enabled") == Some(&VarValue::Boolean(false))
    }

    /// What properties files configure for the table that `file` makes.
    fn properties_of(&self, file: &File) -> impl Iterator<Item = &[(String, Var)]> {
        let model = crate::ModelId {
            file: file.id,
            ordinal: 0,
        };
        let table = self.table_of_model(model).into_iter();
        let descriptions = table.flat_map(|table| &table.descriptions);
        let described = descriptions.filter_map(|id| self.description(*id));
        let dbt = described.filter(|(_, entry)| entry.origin != TableOrigin::Native);
        dbt.map(|(_, entry)| entry.config.as_slice())
    }
}

/// The names that lead to a model in the configuration of models: its project, folders, and its own.
fn names_in(project: &Project, file: &File) -> Vec<String> {
    let own = project.definition.name.as_ref();
    let mut names: Vec<String> = own.map(ToString::to_string).into_iter().collect();
    let mut model_paths = project.definition.model_paths.iter();
    let below =
        model_paths.find_map(|folder| file.path.strip_prefix(project.folder.join(folder)).ok());
    let folders = below.and_then(|path| path.parent()).into_iter().flatten();
    names.extend(folders.map(|name| name.to_string_lossy().into_owned()));
    let stem = file.path.file_stem();
    names.extend(stem.map(|stem| stem.to_string_lossy().into_owned()));
    names
}

/// Takes in what a project configures for all models, and under each of `names`, one below the other.
fn of_folders(project: &Project, names: &[String], values: &mut Values) {
    let mut level = Some(project.definition.models.as_slice());
    let mut names = names.iter();
    while let Some(entries) = level {
        let own = entries.iter().filter_map(|(key, var)| {
            // A mapping without `+` is a folder, whatever its name.
            let key = match key.strip_prefix('+') {
                Some(key) => key,
                None if matches!(var, Var::Map(_)) => return None,
                None => key,
            };
            Some((key, var))
        });
        for (key, var) in own {
            add(key, var, values);
        }
        level = names.next().and_then(|name| {
            let mut folders = entries.iter().filter(|(key, _)| key == name);
            folders.find_map(|(_, var)| match var {
                Var::Map(entries) => Some(entries.as_slice()),
                _ => None,
            })
        });
    }
}

fn take(entries: &[(String, Var)], values: &mut Values) {
    for (key, var) in entries {
        add(key, var, values);
    }
}

/// Adds one configuration: tags are added to, `meta` is written over key by key, all else as a whole.
fn add(key: &str, var: &Var, values: &mut Values) {
    let new = value(var);
    let known = values.remove(key);
    let merged = match (key, known, new) {
        ("tags", Some(known), new) => {
            let mut tags = list(known);
            tags.extend(list(new));
            VarValue::List(tags)
        }
        ("meta", Some(VarValue::Map(mut known)), VarValue::Map(new)) => {
            known.retain(|(name, _)| !new.iter().any(|(own, _)| own == name));
            known.extend(new);
            VarValue::Map(known)
        }
        (_, _, new) => new,
    };
    values.insert(SmolStr::new(key), merged);
}

fn list(value: VarValue) -> Vec<VarValue> {
    match value {
        VarValue::List(items) => items,
        one => vec![one],
    }
}
