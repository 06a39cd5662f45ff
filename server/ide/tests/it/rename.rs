//! Renames: the lines that change, before and after, and the files that move.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};

fn check(text: &str, name: &str, expected: Expect) {
    expected.assert_eq(&shown(text, name));
}

fn shown(text: &str, name: &str) -> String {
    let fixture = Fixture::new(text);
    let renaming = ide::rename(&fixture.snapshot, fixture.file, fixture.offset, name);
    match renaming {
        Ok(renaming) => rendered(&fixture, &renaming),
        Err(refusal) => format!("{}\n", refusal.message),
    }
}

fn rendered(fixture: &Fixture, renaming: &ide::Renaming) -> String {
    let mut shown = format!("{}\n", renaming.title);
    for file in &renaming.files {
        let before = fixture.text_at(&file.path, false);
        let edits: Vec<_> = file.edits.iter().map(|edit| edit.edit.clone()).collect();
        let after = syntax::edit::apply(&before, &edits).expect("edits fit");
        shown.push_str(&format!("-- {}\n", fixture.snapshot.display_path(&file.path)));
        shown.push_str(&changed_lines(&before, &after));
        if file.edits.iter().any(|edit| edit.note.is_unsure()) {
            shown.push_str("   (to be confirmed)\n");
        }
    }
    for (from, to) in &renaming.moved {
        let path = |path| fixture.snapshot.display_path(path);
        shown.push_str(&format!("-- {} -> {}\n", path(from), path(to)));
    }
    shown
}

fn changed_lines(before: &str, after: &str) -> String {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new);
    let start = same.count();
    let rest = |lines: &[&str]| lines[start..].iter().rev().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    let (old_rest, new_rest) = (rest(&old), rest(&new));
    let end = old_rest.iter().zip(&new_rest).take_while(|(old, new)| old == new).count();
    let mut shown = String::new();
    let (old, new) = (&old[start..old.len() - end], &new[start..new.len() - end]);
    if old.len() == new.len() {
        for (old, new) in old.iter().zip(new).filter(|(old, new)| old != new) {
            shown.push_str(&format!("- {old}\n+ {new}\n"));
        }
        return shown;
    }
    old.iter().for_each(|line| shown.push_str(&format!("- {line}\n")));
    new.iter().for_each(|line| shown.push_str(&format!("+ {line}\n")));
    shown
}

#[test]
fn debug_temp() {
    check(
        "=== rationale.toml\n=== load.sql\ncreate temporary table fresh as select order_id from raw.orders;\ncreate or replace temp table kept as select order_id$0 from fresh;\ncreate table temp_orders as select order_id from kept;\n",
        "key",
        expect![[""]],
    );
}
