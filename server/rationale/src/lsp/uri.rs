//! Addresses of documents and paths of files.

use std::path::{Path, PathBuf};
use tower_lsp::ls_types::Uri;

/// The path of a `file:` address; `None` for any other, such as an unsaved buffer or one side of a
/// comparison, which is no file of the workspace.
pub(super) fn path(uri: &Uri) -> Option<PathBuf> {
    if !uri.scheme().as_str().eq_ignore_ascii_case("file") {
        return None;
    }
    let path = uri.to_file_path()?.into_owned();
    path.is_absolute().then_some(path)
}

/// The address of a file, by its absolute path.
pub(super) fn of_path(path: &Path) -> Option<Uri> {
    path.is_absolute()
        .then(|| Uri::from_file_path(path))
        .flatten()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_its_address_lead_to_each_other() {
        for written in ["/a/b.sql", "/with space/é😀.yml", "/per%cent/#?.sql"] {
            let uri = of_path(Path::new(written)).unwrap();
            assert_eq!(path(&uri).unwrap(), Path::new(written));
        }
    }

    #[test]
    fn an_address_that_is_no_file_has_no_path() {
        for written in [
            "untitled:Untitled-1",
            "git:/a/b.sql?ref",
            "vscode-notebook-cell:/a#b",
        ] {
            assert_eq!(path(&written.parse().unwrap()), None);
        }
    }
}
