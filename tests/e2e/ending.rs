//! The server ends when nobody is there any more, and says how.

use crate::client::Setup;
use crate::shop::{MODEL, MODEL_TEXT, shop};
use rationale::lsp::Ended;
use serde_json::{Value, json};
use std::io::{BufRead, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shutdown_and_exit_end_it_in_order() {
    let mut client = Setup::new(shop()).start().await;
    assert_eq!(
        client.request("shutdown", Value::Null).await,
        Ok(Value::Null)
    );
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await, Ended::Orderly);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exit_without_shutdown_ends_it() {
    let client = Setup::new(shop()).start().await;
    client.notify("exit", Value::Null).await;
    assert_eq!(client.ended().await, Ended::Abandoned);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_input_ends_it_in_the_midst_of_work() {
    let mut client = Setup::new(shop()).start().await;
    client.open(MODEL, 1, MODEL_TEXT).await;
    for version in 2..500 {
        client.replace(MODEL, version, MODEL_TEXT).await;
        client
            .ask("workspace/diagnostic", json!({ "previousResultIds": [] }))
            .await;
    }
    client.hang_up().await;
    assert_eq!(client.ended().await, Ended::Abandoned);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_the_input_before_anything_ends_it() {
    let client = Setup::new(shop()).connect();
    client.hang_up().await;
    assert_eq!(client.ended().await, Ended::Abandoned);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_death_of_the_clients_process_ends_it() {
    let mut process = Command::new("sleep").arg("600").spawn().unwrap();
    let mut setup = Setup::new(shop());
    setup.process = Some(process.id());
    let mut client = setup.start().await;
    assert!(client.is_alive().await);
    process.kill().unwrap();
    process.wait().unwrap();
    assert_eq!(client.ended().await, Ended::Abandoned);
}

/// The real program: standard output carries the protocol alone, and it ends with its input.
#[test]
fn the_program_ends_in_order_and_says_nothing_but_the_protocol() {
    let (mut program, mut output) = program();
    write(
        &mut program,
        &json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }),
    );
    assert_eq!(
        read(&mut output)["result"]["serverInfo"]["name"],
        "rationale"
    );
    write(
        &mut program,
        &json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }),
    );
    write(
        &mut program,
        &json!({ "jsonrpc": "2.0", "id": 2, "method": "shutdown" }),
    );
    while read(&mut output)["id"] != 2 {}
    write(&mut program, &json!({ "jsonrpc": "2.0", "method": "exit" }));
    // A line of the log may follow; anything else than messages would not be read as one.
    while !output.fill_buf().unwrap().is_empty() {
        assert_eq!(read(&mut output)["jsonrpc"], "2.0");
    }
    assert_eq!(program.wait().unwrap().code(), Some(0));
}

#[test]
fn the_program_ends_with_its_input_and_says_that_it_was_left_alone() {
    let (mut program, mut output) = program();
    write(
        &mut program,
        &json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "capabilities": {} } }),
    );
    read(&mut output);
    drop(program.stdin.take());
    assert_eq!(program.wait().unwrap().code(), Some(1));
}

fn program() -> (Child, std::io::BufReader<ChildStdout>) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_rationale"))
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let output = program.stdout.take().unwrap();
    (program, std::io::BufReader::new(output))
}

fn write(program: &mut Child, message: &Value) {
    let body = message.to_string();
    let input = program.stdin.as_mut().unwrap();
    write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
}

fn read(output: &mut impl BufRead) -> Value {
    let mut length = 0;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        if line.trim_end().is_empty() {
            break;
        }
        length = line
            .trim_end()
            .strip_prefix("Content-Length: ")
            .unwrap()
            .parse()
            .unwrap();
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).unwrap();
    serde_json::from_slice(&body).unwrap()
}
