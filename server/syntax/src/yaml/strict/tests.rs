//! Ranges that the events alone do not tell.

use crate::yaml::{Node, NodeKind, parse};

fn root(text: &str) -> Node {
    let parse = parse(text);
    assert_eq!(parse.problems, []);
    parse.documents.into_iter().next().unwrap().root
}

fn text_of<'a>(text: &'a str, node: &Node) -> &'a str {
    text.get(node.range.start().into()..node.range.end().into())
        .unwrap()
}

#[test]
fn a_zero_indented_sequence_starts_at_its_dash() {
    let text = "columns: !ordered &c # all\n# of them\n- a\n-\n- b\nrest: 1\n";
    let root = root(text);
    let columns = &root.entry("columns").unwrap().value;
    assert_eq!(text_of(text, columns), "- a\n-\n- b");
    assert_eq!(columns.anchor.as_deref(), Some("c"));
    assert_eq!(columns.tag.as_deref(), Some("!ordered"));
    assert_eq!(columns.items()[1].kind, NodeKind::Null);
    assert_eq!(usize::from(columns.items()[1].range.start()), 42);
}

#[test]
fn a_block_scalar_reaches_from_its_header_to_its_last_line_of_text() {
    let text = "why: &w |+  # the reason\n\n  One.\n\n\n# next\nthen: >\n";
    let root = root(text);
    let why = &root.entry("why").unwrap().value;
    assert_eq!(text_of(text, why), "|+  # the reason\n\n  One.");
    assert_eq!(why.as_str(), Some("\nOne.\n\n\n"));
    assert_eq!(text_of(text, &root.entry("then").unwrap().value), ">");
}

#[test]
fn an_absent_value_stands_right_behind_its_indicator() {
    let text = "a:   # nothing\nb: &anchor\nc: { d, e: }\n? f\n";
    let root = root(text);
    let at = |node: &Node| usize::from(node.range.start());
    assert_eq!(at(&root.entry("a").unwrap().value), 2);
    assert_eq!(at(&root.entry("b").unwrap().value), 25);
    let flow = &root.entry("c").unwrap().value;
    assert_eq!(at(&flow.entry("d").unwrap().value), 32);
    assert_eq!(at(&flow.entry("e").unwrap().value), 36);
    assert_eq!(at(&root.entry("f").unwrap().value), 42);
}

#[test]
fn empty_texts_hold_no_documents_and_markers_hold_empty_ones() {
    assert_eq!(parse("").documents, []);
    assert_eq!(parse("\u{feff}# nothing\n\n").documents, []);
    assert_eq!(parse("---\n---\n# second\n...\n").documents.len(), 2);
}
