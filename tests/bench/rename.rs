//! A rename across 1,000 files: the real server over a pipe, on a dbt project in which 1,000 models read
//! one column, each described by a properties file, and a native spec of the model that makes it.
//!
//! Prints times. What it asserts is the result: every file is edited, and nothing else.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]
#![allow(clippy::allow_attributes_without_reason)]

#[path = "../e2e/client.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod client;

use client::{Client, Setup, uri};
use index::system::MemorySystem;
use mimalloc::MiMalloc;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const READERS: usize = 1_000;
const TIMES: usize = 11;

const SPEC: &str = "/w/specs/orders.spec.yaml";
const MODEL: &str = "/w/models/orders.sql";

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let capabilities = json!({
        "workspace": { "workspaceEdit": { "documentChanges": true, "resourceOperations": ["rename"] } }
    });
    let setup = Setup::new(workspace()).capabilities(capabilities);
    let mut client = setup.start().await;
    client.codes(SPEC, &["missing-why"]).await;
    println!(
        "{:<42} {:>10} {:>10} {:>10}",
        "", "first", "median", "worst"
    );
    let column = at(MODEL, 1, 40);
    let renamed = rename(&mut client, column, "total").await;
    shown("a column, in 1,002 files", &renamed);
    let table = at(&reader_path(7), 1, 35);
    let renamed = rename(&mut client, table, "sales").await;
    shown("a table, in 1,001 files", &renamed);
}

fn at(path: &str, line: u64, character: u64) -> Value {
    json!({ "textDocument": { "uri": uri(path) }, "position": { "line": line, "character": character } })
}

/// The time of each rename of what stands at a place.
async fn rename(client: &mut Client, place: Value, name: &str) -> Vec<Duration> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        let mut params = place.clone();
        params["newName"] = json!(name);
        let start = Instant::now();
        let edit = client.request("textDocument/rename", params).await.unwrap();
        times.push(start.elapsed());
        let changes = edit["documentChanges"].as_array().unwrap();
        let edited = changes.iter().filter(|change| change["edits"].is_array());
        let readers = edited.filter(|change| {
            let uri = change["textDocument"]["uri"].as_str().unwrap();
            uri.contains("/readers/") && uri.ends_with(".sql")
        });
        assert_eq!(readers.count(), READERS);
        let is_edited = |path: &str| {
            let mut edited = changes.iter();
            edited.any(|change| change["textDocument"]["uri"] == uri(path))
        };
        assert!(is_edited(SPEC), "the spec is edited");
    }
    times
}

fn shown(what: &str, times: &[Duration]) {
    let mut sorted = times.to_vec();
    sorted.sort();
    println!(
        "{what:<42} {:>10.1?} {:>10.1?} {:>10.1?}",
        times[0],
        sorted[sorted.len() / 2],
        sorted[sorted.len() - 1]
    );
}

fn workspace() -> MemorySystem {
    let system = MemorySystem::new([
        ("/w/dbt_project.yml", "name: shop\n"),
        ("/w/rationale.toml", ""),
        (
            MODEL,
            "select id as order_id,\n    quantity * unit_price as order_amount, customer_id\nfrom {{ source('raw', 'orders') }}\n",
        ),
        (
            SPEC,
            "product: shop\ntables:\n  - name: orders\n    description: Orders.\n    why: They are asked for.\n    columns:\n      - name: order_amount\n        description: The amount.\n",
        ),
    ]);
    for number in 0..READERS {
        system.write(reader_path(number), reader(number));
        system.write(
            format!("/w/models/readers/reader_{number}.yml"),
            format!(
                "models:\n  - name: reader_{number}\n    description: Reads orders.\n    columns:\n      - name: customer_id\n        description: Who.\n"
            ),
        );
    }
    system
}

fn reader_path(number: usize) -> String {
    format!("/w/models/readers/reader_{number}.sql")
}

fn reader(number: usize) -> String {
    format!(
        "with\norders as (select * from {{{{ ref('orders') }}}}     ),\n\nlarge as (\n    select\n        orders.customer_id,\n        orders.order_amount,\n        row_number() over (partition by customer_id order by order_amount desc) as place\n    from orders\n    where order_amount > {number}\n)\n\nselect\n    customer_id,\n    sum(order_amount) as total_{number},\n    max(order_amount) as largest\nfrom large\nwhere place <= 10\ngroup by customer_id\n"
    )
}
