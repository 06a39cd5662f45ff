//! Sessions of real editors, sent once more: whatever brought an answer then brings one now.

use crate::client::{Client, Setup};
use index::system::MemorySystem;
use rationale::lsp::Ended;
use serde_json::Value;
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_neovim() {
    replay(include_str!("../traces/neovim-0.11.4.jsonl")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_vs_code() {
    replay(include_str!("../traces/vscode-1.139.1.jsonl")).await;
}

/// One message of the editor, and what it brought.
struct Sent {
    method: String,
    params: Value,
    is_request: bool,
    brought_something: bool,
}

async fn replay(trace: &str) {
    let session: Vec<Sent> = trace.lines().map(sent).collect();
    let mut client = Setup::new(workspace(&session)).connect();
    for sent in &session {
        match (sent.is_request, sent.method.as_str()) {
            // These wait until something is new, and were called off in the end.
            (true, "workspace/diagnostic") => {
                client.ask(&sent.method, sent.params.clone()).await;
            }
            (true, _) => ask(&mut client, sent).await,
            // The numbers of requests are others now.
            (false, "$/cancelRequest") => {}
            (false, _) => client.notify(&sent.method, sent.params.clone()).await,
        }
    }
    assert_eq!(client.ended().await, Ended::Orderly);
}

/// Asks until the answer brings something, where it did then: the editor had waited until the
/// workspace was read.
async fn ask(client: &mut Client, sent: &Sent) {
    let start = Instant::now();
    loop {
        let answer = client.request(&sent.method, sent.params.clone()).await;
        let brings_something = answer
            .as_ref()
            .is_ok_and(|value| !matches!(value, Value::Null) && value != &Value::Array(Vec::new()));
        if !sent.brought_something || brings_something {
            return;
        }
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "{} brings {answer:?}: {}",
            sent.method,
            sent.params
        );
    }
}

fn sent(line: &str) -> Sent {
    let line: Value = serde_json::from_str(line).unwrap();
    let message = &line["message"];
    Sent {
        method: message["method"].as_str().unwrap().to_owned(),
        params: message["params"].clone(),
        is_request: message.get("id").is_some(),
        brought_something: line["answer"] == "something",
    }
}

/// The files as the editor first opened them.
fn workspace(session: &[Sent]) -> MemorySystem {
    let system =
        MemorySystem::new([("/w/rationale.toml", "[workspace]\ndialect = \"postgres\"\n")]);
    for sent in session
        .iter()
        .rev()
        .filter(|sent| sent.method == "textDocument/didOpen")
    {
        let document = &sent.params["textDocument"];
        let path = document["uri"]
            .as_str()
            .unwrap()
            .strip_prefix("file://")
            .unwrap();
        system.write(path, document["text"].as_str().unwrap());
    }
    system
}
