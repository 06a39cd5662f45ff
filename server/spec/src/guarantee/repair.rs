//! The sentences that one which does not parse was likeliest meant to be: what people write instead of
//! the words of the language, and misspelled words. Every proposal parses.

use super::problem::SentenceProblem;
use super::{Expected, parse};
use crate::nearest;
use syntax::TextRange;

/// The sentences that `sentence`, which does not parse, was likeliest meant to be, the likeliest first;
/// none where nothing is near.
pub fn nearest_forms(sentence: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut tried: Vec<String> = vec![sentence.trim().to_owned()];
    let mut at = 0;
    let mut depths: Vec<usize> = vec![0];
    while let (Some(attempt), Some(depth)) = (tried.get(at).cloned(), depths.get(at).copied()) {
        at += 1;
        match parse(&attempt) {
            Ok(_) if depth == 0 => break,
            Ok(_) => found.push(attempt),
            Err(problem) if depth < MOST_EDITS => {
                for next in edited(&attempt, &problem) {
                    if tried.len() < MOST_ATTEMPTS && !tried.contains(&next) {
                        tried.push(next);
                        depths.push(depth + 1);
                    }
                }
            }
            Err(_) => {}
        }
        if found.len() == MOST_FORMS {
            break;
        }
    }
    found
}

/// A sentence that needs more edits than this is not near to what comes out.
const MOST_EDITS: usize = 2;

/// How many sentences are tried.
const MOST_ATTEMPTS: usize = 120;

/// How many are proposed.
const MOST_FORMS: usize = 3;

/// The sentence after each edit that may mend its first problem, the likeliest first.
fn edited(sentence: &str, problem: &SentenceProblem) -> Vec<String> {
    let mut edited: Vec<String> = said_otherwise(sentence).collect();
    let (start, end) = (problem.range.start().into(), problem.range.end().into());
    let before = sentence.get(..start).unwrap_or_default().trim_end();
    let word = sentence.get(start..end).unwrap_or_default();
    let rest = sentence.get(start..).unwrap_or_default();
    let after = sentence.get(end..).unwrap_or_default().trim_start();
    let mut push = |middle: &str, after: &str| {
        let parts = [before, middle, after];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        edited.push(parts.join(" "));
    };
    let phrases = problem
        .expected
        .iter()
        .filter_map(|expected| match expected {
            Expected::Words(words) if words.starts_with(char::is_alphabetic) => {
                Some(words.as_str())
            }
            _ => None,
        });
    let phrases: Vec<&str> = phrases.collect();
    let first = |phrase: &'_ str| phrase.split(' ').next().unwrap_or_default().to_owned();
    let firsts: Vec<String> = phrases.iter().map(|phrase| first(phrase)).collect();
    if let Some(meant) = nearest(word, firsts.iter().map(String::as_str)) {
        push(meant, after);
        for phrase in phrases.iter().filter(|phrase| first(phrase) == meant) {
            push(phrase, after);
        }
    }
    if problem.expected.contains(&Expected::End) && word == "." && after.is_empty() {
        push("", "");
    }
    // Words left out: `keeps latest row per` lacks one of `the latest row per`.
    for phrase in &phrases {
        if let Some((left_out, _)) = phrase.split_once(&format!(" {word}"))
            && !word.is_empty()
        {
            push(left_out, rest);
        }
    }
    let opens = |expected: &Expected| matches!(expected, Expected::Words(words) if words == "(");
    if problem.expected.iter().any(opens) && !word.is_empty() {
        push(&in_parentheses(rest), "");
    }
    // A word too few: where only one could follow.
    if let ([phrase], false) = (phrases.as_slice(), word.is_empty()) {
        push(phrase, rest);
        push(phrase, after);
    }
    edited
}

/// What people list without parentheses, `open, paid` or `'open' or 'paid'`, as a list of values.
fn in_parentheses(listed: &str) -> String {
    let listed = listed.replace(" or ", ",").replace(" and ", ",");
    let values = listed.split(',').map(str::trim);
    let values = values.filter(|value| !value.is_empty());
    let quoted = values.map(|value| {
        let is_bare = value.starts_with(char::is_alphabetic);
        match is_bare {
            true => format!("'{value}'"),
            false => value.to_owned(),
        }
    });
    format!("({})", quoted.collect::<Vec<_>>().join(", "))
}

