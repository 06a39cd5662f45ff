//! Renames over the protocol: prepare, edit, refuse; files that are renamed in the editor, and what it
//! tells of files.

use crate::client::{Client, Setup, uri};
use crate::shop::{MODEL, MODEL_TEXT, SPEC, SPEC_TEXT, shop};
use index::system::MemorySystem;
use serde_json::{Value, json};
use std::path::Path;

fn able() -> Value {
    json!({
        "textDocument": { "rename": { "prepareSupport": true } },
        "workspace": {
            "workspaceEdit": {
                "documentChanges": true,
                "resourceOperations": ["create", "rename", "delete"],
                "changeAnnotationSupport": {}
            },
            "fileOperations": { "willRename": true, "didRename": true, "didCreate": true, "didDelete": true }
        }
    })
}

fn at(path: &str, line: u64, character: u64) -> Value {
    json!({ "textDocument": { "uri": uri(path) }, "position": { "line": line, "character": character } })
}

fn to(path: &str, line: u64, character: u64, name: &str) -> Value {
    let mut asked = at(path, line, character);
    asked["newName"] = json!(name);
    asked
}

async fn started(system: &MemorySystem) -> Client {
    let client = Setup::new(system.clone())
        .capabilities(able())
        .start()
        .await;
    client.codes(SPEC, &["missing-why"]).await;
    client
}

