//! A consistent state of the workspace, to read from while the workspace goes on changing.

use crate::configuration::{Configurations, Settings};
use crate::file::{File, FileId};
use crate::macros::MacroLibrary;
use crate::paths::Paths;
use crate::project::{Projects, without_parents};
use crate::relations::Relations;
use crate::shards::Shards;
use crate::slots::Slots;
use crate::system::System;
use crate::table::{Described, DescriptionId, ModelId, Table, TableKey};
use crate::tables::Tables;
use sql::facts::{Change, ModelKind, TableRef};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use syntax::Name;

/// A consistent state of the workspace. A clone copies pointers.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) system: Arc<dyn System>,
    pub(crate) roots: Arc<[PathBuf]>,
    pub(crate) paths: Arc<Paths>,
    pub(crate) files: Shards<FileId, File>,
    pub(crate) tables: Tables,
    pub(crate) slots: Slots,
    pub(crate) products: Shards<Name, Vec<FileId>>,
    pub(crate) configurations: Arc<Configurations>,
    pub(crate) projects: Arc<Projects>,
    pub(crate) relations: Relations,
    pub(crate) macros: MacroLibrary,
    /// Changes whenever a macro file or a project does.
    pub(crate) macro_generation: u64,
    pub(crate) is_surveyed: bool,
    pub(crate) is_complete: bool,
}

impl Snapshot {
    /// The file of that number, if it is part of the workspace.
    pub fn file(&self, id: FileId) -> Option<&File> {
        self.files.get(&id)
    }

    /// The file at that absolute path, if it is part of the workspace.
    pub fn file_at(&self, path: &Path) -> Option<&File> {
        self.file(self.paths.known(path)?)
    }

    /// The file that a spec names by this path: from its own folder, or any above it in the root.
    pub fn file_named(&self, spec: &File, path: &str) -> Option<&File> {
        let meant = self.meant(&spec.path, path);
        meant.iter().find_map(|path| self.file_at(path))
    }

    /// The paths that a spec may mean by a path in it.
    pub(crate) fn meant(&self, spec: &Path, written: &str) -> Vec<PathBuf> {
        let root = self
            .roots
            .iter()
            .filter(|root| spec.starts_with(root))
            .min_by_key(|root| root.as_os_str().len());
        let folders = spec
            .ancestors()
            .skip(1)
            .take_while(|folder| root.is_none_or(|root| folder.starts_with(root)));
        folders
            .map(|folder| without_parents(&folder.join(written)))
            .collect()
    }

    /// All files, in the order of their paths.
    pub fn files(&self) -> Vec<&File> {
        let mut files: Vec<&File> = self
            .files
            .sorted()
            .into_iter()
            .map(|(_, file)| file)
            .collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        files
    }

    /// The text that a file's facts were made from: of the editor where it is open, else from disk.
    /// `None` if it is not there any more, or has changed meanwhile and a change is yet to be told.
    pub fn text(&self, file: &File) -> Option<Arc<str>> {
        if let Some(text) = &file.open_text {
            return Some(text.clone());
        }
        let text = crate::read::of_kind(&*self.system, &file.path, file.kind).ok()?;
        (crate::read::hash(&text) == file.text_hash).then(|| text.into())
    }

    /// All of a file's text as it is now, also of one of which only a part is read, such as a seed.
    pub fn whole_text(&self, file: &File) -> Option<Arc<str>> {
        match &file.open_text {
            Some(text) => Some(text.clone()),
            None => Some(crate::read::text(&*self.system, &file.path).ok()?.into()),
        }
    }

    /// The path as people see it: relative to the root that it is in, with forward slashes.
    pub fn display_path(&self, path: &Path) -> String {
        let root = self
            .roots
            .iter()
            .filter(|root| path.starts_with(root))
            .max_by_key(|root| root.as_os_str().len());
        let relative = root
            .and_then(|root| path.strip_prefix(root).ok())
            .unwrap_or(path);
        relative.to_string_lossy().replace('\\', "/")
    }

    /// Whether the folders have been looked at. Until then nothing is known of what a file is for: its dbt
    /// project, its dialect, its configuration.
    pub fn is_surveyed(&self) -> bool {
        self.is_surveyed
    }

    /// Whether every file has been read. Until then nothing can be said of what is missing.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// The day it is, as `YYYY-MM-DD` in UTC; `None` where there is no clock.
    pub fn today(&self) -> Option<String> {
        self.system.today()
    }

    /// Who is at work in the folder of a file, as version control knows them.
    pub fn author(&self, path: &Path) -> Option<String> {
        self.system.author(path.parent()?)
    }

    /// The folders that make up the workspace.
    pub fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// The table of that key.
    pub fn table(&self, key: &TableKey) -> Option<&Arc<Table>> {
        self.tables.get(key)
    }

    /// All tables, in the order of their keys.
    pub fn tables(&self) -> Vec<&Arc<Table>> {
        let keys = self.tables.keys().iter();
        keys.filter_map(|key| self.table(key)).collect()
    }

    /// Whether SQL of the workspace makes a type of this name, or casts to it, that SQL itself has no word for.
    pub fn has_type(&self, name: &Name) -> bool {
        self.slots.types().contains_key(name)
    }

    /// The names of all such types, in order.
    pub fn types(&self) -> impl Iterator<Item = &Name> {
        self.slots.types().keys()
    }

