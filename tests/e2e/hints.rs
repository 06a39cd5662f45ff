//! Inlay hints, as clients ask for them: for a part of a document.

use crate::client::{Setup, uri};
use index::system::MemorySystem;
use serde_json::json;

const SPEC: &str = "/w/orders.spec.yaml";
const MODEL: &str = "/w/orders.sql";

const SPEC_TEXT: &str = "\
product: shop
tables:
  - name: orders
    columns:
      - {name: amount, unit: EUR}
amendments:
  - {id: 1, requirement: r, change: c}
  - {id: 2, requirement: r, change: c, supersedes: [1]}
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_are_of_the_part_that_is_shown_and_lead_on() {
    let system = MemorySystem::new([
        ("/w/rationale.toml", ""),
        (SPEC, SPEC_TEXT),
        (MODEL, "select '💰' as x, 1 as amount\n"),
    ]);
    let capabilities = json!({ "textDocument": { "inlayHint": {} } });
    let mut client = Setup::new(system).capabilities(capabilities).start().await;
    client
        .diagnostics(SPEC, |params| params["diagnostics"][0].is_object())
        .await;
    let mut hints = async |path: &str, end: u32| {
        let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": end, "character": 0 } });
        let params = json!({ "textDocument": { "uri": uri(path) }, "range": range });
        client
            .request("textDocument/inlayHint", params)
            .await
            .unwrap()
    };
    let of_spec = hints(SPEC, 8).await;
    assert_eq!(of_spec.as_array().unwrap().len(), 1, "{of_spec}");
    assert_eq!(
        of_spec[0]["position"],
        json!({ "line": 6, "character": 10 })
    );
    let label = &of_spec[0]["label"][0];
    assert_eq!(label["value"], "superseded by 2");
    assert_eq!(label["location"]["range"]["start"]["line"], 7);
    assert_eq!(hints(SPEC, 4).await, json!([]));
    // The sign before it counts twice in UTF-16.
    let of_model = hints(MODEL, 1).await;
    assert_eq!(of_model[0]["label"], ": EUR");
    assert_eq!(
        of_model[0]["position"],
        json!({ "line": 0, "character": 29 })
    );
}
