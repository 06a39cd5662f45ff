//! Go to definition from specs.

use super::check;
use expect_test::expect;

#[test]
fn since_leads_to_the_amendment() {
    check(
        r#"
=== orders.spec.yaml
product: orders
tables:
  - name: orders
    columns:
      - name: order_amount
        since: $01
=== specs/history.spec.yaml
product: orders
amendments:
  - id: 1
    requirement: We want the total.
    change: Added it.
"#,
        expect![[r#"
            orders.spec.yaml:6
                      since: 1
                             ^
            -> lines 3..5 of specs/history.spec.yaml:3
                - id: 1
                      ^
        "#]],
    );
}

#[test]
fn supersedes_leads_to_the_amendment_and_to_its_sentence() {
    let text = |id: &str, sentence: &str| {
        format!(
            r#"
=== orders.spec.yaml
product: orders
amendments:
  - id: first
    requirement: a
    guarantees: |
      orders.a is unique
      orders.b is unique
  - id: second
    requirement: b
    supersedes:
      - amendment: {id}first
        guarantee: orders.b is {sentence}unique
"#
        )
    };
    check(
        &text("$0", ""),
        expect![[r#"
        orders.spec.yaml:11
                - amendment: first
                             ^^^^^
        -> lines 3..7 of orders.spec.yaml:3
            - id: first
                  ^^^^^
    "#]],
    );
    check(
        &text("", "$0"),
        expect![[r#"
        orders.spec.yaml:12
                  guarantee: orders.b is unique
                             ^^^^^^^^^^^^^^^^^^
        -> lines 7..7 of orders.spec.yaml:7
                orders.b is unique
                ^^^^^^^^^^^^^^^^^^
    "#]],
    );
}

#[test]
fn the_id_of_an_amendment_leads_to_the_columns_that_it_introduced() {
    check(
        r#"
=== orders.spec.yaml
product: orders
tables:
  - name: orders
    columns:
      - {name: a, since: first}
      - {name: b, since: second}
      - {name: c, since: first}
amendments:
  - id: $0first
    requirement: a
  - id: second
    requirement: b
"#,
        expect![[r#"
            orders.spec.yaml:9
                - id: first
                      ^^^^^
            -> lines 5..5 of orders.spec.yaml:5
                    - {name: a, since: first}
                             ^
            -> lines 7..7 of orders.spec.yaml:7
                    - {name: c, since: first}
                             ^
        "#]],
    );
}

#[test]
fn the_id_of_an_amendment_leads_to_what_replaces_it() {
    check(
        r#"
=== orders.spec.yaml
product: orders
amendments:
  - id: $0first
    requirement: a
  - id: second
    requirement: b
    supersedes: [first]
"#,
        expect![[r#"
            orders.spec.yaml:3
                - id: first
                      ^^^^^
            -> lines 5..7 of orders.spec.yaml:5
                - id: second
                      ^^^^^^
        "#]],
    );
}

#[test]
fn a_name_in_the_grain_or_in_a_sentence_leads_to_the_entry() {
    let text = |grain: &str, sentence: &str, bare: &str| {
        format!(
            r#"
=== orders.spec.yaml
product: orders
tables:
  - name: orders
    grain: [{grain}order_id]
    columns:
      - name: order_id
amendments:
  - id: 1
    requirement: a
    changes: [orders.rows]
    guarantees: |
      orders.order{sentence}_id is unique
      orders has one row per {bare}order_id
"#
        )
    };
    check(
        &text("$0", "", ""),
        expect![[r#"
        orders.spec.yaml:4
              grain: [order_id]
                      ^^^^^^^^
        -> lines 6..6 of orders.spec.yaml:6
                - name: order_id
                        ^^^^^^^^
    "#]],
    );
    check(
        &text("", "$0", ""),
        expect![[r#"
            orders.spec.yaml:12
                    orders.order_id is unique
                           ^^^^^^^^
            -> lines 6..6 of orders.spec.yaml:6
                    - name: order_id
                            ^^^^^^^^
        "#]],
    );
    check(
        &text("", "", "$0"),
        expect![[r#"
        orders.spec.yaml:13
                orders has one row per order_id
                                       ^^^^^^^^
        -> lines 6..6 of orders.spec.yaml:6
                - name: order_id
                        ^^^^^^^^
    "#]],
    );
}

#[test]
fn what_leads_nowhere() {
    for text in [
        "=== a.spec.yaml\nproduct: a\ntables:\n  - name: $0t\n",
        "=== a.spec.yaml\nproduct: $0a\n",
        "=== a.spec.yaml\nproduct: a\ntables:\n  - name: t\n    columns: [{name: c, since: $09}]\n",
        "=== a.spec.yaml\n$0",
    ] {
        check(text, expect!["nothing\n"]);
    }
}

#[test]
fn a_test_of_dbt_leads_to_the_table_and_column_that_it_names() {
    let text = |to: &str, field: &str| {
        format!(
            r#"
=== dbt_project.yml
name: shop
=== models/schema.yml
models:
  - name: orders
    columns:
      - name: customer
        data_tests:
          - not_null
          - relationships:
              to: ref('{to}customers')
              field: {field}id
seeds:
  - name: customers
    columns:
      - name: id
=== seeds/customers.csv
id,name
"#
        )
    };
    check(
        &text("$0", ""),
        expect![[r#"
            models/schema.yml:8
                            to: ref('customers')
                                     ^^^^^^^^^
            -> lines 11..13 of models/schema.yml:11
                - name: customers
                        ^^^^^^^^^
        "#]],
    );
    check(
        &text("", "$0"),
        expect![[r#"
            models/schema.yml:9
                            field: id
                                   ^^
            -> lines 13..13 of models/schema.yml:13
                    - name: id
                            ^^
        "#]],
    );
}
