//! Where the log goes: to standard error, and to the client's log window.
//!
//! `RATIONALE_LOG` filters it, in the syntax of `tracing_subscriber::EnvFilter`: `debug`,
//! `info,index=trace`.

use std::fmt::{Debug, Write};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tower_lsp::ls_types::MessageType;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

const DEFAULT_FILTER: &str = "info,tower_lsp_server=warn";

/// More than this waits for nobody: a client that does not read must not cost memory.
const WAITING_LINES: usize = 1024;

/// What is to be shown in the client's log window.
#[derive(Debug)]
pub struct LogLines(Receiver<LogLine>);

/// One line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LogLine {
    /// How much it matters.
    pub(super) level: MessageType,
    /// What it says.
    pub(super) text: String,
}

impl LogLines {
    /// The next line; `None` when there will be none.
    pub(super) async fn next(&mut self) -> Option<LogLine> {
        self.0.recv().await
    }
}

/// Sends this process's log to standard error, and to the lines that it gives.
pub(super) fn install() -> LogLines {
    #[allow(
        clippy::disallowed_methods,
        reason = "the environment is read once, in the program"
    )]
    let wanted = std::env::var("RATIONALE_LOG").unwrap_or_else(|_| DEFAULT_FILTER.to_owned());
    let (filter, complaint) = match EnvFilter::try_new(&wanted) {
        Ok(filter) => (filter, None),
        Err(error) => (EnvFilter::new(DEFAULT_FILTER), Some(error)),
    };
    let (sender, lines) = mpsc::channel(WAITING_LINES);
    let installed = tracing_subscriber::registry()
        .with(filter)
        .with(fmt::layer().with_writer(std::io::stderr).with_ansi(false))
        .with(ToClient(sender))
        .try_init();
    if let Some(error) = complaint {
        tracing::warn!("RATIONALE_LOG is passed over: {error}");
    }
    if installed.is_err() {
        tracing::debug!("another log is in place already");
    }
    LogLines(lines)
}

struct ToClient(Sender<LogLine>);

impl<S: Subscriber> Layer<S> for ToClient {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        // What the sending itself logs would be sent in turn, and so on for ever.
        let is_sending = ["tower", "tokio", "mio"]
            .iter()
            .any(|below| metadata.target().starts_with(below));
        if is_sending && *metadata.level() > Level::WARN {
            return;
        }
        let mut text = Text(String::new());
        event.record(&mut text);
        let level = match *metadata.level() {
            Level::ERROR => MessageType::ERROR,
            Level::WARN => MessageType::WARNING,
            Level::INFO => MessageType::INFO,
            _ => MessageType::LOG,
        };
        // A line too many is lost here; standard error still has it.
        let _ = self.0.try_send(LogLine {
            level,
            text: text.0,
        });
    }
}

/// The message of an event, and its fields behind it.
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // Writing to a string can't fail.
        let _ = if field.name() == "message" {
            let fields = std::mem::take(&mut self.0);
            write!(self.0, "{value:?}{fields}")
        } else {
            write!(self.0, " {}={value:?}", field.name())
        };
    }
}
