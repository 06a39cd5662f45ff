//! The thread that owns all state: takes events in the order in which they happened, keeps the
//! workspace current, and hands work to the workers. It waits for events and for nothing else.
//!
//! A burst of events is taken in at once, and what it adds up to is worked out once, at its end.
//! Only a request in between has what came before it worked out first, for its answer must be of
//! the text that the client had when it asked.

mod base;
mod changes;
mod findings;
mod recovery;
mod start;

use super::capabilities::Abilities;
use super::configuration::EditorSettings;
use super::documents::Documents;
use super::inbox::{Event, Events, FileText, Inbox, Needs, Read};
use super::loading::Start;
use super::outbox::Outbox;
use super::publishing::Publisher;
use super::pulling::Puller;
use super::shutdown::Ending;
use super::view::View;
use super::watchdog::Watchdog;
use super::watching::Heads;
use super::workers::Workers;
pub(super) use base::ReadBase;
use changes::Pending;
use checks::Findings;
use ide::PastRenames;
use index::{FileId, Snapshot, System, Workspace};
use recovery::Recovery;
use sql::STACK_SIZE;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::RecvTimeoutError;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;
use tower_lsp::ls_types::ClientCapabilities;

/// After so many events at once, what they add up to is worked out even if more are waiting.
const LONGEST_BURST: usize = 4096;

/// All state of the server.
pub(super) struct MainLoop {
    system: Arc<dyn System>,
    inbox: Inbox,
    outbox: Outbox,
    workers: Workers,
    watchdog: Watchdog,
    ending: Arc<Ending>,

    abilities: Abilities,
    /// The folders that the client has open.
    folders: Vec<PathBuf>,
    settings: EditorSettings,
    documents: Documents,
    /// Changes that the workspace has not been told of.
    pending: Pending,

    workspace: Workspace,
    snapshot: Snapshot,
    findings: Findings,
    past_renames: Arc<Mutex<PastRenames>>,
    /// Counts the states of the workspace.
    generation: u64,
    heads: Heads,
    recovery: Recovery,

    /// When reading the workspace begins: once the documents that are open have arrived.
    start_at: Option<Instant>,
    start: Option<Start>,
    starts: u64,
    /// How often the base was asked for.
    bases: u64,

    /// Files whose findings the client has to be told of, or told to ask for.
    unpublished: BTreeSet<FileId>,
    /// Findings of an open document may have changed otherwise than by an edit of it.
    has_news: bool,
    /// What is shown above and behind names may have changed in a document that was not edited.
    shown_has_news: bool,
    publisher: Publisher,
    puller: Puller,
}

impl MainLoop {
    /// Starts the thread. It ends with [`Event::Stop`].
    pub(super) fn start(
        system: Arc<dyn System>,
        inbox: Inbox,
        events: Events,
        outbox: Outbox,
        ending: Arc<Ending>,
    ) {
        let run = move || {
            let workspace = Workspace::new(system.clone(), Vec::new());
            let snapshot = workspace.snapshot();
            let main_loop = MainLoop {
                system,
                inbox,
                outbox,
                workers: Workers::start(),
                watchdog: Watchdog::start(),
                ending,
                abilities: Abilities::new(&ClientCapabilities::default()),
                folders: Vec::new(),
                settings: EditorSettings::default(),
                documents: Documents::default(),
                pending: Pending::default(),
                workspace,
                snapshot,
                findings: Findings::default(),
                past_renames: Arc::default(),
                generation: 0,
                heads: Heads::default(),
                recovery: Recovery::default(),
                start_at: None,
                start: None,
                starts: 0,
                bases: 0,
                unpublished: BTreeSet::new(),
                has_news: false,
                shown_has_news: false,
                publisher: Publisher::default(),
                puller: Puller::default(),
            };
            main_loop.run(&events);
        };
        let thread = thread::Builder::new()
            .name("main loop".to_owned())
            .stack_size(STACK_SIZE);
        if let Err(error) = thread.spawn(run) {
            tracing::error!("the server can't start: {error}");
        }
    }

