//! Names, and who gives them a meaning: for each name, the statements that define a table of that
//! name, the specs that describe one, and the files that mention it.
//!
//! A name that nothing defines has a slot too, so that a later definition finds those who wait.

use crate::file::{File, FileId};
use crate::project::Projects;
use crate::shards::Shards;
use crate::table::{DescriptionId, ModelId, TableKey};
use spec::model::TableOrigin;
use sql::facts::TableRef;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use syntax::Name;
use syntax::name::spelled_alike;

/// All names of the workspace, each under its own part: without source, schema and database.
#[derive(Clone, Debug, Default)]
pub(crate) struct Slots {
    by_name: Shards<Name, Arc<Slot>>,
    of_model: Shards<ModelId, TableKey>,
    of_description: Shards<DescriptionId, TableKey>,
    /// The types of the database's own that SQL names, each with the files that do: few, if any.
    types: Arc<BTreeMap<Name, BTreeSet<FileId>>>,
}

/// Everything of one name.
#[derive(Clone, Debug, Default)]
struct Slot {
    models: BTreeMap<ModelId, ModelEntry>,
    descriptions: BTreeMap<(DescriptionId, Vec<Name>), DescriptionEntry>,
    readers: BTreeSet<FileId>,
    /// Those of them that mention it behind a schema or a source: of another one, it may be another table.
    qualified_readers: BTreeSet<FileId>,
    /// What follows from the above: the tables of this name.
    tables: BTreeMap<TableKey, Members>,
}

/// A statement or a file that defines a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ModelEntry {
    pub(crate) id: ModelId,
    pub(crate) path: Arc<Path>,
    pub(crate) project: Option<Arc<Path>>,
    pub(crate) parts: Vec<Name>,
    /// It is not built, as it says itself: `enabled=false`.
    pub(crate) is_disabled: bool,
    /// Its project says that it is not built, and it says nothing of that itself. Properties may still say
    /// otherwise.
    pub(crate) is_off: bool,
}

/// An entry of a spec that describes a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DescriptionEntry {
    pub(crate) id: DescriptionId,
    pub(crate) path: Arc<Path>,
    pub(crate) project: Option<Arc<Path>>,
    pub(crate) parts: Vec<Name>,
    pub(crate) origin: TableOrigin,
    /// It says that the table is built, or has that computed: `enabled: true`.
    pub(crate) is_on: bool,
    /// The statement that it names by path.
    pub(crate) model: Option<ModelId>,
}

/// What makes up one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Members {
    /// In the order of paths; those that are built, or, if none is, those that are not.
    pub(crate) models: Vec<ModelId>,
    /// None of the models is built.
    pub(crate) is_disabled: bool,
    /// Native ones first, then in the order of paths.
    pub(crate) descriptions: Vec<DescriptionId>,
}

/// What one file brings to the slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Contribution {
    pub(crate) models: Vec<ModelEntry>,
    pub(crate) descriptions: Vec<DescriptionEntry>,
    pub(crate) mentions: BTreeSet<Name>,
    /// Those of them that are mentioned behind a schema or a source.
    pub(crate) qualified: BTreeSet<Name>,
    /// The types that it names and SQL has no word for.
    pub(crate) types: BTreeSet<Name>,
}

impl Slots {
    /// Takes out what `file` brought, and notes the names that have to be grouped anew.
    pub(crate) fn remove(&mut self, file: FileId, old: &Contribution, dirty: &mut BTreeSet<Name>) {
        for entry in &old.models {
            self.change(&entry.parts, dirty, |slot| {
                slot.models.remove(&entry.id);
            });
        }
        for entry in &old.descriptions {
            self.change(&entry.parts, dirty, |slot| {
                slot.descriptions.remove(&(entry.id, entry.parts.clone()));
            });
        }
        for name in &old.mentions {
            if let Some(slot) = self.by_name.entry(name.clone()) {
                let slot = Arc::make_mut(slot);
                slot.readers.remove(&file);
                slot.qualified_readers.remove(&file);
            }
        }
        for name in &old.types {
            let types = Arc::make_mut(&mut self.types);
            if let Some(files) = types.get_mut(name) {
                files.remove(&file);
                if files.is_empty() {
                    types.remove(name);
                }
            }
        }
    }

