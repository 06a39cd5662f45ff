//! Aliases and merges mean what YAML says, and hostile ones cost nothing.

use super::Resolver;
use crate::yaml::{Parse, parse};

fn merged(text: &str, key: &str) -> String {
    let parse = parse(text);
    let document = &parse.documents[0];
    let resolver = Resolver::new(document);
    let value = &document.root.entry(key).unwrap().value;
    let entries = resolver.entries(value).into_iter().map(|entry| {
        let value = resolver
            .resolve(&entry.value)
            .and_then(|node| node.as_str());
        format!(
            "{}={}",
            entry.key.as_str().unwrap_or("?"),
            value.unwrap_or("?")
        )
    });
    entries.collect::<Vec<_>>().join(" ")
}

#[test]
fn own_entries_win_over_merged_ones_and_earlier_sources_over_later_ones() {
    let text = "
one: &one {a: 1, b: 1}
two: &two {b: 2, c: 2}
nested: &nested {<<: *two, d: 3}
sum: {<<: [*one, *nested], a: 0, \"<<\": quoted}
";
    assert_eq!(merged(text, "sum"), "a=0 <<=quoted b=1 d=3 c=2");
}

#[test]
fn an_alias_is_the_nearest_anchor_above_it() {
    let parse = parse("a: &x 1\nb: *x\nc: &x 2\nd: *x\n");
    let document = &parse.documents[0];
    let resolver = Resolver::new(document);
    let value = |key| resolver.value(&document.root, key).unwrap().as_str();
    assert_eq!([value("b"), value("d")], [Some("1"), Some("2")]);
}

#[test]
fn an_alias_of_nothing_is_a_problem_and_resolves_to_nothing() {
    let Parse {
        documents,
        problems,
    } = parse("a: *later\nb: &later 1\n");
    let resolver = Resolver::new(&documents[0]);
    assert_eq!(resolver.value(&documents[0].root, "a"), None);
    assert_eq!(problems.len(), 1);
    assert_eq!(
        problems[0].message,
        "`*later` stands for nothing: no `&later` is above it in this document."
    );
}

#[test]
fn what_contains_itself_ends() {
    assert_eq!(merged("a: &a {b: 1, <<: *a}\n", "a"), "b=1");
    assert_eq!(
        merged("a: &a {<<: [*a, *a], b: 1}\nc: {<<: *a}\n", "c"),
        "b=1"
    );
}

#[test]
fn a_merge_bomb_costs_nothing() {
    let mut text = String::from("a0: &a0 {x0: 0}\n");
    for level in 1..40 {
        let below = level - 1;
        text += &format!("a{level}: &a{level} {{<<: [*a{below}, *a{below}], x{level}: 0}}\n");
    }
    assert_eq!(merged(&text, "a39").split(' ').count(), 40);
}
