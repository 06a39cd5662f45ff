//! Edits as a reviewer sees them: the text before and after.

use super::{Editor, Position, Refusal, Step, Value};
use crate::edit::{TextEdit, apply};
use Step::{Item, Key};

const SPEC: &str = "\
models:
  - name: a
    columns:
      - name: c1   # key column
        type: int  # 64 bit
        # comment on nothing

      - name: c2
        type: text
amendments:
  - id: A-1
    why: first  # ok
  # trailing comment

# tail
owner: me
";

#[track_caller]
fn check(text: &str, edits: Result<Vec<TextEdit>, Refusal>, expected: &str) {
    let after = apply(text, &edits.unwrap()).unwrap();
    assert_eq!(after, expected);
}

const C1: [Step<'_>; 4] = [Key("models"), Item(0), Key("columns"), Item(0)];

fn item() -> Value {
    Value::mapping([
        ("id", Value::text("A-9")),
        ("why", Value::text("TODO").with_comment("draft: confirm")),
    ])
}

#[test]
fn a_new_key_follows_the_last_content_and_leaves_comments_where_they_are() {
    let why = Value::text("Joins to c2.").with_comment("draft: confirm");
    check(
        SPEC,
        Editor::new(SPEC).insert_entry(&C1, "why", &why, Position::Last),
        &SPEC.replace(
            "# 64 bit\n",
            "# 64 bit\n        why: Joins to c2.  # draft: confirm\n",
        ),
    );
    check(
        SPEC,
        Editor::new(SPEC).insert_entry(&C1, "why", &why, Position::After("name")),
        &SPEC.replace(
            "# key column\n",
            "# key column\n        why: Joins to c2.  # draft: confirm\n",
        ),
    );
    check(
        SPEC,
        Editor::new(SPEC).insert_entry(&C1, "id", &Value::literal("1"), Position::Before("name")),
        &SPEC.replace("- name: c1", "- id: 1\n        name: c1"),
    );
}

#[test]
fn an_entry_may_hold_anything() {
    let value = Value::mapping([
        ("text", Value::text("One: two.\n\nThree.\n")),
        (
            "list",
            Value::sequence([Value::text("no"), Value::literal("1")]),
        ),
        ("empty", Value::sequence([])),
        ("items", Value::sequence([item()])),
    ]);
    check(
        "a: 1\n",
        Editor::new("a: 1\n").insert_entry(&[], "b", &value.with_comment("new"), Position::Last),
        "\
a: 1
b:  # new
  text: |
    One: two.

    Three.
  list:
    - \"no\"
    - 1
  empty: []
  items:
    - id: A-9
      why: TODO  # draft: confirm
",
    );
}

#[test]
fn a_new_item_stands_in_the_column_of_the_others() {
    let amendments = [Key("amendments")];
    check(
        SPEC,
        Editor::new(SPEC).insert_item(&amendments, None, &item()),
        &SPEC.replace(
            "# ok\n",
            "# ok\n  - id: A-9\n    why: TODO  # draft: confirm\n",
        ),
    );
    check(
        SPEC,
        Editor::new(SPEC).insert_item(&amendments, Some(0), &item()),
        &SPEC.replace(
            "- id: A-1\n",
            "- id: A-9\n    why: TODO  # draft: confirm\n  - id: A-1\n",
        ),
    );
    let zero = "amendments:\n- id: A-1\n\nowner: me";
    check(
        zero,
        Editor::new(zero).insert_item(&amendments, None, &item()),
        "amendments:\n- id: A-1\n- id: A-9\n  why: TODO  # draft: confirm\n\nowner: me",
    );
}

#[test]
fn an_absent_or_empty_list_becomes_a_block_in_the_style_of_the_file() {
    let empty = "models:\n- name: a\nlist: []  # none yet\nowner: me\n";
    check(
        empty,
        Editor::new(empty).insert_item(&[Key("list")], None, &Value::text("x")),
        "models:\n- name: a\nlist:  # none yet\n- x\nowner: me\n",
    );
    let absent = "models:\n    -   name: a\n        tags:   # none yet\n        type: b\n";
    let tags = [Key("models"), Item(0), Key("tags")];
    check(
        absent,
        Editor::new(absent).insert_item(&tags, None, &item()),
        "models:
    -   name: a
        tags:   # none yet
            -   id: A-9
                why: TODO  # draft: confirm
        type: b
",
    );
}

#[test]
fn line_ends_are_kept() {
    let text = SPEC.replace('\n', "\r\n");
    let edits = Editor::new(&text).insert_item(&[Key("amendments")], None, &item());
    let after = apply(&text, &edits.unwrap()).unwrap();
    assert!(after.contains("# ok\r\n  - id: A-9\r\n    why: TODO  # draft: confirm\r\n"));
    assert!(!after.replace("\r\n", "").contains('\n'));
    let open = "list:\n  - a";
    check(
        open,
        Editor::new(open).insert_item(&[Key("list")], None, &Value::text("b")),
        "list:\n  - a\n  - b",
    );
}

#[test]
fn flow_collections_stay_flow() {
    for (before, after) in [
        ("a: {b: 1} # c\n", "a: {b: 1, new: x} # c\n"),
        ("a: {b: 1, } # c\n", "a: {b: 1, new: x } # c\n"),
        (
            "a: {\n  b: 1, # one\n  c: 2 # two\n}\n",
            "a: {\n  b: 1, # one\n  c: 2, # two\n  new: x\n}\n",
        ),
        (
            "a: {\n  b: 1, # one\n}\n",
            "a: {\n  b: 1, # one\n  new: x,\n}\n",
        ),
        ("a: {b: }\n", "a: {b:, new: x }\n"),
    ] {
        let edits =
            Editor::new(before).insert_entry(&[Key("a")], "new", &Value::text("x"), Position::Last);
        check(before, edits, after);
    }
    let list = "a: [x, [y]]\n";
    check(
        list,
        Editor::new(list).insert_item(&[Key("a"), Item(1)], Some(0), &Value::text("p, q")),
        "a: [x, [\"p, q\", y]]\n",
    );
}

#[test]
fn a_scalar_keeps_its_style_where_it_can() {
    for (before, value, after) in [
        ("a: me  # who\n", "you", "a: you  # who\n"),
        ("a: me  # who\n", "a: b", "a: \"a: b\"  # who\n"),
        ("a: 'me'  # who\n", "it's", "a: 'it''s'  # who\n"),
        ("a: \"me\"\n", "x", "a: \"x\"\n"),
        ("a: me\n", "say \"#1\" \\ #2", "a: 'say \"#1\" \\ #2'\n"),
        ("a: &x !t me\n", "no", "a: &x !t \"no\"\n"),
        ("a:   # later\n", "now", "a: now   # later\n"),
        ("a:\n", "now", "a: now\n"),
        ("a: {b: c}\n", "p, q", "a: {b: c}\n"),
        (
            "a: x # why\nb: 1\n",
            "1\n2",
            "a: |- # why\n  1\n  2\nb: 1\n",
        ),
        (
            "a: |  # why\n  1\n  2\n\nb: 1\n",
            "x",
            "a: x  # why\n\nb: 1\n",
        ),
        (
            "a: >\n  1\n  2\n\nb: 1\n",
            "1\n\n2\n",
            "a: |\n  1\n\n  2\n\nb: 1\n",
        ),
    ] {
        if before.contains('{') {
            let edits = Editor::new(before).set(&[Key("a")], &Value::text(value));
            assert_eq!(edits, Err(Refusal::WrongKind));
            continue;
        }
        check(
            before,
            Editor::new(before).set(&[Key("a")], &Value::text(value)),
            after,
        );
    }
    let flow = "m: {owner: me, z: 1}\n";
    check(
        flow,
        Editor::new(flow).set(&[Key("m"), Key("owner")], &Value::text("you, too")),
        "m: {owner: \"you, too\", z: 1}\n",
    );
}

#[test]
fn removing_takes_whole_lines_and_no_comment_of_others() {
    check(
        SPEC,
        Editor::new(SPEC).remove(&[Key("models"), Item(0), Key("columns"), Item(1)]),
        &SPEC.replace("      - name: c2\n        type: text\n", ""),
    );
    check(
        SPEC,
        Editor::new(SPEC).remove(&[C1[0], C1[1], C1[2], C1[3], Key("name")]),
        &SPEC.replace("name: c1   # key column\n        ", ""),
    );
    check(
        SPEC,
        Editor::new(SPEC).remove(&[Key("amendments"), Item(0)]),
        &SPEC.replace(
            "amendments:\n  - id: A-1\n    why: first  # ok\n",
            "amendments: []\n",
        ),
    );
    for (before, path, after) in [
        ("a: [x, y, z]\n", 0, "a: [y, z]\n"),
        ("a: [x, y, z]\n", 2, "a: [x, y]\n"),
        ("a: [x]\n", 0, "a: []\n"),
        ("a: [\n  x, # one\n  y\n]\n", 0, "a: [\n   # one\n  y\n]\n"),
        ("a:\n  - x\n  - y", 1, "a:\n  - x"),
    ] {
        check(
            before,
            Editor::new(before).remove(&[Key("a"), Item(path)]),
            after,
        );
    }
}

#[test]
fn keys_are_renamed_in_place() {
    check(
        SPEC,
        Editor::new(SPEC).rename_key(&[Key("amendments")], "a: b"),
        &SPEC.replace("amendments:", "\"a: b\":"),
    );
    assert_eq!(
        Editor::new(SPEC).rename_key(&[Key("amendments")], "owner"),
        Err(Refusal::KeyExists)
    );
}

#[test]
fn a_broken_line_elsewhere_is_left_alone() {
    let text = "owner: me\n desc: x: y\namendments:\n  - id: A-1\n    why: x\nmodels: [a\n";
    check(
        text,
        Editor::new(text).insert_item(&[Key("amendments")], None, &Value::text("z")),
        &text.replace("why: x\n", "why: x\n  - z\n"),
    );
}

#[test]
fn kept_blank_lines_stay_with_their_text() {
    let text = "a:\n  b: |+\n    text\n\n\nc: 1\n";
    check(
        text,
        Editor::new(text).insert_entry(&[Key("a")], "d", &Value::literal("2"), Position::Last),
        "a:\n  b: |+\n    text\n\n\n  d: 2\nc: 1\n",
    );
}

#[test]
fn an_empty_file_gets_its_first_entry() {
    for (before, after) in [
        ("", "product: orders\n"),
        ("# note", "# note\nproduct: orders\n"),
        ("\u{feff}", "\u{feff}product: orders\n"),
        ("---\n", "---\nproduct: orders\n"),
    ] {
        let value = Value::text("orders");
        let edits = Editor::new(before).insert_entry(&[], "product", &value, Position::Last);
        check(before, edits, after);
    }
}

#[test]
fn what_cannot_be_done_is_refused() {
    let editor = Editor::new("a: 1\nb: [x]\nc: *a\n");
    let value = Value::text("x");
    let insert = |path: &[Step<'_>]| editor.insert_entry(path, "k", &value, Position::Last);
    assert_eq!(insert(&[Key("zz")]), Err(Refusal::NoSuchPlace));
    assert_eq!(insert(&[Key("a")]), Err(Refusal::WrongKind));
    assert_eq!(insert(&[Key("b")]), Err(Refusal::WrongKind));
    assert_eq!(
        editor.insert_item(&[Key("b")], Some(5), &value),
        Err(Refusal::NoSuchPlace)
    );
    let two_words = Value::literal("not: a word");
    assert_eq!(editor.set(&[Key("a")], &two_words), Err(Refusal::Unsafe));
}

#[test]
fn the_indentation_that_an_editor_leaves_behind_becomes_no_text() {
    let text = "a:\n  b: 1\n        ";
    let value = Value::text("one\ntwo");
    check(
        text,
        Editor::new(text).insert_entry(&[Key("a")], "c", &value, Position::Last),
        "a:\n  b: 1\n  c: \"one\\ntwo\"\n        ",
    );
}
