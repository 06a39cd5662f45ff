//! The spec-first loop, from a new requirement to a check that passes, as a person goes through it in an
//! editor: every step but the edit of SQL is an action that the server offers.

use crate::client::{Client, Setup, codes, uri};
use checks::{Findings, LockRequest, Severity, update_locks};
use index::system::MemorySystem;
use index::{Snapshot, Workspace};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

const SPEC: &str = "/w/orders.spec.yaml";
const LOCK: &str = "/w/orders.spec.lock";
const MODEL: &str = "/w/orders.sql";

const SPEC_TEXT: &str = "\
product: orders
tables:
  - name: orders
    description: One row for each order.
    why: Invoices start from single orders.
    columns:
      - name: order_id
        description: Identifies the order.
        why: Joins orders to their lines.
      - name: order_amount
        description: What the customer pays.
        since: 1
amendments:
  - id: 1
    author: Finance
    requirement: We want the total value of each order on the invoice. # asked for in January
    change: Added order_amount.
    guarantees: |
      orders.order_amount = SUM(order_lines.quantity * order_lines.unit_price)
";

const MODEL_TEXT: &str = "\
create table orders as
select
    order_id,
    sum(quantity * unit_price) as order_amount
from raw.order_lines
group by order_id;
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn from_a_new_requirement_to_a_check_that_passes() {
    let mut editor = Editor::start().await;
    assert!(editor.is_clean(), "{:?}", editor.texts);

    // Logistics needs another number. Their words are written down first.
    editor
        .run(
            "rationale.amend",
            json!({
                "uri": uri(MODEL),
                "range": range_of(&editor.texts[MODEL], "order_amount"),
                "amend": "change",
                "requirement": "Parcels are planned by the number of items in an order.",
            }),
        )
        .await;
    editor.client.codes(SPEC, &["open-amendment"]).await;
    assert!(
        editor.texts[SPEC].contains("    change: tbd\n    changes:\n      - orders.order_amount\n")
    );

    // Then the SQL is changed, and the server says whom that concerns.
    let sql = MODEL_TEXT.replace("quantity * unit_price", "quantity");
    editor.write(MODEL, sql).await;
    editor
        .client
        .codes(MODEL, &["contradicts-amendment", "unrecorded-change"])
        .await;
    let told = editor.message(MODEL, "contradicts-amendment");
    assert!(
        told.starts_with(
            "`order_amount` breaks amendment 1 (Finance): \"We want the total value of each order on the \
             invoice\"."
        ),
        "{told}"
    );

    // Finance agrees: the new amendment takes the place of the old one once it closes.
    editor
        .act(
            MODEL,
            "sum(quantity)",
            "Supersede it by the open amendment `2`",
        )
        .await;
    editor
        .client
        .diagnostics(MODEL, |params| {
            let told = params["diagnostics"].as_array().unwrap().iter();
            let mut told = told.map(|one| one["message"].as_str().unwrap());
            told.any(|told| told.ends_with("It is being superseded by amendment 2."))
        })
        .await;

    // What was done is recorded from what the SQL means now.
    editor
        .act(SPEC, "tbd", "Record in amendment `2` what the SQL does now")
        .await;
    editor.client.codes(SPEC, &[]).await;
    let spec = &editor.texts[SPEC];
    assert!(
        spec.contains(
            "    change: order_amount is SUM(order_lines.quantity), was SUM(order_lines.quantity * \
             order_lines.unit_price).\n"
        ),
        "{spec}"
    );
    assert!(
        spec.contains("orders.order_amount = SUM(order_lines.quantity)\n"),
        "{spec}"
    );
    assert!(spec.contains("# asked for in January"), "{spec}");

    // The lock follows, and is committed along.
    editor.client.codes(MODEL, &["unrecorded-change"]).await;
    editor.act(MODEL, "sum(quantity)", "Update the lock").await;
    editor.client.codes(MODEL, &[]).await;
    let lock = &editor.texts[LOCK];
    assert!(
        lock.contains("order_amount: { means: SUM(order_lines.quantity), by: 2 }"),
        "{lock}"
    );
    assert!(editor.is_clean(), "{:?}", editor.texts);
}

/// An editor with all files open, which does what the server asks.
struct Editor {
    client: Client,
    texts: BTreeMap<String, String>,
    version: i32,
    edits: usize,
}

