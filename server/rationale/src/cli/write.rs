//! Writing files: a reader sees the whole old one or the whole new one.

use std::io;
use std::path::Path;

/// Writes a file beside, and puts it in the place of the other in one step.
pub(super) fn beside(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let beside = path.with_file_name(name);
    #[allow(
        clippy::disallowed_methods,
        reason = "the program writes what it was asked to write; all else only reads"
    )]
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        #[allow(
            clippy::disallowed_methods,
            reason = "what could not be put in place is not left behind"
        )]
        let _ = std::fs::remove_file(&beside);
    }
    written
}

/// Makes a folder, and those above it, where there is none.
pub(super) fn folder(path: &Path) -> io::Result<()> {
    #[allow(
        clippy::disallowed_methods,
        reason = "the program writes what it was asked to write; all else only reads"
    )]
    std::fs::create_dir_all(path)
}
