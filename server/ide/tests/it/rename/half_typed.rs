//! Texts as people write them: half-typed, with other line ends, tabs and emoji.

use super::{check, rendered};
use crate::fixture::Fixture;
use expect_test::expect;

#[test]
fn crlf_tabs_and_emoji_stay() {
    let text = "=== shop.spec.yaml\nproduct: s\ntables:\n- name: a\n  columns:\n  - name: x # 😀\n=== a.sql\ncreate table a as select\t'😀' as s,\t1 as x$0\n=== b.sql\ncreate table b as select x from a\n";
    let fixture = Fixture::with_crlf(text);
    let renaming = ide::rename(&fixture.snapshot, fixture.file, fixture.offset, "y").unwrap();
    for file in &renaming.files {
        let before = fixture.text_at(&file.path, false);
        let edits: Vec<_> = file.edits.iter().map(|edit| edit.edit.clone()).collect();
        let after = syntax::edit::apply(&before, &edits).unwrap();
        assert_eq!(
            after.matches('\n').count(),
            after.matches("\r\n").count(),
            "{after:?}"
        );
        assert_eq!(before.matches('😀').count(), after.matches('😀').count());
    }
    expect![[r#"
        Rename `a.x` to `y`
        -- a.sql
        - create table a as select	'😀' as s,	1 as x
        + create table a as select	'😀' as s,	1 as y
        -- b.sql
        - create table b as select x from a
        + create table b as select y as x from a
        -- shop.spec.yaml
        -   - name: x # 😀
        +   - name: "y" # 😀
        + amendments:
        + - id: 1
        +   requirement: "TODO: who needs this, and for what?"  # draft: confirm
        +   change: Renamed x of a to y.
        +   changes:
        +   - a.y
        +   guarantees: a.y is renamed from x
    "#]]
    .assert_eq(&rendered(&fixture, &renaming));
}

#[test]
fn half_typed_specs_and_sql_cost_no_more_than_themselves() {
    check(
        "=== s.spec.yaml\nproduct: s\ntables:\n  - name: a\n    columns:\n      - name: x\n      - nam\n    grain: [x\n=== a.sql\ncreate table a as select 1 as x$0\n=== b.sql\ncreate table b as select x, from a where\n",
        "y",
        expect![[r#"
            Rename `a.x` to `y`
            -- a.sql
            - create table a as select 1 as x
            + create table a as select 1 as y
            -- b.sql
            - create table b as select x, from a where
            + create table b as select y, from a where
               (to be confirmed)
            -- s.spec.yaml
            -       - name: x
            +       - name: "y"
            -     grain: [x
            +     grain: ["y"
            + amendments:
            +   - id: 1
            +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
            +     change: Renamed x of a to y.
            +     changes:
            +       - a.y
            +     guarantees: a.y is renamed from x
        "#]],
    );
}
