//! The language server: a thin front over `ide` and `checks`.
//!
//! Messages arrive in the [`backend`], which only passes them on; one thread, the [`main_loop`],
//! owns all state and never waits for the client; [`workers`] answer from snapshots; one task, the
//! [`outbox`], speaks to the client. Positions are converted here and nowhere below.
//!
//! **Invariant:** no handler awaits the client, and the main loop awaits nobody.
//! **Invariant:** standard output carries the protocol and nothing else.

mod backend;
mod capabilities;
mod commands;
mod configuration;
mod diagnostics;
mod documents;
mod edits;
mod gate;
mod inbox;
mod loading;
mod log;
mod main_loop;
mod outbox;
mod parent;
mod progress;
mod publishing;
mod pulling;
mod requests;
mod roots;
mod shutdown;
mod table_key;
mod uri;
mod view;
mod watchdog;
mod watching;
mod workers;

use backend::Backend;
use gate::Gate;
use index::System;
use main_loop::MainLoop;
use outbox::Outbox;
use shutdown::{EndOfInput, Ending};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tower_lsp::{LspService, Server};

pub use log::LogLines;

/// How long what is under way may still take once there is nobody to talk to.
const GRACE: Duration = Duration::from_millis(800);

/// What a server is started with.
#[derive(Debug)]
pub struct Options {
    /// The world that it reads from.
    pub system: Arc<dyn System>,
    /// What is to be shown in the client's log; `None` where nobody collects it.
    pub log: Option<LogLines>,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// As the protocol asks: `shutdown`, then `exit`.
    Orderly,
    /// Without `shutdown`: `exit` alone, the end of the input, or the death of the client.
    Abandoned,
}

/// Speaks the protocol over standard input and output until the client has gone.
///
/// The exit code is 0 after an orderly end, and 1 otherwise, as LSP 3.17 asks (`exit`).
pub fn run(system: Arc<dyn System>) -> ExitCode {
    let log = log::install();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("the server can't start: {error}");
            return ExitCode::from(2);
        }
    };
    let options = Options {
        system,
        log: Some(log),
    };
    let ended = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), options));
    // A read of standard input can't be interrupted, so the runtime is not waited for.
    runtime.shutdown_background();
    match ended {
        Ended::Orderly => ExitCode::SUCCESS,
        Ended::Abandoned => ExitCode::FAILURE,
    }
}

/// Speaks the protocol over any pair of streams until the client has gone.
pub async fn serve<I, O>(input: I, output: O, options: Options) -> Ended
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let (inbox, events) = inbox::channel();
    let ending = Arc::new(Ending::default());
    let was_shut_down = Arc::new(AtomicBool::new(false));

    let mut outbox = None;
    let (service, socket) = LspService::build(|client| {
        outbox = Some(Outbox::start(client, inbox.clone(), options.log));
        Backend::new(inbox.clone(), was_shut_down.clone())
    })
    .custom_method("rationale/fileText", Backend::file_text)
    .custom_method("window/workDoneProgress/cancel", Backend::cancel_progress)
    .finish();
    let Some(outbox) = outbox else {
        return Ended::Abandoned;
    };
    MainLoop::start(
        options.system,
        inbox.clone(),
        events,
        outbox,
        ending.clone(),
    );

    let serving = Server::new(EndOfInput::new(input, ending.clone()), output, socket)
        .concurrency_level(usize::MAX)
        .serve(Gate::new(service, ending.clone()));
    tokio::pin!(serving);
    tokio::select! {
        () = &mut serving => {}
        () = ending.reached() => {
            // Answers under way may still be written, unless the client no longer reads.
            let _ = tokio::time::timeout(GRACE, &mut serving).await;
        }
    }
    inbox.stop();
    if was_shut_down.load(Ordering::SeqCst) {
        Ended::Orderly
    } else {
        Ended::Abandoned
    }
}
