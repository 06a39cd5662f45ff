//! Specs drafted for a folder of models: shown as it goes on, and done in one edit.

use crate::client::{Client, Setup, uri};
use index::system::MemorySystem;
use serde_json::{Value, json};

async fn editor() -> Client {
    let system = MemorySystem::new([
        ("/w/dbt_project.yml", "name: shop\n"),
        (
            "/w/models/marts/orders.sql",
            "select id as order_id from raw.orders",
        ),
        (
            "/w/models/marts/lines.sql",
            "select order_id, cast(1 as integer) as n from {{ ref('orders') }}",
        ),
        ("/w/models/staging/raw.sql", "select 1 as one"),
    ]);
    let capabilities = json!({
        "window": { "showDocument": { "support": true } },
        "workspace": {
            "applyEdit": true,
            "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
        },
    });
    Setup::new(system)
        .capabilities(capabilities)
        .answer("workspace/applyEdit", json!({ "applied": true }))
        .start()
        .await
}

/// Asks again while the workspace is still being read.
async fn describe(client: &mut Client, arguments: Value) -> Result<Value, Value> {
    loop {
        let answer = ask(client, &arguments).await;
        let is_early = |error: &Value| error["message"].as_str().unwrap().contains("being read");
        if !answer.as_ref().is_err_and(is_early) {
            return answer;
        }
    }
}

async fn ask(client: &mut Client, arguments: &Value) -> Result<Value, Value> {
    let params = json!({
        "command": "rationale.describe",
        "arguments": [arguments],
        "workDoneToken": "drafts",
    });
    client.request("workspace/executeCommand", params).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_of_models_is_described_and_progress_told() {
    let mut client = editor().await;
    let commands = &client.server["capabilities"]["executeCommandProvider"]["commands"];
    assert!(
        commands
            .as_array()
            .unwrap()
            .contains(&json!("rationale.describe"))
    );
    describe(&mut client, json!({ "uri": uri("/w/models/marts") }))
        .await
        .unwrap();
    let edit = client.message("workspace/applyEdit").await["edit"].clone();
    let changes = edit["documentChanges"].as_array().unwrap();
    assert_eq!(changes.len(), 4, "{edit}");
    assert_eq!(changes[0]["kind"], "create");
    assert_eq!(changes[0]["uri"], uri("/w/specs/marts.spec.yaml"));
    let text = changes[1]["edits"][0]["newText"].as_str().unwrap();
    assert!(
        text.starts_with("product: marts\ntables:\n  - name: lines\n"),
        "{text}"
    );
    assert!(
        text.contains("  - name: orders\n") && !text.contains("one"),
        "{text}"
    );
    // So has the lock, by which a change of meaning is seen from here on.
    assert_eq!(changes[2]["kind"], "create");
    assert_eq!(changes[2]["uri"], uri("/w/specs/marts.spec.lock"));
    let lock = changes[3]["edits"][0]["newText"].as_str().unwrap();
    assert!(
        lock.contains("order_id: { means: orders.order_id }"),
        "{lock}"
    );
    // The person goes on where something is to be written.
    let shown = client.message("window/showDocument").await;
    assert_eq!(shown["uri"], uri("/w/specs/marts.spec.yaml"));
    // What is typed takes the place of the note that says so.
    let (start, end) = (&shown["selection"]["start"], &shown["selection"]["end"]);
    assert_eq!(start["line"], end["line"]);
    let line = text.lines().nth(start["line"].as_u64().unwrap() as usize);
    let at = |place: &Value| place["character"].as_u64().unwrap() as usize;
    let note = line.unwrap().get(at(start)..at(end)).unwrap();
    assert!(note.starts_with("TODO: ") && note.ends_with('?'), "{note}");
    let steps = client
        .wait("the end of the progress", |all| {
            let steps: Vec<Value> = all
                .iter()
                .filter(|message| message["method"] == "$/progress")
                .map(|message| message["params"].clone())
                .filter(|params| params["token"] == "drafts")
                .map(|params| params["value"].clone())
                .collect();
            (steps.last()?["kind"] == "end").then_some(steps)
        })
        .await;
    assert_eq!(steps[0]["kind"], "begin");
    assert_eq!(steps[0]["cancellable"], true);
    assert_eq!(steps[1]["message"], "1 of 2");
    assert_eq!(steps[1]["percentage"], 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_is_left_to_describe_it_is_said() {
    let mut client = editor().await;
    let error = describe(&mut client, json!({ "uri": uri("/w/macros") }))
        .await
        .unwrap_err();
    assert_eq!(
        error["message"],
        "Every model here has a spec already, so there is nothing to draft."
    );
    // To cancel what is not going on does no harm.
    let token = json!({ "token": "drafts" });
    client.notify("window/workDoneProgress/cancel", token).await;
    describe(&mut client, json!({ "product": "all" }))
        .await
        .unwrap();
    let edit = client.message("workspace/applyEdit").await["edit"].clone();
    let created = &edit["documentChanges"][0]["uri"];
    assert_eq!(*created, uri("/w/specs/all.spec.yaml"));
}