    /// Puts in what `file` brings, and notes the names that have to be grouped anew.
    pub(crate) fn add(&mut self, file: FileId, new: &Contribution, dirty: &mut BTreeSet<Name>) {
        for entry in &new.models {
            self.change(&entry.parts, dirty, |slot| {
                slot.models.insert(entry.id, entry.clone());
            });
        }
        for entry in &new.descriptions {
            self.change(&entry.parts, dirty, |slot| {
                slot.descriptions
                    .insert((entry.id, entry.parts.clone()), entry.clone());
            });
        }
        for name in &new.mentions {
            if let Some(slot) = self.by_name.entry(name.clone()) {
                let slot = Arc::make_mut(slot);
                slot.readers.insert(file);
                if new.qualified.contains(name) {
                    slot.qualified_readers.insert(file);
                }
            }
        }
        for name in &new.types {
            let types = Arc::make_mut(&mut self.types);
            types.entry(name.clone()).or_default().insert(file);
        }
    }

    /// Groups the entries of a name into tables. Gives the tables that are gone or whose members
    /// changed, and those that are new or changed; both empty if all is as it was.
    pub(crate) fn regroup(&mut self, name: &Name) -> Regrouped {
        let Some(slot) = self.by_name.entry(name.clone()) else {
            return Regrouped::default();
        };
        let slot = Arc::make_mut(slot);
        let tables = group(slot);
        let old = std::mem::replace(&mut slot.tables, tables.clone());
        let mut regrouped = Regrouped::default();
        for (key, members) in &old {
            if !tables.contains_key(key) {
                regrouped.gone.insert(key.clone());
            }
            // A statement that got another name may have been entered under that already.
            for model in &members.models {
                if self.of_model.get(model) == Some(key) {
                    self.of_model.remove(model);
                }
            }
            for description in &members.descriptions {
                if self.of_description.get(description) == Some(key) {
                    self.of_description.remove(description);
                }
            }
        }
        for (key, members) in tables {
            for model in &members.models {
                self.of_model.insert(*model, key.clone());
            }
            for description in &members.descriptions {
                self.of_description.insert(*description, key.clone());
            }
            let known = old.get_key_value(&key);
            let is_same =
                |(old, same): (&TableKey, &Members)| *same == members && spelled_alike(old, &key);
            if !known.is_some_and(is_same) {
                regrouped.changed.insert(key);
            }
        }
        regrouped
    }

    /// The key of a table as it is spelled now, and its members.
    pub(crate) fn members(&self, key: &TableKey) -> Option<(&TableKey, &Members)> {
        self.by_name.get(&key.name())?.tables.get_key_value(key)
    }

    /// The files that mention a name.
    pub(crate) fn readers(&self, name: &Name) -> impl Iterator<Item = FileId> {
        self.by_name
            .get(name)
            .into_iter()
            .flat_map(|slot| slot.readers.iter().copied())
    }

    /// The names that are mentioned where nothing may define them, with the files that do, in no order.
    pub(crate) fn perhaps_undefined(&self) -> impl Iterator<Item = (&Name, &BTreeSet<FileId>)> {
        let slots = self.by_name.iter();
        slots.map(|(name, slot)| match slot.tables.is_empty() {
            true => (name, &slot.readers),
            false => (name, &slot.qualified_readers),
        })
    }

    /// The types of the database's own that SQL names.
    pub(crate) fn types(&self) -> &BTreeMap<Name, BTreeSet<FileId>> {
        &self.types
    }

    /// The tables of a name.
    pub(crate) fn tables(&self, name: &Name) -> impl Iterator<Item = &TableKey> {
        self.by_name
            .get(name)
            .into_iter()
            .flat_map(|slot| slot.tables.keys())
    }

