//! Clients that never answer what the server asks of them, and requests that are called off.

use crate::client::{Setup, uri};
use crate::shop::{MODEL, MODEL_TEXT, SPEC, shop};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_the_client_never_answers_block_nothing() {
    let mut setup = Setup::new(shop()).capabilities(json!({
        "window": { "workDoneProgress": true, "showDocument": { "support": true } },
        "workspace": {
            "configuration": true,
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "didChangeConfiguration": { "dynamicRegistration": true },
        },
    }));
    setup.never_answers = true;
    let mut client = setup.start().await;
    for _ in 0..8 {
        let place = json!({ "uri": uri(SPEC), "selection": { "start": { "line": 0, "character": 0 }, "end": { "line": 0, "character": 0 } } });
        let params = json!({ "command": "rationale.placeCursor", "arguments": [place] });
        client
            .request("workspace/executeCommand", params)
            .await
            .unwrap();
    }
    client
        .wait("all requests of the server", |all| {
            let asked = |method: &str| {
                all.iter()
                    .filter(|message| message["method"] == method)
                    .count()
            };
            let is_all = asked("window/showDocument") == 8
                && asked("workspace/configuration") == 1
                && asked("client/registerCapability") == 1
                && asked("window/workDoneProgress/create") == 1;
            is_all.then_some(())
        })
        .await;
    client.open(MODEL, 1, MODEL_TEXT).await;
    client.codes(SPEC, &["missing-why"]).await;
    assert!(client.is_alive().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_is_called_off_ends_and_the_next_one_is_answered() {
    let mut client = Setup::new(shop()).capabilities(pulling()).start().await;
    let first = client
        .request("workspace/diagnostic", json!({ "previousResultIds": [] }))
        .await
        .unwrap();
    let known: Vec<_> = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| json!({ "uri": item["uri"], "value": item["resultId"] }))
        .collect();
    // Nothing is new, so this one waits.
    let waiting = client
        .ask(
            "workspace/diagnostic",
            json!({ "previousResultIds": known }),
        )
        .await;
    assert!(client.is_alive().await);
    client
        .notify("$/cancelRequest", json!({ "id": waiting }))
        .await;
    let error = client.answer(waiting).await.unwrap_err();
    assert_eq!(error["code"], -32800);
    assert!(client.is_alive().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_of_a_crowd_that_is_called_off_ends_one_way_or_the_other() {
    let mut client = Setup::new(shop()).start().await;
    client.open(MODEL, 1, MODEL_TEXT).await;
    let mut asked = Vec::new();
    for version in 2..200 {
        client.replace(MODEL, version, MODEL_TEXT).await;
        let params = json!({ "textDocument": { "uri": uri(MODEL) }, "position": { "line": 2, "character": 14 } });
        let id = client.ask("textDocument/hover", params).await;
        client.notify("$/cancelRequest", json!({ "id": id })).await;
        asked.push(id);
    }
    for id in asked {
        if let Err(error) = client.answer(id).await {
            assert_eq!(error["code"], -32800);
        }
    }
    assert!(client.is_alive().await);
}

/// A client that asks for diagnostics.
pub(crate) fn pulling() -> serde_json::Value {
    json!({ "textDocument": { "diagnostic": {} }, "workspace": { "diagnostics": { "refreshSupport": true } } })
}
