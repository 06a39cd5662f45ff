//! From the tree of one commit to that of another, by what differs between the two.

use super::{Tree, file_name};
use anyhow::{Context, Result};
use gix::ObjectId;
use gix::objs::tree::EntryMode;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A file's content before a step and after it; `None` where it is not there.
pub(in crate::revision) type Blobs = (Option<ObjectId>, Option<ObjectId>);

/// The entries of a folder that a file can be called by.
type Entries = BTreeMap<String, (EntryMode, ObjectId)>;

impl Tree {
    /// Makes this, which is the tree `from`, the tree `to`. Gives the files that came, went or have
    /// another content, links among them, with the old and the new one. Costs what differs.
    pub(in crate::revision) fn step(
        &mut self,
        repository: &gix::Repository,
        from: ObjectId,
        to: ObjectId,
    ) -> Result<BTreeMap<PathBuf, Blobs>> {
        let mut led_to = self.take_links();
        let mut changed = BTreeMap::new();
        let mut folders = vec![(PathBuf::new(), Some(from), Some(to))];
        while let Some((folder, old, new)) = folders.pop() {
            if old == new {
                continue;
            }
            let (old, new) = (entries(repository, old)?, entries(repository, new)?);
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for name in names {
                let (old, new) = (old.get(name).copied(), new.get(name).copied());
                if old == new {
                    continue;
                }
                let path = folder.join(name);
                let is_folder = |entry: &(EntryMode, ObjectId)| entry.0.is_tree();
                let folder_of = |entry: Option<(EntryMode, ObjectId)>| {
                    entry.filter(is_folder).map(|(_, id)| id)
                };
                let (was, now) = (folder_of(old), folder_of(new));
                if was.is_some() || now.is_some() {
                    folders.push((path.clone(), was, now));
                }
                self.links.remove(&path);
                let was = self.files.remove(&path);
                if let Some((mode, id)) = new {
                    self.put(repository, &path, mode, id)?;
                }
                let now = self.files.get(&path).copied();
                if was != now {
                    changed.insert(path, (was, now));
                }
            }
        }
        for (link, blob) in self.linked() {
            let was = led_to.remove(&link);
            if was != Some(blob) {
                changed.insert(link.clone(), (was, Some(blob)));
            }
            self.files.insert(link, blob);
        }
        for (link, was) in led_to {
            // In its place a file may stand now.
            let now = self.files.get(&link).copied();
            changed.insert(link, (Some(was), now));
        }
        Ok(changed)
    }

    /// Takes the files out that are there by a link.
    fn take_links(&mut self) -> BTreeMap<PathBuf, ObjectId> {
        let links = self.links.keys();
        let led_to = links.filter_map(|link| Some((link.clone(), self.files.remove(link)?)));
        led_to.collect()
    }

    /// Adds an entry that is no folder.
    fn put(
        &mut self,
        repository: &gix::Repository,
        path: &Path,
        mode: EntryMode,
        id: ObjectId,
    ) -> Result<()> {
        if mode.is_link() {
            let target = repository.find_blob(id).context("a link can't be read")?;
            if let Ok(target) = std::str::from_utf8(&target.data) {
                self.links.insert(path.to_owned(), PathBuf::from(target));
            }
        } else if mode.is_blob() {
            self.files.insert(path.to_owned(), id);
        }
        Ok(())
    }
}

fn entries(repository: &gix::Repository, tree: Option<ObjectId>) -> Result<Entries> {
    let mut entries = Entries::new();
    let Some(tree) = tree else {
        return Ok(entries);
    };
    let incomplete = || format!("this clone lacks the folder {tree}, or it is damaged");
    for entry in repository.find_tree(tree).with_context(incomplete)?.iter() {
        let entry = entry.with_context(incomplete)?;
        if let Some(name) = file_name(entry.filename()) {
            entries.insert(name.to_owned(), (entry.mode(), entry.object_id()));
        }
    }
    Ok(entries)
}
