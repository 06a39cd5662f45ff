//! The state that the branch was made from: read in the background, once for each start and each
//! checkout. Without it, nothing is said of rewritten history, nor of drift where there is no lock.

use super::MainLoop;
use crate::cli::workspace_pair::{Side, State};
use crate::lsp::inbox::Event;
use crate::lsp::workers::panic_message;
use crate::revision::{default_branch, merge_base};
use index::configuration::Overrides;
use index::{FileKind, Reached, Snapshot};
use sql::STACK_SIZE;
use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::path::Path;
use std::thread;

/// A base that was read, or why there is none.
pub(in crate::lsp) struct ReadBase {
    /// Which reading it is; what is older is old.
    number: u64,
    base: Result<Snapshot, String>,
}

impl MainLoop {
    /// Has the base read, where there is anything to compare with it.
    pub(super) fn begin_base(&mut self) {
        self.bases += 1;
        let [root] = self.snapshot.roots() else {
            return;
        };
        let files = self.snapshot.files();
        let is_spec = |file: &&index::File| file.kind == FileKind::NativeSpec && !file.quiet;
        if !files.iter().any(is_spec) {
            return;
        }
        let configured = self.snapshot.settings(&root.join("rationale.toml"));
        let (root, branch) = (root.clone(), configured.base.clone());
        let (number, inbox) = (self.bases, self.inbox.clone());
        // A thread of its own: the workers have what people wait for to do.
        let run = move || {
            let base = catch_unwind(|| read(&root, branch.as_deref()));
            let base = base.unwrap_or_else(|panic| Err(panic_message(&*panic)));
            inbox.push(Event::Base(Box::new(ReadBase { number, base })));
        };
        let thread = thread::Builder::new()
            .name("base".to_owned())
            .stack_size(STACK_SIZE);
        if let Err(error) = thread.spawn(run) {
            tracing::warn!("the state that the branch was made from can't be read: {error}");
        }
    }

    /// The base has been read: everything is compared with it.
    pub(super) fn base_read(&mut self, read: ReadBase) {
        if read.number != self.bases {
            return;
        }
        match read.base {
            Ok(base) => self.findings.set_base(Some(base)),
            Err(reason) => {
                tracing::info!("nothing is compared with where this branch was made: {reason}");
                if self.findings.base().is_none() {
                    return;
                }
                self.findings.set_base(None);
            }
        }
        let everything = Reached {
            everything: true,
            ..Reached::default()
        };
        self.follow(&everything, &BTreeSet::new());
    }
}

fn read(root: &Path, branch: Option<&str>) -> Result<Snapshot, String> {
    let base = || {
        let branch = match branch {
            Some(branch) => branch.to_owned(),
            None => default_branch(root)?,
        };
        let revision = merge_base(root, &branch)?;
        let state = State::Revision {
            folder: root.to_owned(),
            revision: revision.commit,
        };
        Side::load(&state, &Overrides::default())
    };
    base()
        .map(|side| side.snapshot)
        .map_err(|error: anyhow::Error| format!("{error:#}"))
}
