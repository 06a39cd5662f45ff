//! Code actions.

mod agreed_renames;
mod drafts;
mod removals;
mod steps;

use crate::fixture::Fixture;
use checks::Detail;
use expect_test::{Expect, expect};
use ide::ActionKind;
use syntax::{TextRange, edit};

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&shown(&Fixture::new(text)));
}

/// Each action with what it makes of each file, as removed and added lines.
fn shown(fixture: &Fixture) -> String {
    let cursor = TextRange::empty(fixture.offset);
    let actions = ide::code_actions(&fixture.place(cursor), Detail::Edits);
    let mut shown = String::new();
    for action in actions {
        let kind = match action.kind {
            ActionKind::QuickFix => "fix",
            ActionKind::Refactor => "refactor",
        };
        let code = action
            .finding
            .as_ref()
            .map(|finding| format!(" {}", finding.code));
        let code = code.unwrap_or_default();
        let preferred = if action.fix.preferred {
            ", preferred"
        } else {
            ""
        };
        let asks = if action.amend.is_some() { ", asks" } else { "" };
        shown.push_str(&format!(
            "{}: {kind}{code}{preferred}{asks}\n",
            action.fix.title
        ));
        for file_edit in &action.fix.edits {
            let before = fixture.text_at(&file_edit.path, file_edit.create);
            let after = edit::apply(&before, &file_edit.edits).expect("edits that apply");
            shown.push_str(&changed_lines(&before, &after));
            if let Some((_, cursor)) = action
                .fix
                .cursor
                .as_ref()
                .filter(|(path, _)| *path == file_edit.path)
            {
                let rest = after.get((*cursor).into()..).expect("a cursor in the text");
                let line = rest.lines().next().unwrap_or_default();
                shown.push_str(&format!("  and on to: {line}\n"));
            }
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
            Amend: something about `t`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - t
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: add a column to `t`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - t.new_column
              +     guarantees: t.new_column exists  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: leave out rows of `t`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - t.rows
              +     guarantees: t excludes rows where condition  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: change the grain of `t`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - t.rows
              +     guarantees: t has one row per key  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
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
        expect![[r#"
            Add a description to `t`: fix missing-description, preferred
              +     description: "TODO: what is it?"
              and on to: TODO: what is it?"
            Amend: something about `t`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - t
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: add a column to `t`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - t.new_column
              +     guarantees: t.new_column exists  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: leave out rows of `t`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - t.rows
              +     guarantees: t excludes rows where condition  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: change the grain of `t`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - t.rows
              +     guarantees: t has one row per key  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
        "#]],
    );
}

#[test]
fn what_nearly_everybody_would_do_comes_first() {
    check(
        r#"
=== orders.spec.yaml
product: orders
tables:
  - name: orders
    description: Orders.
    why: Invoices start here.
    columns:
      - name: id
        description: Its number.
        why: Support asks for it.
=== sql/orders.sql
create table orders as
select 1 as id, 2 as cou$0pon
"#,
        expect![[r#"
            Add `coupon` to the spec of `orders`: fix undocumented-column, preferred
              +       - name: coupon
              +         description: "TODO: what is it?"
              +         why: "TODO: who needs it, and for what?"  # draft: confirm
              and on to: TODO: what is it?"
            Draft an amendment that adds `coupon`: fix undocumented-column
              +       - name: coupon
              +         since: 1
              +         description: "TODO: what is it?"
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: Added coupon to orders.
              +     changes:
              +       - orders.coupon
              +     guarantees: orders.coupon exists
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: change what `coupon` means…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.coupon
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: rename `coupon`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.new_coupon
              +     guarantees: orders.new_coupon is renamed from coupon  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: change the type of `coupon`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.coupon
              +     guarantees: orders.coupon is VARCHAR  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: remove `coupon`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.coupon
              +     guarantees: orders.coupon is absent
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: add a column to `orders`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.new_column
              +     guarantees: orders.new_column exists  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
        "#]],
    );
}
