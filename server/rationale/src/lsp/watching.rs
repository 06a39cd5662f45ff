//! Watching is a hint: clients miss changes, and some can't watch at all. So the client is asked to
//! watch where it can, and besides it `HEAD` is compared whenever a document is opened or saved.

use index::System;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use tower_lsp::ls_types::Registration;

/// Every file that may be part of the workspace, and what changes with a checkout.
const PATTERNS: [&str; 8] = [
    "**/*.sql",
    "**/*.yml",
    "**/*.yaml",
    "**/*.csv",
    "**/*.spec.lock",
    "**/rationale.toml",
    "**/.gitignore",
    "**/.git/HEAD",
];

/// The same as one pattern, of what people create, rename and delete in the editor.
pub(super) const FILES: &str =
    "**/{*.sql,*.py,*.yml,*.yaml,*.csv,*.spec.lock,rationale.toml,.gitignore}";

/// What the client is asked to watch.
pub(super) fn registration() -> Registration {
    let watchers: Vec<_> = PATTERNS
        .iter()
        .map(|pattern| serde_json::json!({ "globPattern": pattern }))
        .collect();
    Registration {
        id: "rationale/files".to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(serde_json::json!({ "watchers": watchers })),
    }
}

/// What each root's repository has checked out, as last seen.
#[derive(Debug, Default)]
pub(super) struct Heads {
    by_root: BTreeMap<PathBuf, Option<String>>,
}

impl Heads {
    /// Looks at `roots` for the first time.
    pub(super) fn new(system: &dyn System, roots: &[PathBuf]) -> Heads {
        Heads {
            by_root: roots
                .iter()
                .map(|root| (root.clone(), head(system, root)))
                .collect(),
        }
    }

    /// Looks again. Gives the roots where something else is checked out than before: any file there
    /// may have changed.
    pub(super) fn changed(&mut self, system: &dyn System) -> Vec<PathBuf> {
        let mut changed = Vec::new();
        for (root, before) in &mut self.by_root {
            let now = head(system, root);
            if now != *before {
                *before = now;
                changed.push(root.clone());
            }
        }
        changed
    }
}

/// What the repository around `root` has checked out: the content of `HEAD`, and of the branch that
/// it names. `None` outside of a repository.
fn head(system: &dyn System, root: &Path) -> Option<String> {
    let folder = root
        .ancestors()
        .find_map(|folder| git_folder(system, folder))?;
    let head = read(system, &folder.join("HEAD"))?;
    let branch = head.strip_prefix("ref: ").and_then(|name| {
        // The branches of a linked work tree are those of the main one.
        let shared = read(system, &folder.join("commondir")).map(|shared| folder.join(shared));
        read(system, &shared.unwrap_or(folder).join(name))
    });
    Some(format!("{head} {}", branch.unwrap_or_default()))
}

fn git_folder(system: &dyn System, folder: &Path) -> Option<PathBuf> {
    let git = folder.join(".git");
    if system.read_head(&git.join("HEAD"), 1).is_ok() {
        return Some(git);
    }
    let linked = read(system, &git)?;
    Some(folder.join(linked.strip_prefix("gitdir: ")?))
}

fn read(system: &dyn System, path: &Path) -> Option<String> {
    let content = system.read_head(path, 4096).ok()?;
    Some(String::from_utf8(content).ok()?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use index::system::MemorySystem;

    fn roots() -> Vec<PathBuf> {
        vec![PathBuf::from("/a/models")]
    }

    #[test]
    fn a_checkout_and_a_pull_are_noticed_once() {
        let system = MemorySystem::new([
            ("/a/.git/HEAD", "ref: refs/heads/main\n"),
            ("/a/.git/refs/heads/main", "1\n"),
        ]);
        let mut heads = Heads::new(&system, &roots());
        assert_eq!(heads.changed(&system), Vec::<PathBuf>::new());
        system.write("/a/.git/refs/heads/main", "2\n");
        assert_eq!(heads.changed(&system), roots());
        system.write("/a/.git/HEAD", "ref: refs/heads/other\n");
        assert_eq!(heads.changed(&system), roots());
        assert_eq!(heads.changed(&system), Vec::<PathBuf>::new());
    }

    #[test]
    fn a_linked_work_tree_has_its_own_head_and_shared_branches() {
        let system = MemorySystem::new([
            ("/a/.git", "gitdir: /main/.git/worktrees/a\n"),
            ("/main/.git/worktrees/a/HEAD", "ref: refs/heads/topic\n"),
            ("/main/.git/worktrees/a/commondir", "../..\n"),
            ("/main/.git/worktrees/a/../../refs/heads/topic", "1\n"),
        ]);
        let mut heads = Heads::new(&system, &roots());
        system.write("/main/.git/worktrees/a/../../refs/heads/topic", "2\n");
        assert_eq!(heads.changed(&system), roots());
    }
}
