//! What a selection grows to: each step as it is written, line ends as `⏎`.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};

fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new(text);
    let file = fixture.snapshot.file(fixture.file).expect("the file");
    let content = fixture.snapshot.text(file).expect("its text");
    let mut shown = String::new();
    for part in ide::selections(&fixture.snapshot, fixture.file, fixture.offset) {
        let range = usize::from(part.start())..usize::from(part.end());
        let part = content.get(range).expect("a part of the text");
        shown.push_str(&part.replace('\n', "⏎"));
        shown.push('\n');
    }
    expected.assert_eq(&shown);
}

#[test]
fn in_sql_it_grows_by_expressions_clauses_and_queries() {
    check(
        "=== a.sql
with a as (select sum(o.qu$0antity * 2) as q, 1 from orders o where x) select * from a",
        expect![[r#"
            quantity
            o.quantity
            o.quantity * 2
            (o.quantity * 2)
            sum(o.quantity * 2) as q
            select sum(o.quantity * 2) as q, 1
            select sum(o.quantity * 2) as q, 1 from orders o where x
            (select sum(o.quantity * 2) as q, 1 from orders o where x)
            a as (select sum(o.quantity * 2) as q, 1 from orders o where x)
            with a as (select sum(o.quantity * 2) as q, 1 from orders o where x) select * from a
        "#]],
    );
    check(
        "=== dbt_project.yml\nname: s\n=== models/a.sql\nselect 1 from {{ ref('or$0ders') }} -- x",
        expect![[r#"
            orders
            ref('orders')
            {{ ref('orders') }}
            from {{ ref('orders') }}
            select 1 from {{ ref('orders') }}
            select 1 from {{ ref('orders') }} -- x
        "#]],
    );
}

#[test]
fn in_yaml_it_grows_by_values_entries_and_items() {
    check(
        "=== a.spec.yaml
product: a
tables:
  - name: t
    columns:
      - {name: 'the na$0me', why: w}
",
        expect![[r#"
            name
            the name
            'the name'
            name: 'the name'
            {name: 'the name', why: w}
            - {name: 'the name', why: w}
            columns:⏎      - {name: 'the name', why: w}
            name: t⏎    columns:⏎      - {name: 'the name', why: w}
            - name: t⏎    columns:⏎      - {name: 'the name', why: w}
            tables:⏎  - name: t⏎    columns:⏎      - {name: 'the name', why: w}
            product: a⏎tables:⏎  - name: t⏎    columns:⏎      - {name: 'the name', why: w}
            product: a⏎tables:⏎  - name: t⏎    columns:⏎      - {name: 'the name', why: w}⏎
        "#]],
    );
    check(
        "=== a.spec.yaml
product: a
amendments:
  - id: 1
    guarantees: |
      t.x exi$0sts
      t exists
",
        expect![[r#"
            exists
            t.x exists
            |⏎      t.x exists⏎      t exists
            guarantees: |⏎      t.x exists⏎      t exists
            id: 1⏎    guarantees: |⏎      t.x exists⏎      t exists
            - id: 1⏎    guarantees: |⏎      t.x exists⏎      t exists
            amendments:⏎  - id: 1⏎    guarantees: |⏎      t.x exists⏎      t exists
            product: a⏎amendments:⏎  - id: 1⏎    guarantees: |⏎      t.x exists⏎      t exists
            product: a⏎amendments:⏎  - id: 1⏎    guarantees: |⏎      t.x exists⏎      t exists⏎
        "#]],
    );
}

#[test]
fn an_empty_text_has_no_parts() {
    check("=== a.sql\n$0", expect![[""]]);
}

#[test]
fn in_a_template_it_grows_to_the_macro() {
    check(
        "=== dbt_project.yml\nname: s\n=== macros/m.sql\n{% macro a() %}1{% endmacro %}\n{% macro cents(col$0umn) %}2{% endmacro %}\n",
        expect![[r#"
            column
            macro cents(column)
            {% macro cents(column) %}
            {% macro cents(column) %}2{% endmacro %}
            {% macro a() %}1{% endmacro %}⏎{% macro cents(column) %}2{% endmacro %}⏎
        "#]],
    );
}
