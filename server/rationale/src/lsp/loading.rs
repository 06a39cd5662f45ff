//! The start: the workspace is read by the workers, part by part, while the main loop goes on.

use super::inbox::{Event, Inbox};
use super::outbox::{Message, Outbox};
use super::workers::{Workers, panic_message};
use index::{Loaded, Loading};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use tower_lsp::ls_types::{
    ProgressToken, WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressEnd,
    WorkDoneProgressReport,
};

/// A part of the workspace that a worker has read.
#[derive(Debug)]
pub(super) struct LoadedBatch {
    /// Which start it belongs to; what belongs to an earlier one is old.
    pub(super) number: u64,
    /// The files.
    pub(super) files: Vec<Loaded>,
    /// Files whose reading failed in the server itself, and how.
    pub(super) failed: BTreeMap<PathBuf, String>,
}

/// How far a start has come.
#[derive(Debug)]
pub(super) struct Start {
    /// Tells this start from others.
    pub(super) number: u64,
    read: usize,
    all: usize,
    progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// The client does not show any, or is not ready to.
    Silent,
    Shown,
}

impl Start {
    /// Has the workers read what there is to be read.
    pub(super) fn begin(
        number: u64,
        loading: Loading,
        set_aside: &BTreeMap<PathBuf, String>,
        workers: &Workers,
        inbox: &Inbox,
    ) -> Start {
        let all = loading.batches.len();
        for mut batch in loading.batches {
            batch.retain(|path| !set_aside.contains_key(path));
            let (reader, inbox) = (loading.reader.clone(), inbox.clone());
            workers.background(move || {
                let mut loaded = LoadedBatch {
                    number,
                    files: Vec::new(),
                    failed: BTreeMap::new(),
                };
                for path in batch {
                    match catch_unwind(AssertUnwindSafe(|| reader.read(&path))) {
                        Ok(file) => loaded.files.extend(file),
                        Err(panic) => drop(loaded.failed.insert(path, panic_message(&*panic))),
                    }
                }
                inbox.push(Event::Loaded(loaded));
            });
        }
        Start {
            number,
            read: 0,
            all,
            progress: Progress::Silent,
        }
    }

    /// One more part has been read.
    pub(super) fn advance(&mut self, outbox: &Outbox) {
        self.read += 1;
        if self.progress == Progress::Shown {
            outbox.say(Message::Progress(
                self.token(),
                WorkDoneProgress::Report(WorkDoneProgressReport {
                    cancellable: Some(false),
                    message: None,
                    percentage: Some(self.percentage()),
                }),
            ));
        }
    }

    /// Whether everything has been read.
    pub(super) fn is_done(&self) -> bool {
        self.read >= self.all
    }

    /// What the client knows the progress by.
    pub(super) fn token(&self) -> ProgressToken {
        ProgressToken::String(format!("rationale/indexing/{}", self.number))
    }

    /// The client is ready to show how far it has come.
    pub(super) fn show(&mut self, outbox: &Outbox) {
        self.progress = Progress::Shown;
        outbox.say(Message::Progress(
            self.token(),
            WorkDoneProgress::Begin(WorkDoneProgressBegin {
                title: "Indexing".to_owned(),
                cancellable: Some(false),
                message: None,
                percentage: Some(self.percentage()),
            }),
        ));
    }

    /// It is over, one way or the other.
    pub(super) fn end(self, outbox: &Outbox) {
        if self.progress == Progress::Shown {
            let end = WorkDoneProgress::End(WorkDoneProgressEnd { message: None });
            outbox.say(Message::Progress(self.token(), end));
        }
    }

    fn percentage(&self) -> u32 {
        u32::try_from(self.read * 100 / self.all.max(1)).unwrap_or(100)
    }
}
