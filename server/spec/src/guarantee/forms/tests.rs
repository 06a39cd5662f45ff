use super::*;
use crate::guarantee::{parse, table};

#[test]
fn each_sentence_of_the_grammar_has_its_form_and_each_form_an_example() {
    let grammar = include_str!("../../../../../grammars/guarantee/grammar.js");
    let (_, choices) = grammar.split_once("_sentence: ($) =>").unwrap();
    let (choices, _) = choices.split_once("),\n\n").unwrap();
    let mut named: Vec<&str> = choices
        .split("$.")
        .skip(1)
        .map(|choice| choice.split(',').next().unwrap().trim())
        .collect();
    let mut own: Vec<&str> = FORMS.iter().map(|(kind, ..)| *kind).collect();
    named.sort_unstable();
    own.sort_unstable();
    assert_eq!(own, named);
    for (kind, text, example) in FORMS {
        assert!(parse(example).is_ok(), "{example}");
        let tree = table::tree(example).unwrap();
        let sentence = tree.root_node().child(0).unwrap();
        assert_eq!(sentence.kind(), *kind, "{example}");
        // With its slots for names it is a sentence too.
        let written = text.replace(['[', ']'], "");
        assert!(parse(&written).is_ok(), "{written}");
    }
}

#[test]
fn the_start_of_an_example_fits_its_form() {
    for (form, (_, text, example)) in forms().iter().zip(FORMS) {
        assert_eq!(form.text, *text);
        for (end, _) in example.char_indices().skip(1) {
            let typed = example.get(..end).unwrap();
            let found = fitting(typed);
            let own = found.iter().find(|fit| fit.form == form);
            // `is in` is the start of a type only until more is known.
            assert!(
                own.is_some() || *text == "COLUMN is TYPE",
                "{typed}: {found:?}"
            );
        }
        let typed = format!("{example} ");
        assert!(
            fitting(&typed).iter().any(|fit| fit.form == form),
            "{typed}"
        );
    }
}

fn shown(typed: &str) -> Vec<String> {
    let fits = fitting(typed).into_iter();
    let shown = fits.map(|fit| {
        let part = fit.form.parts[fit.part].range.clone();
        let (before, rest) = fit.form.text.split_at(part.start);
        let (active, after) = rest.split_at(part.len());
        format!("{before}<{active}>{after}")
    });
    shown.collect()
}

#[test]
fn the_part_that_is_typed_is_known() {
    for (typed, expected) in [
        (
            "orders.amount is n",
            &["COLUMN <is never null>", "COLUMN is <TYPE>"][..],
        ),
        ("orders.amount is never ", &["COLUMN <is never null>"]),
        ("orders.amount is in ", &["COLUMN is in <UNIT>"]),
        ("orders.amount is in EU", &["COLUMN is in <UNIT>"]),
        (
            "o.a = SUM(x where ",
            &["COLUMN = <EXPRESSION> [per COLUMNS] [where CONDITION]"],
        ),
        (
            "o.a = SUM(x) where y",
            &["COLUMN = EXPRESSION [per COLUMNS] [where <CONDITION>]"],
        ),
        (
            "o.a = SUM(x) per a, ",
            &["COLUMN = EXPRESSION [per <COLUMNS>] [where CONDITION]"],
        ),
        ("o is one of ('a', ", &["COLUMN is one of <(VALUES)>"]),
        (
            "o keeps the latest row per a, b by ",
            &["TABLE keeps the latest row per COLUMNS by <COLUMNS>"],
        ),
        (
            "customers never leaves x exc",
            &["COLUMN never leaves TABLE [<except to> TABLES]"],
        ),
        ("o excludes rows whatever", &[]),
        ("= 1", &[]),
    ] {
        assert_eq!(shown(typed), expected, "{typed}");
    }
}