/// The text of a file after the edits of an answer.
fn edited(edit: &Value, path: &str, text: &str) -> String {
    let changes = edit["documentChanges"].as_array().unwrap();
    let own = changes
        .iter()
        .find(|change| change["textDocument"]["uri"] == uri(path));
    let lines = syntax::LineIndex::new(text);
    let offset = |position: &Value| {
        let number = |key: &str| u32::try_from(position[key].as_u64().unwrap()).unwrap();
        let position = syntax::text::Position {
            line: number("line"),
            column: number("character"),
        };
        lines.offset(text, position, syntax::Encoding::Utf16)
    };
    let edits = own.unwrap()["edits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let range = syntax::TextRange::new(offset(&range["start"]), offset(&range["end"]));
            syntax::TextEdit::replace(range, edit["newText"].as_str().unwrap())
        });
    syntax::edit::apply(text, &edits.collect::<Vec<_>>()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_column_is_renamed_in_one_edit_with_versions_and_annotations() {
    let mut client = started(&shop()).await;
    client.open(MODEL, 7, MODEL_TEXT).await;
    let prepared = client
        .request("textDocument/prepareRename", at(MODEL, 3, 36))
        .await
        .unwrap();
    assert_eq!(prepared["placeholder"], "amount");
    let edit = client
        .request("textDocument/rename", to(MODEL, 3, 36, "total"))
        .await
        .unwrap();
    assert_eq!(
        edited(&edit, MODEL, MODEL_TEXT),
        MODEL_TEXT.replace("as amount", "as total")
    );
    let spec = edited(&edit, SPEC, SPEC_TEXT);
    assert!(spec.contains("- name: total\n"), "{spec}");
    assert!(
        spec.contains("orders.total is renamed from amount"),
        "{spec}"
    );
    let changes = edit["documentChanges"].as_array().unwrap();
    let version = |path: &str| {
        let own = changes
            .iter()
            .find(|change| change["textDocument"]["uri"] == uri(path));
        own.unwrap()["textDocument"]["version"].clone()
    };
    assert_eq!((version(MODEL), version(SPEC)), (json!(7), json!(null)));
    let annotations = edit["changeAnnotations"].as_object().unwrap();
    assert!(
        annotations.contains_key("rationale/amendment"),
        "{annotations:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_column_that_is_renamed_back_leaves_the_text_that_there_was() {
    let of = |column: &str| {
        format!("create table orders as\nselect id as order_id, {column}\nfrom raw_orders;\n")
    };
    let at_end = |text: &str| text.lines().nth(1).unwrap().len() as u64 - 1;
    let mut client = started(&shop()).await;
    client.open(MODEL, 1, MODEL_TEXT).await;
    client.open(SPEC, 1, SPEC_TEXT).await;
    let mut version = 1;
    for column in ["amount", "amount as amount", "amount AS amount"] {
        version += 2;
        client.replace(MODEL, version - 1, &of(column)).await;
        client.replace(SPEC, version - 1, SPEC_TEXT).await;
        let there = to(MODEL, 1, at_end(&of(column)), "total");
        let edit = client.request("textDocument/rename", there).await.unwrap();
        let text = edited(&edit, MODEL, &of(column));
        assert!(text.contains(" total\nfrom"), "{text}");
        client.replace(MODEL, version, &text).await;
        let spec = edited(&edit, SPEC, SPEC_TEXT);
        client.replace(SPEC, version, &spec).await;
        let back = to(MODEL, 1, at_end(&text), "amount");
        let edit = client.request("textDocument/rename", back).await.unwrap();
        assert_eq!(edited(&edit, MODEL, &text), of(column));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_renamed_is_an_error_that_says_why() {
    let mut client = started(&shop()).await;
    let nothing = client
        .request("textDocument/prepareRename", at(MODEL, 1, 2))
        .await
        .unwrap_err();
    assert_eq!(nothing["code"], -32803);
    assert_eq!(
        nothing["message"],
        "There is no table, column or alias here."
    );
    let taken = client
        .request("textDocument/rename", to(MODEL, 3, 36, "order_id"))
        .await
        .unwrap_err();
    assert_eq!(
        taken["message"],
        "`orders` has a column `order_id` already."
    );
}

fn project() -> MemorySystem {
    MemorySystem::new([
        ("/w/dbt_project.yml", "name: shop\n"),
        (SPEC, SPEC_TEXT),
        (
            "/w/models/orders.sql",
            "select 1 as order_id, 2 as amount\n",
        ),
        (
            "/w/models/report.sql",
            "select amount from {{ ref('orders') }}\n",
        ),
    ])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_takes_its_file_along_where_the_client_can_rename_it() {
    let mut client = started(&project()).await;
    let report = "/w/models/report.sql";
    let edit = client
        .request("textDocument/rename", to(report, 0, 28, "sales"))
        .await
        .unwrap();
    let changes = edit["documentChanges"].as_array().unwrap();
    let moved = changes.last().unwrap();
    assert_eq!(moved["kind"], "rename");
    assert_eq!(moved["oldUri"], uri("/w/models/orders.sql"));
    assert_eq!(moved["newUri"], uri("/w/models/sales.sql"));
    assert_eq!(
        edited(&edit, report, "select amount from {{ ref('orders') }}\n"),
        "select amount from {{ ref('sales') }}\n"
    );

    let capabilities = json!({ "workspace": { "workspaceEdit": { "documentChanges": true } } });
    let setup = Setup::new(project()).capabilities(capabilities);
    let mut client = setup.start().await;
    client.codes(SPEC, &["missing-why"]).await;
    let refused = client
        .request("textDocument/rename", to(report, 0, 28, "sales"))
        .await
        .unwrap_err();
    assert!(
        refused["message"]
            .as_str()
            .unwrap()
            .contains("can't rename files")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rename_that_an_amendment_asks_for_takes_the_file_along_too() {
    let system = project();
    let asking = "/w/specs/sales.spec.yaml";
    let text = "product: orders\namendments:\n  - id: sales\n    requirement: The shop says so.\n    change: tbd\n    guarantees: sales is renamed from orders\n";
    system.write(asking, text);
    let mut client = Setup::new(system.clone())
        .capabilities({
            let mut able = able();
            able["textDocument"]["codeAction"] =
                json!({ "codeActionLiteralSupport": { "codeActionKind": { "valueSet": [] } } });
            able
        })
        .start()
        .await;
    client.codes(SPEC, &["missing-why"]).await;
    client.codes(asking, &["open-amendment"]).await;
    let place = json!({ "line": 4, "character": 13 });
    let params = json!({
        "textDocument": { "uri": uri(asking) },
        "range": { "start": place, "end": place },
        "context": { "diagnostics": [] },
    });
    let actions = client
        .request("textDocument/codeAction", params)
        .await
        .unwrap();
    let action = &actions[0];
    assert_eq!(
        action["title"],
        "Rename `orders` to `sales`, as amendment `sales` asks"
    );
    let edit = &action["edit"];
    let moved = edit["documentChanges"].as_array().unwrap().last().unwrap();
    assert_eq!(moved["kind"], "rename");
    assert_eq!(moved["newUri"], uri("/w/models/sales.sql"));
    let after = edited(edit, asking, text);
    assert!(
        after.contains("change: Renamed the table orders to sales."),
        "{after}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_renamed_in_the_editor_renames_its_table_and_is_followed_at_once() {
    let system = project();
    let mut client = started(&system).await;
    let files = json!({ "files": [{ "oldUri": uri("/w/models/orders.sql"), "newUri": uri("/w/models/sales.sql") }] });
    let edit = client
        .request("workspace/willRenameFiles", files.clone())
        .await
        .unwrap();
    let report = "/w/models/report.sql";
    let texts = [
        (report, "select amount from {{ ref('orders') }}\n"),
        (SPEC, SPEC_TEXT),
    ];
    for (path, text) in texts {
        let after = edited(&edit, path, text);
        assert!(after.contains("sales"), "{after}");
        system.write(path, after);
    }
    let changes = edit["documentChanges"].as_array().unwrap();
    assert!(
        changes.iter().all(|change| change["kind"].is_null()),
        "{changes:?}"
    );
    system.remove(Path::new("/w/models/orders.sql"));
    system.write("/w/models/sales.sql", "select 1 as order_id, 2 as amount\n");
    client.notify("workspace/didRenameFiles", files).await;
    client.changed_on_disk(report).await;
    client.changed_on_disk(SPEC).await;
    let found = client
        .request("textDocument/definition", at(report, 0, 28))
        .await
        .unwrap();
    assert_eq!(found[0]["uri"], uri("/w/models/sales.sql"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_created_and_deleted_in_the_editor_are_followed_at_once() {
    let system = shop();
    let client = started(&system).await;
    system.remove(Path::new(SPEC));
    let gone = json!({ "files": [{ "uri": uri(SPEC) }] });
    client
        .notify("workspace/didDeleteFiles", gone.clone())
        .await;
    client.codes(SPEC, &[]).await;
    system.write(SPEC, SPEC_TEXT);
    client.notify("workspace/didCreateFiles", gone).await;
    client.codes(SPEC, &["missing-why"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn file_operations_are_asked_for_where_the_client_has_them() {
    for (capabilities, is_asked) in [(able(), true), (json!({}), false)] {
        let client = Setup::new(shop()).capabilities(capabilities).start().await;
        let operations = &client.server["capabilities"]["workspace"]["fileOperations"];
        assert_eq!(
            operations["willRename"].is_object(),
            is_asked,
            "{operations}"
        );
        assert_eq!(operations["didDelete"].is_object(), is_asked);
    }
}
