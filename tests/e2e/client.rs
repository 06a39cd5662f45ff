//! A client: sends what a test tells it to, remembers everything that it receives, and answers the
//! server's own requests as the test wants.

use index::System;
use rationale::lsp::{Ended, Options, serve};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, WriteHalf,
};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// Nothing that is expected takes longer, on however busy a machine.
const LIMIT: Duration = Duration::from_secs(60);

/// How a server is started.
pub(crate) struct Setup {
    pub(crate) system: Arc<dyn System>,
    pub(crate) folders: Vec<String>,
    pub(crate) capabilities: Value,
    pub(crate) options: Value,
    pub(crate) process: Option<u32>,
    pub(crate) answers: BTreeMap<String, Value>,
    pub(crate) never_answers: bool,
    /// How much either side may have written that the other has not read, in bytes.
    pub(crate) pipe: usize,
}

impl Setup {
    pub(crate) fn new(system: impl System + 'static) -> Setup {
        Setup {
            system: Arc::new(system),
            folders: vec!["/w".to_owned()],
            capabilities: json!({}),
            options: Value::Null,
            process: None,
            answers: BTreeMap::new(),
            never_answers: false,
            pipe: 1 << 16,
        }
    }

    pub(crate) fn capabilities(self, capabilities: Value) -> Setup {
        Setup {
            capabilities,
            ..self
        }
    }

    pub(crate) fn answer(mut self, method: &str, answer: Value) -> Setup {
        self.answers.insert(method.to_owned(), answer);
        self
    }

    /// Starts the server and shakes hands with it.
    pub(crate) async fn start(self) -> Client {
        let mut client = self.connect();
        let folders: Vec<Value> = client
            .setup
            .folders
            .iter()
            .map(|path| json!({ "uri": uri(path), "name": path }))
            .collect();
        let params = json!({
            "processId": client.setup.process,
            "rootUri": null,
            "capabilities": client.setup.capabilities,
            "initializationOptions": client.setup.options,
            "workspaceFolders": folders,
        });
        client.server = client.request("initialize", params).await.unwrap();
        client.notify("initialized", json!({})).await;
        client
    }

    /// Starts the server and says nothing.
    pub(crate) fn connect(self) -> Client {
        let (ours, theirs) = tokio::io::duplex(self.pipe);
        let (their_input, their_output) = tokio::io::split(theirs);
        let (our_input, output) = tokio::io::split(ours);
        let options = Options {
            system: self.system.clone(),
            log: None,
        };
        let serving = tokio::spawn(serve(their_input, their_output, options));
        let output = Arc::new(tokio::sync::Mutex::new(Some(output)));
        let received = Arc::new(Received::default());
        let answering = Answering {
            answers: self.answers.clone(),
            never: self.never_answers,
            output: output.clone(),
            received: received.clone(),
        };
        tokio::spawn(answering.read(our_input));
        Client {
            setup: self,
            server: Value::Null,
            serving,
            output,
            received,
            last_id: 0,
        }
    }
}

/// What has been received, in order.
#[derive(Default)]
pub(crate) struct Received {
    messages: Mutex<Vec<Value>>,
    more: Notify,
}

type Output = Arc<tokio::sync::Mutex<Option<WriteHalf<DuplexStream>>>>;

pub(crate) struct Client {
    setup: Setup,
    /// What the server answered to `initialize`.
    pub(crate) server: Value,
    serving: JoinHandle<Ended>,
    output: Output,
    received: Arc<Received>,
    last_id: i64,
}

impl Client {
    pub(crate) async fn notify(&self, method: &str, params: Value) {
        send(
            &self.output,
            &json!({ "jsonrpc": "2.0", "method": method, "params": params }),
        )
        .await;
    }