    fn run(mut self, events: &Events) {
        loop {
            let mut next = match self.wait(events) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            let mut taken = 0;
            while let Some(event) = next {
                if matches!(event, Event::Stop) {
                    return;
                }
                self.guarded(event.name(), |main_loop| main_loop.handle(event));
                taken += 1;
                next = if taken < LONGEST_BURST {
                    events.try_recv().ok()
                } else {
                    None
                };
            }
            self.guarded("what a burst of events adds up to", MainLoop::settle);
            self.watchdog.rest();
        }
    }

    fn wait(&self, events: &Events) -> Result<Event, RecvTimeoutError> {
        match self.start_at {
            Some(at) => events.recv_timeout(at.saturating_duration_since(Instant::now())),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// Does something that must not take the server with it if it fails.
    fn guarded(&mut self, name: &'static str, work: impl FnOnce(&mut MainLoop)) {
        self.watchdog.begin(name);
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(self))) {
            self.recover(name, &*panic);
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Initialize(params, reply) => {
                let answer = self.initialize(*params);
                let _ = reply.send(Ok(answer));
            }
            Event::Initialized => self.initialized(),
            Event::Opened(params) => self.opened(params),
            Event::Changed(params) => self.changed(params),
            Event::Saved(params) => self.saved(&params),
            Event::Closed(params) => self.closed(&params),
            Event::FilesChanged(params) => self.files_changed(&params),
            Event::FilesOperated(_, addresses) => self.files_operated(&addresses),
            Event::ConfigurationChanged(params) => self.configuration_changed(params),
            Event::FoldersChanged(params) => self.folders_changed(&params),
            Event::Read { name, needs, read } => self.read(name, &needs, read),
            Event::FileText(path, reply) => {
                let _ = reply.send(Ok(self.file_text(&path)));
            }
            Event::WorkspaceDiagnostic(params, reply) => self.puller.wait(params, reply),
            Event::Tell(message) => self.outbox.say(message),
            Event::Configuration(answer) => self.told_configuration(answer.unwrap_or_default()),
            Event::ProgressCreated => self.progress_created(),
            Event::Loaded(batch) => self.loaded(batch),
            Event::Base(base) => self.base_read(*base),
            Event::Converted(converted) => self.converted(converted),
            Event::Stop => {}
        }
    }

    /// What a burst of events adds up to.
    fn settle(&mut self) {
        if self.start_at.is_some_and(|at| at <= Instant::now()) {
            self.start_at = None;
            self.begin_loading();
        }
        self.flush();
        self.tell_findings();
        self.refresh_shown();
    }

    /// Has a worker read the workspace as it is now.
    fn read(&mut self, name: &'static str, needs: &Needs, read: Read) {
        self.flush();
        let mut view = self.view();
        let findings_of = match needs {
            Needs::FindingsOf(path) => Some(path.as_path()),
            Needs::Nothing | Needs::Workspace => None,
        };
        if matches!(needs, Needs::Workspace) {
            view.workspace = Some(self.workspace.clone());
        }
        view.failure = findings_of.and_then(|path| self.recovery.failures().get(path).cloned());
        if let Some(file) = findings_of.and_then(|path| self.snapshot.file_at(path)) {
            view.findings = self.findings.of_file(&self.snapshot, file.id);
            view.base = self.findings.base().cloned();
        }
        self.workers.urgent(move || {
            tracing::trace!("answers {name}");
            read(&view);
        });
    }

    fn view(&mut self) -> View {
        let open = self.documents.open_documents();
        let mut view = View::new(self.snapshot.clone(), self.abilities, open);
        view.answers = self.findings.answers().clone();
        view.shown = self.settings.shown();
        view.past_renames = self.past_renames.clone();
        view
    }

    fn file_text(&self, path: &Path) -> Option<FileText> {
        let version = self.documents.get(path)?.version;
        Some(FileText {
            version,
            text: self.documents.text(path)?,
        })
    }
}