/// The sentence in the words of the language, where it says something of it in others.
fn said_otherwise(sentence: &str) -> impl Iterator<Item = String> {
    OTHER_WORDS.iter().filter_map(move |(other, own)| {
        let at = find(sentence, other)?;
        let (before, rest) = (sentence.get(..at)?, sentence.get(at + other.len()..)?);
        // The words that are said already stand around it.
        let is_said = |word: &str| {
            let before = before.trim_end().to_ascii_lowercase();
            before.ends_with(&format!(" {word}"))
        };
        let left_out = own
            .strip_prefix(other)
            .and_then(|own| own.split_whitespace().next());
        let is_there = |next: &str| rest.trim_start().starts_with(next);
        if left_out.is_some_and(is_there) {
            return None;
        }
        let own = match own.split_once(' ') {
            Some((first, others)) if is_said(first) => others,
            _ => own,
        };
        Some(format!("{before}{own}{rest}"))
    })
}

/// Where a phrase stands, by whole words and in any letter case.
fn find(sentence: &str, phrase: &str) -> Option<usize> {
    let lower = sentence.to_ascii_lowercase();
    let is_part =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '\'' | '"');
    let mut places = lower.match_indices(phrase).map(|(at, _)| at);
    places.find(|at| {
        let before = lower
            .get(..*at)
            .and_then(|before| before.chars().next_back());
        let after = lower
            .get(at + phrase.len()..)
            .and_then(|after| after.chars().next());
        let is_word = phrase.ends_with(char::is_alphanumeric);
        !(before.is_some_and(is_part) || is_word && after.is_some_and(is_part))
    })
}

/// How people say things that the language has other words for, the longer ones first.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("has exactly one row per", "has one row per"),
    ("has one row for each", "has one row per"),
    ("has one row for every", "has one row per"),
    ("has one row for", "has one row per"),
    ("has a row per", "has one row per"),
    ("must not be null", "is never null"),
    ("cannot be null", "is never null"),
    ("can't be null", "is never null"),
    ("can not be null", "is never null"),
    ("is always set", "is never null"),
    ("is always filled", "is never null"),
    ("is never empty", "is never null"),
    ("is not nullable", "is never null"),
    ("is non-null", "is never null"),
    ("is not null", "is never null"),
    ("is mandatory", "is never null"),
    ("is required", "is never null"),
    ("not null", "is never null"),
    ("never null", "is never null"),
    ("does not exist", "is absent"),
    ("doesn't exist", "is absent"),
    ("is not there", "is absent"),
    ("is removed", "is absent"),
    ("is dropped", "is absent"),
    ("is missing", "is absent"),
    ("is there", "exists"),
    ("is present", "exists"),
    ("must be unique", "is unique"),
    ("is distinct", "is unique"),
    ("is unique by", "has one row per"),
    ("is unique per", "has one row per"),
    ("is unique on", "has one row per"),
    ("is a unique key", "is unique"),
    ("is either", "is one of"),
    ("is any of", "is one of"),
    ("is in (", "is one of ("),
    ("in (", "is one of ("),
    ("is calculated as", "="),
    ("is computed as", "="),
    ("is defined as", "="),
    ("is equal to", "="),
    ("equals", "="),
    ("==", "="),
    (":=", "="),
    ("references", "refers to"),
    ("points to", "refers to"),
    ("is measured in", "is in"),
    ("contains no rows where", "excludes rows where"),
    ("has no rows where", "excludes rows where"),
    ("never has rows where", "excludes rows where"),
    ("excludes where", "excludes rows where"),
    ("excludes rows with", "excludes rows where"),
    ("excludes", "excludes rows where"),
    ("only contains rows where", "only has rows where"),
    ("contains only rows where", "only has rows where"),
    ("has only rows where", "only has rows where"),
    ("only has rows with", "only has rows where"),
    ("keeps all rows of", "keeps every row of"),
    ("keeps each row of", "keeps every row of"),
    ("keeps every row from", "keeps every row of"),
    ("keeps the last row per", "keeps the latest row per"),
    ("keeps the newest row per", "keeps the latest row per"),
    ("is derived from", "comes from"),
    ("is taken from", "comes from"),
    ("derives from", "comes from"),
    ("comes only from", "comes from"),
    ("is copied from", "comes unchanged from"),
    ("does not come from", "never comes from"),
    ("doesn't come from", "never comes from"),
    ("does not read", "never reads"),
    ("doesn't read", "never reads"),
    ("reads from", "reads"),
    ("does not leave", "never leaves"),
    ("is materialised as", "is materialized as"),
    ("is built as", "is materialized as"),
    ("was renamed from", "is renamed from"),
    ("was called", "is renamed from"),
];

