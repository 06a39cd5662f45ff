//! The start: everything is read once, file by file, in any order and on any thread.

use super::{Reached, Workspace};
use crate::reader::{Known, Loaded, Reader};
use crate::survey::survey;
use rayon::prelude::*;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The files to read at the start.
#[derive(Debug)]
pub struct Loading {
    /// Paths in the order in which they are to be read: those open in the editor first.
    pub batches: Vec<Vec<PathBuf>>,
    /// What reads them, on any thread.
    pub reader: Reader,
    /// Roots with more files than are looked at.
    pub cut_off: Vec<PathBuf>,
}

/// How many files are read before what they say is told.
pub(super) const BATCH: usize = 64;

impl Workspace {
    /// Reads everything, on all cores, and waits for it.
    pub fn load(&mut self) -> Reached {
        let loading = self.begin_loading();
        let paths: Vec<&PathBuf> = loading.batches.iter().flatten().collect();
        let read = || {
            paths
                .par_iter()
                .filter_map(|path| loading.reader.read(path))
                .collect::<Vec<Loaded>>()
        };
        let loaded = match rayon::ThreadPoolBuilder::new()
            .stack_size(sql::STACK_SIZE)
            .build()
        {
            Ok(pool) => pool.install(read),
            // Without threads of our own the common ones do: only hostile files need the stack.
            Err(_) => read(),
        };
        let mut reached = self.admit(loaded);
        reached.add(self.finish_loading());
        reached
    }

    /// Looks at which files there are and how they are configured, and forgets all else but what was made
    /// of texts, to be given again where they are the same. What is to be read then is read by
    /// [`Loading::reader`] and handed to [`Workspace::admit`].
    pub fn begin_loading(&mut self) -> Loading {
        let survey = survey(
            &*self.state.system,
            &self.state.roots,
            &self.open,
            &self.editor,
        );
        let paths = self.state.paths.clone();
        let system = self.state.system.clone();
        let open = std::mem::take(&mut self.open);
        let editor = std::mem::take(&mut self.editor);
        let roots = self.state.roots.to_vec();
        let loading = self.loading + 1;
        let known = Known {
            files: std::mem::take(&mut self.state.files),
            configurations: self.state.configurations.clone(),
            projects: self.state.projects.clone(),
        };
        let relations = self.state.relations.to_be_read_anew();
        let macros = self.state.macros.clone();
        let macro_generation = self.state.macro_generation + 1;
        *self = Workspace {
            open,
            editor,
            loading,
            ..Workspace::new(system, roots)
        };
        self.state.paths = paths;
        self.state.relations = relations;
        self.state.macros = macros;
        self.state.macro_generation = macro_generation;
        self.state.configurations = survey.configurations;
        self.state.projects = survey.projects;
        self.state.is_surveyed = true;
        self.cut_off = survey.cut_off.clone();
        let (open, closed): (Vec<PathBuf>, Vec<PathBuf>) = survey
            .files
            .into_iter()
            .partition(|path| self.open.contains_key(path));
        let open = open.into_iter().filter_map(|path| {
            let text = self.open.get(&path)?;
            self.reader().open(&path, text)
        });
        let open: Vec<Loaded> = open.collect();
        for Loaded { file, .. } in open {
            let mut dirty = std::mem::take(&mut self.pending);
            self.absorb(file, &mut dirty, &mut Reached::default());
            self.pending = dirty;
        }
        Loading {
            batches: closed.chunks(BATCH).map(<[PathBuf]>::to_vec).collect(),
            reader: Reader {
                known: Some(Arc::new(known)),
                ..self.reader()
            },
            cut_off: survey.cut_off,
        }
    }

    /// Takes in files that were read. What changed meanwhile is left as it is.
    pub fn admit(&mut self, files: Vec<Loaded>) -> Reached {
        let mut reached = Reached::default();
        let mut dirty = std::mem::take(&mut self.pending);
        for Loaded { file, loading } in files {
            let is_old = loading != self.loading
                || self.open.contains_key(&*file.path)
                || self.changed_while_loading.contains(&*file.path);
            if !is_old {
                reached.facts_computed += 1;
                self.absorb(file, &mut dirty, &mut reached);
            }
        }
        self.pending = dirty;
        reached
    }

    /// Joins everything that was admitted. From here on things can be said to be missing.
    pub fn finish_loading(&mut self) -> Reached {
        let mut reached = Reached {
            everything: true,
            ..Reached::default()
        };
        let dirty = std::mem::take(&mut self.pending);
        self.changed_while_loading = HashSet::new();
        self.settle(dirty, &mut reached);
        self.state.is_complete = true;
        reached
    }

    /// What reads files as they are to be read now.
    pub(super) fn reader(&self) -> Reader {
        Reader {
            system: self.state.system.clone(),
            paths: self.state.paths.clone(),
            configurations: self.state.configurations.clone(),
            projects: self.state.projects.clone(),
            loading: self.loading,
            known: None,
        }
    }
}