    pub(crate) fn table_of_model(&self, model: ModelId) -> Option<TableKey> {
        self.of_model.get(&model).cloned()
    }

    pub(crate) fn table_of_description(&self, description: DescriptionId) -> Option<TableKey> {
        self.of_description.get(&description).cloned()
    }

    /// The table that a mention in `file` leads to; `None` where none does, or more than one.
    pub(crate) fn resolve(
        &self,
        file: &File,
        table: &TableRef,
        projects: &Projects,
    ) -> Option<TableKey> {
        match table {
            TableRef::Ref {
                package,
                name,
                version,
            } => {
                let versioned = version
                    .as_ref()
                    .map(|version| Name::new(format!("{name}_v{version}")));
                let mut names = versioned.into_iter().chain([name.clone()]);
                names.find_map(|name| self.resolve_ref(file, package.as_ref(), &name, projects))
            }
            TableRef::Source { source, table } => {
                let parts = [source.clone(), table.clone()];
                let found = |key: &&TableKey| key.is_source && key.parts == parts;
                self.nearest(file, table, found)
            }
            TableRef::Named(name) => {
                let last = name.last()?;
                self.nearest(file, last, |key| key.parts == name.parts && !key.is_source)
                    .or_else(|| self.nearest(file, last, |key| key.parts == name.parts))
                    .or_else(|| self.nearest(file, last, |key| key.parts.ends_with(&name.parts)))
            }
            TableRef::Unknown => None,
        }
    }

    fn resolve_ref(
        &self,
        file: &File,
        package: Option<&Name>,
        name: &Name,
        projects: &Projects,
    ) -> Option<TableKey> {
        let found = |key: &&TableKey| !key.is_source && key.parts == [name.clone()];
        let Some(package) = package else {
            return self.nearest(file, name, found);
        };
        let is_package = |key: &TableKey| {
            let project = key
                .project
                .as_deref()
                .and_then(|folder| projects.project(folder));
            project.is_some_and(|project| project.definition.name.as_ref() == Some(package))
        };
        only(
            self.tables(name)
                .filter(found)
                .filter(|key| is_package(key)),
        )
    }

    /// The only table of this name that fits: in the file's own project, else anywhere.
    fn nearest(
        &self,
        file: &File,
        name: &Name,
        fits: impl Fn(&&TableKey) -> bool,
    ) -> Option<TableKey> {
        let own = only(
            self.tables(name)
                .filter(|key| key.project == file.project)
                .filter(&fits),
        );
        own.or_else(|| only(self.tables(name).filter(&fits)))
    }

    fn change(
        &mut self,
        parts: &[Name],
        dirty: &mut BTreeSet<Name>,
        change: impl FnOnce(&mut Slot),
    ) {
        let Some(name) = parts.last() else { return };
        if let Some(slot) = self.by_name.entry(name.clone()) {
            change(Arc::make_mut(slot));
            dirty.insert(name.clone());
        }
    }
}

/// What grouping a name anew has changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Regrouped {
    pub(crate) gone: BTreeSet<TableKey>,
    pub(crate) changed: BTreeSet<TableKey>,
}

fn only<'a>(mut keys: impl Iterator<Item = &'a TableKey>) -> Option<TableKey> {
    let first = keys.next()?;
    keys.next().is_none().then(|| first.clone())
}

