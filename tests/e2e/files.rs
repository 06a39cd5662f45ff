//! Files that change behind the editor, folders that come and go, and folders that nobody asked to
//! have read.

use crate::client::{Setup, uri};
use crate::shop::{MODEL, MODEL_TEXT, SPEC, SPEC_TEXT, shop};
use index::System;
use index::system::{Ignored, MemorySystem, Walk};
use serde_json::json;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

fn with_why() -> String {
    SPEC_TEXT.replace(
        "for the whole order.",
        "for the whole order.\n        why: Revenue is added up from it.",
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_can_watch_is_asked_to() {
    let capabilities =
        json!({ "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } } });
    let client = Setup::new(shop()).capabilities(capabilities).start().await;
    let asked = client.message("client/registerCapability").await;
    let watchers = asked["registrations"][0]["registerOptions"]["watchers"]
        .as_array()
        .unwrap();
    let patterns: Vec<&str> = watchers
        .iter()
        .map(|watcher| watcher["globPattern"].as_str().unwrap())
        .collect();
    for expected in ["**/*.sql", "**/*.yml", "**/*.yaml", "**/rationale.toml"] {
        assert!(patterns.contains(&expected), "{patterns:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changes_or_goes_on_disk_is_followed() {
    let system = shop();
    let client = Setup::new(system.clone()).start().await;
    client.codes(SPEC, &["missing-why"]).await;
    system.write(SPEC, with_why());
    client.changed_on_disk(SPEC).await;
    client.codes(SPEC, &[]).await;
    system.write(SPEC, SPEC_TEXT);
    client.changed_on_disk(SPEC).await;
    client.codes(SPEC, &["missing-why"]).await;
    system.remove(Path::new(SPEC));
    client.changed_on_disk(SPEC).await;
    client.codes(SPEC, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_deleted_while_it_is_open_counts_until_it_is_closed() {
    let system = shop();
    let mut client = Setup::new(system.clone()).start().await;
    client.open(SPEC, 1, SPEC_TEXT).await;
    client.codes(SPEC, &["missing-why"]).await;
    system.remove(Path::new(SPEC));
    client.changed_on_disk(SPEC).await;
    assert_eq!(client.text(SPEC).await, (SPEC_TEXT.to_owned(), 1));
    client.codes(SPEC, &["missing-why"]).await;
    client.close(SPEC).await;
    client.codes(SPEC, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_save_or_a_focus_finds_what_was_checked_out_without_a_word() {
    let system = shop();
    system.write("/w/.git/HEAD", "ref: refs/heads/main\n");
    let client = Setup::new(system.clone()).start().await;
    client.codes(SPEC, &["missing-why"]).await;
    system.write("/w/.git/HEAD", "ref: refs/heads/other\n");
    system.write(SPEC, with_why());
    client.open(MODEL, 1, MODEL_TEXT).await;
    client.codes(SPEC, &[]).await;
    system.write("/w/.git/HEAD", "ref: refs/heads/main\n");
    system.write(SPEC, SPEC_TEXT);
    client.save(MODEL).await;
    client.codes(SPEC, &["missing-why"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn folders_come_and_go() {
    let system = shop();
    for path in ["/other/rationale.toml", "/w/rationale.toml"] {
        system.write(path, "");
    }
    system.write(
        "/other/orders.spec.yaml",
        SPEC_TEXT.replace("product: shop", "product: other"),
    );
    let client = Setup::new(system).start().await;
    client.codes(SPEC, &["missing-why"]).await;
    let other = json!({ "uri": uri("/other"), "name": "other" });
    client
        .notify(
            "workspace/didChangeWorkspaceFolders",
            json!({ "event": { "added": [other], "removed": [] } }),
        )
        .await;
    client
        .diagnostics("/other/orders.spec.yaml", |params| {
            crate::client::codes(params).contains(&"missing-why")
        })
        .await;
    client
        .notify(
            "workspace/didChangeWorkspaceFolders",
            json!({ "event": { "added": [], "removed": [other] } }),
        )
        .await;
    client.codes("/other/orders.spec.yaml", &[]).await;
    client.codes(SPEC, &["missing-why"]).await;
}

/// Remembers which files are read.
#[derive(Debug)]
struct Watched {
    files: MemorySystem,
    touched: Arc<Mutex<Vec<PathBuf>>>,
}

impl System for Watched {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.touched.lock().unwrap().push(path.to_owned());
        self.files.read(path)
    }

    fn read_head(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        self.files.read_head(path, limit)
    }

    fn walk(&self, folder: &Path, ignored: Ignored, limit: usize) -> Walk {
        self.touched.lock().unwrap().push(folder.to_owned());
        self.files.walk(folder, ignored, limit)
    }

    fn walk_part(&self, root: &Path, path: &Path, ignored: Ignored) -> Walk {
        self.files.walk_part(root, path, ignored)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_nothing_marks_as_a_project_is_not_read() {
    let files = shop();
    files.remove(Path::new("/w/rationale.toml"));
    let touched = Arc::new(Mutex::new(Vec::new()));
    let mut client = Setup::new(Watched {
        files,
        touched: touched.clone(),
    })
    .start()
    .await;
    client.open(SPEC, 1, SPEC_TEXT).await;
    client.codes(SPEC, &["missing-why"]).await;
    assert!(client.is_alive().await);
    let touched = touched.lock().unwrap().clone();
    assert!(
        touched
            .iter()
            .all(|path| path != Path::new("/w") && path != Path::new(MODEL)),
        "{touched:?}"
    );
}
