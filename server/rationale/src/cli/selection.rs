//! Which workspace a command is about, and which part of it.

use crate::system::Disk;
use anyhow::{Context, Result, bail};
use index::project::without_parents;
use index::{Snapshot, Workspace};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// Where a workspace lies, as the command line says.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Location {
    /// The folder of the workspace. Without it: the nearest one at or above the paths that holds a
    /// `rationale.toml`, a `dbt_project.yml` or a `.git`.
    #[arg(long, value_name = "FOLDER")]
    root: Option<PathBuf>,
}

/// A workspace and the part of it that a command is about.
#[derive(Debug)]
pub(super) struct Selection {
    /// The folder of the workspace, absolute.
    pub(super) root: PathBuf,
    /// The files and folders asked about, absolute; empty for all of it.
    paths: Vec<PathBuf>,
    /// The folder that the command was started in, absolute.
    current: PathBuf,
}

/// What makes a folder the root of a workspace.
const MARKERS: [&str; 3] = ["rationale.toml", "dbt_project.yml", ".git"];

impl Selection {
    /// What `paths` and `location` mean here and now.
    ///
    /// # Errors
    /// A path is not there, or lies outside of the workspace.
    pub(super) fn new(location: &Location, paths: &[PathBuf]) -> Result<Selection> {
        let current = current()?;
        let paths = paths
            .iter()
            .map(|path| existing(&current, path))
            .collect::<Result<Vec<_>>>()?;
        let root = match &location.root {
            Some(root) => existing(&current, root)?,
            None => found_root(&common_folder(&paths).unwrap_or_else(|| current.clone())),
        };
        if !root.is_dir() {
            bail!("{} is not a folder: a workspace is one", root.display());
        }
        if let Some(outside) = paths.iter().find(|path| !path.starts_with(&root)) {
            bail!(
                "{} is not in the workspace at {}",
                outside.display(),
                root.display()
            );
        }
        Ok(Selection {
            root,
            paths,
            current,
        })
    }

    /// All of the workspace in the folder `root`, an absolute path.
    pub(super) fn all(root: &Path) -> Selection {
        Selection {
            root: root.to_owned(),
            paths: Vec::new(),
            current: root.to_owned(),
        }
    }

    /// Whether the file at `path` is asked about.
    pub(super) fn contains(&self, path: &Path) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|selected| path.starts_with(selected))
    }

    /// `path` as it is written from the folder that the command was started in, so that it can be
    /// clicked on or copied; with forward slashes.
    pub(super) fn path_from_here(&self, path: &Path) -> String {
        let shared = self.current.components().zip(path.components());
        let shared = shared.take_while(|(left, right)| left == right).count();
        let up = self.current.components().count() - shared;
        // Far up, the way there tells less than the place itself.
        if up > 3 || shared <= 1 {
            return path.to_string_lossy().replace('\\', "/");
        }
        let up = std::iter::repeat_n(Component::ParentDir, up);
        let relative: PathBuf = up.chain(path.components().skip(shared)).collect();
        relative.to_string_lossy().replace('\\', "/")
    }

    /// Reads the whole workspace.
    ///
    /// # Errors
    /// There is nothing in it that could be checked.
    pub(super) fn load(&self) -> Result<(Snapshot, index::Reached)> {
        let mut workspace = Workspace::new(Arc::new(Disk), vec![self.root.clone()]);
        let reached = workspace.load();
        for root in workspace.cut_off() {
            note(&format!(
                "{} holds too many files; not all were looked at",
                root.display()
            ));
        }
        let snapshot = workspace.snapshot();
        if snapshot.files().is_empty() {
            bail!(
                "there is nothing to check in {}: no `*.spec.yaml`, no `dbt_project.yml` and no \
                 `*.sql`",
                self.root.display()
            );
        }
        if !snapshot
            .files()
            .iter()
            .any(|file| self.contains(&file.path))
        {
            note("no spec and no SQL is among the paths given");
        }
        Ok((snapshot, reached))
    }
}

/// Tells what is worth knowing and no reason to stop.
pub(super) fn note(text: &str) {
    // Nothing is left to be done where even this can't be written.
    let _ = writeln!(io::stderr(), "note: {text}");
}

/// The folder that the command was started in.
///
/// # Errors
/// It is not there any more.
pub(super) fn current() -> Result<PathBuf> {
    #[allow(
        clippy::disallowed_methods,
        reason = "the environment is read here, in the program"
    )]
    std::env::current_dir().context("the current folder is not there any more")
}

/// `path` as an absolute one without `.` and `..`; links are left as they are.
pub(super) fn existing(current: &Path, path: &Path) -> Result<PathBuf> {
    let joined = current.join(path);
    if !joined.exists() {
        bail!("{} is not there", path.display());
    }
    Ok(without_parents(&joined))
}

/// The nearest folder at or above `folder` with a marker, else `folder` itself.
fn found_root(folder: &Path) -> PathBuf {
    let is_root = |folder: &&Path| MARKERS.iter().any(|marker| folder.join(marker).exists());
    folder
        .ancestors()
        .find(is_root)
        .unwrap_or(folder)
        .to_owned()
}

/// The innermost folder that all `paths` are in; `None` without paths.
fn common_folder(paths: &[PathBuf]) -> Option<PathBuf> {
    let (first, others) = paths.split_first()?;
    let first = if first.is_dir() {
        first
    } else {
        first.parent()?
    };
    first
        .ancestors()
        .find(|folder| others.iter().all(|path| path.starts_with(folder)))
        .map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_from_the_current_folder_when_it_is_near() {
        let from = |current: &str| Selection {
            root: PathBuf::from("/w"),
            paths: Vec::new(),
            current: PathBuf::from(current),
        };
        let file = Path::new("/w/p/models/orders.sql");
        assert_eq!(from("/w/p").path_from_here(file), "models/orders.sql");
        assert_eq!(
            from("/w/p/specs/old").path_from_here(file),
            "../../models/orders.sql"
        );
        assert_eq!(
            from("/elsewhere").path_from_here(file),
            "/w/p/models/orders.sql"
        );
        assert_eq!(
            from("/w/a/b/c/d").path_from_here(file),
            "/w/p/models/orders.sql"
        );
    }

    #[test]
    fn paths_restrict_what_is_selected() {
        let selection = |paths: &[&str]| Selection {
            root: PathBuf::from("/w"),
            paths: paths.iter().map(PathBuf::from).collect(),
            current: PathBuf::from("/w"),
        };
        let file = Path::new("/w/models/orders.sql");
        assert!(selection(&[]).contains(file));
        assert!(selection(&["/w/specs", "/w/models"]).contains(file));
        assert!(selection(&["/w/models/orders.sql"]).contains(file));
        assert!(!selection(&["/w/models/order"]).contains(file));
    }
}