/// The tables that the entries of one name make up.
fn group(slot: &Slot) -> BTreeMap<TableKey, Members> {
    let mut tables: BTreeMap<TableKey, Members> = BTreeMap::new();
    let mut models: Vec<&ModelEntry> = slot.models.values().collect();
    models
        .sort_by(|left, right| (&left.path, left.id.ordinal).cmp(&(&right.path, right.id.ordinal)));
    let is_on = |model: &ModelEntry| {
        slot.descriptions.values().any(|entry| {
            entry.is_on && entry.project == model.project && entry.parts == model.parts
        })
    };
    let models = models.into_iter();
    let mut models: Vec<(&ModelEntry, bool)> = models
        .map(|model| (model, model.is_disabled || model.is_off && !is_on(model)))
        .collect();
    // Those that are built come first, so that the others count only where there are none.
    models.sort_by_key(|(_, is_disabled)| *is_disabled);
    for (model, is_disabled) in models {
        let key = TableKey {
            project: model.project.clone(),
            is_source: false,
            parts: model.parts.clone(),
        };
        let members = tables.entry(key).or_default();
        if members.models.is_empty() {
            members.is_disabled = is_disabled;
        }
        if members.is_disabled == is_disabled {
            members.models.push(model.id);
        }
    }
    let mut descriptions: Vec<&DescriptionEntry> = slot.descriptions.values().collect();
    descriptions
        .sort_by(|left, right| (&left.path, left.id.ordinal).cmp(&(&right.path, right.id.ordinal)));
    let (native, dbt): (Vec<_>, Vec<_>) = descriptions
        .into_iter()
        .partition(|entry| entry.origin == TableOrigin::Native);
    for entry in &dbt {
        tables.entry(key_of_dbt(entry)).or_default();
    }
    // Every native entry chooses among the tables that SQL and dbt give, before any adds its own.
    let choices = native.iter().map(|entry| choose(entry, &native, &tables));
    let chosen: Vec<TableKey> = choices.collect();
    let keys = chosen
        .into_iter()
        .chain(dbt.iter().map(|entry| key_of_dbt(entry)));
    for (key, entry) in keys.zip(native.iter().chain(&dbt)) {
        tables.entry(key).or_default().descriptions.push(entry.id);
    }
    tables
}

fn key_of_dbt(entry: &DescriptionEntry) -> TableKey {
    let mut parts = entry.parts.clone();
    let is_source = match &entry.origin {
        TableOrigin::DbtSource { source } => {
            parts.insert(0, source.clone());
            true
        }
        _ => false,
    };
    TableKey {
        project: entry.project.clone(),
        is_source,
        parts,
    }
}

/// The table that a native entry describes: the one that it names by path, else the only one of its
/// name, its own project and what is no source first; else one of its own.
///
/// A short name means the table whose longer name ends in it. A longer name may mean the shorter one
/// of a dbt model, whose schema its file does not tell, unless another entry has that very name:
/// `raw.orders` beside `orders` is what `orders` is made from.
fn choose(
    entry: &DescriptionEntry,
    native: &[&DescriptionEntry],
    tables: &BTreeMap<TableKey, Members>,
) -> TableKey {
    if let Some(model) = entry.model {
        let named = tables
            .iter()
            .find(|(_, members)| members.models.contains(&model));
        if let Some((key, _)) = named {
            return key.clone();
        }
    }
    let is_own_project = |key: &&TableKey| key.project == entry.project;
    let is_exact = |key: &&TableKey| key.parts == entry.parts;
    let may_be_shorter = |key: &TableKey| {
        entry.project.is_some()
            && entry.parts.ends_with(&key.parts)
            && !native.iter().any(|other| other.parts == key.parts)
    };
    let fits = || {
        tables
            .keys()
            .filter(|key| key.parts.ends_with(&entry.parts) || may_be_shorter(key))
    };
    let found = only(
        fits()
            .filter(is_own_project)
            .filter(is_exact)
            .filter(|key| !key.is_source),
    )
    .or_else(|| only(fits().filter(is_own_project).filter(is_exact)))
    .or_else(|| only(fits().filter(is_own_project).filter(|key| !key.is_source)))
    .or_else(|| only(fits().filter(is_own_project)))
    .or_else(|| only(fits().filter(|key| !key.is_source)))
    .or_else(|| only(fits()));
    found.unwrap_or_else(|| TableKey {
        project: entry.project.clone(),
        is_source: false,
        parts: entry.parts.clone(),
    })
}
