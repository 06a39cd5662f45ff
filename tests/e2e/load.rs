//! Much at once, and slow clients.

use crate::client::{Setup, codes, uri};
use crate::shop::{MODEL, MODEL_TEXT, SPEC, shop};
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pipes_that_are_always_full_lose_nothing() {
    let mut setup = Setup::new(shop());
    setup.pipe = 64;
    let mut client = setup.start().await;
    client.open(MODEL, 1, MODEL_TEXT).await;
    let mut asked = Vec::new();
    for version in 2..300 {
        client
            .replace(MODEL, version, &format!("{MODEL_TEXT}-- {version}\n"))
            .await;
        let params = json!({ "textDocument": { "uri": uri(MODEL) }, "position": { "line": 2, "character": 14 } });
        asked.push(client.ask("textDocument/hover", params).await);
    }
    for id in asked {
        client.answer(id).await.unwrap();
    }
    client
        .diagnostics(MODEL, |params| params["version"] == 299)
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_lines_are_edited_like_ten() {
    let columns: String = (0..5000)
        .map(|number| {
            format!(
                "      - name: column_{number}\n        description: The value numbered {number}.\n"
            )
        })
        .collect();
    let spec = format!(
        "product: wide\ntables:\n  - name: wide\n    description: Everything.\n    why: Tests need it.\n    columns:\n{columns}"
    );
    let mut client = Setup::new(shop()).start().await;
    client.open("/w/wide.spec.yaml", 1, &spec).await;
    for version in 2..6 {
        let at = json!({ "line": 9000, "character": 0 });
        client
            .change(
                "/w/wide.spec.yaml",
                version,
                json!([{ "range": { "start": at, "end": at }, "text": "# one more line\n" }]),
            )
            .await;
    }
    let are_all_found = |params: &serde_json::Value| {
        let without_why = codes(params)
            .into_iter()
            .filter(|code| *code == "missing-why")
            .count();
        params["version"] == 5 && without_why == 5000
    };
    client.diagnostics("/w/wide.spec.yaml", are_all_found).await;
    assert!(client.is_alive().await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn indexing_is_reported_to_a_client_that_shows_it() {
    let system = shop();
    for number in 0..300 {
        system.write(
            format!("/w/model_{number}.sql"),
            format!("create table t{number} as select 1 as a;"),
        );
    }
    let client = Setup::new(system)
        .capabilities(json!({ "window": { "workDoneProgress": true } }))
        .start()
        .await;
    client.codes(SPEC, &["missing-why"]).await;
    let token = client.message("window/workDoneProgress/create").await["token"].clone();
    // The client may have been too slow to be told: whatever began ends.
    let progress = client.received("$/progress");
    let kinds: Vec<&str> = progress
        .iter()
        .map(|message| {
            assert_eq!(message["params"]["token"], token);
            message["params"]["value"]["kind"].as_str().unwrap()
        })
        .collect();
    assert_eq!(
        kinds.iter().filter(|kind| **kind == "begin").count(),
        kinds.iter().filter(|kind| **kind == "end").count()
    );
    assert!(
        kinds.is_empty() || (kinds[0] == "begin" && kinds[kinds.len() - 1] == "end"),
        "{kinds:?}"
    );
}
