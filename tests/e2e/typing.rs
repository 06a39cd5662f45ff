//! What helps while typing, for clients that can much and little.

use crate::client::{Client, Setup, uri};
use index::system::MemorySystem;
use serde_json::{Value, json};

const SPEC: &str = "/w/orders.spec.yaml";
const MODEL: &str = "/w/orders.sql";
const READER: &str = "/w/report.sql";

const SPEC_TEXT: &str = "\
product: shop
tables:
  - name: orders
    columns:
      - {name: amount, type: NUMBER, description: What it costs., why: Because.}
amendments:
  - id: 1
    requirement: r
    guarantees: |
      orders.amount is in
";

async fn start(capabilities: Value) -> Client {
    let system = MemorySystem::new([
        ("/w/rationale.toml", ""),
        (SPEC, SPEC_TEXT),
        (MODEL, "select 1 as amount"),
        (READER, "select '💰', am from orders"),
    ]);
    let client = Setup::new(system).capabilities(capabilities).start().await;
    client
        .diagnostics(SPEC, |params| params["diagnostics"][0].is_object())
        .await;
    client
}

async fn ask(client: &mut Client, method: &str, path: &str, line: u32, character: u32) -> Value {
    let position = json!({ "line": line, "character": character });
    let params = json!({ "textDocument": { "uri": uri(path) }, "position": position });
    client.request(method, params).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn columns_are_completed_and_tell_their_why_when_they_are_shown() {
    let item = json!({
        "snippetSupport": true,
        "documentationFormat": ["markdown"],
        "resolveSupport": { "properties": ["documentation"] },
    });
    let mut client =
        start(json!({ "textDocument": { "completion": { "completionItem": item } } })).await;
    let provider = &client.server["capabilities"]["completionProvider"];
    assert_eq!(provider["resolveProvider"], true);
    let found = ask(&mut client, "textDocument/completion", READER, 0, 15).await;
    assert_eq!(found["isIncomplete"], false);
    let amount = &found["items"][0];
    assert_eq!(
        (&amount["label"], &amount["detail"]),
        (&json!("amount"), &json!("NUMBER"))
    );
    assert_eq!(amount.get("documentation"), None);
    // The sign before it counts twice in UTF-16.
    let range = &amount["textEdit"]["range"];
    assert_eq!(range["start"]["character"], 13);
    let told = client
        .request("completionItem/resolve", amount.clone())
        .await
        .unwrap();
    assert_eq!(
        told["documentation"],
        json!({ "kind": "markdown", "value": "What it costs.\n\n**Why:** Because." })
    );
    // The forms of sentences have places to fill in.
    let found = ask(&mut client, "textDocument/completion", SPEC, 9, 20).await;
    let items = found["items"].as_array().unwrap();
    let unit = items
        .iter()
        .find(|item| item["label"] == "is in UNIT")
        .unwrap();
    assert_eq!(unit["insertTextFormat"], 2);
    assert_eq!(unit["textEdit"]["newText"], "is in ${1:UNIT}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_can_little_is_told_all_at_once() {
    let mut client = start(json!({ "textDocument": { "completion": {} } })).await;
    let found = ask(&mut client, "textDocument/completion", READER, 0, 15).await;
    let amount = &found["items"][0];
    assert_eq!(amount["documentation"], "What it costs.\n\nWhy: Because.");
    assert_eq!(amount.get("data"), None);
    let found = ask(&mut client, "textDocument/completion", SPEC, 9, 20).await;
    let items = found["items"].as_array().unwrap();
    assert!(
        items
            .iter()
            .all(|item| item.get("insertTextFormat").is_none())
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_form_of_a_sentence_is_shown_while_it_is_typed() {
    for (offsets, label) in [(true, json!([13, 17])), (false, json!("UNIT"))] {
        let parameter = json!({ "labelOffsetSupport": offsets });
        let information = json!({ "parameterInformation": parameter });
        let mut client = start(
            json!({ "textDocument": { "signatureHelp": { "signatureInformation": information } } }),
        )
        .await;
        client
            .open(SPEC, 1, &format!("{} \n", SPEC_TEXT.trim_end()))
            .await;
        let help = ask(&mut client, "textDocument/signatureHelp", SPEC, 9, 26).await;
        let signature = &help["signatures"][0];
        assert_eq!(signature["label"], "COLUMN is in UNIT");
        assert_eq!(help["activeParameter"], 2);
        assert_eq!(signature["parameters"][2]["label"], label);
        let none = ask(&mut client, "textDocument/signatureHelp", SPEC, 0, 9).await;
        assert_eq!(none, Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_spec_is_laid_out_by_edits_of_what_differs() {
    let mut client = start(json!({ "textDocument": { "formatting": {} } })).await;
    assert_eq!(
        client.server["capabilities"]["documentFormattingProvider"],
        true
    );
    client
        .open(SPEC, 1, "product: '💰'  \r\ntables:\r\n- name: a\r\n")
        .await;
    let params = json!({ "textDocument": { "uri": uri(SPEC) }, "options": { "tabSize": 8, "insertSpaces": true } });
    let edits = client
        .request("textDocument/formatting", params.clone())
        .await
        .unwrap();
    client.change(SPEC, 2, later_first(&edits)).await;
    let (text, _) = client.text(SPEC).await;
    assert_eq!(text, "product: '💰'\r\n\r\ntables:\r\n  - name: a\r\n");
    let edits = client.request("textDocument/formatting", params).await;
    assert_eq!(edits.unwrap(), json!([]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_can_be_told_so_has_only_specs_laid_out() {
    let formatting = json!({ "dynamicRegistration": true });
    let client = start(json!({ "textDocument": { "formatting": formatting } })).await;
    let capabilities = &client.server["capabilities"];
    assert_eq!(capabilities.get("documentFormattingProvider"), None);
    let registered = client.message("client/registerCapability").await;
    let registration = &registered["registrations"][0];
    assert_eq!(registration["method"], "textDocument/formatting");
    let selector = &registration["registerOptions"]["documentSelector"];
    assert_eq!(selector[0]["pattern"], "**/*.spec.{yaml,yml}");
}

/// Edits of one text as changes one after the other: each must not move the next.
fn later_first(edits: &Value) -> Value {
    let edits = edits.as_array().unwrap().iter().rev();
    let changes = edits.map(|edit| json!({ "range": edit["range"], "text": edit["newText"] }));
    changes.collect()
}
