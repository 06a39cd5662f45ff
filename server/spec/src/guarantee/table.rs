//! The tables of the grammar, run over a sentence. What its nodes mean is for others to say.

use std::cell::RefCell;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use tree_sitter::{Language, LogType, Parser, Tree};

static LANGUAGE: LazyLock<Language> =
    LazyLock::new(|| Language::new(tree_sitter_guarantee::LANGUAGE));

/// The tables.
pub(super) fn language() -> &'static Language {
    &LANGUAGE
}

/// The tree over `text`, which may hold errors; none only where the tables were made for another
/// version of tree-sitter.
pub(super) fn tree(text: &str) -> Option<Tree> {
    thread_local! {
        static PARSER: RefCell<Option<Parser>> = RefCell::new(parser());
    }
    PARSER.with_borrow_mut(|parser| parser.as_mut()?.parse(text, None))
}

/// Where a sentence leaves the language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Stop {
    /// The end of the last token that could stand where it stands.
    pub(super) after: usize,
    /// The state of the parser there.
    pub(super) state: u16,
}

/// Where `text`, a sentence of one line, leaves the language; none where it is all of it.
///
/// Tree-sitter repairs an error where it can and tells only of the repair. Its log tells where the
/// first one was, and in which state.
pub(super) fn stop(text: &str) -> Option<Stop> {
    let trace: Arc<Mutex<(Stop, bool)>> = Arc::default();
    let mut parser = parser()?;
    let told = Arc::clone(&trace);
    parser.set_logger(Some(Box::new(move |kind, message| {
        let mut trace = told.lock().unwrap_or_else(PoisonError::into_inner);
        let (stop, is_found) = &mut *trace;
        if *is_found || kind != LogType::Parse {
            return;
        }
        if message.starts_with("detect_error") {
            *is_found = true;
        } else if let Some(details) = message.strip_prefix("process ") {
            *stop = stop_in(details).unwrap_or_default();
        }
    })));
    parser.parse(text, None)?;
    let (stop, is_found) = *trace.lock().unwrap_or_else(PoisonError::into_inner);
    is_found.then_some(stop)
}

/// The stop that a line of the log tells of: `version:0, version_count:1, state:5, row:0, col:10`.
fn stop_in(details: &str) -> Option<Stop> {
    let mut stop = Stop::default();
    for field in details.split(", ") {
        match field.split_once(':')? {
            ("state", value) => stop.state = value.parse().ok()?,
            ("col", value) => stop.after = value.parse().ok()?,
            _ => {}
        }
    }
    Some(stop)
}

fn parser() -> Option<Parser> {
    let mut parser = Parser::new();
    parser.set_language(&LANGUAGE).ok()?;
    Some(parser)
}