impl Editor {
    async fn start() -> Editor {
        let mut texts = BTreeMap::from([
            ("/w/rationale.toml".to_owned(), String::new()),
            (SPEC.to_owned(), SPEC_TEXT.to_owned()),
            (MODEL.to_owned(), MODEL_TEXT.to_owned()),
        ]);
        let request = LockRequest {
            is_initial: true,
            ..LockRequest::default()
        };
        for update in update_locks(&read(&texts).0, &request) {
            texts.insert(update.path.to_str().unwrap().to_owned(), update.text);
        }
        let capabilities = json!({
            "textDocument": { "codeAction": {
                "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix"] } },
                "dataSupport": true,
                "resolveSupport": { "properties": ["edit", "command"] },
            } },
            "workspace": {
                "workspaceEdit": { "documentChanges": true, "resourceOperations": ["create"] },
                "applyEdit": true,
            },
        });
        let client = Setup::new(MemorySystem::new(texts.clone()))
            .capabilities(capabilities)
            .answer("workspace/applyEdit", json!({ "applied": true }))
            .start()
            .await;
        for path in [SPEC, LOCK, MODEL] {
            client.open(path, 0, &texts[path]).await;
        }
        client.codes(MODEL, &[]).await;
        Editor {
            client,
            texts,
            version: 0,
            edits: 0,
        }
    }

    async fn write(&mut self, path: &str, text: String) {
        self.version += 1;
        self.client.replace(path, self.version, &text).await;
        self.texts.insert(path.to_owned(), text);
    }

    /// Sends a command, and makes the edit that the server asks for.
    async fn run(&mut self, command: &str, argument: Value) {
        let params = json!({ "command": command, "arguments": [argument] });
        // While the workspace is read, there is nothing yet to amend.
        let mut tries = 0..100;
        loop {
            let params = params.clone();
            let answer = self.client.request("workspace/executeCommand", params);
            match answer.await {
                Ok(_) => break,
                Err(error) => assert!(tries.next().is_some(), "{error}"),
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        let asked = self.edits;
        let edit = self
            .client
            .wait("workspace/applyEdit", |all| {
                let mut edits = all
                    .iter()
                    .filter(|message| message["method"] == "workspace/applyEdit");
                edits
                    .nth(asked)
                    .map(|message| message["params"]["edit"].clone())
            })
            .await;
        self.edits += 1;
        self.apply(&edit).await;
    }

    /// Chooses the action of that title where `text` stands.
    async fn act(&mut self, path: &str, text: &str, title: &str) {
        let params = json!({
            "textDocument": { "uri": uri(path) },
            "range": range_of(&self.texts[path], text),
            "context": { "diagnostics": [] },
        });
        let offered = self
            .client
            .request("textDocument/codeAction", params)
            .await
            .unwrap();
        let offered = offered.as_array().unwrap();
        let titles: Vec<&Value> = offered.iter().map(|action| &action["title"]).collect();
        let chosen = offered.iter().find(|action| action["title"] == title);
        let chosen = chosen
            .unwrap_or_else(|| panic!("no \"{title}\" in {titles:#?}"))
            .clone();
        assert!(chosen.get("edit").is_none(), "the list is quick to make");
        let resolved = self
            .client
            .request("codeAction/resolve", chosen)
            .await
            .unwrap();
        self.apply(&resolved["edit"]).await;
    }

    async fn apply(&mut self, edit: &Value) {
        for change in edit["documentChanges"].as_array().unwrap() {
            let path = change["textDocument"]["uri"].as_str().unwrap();
            let path = path.strip_prefix("file://").unwrap().to_owned();
            let version = &change["textDocument"]["version"];
            assert!(
                version.is_number(),
                "an open document is edited by its version: {change}"
            );
            let mut text = self.texts[&path].clone();
            let mut edits = change["edits"].as_array().unwrap().clone();
            edits.sort_by_key(|edit| std::cmp::Reverse(offset(&text, &edit["range"]["start"])));
            for edit in edits {
                let start = offset(&text, &edit["range"]["start"]);
                let end = offset(&text, &edit["range"]["end"]);
                text.replace_range(start..end, edit["newText"].as_str().unwrap());
            }
            self.write(&path, text).await;
        }
    }

    /// What the newest diagnostics of a file say under a code.
    fn message(&self, path: &str, code: &str) -> String {
        let published = self.client.published(path);
        let last = published.last().unwrap();
        assert!(codes(last).contains(&code), "{last}");
        let mut all = last["diagnostics"].as_array().unwrap().iter();
        let one = all.find(|one| one["code"] == code).unwrap();
        one["message"].as_str().unwrap().to_owned()
    }

    /// Whether `rationale check` passes on the files as they are.
    fn is_clean(&self) -> bool {
        let (snapshot, findings) = read(&self.texts);
        let all = findings.all(&snapshot);
        all.iter()
            .all(|finding| finding.severity < Severity::Warning)
    }
}

fn read(texts: &BTreeMap<String, String>) -> (Snapshot, Findings) {
    let system = MemorySystem::new(texts.clone());
    let mut workspace = Workspace::new(Arc::new(system), vec![PathBuf::from("/w")]);
    let reached = workspace.load();
    let snapshot = workspace.snapshot();
    let mut findings = Findings::default();
    findings.update(&snapshot, &reached);
    (snapshot, findings)
}

/// Where `part` stands for the first time.
fn range_of(text: &str, part: &str) -> Value {
    let at = text.find(part).unwrap();
    let before = text.split_at(at).0;
    let line = before.matches('\n').count();
    let column = at - before.rfind('\n').map_or(0, |newline| newline + 1);
    let position = json!({ "line": line, "character": column });
    json!({ "start": position, "end": position })
}

/// The offset of a position in a text of ASCII letters.
fn offset(text: &str, position: &Value) -> usize {
    let line = position["line"].as_u64().unwrap() as usize;
    let column = position["character"].as_u64().unwrap() as usize;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    start + column
}
