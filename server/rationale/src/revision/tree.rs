//! What a commit holds: the path of every file, and the object with its content.

mod step;

use anyhow::{Context, Result, bail};
use gix::ObjectId;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::ops::Bound;
use std::path::{Component, Path, PathBuf};

/// The most entries that are listed. More is no workspace, but a tree made to fill the memory: one
/// of a few objects can hold itself over and over.
const MOST_ENTRIES: usize = 2_000_000;

/// How many links one path may lead through, as on Linux (path_resolution(7)).
const MOST_LINKS: usize = 40;

/// The files of a tree, by path from its top.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Files, and links that lead to one, by the object with the content.
    pub(super) files: BTreeMap<PathBuf, ObjectId>,
    /// Where links lead to, as they say it.
    links: BTreeMap<PathBuf, PathBuf>,
}

impl Tree {
    /// Lists the tree of a commit. Names that are not UTF-8, or that no file can have, are left out,
    /// and so are submodules.
    pub(super) fn of(repository: &gix::Repository, commit: ObjectId) -> Result<Tree> {
        let root = repository
            .find_commit(commit)
            .and_then(|commit| Ok(commit.tree_id()?.detach()))
            .with_context(|| format!("the commit {commit} can't be read"))?;
        let mut tree = Tree::default();
        let mut entries = 0_usize;
        let mut folders = vec![(PathBuf::new(), root)];
        while let Some((folder, id)) = folders.pop() {
            let incomplete = || {
                format!(
                    "this clone lacks a part of the commit {commit}, or it is damaged: `git \
                     archive --output=/dev/null {commit}` fetches what is missing, and says what is \
                     wrong"
                )
            };
            let content = repository.find_tree(id).with_context(incomplete)?;
            for entry in content.iter() {
                let entry = entry.with_context(incomplete)?;
                entries += 1;
                if entries > MOST_ENTRIES {
                    bail!("the commit {commit} holds more than {MOST_ENTRIES} files and folders");
                }
                let Some(name) = file_name(entry.filename()) else {
                    continue;
                };
                let (path, mode) = (folder.join(name), entry.mode());
                if mode.is_tree() {
                    folders.push((path, entry.object_id()));
                } else if mode.is_link() {
                    let target = repository.find_blob(entry.oid()).with_context(incomplete)?;
                    if let Ok(target) = std::str::from_utf8(&target.data) {
                        tree.links.insert(path, PathBuf::from(target));
                    }
                } else if mode.is_blob() {
                    tree.files.insert(path, entry.object_id());
                }
            }
        }
        let linked = tree.linked();
        tree.files.extend(linked);
        Ok(tree)
    }

    /// The links that lead to a file, and its content.
    fn linked(&self) -> Vec<(PathBuf, ObjectId)> {
        let links = self.links.keys();
        links
            .filter_map(|link| Some((link.clone(), self.blob(link)?)))
            .collect()
    }

    /// The object with the content of the file at `path`, links followed. Those that lead out of the
    /// tree lead to nothing: what is there belongs to no revision.
    pub(super) fn blob(&self, path: &Path) -> Option<ObjectId> {
        if let Some(blob) = self.files.get(path) {
            return Some(*blob);
        }
        let mut ahead: Vec<OsString> = parts(path)?;
        let mut here = PathBuf::new();
        let mut links = 0;
        while let Some(part) = ahead.pop() {
            if part == ".." {
                if !here.pop() {
                    return None;
                }
                continue;
            }
            here.push(part);
            if let Some(target) = self.links.get(&here) {
                links += 1;
                if links > MOST_LINKS {
                    return None;
                }
                here.pop();
                ahead.extend(parts(target)?);
            }
        }
        self.files.get(&here).copied()
    }

    /// The paths of the files at or below `folder`, sorted.
    pub(super) fn below(&self, folder: &Path) -> impl Iterator<Item = &Path> {
        self.files
            .range::<Path, _>((Bound::Included(folder), Bound::Unbounded))
            .map(|(path, _)| path.as_path())
            .take_while(move |path| path.starts_with(folder))
    }

    /// The first file at or below `folder` whose content this clone does not hold.
    pub(super) fn first_missing(
        &self,
        repository: &gix::Repository,
        folder: &Path,
    ) -> Option<&Path> {
        self.below(folder).find(|path| {
            self.files
                .get(*path)
                .is_some_and(|blob| !repository.has_object(blob))
        })
    }
}

/// The parts of a relative path, the last one first; `None` for an absolute one.
fn parts(path: &Path) -> Option<Vec<OsString>> {
    let mut parts = Vec::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir | Component::Normal(_) => {
                parts.push(component.as_os_str().to_owned());
            }
            Component::Prefix(_) | Component::RootDir => return None,
        }
    }
    parts.reverse();
    Some(parts)
}

/// The name of an entry, if a file can have it here.
fn file_name(name: &[u8]) -> Option<&str> {
    let name = std::str::from_utf8(name).ok()?;
    let mut components = Path::new(name).components();
    match (components.next(), components.next()) {
        (Some(Component::Normal(only)), None) if only == name => Some(name),
        _ => None,
    }
}
