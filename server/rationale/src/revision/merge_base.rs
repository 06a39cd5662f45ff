//! Where a branch was left: the commit that changes are compared with by default.

use super::Revision;
use super::repository::Repository;
use anyhow::{Context, Result, bail};
use std::path::Path;

/// The best common ancestor of what is checked out around `folder`, an absolute path, and of
/// `branch`.
///
/// # Errors
/// No repository holds the folder, it has no such branch, or the ancestor is not to be had: the two
/// have none, or this clone does not reach back so far. The message says what to do.
pub fn merge_base(folder: &Path, branch: &str) -> Result<Revision> {
    merge_base_between(folder, "HEAD", branch)
}

/// The best common ancestor of two revisions of the repository that holds `folder`.
///
/// # Errors
/// As [`merge_base`].
pub fn merge_base_between(folder: &Path, one: &str, other: &str) -> Result<Revision> {
    let repository = Repository::around(folder)?;
    let (first, second) = (repository.commit(one)?, repository.commit(other)?);
    let bases = repository
        .git
        .merge_bases_many(first, &[second])
        .with_context(|| format!("the history of `{one}` and `{other}` can't be read"))?;
    match bases.first() {
        Some(base) => Ok(Revision {
            name: format!("merge base of {one} and {other}"),
            commit: base.to_string(),
        }),
        None if repository.is_shallow() => bail!(
            "where `{one}` and `{other}` parted is not known: this clone is shallow. `git fetch \
             --unshallow` fetches the rest of its history"
        ),
        None => bail!(
            "`{one}` and `{other}` have no commit in common: name the revision to compare with \
             instead"
        ),
    }
}

/// The branch that `origin` calls its default, as the clone around `folder` knows it: `origin/main`.
///
/// # Errors
/// No repository holds the folder, or the clone knows of no such branch. The message says what to do.
pub fn default_branch(folder: &Path) -> Result<String> {
    let repository = Repository::around(folder)?;
    if let Ok(head) = repository.git.find_reference("refs/remotes/origin/HEAD")
        && let Some(Ok(target)) = head.follow()
    {
        return Ok(target.name().shorten().to_string());
    }
    // A clone of a single branch lacks that reference.
    for usual in ["origin/main", "origin/master"] {
        if repository.commit(usual).is_ok() {
            return Ok(usual.to_owned());
        }
    }
    bail!(
        "which branch is the default one of `origin` is not known: name it, as in `--base main`, or \
         run `git remote set-head origin --auto`"
    )
}
