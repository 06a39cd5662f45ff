//! Notices that the client's process is gone, so that the server does not outlive it
//! (LSP 3.17, `InitializeParams.processId`).

use super::shutdown::Ending;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

const INTERVAL: Duration = Duration::from_millis(500);

/// Tells `ending` once the process of that number has gone.
///
/// Where the system can't be asked, the end of the input is what tells.
pub(super) fn watch(process: u32, ending: Arc<Ending>) {
    let watch = thread::Builder::new()
        .name("parent".to_owned())
        .spawn(move || {
            while !ending.is_reached() {
                if !is_alive(process) {
                    tracing::info!("the client's process {process} is gone");
                    ending.reach();
                }
                thread::sleep(INTERVAL);
            }
        });
    if let Err(error) = watch {
        tracing::warn!("the client's process is not watched: {error}");
    }
}

#[cfg(unix)]
fn is_alive(process: u32) -> bool {
    let Some(process) = i32::try_from(process)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    else {
        return true;
    };
    // It exists too where we are not allowed to signal it.
    rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH)
}

#[cfg(not(unix))]
fn is_alive(_: u32) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_alive_until_it_has_ended() {
        assert!(is_alive(std::process::id()));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert!(!is_alive(child.id()));
    }
}
