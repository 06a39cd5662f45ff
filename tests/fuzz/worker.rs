//! The process that runs inputs. It says on its standard output what it does, a line each, so that who
//! started it knows the input even if the process dies of it.

use super::corpus::Seed;
use super::input::Input;
use super::targets::Target;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// As large as the stack of the threads that read files.
pub(crate) const STACK: usize = 64 << 20;
/// Nothing that is asked once takes longer.
const LIMIT: Duration = Duration::from_secs(2);
/// What takes longer is told.
const SLOW: Duration = Duration::from_millis(200);

/// What becomes of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was answered; with `true`, as a query that is understood.
    Answered(bool),
    /// A panic, by where and why.
    Panicked(String),
}

/// Runs one input.
pub(crate) fn outcome(target: &Target, input: &Input) -> Outcome {
    let at: Arc<Mutex<String>> = Arc::default();
    let place = Arc::clone(&at);
    std::panic::set_hook(Box::new(move |info| {
        let message = info.payload_as_str().unwrap_or_default();
        let line: String = message
            .lines()
            .next()
            .unwrap_or_default()
            .chars()
            .take(300)
            .collect();
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        *place.lock().unwrap() = format!("{location} {line}");
    }));
    let answered = catch_unwind(AssertUnwindSafe(|| (target.asks)(input)));
    drop(std::panic::take_hook());
    match answered {
        Ok(understood) => Outcome::Answered(understood),
        Err(_) => Outcome::Panicked(at.lock().unwrap().clone()),
    }
}

/// Runs inputs from number `first` on for so many seconds.
pub(crate) fn work(
    target: &'static Target,
    seeds: Vec<Seed>,
    seed: u64,
    first: u64,
    time: Duration,
) {
    watched(LIMIT * target.times, move |tell| {
        let end = Instant::now() + time;
        for number in first.. {
            if Instant::now() > end {
                break;
            }
            let input = Input::of(&seeds, seed, number);
            tell(format!("start {number}"));
            let start = Instant::now();
            let outcome = outcome(target, &input);
            if start.elapsed() > SLOW {
                tell(format!("slow {}", start.elapsed().as_millis()));
            }
            tell(match outcome {
                Outcome::Answered(understood) => format!("done {}", u8::from(understood)),
                Outcome::Panicked(why) => format!("panic {why}"),
            });
        }
    });
}

/// Runs one input.
pub(crate) fn work_on(target: &'static Target, input: Input) {
    watched(LIMIT * target.times, move |tell| {
        tell("start 0".to_owned());
        tell(match outcome(target, &input) {
            Outcome::Answered(understood) => format!("done {}", u8::from(understood)),
            Outcome::Panicked(why) => format!("panic {why}"),
        });
    });
}

/// Does `work` on a thread with the stack of the server's, and ends the process where it does not tell
/// anything for too long.
fn watched(limit: Duration, work: impl FnOnce(&dyn Fn(String)) + Send + 'static) {
    let (told, heard) = channel();
    let working = move || {
        work(&|line| {
            let mut out = std::io::stdout().lock();
            // Who has gone does not listen.
            if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
                std::process::exit(1);
            }
            let _ = told.send(());
        });
    };
    let worker = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(working)
        .unwrap();
    let mut last = (Instant::now(), computed());
    loop {
        match heard.recv_timeout(limit) {
            Ok(()) => last = (Instant::now(), computed()),
            Err(RecvTimeoutError::Timeout) => {
                // Where the machine is busy with something else, time passes without any work.
                let worked = computed()
                    .zip(last.1)
                    .map(|(now, before)| now.saturating_sub(before));
                if worked.is_none_or(|worked| worked >= limit) || last.0.elapsed() > 10 * limit {
                    println!("hang");
                    std::process::exit(3);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    worker.join().unwrap();
}

/// What this process has computed so far, where the system tells.
fn computed() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name, which may have blanks, ends with the last parenthesis; then user and system time are
    // fields 12 and 13, in hundredths of a second.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |place: usize| fields.get(place)?.parse::<u64>().ok();
    Some(Duration::from_millis(10 * (field(11)? + field(12)?)))
}
