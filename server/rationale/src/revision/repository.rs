//! The repository around a folder, and what its revisions are called. Only the repository's own
//! configuration is read: neither the environment nor the user decides what a revision holds.

use super::Place;
use anyhow::{Context, Result, anyhow, bail};
use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::open::Options;
use gix::revision::spec::parse::Error as Unresolved;
use gix::sec::trust::Mapping;
use spec::nearest;
use std::path::{Path, PathBuf};

/// A repository, seen from a folder of its working tree.
pub(super) struct Repository {
    pub(super) git: gix::Repository,
    pub(super) place: Place,
}

impl Repository {
    /// The innermost repository that holds `folder`, an absolute path.
    pub(super) fn around(folder: &Path) -> Result<Repository> {
        let real_folder = real(folder)?;
        let options = Mapping {
            full: Options::isolated(),
            reduced: Options::isolated(),
        };
        let found =
            gix::ThreadSafeRepository::discover_opts(&real_folder, Default::default(), options);
        let git = match found {
            Ok(found) => found.to_thread_local(),
            Err(error) if is_absent(&error) => bail!(
                "{} is in no git repository, so it has no history",
                folder.display()
            ),
            Err(error) => {
                return Err(error).with_context(|| {
                    format!("the git repository of {} can't be opened", folder.display())
                });
            }
        };
        let references = git.config_snapshot().string("extensions.refStorage");
        if references.is_some_and(|format| format.as_bytes() != b"files") {
            bail!(
                "the git repository of {} keeps its branches in a format that can't be read: `git \
                 refs migrate --ref-format=files` turns it into the usual one",
                folder.display()
            );
        }
        let Some(top) = git.workdir() else {
            bail!(
                "{} is in a bare git repository: `git worktree add` makes a folder of it that can \
                 be looked at",
                folder.display()
            );
        };
        let top = real(top)?;
        let inside = real_folder
            .strip_prefix(&top)
            .with_context(|| {
                format!(
                    "{} is not in the working tree at {}: give a folder that is",
                    folder.display(),
                    top.display()
                )
            })?
            .to_owned();
        let place = Place {
            top: spelled_top(folder, &inside, &top).unwrap_or(top),
            folder: folder.to_owned(),
            inside,
        };
        Ok(Repository { git, place })
    }

    /// The commit that `revision` names.
    pub(super) fn commit(&self, revision: &str) -> Result<ObjectId> {
        let named = self.git.rev_parse_single(revision.as_bytes().as_bstr());
        let object = named.and_then(|id| id.object()).map_err(|error| {
            match error.downcast_any_ref::<Unresolved>() {
                Some(Unresolved::AmbiguousPrefix { .. }) => anyhow!(
                    "`{revision}` is the beginning of more than one object's name: write more of it"
                ),
                _ => self.no_revision(revision),
            }
        })?;
        let kind = object.kind;
        let commit = object.peel_to_commit().map_err(|_| {
            anyhow!("`{revision}` is no commit but a {kind}: name a branch, a tag or a commit")
        })?;
        Ok(commit.id)
    }

    /// Whether the history of this clone is cut off somewhere.
    pub(super) fn is_shallow(&self) -> bool {
        self.git.is_shallow().unwrap_or(false)
    }

    fn no_revision(&self, revision: &str) -> anyhow::Error {
        if revision == "HEAD" {
            return anyhow!(
                "the git repository at {} has no commit yet, so there is nothing to compare with",
                self.place.top.display()
            );
        }
        let mut message = format!(
            "there is no revision `{revision}` in the git repository at {}",
            self.place.top.display()
        );
        let names = self.names();
        // A branch is often known as that of the remote only.
        let of_remote = format!("/{revision}");
        let meant = names
            .iter()
            .find(|name| name.ends_with(&of_remote))
            .map(String::as_str)
            .or_else(|| nearest(revision, names.iter().map(String::as_str)));
        if let Some(meant) = meant {
            message.push_str(&format!("; did you mean `{meant}`?"));
        } else if let Some((remote, branch)) = self.branch_of_remote(revision) {
            message.push_str(&format!(
                "; if it is a branch of `{remote}`, `git fetch {remote} \
                 {branch}:refs/remotes/{remote}/{branch}` fetches it as `{remote}/{branch}`"
            ));
        } else if self.is_shallow() {
            message.push_str(
                "; this clone is shallow, and `git fetch --unshallow` fetches the rest of its \
                 history",
            );
        } else {
            message.push_str("; `git branch --all` and `git tag` list what there is");
        }
        anyhow!(message)
    }

    /// The names of all branches, then of those of remotes, then of tags, each sorted.
    fn names(&self) -> Vec<String> {
        let Ok(references) = self.git.references() else {
            return Vec::new();
        };
        let kinds = [
            references.local_branches(),
            references.remote_branches(),
            references.tags(),
        ];
        let mut names = Vec::new();
        for kind in kinds.into_iter().flatten() {
            let mut of_kind: Vec<String> = kind
                .filter_map(Result::ok)
                .map(|reference| reference.name().shorten().to_string())
                .collect();
            of_kind.sort_unstable();
            names.extend(of_kind);
        }
        names
    }

    /// `revision` as a branch that a remote may have: the remote, and what it calls the branch.
    fn branch_of_remote(&self, revision: &str) -> Option<(String, String)> {
        let is_name = |character: char| {
            character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '/')
        };
        let is_hash = revision.len() >= 4 && revision.chars().all(|c| c.is_ascii_hexdigit());
        if is_hash || revision.is_empty() || !revision.chars().all(is_name) {
            return None;
        }
        let remotes: Vec<String> = self
            .git
            .remote_names()
            .iter()
            .map(ToString::to_string)
            .collect();
        let named = remotes.iter().find_map(|remote| {
            let branch = revision.strip_prefix(remote.as_str())?.strip_prefix('/')?;
            Some((remote.clone(), branch.to_owned()))
        });
        named.or_else(|| {
            let usual = remotes.iter().find(|remote| *remote == "origin");
            let remote = usual.or(remotes.first())?;
            Some((remote.clone(), revision.to_owned()))
        })
    }
}

fn is_absent(error: &gix::Error) -> bool {
    use gix::discover::upwards::Error;
    matches!(
        error.downcast_any_ref::<Error>(),
        Some(
            Error::NoGitRepository { .. }
                | Error::NoGitRepositoryWithinCeiling { .. }
                | Error::NoGitRepositoryWithinFs { .. }
        )
    )
}

/// `path` without links on the way.
fn real(path: &Path) -> Result<PathBuf> {
    path.canonicalize()
        .with_context(|| format!("{} can't be looked at", path.display()))
}

/// The top of the working tree, spelled as `folder` is; `None` where a link in it leads elsewhere.
fn spelled_top(folder: &Path, inside: &Path, top: &Path) -> Option<PathBuf> {
    if !folder.ends_with(inside) {
        return None;
    }
    let spelled = folder.ancestors().nth(inside.components().count())?;
    (spelled.canonicalize().ok()? == top).then(|| spelled.to_owned())
}
