//! One file in place of what was known of it: which names and tables have to be looked at again.

use super::layout::{Layout, layout_of_files};
use super::{Dirty, Reached, Workspace};
use crate::contribution::{contribution, model_paths, models};
use crate::file::{File, FileId, FileKind, SqlRole};
use crate::reader::Loaded;
use crate::slots::Contribution;
use crate::table::ModelId;
use std::path::{Path, PathBuf};
use syntax::Name;
use syntax::name::spelled_alike;

impl Workspace {
    /// Reads one file again and takes in what changed.
    pub(super) fn look_again(
        &mut self,
        path: &Path,
        dirty: &mut Dirty,
        reached: &mut Reached,
    ) -> Layout {
        if !self.state.is_complete {
            self.changed_while_loading.insert(path.to_owned());
        }
        let known = self.state.file_at(path).cloned();
        let loaded = match self.open.get(path) {
            Some(text) => {
                let is_same = |file: &File| file.open_text.as_ref() == Some(text);
                if known.as_ref().is_some_and(is_same) {
                    return Layout::Same;
                }
                self.reader().open(path, text)
            }
            None => self.reader().read(path),
        };
        let layout = match (&known, &loaded) {
            (old, Some(Loaded { file: new, .. })) => layout_of_files(old.as_ref(), Some(new)),
            (old, None) => layout_of_files(old.as_ref(), None),
        };
        match loaded {
            Some(Loaded { file, .. }) => {
                reached.facts_computed += 1;
                self.absorb(file, dirty, reached);
            }
            None => self.forget(path, dirty, reached),
        }
        let decides_dialect = path.file_name().is_some_and(|name| name == "profiles.yml");
        if decides_dialect {
            Layout::Files
        } else {
            layout
        }
    }

    /// Takes in a file in place of what was known of it.
    pub(super) fn absorb(&mut self, file: File, dirty: &mut Dirty, reached: &mut Reached) {
        let id = file.id;
        let path = file.path.clone();
        reached.files.insert(id);
        let old = self.state.files.insert(id, file);
        let is_same = |old: &File, new: &File| {
            (old.kind, &old.project, old.quiet) == (new.kind, &new.project, new.quiet)
                && old.facts == new.facts
                && spelled_alike(&old.facts, &new.facts)
        };
        let same = match (&old, self.state.file(id)) {
            (Some(old), Some(new)) => is_same(old, new),
            _ => false,
        };
        if let (Some(old), Some(new)) = (&old, self.state.file(id)) {
            new.take_sentences_of(old);
        }
        let text = |file: Option<&File>| file.map(|file| file.text_hash);
        let is_macro = |file: Option<&File>| file.is_some_and(holds_macros);
        if text(old.as_ref()) != text(self.state.file(id))
            && (is_macro(old.as_ref()) || is_macro(self.state.file(id)))
        {
            self.state.macro_generation += 1;
        }
        if !same {
            reached.changed.insert(id);
            self.note_product(id, old.as_ref(), reached);
            self.note_paths(id, old.as_ref());
            self.contribute(id, dirty);
            self.wake(&path, dirty);
            self.note_lock(&path, old.as_ref(), dirty);
        }
    }

    /// Takes out a file that is gone.
    fn forget(&mut self, path: &Path, dirty: &mut Dirty, reached: &mut Reached) {
        let Some(id) = self.state.paths.known(path) else {
            return;
        };
        let Some(old) = self.state.files.remove(&id) else {
            return;
        };
        reached.files.insert(id);
        reached.changed.insert(id);
        if holds_macros(&old) {
            self.state.macro_generation += 1;
        }
        self.note_product(id, Some(&old), reached);
        self.note_paths(id, Some(&old));
        self.contribute(id, dirty);
        self.wake(path, dirty);
        self.note_lock(path, Some(&old), dirty);
    }

    /// The tables of the spec beside a lock are to be looked at again when the lock changes, and all that
    /// it knew or knows: the description of one may be elsewhere.
    fn note_lock(&self, path: &Path, old: Option<&File>, dirty: &mut Dirty) {
        let specs = crate::lock::spec_paths(path).into_iter();
        for spec in specs.filter_map(|path| self.state.file_at(&path)) {
            if let Some(contribution) = self.contributions.get(&spec.id) {
                self.note_tables(contribution, dirty);
            }
        }
        let locks = [old, self.state.file_at(path)].into_iter().flatten();
        let locked = locks
            .filter_map(File::lock)
            .flat_map(|lock| lock.tables.iter());
        for table in locked {
            let name = table.name.rsplit('.').next().map(Name::new);
            let tables = name.iter().flat_map(|name| self.state.slots.tables(name));
            dirty.tables.extend(tables.cloned());
        }
    }

