//! Settings, by every channel that clients use.

use crate::client::Setup;
use crate::shop::{SPEC, shop};
use serde_json::json;

fn off() -> serde_json::Value {
    json!({ "checks": { "missing-why": "off" } })
}

fn error() -> serde_json::Value {
    json!({ "checks": { "missing-why": "error" } })
}

fn severity(params: &serde_json::Value) -> Option<i64> {
    params["diagnostics"][0]["severity"].as_i64()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_server_is_started_with_holds() {
    for options in [error(), json!({ "rationale": error() })] {
        let mut setup = Setup::new(shop());
        setup.options = options;
        let client = setup.start().await;
        client
            .diagnostics(SPEC, |params| severity(params) == Some(1))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_client_answers_holds() {
    let capabilities = json!({ "workspace": { "configuration": true } });
    let client = Setup::new(shop())
        .capabilities(capabilities)
        .answer("workspace/configuration", json!([error()]))
        .start()
        .await;
    client
        .diagnostics(SPEC, |params| severity(params) == Some(1))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_client_tells_later_holds() {
    let client = Setup::new(shop()).start().await;
    client.codes(SPEC, &["missing-why"]).await;
    client
        .notify(
            "workspace/didChangeConfiguration",
            json!({ "settings": { "rationale": off() } }),
        )
        .await;
    client.codes(SPEC, &[]).await;
    client
        .notify(
            "workspace/didChangeConfiguration",
            json!({ "settings": { "rationale": error() } }),
        )
        .await;
    client
        .diagnostics(SPEC, |params| severity(params) == Some(1))
        .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_only_says_that_something_changed_is_asked_what() {
    let capabilities = json!({ "workspace": { "configuration": true, "didChangeConfiguration": { "dynamicRegistration": true } } });
    let client = Setup::new(shop()).capabilities(capabilities).start().await;
    let registered = client.message("client/registerCapability").await;
    assert_eq!(
        registered["registrations"][0]["method"],
        "workspace/didChangeConfiguration"
    );
    client.codes(SPEC, &["missing-why"]).await;
    client
        .notify(
            "workspace/didChangeConfiguration",
            json!({ "settings": null }),
        )
        .await;
    client
        .wait("a second question", |all| {
            let asked = all
                .iter()
                .filter(|message| message["method"] == "workspace/configuration")
                .count();
            (asked == 2).then_some(())
        })
        .await;
    // It answered `[null]` both times, which says nothing.
    client.codes(SPEC, &["missing-why"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setting_that_means_nothing_is_said_once() {
    let mut setup = Setup::new(shop());
    setup.options = json!({ "chekcs": {}, "checks": { "missing-why": "off" } });
    let mut client = setup.start().await;
    let shown = client.message("window/showMessage").await;
    assert!(
        shown["message"].as_str().unwrap().contains("chekcs"),
        "{shown}"
    );
    assert_eq!(shown["type"], 2);
    client
        .notify(
            "workspace/didChangeConfiguration",
            json!({ "settings": { "rationale": { "chekcs": {} } } }),
        )
        .await;
    assert!(client.is_alive().await);
    assert_eq!(client.received("window/showMessage").len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_projects_own_file_holds_and_is_followed() {
    let system = shop();
    system.write("/w/rationale.toml", "[checks]\nmissing-why = \"error\"\n");
    let client = Setup::new(system.clone()).start().await;
    client
        .diagnostics(SPEC, |params| severity(params) == Some(1))
        .await;
    system.write("/w/rationale.toml", "[checks]\nmissing-why = \"hint\"\n");
    client.changed_on_disk("/w/rationale.toml").await;
    client
        .diagnostics(SPEC, |params| severity(params) == Some(4))
        .await;
}
