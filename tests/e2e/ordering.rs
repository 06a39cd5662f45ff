//! The server's text is the client's text, whatever is fired at it, and every answer is of the text
//! that the client had when it asked.

use crate::client::{Setup, uri};
use crate::shop::{MODEL, SPEC, SPEC_TEXT, shop};
use serde_json::json;

/// Numbers that look random and are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }
}

/// A document as a client keeps it: characters, and nothing that the server's code could share.
struct Text(Vec<char>);

impl Text {
    /// The position of a character, in UTF-16 units.
    fn position(&self, at: usize) -> serde_json::Value {
        let (mut line, mut column) = (0, 0);
        for character in &self.0[..at] {
            if *character == '\n' {
                (line, column) = (line + 1, 0);
            } else {
                column += character.len_utf16();
            }
        }
        json!({ "line": line, "character": column })
    }

    /// Replaces some characters, and gives the change as it goes over the wire.
    fn replace(&mut self, start: usize, end: usize, with: &str) -> serde_json::Value {
        let range = json!({ "start": self.position(start), "end": self.position(end) });
        self.0.splice(start..end, with.chars());
        json!([{ "range": range, "text": with }])
    }

    fn text(&self) -> String {
        self.0.iter().collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_edits_without_waiting_and_hovers_in_between() {
    let mut client = Setup::new(shop()).start().await;
    let mut text = Text("select 1 as a, 2 as 'é😀'\nfrom t\n".chars().collect());
    client.open(MODEL, 0, &text.text()).await;
    let mut numbers = Numbers(7);
    let pieces = [
        "a",
        "select ",
        "\n",
        "é",
        "😀",
        "'",
        "--",
        ", ",
        "(",
        ")",
        "",
        "",
        "{{ ref('x') }}",
    ];
    let mut asked = Vec::new();
    for version in 1..=2000 {
        let start = numbers.below(text.0.len() + 1);
        let end = (start + numbers.below(4)).min(text.0.len());
        let change = text.replace(start, end, pieces[numbers.below(pieces.len())]);
        client.change(MODEL, version, change).await;
        if version % 10 == 0 {
            let position = text.position(numbers.below(text.0.len() + 1));
            let document = json!({ "uri": uri(MODEL) });
            let hover = client
                .ask(
                    "textDocument/hover",
                    json!({ "textDocument": document, "position": position }),
                )
                .await;
            let id = client.ask("rationale/fileText", document).await;
            asked.push((id, hover, version, text.text()));
        }
    }
    for (id, hover, version, expected) in asked {
        let answer = client.answer(id).await.unwrap();
        assert_eq!(answer["version"], version);
        assert_eq!(answer["text"], expected, "after edit {version}");
        client.answer(hover).await.unwrap();
    }
    assert_eq!(client.text(MODEL).await, (text.text(), 2000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hover_tells_of_the_text_that_the_client_had() {
    let mut client = Setup::new(shop()).start().await;
    client.open(SPEC, 1, SPEC_TEXT).await;
    let mut asked = Vec::new();
    for version in 2..300 {
        let text = SPEC_TEXT.replace(
            "What the customer pays",
            &format!("Reading number {version} of what the customer pays"),
        );
        client.replace(SPEC, version, &text).await;
        let params = json!({ "textDocument": { "uri": uri(SPEC) }, "position": { "line": 9, "character": 16 } });
        asked.push((version, client.ask("textDocument/hover", params).await));
    }
    for (version, id) in asked {
        let hover = client.answer(id).await.unwrap();
        let shown = hover["contents"]["value"].as_str().unwrap_or_default();
        assert!(
            shown.contains(&format!("Reading number {version} of")),
            "version {version}: {hover}"
        );
    }
}
