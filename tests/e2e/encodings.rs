//! Columns count what was agreed on, and odd positions and line ends do no harm.

use crate::client::{Setup, uri};
use crate::shop::{MODEL, SPEC, SPEC_TEXT, shop};
use serde_json::json;

/// The entry without a why stands behind characters of every width.
const WIDE: &str = "\
product: shop
tables:
  - {name: orders, description: Every order., why: Invoices start here., columns: [{description: \"é😀\", name: amount}]}
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ranges_count_units_of_the_agreed_encoding() {
    for (offered, agreed, units) in [
        (json!(["utf-16", "utf-8"]), "utf-8", 6),
        (json!(["utf-32", "utf-16"]), "utf-16", 3),
        (json!(["utf-32"]), "utf-32", 2),
        (json!(null), "utf-16", 3),
    ] {
        let capabilities = json!({ "general": { "positionEncodings": offered } });
        let client = Setup::new(shop()).capabilities(capabilities).start().await;
        assert_eq!(client.server["capabilities"]["positionEncoding"], agreed);
        client.open(SPEC, 1, WIDE).await;
        let has_why = |one: &&serde_json::Value| one["code"] == "missing-why";
        let published = client
            .diagnostics(SPEC, |params| {
                params["version"] == 1
                    && params["diagnostics"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .any(|one| has_why(&one))
            })
            .await;
        let finding = published["diagnostics"]
            .as_array()
            .unwrap()
            .iter()
            .find(has_why)
            .unwrap()
            .clone();
        let line = WIDE.lines().nth(2).unwrap();
        let before = line.split("é😀").next().unwrap().len() + "\", name: ".len() + units;
        let expected = json!({ "start": { "line": 2, "character": before }, "end": { "line": 2, "character": before + "amount".len() } });
        assert_eq!(finding["range"], expected, "{agreed}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn positions_outside_the_text_are_moved_inside() {
    let mut client = Setup::new(shop()).start().await;
    client.open(MODEL, 0, "a\r\nb").await;
    let change = |line: u32, character: u32, text: &str| {
        let position = json!({ "line": line, "character": character });
        json!([{ "range": { "start": position, "end": position }, "text": text }])
    };
    client.change(MODEL, 40, change(0, 99, "1")).await;
    client.change(MODEL, 7, change(99, 99, "2")).await;
    client
        .change(MODEL, 8, change(u32::MAX >> 1, u32::MAX >> 1, "3"))
        .await;
    assert_eq!(client.text(MODEL).await, ("a1\r\nb23".to_owned(), 8));
    for (line, character) in [(0, 99), (99, 0)] {
        let params = json!({ "textDocument": { "uri": uri(MODEL) }, "position": { "line": line, "character": character } });
        client.request("textDocument/hover", params).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn line_ends_of_every_kind_count_as_lines() {
    let spec = SPEC_TEXT;
    for text in [spec.replace('\n', "\r\n"), spec.replace('\n', "\r")] {
        let client = Setup::new(shop()).start().await;
        client.open(SPEC, 1, &text).await;
        let published = client
            .diagnostics(SPEC, |params| {
                params["version"] == 1 && crate::client::codes(params) == ["missing-why"]
            })
            .await;
        assert_eq!(
            published["diagnostics"][0]["range"]["start"]["line"],
            crate::shop::AMOUNT_LINE
        );
    }
}
