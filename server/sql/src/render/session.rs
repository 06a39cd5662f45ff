//! What happens while one template is rendered: what it asked for, and what its text stands for.

use super::RenderContext;
use super::environment::FUEL;
use super::output::{FailedCall, Lookup, StandsFor};
use minijinja::{Error, ErrorKind, State, Value};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How much all calls of macros together may do.
const ALL_FUEL: u64 = 2 * FUEL;
/// What each call is charged besides.
const CALL: u64 = 20;
/// What a call that fails is charged: the engine does not tell what it did.
const FAILED_CALL: u64 = FUEL / 20;
/// A macro that failed this often is not run again.
const FAILURES: usize = 2;
/// How deep macros may call each other.
const DEEPEST: usize = 40;

/// One rendering of one template.
pub(super) struct Session {
    context: RenderContext,
    prefix: String,
    notes: Mutex<Notes>,
}

/// What was noted during a rendering.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// What the placeholders stand for, by their numbers.
    pub(super) placeholders: Vec<StandsFor>,
    /// The numbers of those that stand for tables.
    numbers: BTreeMap<StandsFor, usize>,
    /// Everything that was looked up.
    pub(super) looked_up: BTreeSet<Lookup>,
    /// `is_incremental()` was called.
    pub(super) asked_incremental: bool,
    /// A condition or a loop hung on something unknown.
    pub(super) guessed: bool,
    /// Calls that failed.
    pub(super) failed: Vec<FailedCall>,
    /// What `config(…)` was given so far.
    config: BTreeMap<String, Value>,
    /// What the macro that is being left returns, and the fuel that it burnt.
    returned: Option<(Value, u64)>,
    depth: usize,
    fuel: u64,
}

/// What it holds may hold it, so it tells nothing of that.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").finish_non_exhaustive()
    }
}

impl Session {
    pub(super) fn new(context: &RenderContext, text: &str) -> Session {
        let mut prefix = String::from("jinja");
        while contains_ignoring_case(text, &prefix) {
            prefix.push('q');
        }
        Session {
            context: context.clone(),
            prefix,
            notes: Mutex::default(),
        }
    }

    pub(super) fn context(&self) -> &RenderContext {
        &self.context
    }

    /// How placeholders begin; the template's text has nothing like it.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The notes, which leave the session: values in them may hold the session itself.
    pub(super) fn finish(&self) -> Notes {
        let mut notes = std::mem::take(&mut *self.notes());
        notes.config.clear();
        notes.returned = None;
        notes
    }

    /// A name for the text to stand for something. A table has one name, a hole a new one each time.
    pub(super) fn placeholder(&self, stands_for: StandsFor) -> String {
        let mut notes = self.notes();
        let number = match notes.numbers.get(&stands_for) {
            Some(number) => *number,
            None => {
                let number = notes.placeholders.len();
                if !matches!(stands_for, StandsFor::Unknown(_)) {
                    notes.numbers.insert(stands_for.clone(), number);
                }
                notes.placeholders.push(stands_for);
                number
            }
        };
        format!("{}{number}q", self.prefix)
    }

    pub(super) fn look_up(&self, lookup: Lookup) {
        self.notes().looked_up.insert(lookup);
    }

    pub(super) fn fail(&self, name: &SmolStr, error: &Error) {
        let mut message = error.to_string();
        let mut source = std::error::Error::source(error);
        while let Some(inner) = source {
            message.push_str(": ");
            message.push_str(&inner.to_string());
            source = inner.source();
        }
        self.notes().failed.push(FailedCall {
            name: name.clone(),
            message,
        });
    }

    /// Whether the macro failed so often that its text is not asked for again.
    pub(super) fn is_broken(&self, name: &SmolStr) -> bool {
        let notes = self.notes();
        let failed = notes.failed.iter().filter(|call| call.name == *name);
        failed.count() >= FAILURES
    }

    pub(super) fn guess(&self) {
        self.notes().guessed = true;
    }

    pub(super) fn is_incremental(&self) -> bool {
        self.notes().asked_incremental = true;
        self.context.is_incremental
    }

    pub(super) fn configure(&self, key: &str, value: Value) {
        self.notes().config.insert(key.to_owned(), value);
    }

    /// What the model's own file configured so far, if nothing goes before that.
    pub(super) fn configured(&self, key: &str) -> Option<Value> {
        self.look_up(Lookup::Config(SmolStr::new(key)));
        let is_above = self.context.configured.above.contains_key(key);
        let notes = self.notes();
        notes.config.get(key).filter(|_| !is_above).cloned()
    }

    /// Leaves the macro that is running with a value: the error goes up to the call.
    pub(super) fn leave_with(&self, value: Value, state: &State) -> Error {
        self.notes().returned = Some((value, burnt(state)));
        Error::new(ErrorKind::InvalidOperation, "return outside of a macro")
    }

    pub(super) fn returned(&self) -> Option<Value> {
        self.notes().returned.take().map(|(value, _)| value)
    }

    /// Runs the call of a macro, which gives the fuel it burnt along with what it gives.
    pub(super) fn nested<T>(
        &self,
        call: impl FnOnce() -> Result<(T, u64), Error>,
    ) -> Result<T, Error> {
        {
            let mut notes = self.notes();
            if notes.depth >= DEEPEST || notes.fuel > ALL_FUEL {
                return Err(Error::new(ErrorKind::OutOfFuel, "macros do too much"));
            }
            notes.depth += 1;
        }
        let result = call();
        let mut notes = self.notes();
        notes.depth -= 1;
        let fuel = match (&result, &notes.returned) {
            (Ok((_, fuel)), _) | (Err(_), Some((_, fuel))) => *fuel,
            (Err(error), None) if error.kind() == ErrorKind::SyntaxError => 0,
            (Err(_), None) => FAILED_CALL,
        };
        notes.fuel += CALL + fuel;
        result.map(|(value, _)| value)
    }
}

/// The fuel that a template burnt so far.
pub(super) fn burnt(state: &State) -> u64 {
    state.fuel_levels().map_or(0, |(consumed, _)| consumed)
}

fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.as_bytes()
        .windows(part.len())
        .any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}
