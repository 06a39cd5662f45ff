//! Work that takes its time: the client is shown how far it has come, and may cancel it.

use super::inbox::{Event, Inbox};
use super::outbox::Message;
use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::ls_types::{
    ProgressToken, WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressEnd,
    WorkDoneProgressReport,
};

/// What is being worked on, by the tokens that clients gave it.
#[derive(Clone, Debug, Default)]
pub(super) struct Running {
    tasks: Arc<Mutex<Vec<Known>>>,
}

/// The token of a task, and whether it is cancelled.
type Known = (ProgressToken, Arc<AtomicBool>);

impl Running {
    /// Takes note that a task is about to be done. Without a token nobody is told how far it is.
    pub(super) fn task(&self, token: Option<ProgressToken>, inbox: Inbox) -> Task {
        let is_cancelled = Arc::new(AtomicBool::new(false));
        if let Some(token) = &token {
            self.tasks().push((token.clone(), is_cancelled.clone()));
        }
        Task {
            running: self.clone(),
            inbox,
            token,
            is_cancelled,
            told: Cell::new(None),
        }
    }

    /// `window/workDoneProgress/cancel`
    pub(super) fn cancel(&self, token: &ProgressToken) {
        for (_, is_cancelled) in self.tasks().iter().filter(|(own, _)| own == token) {
            is_cancelled.store(true, Ordering::SeqCst);
        }
    }

    fn tasks(&self) -> MutexGuard<'_, Vec<Known>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A task. It is at its end when it is dropped.
#[derive(Debug)]
pub(super) struct Task {
    running: Running,
    inbox: Inbox,
    token: Option<ProgressToken>,
    is_cancelled: Arc<AtomicBool>,
    /// The percentage that the client was told last; `None` before it has begun.
    told: Cell<Option<u32>>,
}

impl Task {
    /// So much of `all` is done. Says whether to go on.
    pub(super) fn step(&self, title: &str, done: usize, all: usize) -> ControlFlow<()> {
        let percentage = (done * 100).checked_div(all).unwrap_or(100);
        let percentage = u32::try_from(percentage).unwrap_or(100).min(100);
        let before = self.told.replace(Some(percentage));
        let message = Some(format!("{done} of {all}"));
        let progress = match before {
            None => Some(WorkDoneProgress::Begin(WorkDoneProgressBegin {
                title: title.to_owned(),
                cancellable: Some(true),
                message,
                percentage: Some(percentage),
            })),
            Some(before) if before != percentage => {
                Some(WorkDoneProgress::Report(WorkDoneProgressReport {
                    cancellable: Some(true),
                    message,
                    percentage: Some(percentage),
                }))
            }
            Some(_) => None,
        };
        if let Some(progress) = progress {
            self.tell(progress);
        }
        match self.is_cancelled.load(Ordering::SeqCst) {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }

    /// The answer to a request that was cancelled (LSP 3.17, `LSPErrorCodes`).
    pub(super) fn cancelled() -> Error {
        Error {
            code: ErrorCode::RequestCancelled,
            message: "It was cancelled.".into(),
            data: None,
        }
    }

    /// Cancels it when it is dropped: with the request that it is done for.
    pub(super) fn guard(&self) -> Guard {
        Guard(self.is_cancelled.clone())
    }

    fn tell(&self, progress: WorkDoneProgress) {
        if let Some(token) = &self.token {
            let message = Message::Progress(token.clone(), progress);
            self.inbox.push(Event::Tell(message));
        }
    }
}

/// Somebody waits for a task as long as there is this.
#[derive(Debug)]
pub(super) struct Guard(Arc<AtomicBool>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if self.told.get().is_some() {
            self.tell(WorkDoneProgress::End(WorkDoneProgressEnd { message: None }));
        }
        let own = &self.is_cancelled;
        let mut tasks = self.running.tasks();
        tasks.retain(|(_, is_cancelled)| !Arc::ptr_eq(is_cancelled, own));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lsp::inbox;

    fn token() -> ProgressToken {
        ProgressToken::String("t".to_owned())
    }

    #[test]
    fn a_task_stops_when_its_progress_is_cancelled() {
        let (inbox, events) = inbox::channel();
        let running = Running::default();
        let (task, other) = (
            running.task(Some(token()), inbox.clone()),
            running.task(None, inbox),
        );
        assert!(task.step("Work", 0, 200).is_continue());
        assert!(task.step("Work", 1, 200).is_continue());
        running.cancel(&token());
        assert!(task.step("Work", 2, 200).is_break());
        assert!(other.step("Work", 2, 200).is_continue());
        drop((task, other));
        // Begun, one percent further, and at its end; half a percent is not worth a message.
        let told = std::iter::from_fn(|| events.try_recv().ok());
        assert_eq!(told.count(), 3);
        assert!(running.tasks().is_empty());
    }

    #[test]
    fn a_task_stops_when_nobody_waits_for_it() {
        let (inbox, _events) = inbox::channel();
        let task = Running::default().task(None, inbox);
        let guard = task.guard();
        assert!(task.step("Work", 0, 2).is_continue());
        drop(guard);
        assert!(task.step("Work", 1, 2).is_break());
    }
}
