//! Keys that a mapping of YAML lacks, whatever the format that they are of.

use super::spec_place::Place;
use super::{Completion, CompletionKind};

/// A key that may be written.
pub(super) struct Offer {
    /// The key.
    pub(super) name: &'static str,
    /// What its value is, in a few words.
    pub(super) detail: Option<String>,
    /// What it says, as Markdown.
    pub(super) documentation: Option<String>,
    /// An item of a list may begin with it.
    pub(super) is_first: bool,
    /// What follows it.
    pub(super) follows: Follows,
}

/// What follows a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Follows {
    /// Nothing, not even a colon: it is a whole item of a list.
    Nothing,
    /// A value on its line.
    Value,
    /// A list between brackets.
    Bracketed,
    /// Lines of text.
    Lines,
    /// A mapping on the lines below.
    Mapping,
    /// A list of mappings on the lines below, and the key that an item starts with.
    List(Option<&'static str>),
}

/// How a key is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Typing {
    /// The mapping is to be an item of a list.
    pub(super) of_list: bool,
    /// A colon stands behind it already.
    pub(super) has_colon: bool,
    /// It is between braces, on one line with others.
    pub(super) in_flow: bool,
    /// What is written may have places to fill in.
    pub(super) snippets: bool,
}

/// Those of `offers` that the innermost mapping does not have yet.
pub(super) fn missing(
    place: &Place,
    typing: Typing,
    offers: impl Iterator<Item = Offer>,
) -> Vec<Completion> {
    let Some(level) = place.levels.last() else {
        return Vec::new();
    };
    // What is no item yet of the list that it is in becomes one.
    let is_bare = typing.of_list && !level.is_item && !typing.in_flow;
    if is_bare && !level.siblings.is_empty() {
        return Vec::new();
    }
    let column = level.column + if is_bare { 2 } else { 0 };
    let missing = offers.filter(|offer| {
        let mut siblings = level.siblings.iter();
        let is_there = siblings.any(|(sibling, _)| sibling == offer.name);
        !is_there && (!is_bare || offer.is_first)
    });
    let completions = missing.map(|offer| {
        let item = if is_bare { "- " } else { "" };
        let label = format!("{item}{}", offer.name);
        let text = match typing.has_colon || offer.follows == Follows::Nothing {
            true => label.clone(),
            false => format!("{label}:{}", behind(offer.follows, column, typing)),
        };
        Completion {
            is_snippet: typing.snippets && text.contains('$'),
            label,
            detail: offer.detail,
            documentation: offer.documentation,
            ..Completion::new(text, place.word, CompletionKind::Key)
        }
    });
    completions.collect()
}

/// What stands behind the colon of a key at `column`.
fn behind(follows: Follows, column: usize, typing: Typing) -> String {
    let blanks = " ".repeat(column + 2);
    match follows {
        Follows::Nothing => String::new(),
        _ if typing.in_flow => " ".to_owned(),
        Follows::List(Some(first)) if typing.snippets => format!("\n{blanks}- {first}: $0"),
        Follows::List(None) if typing.snippets => format!("\n{blanks}- $0"),
        Follows::Mapping if typing.snippets => format!("\n{blanks}$0"),
        Follows::Lines if typing.snippets => format!(" |\n{blanks}$0"),
        Follows::Bracketed if typing.snippets => " [$0]".to_owned(),
        Follows::List(_) | Follows::Mapping => String::new(),
        Follows::Value | Follows::Bracketed | Follows::Lines => " ".to_owned(),
    }
}
