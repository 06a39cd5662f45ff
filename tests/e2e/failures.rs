//! The server fails on a file: the file is set aside and said to be, and everything else goes on.

use crate::client::Setup;
use crate::shop::{MODEL, MODEL_TEXT, SPEC, shop};
use index::System;
use index::system::{Ignored, MemorySystem, Walk};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Files in memory, one of which makes the server panic, on one kind of its threads.
#[derive(Debug)]
struct Failing {
    files: MemorySystem,
    thread: &'static str,
    /// How often it still does.
    failures: Arc<AtomicU32>,
}

const BROKEN: &str = "/w/broken.sql";

impl Failing {
    fn new(thread: &'static str, failures: u32) -> (Failing, Arc<AtomicU32>) {
        let files = shop();
        files.write(BROKEN, "create table broken as select 1 as a;");
        let failures = Arc::new(AtomicU32::new(failures));
        (
            Failing {
                files,
                thread,
                failures: failures.clone(),
            },
            failures,
        )
    }

    fn check(&self, path: &Path) {
        let thread = std::thread::current();
        if path != Path::new(BROKEN)
            || !thread
                .name()
                .is_some_and(|name| name.starts_with(self.thread))
        {
            return;
        }
        let left = self
            .failures
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
                left.checked_sub(1)
            });
        assert!(left.is_err(), "the failure that this test wants");
    }
}

impl System for Failing {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.check(path);
        self.files.read(path)
    }

    fn read_head(&self, path: &Path, limit: usize) -> io::Result<Vec<u8>> {
        self.check(path);
        self.files.read_head(path, limit)
    }

    fn walk(&self, folder: &Path, ignored: Ignored, limit: usize) -> Walk {
        self.files.walk(folder, ignored, limit)
    }

    fn walk_part(&self, root: &Path, path: &Path, ignored: Ignored) -> Walk {
        self.files.walk_part(root, path, ignored)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_of_a_worker_at_the_start_costs_one_file() {
    let (system, failures) = Failing::new("worker", u32::MAX);
    let mut client = Setup::new(system).start().await;
    client.codes(BROKEN, &["analysis-failed"]).await;
    client.codes(SPEC, &["missing-why"]).await;
    assert!(client.is_alive().await);
    failures.store(0, Ordering::SeqCst);
    client.changed_on_disk(BROKEN).await;
    client.codes(BROKEN, &["undocumented-table"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failure_in_the_main_loop_costs_one_file() {
    let (system, failures) = Failing::new("main loop", 0);
    let mut client = Setup::new(system).start().await;
    client.codes(SPEC, &["missing-why"]).await;
    failures.store(1, Ordering::SeqCst);
    client.changed_on_disk(BROKEN).await;
    client.codes(BROKEN, &["analysis-failed"]).await;
    assert!(client.is_alive().await);
    // Everything else is there again, and still followed.
    client
        .open(
            MODEL,
            1,
            &MODEL_TEXT.replace("as amount", "as amount,\n    o.tax as tax"),
        )
        .await;
    client.codes(MODEL, &["undocumented-column"]).await;
    client.codes(SPEC, &["missing-why"]).await;
    client.changed_on_disk(BROKEN).await;
    client.codes(BROKEN, &["undocumented-table"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_that_make_no_sense_do_no_harm() {
    let mut client = Setup::new(shop()).start().await;
    client.notify("textDocument/didChange", serde_json::json!({ "textDocument": { "uri": "file:///never/opened", "version": 1 }, "contentChanges": [{ "text": "" }] })).await;
    client
        .notify(
            "textDocument/didOpen",
            serde_json::json!({ "nonsense": true }),
        )
        .await;
    client.close(MODEL).await;
    client
        .notify("$/setTrace", serde_json::json!({ "value": "off" }))
        .await;
    client.open("/w/../w/orders.sql", 1, "select").await;
    assert!(
        client
            .request("no/suchRequest", serde_json::json!({}))
            .await
            .is_err()
    );
    let unknown = serde_json::json!({ "command": "rationale.noSuchCommand" });
    assert!(
        client
            .request("workspace/executeCommand", unknown)
            .await
            .is_err()
    );
    assert!(client.is_alive().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_whose_capabilities_make_no_sense_is_served() {
    for capabilities in [
        serde_json::Value::Null,
        serde_json::json!({ "textDocument": "all" }),
    ] {
        let client = Setup::new(shop()).capabilities(capabilities).start().await;
        client.codes(SPEC, &["missing-why"]).await;
    }
}
