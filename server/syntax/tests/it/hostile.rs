//! Texts made to hurt: each gives an answer, and in time that grows with its length only.
//!
//! A test that takes minutes instead of milliseconds has failed; no limit is asserted, for machines
//! differ.

use syntax::yaml::{Resolver, parse, parse_tolerant};

/// Parses `text` with both front ends on a small stack, as threads of a server have it.
fn survives(text: String) {
    let parser = std::thread::Builder::new().stack_size(2 << 20);
    let run = move || {
        let parse = parse(&text);
        parse_tolerant(&text);
        for document in &parse.documents {
            let resolver = Resolver::new(document);
            resolver.entries(&document.root);
        }
    };
    parser.spawn(run).unwrap().join().unwrap();
}

#[test]
fn deep_nesting_is_a_problem() {
    for opened in ["[", "{a: ", "- ", "? ", "a: ", "{", "[[{x: ", "!t ", "&a "] {
        let text = opened.repeat(20_000);
        let problems = parse(&text).problems;
        assert!(!problems.is_empty(), "{opened:?}");
        assert!(problems.len() < 10, "{opened:?}: {problems:?}");
        survives(text);
    }
    let closed = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    assert_eq!(parse(&closed).problems.len(), 1);
    survives(closed);
    let stairs: String = (0..1_500)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    assert_eq!(
        parse(&stairs).problems[0].message,
        "This is nested too deeply to be read."
    );
    survives(stairs);
    let tabbed: String = (0..700)
        .map(|depth| format!("\ta:\n{}b:\n", " ".repeat(depth + 1)))
        .collect();
    survives(tabbed);
    survives("&a\n".repeat(50_000));
    survives(
        (0..1_500)
            .map(|depth| format!("{}!t\n", " ".repeat(depth)))
            .collect(),
    );
}

#[test]
fn nesting_below_the_limits_is_none() {
    let stairs: String = (0..128)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    assert_eq!(parse(&stairs).problems, []);
    let brackets = format!("{}{}", "[".repeat(64), "]".repeat(64));
    assert_eq!(parse(&brackets).problems, []);
    survives(stairs + &brackets);
}

#[test]
fn bombs_of_aliases_are_not_expanded() {
    let mut laughs = String::from("a0: &a0 [lol, lol, lol]\n");
    for level in 1..30 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        laughs += &format!("a{level}: &a{level} [{items}]\n");
    }
    assert_eq!(parse(&laughs).problems, []);
    survives(laughs);
    survives("a: &a [*a]\n".to_owned());
    survives(format!(
        "a: &a \"{}\"\nb:\n{}",
        "x".repeat(100_000),
        "- *a\n".repeat(10_000)
    ));
    survives((0..20_000).map(|at| format!("- &a{at} x\n")).collect());
}

#[test]
fn long_texts_take_linear_time() {
    survives(format!("a: {}\n", "word ".repeat(100_000)));
    survives("# comment\n".repeat(50_000) + "a: 1\n");
    survives((0..40_000).map(|at| format!("key_{at}: value\n")).collect());
    survives("a: 1\n".repeat(40_000));
    survives(format!("{}: 1\n", "k".repeat(200_000)));
    survives("---\n".repeat(20_000));
    survives("%FOO bar\n".repeat(20_000) + "---\na: 1\n");
    survives("\n".repeat(500_000) + "a: 1\n");
    survives(format!("a: |\n{}", "  text\n".repeat(40_000)));
    survives(format!("[{}]", "a: b, ".repeat(40_000)));
    survives(format!("a: {}\n", "!".repeat(100_000)));
}

#[test]
fn what_never_ends_takes_linear_time() {
    survives(format!("a: \"{}", "x y\n  ".repeat(50_000)));
    survives("a: '\n".repeat(20_000));
    survives(format!("x:\n{}", "  'a\n  \"b\n".repeat(10_000)));
    survives("word\n\n\n".repeat(20_000));
    survives("a: [b\n".repeat(20_000));
    survives("\t".repeat(100_000) + "a: 1\n");
    survives(format!("{}[{}", " ".repeat(50_000), "a,".repeat(50_000)));
    survives(" \t: {\n".repeat(20_000));
    let mixed = (0..5_000).map(|at| match at % 5 {
        0 => "a: [b\n".to_owned(),
        1 => " c: 'd\n".to_owned(),
        2 => "\te: f\n".to_owned(),
        3 => "- g: h: i\n".to_owned(),
        _ => format!("{}x\n", " ".repeat(at % 17)),
    });
    survives(mixed.collect());
}

#[test]
fn odd_characters_and_line_ends() {
    survives("a: \0\u{1}\u{7f}\nb: \u{85}\u{2028}\u{feff}\n".to_owned());
    let carriage_returns = parse("a: 1\rb: 2\rc:\r  - x\r");
    assert_eq!(carriage_returns.problems, []);
    assert_eq!(carriage_returns.root().unwrap().entries().len(), 3);
    let marked = parse("\u{feff}a: 1\nb: é\n");
    assert_eq!(marked.problems, []);
    assert_eq!(marked.root().unwrap().entries().len(), 2);
}

#[test]
fn commented_out_blocks_are_no_problem() {
    let block = "  # - name: x\n  #   why: \"\n\n  #\n".repeat(500);
    let text = format!("columns:\n{block}  - name: a\n{block}  - name: b\n{block}rest:\n{block}");
    assert_eq!(parse(&text).problems, []);
    assert_eq!(parse_tolerant(&text).documents, parse(&text).documents);
}