    /// Brings what the file adds to the names up to date.
    fn contribute(&mut self, id: FileId, dirty: &mut Dirty) {
        let new = match self.state.file(id) {
            Some(file) => {
                let is_off = self.state.is_off_in_project(file);
                contribution(file, is_off, |spec, table| self.model_at(spec, table))
            }
            None => Contribution::default(),
        };
        let old = self.contributions.remove(&id).unwrap_or_default();
        self.note_tables(&old, dirty);
        dirty.mentions.extend(old.mentions.iter().cloned());
        dirty.mentions.extend(new.mentions.iter().cloned());
        // What a file says of a table may change while its name stays: the tables are dirty anyway.
        if old != new || !spelled_alike(&old, &new) {
            self.state.slots.remove(id, &old, &mut dirty.names);
            self.state.slots.add(id, &new, &mut dirty.names);
        }
        if new != Contribution::default() {
            self.contributions.insert(id, new);
        }
    }

    /// The tables that a contribution makes up are dirty.
    fn note_tables(&self, contribution: &Contribution, dirty: &mut Dirty) {
        let of_models = contribution
            .models
            .iter()
            .filter_map(|entry| self.state.slots.table_of_model(entry.id));
        dirty.tables.extend(of_models);
        for entry in &contribution.descriptions {
            let Some(name) = entry.parts.last() else {
                continue;
            };
            let described = self.state.slots.tables(name).filter(|key| {
                let members = self.state.slots.members(key);
                members.is_some_and(|(_, members)| members.descriptions.contains(&entry.id))
            });
            dirty.tables.extend(described.cloned());
        }
    }

    fn note_product(&mut self, id: FileId, old: Option<&File>, reached: &mut Reached) {
        let product = |file: &File| Some(file.native_spec()?.product.as_ref()?.value.clone());
        let old = old.and_then(product);
        let new = self.state.file(id).and_then(product);
        if old != new {
            if let Some(files) = old.clone().and_then(|name| self.state.products.entry(name)) {
                files.retain(|file| *file != id);
            }
            if let Some(name) = old
                .as_ref()
                .filter(|name| self.state.products.get(name).is_some_and(Vec::is_empty))
            {
                self.state.products.remove(name);
            }
            if let Some(files) = new.clone().and_then(|name| self.state.products.entry(name)) {
                files.push(id);
            }
        }
        reached.products.extend(old.into_iter().chain(new));
    }

    /// Notes which paths the file's entries wait for.
    fn note_paths(&mut self, id: FileId, old: Option<&File>) {
        if let Some(old) = old {
            for path in self.paths_named(old) {
                if let Some(waiting) = self.waiting_for_path.get_mut(&path) {
                    waiting.remove(&id);
                    if waiting.is_empty() {
                        self.waiting_for_path.remove(&path);
                    }
                }
            }
        }
        let named = self
            .state
            .file(id)
            .map(|file| self.paths_named(file))
            .unwrap_or_default();
        for path in named {
            self.waiting_for_path.entry(path).or_default().insert(id);
        }
    }

    fn paths_named(&self, file: &File) -> Vec<PathBuf> {
        model_paths(&file.facts)
            .flat_map(|model| self.state.meant(&file.path, model))
            .collect()
    }

    /// The statement in the SQL file that a spec names by path: the one of the table's name, else
    /// the only one.
    fn model_at(&self, spec: &Path, table: &spec::model::Table) -> Option<(ModelId, Vec<Name>)> {
        let model = table.model.as_ref()?;
        let file = self
            .state
            .meant(spec, &model.value)
            .iter()
            .find_map(|path| self.state.file_at(path))?;
        let entries = models(file, false);
        let same_name = entries
            .iter()
            .find(|entry| entry.parts.last() == table.name.value.last());
        let entry = same_name.or(match entries.as_slice() {
            [only] => Some(only),
            _ => None,
        })?;
        Some((entry.id, entry.parts.clone()))
    }

    /// Those who name the file at `path` by path may mean something else now.
    fn wake(&mut self, path: &Path, dirty: &mut Dirty) {
        for spec in self.waiting_for_path.get(path).cloned().unwrap_or_default() {
            self.contribute(spec, dirty);
        }
    }
}

/// Whether templates in other files may change with this one.
fn holds_macros(file: &File) -> bool {
    matches!(
        file.kind,
        FileKind::Sql(SqlRole::Macro) | FileKind::DbtProject
    )
}
