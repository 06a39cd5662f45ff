//! Code actions.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};
use ide::ActionKind;
use syntax::{TextRange, edit};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&shown(&Fixture::new(text)));
}

/// Each action with what it makes of each file, as removed and added lines.
fn shown(fixture: &Fixture) -> String {
    let cursor = TextRange::empty(fixture.offset);
    let actions = ide::code_actions(&fixture.snapshot, &fixture.findings, fixture.file, cursor);
    let mut shown = String::new();
    for action in actions {
        let kind = match action.kind {
            ActionKind::QuickFix => "fix",
            ActionKind::Refactor => "refactor",
        };
        let code = action.finding.as_ref().map_or("", |finding| finding.code);
        let preferred = if action.fix.preferred {
            ", preferred"
        } else {
            ""
        };
        shown.push_str(&format!("{}: {kind} {code}{preferred}\n", action.title));
        for file_edit in &action.fix.edits {
            let before = fixture.text_at(&file_edit.path, file_edit.create);
            let after = edit::apply(&before, &file_edit.edits).expect("edits that apply");
            shown.push_str(&changed_lines(&before, &after));
        }
    }
    if shown.is_empty() {
        "nothing\n".to_owned()
    } else {
        shown
    }
}

/// The lines between what both texts start with and what both end with.
fn changed_lines(before: &str, after: &str) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.lines().collect(), after.lines().collect());
    let same = before
        .iter()
        .zip(&after)
        .take_while(|(one, other)| one == other)
        .count();
    let (before, after) = (before.split_at(same).1, after.split_at(same).1);
    let pairs = before.iter().rev().zip(after.iter().rev());
    let same = pairs.take_while(|(one, other)| one == other).count();
    let removed = before
        .split_at(before.len() - same)
        .0
        .iter()
        .map(|line| format!("  - {line}\n"));
    let added = after
        .split_at(after.len() - same)
        .0
        .iter()
        .map(|line| format!("  + {line}\n"));
    removed.chain(added).collect()
}

#[test]
fn a_misspelled_key_is_renamed() {
    check(
        r#"
=== a.spec.yaml
product: a
tables:
  - name: t
    descr$0iptoin: A table.
    why: For tests.
"#,
        expect![[r#"
            Rename `descriptoin` to `description`: fix invalid-spec, preferred
              -     descriptoin: A table.
              +     description: A table.
        "#]],
    );
}

#[test]
fn nothing_is_to_be_done_elsewhere() {
    check(
        r#"
=== a.spec.yaml
product: a
tables:
  - name: $0t
    descriptoin: A table.
    why: For tests.
"#,
        expect!["nothing\n"],
    );
}
