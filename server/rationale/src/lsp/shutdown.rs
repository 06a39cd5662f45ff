//! Notices that the server is at its end: the input ends, `exit` arrives, or the client has died.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, ReadBuf};
use tokio::sync::Notify;

/// Told once that the end is reached; all who wait are woken.
#[derive(Debug, Default)]
pub(super) struct Ending {
    is_reached: AtomicBool,
    notify: Notify,
}

impl Ending {
    /// Tells.
    pub(super) fn reach(&self) {
        self.is_reached.store(true, Ordering::SeqCst);
        self.notify.notify_waiters();
        self.notify.notify_one();
    }

    /// Whether it has been told.
    pub(super) fn is_reached(&self) -> bool {
        self.is_reached.load(Ordering::SeqCst)
    }

    /// Waits until it is told.
    pub(super) async fn reached(&self) {
        while !self.is_reached() {
            self.notify.notified().await;
        }
    }
}

/// An input that tells when it ends or fails.
#[derive(Debug)]
pub(super) struct EndOfInput<I> {
    input: I,
    ending: Arc<Ending>,
}

impl<I> EndOfInput<I> {
    /// Reads from `input`.
    pub(super) fn new(input: I, ending: Arc<Ending>) -> EndOfInput<I> {
        EndOfInput { input, ending }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for EndOfInput<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let had_room = buffer.remaining() > 0;
        let polled = Pin::new(&mut self.input).poll_read(context, buffer);
        if let Poll::Ready(result) = &polled
            && (result.is_err() || (had_room && buffer.filled().len() == before))
        {
            self.ending.reach();
        }
        polled
    }
}
