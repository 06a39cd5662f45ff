//! Reports a main loop that is stuck: without it a hang looks like a server with nothing to say.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

/// No event takes this long unless something is wrong.
const LIMIT: Duration = Duration::from_secs(10);
const INTERVAL: Duration = Duration::from_secs(1);

/// What the main loop is at, and since when.
#[derive(Debug, Default)]
pub(super) struct Watchdog {
    current: Arc<Mutex<Option<Current>>>,
}

#[derive(Debug)]
struct Current {
    name: &'static str,
    since: Instant,
    is_reported: bool,
}

impl Watchdog {
    /// Starts to watch, until the watchdog is dropped.
    pub(super) fn start() -> Watchdog {
        let watchdog = Watchdog::default();
        let current = Arc::downgrade(&watchdog.current);
        let watch = thread::Builder::new()
            .name("watchdog".to_owned())
            .spawn(move || watch(&current));
        if let Err(error) = watch {
            tracing::warn!("the main loop is not watched: {error}");
        }
        watchdog
    }

    /// The main loop begins with this.
    pub(super) fn begin(&self, name: &'static str) {
        self.set(Some(Current {
            name,
            since: Instant::now(),
            is_reported: false,
        }));
    }

    /// The main loop waits for what comes next.
    pub(super) fn rest(&self) {
        self.set(None);
    }

    fn set(&self, current: Option<Current>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = current;
    }
}

fn watch(current: &Weak<Mutex<Option<Current>>>) {
    loop {
        thread::sleep(INTERVAL);
        let Some(current) = current.upgrade() else {
            return;
        };
        let mut current = current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(report) = overdue(current.as_mut(), Instant::now()) {
            tracing::error!("{report}");
        }
    }
}

/// What is to be reported, once for each event.
fn overdue(current: Option<&mut Current>, now: Instant) -> Option<String> {
    let current = current?;
    let taken = now.saturating_duration_since(current.since);
    if current.is_reported || taken < LIMIT {
        return None;
    }
    current.is_reported = true;
    Some(format!(
        "the server has been at {} for {} seconds; please report this, with the file that was edited last",
        current.name,
        taken.as_secs()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_too_long_is_reported_once() {
        let since = Instant::now();
        let mut current = Current {
            name: "textDocument/didOpen",
            since,
            is_reported: false,
        };
        assert_eq!(
            overdue(Some(&mut current), since + Duration::from_secs(9)),
            None
        );
        let report = overdue(Some(&mut current), since + Duration::from_secs(11)).unwrap();
        assert!(
            report.contains("textDocument/didOpen for 11 seconds"),
            "{report}"
        );
        assert_eq!(
            overdue(Some(&mut current), since + Duration::from_secs(12)),
            None
        );
    }
}
