//! What may stand at a place of a sentence, from the tables of the grammar: for errors and for
//! completion alike. Knows no table and no column.

use super::table;
use std::fmt;
use tree_sitter::Tree;

/// Something that may stand at a place of a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    /// A word of the language, or a sign, with the words that must follow it: `refers to`.
    Words(String),
    /// The name of a table or a column.
    Name,
    /// A type of the product's dialect.
    Type,
    /// A unit, or a time zone.
    Unit,
    /// The name of a function.
    Function,
    /// A word that is not the language's own: a classification, a materialization.
    Term,
    /// SQL, or more of it.
    Sql,
    /// Nothing: the sentence may end here.
    End,
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expected::Words(words) => write!(f, "`{words}`"),
            Expected::Name => f.write_str("the name of a table or a column"),
            Expected::Type => f.write_str("a type"),
            Expected::Unit => f.write_str("a unit or a time zone"),
            Expected::Function => f.write_str("the name of a function"),
            Expected::Term => f.write_str("a word"),
            Expected::Sql => f.write_str("SQL"),
            Expected::End => f.write_str("the end of the sentence"),
        }
    }
}

/// What may stand after `start`, the whole tokens that a sentence starts with, in the order of the
/// grammar; nothing, where no sentence starts like that.
pub fn expected_after(start: &str) -> Vec<Expected> {
    let start = super::parse::one_line(start);
    // A token that stands nowhere brings the parser to a stop behind the last one that does.
    let Some(stop) = table::stop(&format!("{start} {NOWHERE}")) else {
        return Vec::new();
    };
    if stop.after == start.trim_end().len() {
        at(&start, stop.state)
    } else {
        Vec::new()
    }
}

/// A quote that nothing closes is part of no token.
const NOWHERE: char = '\'';

/// A token of every kind that has no text of its own.
const ANY_WORD: &str = "x";

/// What may stand after `start`, where the parser is in `state`.
pub(super) fn at(start: &str, state: u16) -> Vec<Expected> {
    let mut expected = Vec::new();
    for found in symbols(state) {
        let found = match found {
            // Elsewhere `columns` is a name.
            Symbol::Word("columns") if !start.trim().is_empty() => continue,
            Symbol::Word(word) if fits(start, word) => Expected::Words(phrase(start, word)),
            Symbol::Kind(Expected::End) if !ends(start) => continue,
            Symbol::Kind(Expected::End) => Expected::End,
            Symbol::Kind(kind) if reaches(&format!("{start} {ANY_WORD}")) => kind,
            _ => continue,
        };
        if !expected.contains(&found) {
            expected.push(found);
        }
    }
    // Functions and other words are written as names are.
    if expected
        .iter()
        .any(|found| matches!(found, Expected::Function | Expected::Term))
    {
        expected.retain(|found| *found != Expected::Name);
    }
    // Only SQL has square brackets: what else can start a piece of it goes without saying.
    let is_sql = |found: &Expected| matches!(found, Expected::Words(word) if word == "[");
    if expected.iter().any(is_sql) {
        let signs = ["[", "(", "."];
        expected.retain(|found| match found {
            Expected::Words(word) => !signs.contains(&word.as_str()),
            found => *found != Expected::Sql,
        });
        expected.push(Expected::Sql);
    }
    expected
}

enum Symbol {
    Word(&'static str),
    Kind(Expected),
}

/// What the tables allow in a state. States that do alike are one in the tables, so that a token may be
/// among them which could only stand here after another start.
fn symbols(state: u16) -> Vec<Symbol> {
    let language = table::language();
    let Some(mut symbols) = language.lookahead_iterator(state) else {
        return Vec::new();
    };
    let mut ids: Vec<u16> = symbols.by_ref().collect();
    ids.sort_unstable();
    let symbol = |id: u16| {
        let kind = language.node_kind_for_id(id)?;
        Some(match kind {
            "end" => Symbol::Kind(Expected::End),
            "path" | "name" => Symbol::Kind(Expected::Name),
            "type" => Symbol::Kind(Expected::Type),
            "function" => Symbol::Kind(Expected::Function),
            "term" => Symbol::Kind(Expected::Term),
            "unit" => Symbol::Kind(Expected::Unit),
            "_sql_token" | "_sql_tokens" => Symbol::Kind(Expected::Sql),
            word if !language.node_kind_is_named(id) && language.node_kind_is_visible(id) => {
                Symbol::Word(word)
            }
            _ => return None,
        })
    };
    ids.into_iter().filter_map(symbol).collect()
}

/// A word with the words that must follow it.
fn phrase(start: &str, word: &str) -> String {
    // A table may be called `columns`, and then anything can follow.
    if word == "columns" {
        return "columns classified".to_owned();
    }
    let mut phrase = word.to_owned();
    for _ in 0..LONGEST_PHRASE {
        if !word.starts_with(char::is_alphabetic) {
            break;
        }
        let so_far = format!("{start} {phrase}");
        let Some(stop) = table::stop(&format!("{so_far} {NOWHERE}")) else {
            break;
        };
        let next: Vec<Symbol> = symbols(stop.state);
        let [Symbol::Word(only)] = next.as_slice() else {
            break;
        };
        if !only.starts_with(char::is_alphabetic) {
            break;
        }
        phrase = format!("{phrase} {only}");
    }
    phrase
}

/// No sentence has as many words in a row.
const LONGEST_PHRASE: usize = 6;

/// Whether a word of the language may follow `start` as such, and not as a name.
fn fits(start: &str, word: &str) -> bool {
    let longer = format!("{start} {word}");
    let is_word = |tree: Tree| {
        let leaf = tree
            .root_node()
            .descendant_for_byte_range(longer.len() - 1, longer.len());
        leaf.is_some_and(|leaf| leaf.kind() == word)
    };
    reaches(&longer) && table::tree(&longer).is_some_and(is_word)
}

/// Whether every token of `text` can stand where it stands.
fn reaches(text: &str) -> bool {
    table::stop(text).is_none_or(|stop| stop.after >= text.len())
}

/// Whether `start` is a sentence as it stands.
fn ends(start: &str) -> bool {
    !start.trim().is_empty() && table::stop(start).is_none()
}
