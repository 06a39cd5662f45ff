//! Code lenses, as clients ask for them: first where, then what.

use crate::client::{Client, Setup, uri};
use index::system::MemorySystem;
use serde_json::{Value, json};

const SPEC: &str = "/w/orders.spec.yaml";
const MODEL: &str = "/w/orders.sql";
const READER: &str = "/w/invoices.sql";

const SPEC_TEXT: &str = "\
product: shop
tables:
  - name: orders
    description: d
amendments:
  - id: 1
    requirement: r
    change: c
    guarantees: |
      orders.amount exists
";

/// What is found once everything is read.
const CODES: [&str; 2] = ["missing-why", "undocumented-column"];

fn shop() -> MemorySystem {
    MemorySystem::new([
        ("/w/rationale.toml", ""),
        (SPEC, SPEC_TEXT),
        (MODEL, "select 1 as amount"),
        (READER, "select amount from orders"),
    ])
}

fn capabilities() -> Value {
    json!({
        "textDocument": { "codeLens": {} },
        "workspace": { "codeLens": { "refreshSupport": true } },
        "window": { "showDocument": { "support": true } },
        "experimental": { "commands": { "commands": ["rationale.showReferences"] } },
    })
}

async fn lenses(client: &mut Client, path: &str) -> Vec<Value> {
    let params = json!({ "textDocument": { "uri": uri(path) } });
    let lenses = client.request("textDocument/codeLens", params).await;
    let mut told = Vec::new();
    for lens in lenses.unwrap().as_array().unwrap() {
        assert!(
            lens.get("command").is_none(),
            "its words come later: {lens}"
        );
        let resolved = client.request("codeLens/resolve", lens.clone()).await;
        told.push(resolved.unwrap());
    }
    told
}

fn titles(lenses: &[Value]) -> Vec<&str> {
    let titles = lenses.iter().map(|lens| lens["command"]["title"].as_str());
    titles.map(Option::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lens_says_what_it_counts_and_leads_there() {
    let mut client = Setup::new(shop())
        .capabilities(capabilities())
        .start()
        .await;
    client.codes(SPEC, &CODES).await;
    let told = lenses(&mut client, SPEC).await;
    assert_eq!(
        titles(&told),
        ["1 amendment", "1 use", "guarantees 1/1 hold"]
    );
    assert_eq!(
        told[0]["range"]["start"],
        json!({ "line": 2, "character": 10 })
    );
    let command = &told[1]["command"];
    assert_eq!(command["command"], "rationale.showReferences");
    let arguments = command["arguments"].as_array().unwrap();
    assert_eq!(arguments[0], uri(SPEC));
    assert_eq!(arguments[1], told[1]["range"]["start"]);
    assert_eq!(arguments[2][0]["uri"], uri(READER));
    assert_eq!(arguments[2][0]["range"]["start"]["character"], 19);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_elsewhere_has_the_client_ask_anew() {
    let mut client = Setup::new(shop())
        .capabilities(capabilities())
        .start()
        .await;
    client.codes(SPEC, &CODES).await;
    client.open(SPEC, 1, SPEC_TEXT).await;
    let told = lenses(&mut client, SPEC).await;
    assert!(titles(&told).contains(&"guarantees 1/1 hold"), "{told:?}");
    let before = client.received("workspace/codeLens/refresh").len();
    client.open(MODEL, 1, "select 1 as total").await;
    client
        .wait("a refresh", |all| {
            let refreshes = all.iter();
            let refreshes =
                refreshes.filter(|message| message["method"] == "workspace/codeLens/refresh");
            (refreshes.count() > before).then_some(())
        })
        .await;
    let told = lenses(&mut client, SPEC).await;
    assert!(
        titles(&told).contains(&"guarantees 0/1 hold, 1 contradicted"),
        "{told:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lenses_can_be_switched_off() {
    let mut setup = Setup::new(shop()).capabilities(capabilities());
    setup.options = json!({ "codeLens": false });
    let mut client = setup.start().await;
    client.codes(SPEC, &CODES).await;
    let params = json!({ "textDocument": { "uri": uri(SPEC) } });
    let none = client.request("textDocument/codeLens", params).await;
    assert_eq!(none.unwrap(), Value::Null);
    assert_eq!(client.received("window/showMessage"), Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_without_a_list_of_places_is_shown_the_first_one_or_only_words() {
    for (shows, command) in [(true, "rationale.placeCursor"), (false, "")] {
        let capabilities = json!({
            "textDocument": { "codeLens": {} },
            "window": { "showDocument": { "support": shows } },
        });
        let mut client = Setup::new(shop()).capabilities(capabilities).start().await;
        client.codes(SPEC, &CODES).await;
        let told = lenses(&mut client, MODEL).await;
        assert_eq!(
            titles(&told),
            ["1 amendment", "1 use", "guarantees 1/1 hold"]
        );
        assert_eq!(told[1]["command"]["command"], command);
        assert_eq!(told[1]["command"].get("arguments").is_some(), shows);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn once_everything_is_read_the_client_asks_anew() {
    let mut client = Setup::new(shop())
        .capabilities(capabilities())
        .start()
        .await;
    client.open(MODEL, 1, "select 1 as amount").await;
    client.message("workspace/codeLens/refresh").await;
    let told = lenses(&mut client, MODEL).await;
    assert_eq!(
        titles(&told),
        ["1 amendment", "1 use", "guarantees 1/1 hold"]
    );
}
