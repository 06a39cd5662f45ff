//! Small git repositories, made by the real program `git`.

use crate::program::Folder;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder in which repositories are made, removed at the end.
pub(crate) struct Repository {
    // Dropped last: everything else lies in it.
    all: Folder,
    /// The working tree.
    pub(crate) top: PathBuf,
}

impl Repository {
    /// One repository with nothing in it, on the branch `main`.
    pub(crate) fn new() -> Repository {
        let all = Folder::with::<&str>(&[]);
        let top = all.0.join("repository");
        std::fs::create_dir(&top).unwrap();
        let repository = Repository { all, top };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// One with a first commit of these files.
    pub(crate) fn with<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Repository {
        let repository = Repository::new();
        for (path, content) in files {
            repository.write(path, content);
        }
        repository.commit("first");
        repository
    }

    /// A folder beside the working tree.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.all.0.join(name)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.top.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.top.join(path)).unwrap();
    }

    /// Commits everything that there is, ignored or not.
    pub(crate) fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all", "--force"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// What `git` prints in the working tree; it must succeed.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        git(&self.top, arguments)
    }
}

/// What `git` prints in `folder`; it must succeed.
pub(crate) fn git(folder: &Path, arguments: &[&str]) -> String {
    let settings = [
        "user.name=Test",
        "user.email=test@example.com",
        "commit.gpgSign=false",
        "core.autocrlf=false",
        "protocol.file.allow=always",
    ];
    let output = Command::new("git")
        .args(settings.iter().flat_map(|setting| ["-c", setting]))
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        // Set where the tests themselves are run by a hook.
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
