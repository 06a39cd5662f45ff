//! A small workspace in memory.

use index::system::MemorySystem;
use index::{Change, Snapshot, Table, Workspace};
use std::path::PathBuf;
use std::sync::Arc;

/// A workspace in `/w` and the files below it.
pub struct Fixture {
    pub system: MemorySystem,
    pub workspace: Workspace,
}

/// `relative` in `/w`, or, behind `../`, beside it.
pub fn path(relative: &str) -> PathBuf {
    match relative.strip_prefix("../") {
        Some(beside) => PathBuf::from("/").join(beside),
        None => PathBuf::from("/w").join(relative),
    }
}

impl Fixture {
    /// Loads a workspace of these files.
    pub fn new(files: &[(&str, &str)]) -> Fixture {
        let system = MemorySystem::new(files.iter().map(|(name, text)| (path(name), *text)));
        let mut workspace = Workspace::new(Arc::new(system.clone()), vec![PathBuf::from("/w")]);
        workspace.load();
        Fixture { system, workspace }
    }

    /// Changes a file on disk and tells the workspace.
    pub fn write(&mut self, name: &str, text: &str) -> index::Reached {
        self.system.write(path(name), text);
        self.workspace
            .apply(vec![Change::OnDisk { path: path(name) }])
    }

    /// Deletes a file and tells the workspace.
    pub fn delete(&mut self, name: &str) -> index::Reached {
        self.system.remove(&path(name));
        self.workspace
            .apply(vec![Change::OnDisk { path: path(name) }])
    }

    /// Types: the whole text of an open document.
    pub fn edit(&mut self, name: &str, text: &str) -> index::Reached {
        self.workspace.apply(vec![Change::Edited {
            path: path(name),
            text: text.into(),
        }])
    }

    pub fn snapshot(&self) -> Snapshot {
        self.workspace.snapshot()
    }

    /// The table that people write as `name`.
    pub fn table(&self, name: &str) -> Arc<Table> {
        let snapshot = self.snapshot();
        let mut found = snapshot
            .tables()
            .into_iter()
            .filter(|table| table.key.to_string() == name)
            .cloned();
        let table = found.next().unwrap_or_else(|| panic!("no table {name}"));
        assert!(found.next().is_none(), "two tables {name}");
        table
    }

    /// The names of the tables.
    pub fn tables(&self) -> Vec<String> {
        self.snapshot()
            .tables()
            .iter()
            .map(|table| table.key.to_string())
            .collect()
    }

    /// The columns of a table in a line: `id amount! open`, where `!` has a why, `?` stands behind
    /// a column that only a spec names, and `open` says that there may be more.
    pub fn columns(&self, name: &str) -> String {
        let table = self.table(name);
        let mut words: Vec<String> = Vec::new();
        for column in &table.columns {
            let mut word = column.name.to_string();
            if !column.is_selected() {
                word.push('?');
            }
            if column.why.is_some() {
                word.push('!');
            }
            words.push(word);
        }
        if table.open {
            words.push("open".to_owned());
        }
        words.join(" ")
    }
}
