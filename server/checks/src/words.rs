//! The words of a text as far as they say something, and lists of names in sentences.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::LazyLock;

/// Words that say nothing about why something is there: those that hold a sentence together, those
/// that are true of every column, and those of a note that is still to be written.
const EMPTY: &[&str] = &[
    "a",
    "an",
    "and",
    "are",
    "as",
    "at",
    "be",
    "because",
    "by",
    "column",
    "confirm",
    "contain",
    "contains",
    "data",
    "draft",
    "exist",
    "field",
    "for",
    "from",
    "give",
    "has",
    "have",
    "hold",
    "i",
    "in",
    "is",
    "it",
    "need",
    "needed",
    "of",
    "on",
    "or",
    "our",
    "represent",
    "required",
    "row",
    "show",
    "store",
    "table",
    "tbd",
    "that",
    "the",
    "their",
    "there",
    "these",
    "this",
    "to",
    "todo",
    "us",
    "use",
    "used",
    "value",
    "want",
    "we",
    "what",
    "which",
    "who",
    "why",
    "with",
];

/// The words of `text` that say something, folded so that letter case, plural, `snake_case` and
/// `camelCase` do not matter.
pub(crate) fn telling_words(text: &str) -> BTreeSet<String> {
    let words = words(text).into_iter();
    words
        .map(|word| singular(&word).to_owned())
        .filter(|word| !is_empty(word))
        .collect()
}

/// `` `a`, `b` and 3 more ``: at most `limit` names in full.
pub(crate) fn listed<N: Display>(names: &[N], limit: usize) -> String {
    // "and 1 more" would be longer than the name itself.
    let limit = if names.len() == limit + 1 {
        limit + 1
    } else {
        limit
    };
    let mut parts: Vec<String> = names
        .iter()
        .take(limit)
        .map(|name| format!("`{name}`"))
        .collect();
    if names.len() > limit {
        parts.push(format!("{} more", names.len() - limit));
    }
    match parts.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// "1 column", "2 columns".
pub(crate) fn count(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

fn is_empty(word: &str) -> bool {
    static FOLDED: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
        let empty = EMPTY.iter().copied();
        empty.flat_map(|word| [word, singular(word)]).collect()
    });
    FOLDED.contains(word)
}

fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in text.chars() {
        let starts_word = was_lower && letter.is_uppercase();
        if starts_word || !(letter.is_alphanumeric() || letter == '\'') {
            words.push(String::new());
        }
        was_lower = letter.is_lowercase();
        if let Some(word) = words.last_mut()
            && letter.is_alphanumeric()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A rough stem: enough to see that "identifies orders" says what "order identifier" says is not
/// asked of it, only that "orders" is "order".
fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        telling_words(text).into_iter().collect()
    }

    #[test]
    fn names_and_sentences_fold_to_the_same_words() {
        assert_eq!(told("order_amount"), ["amount", "order"]);
        assert_eq!(told("orderAmount"), ["amount", "order"]);
        assert_eq!(told("The orders' amount."), ["amount", "order"]);
        assert_eq!(
            told("We need this column because it is needed. TODO"),
            [""; 0]
        );
        assert_eq!(told("Invoices show it"), ["invoice"]);
        assert_eq!(told("売上のため"), ["売上のため"]);
    }

    #[test]
    fn a_list_names_the_first_and_counts_the_rest() {
        assert_eq!(listed(&["a"], 2), "`a`");
        assert_eq!(listed(&["a", "b"], 2), "`a` and `b`");
        assert_eq!(listed(&["a", "b", "c"], 2), "`a`, `b` and `c`");
        assert_eq!(listed(&["a", "b", "c", "d"], 2), "`a`, `b` and 2 more");
        assert_eq!(listed::<&str>(&[], 2), "");
    }
}
