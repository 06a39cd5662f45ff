//! A state as it would be with another text in one file: to ask what an edit would come to before it is
//! offered.

use crate::reader::Reader;
use crate::snapshot::Snapshot;
use std::path::Path;
use std::sync::Arc;

impl Snapshot {
    /// The same state with `text` in the file at `path`, which must be part of the workspace. Only what
    /// is asked of the file's own queries follows: tables keep the columns that they have.
    pub fn with_text(&self, path: &Path, text: &str) -> Option<Snapshot> {
        self.file_at(path)?;
        let reader = Reader {
            system: self.system.clone(),
            paths: self.paths.clone(),
            configurations: self.configurations.clone(),
            projects: self.projects.clone(),
            loading: 0,
            known: None,
        };
        let file = reader.open(path, &Arc::from(text))?.file;
        let mut trial = self.clone();
        // What is kept is shared with the state that is real.
        trial.relations = Default::default();
        trial.files.insert(file.id, file);
        Some(trial)
    }
}
