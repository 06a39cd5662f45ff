//! What the branch was made from is read in the background, from a real repository.

use crate::client::Setup;
use rationale::system::Disk;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder that is removed at the end.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn git(folder: &Path, arguments: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[allow(
    clippy::disallowed_methods,
    reason = "the test makes the repository that the server reads"
)]
async fn rewritten_history_and_drift_without_a_lock_are_told_in_the_editor() {
    let name = format!("rationale-e2e-base-{}", std::process::id());
    let folder = Folder(std::env::temp_dir().canonicalize().unwrap().join(name));
    std::fs::create_dir_all(&folder.0).unwrap();
    let spec = "product: shop\ntables:\n  - name: orders\n    description: One row for each order.\n    \
                why: Invoices start from it.\n    columns:\n      - name: amount\n        description: The \
                value.\n        why: It is printed.\namendments:\n  - id: 1\n    requirement: We want the \
                value.\n    change: Added amount.\n";
    let model = "select quantity * unit_price as amount from raw.orders\n";
    let files = [
        ("rationale.toml", "[workspace]\nbase = \"main\"\n"),
        ("shop.spec.yaml", spec),
        ("orders.sql", model),
    ];
    for (path, text) in files {
        std::fs::write(folder.0.join(path), text).unwrap();
    }
    git(&folder.0, &["init", "-q", "-b", "main"]);
    git(&folder.0, &["add", "."]);
    git(&folder.0, &["commit", "-q", "-m", "one"]);
    git(&folder.0, &["checkout", "-q", "-b", "work"]);
    let edited = spec.replace("We want the value.", "We want the gross value.");
    std::fs::write(folder.0.join("shop.spec.yaml"), edited).unwrap();

    let root = folder.0.to_str().unwrap().to_owned();
    let (spec, orders) = (
        format!("{root}/shop.spec.yaml"),
        format!("{root}/orders.sql"),
    );
    let client = Setup {
        folders: vec![root],
        ..Setup::new(Disk)
    }
    .start()
    .await;
    client.codes(&spec, &["rewritten-history"]).await;
    client
        .open(&orders, 1, &model.replace(" * unit_price", ""))
        .await;
    client.codes(&orders, &["unrecorded-change"]).await;
    client.replace(&orders, 2, model).await;
    client.codes(&orders, &[]).await;
}
