//! What is published is of the newest text, and is either published or asked for, never both.

use crate::client::{Setup, codes, uri};
use crate::shop::{AMOUNT_LINE, MODEL, MODEL_TEXT, SPEC, SPEC_TEXT, shop};
use crate::unanswered::pulling;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn findings_are_published_of_open_and_of_closed_files() {
    let client = Setup::new(shop()).start().await;
    client.codes(SPEC, &["missing-why"]).await;
    client
        .open(
            MODEL,
            1,
            &MODEL_TEXT.replace("as amount", "as amount,\n    o.tax as tax"),
        )
        .await;
    client.codes(MODEL, &["undocumented-column"]).await;
    client.close(MODEL).await;
    client.codes(MODEL, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_stale_is_published() {
    let client = Setup::new(shop()).start().await;
    client.codes(SPEC, &["missing-why"]).await;
    client.open(SPEC, 1, SPEC_TEXT).await;
    let last = 400;
    for version in 2..=last {
        // Each edit moves the finding one line down.
        let start = json!({ "line": 0, "character": 0 });
        client
            .change(
                SPEC,
                version,
                json!([{ "range": { "start": start, "end": start }, "text": "#\n" }]),
            )
            .await;
    }
    client
        .diagnostics(SPEC, |params| params["version"] == last)
        .await;
    let published = client.published(SPEC);
    let versions: Vec<i64> = published
        .iter()
        .filter_map(|params| params["version"].as_i64())
        .collect();
    assert!(versions.is_sorted(), "{versions:?}");
    for params in published.iter().filter(|params| params["version"].is_i64()) {
        let line = params["diagnostics"][0]["range"]["start"]["line"]
            .as_u64()
            .unwrap();
        assert_eq!(line, AMOUNT_LINE + params["version"].as_u64().unwrap() - 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_closed_and_opened_at_once_is_told_of_again() {
    let client = Setup::new(shop()).start().await;
    client.codes(SPEC, &["missing-why"]).await;
    for version in 1..=20 {
        client.open(SPEC, version, SPEC_TEXT).await;
        client
            .diagnostics(SPEC, |params| params["version"] == version)
            .await;
        client.close(SPEC).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_can_ask_is_not_told() {
    let mut client = Setup::new(shop()).capabilities(pulling()).start().await;
    assert!(client.server["capabilities"]["diagnosticProvider"].is_object());
    client.open(SPEC, 1, SPEC_TEXT).await;
    let document = json!({ "textDocument": { "uri": uri(SPEC) } });
    let pulled = loop {
        let report = client
            .request("textDocument/diagnostic", document.clone())
            .await
            .unwrap();
        if !report["items"].as_array().unwrap().is_empty() {
            break report;
        }
    };
    assert_eq!(pulled["kind"], "full");
    assert_eq!(pulled["items"][0]["code"], "missing-why");
    client.replace(SPEC, 2, "product: [").await;
    let pulled = client
        .request("textDocument/diagnostic", document)
        .await
        .unwrap();
    assert!(
        pulled["items"]
            .as_array()
            .unwrap()
            .iter()
            .any(|item| item["code"] == "invalid-yaml"),
        "{pulled}"
    );
    assert_eq!(
        client.received("textDocument/publishDiagnostics"),
        Vec::<Value>::new()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_asks_hears_of_closed_files_and_of_changes_that_it_did_not_make() {
    let system = shop();
    let mut client = Setup::new(system.clone())
        .capabilities(pulling())
        .start()
        .await;
    let first = client
        .request("workspace/diagnostic", json!({ "previousResultIds": [] }))
        .await
        .unwrap();
    let item = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|item| item["uri"] == uri(SPEC))
        .unwrap()
        .clone();
    assert_eq!(item["items"][0]["code"], "missing-why");
    let known = json!([{ "uri": item["uri"], "value": item["resultId"] }]);
    let waiting = client
        .ask(
            "workspace/diagnostic",
            json!({ "previousResultIds": known }),
        )
        .await;
    system.write(
        SPEC,
        SPEC_TEXT.replace(
            "for the whole order.",
            "for the whole order.\n        why: Revenue is added up from it.",
        ),
    );
    client.changed_on_disk(SPEC).await;
    let second = client.answer(waiting).await.unwrap();
    assert_eq!(second["items"][0]["uri"], uri(SPEC));
    assert_eq!(second["items"][0]["items"], json!([]));
    // A document that is open is asked for again when an edit of another has changed it.
    client.open(SPEC, 1, SPEC_TEXT).await;
    client
        .request(
            "textDocument/diagnostic",
            json!({ "textDocument": { "uri": uri(SPEC) } }),
        )
        .await
        .unwrap();
    let seen = client.received("workspace/diagnostic/refresh").len();
    client
        .open(MODEL, 1, &MODEL_TEXT.replace("as amount", "as total"))
        .await;
    client
        .wait("another refresh", |all| {
            let refreshes = all
                .iter()
                .filter(|message| message["method"] == "workspace/diagnostic/refresh");
            (refreshes.count() > seen).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_must_be_told_is_never_asked_to_ask() {
    let capabilities =
        json!({ "textDocument": { "diagnostic": { "relatedDocumentSupport": true } } });
    let client = Setup::new(shop()).capabilities(capabilities).start().await;
    assert!(
        client.server["capabilities"]
            .get("diagnosticProvider")
            .is_none()
    );
    client.codes(SPEC, &["missing-why"]).await;
    assert!(client.received("workspace/diagnostic/refresh").is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_does_not_know_it_is_not_sent() {
    let rich = json!({ "textDocument": { "publishDiagnostics": { "codeDescriptionSupport": true, "relatedInformation": true } } });
    let client = Setup::new(shop()).capabilities(rich).start().await;
    let published = client
        .diagnostics(SPEC, |params| codes(params) == ["missing-why"])
        .await;
    let href = published["diagnostics"][0]["codeDescription"]["href"]
        .as_str()
        .unwrap();
    assert!(href.ends_with("#missing-why"), "{href}");
    let client = Setup::new(shop()).start().await;
    let published = client
        .diagnostics(SPEC, |params| codes(params) == ["missing-why"])
        .await;
    assert!(published["diagnostics"][0].get("codeDescription").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_typed_letter_by_letter_ends_as_if_opened_whole() {
    for (path, text) in [(SPEC, SPEC_TEXT), (MODEL, MODEL_TEXT)] {
        let client = Setup::new(shop()).start().await;
        client.open(path, 0, "").await;
        let mut position = (0, 0);
        let mut version = 0;
        for letter in text.chars() {
            version += 1;
            let at = json!({ "line": position.0, "character": position.1 });
            client
                .change(
                    path,
                    version,
                    json!([{ "range": { "start": at, "end": at }, "text": letter.to_string() }]),
                )
                .await;
            position = if letter == '\n' {
                (position.0 + 1, 0)
            } else {
                (position.0, position.1 + 1)
            };
        }
        let expected: &[&str] = if path == SPEC { &["missing-why"] } else { &[] };
        let is_done = |params: &Value| params["version"] == version && codes(params) == expected;
        let typed = client.diagnostics(path, is_done).await;
        let fresh = Setup::new(shop()).start().await;
        fresh.open(path, version, text).await;
        let opened = fresh.diagnostics(path, is_done).await;
        assert_eq!(typed["diagnostics"], opened["diagnostics"], "{path}");
    }
}
