//! Random mutations of the fixtures: nothing panics, every range is one of the text, and where the
//! strict front end finds nothing wrong, `parse` does not either.

use crate::agreement::disagreement;
use crate::support::{Choices, FIXTURES};
use syntax::TextRange;
use syntax::yaml::{Node, Problem, parse, parse_strict, parse_tolerant};

const TOKENS: [&str; 44] = [
    "\"", "'", "[", "]", "{", "}", ": ", "- ", "\n", "\t", "  ", "#", " #", "&a ", "*a ", "|\n",
    ">-\n", "---\n", "...\n", "%", "?", "!", "!!str ", "<<: ", "\r\n", "\r", "\u{feff}", "é", "😀",
    "\0", "\\", "@", "`", "key: ", "\n\n", "\n  ", "\n    ", "\u{2028}", "~", "null", ",", ":",
    "-", "? ",
];

/// Twenty or so lines of a fixture, changed in up to six places.
fn mutated(choices: &mut Choices) -> String {
    let excerpt = |choices: &mut Choices| -> String {
        let lines: Vec<&str> = choices.of(FIXTURES).1.lines().collect();
        let start = choices.below(lines.len());
        let end = (start + 2 + choices.below(20)).min(lines.len());
        lines[start..end]
            .iter()
            .map(|line| format!("{line}\n"))
            .collect()
    };
    let mut text: Vec<char> = excerpt(choices).chars().collect();
    for _ in 0..=choices.below(6) {
        let at = choices.below(text.len() + 1);
        let end = (at + 1 + choices.below(20)).min(text.len());
        match choices.below(5) {
            0 => drop(text.splice(at.min(end)..end, [])),
            1 => drop(text.splice(at..at, choices.of(&TOKENS).chars())),
            2 => drop(text.splice(at..at, excerpt(choices).chars().take(60))),
            3 => {
                let copy: Vec<char> = text[at.min(end)..end].to_vec();
                let to = choices.below(text.len() + 1);
                drop(text.splice(to..to, copy));
            }
            _ => text.truncate(text.len() - choices.below(text.len() / 2 + 1)),
        }
    }
    text.into_iter().collect()
}

fn check_range(text: &str, range: TextRange) {
    assert!(
        text.get(range.start().into()..range.end().into()).is_some(),
        "{range:?} is no range of {text:?}"
    );
}

fn check_tree(text: &str, node: &Node) {
    check_range(text, node.range);
    for item in node.items() {
        check_tree(text, item);
    }
    for entry in node.entries() {
        check_tree(text, &entry.key);
        check_tree(text, &entry.value);
    }
}

#[test]
fn any_text_gives_an_answer_with_ranges_of_that_text() {
    let mut choices = Choices::new(1);
    for _ in 0..3_000 {
        let text = mutated(&mut choices);
        for parse in [parse(&text), parse_tolerant(&text)] {
            for document in &parse.documents {
                check_tree(&text, &document.root);
            }
            for problem in &parse.problems {
                check_range(&text, problem.range);
            }
            assert!(
                parse
                    .problems
                    .is_sorted_by_key(|problem| problem.range.start())
            );
        }
        let dangling = |problem: &Problem| problem.message.contains("stands for nothing");
        let problems = parse(&text).problems;
        match parse_strict(&text) {
            Ok(_) => assert!(problems.iter().all(dangling), "{problems:?} in {text:?}"),
            Err(_) => assert!(!problems.is_empty(), "no problem in {text:?}"),
        }
    }
}

#[test]
fn both_front_ends_agree_on_what_stays_valid() {
    let mut choices = Choices::new(7);
    let mut valid = 0;
    for _ in 0..1_500 {
        let text = shuffled(&mut choices);
        if parse_strict(&text).is_ok() {
            valid += 1;
            assert_eq!(disagreement(&text), None, "{text}");
        }
    }
    assert!(valid > 300, "only {valid} texts were valid");
}

/// An excerpt of a simple fixture in which whole lines are missing, twice there or elsewhere.
fn shuffled(choices: &mut Choices) -> String {
    // The others hold brackets over several lines, whose indentation the strict parser ignores.
    let mut lines: Vec<&str> = choices.of(&FIXTURES[..3]).1.lines().collect();
    let end = lines.len() - choices.below(lines.len() / 2);
    lines.truncate(end);
    for _ in 0..=choices.below(3) {
        let (from, to) = (choices.below(lines.len()), choices.below(lines.len()));
        match choices.below(3) {
            0 => drop(lines.remove(from)),
            1 => lines.insert(to, lines[from]),
            _ => lines.swap(from, to),
        }
    }
    lines.join("\n") + "\n"
}