impl SentenceProblem {
    /// What is wrong, as a sentence to a person: what could stand there, and what is meant perhaps.
    pub fn message(&self, sentence: &str) -> String {
        let range: std::ops::Range<usize> = self.range.into();
        let word = sentence.get(range.clone()).unwrap_or_default();
        if word == "." && self.expected.contains(&Expected::End) {
            return "A guarantee ends without a full stop.".to_owned();
        }
        let rest = sentence.get(range.end..).unwrap_or_default();
        if matches!(word, "'" | "\"" | "`") && !rest.contains(word) {
            return format!("This quote is not closed: `{word}` is missing at its end.")
                .replace("````", "`` ` ``")
                .replace("```", "`` ` ``");
        }
        let expected = self.list();
        match word {
            "" if expected.is_empty() => "This says nothing that can be checked.".to_owned(),
            "" => format!("The sentence ends too early: expected {expected}."),
            _ if expected.is_empty() => format!("`{word}` can't stand here."),
            _ => format!("Expected {expected}, not `{word}`."),
        }
    }

    /// What may stand there, but for the signs that go without saying.
    fn list(&self) -> String {
        let is_sign = |expected: &&Expected| matches!(expected, Expected::Words(words) if words == "." || words == ",");
        let mut all: Vec<&Expected> = self.expected.iter().collect();
        if all.iter().any(|expected| !is_sign(expected)) {
            all.retain(|expected| !is_sign(expected));
        }
        let (last, others) = match all.split_last() {
            None => return String::new(),
            Some((last, others)) => (last.to_string(), others),
        };
        let others: Vec<String> = others.iter().map(ToString::to_string).collect();
        if others.is_empty() {
            last
        } else {
            format!("{} or {last}", others.join(", "))
        }
    }
}

