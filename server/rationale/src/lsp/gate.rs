//! What passes by on its way into tower-lsp: `exit`, which ends the server, and `initialize`, which
//! is made readable.

use super::shutdown::Ending;
use serde_json::{Value, json};
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_lsp::jsonrpc::Request;
use tower_lsp::ls_types::InitializeParams;
use tower_service::Service;

/// What `initialize` is read from when the client's capabilities can't be read.
const NEEDED: [&str; 5] = [
    "processId",
    "rootPath",
    "rootUri",
    "workspaceFolders",
    "initializationOptions",
];

/// A service that looks at each message before another one gets it.
#[derive(Debug)]
pub(super) struct Gate<S> {
    service: S,
    ending: Arc<Ending>,
}

impl<S> Gate<S> {
    /// Passes everything on to `service`.
    pub(super) fn new(service: S, ending: Arc<Ending>) -> Gate<S> {
        Gate { service, ending }
    }
}

impl<S: Service<Request>> Service<Request> for Gate<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.service.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match request.method() {
            // A client that asked for it may never read again, so nothing is waited for.
            "exit" => self.ending.reach(),
            "initialize" => return self.service.call(readable(request)),
            _ => {}
        }
        self.service.call(request)
    }
}

/// The same request, with no capabilities at all where those sent are not what the protocol says:
/// a client that announces one thing wrongly is still to be served.
fn readable(request: Request) -> Request {
    let (method, id, params) = request.into_parts();
    let mut params = params.unwrap_or_default();
    if let Err(error) = serde_json::from_value::<InitializeParams>(params.clone()) {
        tracing::warn!("the client's capabilities are passed over: {error}");
        params = needed(&params);
    }
    let request = Request::build(method).params(params);
    match id {
        Some(id) => request.id(id).finish(),
        None => request.finish(),
    }
}

fn needed(params: &Value) -> Value {
    let mut needed = json!({ "capabilities": {} });
    for key in NEEDED {
        let mut with = needed.clone();
        if let (Some(value), Some(object)) = (params.get(key), with.as_object_mut()) {
            object.insert(key.to_owned(), value.clone());
        }
        // Each key on its own: one that can't be read does not take the others with it.
        if serde_json::from_value::<InitializeParams>(with.clone()).is_ok() {
            needed = with;
        }
    }
    needed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(params: Value) -> InitializeParams {
        let request = readable(Request::build("initialize").params(params).id(1).finish());
        assert_eq!(request.id(), Some(&1.into()));
        serde_json::from_value(request.params().cloned().unwrap_or_default()).unwrap()
    }

    #[test]
    fn capabilities_that_make_no_sense_are_none() {
        for capabilities in [json!(null), json!([]), json!({ "textDocument": 7 })] {
            let params =
                read(json!({ "processId": 3, "rootUri": 5, "capabilities": capabilities }));
            assert_eq!(params.process_id, Some(3));
            assert_eq!(params.capabilities, Default::default());
        }
    }

    #[test]
    fn capabilities_that_can_be_read_are_kept() {
        let params = read(json!({ "capabilities": { "workspace": { "applyEdit": true } } }));
        assert_eq!(
            params.capabilities.workspace.unwrap().apply_edit,
            Some(true)
        );
    }
}
