//! The commits that led to what is checked out, oldest first, and the files as each of them left them.
//!
//! Of a merge the first parent is followed: what was merged came in as one change. The files are there
//! as one outside world that moves on from commit to commit, so that a workspace read from it once can
//! follow by what changed.

use super::ignored::IgnoreFiles;
use super::repository::Repository;
use super::{Place, RevisionSystem, is_hidden};
use anyhow::{Context, Result, bail};
use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::date::time::format::SHORT;
use index::System;
use index::system::{Ignored, Walk};
use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// The commits to walk over, and the files of the last one that was come to.
pub struct History {
    git: gix::Repository,
    place: Place,
    system: HistorySystem,
    /// The tree that the files are of.
    tree: ObjectId,
    ahead: VecDeque<ObjectId>,
    /// The commit before the first.
    base: ObjectId,
    length: usize,
    /// Why there are fewer commits than were asked for.
    pub cut_off: Option<CutOff>,
}

/// Why a history has fewer commits than were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CutOff {
    /// There are no more.
    Beginning,
    /// This clone does not reach back further.
    Shallow,
}

/// A commit, and what it changed.
#[derive(Clone, Debug)]
pub struct Step {
    /// The commit.
    pub commit: Commit,
    /// The files below the folder that came, went or have another content, in the order of their
    /// paths. Those that a walk leaves out are left out here.
    pub changed: Vec<ChangedFile>,
    /// Files that were left out may be there now, or the other way round.
    pub anew: bool,
}

/// A file that a commit changed.
#[derive(Clone, Debug)]
pub struct ChangedFile {
    /// Its path, absolute.
    pub path: PathBuf,
    was: Option<ObjectId>,
    now: Option<ObjectId>,
}

/// What a commit says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its whole name, in hexadecimal digits.
    pub id: String,
    /// The author's name.
    pub author: String,
    /// The day that the author wrote it, as `YYYY-MM-DD` where the author was.
    pub date: String,
    /// The first line of the message; of a merged pull request its title, which stands below.
    pub subject: String,
}

/// The files whose whole text is read. Others may be missing, as the largest data files are in some
/// copies of repositories.
const READ: [&str; 5] = ["sql", "yml", "yaml", "toml", "md"];

impl History {
    /// The last `most` commits that led to what is checked out around `folder`, an absolute path, in the
    /// repository that holds it. The files are those before the first of them.
    ///
    /// # Errors
    /// No repository holds the folder, it has no commit to compare another one with, or this clone lacks
    /// a part of it. The message says what to do.
    pub fn open(folder: &Path, most: usize) -> Result<History> {
        let repository = Repository::around(folder)?;
        let is_shallow = repository.is_shallow();
        let shallow = repository.git.shallow_commits().ok().flatten();
        let mut ahead = VecDeque::from([repository.commit("HEAD")?]);
        let mut cut_off = None;
        while let Some(first) = ahead.front().copied().filter(|_| ahead.len() <= most) {
            let commit = repository.git.find_commit(first);
            let commit = commit.with_context(|| format!("the commit {first} can't be read"))?;
            let is_last = shallow.as_ref().is_some_and(|last| last.contains(&first));
            match commit.parent_ids().next().filter(|_| !is_last) {
                Some(parent) => ahead.push_front(parent.detach()),
                None => {
                    cut_off = Some(match is_last {
                        true => CutOff::Shallow,
                        false => CutOff::Beginning,
                    });
                    break;
                }
            }
        }
        let base = ahead.pop_front().context("there is no commit")?;
        if ahead.is_empty() {
            match is_shallow {
                true => bail!(
                    "this clone is shallow and holds one commit only, so there is no history to \
                     replay: `git fetch --unshallow` fetches the rest of it"
                ),
                false => bail!(
                    "the repository at {} has one commit only, so there is no history to replay yet",
                    repository.place.top.display()
                ),
            }
        }
        let tree = repository.git.find_commit(base)?.tree_id()?.detach();
        let system = RevisionSystem::of(repository.git.clone(), &repository.place, base)?;
        let history = History {
            system: HistorySystem(Arc::new(RwLock::new(system))),
            place: repository.place,
            git: repository.git,
            tree,
            base,
            length: ahead.len(),
            ahead,
            cut_off,
        };
        let now = history.system.now();
        let files = now.tree.files.iter();
        history.complete(base, files.map(|(path, blob)| (path.as_path(), *blob)))?;
        drop(now);
        Ok(history)
    }

    /// The files as they are at the commit that was come to last. It is one and the same system, which
    /// moves on.
    pub fn system(&self) -> HistorySystem {
        self.system.clone()
    }

    /// The files of the newest commit, whether this clone holds their content or not.
    ///
    /// # Errors
    /// This clone lacks a part of it.
    pub fn newest(&self) -> Result<RevisionSystem> {
        let newest = self.ahead.back().copied().unwrap_or(self.base);
        RevisionSystem::of(self.git.clone(), &self.place, newest)
    }

