//! What an editor shows is what the command line prints: one finding is one finding, whoever asks.

use crate::client::{Client, Setup, uri};
use index::System;
use rationale::system::Disk;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A finding as both can tell it: the path, the code, the message, and where it starts and ends,
/// lines and columns counted from 0. The examples are ASCII, where all encodings agree.
type Finding = (String, String, String, [i64; 4]);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_editor_shows_what_the_command_line_prints() {
    for example in ["orders", "shop-dbt"] {
        let folder = examples().join(example);
        let printed = printed(&folder);
        assert!(!printed.is_empty(), "{example} shows nothing at all");
        let mut setup = Setup::new(Disk);
        setup.folders = vec![folder.to_string_lossy().into_owned()];
        let client = setup.start().await;
        let shown = client
            .wait("the findings that are printed", |messages| {
                let shown = shown(&folder, messages);
                (shown == printed).then_some(shown)
            })
            .await;
        assert_eq!(shown, printed);
        also_in_open_files(&client, &folder, &printed).await;
    }
}

/// A blank line at the end of each file changes nothing.
async fn also_in_open_files(client: &Client, folder: &Path, printed: &BTreeSet<Finding>) {
    let paths: BTreeSet<&String> = printed.iter().map(|(path, ..)| path).collect();
    for path in &paths {
        let path = folder.join(path);
        let text = String::from_utf8(Disk.read(&path).unwrap()).unwrap();
        let path = path.to_string_lossy();
        client.open(&path, 1, &text).await;
        client.replace(&path, 2, &format!("{text}\n")).await;
    }
    for path in &paths {
        let path = folder.join(path);
        let is_of_the_edit = |params: &Value| params["version"] == 2;
        client
            .diagnostics(&path.to_string_lossy(), is_of_the_edit)
            .await;
    }
    assert_eq!(shown(folder, &client.all()), *printed);
}

/// What `rationale check` prints.
fn printed(folder: &Path) -> BTreeSet<Finding> {
    let output = Command::new(env!("CARGO_BIN_EXE_rationale"))
        .args(["check", "--format", "json", "--root"])
        .arg(folder)
        .arg(folder)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let place = |place: &Value| ["line", "column"].map(|key| place[key].as_i64().unwrap() - 1);
    findings
        .map(|finding| {
            let [start, end] = ["start", "end"].map(|key| place(&finding["range"][key]));
            let text = |key: &str| finding[key].as_str().unwrap().to_owned();
            let range = [start[0], start[1], end[0], end[1]];
            (text("path"), text("code"), text("message"), range)
        })
        .collect()
}

/// The newest diagnostics of each file.
fn shown(folder: &Path, messages: &[Value]) -> BTreeSet<Finding> {
    let mut newest: BTreeMap<&str, &Value> = BTreeMap::new();
    for message in messages {
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            newest.insert(params["uri"].as_str().unwrap(), &params["diagnostics"]);
        }
    }
    let prefix = format!("{}/", uri(&folder.to_string_lossy()));
    let place = |place: &Value| ["line", "character"].map(|key| place[key].as_i64().unwrap());
    let of_file = |(uri, diagnostics): (&str, &Value)| {
        let path = uri.strip_prefix(&prefix).unwrap_or(uri).to_owned();
        let diagnostics = diagnostics.as_array().cloned().unwrap_or_default();
        diagnostics.into_iter().map(move |diagnostic| {
            let [start, end] = ["start", "end"].map(|key| place(&diagnostic["range"][key]));
            let text = |key: &str| diagnostic[key].as_str().unwrap().to_owned();
            let range = [start[0], start[1], end[0], end[1]];
            (path.clone(), text("code"), text("message"), range)
        })
    };
    newest.into_iter().flat_map(of_file).collect()
}

fn examples() -> PathBuf {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    examples.canonicalize().unwrap()
}
