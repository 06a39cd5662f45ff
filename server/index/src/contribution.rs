//! From a file's facts to what it brings to the names of the workspace.

use crate::file::{Facts, File, FileKind, SqlRole};
use crate::slots::{Contribution, DescriptionEntry, ModelEntry};
use crate::table::{DescriptionId, ModelId};
use spec::dbt::vars::Var;
use spec::model::{Table, TableOrigin};
use sql::SqlFacts;
use sql::facts::{Model, ModelKind, TableRef};
use std::collections::BTreeSet;
use std::path::Path;
use syntax::Name;

/// What `file` brings. Its project does not build it where `is_off`, unless it says otherwise. `model_at`
/// finds the statement that a native spec names by path, with the name that it defines.
pub(crate) fn contribution(
    file: &File,
    is_off: bool,
    model_at: impl Fn(&Path, &Table) -> Option<(ModelId, Vec<Name>)>,
) -> Contribution {
    let described = file
        .described_tables()
        .iter()
        .zip(0u32..)
        .flat_map(|(table, ordinal)| {
            descriptions(
                file,
                table,
                DescriptionId {
                    file: file.id,
                    ordinal,
                },
                &model_at,
            )
        });
    Contribution {
        models: models(file, is_off),
        descriptions: described.collect(),
        mentions: file.sql().map(mentions).unwrap_or_default(),
        qualified: file.sql().map(qualified).unwrap_or_default(),
        types: file.sql().map(|sql| sql.types.clone()).unwrap_or_default(),
    }
}

/// The models that `file` defines, each with its name. They are not built where `is_off`, unless it says
/// otherwise.
pub(crate) fn models(file: &File, is_off: bool) -> Vec<ModelEntry> {
    let says_disabled = file.sql().and_then(says_disabled);
    let entry = |ordinal: u32, parts: Vec<Name>| ModelEntry {
        id: ModelId {
            file: file.id,
            ordinal,
        },
        path: file.path.clone(),
        project: file.project.clone(),
        parts,
        is_disabled: says_disabled == Some(true),
        is_off: is_off && says_disabled.is_none(),
    };
    let stem = file
        .path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    match file.kind {
        // Whatever its text says, the file defines the table named after it.
        FileKind::Sql(SqlRole::Model) => {
            let queries = file
                .sql()
                .map(|sql| sql.models.as_slice())
                .unwrap_or_default();
            let last = queries
                .iter()
                .rposition(|model| model.name.is_none())
                .unwrap_or_default();
            vec![entry(
                u32::try_from(last).unwrap_or_default(),
                vec![Name::new(stem)],
            )]
        }
        FileKind::PythonModel | FileKind::Seed => vec![entry(0, vec![Name::new(stem)])],
        FileKind::Sql(SqlRole::Snapshot) => named(file)
            .map(|(ordinal, parts)| entry(ordinal, parts))
            .collect(),
        FileKind::Sql(SqlRole::Script) => {
            let models = file
                .sql()
                .map(|sql| sql.models.as_slice())
                .unwrap_or_default();
            match models {
                [
                    Model {
                        name: None,
                        kind: ModelKind::Query,
                        ..
                    },
                ] => {
                    vec![entry(0, stem.split('.').map(Name::new).collect())]
                }
                _ => named(file)
                    .map(|(ordinal, parts)| entry(ordinal, parts))
                    .collect(),
            }
        }
        _ => Vec::new(),
    }
}

/// The statements that give a name to the table they define.
fn named(file: &File) -> impl Iterator<Item = (u32, Vec<Name>)> {
    let models = file
        .sql()
        .map(|sql| sql.models.as_slice())
        .unwrap_or_default();
    models
        .iter()
        .zip(0u32..)
        .filter_map(|(model, ordinal)| Some((ordinal, model.name.as_ref()?.parts.clone())))
}

/// Whether the text says that it is not built; `None` where it says nothing of that. What is computed may
/// well be true.
fn says_disabled(sql: &SqlFacts) -> Option<bool> {
    let mut config = sql.config.iter();
    let is_said = config.any(|value| value.key.as_deref() == Some("enabled"));
    let mut literals = sql
        .config
        .iter()
        .filter_map(|value| value.literal("enabled"));
    is_said.then(|| literals.any(|value| value.eq_ignore_ascii_case("false")))
}

fn mentions(sql: &SqlFacts) -> BTreeSet<Name> {
    let inputs = sql.models.iter().flat_map(|model| &model.inputs);
    let changes = sql.changes.iter();
    let changed = changes
        .clone()
        .filter_map(|change| change.table.as_ref()?.last().cloned());
    let inputs = inputs.chain(changes.flat_map(|change| &change.inputs));
    let names = inputs.flat_map(|input| match &input.table {
        TableRef::Named(name) => vec![name.last().cloned()],
        TableRef::Ref { name, version, .. } => {
            let versioned = version
                .as_ref()
                .map(|version| Name::new(format!("{name}_v{version}")));
            vec![Some(name.clone()), versioned]
        }
        TableRef::Source { table, .. } => vec![Some(table.clone())],
        TableRef::Unknown => Vec::new(),
    });
    names.flatten().chain(changed).collect()
}

/// The names that models mention behind a schema or a source.
fn qualified(sql: &SqlFacts) -> BTreeSet<Name> {
    let inputs = sql.models.iter().flat_map(|model| &model.inputs);
    let names = inputs.filter_map(|input| match &input.table {
        TableRef::Named(name) if name.parts.len() > 1 => name.last().cloned(),
        TableRef::Source { table, .. } => Some(table.clone()),
        _ => None,
    });
    names.collect()
}

/// An entry under each name that the description stands for: its own, and those of its versions.
fn descriptions(
    file: &File,
    table: &Table,
    id: DescriptionId,
    model_at: &impl Fn(&Path, &Table) -> Option<(ModelId, Vec<Name>)>,
) -> Vec<DescriptionEntry> {
    let model = (table.origin == TableOrigin::Native)
        .then(|| model_at(&file.path, table))
        .flatten();
    let mut config = table.config.iter();
    let is_on = config.any(|(key, value)| key == "enabled" && *value != Var::Boolean(false));
    let entry = |parts: Vec<Name>| DescriptionEntry {
        id,
        path: file.path.clone(),
        project: file.project.clone(),
        parts,
        origin: table.origin.clone(),
        is_on,
        model: model.as_ref().map(|(model, _)| *model),
    };
    let own = match &model {
        Some((_, parts)) => parts.clone(),
        None => table.name.value.clone(),
    };
    let versions = table
        .versions
        .iter()
        .map(|version| match &version.defined_in {
            Some(file) => vec![Name::new(&file.value)],
            None => vec![Name::new(format!(
                "{}_v{}",
                table.name.value.last().cloned().unwrap_or_default(),
                version.version.value
            ))],
        });
    let names: Vec<Vec<Name>> = std::iter::once(own).chain(versions).collect();
    names.into_iter().map(entry).collect()
}

/// The paths, in `facts` of a native spec, of SQL files that it names.
pub(crate) fn model_paths(facts: &Facts) -> impl Iterator<Item = &str> {
    let tables = match facts {
        Facts::NativeSpec(spec) => spec.tables.as_slice(),
        _ => &[],
    };
    tables
        .iter()
        .filter_map(|table| table.model.as_ref())
        .map(|model| model.value.as_str())
}