    /// How many commits are yet to come.
    pub fn ahead(&self) -> usize {
        self.ahead.len()
    }

    /// Goes on to the next commit, and tells what it changed; `None` at the end.
    ///
    /// # Errors
    /// This clone lacks a part of it.
    pub fn advance(&mut self) -> Result<Option<Step>> {
        let Some(id) = self.ahead.pop_front() else {
            return Ok(None);
        };
        let commit = self.git.find_commit(id)?;
        let to = commit.tree_id()?.detach();
        let mut now = self
            .system
            .0
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let changed = now.tree.step(&self.git, self.tree, to)?;
        self.tree = to;
        let blobs = changed
            .iter()
            .filter_map(|(path, (_, now))| Some((path.as_path(), (*now)?)));
        self.complete(id, blobs)?;
        let mut anew = false;
        if changed.keys().any(|path| path.ends_with(".gitignore")) {
            now.ignore_files = IgnoreFiles::of(&self.git, &now.tree);
            anew = true;
        }
        let ours = changed.into_iter().filter_map(|(path, (was, is))| {
            let below = path.strip_prefix(&self.place.inside).ok()?;
            let is_ours = !is_hidden(below) && !now.ignore_files.leave_out(&path, below);
            is_ours.then(|| ChangedFile {
                path: self.place.folder.join(below),
                was,
                now: is,
            })
        });
        Ok(Some(Step {
            commit: Commit::of(&commit)?,
            changed: ours.collect(),
            anew,
        }))
    }

    /// The text of a file before the step and after it; `None` where it was not there, or is no text.
    pub fn texts(&self, file: &ChangedFile) -> (Option<String>, Option<String>) {
        let text = |blob: Option<ObjectId>| {
            let mut blob = self.git.find_blob(blob?).ok()?;
            String::from_utf8(std::mem::take(&mut blob.data)).ok()
        };
        (text(file.was), text(file.now))
    }

    /// Makes sure that this clone holds the files that are looked at.
    fn complete<'f>(
        &self,
        commit: ObjectId,
        files: impl Iterator<Item = (&'f Path, ObjectId)>,
    ) -> Result<()> {
        let is_read = |path: &Path| {
            let extension = path.extension().and_then(|extension| extension.to_str());
            path.starts_with(&self.place.inside)
                && extension.is_some_and(|extension| READ.contains(&extension))
        };
        let mut read = files.filter(|(path, _)| is_read(path));
        match read.find(|(_, blob)| !self.git.has_object(blob)) {
            Some((missing, _)) => bail!(
                "this clone does not hold the files of its history: `{}` of {commit:.10} is missing. \
                 `git archive --output=/dev/null {}` and `git log --first-parent -m -p -{} \
                 --output=/dev/null` fetch them",
                missing.display(),
                self.base,
                self.length,
            ),
            None => Ok(()),
        }
    }
}

impl Commit {
    fn of(commit: &gix::Commit<'_>) -> Result<Commit> {
        let unreadable = || format!("the commit {} can't be read", commit.id);
        let author = commit.author().with_context(unreadable)?;
        let time = author.time().with_context(unreadable)?;
        let message = commit.message().with_context(unreadable)?;
        let summary = message.summary().to_str_lossy().into_owned();
        // What hosts write in the first line of such a merge tells branches, and nothing of the change.
        let body = message
            .body()
            .map(|body| body.without_trailer().to_str_lossy().into_owned());
        let title = body
            .as_deref()
            .and_then(|body| body.lines().find(|line| !line.trim().is_empty()));
        let subject = match (summary.strip_prefix("Merge pull request "), title) {
            (Some(merged), Some(title)) => {
                let number = merged.split_whitespace().next().unwrap_or_default();
                format!("{} ({number})", title.trim())
            }
            _ => summary,
        };
        Ok(Commit {
            id: commit.id.to_string(),
            author: author.name.trim().to_str_lossy().into_owned(),
            date: time.format_or_unix(SHORT),
            subject,
        })
    }
}

/// The files of a history, at the commit that was come to. A clone is the same one.
#[derive(Clone)]
pub struct HistorySystem(Arc<RwLock<RevisionSystem>>);

impl HistorySystem {
    fn now(&self) -> RwLockReadGuard<'_, RevisionSystem> {
        // A tree that a panic left half way would be of a program that is about to end.
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl System for HistorySystem {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.now().read(path)
    }

    fn read_head(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        self.now().read_head(path, limit)
    }

    fn walk(&self, folder: &Path, ignored: Ignored, limit: usize) -> Walk {
        self.now().walk(folder, ignored, limit)
    }

    fn walk_part(&self, root: &Path, path: &Path, ignored: Ignored) -> Walk {
        self.now().walk_part(root, path, ignored)
    }

    fn today(&self) -> Option<String> {
        self.now().today()
    }
}

impl fmt::Debug for HistorySystem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.now().fmt(f)
    }
}