    /// Sends a request and waits for the answer, or the error.
    pub(crate) async fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params).await;
        self.answer(id).await
    }

    /// Sends a request and gives its number.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        let id = self.last_id;
        send(
            &self.output,
            &json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }),
        )
        .await;
        id
    }

    /// Waits for the answer to a request, or the error.
    pub(crate) async fn answer(&self, id: i64) -> Result<Value, Value> {
        let is_answer =
            |message: &Value| message["id"] == json!(id) && message.get("method").is_none();
        let what = format!("the answer to request {id}");
        let answer = self
            .wait(&what, |all| {
                all.iter().find(|message| is_answer(message)).cloned()
            })
            .await;
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["result"].clone()),
        }
    }

    /// Waits until what has been received gives something.
    pub(crate) async fn wait<T>(&self, what: &str, find: impl Fn(&[Value]) -> Option<T>) -> T {
        let search = async {
            loop {
                let more = self.received.more.notified();
                tokio::pin!(more);
                more.as_mut().enable();
                if let Some(found) = find(&self.received.messages.lock().unwrap()) {
                    return found;
                }
                more.await;
            }
        };
        match tokio::time::timeout(LIMIT, search).await {
            Ok(found) => found,
            Err(_) => panic!("{what} did not come; received: {:#?}", self.all()),
        }
    }

    /// Everything received so far.
    pub(crate) fn all(&self) -> Vec<Value> {
        self.received.messages.lock().unwrap().clone()
    }

    /// Everything received so far with this method.
    pub(crate) fn received(&self, method: &str) -> Vec<Value> {
        self.all()
            .into_iter()
            .filter(|message| message["method"] == method)
            .collect()
    }

    /// Waits for a message with this method.
    pub(crate) async fn message(&self, method: &str) -> Value {
        self.wait(method, |all| {
            all.iter()
                .find(|message| message["method"] == method)
                .cloned()
        })
        .await["params"]
            .clone()
    }

    pub(crate) async fn open(&self, path: &str, version: i32, text: &str) {
        let document = json!({ "uri": uri(path), "languageId": "plaintext", "version": version, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }))
            .await;
    }

    /// Replaces the whole text.
    pub(crate) async fn replace(&self, path: &str, version: i32, text: &str) {
        self.change(path, version, json!([{ "text": text }])).await;
    }

    pub(crate) async fn change(&self, path: &str, version: i32, changes: Value) {
        let document = json!({ "uri": uri(path), "version": version });
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": changes }),
        )
        .await;
    }

    pub(crate) async fn close(&self, path: &str) {
        self.notify(
            "textDocument/didClose",
            json!({ "textDocument": { "uri": uri(path) } }),
        )
        .await;
    }

    pub(crate) async fn save(&self, path: &str) {
        self.notify(
            "textDocument/didSave",
            json!({ "textDocument": { "uri": uri(path) } }),
        )
        .await;
    }

    pub(crate) async fn changed_on_disk(&self, path: &str) {
        let change = json!({ "uri": uri(path), "type": 2 });
        self.notify(
            "workspace/didChangeWatchedFiles",
            json!({ "changes": [change] }),
        )
        .await;
    }

    /// The text and version of a document as the server has it.
    pub(crate) async fn text(&mut self, path: &str) -> (String, i64) {
        let answer = self
            .request("rationale/fileText", json!({ "uri": uri(path) }))
            .await
            .unwrap();
        (
            answer["text"].as_str().unwrap().to_owned(),
            answer["version"].as_i64().unwrap(),
        )
    }

    /// All diagnostics published for a file so far, the newest last.
    pub(crate) fn published(&self, path: &str) -> Vec<Value> {
        let all = self
            .received("textDocument/publishDiagnostics")
            .into_iter()
            .map(|message| message["params"].clone());
        all.filter(|params| params["uri"] == uri(path)).collect()
    }

    /// Waits until the newest diagnostics published for a file are as expected.
    pub(crate) async fn diagnostics(&self, path: &str, expected: impl Fn(&Value) -> bool) -> Value {
        self.wait(&format!("the diagnostics of {path}"), |all| {
            let last = all.iter().rev().find(|message| {
                message["method"] == "textDocument/publishDiagnostics"
                    && message["params"]["uri"] == uri(path)
            });
            last.map(|message| message["params"].clone())
                .filter(|params| expected(params))
        })
        .await
    }

    /// Waits until the codes of the newest diagnostics of a file are these, in any order.
    pub(crate) async fn codes(&self, path: &str, expected: &[&str]) {
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        self.diagnostics(path, |params| codes(params) == expected)
            .await;
    }

    /// Closes the pipe to the server.
    pub(crate) async fn hang_up(&self) {
        if let Some(mut output) = self.output.lock().await.take() {
            output.shutdown().await.unwrap();
        }
    }

    /// How the server ends; it must, in time.
    pub(crate) async fn ended(self) -> Ended {
        let ended = tokio::time::timeout(LIMIT, self.serving).await;
        ended.expect("the server goes on").unwrap()
    }

    /// Whether the server still answers.
    pub(crate) async fn is_alive(&mut self) -> bool {
        let params = json!({ "textDocument": { "uri": "file:///nowhere.sql" }, "position": { "line": 0, "character": 0 } });
        self.request("textDocument/hover", params).await.is_ok()
    }
}

/// The address of a file.
pub(crate) fn uri(path: &str) -> String {
    format!("file://{path}")
}

/// The codes of published diagnostics, sorted.
pub(crate) fn codes(params: &Value) -> Vec<&str> {
    let mut codes: Vec<&str> = params["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].as_str().unwrap())
        .collect();
    codes.sort_unstable();
    codes
}

async fn send(output: &Output, message: &Value) {
    if let Some(output) = output.lock().await.as_mut() {
        let body = message.to_string();
        let framed = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        // A server that has ended takes nothing any more.
        let _ = output.write_all(framed.as_bytes()).await;
    }
}

struct Answering {
    answers: BTreeMap<String, Value>,
    never: bool,
    output: Output,
    received: Arc<Received>,
}

impl Answering {
    async fn read(self, input: impl AsyncRead + Unpin) {
        let mut input = BufReader::new(input);
        while let Some(message) = read_message(&mut input).await {
            self.received.messages.lock().unwrap().push(message.clone());
            self.received.more.notify_waiters();
            let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) else {
                continue;
            };
            let default = if method == "workspace/configuration" {
                json!([null])
            } else {
                Value::Null
            };
            let answer = match self.answers.get(method) {
                _ if self.never => continue,
                Some(answer) => answer.clone(),
                None => default,
            };
            let (output, response) = (
                self.output.clone(),
                json!({ "jsonrpc": "2.0", "id": id, "result": answer }),
            );
            // On its own, so that a full pipe does not keep us from reading.
            tokio::spawn(async move { send(&output, &response).await });
        }
    }
}

/// The next message; `None` at the end.
async fn read_message(input: &mut (impl AsyncBufReadExt + Unpin)) -> Option<Value> {
    let mut length = None;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("Content-Length: ") {
            length = Some(value.parse::<usize>().unwrap());
        }
    }
    let mut body = vec![0; length.expect("a message without a length")];
    input.read_exact(&mut body).await.ok()?;
    Some(serde_json::from_slice(&body).unwrap())
}