/// The part of `source`, what stands in the file for `sentence`, that says `part` of the sentence; none
/// where it can't be told, because YAML folds or escapes more than quotes.
pub fn part_of_source(source: &str, sentence: &str, part: TextRange) -> Option<TextRange> {
    if source == sentence {
        return Some(part);
    }
    let quote = source
        .chars()
        .next()
        .filter(|quote| matches!(quote, '\'' | '"'))?;
    let offset = |wanted: usize| {
        let (mut at, mut said) = (1, 0);
        while said < wanted {
            let rest = source.get(at..)?;
            let letter = rest.chars().next()?;
            let escaped = match (quote, letter) {
                ('\'', '\'') | ('"', '\\') => rest.chars().nth(1),
                _ => None,
            };
            let means = sentence.get(said..)?.chars().next()?;
            // Only escapes that stand for the letter behind them.
            if escaped.unwrap_or(letter) != means {
                return None;
            }
            at += letter.len_utf8() + escaped.map_or(0, char::len_utf8);
            said += means.len_utf8();
        }
        u32::try_from(at).ok()
    };
    let start = offset(part.start().into())?;
    let end = offset(part.end().into())?;
    Some(TextRange::new(start.into(), end.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_is_found_and_parses() {
        for (sentence, meant) in [
            ("orders.id is not null", "orders.id is never null"),
            ("orders.id is mandatory", "orders.id is never null"),
            ("orders.id is distinct", "orders.id is unique"),
            ("orders.id is uniqe", "orders.id is unique"),
            ("orders.id Is Unique", "orders.id is unique"),
            (
                "orders.id references customers.id",
                "orders.id refers to customers.id",
            ),
            (
                "orders.id refers customers.id",
                "orders.id refers to customers.id",
            ),
            (
                "orders.status in ('a', 'b')",
                "orders.status is one of ('a', 'b')",
            ),
            (
                "orders.status is in ('a', 'b')",
                "orders.status is one of ('a', 'b')",
            ),
            (
                "orders.status is one of 'a', 'b'",
                "orders.status is one of ('a', 'b')",
            ),
            (
                "orders.status is either open or paid",
                "orders.status is one of ('open', 'paid')",
            ),
            (
                "orders.rating is one of 1, 2",
                "orders.rating is one of (1, 2)",
            ),
            (
                "orders has one row for order_id",
                "orders has one row per order_id",
            ),
            ("orders.a comes form raw.b", "orders.a comes from raw.b"),
            ("orders exists.", "orders exists"),
            ("orders EXISTS", "orders exists"),
            ("legacy does not exist", "legacy is absent"),
            ("orders.total == 1", "orders.total = 1"),
            (
                "orders has no rows where is_test",
                "orders excludes rows where is_test",
            ),
            (
                "orders keeps latest row per id by at",
                "orders keeps the latest row per id by at",
            ),
            ("orders list its columns", "orders lists its columns"),
            ("orders.id never null", "orders.id is never null"),
            (
                "orders excludes is_test",
                "orders excludes rows where is_test",
            ),
            ("orders is unique by id", "orders has one row per id"),
        ] {
            let forms = nearest_forms(sentence);
            assert_eq!(
                forms.first().map(String::as_str),
                Some(meant),
                "{sentence}: {forms:?}"
            );
            assert!(forms.iter().all(|form| parse(form).is_ok()), "{forms:?}");
            assert!(
                !forms.iter().any(|form| form.contains("is is")),
                "{forms:?}"
            );
        }
        for sentence in [
            "",
            "The shop marks test orders within a day.",
            "orders.amount is positive",
            "x y z",
            "orders.",
        ] {
            assert_eq!(nearest_forms(sentence), Vec::<String>::new(), "{sentence}");
        }
    }

    #[test]
    fn a_message_says_what_was_expected() {
        let message = |sentence: &str| parse(sentence).unwrap_err().message(sentence);
        assert_eq!(
            message("orders keeps all rows"),
            "Expected `every row of` or `the latest row per`, not `all`."
        );
        assert_eq!(
            message("orders exists."),
            "A guarantee ends without a full stop."
        );
        assert_eq!(
            message("orders.status is one of 'a', 'b'"),
            "Expected `(`, not `'`."
        );
        assert_eq!(
            message("orders.status is one of ('a"),
            "This quote is not closed: `'` is missing at its end."
        );
        assert_eq!(
            message("orders keeps"),
            "The sentence ends too early: expected `every row of` or `the latest row per`."
        );
    }

    #[test]
    fn a_part_is_found_behind_escapes() {
        let part = |source: &str, sentence: &str, range: std::ops::Range<u32>| {
            let range = TextRange::new(range.start.into(), range.end.into());
            let part: std::ops::Range<usize> = part_of_source(source, sentence, range)?.into();
            source.get(part).map(str::to_owned)
        };
        assert_eq!(part("a is x", "a is x", 5..6).as_deref(), Some("x"));
        assert_eq!(
            part("'a = ''b'' c'", "a = 'b' c", 8..9).as_deref(),
            Some("c")
        );
        assert_eq!(
            part("\"a = \\\"b\\\" c\"", "a = \"b\" c", 8..9).as_deref(),
            Some("c")
        );
        assert_eq!(part("\"a \\u0062 c\"", "a b c", 4..5), None);
        assert_eq!(part(">\n  a\n  b", "a b", 2..3), None);
    }
}
