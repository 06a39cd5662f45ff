//! Files that are in a tree although its ignore files name them. A walk over the disk goes by the
//! ignore files alone and leaves them out, so they must be left out here too: else a comparison of the
//! two would say that they are gone.

use super::tree::Tree;
use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The ignore files of a tree, of the repository and of the user.
pub(super) struct IgnoreFiles {
    /// By the folder, from the top of the tree, that they speak of.
    of_folders: BTreeMap<PathBuf, Gitignore>,
    /// `info/exclude` of the repository, then the user's own; the first that speaks decides.
    of_machine: [Gitignore; 2],
}

impl IgnoreFiles {
    /// Reads them.
    pub(super) fn of(repository: &gix::Repository, tree: &Tree) -> IgnoreFiles {
        let mut of_folders = BTreeMap::new();
        let root = Path::new("");
        let paths = tree.below(root).filter(|path| path.ends_with(".gitignore"));
        for path in paths {
            let content = tree.blob(path).and_then(|id| repository.find_blob(id).ok());
            let (Some(folder), Some(content)) = (path.parent(), content) else {
                continue;
            };
            let mut builder = GitignoreBuilder::new(folder);
            for line in String::from_utf8_lossy(&content.data).lines() {
                // A line that is no pattern is passed over, as in a walk over the disk.
                let _ = builder.add_line(None, line);
            }
            if let Ok(patterns) = builder.build() {
                of_folders.insert(folder.to_owned(), patterns);
            }
        }
        let mut exclude = GitignoreBuilder::new(root);
        let _ = exclude.add(repository.common_dir().join("info/exclude"));
        let exclude = exclude.build().unwrap_or_else(|_| Gitignore::empty());
        let (of_user, _) = GitignoreBuilder::new(root).build_global();
        IgnoreFiles {
            of_folders,
            of_machine: [exclude, of_user],
        }
    }

    /// Whether a walk leaves out the file at `path`, from the top of the tree, or a folder on the
    /// way there. `below` is the end of the path: what of it lies below the folder walked.
    pub(super) fn leave_out(&self, path: &Path, below: &Path) -> bool {
        let depth = below.components().count();
        let ways: Vec<&Path> = path.ancestors().take(depth).collect();
        ways.iter().rev().any(|way| {
            let is_folder = *way != path;
            self.names(way, is_folder)
        })
    }

    fn names(&self, path: &Path, is_folder: bool) -> bool {
        let inner = path
            .ancestors()
            .skip(1)
            .filter_map(|folder| self.of_folders.get(folder));
        for patterns in inner.chain(&self.of_machine) {
            match patterns.matched(path, is_folder) {
                Match::None => {}
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
            }
        }
        false
    }
}
