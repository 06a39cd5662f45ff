//! Signature help: the forms that fit what is typed, the active part in angle brackets.

use crate::fixture::Fixture;

fn shown(typed: &str, is_asked: bool) -> Vec<String> {
    let fixture = Fixture::new(&format!(
        "=== a.spec.yaml\nproduct: a\namendments:\n  - id: 1\n    guarantees: |\n      {typed}$0\n"
    ));
    let found = ide::signatures(&fixture.snapshot, fixture.file, fixture.offset, is_asked);
    let shown = found.into_iter().map(|signature| {
        let part = signature.parts[signature.active].clone();
        let (before, rest) = signature.label.split_at(part.start);
        let (active, after) = rest.split_at(part.len());
        format!("{before}<{active}>{after}")
    });
    shown.collect()
}

#[test]
fn forms_are_told_once_words_tell_them_apart() {
    assert_eq!(shown("orders.amount ", false), Vec::<String>::new());
    assert!(shown("orders.amount ", true).len() > 10);
    assert!(shown("", true).len() > 20);
    assert_eq!(
        shown("orders.amount is in ", false),
        ["COLUMN is in <UNIT>"]
    );
    assert_eq!(
        shown("orders excludes ", false),
        [
            "TABLE <excludes rows where> CONDITION",
            "TABLE <excludes rows that match> TABLE on COLUMNS"
        ]
    );
    assert_eq!(
        shown("orders.amount = SUM(a) per b where x > ", false),
        ["COLUMN = EXPRESSION [per COLUMNS] [where <CONDITION>]"]
    );
    assert_eq!(shown("orders blah blah ", true), Vec::<String>::new());
}

#[test]
fn elsewhere_there_are_none() {
    let fixture = Fixture::new("=== a.spec.yaml\nproduct: a is in $0\n");
    let found = ide::signatures(&fixture.snapshot, fixture.file, fixture.offset, true);
    assert_eq!(found, []);
}
