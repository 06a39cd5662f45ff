//! Why a sentence is no guarantee: where it leaves the language, and what could stand there.

use super::expected::{self, Expected};
use super::table;
use syntax::{TextRange, TextSize};

/// Where and why a sentence is no guarantee.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SentenceProblem {
    /// The word that can't stand where it stands; empty and at the end, where the sentence stops too
    /// early. Counted from the start of the sentence.
    pub range: TextRange,
    /// What may stand there instead, in the order of the grammar.
    pub expected: Vec<Expected>,
}

/// The problem of a sentence of one line that does not parse.
pub(super) fn of(text: &str) -> SentenceProblem {
    let Some(stop) = table::stop(text) else {
        return start_of(text);
    };
    let before = text.get(..stop.after).unwrap_or_default();
    let rest = text.get(stop.after..).unwrap_or_default();
    let start = text.len() - rest.trim_start().len();
    SentenceProblem {
        range: word_at(text, start),
        expected: expected::at(before, stop.state),
    }
}

/// The problem of a sentence that says nothing.
fn start_of(text: &str) -> SentenceProblem {
    SentenceProblem {
        range: word_at(text, text.len()),
        expected: expected::expected_after(""),
    }
}

/// The problem of a sentence that goes wrong after `before`, where `before` alone could go on.
pub(super) fn after(text: &str, before: usize) -> SentenceProblem {
    let rest = text.get(before..).unwrap_or_default();
    SentenceProblem {
        range: word_at(text, text.len() - rest.trim_start().len()),
        expected: expected::expected_after(text.get(..before).unwrap_or_default()),
    }
}

/// The word, or the sign, that starts at an offset.
pub(super) fn word_at(text: &str, start: usize) -> TextRange {
    let rest = text.get(start..).unwrap_or_default();
    let is_part = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '$');
    let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let size = |bytes: usize| TextSize::try_from(bytes).unwrap_or_default();
    TextRange::at(size(start), size(end.max(first)))
}
