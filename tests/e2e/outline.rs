//! What a document consists of, and where it leads, as clients ask for it.

use crate::client::{Client, Setup, uri};
use crate::shop::{MODEL, SPEC, shop};
use index::system::MemorySystem;
use serde_json::{Value, json};

async fn ask(client: &mut Client, method: &str, params: Value) -> Value {
    client.request(method, params).await.unwrap()
}

fn document(path: &str) -> Value {
    json!({ "textDocument": { "uri": uri(path) } })
}

async fn ready(capabilities: Value) -> Client {
    let client = Setup::new(shop()).capabilities(capabilities).start().await;
    client.codes(SPEC, &["missing-why"]).await;
    client
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn symbols_are_nested_where_the_client_can_show_that() {
    let nesting = json!({ "textDocument": { "documentSymbol": { "hierarchicalDocumentSymbolSupport": true } } });
    let mut client = ready(nesting).await;
    let nested = ask(&mut client, "textDocument/documentSymbol", document(SPEC)).await;
    assert_eq!(nested[0]["name"], "shop");
    assert_eq!(nested[0]["children"][0]["name"], "orders");
    let columns = &nested[0]["children"][0]["children"];
    assert_eq!(columns[1]["name"], "amount");
    assert_eq!(
        columns[1]["selectionRange"]["start"],
        json!({ "line": 9, "character": 14 })
    );
    let mut client = ready(json!({})).await;
    let flat = ask(&mut client, "textDocument/documentSymbol", document(MODEL)).await;
    assert_eq!(flat[1]["name"], "order_id");
    assert_eq!(flat[1]["containerName"], "orders");
    assert_eq!(flat[1]["location"]["uri"], uri(MODEL));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_workspace_is_searched() {
    let mut client = ready(json!({})).await;
    let found = ask(&mut client, "workspace/symbol", json!({ "query": "amo" })).await;
    assert_eq!(found.as_array().unwrap().len(), 1, "{found}");
    assert_eq!(found[0]["name"], "amount");
    assert_eq!(found[0]["location"]["uri"], uri(SPEC));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn parts_fold_and_selections_grow() {
    let mut client = ready(json!({})).await;
    let folds = ask(&mut client, "textDocument/foldingRange", document(MODEL)).await;
    assert_eq!(folds, json!([{ "startLine": 1, "endLine": 3 }]));
    let positions = json!([{ "line": 3, "character": 8 }, { "line": 0, "character": 0 }]);
    let mut params = document(MODEL);
    params["positions"] = positions;
    let selections = ask(&mut client, "textDocument/selectionRange", params).await;
    assert_eq!(selections.as_array().unwrap().len(), 2);
    assert_eq!(
        selections[0]["range"]["end"],
        json!({ "line": 3, "character": 14 })
    );
    let item = &selections[0]["parent"]["parent"];
    assert_eq!(item["range"]["start"], json!({ "line": 3, "character": 4 }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_column_leads_to_its_amendment_and_its_source() {
    const RAW: &str = "/w/raw.spec.yaml";
    const TEXT: &str = "\
product: raw
links: [https://wiki/raw]
tables:
  - name: raw
    columns: [{name: id, since: first}]
amendments: [{id: first, requirement: r}]
";
    let system = MemorySystem::new([
        ("/w/rationale.toml", ""),
        (RAW, TEXT),
        ("/w/a.sql", "select id as key from raw"),
    ]);
    let mut client = Setup::new(system).start().await;
    client
        .diagnostics(RAW, |params| params["diagnostics"][0].is_object())
        .await;
    let mut at = document("/w/a.sql");
    at["position"] = json!({ "line": 0, "character": 14 });
    let declared = ask(&mut client, "textDocument/declaration", at.clone()).await;
    assert_eq!(declared[0]["uri"], uri(RAW));
    assert_eq!(declared[0]["range"]["start"]["line"], 5);
    let source = ask(&mut client, "textDocument/typeDefinition", at).await;
    assert_eq!(source[0]["uri"], uri(RAW));
    assert_eq!(source[0]["range"]["start"]["line"], 4);
    let links = ask(&mut client, "textDocument/documentLink", document(RAW)).await;
    assert_eq!(links[0]["target"], "https://wiki/raw");
}
