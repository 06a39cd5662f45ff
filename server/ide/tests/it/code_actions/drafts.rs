//! Amendments that are drafted.

use super::{changed_lines, check, shown};
use crate::fixture::Fixture;
use checks::Detail;
use expect_test::expect;
use syntax::{TextRange, edit};

#[test]
fn an_amendment_is_drafted_about_the_column_at_hand() {
    let text = |spec: &str, sql: &str| {
        format!(
            r#"
=== orders.spec.yaml
product: orders
tables:
  - name: orders
    description: Orders.
    why: Invoices start here.
    columns:
      - name: id
        description: Its{spec} number.
        why: Support asks for it.
amendments:
  - id: 1
    requirement: Orders need a number.
    change: Added id.
=== sql/orders.sql
-- The orders{sql}.
create table orders as
select 1 as id
"#
        )
    };
    check(
        &text("$0", ""),
        expect![[r#"
            Amend: change what `id` means…: refactor, asks
              +   - id: 2
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.id
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: rename `id`…: refactor, asks
              +   - id: 2
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.new_id
              +     guarantees: orders.new_id is renamed from id  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: change the type of `id`…: refactor, asks
              +   - id: 2
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.id
              +     guarantees: orders.id is VARCHAR  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: remove `id`…: refactor, asks
              +   - id: 2
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.id
              +     guarantees: orders.id is absent
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: add a column to `orders`…: refactor, asks
              +   - id: 2
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.new_column
              +     guarantees: orders.new_column exists  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
        "#]],
    );
    check(
        &text("", "$0"),
        expect![[r#"
            Amend: something about `orders`…: refactor, asks
              +   - id: 2
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: add a column to `orders`…: refactor, asks
              +   - id: 2
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.new_column
              +     guarantees: orders.new_column exists  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: leave out rows of `orders`…: refactor, asks
              +   - id: 2
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.rows
              +     guarantees: orders excludes rows where condition  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: change the grain of `orders`…: refactor, asks
              +   - id: 2
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.rows
              +     guarantees: orders has one row per key  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
        "#]],
    );
}

#[test]
fn an_amendment_is_drafted_from_a_model_of_dbt() {
    check(
        r#"
=== dbt_project.yml
name: shop
=== orders.spec.yaml
product: orders
tables:
  - name: orders
    description: Orders.
    why: Invoices start here.
=== models/orders.sql
{{ config(mater$0ialized='table') }}
select 1 as id
"#,
        expect![[r#"
            Amend: something about `orders`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders
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
            Amend: leave out rows of `orders`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.rows
              +     guarantees: orders excludes rows where condition  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
            Amend: change the grain of `orders`…: refactor, asks
              + amendments:
              +   - id: 1
              +     requirement: "TODO: who needs this, and for what?"  # draft: confirm
              +     change: tbd
              +     changes:
              +       - orders.rows
              +     guarantees: orders has one row per key  # draft: confirm
              and on to: TODO: who needs this, and for what?"  # draft: confirm
        "#]],
    );
}

#[test]
fn a_requirement_that_the_person_gave_is_written() {
    let fixture = Fixture::new("=== a.spec.yaml\n$0product: a\n");
    let range = TextRange::empty(fixture.offset);
    let drafted = |requirement: Option<&str>| {
        let answers = ide::AmendmentDetails {
            requirement: requirement.map(str::to_owned),
            detail: None,
        };
        let about = ide::Amend::Anything;
        ide::amend(&fixture.snapshot, fixture.file, range, about, &answers)
    };
    let fix = drafted(Some("No \"test\" orders: #1")).expect("a draft");
    let edits = &fix.edits[0];
    let before = fixture.text_at(&edits.path, false);
    let after = edit::apply(&before, &edits.edits).expect("edits that apply");
    let shown = format!("{}\n{}", fix.title, changed_lines(&before, &after));
    expect![[r#"
        Amend: something new…
          + amendments:
          +   - id: 1
          +     requirement: 'No "test" orders: #1'
          +     change: tbd
    "#]]
    .assert_eq(&shown);
    let (_, cursor) = fix.cursor.expect("where to go on");
    let rest = after.get(cursor.into()..).expect("in the text");
    // There, what the amendment asks for is offered.
    assert!(rest.starts_with("tbd"), "{rest}");
    // An answer without a word is none.
    assert_eq!(drafted(Some("  ")), drafted(None));
}

#[test]
fn a_table_without_a_spec_gets_one_with_the_amendment() {
    let fixture = Fixture::new("=== a.sql\ncreate table a as select 1 as $0x\n");
    let cursor = TextRange::empty(fixture.offset);
    let remove = ide::Amend::RemoveColumn;
    let told = ide::AmendmentDetails::default();
    let fix = ide::amend(&fixture.snapshot, fixture.file, cursor, remove, &told).expect("a draft");
    let edits = &fix.edits[0];
    assert!(
        edits.create && edits.path.ends_with("a.spec.yaml"),
        "{edits:?}"
    );
    expect![[r#"
        product: a
        tables:
          - name: a
            description: "TODO: what is it?"
            why: "TODO: who needs it, and for what?"  # draft: confirm
            columns:
              - name: x
                description: "TODO: what is it?"
                why: "TODO: who needs it, and for what?"  # draft: confirm
        amendments:
          - id: 1
            requirement: "TODO: who needs this, and for what?"  # draft: confirm
            change: tbd
            changes:
              - a.x
            guarantees: a.x is absent
    "#]]
    .assert_eq(&edit::apply("", &edits.edits).expect("edits that apply"));
}

#[test]
fn a_selected_condition_is_what_is_left_out() {
    let text = "=== a.spec.yaml\nproduct: a\ntables:\n  - name: a\n=== a.sql\ncreate table a as select x from t where $0not is_test and x > 1\n";
    let fixture = Fixture::new(text);
    let selected = TextRange::at(fixture.offset, syntax::TextSize::of("not is_test"));
    let filter = ide::Amend::FilterRows;
    let told = ide::AmendmentDetails::default();
    let fix =
        ide::amend(&fixture.snapshot, fixture.file, selected, filter, &told).expect("a draft");
    let after = edit::apply("product: a\ntables:\n  - name: a\n", &fix.edits[0].edits)
        .expect("edits that apply");
    assert!(
        after.contains("\n    guarantees: a excludes rows where not is_test\n")
            || after.ends_with("guarantees: a excludes rows where not is_test\n"),
        "{after}"
    );
}

#[test]
fn a_name_that_another_column_has_is_refused() {
    let fixture = Fixture::new(
        "=== a.spec.yaml\nproduct: a\ntables:\n  - name: a\n    columns:\n      - name: $0x\n      - name: y\n",
    );
    let cursor = TextRange::empty(fixture.offset);
    let refused = |amend: ide::Amend, detail: &str| {
        let answers = ide::AmendmentDetails {
            requirement: None,
            detail: Some(detail.to_owned()),
        };
        let fix = ide::amend(&fixture.snapshot, fixture.file, cursor, amend, &answers);
        fix.err().map(|refusal| refusal.message)
    };
    let taken = Some("`a` has a column `y` already.".to_owned());
    assert_eq!(refused(ide::Amend::RenameColumn, "y"), taken);
    assert_eq!(refused(ide::Amend::AddColumn, " Y "), taken);
    assert_eq!(refused(ide::Amend::RenameColumn, "z"), None);
    assert_eq!(refused(ide::Amend::AddColumn, "z"), None);
}

/// What is drafted is called after the column of the table that the place leads to.
#[test]
fn a_column_is_amended_where_a_cte_computes_it() {
    let sql = "create table a as
with sums as (
    select k, max(v * 2) as v, count(*) as n from t group by k
), named as (
    select k, v, n as items from sums
)
select * from named
";
    let titles = |sql: &str| {
        let spec = "=== a.spec.yaml\nproduct: a\ntables:\n  - name: a\n";
        let fixture = Fixture::new(&format!("{spec}=== a.sql\n{sql}"));
        let place = fixture.place(TextRange::empty(fixture.offset));
        let actions = ide::code_actions(&place, Detail::Title).into_iter();
        let drafts = actions.filter(|action| action.amend.is_some());
        let titles: Vec<String> = drafts.map(|action| action.fix.title).collect();
        titles.join("\n")
    };
    let of_v = titles(&sql.replace("as v,", "as $0v,"));
    assert!(of_v.starts_with("Amend: change what `v` means…"), "{of_v}");
    // Anywhere in its entry.
    for at in ["ma$0x(v", "max($0v"] {
        assert_eq!(titles(&sql.replace("max(v", at)), of_v, "{at}");
    }
    // Its name ends in a CTE, so the table has no such column.
    let of_table = titles(&sql.replace("as n from", "as $0n from"));
    assert!(
        of_table.starts_with("Amend: something about `a`…"),
        "{of_table}"
    );
    let renamed = titles(&sql.replace("n as items", "$0n as items"));
    assert!(
        renamed.starts_with("Amend: change what `items` means…"),
        "{renamed}"
    );
    assert_eq!(titles(&sql.replace("group by k", "gro$0up by k")), of_table);
}

/// A sentence about a table knows its columns and those of the tables that it reads, not the aliases of a query.
#[test]
fn a_selected_condition_is_said_in_the_words_of_the_table() {
    let drafted = |selected: &str| {
        let sql = "create table a as with sums as (select k, sum(v) as total, 1 as one from raw.t as x where x.is_test = 1 group by k) select s.k, s.total, total > 5 as big from sums as s where s.total > 1 and s.one = 1 and s.\"k\" = 'a.b'\n";
        let spec = "product: a\ntables:\n  - name: a\n";
        let fixture = Fixture::new(&format!(
            "=== a.spec.yaml\n{spec}=== a.sql\n{}",
            sql.replace(selected, &format!("$0{selected}"))
        ));
        let range = TextRange::at(fixture.offset, syntax::TextSize::of(selected));
        let told = ide::AmendmentDetails::default();
        let filter = ide::Amend::FilterRows;
        let fix =
            ide::amend(&fixture.snapshot, fixture.file, range, filter, &told).expect("a draft");
        let after = edit::apply(spec, &fix.edits[0].edits).expect("edits that apply");
        let line = after.lines().find(|line| line.contains("guarantees"));
        line.unwrap_or_default().trim().to_owned()
    };
    let excluded = |condition: &str| format!("guarantees: a excludes rows where {condition}");
    assert_eq!(drafted("s.total > 1"), excluded("total > 1"));
    assert_eq!(drafted("total > 5"), excluded("total > 5"));
    assert_eq!(drafted("x.is_test = 1"), excluded("raw.t.is_test = 1"));
    assert_eq!(drafted("s.\"k\" = 'a.b'"), excluded("k = 'a.b'"));
    // What is no column of the table is not known to a sentence.
    assert_eq!(
        drafted("s.one = 1"),
        excluded("condition  # draft: confirm")
    );
}

#[test]
fn an_answer_that_says_nothing_is_refused_and_a_name_of_two_words_is_quoted() {
    let fixture = Fixture::new(
        "=== a.spec.yaml\nproduct: a\ntables:\n  - name: a\n    columns:\n      - name: $0x\n",
    );
    let cursor = TextRange::empty(fixture.offset);
    let drafted = |amend: ide::Amend, detail: &str| {
        let answers = ide::AmendmentDetails {
            requirement: None,
            detail: Some(detail.to_owned()),
        };
        let fix = ide::amend(&fixture.snapshot, fixture.file, cursor, amend, &answers);
        fix.map(|fix| fix.edits[0].edits[0].insert.clone())
    };
    let refused = drafted(ide::Amend::FilterRows, "a or").unwrap_err();
    assert!(
        refused.message.contains("`a or` can't be read as SQL"),
        "{refused:?}"
    );
    assert!(drafted(ide::Amend::RetypeColumn, "vacant").is_err());
    let renamed = drafted(ide::Amend::RenameColumn, "a b").expect("a draft");
    assert!(
        renamed.contains(r#"a."a b" is renamed from x"#),
        "{renamed}"
    );
}

#[test]
fn nothing_is_drafted_where_no_product_is_named_and_no_sql_is_ours() {
    for text in [
        "=== a.spec.yaml\n$0description: no product\n",
        "=== dbt_project.yml\nname: shop\n=== models/s.yml\nmodels:\n  - name: $0a\n",
    ] {
        let fixture = Fixture::new(text);
        let shown = shown(&fixture);
        assert!(!shown.contains("amendment"), "{shown}");
        // Nor is it listed.
        let place = fixture.place(TextRange::empty(fixture.offset));
        let listed = ide::code_actions(&place, Detail::Title);
        assert!(
            listed.iter().all(|action| action.amend.is_none()),
            "{listed:?}"
        );
    }
}