    /// The tables of that last name, in the order of their keys.
    pub fn tables_called<'s>(&'s self, name: &Name) -> impl Iterator<Item = &'s Arc<Table>> {
        let keys = self.slots.tables(name);
        keys.filter_map(|key| self.table(key))
    }

    /// The tables whose keys fit, those of `project` first, then all others, each in the order of their keys.
    /// Costs a look at each key before the last one that is taken.
    pub fn tables_near<'s>(
        &'s self,
        project: Option<&Arc<Path>>,
        fits: impl Fn(&TableKey) -> bool + 's,
    ) -> impl Iterator<Item = &'s Arc<Table>> {
        let keys = self.tables.keys();
        let start = keys.partition_point(|key| key.project.as_ref() < project);
        let end = keys.partition_point(|key| key.project.as_ref() <= project);
        let parts = [start..end, 0..start, end..keys.len()];
        let keys = parts
            .into_iter()
            .filter_map(|part| keys.get(part))
            .flatten();
        keys.filter(move |key| fits(key))
            .filter_map(|key| self.table(key))
    }

    /// The table that a mention in `file` leads to; `None` where none does, or more than one.
    pub fn resolve(&self, file: &File, table: &TableRef) -> Option<&Arc<Table>> {
        self.table(&self.slots.resolve(file, table, &self.projects)?)
    }

    /// The table that a statement defines.
    pub fn table_of_model(&self, model: ModelId) -> Option<&Arc<Table>> {
        self.table(&self.slots.table_of_model(model)?)
    }

    /// The table that an entry of a spec describes.
    pub fn table_of_description(&self, description: DescriptionId) -> Option<&Arc<Table>> {
        self.table(&self.slots.table_of_description(description)?)
    }

    /// The files with a mention of this table, in the order of their paths.
    pub fn readers(&self, key: &TableKey) -> Vec<&File> {
        let mut readers: Vec<&File> = self
            .slots
            .readers(&key.name())
            .filter_map(|id| self.file(id))
            .filter(|file| {
                file.sql().is_some_and(|sql| {
                    let mut inputs = sql.models.iter().flat_map(|model| &model.inputs);
                    inputs.any(|input| {
                        self.slots
                            .resolve(file, &input.table, &self.projects)
                            .as_ref()
                            == Some(key)
                    })
                })
            })
            .collect();
        readers.sort_by(|left, right| left.path.cmp(&right.path));
        readers
    }

    /// The statements that change the rows of a table, or copy some of it, and define nothing by a query.
    pub fn changes(&self, key: &TableKey) -> Vec<(&File, &Change)> {
        let is_it = |file: &File, table: &TableRef| {
            self.slots.resolve(file, table, &self.projects).as_ref() == Some(key)
        };
        let concerns = |file: &File, change: &Change| {
            let named = change.table.clone().map(TableRef::Named);
            let mut inputs = change.inputs.iter();
            named.is_some_and(|table| is_it(file, &table))
                || inputs.any(|input| is_it(file, &input.table))
        };
        let files = self.mentioning(&key.name()).into_iter();
        let all = files.flat_map(|file| {
            let changes = file.sql().map_or(&[][..], |sql| &sql.changes);
            changes.iter().map(move |change| (file, change))
        });
        all.filter(|(file, change)| concerns(file, change))
            .collect()
    }

    /// Whether other statements than the one that defines a table fill it or change its rows.
    pub fn is_changed_elsewhere(&self, table: &Table) -> bool {
        let mut models = table.models.iter().filter_map(|id| self.model(*id));
        if models.any(|(_, model)| model.kind == ModelKind::Insert) {
            return true;
        }
        self.changes(&table.key).iter().any(|(file, change)| {
            let changed = change.table.clone().map(TableRef::Named);
            changed.is_some_and(|named| self.table_key(file, &named) == Some(&table.key))
        })
    }

    /// The files with a mention of a table that goes by this name, whatever it leads to, in the order of
    /// their paths.
    pub fn mentioning(&self, name: &Name) -> Vec<&File> {
        let mut files: Vec<&File> = self.mentioning_anywhere(name).collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        files
    }

    /// The same files in no order at all, for questions whose answer does not depend on one.
    pub(crate) fn mentioning_anywhere<'s>(&'s self, name: &Name) -> impl Iterator<Item = &'s File> {
        self.slots.readers(name).filter_map(|id| self.file(id))
    }

    /// What a spec's entry says of a table, and in which file.
    pub fn description(&self, id: DescriptionId) -> Option<(&File, &spec::model::Table)> {
        let file = self.file(id.file)?;
        Some((file, file.described_tables().get(id.ordinal as usize)?))
    }

    /// What a spec's entry says of a column.
    pub fn described_column(&self, described: Described) -> Option<&spec::model::Column> {
        self.description(described.table)?
            .1
            .columns
            .get(described.ordinal as usize)
    }

    /// A statement that defines a table, and its file; `None` for a seed.
    pub fn model(&self, id: ModelId) -> Option<(&File, &sql::facts::Model)> {
        let file = self.file(id.file)?;
        Some((file, file.sql()?.models.get(id.ordinal as usize)?))
    }

    /// The files that name this product, in the order of their paths.
    pub fn product_files(&self, product: &Name) -> Vec<&File> {
        let ids = self
            .products
            .get(product)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut files: Vec<&File> = ids.iter().filter_map(|id| self.file(*id)).collect();
        files.sort_by(|left, right| left.path.cmp(&right.path));
        files
    }

    /// The names of all products, sorted.
    pub fn products(&self) -> Vec<&Name> {
        self.products
            .sorted()
            .into_iter()
            .map(|(name, _)| name)
            .collect()
    }

    /// The settings that hold for a path.
    pub fn settings(&self, path: &Path) -> Arc<Settings> {
        self.configurations.settings(path)
    }

    /// The dbt projects and what was found out about them.
    pub fn projects(&self) -> &Projects {
        &self.projects
    }
}
