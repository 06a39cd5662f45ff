//! Threads that compute on snapshots while the main loop goes on.
//!
//! What a person waits for goes before what runs in the background, and the background never
//! takes the last thread. A job that panics ends alone.

use sql::STACK_SIZE;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

/// A pool of threads, one for each of the machine's, and at least two. They end with it.
#[derive(Debug)]
pub(super) struct Workers {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    urgent: VecDeque<Job>,
    background: VecDeque<Job>,
    /// How many more threads may take background work.
    background_threads: usize,
    is_closed: bool,
}

impl Workers {
    /// Starts the threads.
    pub(super) fn start() -> Workers {
        let threads = thread::available_parallelism()
            .map_or(2, usize::from)
            .max(2);
        let shared = Arc::new(Shared::default());
        shared.queue().background_threads = threads - 1;
        for number in 0..threads {
            let shared = shared.clone();
            let builder = thread::Builder::new()
                .name(format!("worker {number}"))
                .stack_size(STACK_SIZE);
            if let Err(error) = builder.spawn(move || shared.work()) {
                tracing::error!("a worker can't start: {error}");
            }
        }
        Workers { shared }
    }

    /// Work that somebody waits for.
    pub(super) fn urgent(&self, job: impl FnOnce() + Send + 'static) {
        self.shared.queue().urgent.push_back(Box::new(job));
        self.shared.changed.notify_one();
    }

    /// Work that can wait.
    pub(super) fn background(&self, job: impl FnOnce() + Send + 'static) {
        self.shared.queue().background.push_back(Box::new(job));
        self.shared.changed.notify_one();
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        let mut queue = self.shared.queue();
        queue.is_closed = true;
        queue.urgent.clear();
        queue.background.clear();
        drop(queue);
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn work(&self) {
        let mut queue = self.queue();
        loop {
            if queue.is_closed {
                return;
            }
            let (job, is_background) = if let Some(job) = queue.urgent.pop_front() {
                (job, false)
            } else if queue.background_threads > 0
                && let Some(job) = queue.background.pop_front()
            {
                queue.background_threads -= 1;
                (job, true)
            } else {
                queue = self
                    .changed
                    .wait(queue)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            drop(queue);
            if let Err(panic) = catch_unwind(AssertUnwindSafe(job)) {
                tracing::error!("a worker's job failed: {}", panic_message(&*panic));
            }
            queue = self.queue();
            if is_background {
                queue.background_threads += 1;
                self.changed.notify_one();
            }
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        // Jobs run without the lock, so nothing panics while it is held.
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let queue = self.queue();
        write!(
            f,
            "{} urgent, {} in the background",
            queue.urgent.len(),
            queue.background.len()
        )
    }
}

/// What a panic said.
pub(super) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "no message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::time::Duration;

    const LIMIT: Duration = Duration::from_secs(20);

    #[test]
    fn a_job_that_panics_ends_alone() {
        let workers = Workers::start();
        for _ in 0..100 {
            workers.urgent(|| panic!("on purpose"));
            workers.background(|| panic!("on purpose"));
        }
        let (done, finished) = mpsc::channel();
        workers.urgent(move || done.send(()).unwrap());
        finished.recv_timeout(LIMIT).unwrap();
    }

    #[test]
    fn background_work_leaves_a_thread_for_what_is_urgent() {
        let workers = Workers::start();
        let gate = Arc::new(Mutex::new(()));
        let held = gate.lock().unwrap();
        for _ in 0..1000 {
            let gate = gate.clone();
            workers.background(move || drop(gate.lock()));
        }
        let (done, finished) = mpsc::channel();
        workers.urgent(move || done.send(()).unwrap());
        finished.recv_timeout(LIMIT).unwrap();
        drop(held);
    }
}
