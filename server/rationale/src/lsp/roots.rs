//! Which folders are indexed. A folder that nothing marks as a project is not: it may be a home
//! directory, and nobody asked to have that read.

use super::uri;
use index::System;
use std::path::{Path, PathBuf};
use tower_lsp::ls_types::{InitializeParams, WorkspaceFolder};

/// What marks a project, and is looked for in the folders above too.
const PROJECT_MARKERS: [&str; 2] = ["rationale.toml", "dbt_project.yml"];

/// What marks the root of a repository: a folder, or in a linked work tree a file.
const REPOSITORY_MARKERS: [&str; 2] = [".git/HEAD", ".git"];

/// The folders that the client says it has open.
pub(super) fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    if let Some(folders) = params
        .workspace_folders
        .as_ref()
        .filter(|folders| !folders.is_empty())
    {
        return paths(folders);
    }
    #[allow(deprecated, reason = "older clients know no workspace folders")]
    let single = (params.root_uri.as_ref(), params.root_path.as_ref());
    let folder = single
        .0
        .and_then(uri::path)
        .or_else(|| single.1.map(PathBuf::from));
    folder
        .filter(|folder| folder.is_absolute())
        .into_iter()
        .collect()
}

/// The paths of workspace folders.
pub(super) fn paths(folders: &[WorkspaceFolder]) -> Vec<PathBuf> {
    folders
        .iter()
        .filter_map(|folder| uri::path(&folder.uri))
        .collect()
}

/// The folders to index for those that are open: sorted, and none inside another.
pub(super) fn roots(system: &dyn System, folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut roots: Vec<PathBuf> = folders
        .iter()
        .filter_map(|folder| root(system, folder))
        .collect();
    roots.sort();
    roots.dedup_by(|inner, outer| inner.starts_with(&*outer));
    roots
}

/// The folder to index for one that is open: itself where something marks it, else the project or
/// the repository that it is a part of. `None` where nothing does.
fn root(system: &dyn System, folder: &Path) -> Option<PathBuf> {
    let is_marked = |folder: &Path, markers: &[&str]| {
        markers
            .iter()
            .any(|marker| system.read_head(&folder.join(marker), 1).is_ok())
    };
    if is_marked(folder, &PROJECT_MARKERS) || is_marked(folder, &REPOSITORY_MARKERS) {
        return Some(folder.to_owned());
    }
    let mut above = folder.ancestors().skip(1);
    if let Some(project) = above.find(|folder| is_marked(folder, &PROJECT_MARKERS)) {
        return Some(project.to_owned());
    }
    // Of a repository only the part that is open.
    let mut above = folder.ancestors().skip(1);
    above
        .any(|folder| is_marked(folder, &REPOSITORY_MARKERS))
        .then(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use index::system::MemorySystem;

    fn roots_of(files: &[&str], folders: &[&str]) -> Vec<String> {
        let system = MemorySystem::new(files.iter().map(|path| (*path, "x")));
        let folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
        roots(&system, &folders)
            .iter()
            .map(|root| root.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_folder_without_a_marker_is_not_indexed() {
        assert_eq!(
            roots_of(&["/home/a/notes.sql"], &["/home/a"]),
            Vec::<String>::new()
        );
        assert_eq!(roots_of(&["/home/a/.git/HEAD"], &["/home/a"]), ["/home/a"]);
        assert_eq!(roots_of(&["/home/a/.git"], &["/home/a"]), ["/home/a"]);
    }

    #[test]
    fn a_part_of_a_project_is_indexed_with_the_whole_project() {
        assert_eq!(
            roots_of(
                &["/a/dbt_project.yml", "/a/.git/HEAD"],
                &["/a/models/marts"]
            ),
            ["/a"]
        );
    }

    #[test]
    fn of_a_repository_only_the_open_part_is_indexed() {
        assert_eq!(roots_of(&["/a/.git/HEAD"], &["/a/b"]), ["/a/b"]);
    }

    #[test]
    fn folders_inside_others_are_indexed_once() {
        let files = [
            "/a/rationale.toml",
            "/a/b/rationale.toml",
            "/a-b/rationale.toml",
        ];
        assert_eq!(
            roots_of(&files, &["/a/b", "/a-b", "/a", "/a"]),
            ["/a", "/a-b"]
        );
    }
}
