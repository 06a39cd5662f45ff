//! The corpus that tree-sitter's own tool reads too: a sentence of every form, and the tree that it
//! must give.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests may panic, in their helpers too, and read their own files"
)]

use std::path::Path;
use tree_sitter::{Language, Parser, Query};

#[test]
fn every_sentence_of_the_corpus_gives_its_tree() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test/corpus");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        for case in cases(&text.replace("\r\n", "\n")) {
            assert_eq!(tree(case.source), case.tree, "{}", case.name);
            count += 1;
        }
    }
    assert!(count > 40, "{count} sentences are too few");
}

#[test]
fn the_queries_name_only_what_the_grammar_has() {
    for query in [
        tree_sitter_guarantee::HIGHLIGHTS,
        tree_sitter_guarantee::INJECTIONS,
    ] {
        let query = Query::new(&language(), query).unwrap();
        assert!(query.pattern_count() > 0);
    }
}

#[test]
fn every_word_of_the_language_is_highlighted() {
    let language = language();
    for id in 0..u16::try_from(language.node_kind_count()).unwrap() {
        let word = language.node_kind_for_id(id).unwrap();
        let is_word = language.node_kind_is_visible(id) && !language.node_kind_is_named(id);
        if is_word && word.chars().all(char::is_alphabetic) {
            let quoted = format!("\"{word}\"");
            assert!(
                tree_sitter_guarantee::HIGHLIGHTS.contains(&quoted),
                "{word}"
            );
        }
    }
}

fn language() -> Language {
    Language::new(tree_sitter_guarantee::LANGUAGE)
}

/// The tree over a source, on one line.
fn tree(source: &str) -> String {
    let mut parser = Parser::new();
    parser.set_language(&language()).unwrap();
    parser.parse(source, None).unwrap().root_node().to_sexp()
}

struct Case<'t> {
    name: &'t str,
    source: &'t str,
    tree: String,
}

/// Three parts after each other: a title between lines of `=`, a source, a line of `-`, a tree.
fn cases(text: &str) -> Vec<Case<'_>> {
    let mut parts = text.split("==================\n").map(str::trim_end);
    assert_eq!(parts.next(), Some(""), "a file starts with a title");
    let parts: Vec<&str> = parts.collect();
    parts
        .chunks(2)
        .map(|case| {
            let (source, tree) = case[1].split_once("\n---\n").expect("a source and a tree");
            Case {
                name: case[0],
                source: source.trim_start_matches('\n'),
                tree: on_one_line(tree),
            }
        })
        .collect()
}

fn on_one_line(tree: &str) -> String {
    tree.split_whitespace().collect::<Vec<_>>().join(" ")
}
