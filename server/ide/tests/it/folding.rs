//! What can be folded: each line that stays, with the lines that go.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    let shown = shown(&Fixture::new(text));
    assert_eq!(shown, self::shown(&Fixture::with_crlf(text)));
    expected.assert_eq(&shown);
}

fn shown(fixture: &Fixture) -> String {
    let mut shown = String::new();
    for fold in ide::folds(&fixture.snapshot, fixture.file) {
        let kind = if fold.is_comment { " comment" } else { "" };
        shown.push_str(&format!("{}..{}{kind}\n", fold.first + 1, fold.last + 1));
    }
    shown
}

#[test]
fn sql_folds_at_common_tables_parentheses_lists_and_blocks() {
    check(
        "=== dbt_project.yml\nname: shop\n=== models/a.sql
$0-- first
-- second
with a as (
    select
        x,
        y -- third
    from b
    where z in (
        1,
        2)
),
c as (select 1)
/* fourth
   fifth */
select * from a
{% if x %}
where 1 = 1
  and 2 = 2
{% else %}
where 3 = 3
{% endif %}
",
        expect![[r#"
            1..2 comment
            3..10
            4..6
            8..10
            13..14 comment
            16..18
            19..20
        "#]],
    );
}

#[test]
fn statements_fold_where_there_are_several() {
    check(
        "=== a.sql\n$0create table a as\nselect 1 as x;\ncreate table b (\n  x int\n)\n",
        expect![[r#"
            1..2
            3..4
        "#]],
    );
}

#[test]
fn yaml_folds_at_entries_and_items() {
    check(
        "=== a.spec.yaml
$0# What this is,
# and why.
product: a
tables:
  - name: t
    columns:
      - {name: x,
         why: y}
      - name: z

amendments:
  - id: 1
    guarantees: |
      t exists
      t.x exists

  # the last
  - id: 2
",
        expect![[r#"
            1..2 comment
            4..9
            5..9
            6..9
            7..8
            11..18
            12..15
            13..15
        "#]],
    );
}
