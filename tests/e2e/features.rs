//! What people see: hover, definition and quick fixes, for clients that can much and little.

use crate::client::{Client, Setup, uri};
use crate::shop::{AMOUNT_LINE, MODEL, MODEL_TEXT, SPEC, SPEC_TEXT, shop};
use index::system::MemorySystem;
use serde_json::{Value, json};

fn at(path: &str, line: u64, character: u64) -> Value {
    json!({ "textDocument": { "uri": uri(path) }, "position": { "line": line, "character": character } })
}

async fn ready(client: &Client) {
    client.codes(SPEC, &["missing-why"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hover_is_markdown_where_the_client_renders_it() {
    for (formats, kind) in [
        (json!(["markdown", "plaintext"]), "markdown"),
        (json!(["plaintext"]), "plaintext"),
        (json!(null), "plaintext"),
    ] {
        let capabilities = json!({ "textDocument": { "hover": { "contentFormat": formats } } });
        let mut client = Setup::new(shop()).capabilities(capabilities).start().await;
        ready(&client).await;
        for (path, line, character) in [(MODEL, 2, 14), (SPEC, 6, 15)] {
            let hover = client
                .request("textDocument/hover", at(path, line, character))
                .await
                .unwrap();
            assert_eq!(hover["contents"]["kind"], kind);
            let shown = hover["contents"]["value"].as_str().unwrap();
            assert!(
                shown.contains("Joins orders to the rest of the data"),
                "{path}: {shown}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn definition_leads_from_sql_to_the_spec_and_back() {
    let mut client = Setup::new(shop()).start().await;
    ready(&client).await;
    let from_sql = client
        .request("textDocument/definition", at(MODEL, 3, 33))
        .await
        .unwrap();
    assert_eq!(from_sql[0]["uri"], uri(SPEC));
    assert_eq!(from_sql[0]["range"]["start"]["line"], AMOUNT_LINE);
    let from_spec = client
        .request("textDocument/definition", at(SPEC, AMOUNT_LINE, 16))
        .await
        .unwrap();
    assert_eq!(from_spec[0]["uri"], uri(MODEL));
    assert_eq!(from_spec[0]["range"]["start"]["line"], 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn definition_says_what_it_is_of_where_the_client_understands() {
    let capabilities = json!({ "textDocument": { "definition": { "linkSupport": true } } });
    let mut client = Setup::new(shop()).capabilities(capabilities).start().await;
    ready(&client).await;
    let links = client
        .request("textDocument/definition", at(MODEL, 3, 33))
        .await
        .unwrap();
    assert_eq!(links[0]["targetUri"], uri(SPEC));
    assert_eq!(links[0]["originSelectionRange"]["start"]["line"], 3);
}

fn fixing() -> Value {
    json!({
        "textDocument": { "codeAction": { "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } } } },
        "workspace": { "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] }, "applyEdit": true },
        "window": { "showDocument": { "support": true } },
    })
}

async fn actions(client: &mut Client, path: &str, line: u64, only: Value) -> Vec<Value> {
    let range = json!({ "start": { "line": line, "character": 14 }, "end": { "line": line, "character": 14 } });
    let context = json!({ "diagnostics": [], "only": only });
    let params =
        json!({ "textDocument": { "uri": uri(path) }, "range": range, "context": context });
    client
        .request("textDocument/codeAction", params)
        .await
        .unwrap()
        .as_array()
        .unwrap()
        .clone()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quick_fix_needs_nothing_but_the_range_and_settles_its_finding() {
    let mut client = Setup::new(shop()).capabilities(fixing()).start().await;
    client.open(SPEC, 3, SPEC_TEXT).await;
    client
        .diagnostics(SPEC, |params| {
            params["version"] == 3 && crate::client::codes(params) == ["missing-why"]
        })
        .await;
    let offered = actions(&mut client, SPEC, AMOUNT_LINE, json!(["quickfix"])).await;
    let fix = offered
        .iter()
        .find(|action| action["diagnostics"][0]["code"] == "missing-why")
        .unwrap();
    assert_eq!(fix["kind"], "quickfix");
    let change = &fix["edit"]["documentChanges"][0];
    assert_eq!(
        change["textDocument"],
        json!({ "uri": uri(SPEC), "version": 3 })
    );
    client.change(SPEC, 4, changes_of(&change["edits"])).await;
    client
        .diagnostics(SPEC, |params| params["version"] == 4)
        .await;
    let (text, _) = client.text(SPEC).await;
    assert!(text.contains("        why: "), "{text}");
    // Afterwards the cursor is put where the person goes on typing.
    let command = &fix["command"];
    assert_eq!(command["command"], "rationale.placeCursor");
    client
        .request(
            "workspace/executeCommand",
            json!({ "command": command["command"], "arguments": command["arguments"] }),
        )
        .await
        .unwrap();
    let shown = client.message("window/showDocument").await;
    assert_eq!(shown["uri"], uri(SPEC));
    let line = shown["selection"]["start"]["line"].as_u64().unwrap() as usize;
    assert!(text.lines().nth(line).unwrap().contains("why:"), "{shown}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kinds_that_are_not_wanted_are_not_offered() {
    let mut client = Setup::new(shop()).capabilities(fixing()).start().await;
    ready(&client).await;
    assert!(
        actions(
            &mut client,
            SPEC,
            AMOUNT_LINE,
            json!(["source.organizeImports"])
        )
        .await
        .is_empty()
    );
    assert!(
        !actions(&mut client, SPEC, AMOUNT_LINE, json!(null))
            .await
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_without_versions_is_made_for_a_client_that_knows_none() {
    let mut capabilities = fixing();
    capabilities["workspace"] = json!({});
    let mut client = Setup::new(shop()).capabilities(capabilities).start().await;
    client
        .open(
            MODEL,
            1,
            &MODEL_TEXT.replace("as amount", "as amount,\n    o.tax as tax"),
        )
        .await;
    client.codes(MODEL, &["undocumented-column"]).await;
    let offered = actions(&mut client, MODEL, 4, json!(["quickfix"])).await;
    let fix = offered
        .iter()
        .find(|action| action["edit"]["changes"][uri(SPEC)].is_array());
    let fix = fix.unwrap_or_else(|| panic!("no fix adds to the spec: {offered:#?}"));
    assert!(fix["edit"].get("documentChanges").is_none());
    client.open(SPEC, 1, SPEC_TEXT).await;
    client
        .change(SPEC, 2, changes_of(&fix["edit"]["changes"][uri(SPEC)]))
        .await;
    client.codes(MODEL, &[]).await;
}

/// Edits as a client applies them: from the last to the first, for each is of the text before all.
fn changes_of(edits: &Value) -> Value {
    let mut edits = edits.as_array().unwrap().clone();
    let start = |edit: &Value| {
        let start = &edit["range"]["start"];
        (start["line"].as_u64(), start["character"].as_u64())
    };
    edits.sort_by_key(start);
    edits.reverse();
    edits
        .iter()
        .map(|edit| json!({ "range": edit["range"], "text": edit["newText"] }))
        .collect()
}

/// A table that reads the one of the shop.
const REPORT: &str = "/w/report.sql";
const REPORT_TEXT: &str = "\
create table report as
with base as (select '💰' as x, amount from orders)
select max(base.amount) as most from base;
";

fn shop_with_report() -> index::system::MemorySystem {
    index::system::MemorySystem::new([
        ("/w/rationale.toml", ""),
        (SPEC, SPEC_TEXT),
        (MODEL, MODEL_TEXT),
        (REPORT, REPORT_TEXT),
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn highlights_tell_where_a_column_gets_its_name() {
    let mut client = Setup::new(shop_with_report()).start().await;
    ready(&client).await;
    let found = client
        .request("textDocument/documentHighlight", at(REPORT, 2, 18))
        .await
        .unwrap();
    let place = |line: u64, from: u64, kind: u64| {
        json!({
            "range": {
                "start": { "line": line, "character": from },
                "end": { "line": line, "character": from + 6 },
            },
            "kind": kind,
        })
    };
    // Columns are counted in UTF-16, in which the emoji takes two. A write is 3, a read is 2.
    assert_eq!(found, json!([place(1, 32, 3), place(2, 16, 2)]));
    let nothing = client
        .request("textDocument/documentHighlight", at(REPORT, 0, 2))
        .await
        .unwrap();
    assert_eq!(nothing, Value::Null);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn references_are_found_in_all_files() {
    let mut client = Setup::new(shop_with_report()).start().await;
    ready(&client).await;
    for (include, expected) in [
        (
            true,
            vec![(SPEC, AMOUNT_LINE), (MODEL, 3), (REPORT, 1), (REPORT, 2)],
        ),
        (false, vec![(REPORT, 1), (REPORT, 2)]),
    ] {
        for (path, line, character) in [(MODEL, 3, 33), (SPEC, AMOUNT_LINE, 16), (REPORT, 2, 18)] {
            let mut params = at(path, line, character);
            params["context"] = json!({ "includeDeclaration": include });
            let found = client
                .request("textDocument/references", params)
                .await
                .unwrap();
            let found: Vec<(String, u64)> = found
                .as_array()
                .unwrap()
                .iter()
                .map(|found| {
                    let line = found["range"]["start"]["line"].as_u64().unwrap();
                    (found["uri"].as_str().unwrap().to_owned(), line)
                })
                .collect();
            let expected: Vec<(String, u64)> = expected
                .iter()
                .map(|(path, line)| (uri(path).to_string(), *line))
                .collect();
            assert_eq!(found, expected, "from {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_call_hierarchy_is_lineage_and_survives_edits() {
    let mut client = Setup::new(shop_with_report()).start().await;
    ready(&client).await;
    let items = client
        .request("textDocument/prepareCallHierarchy", at(REPORT, 2, 28))
        .await
        .unwrap();
    assert_eq!(items[0]["name"], "most");
    assert_eq!(items[0]["detail"], "report");
    // What an item is does not depend on where it was.
    client.open(MODEL, 1, &format!("\n\n{MODEL_TEXT}")).await;
    let incoming = client
        .request("callHierarchy/incomingCalls", json!({ "item": items[0] }))
        .await
        .unwrap();
    let amount = &incoming[0]["from"];
    assert_eq!(incoming.as_array().unwrap().len(), 1);
    assert_eq!(amount["name"], "amount");
    assert_eq!(amount["uri"], uri(MODEL));
    assert_eq!(amount["selectionRange"]["start"]["line"], 5);
    assert_eq!(incoming[0]["fromRanges"][0], amount["selectionRange"]);
    let further = client
        .request("callHierarchy/incomingCalls", json!({ "item": amount }))
        .await
        .unwrap();
    let names: Vec<&str> = further
        .as_array()
        .unwrap()
        .iter()
        .map(|call| call["from"]["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["quantity", "unit_price"]);
    // From a table that nothing defines, and back down.
    let outgoing = client
        .request(
            "callHierarchy/outgoingCalls",
            json!({ "item": further[0]["from"] }),
        )
        .await
        .unwrap();
    assert_eq!(outgoing[0]["to"]["name"], "amount");
    assert_eq!(outgoing[0]["to"]["data"], amount["data"]);
    // What no server said is answered with nothing.
    let mut foreign = items[0].clone();
    foreign["data"] = json!({ "table": 1 });
    let nothing = client
        .request("callHierarchy/incomingCalls", json!({ "item": foreign }))
        .await
        .unwrap();
    assert_eq!(nothing, Value::Null);
}

const SENTENCES: &str = "product: other
tables:
  - name: purchases
    columns:
      - name: order_amount
        why: It is on the invoice.
amendments:
  - id: 1
    requirement: r
    change: c
    guarantees: |
      purchases.order_amount is never null
      purchases.
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sentences_are_completed_and_coloured_where_the_client_can() {
    let capabilities = json!({ "textDocument": { "completion": {}, "semanticTokens": {} } });
    let path = "/w/sentences.spec.yaml";
    let files = MemorySystem::new([
        ("/w/rationale.toml", ""),
        (SPEC, SPEC_TEXT),
        (MODEL, MODEL_TEXT),
        (path, SENTENCES),
    ]);
    let mut client = Setup::new(files).capabilities(capabilities).start().await;
    ready(&client).await;
    let found = client
        .request("textDocument/completion", at(path, 12, 16))
        .await
        .unwrap();
    assert_eq!(found["items"][0]["label"], "order_amount");
    assert_eq!(
        found["items"][0]["textEdit"]["range"]["start"]["character"],
        16
    );
    let tokens = client
        .request(
            "textDocument/semanticTokens/full",
            json!({ "textDocument": { "uri": uri(path) } }),
        )
        .await
        .unwrap();
    // purchases, order_amount, is, never, null: each from the start of the one before.
    let first = json!([11, 6, 9, 1, 0, 0, 10, 12, 2, 0, 0, 13, 2, 0, 0]);
    let data = tokens["data"].as_array().unwrap();
    assert_eq!(data[..15], first.as_array().unwrap()[..]);
}
