//! Columns that settings, tests and constraints name: in the `config(…)` of a template and in dbt's YAML.

use crate::fixture::Fixture;
use crate::references::shown;
use crate::rename;
use expect_test::expect;

const SHOP: &str = r#"
=== dbt_project.yml
name: shop
=== models/orders.sql
{{ config(materialized='incremental', unique_key=['order_id', 'day'], partition_by={'field': 'day'}, cluster_by='day') }}
select id as order_id, day, total from {{ ref('base') }}
=== models/base.sql
select id, day, total from raw.orders
=== models/lines.sql
select order_id, day from {{ ref('orders') }}
=== models/shop.yml
models:
  - name: orders
    config:
      unique_key: order_id
      cluster_by: [day, order_id]
      contract: {enforced: true}
    constraints:
      - type: primary_key
        columns: [order_id]
    data_tests:
      - dbt_utils.unique_combination_of_columns:
          arguments:
            combination_of_columns: [order_id, day]
    columns:
      - name: order_id
        data_tests:
          - unique
      - name: day
  - name: lines
    columns:
      - name: order_id
        constraints:
          - type: foreign_key
            to: ref('orders')
            to_columns: [order_id]
        data_tests:
          - relationships:
              arguments:
                to: ref('orders')
                field: order_id
              config: {severity: warn}
unit_tests:
  - name: works
    model: orders
    given:
      - input: ref('base')
        rows: [{id: 1}]
    expect:
      rows: [{order_id: 1}]
"#;

fn with(from: &str, to: &str) -> String {
    assert!(SHOP.contains(from), "{from}");
    SHOP.replacen(from, to, 1)
}

#[test]
fn they_are_references_of_the_column() {
    let from_sql = shown(&Fixture::new(&with("id as order_id", "id as order$0_id")));
    expect![[r#"
        -- models/lines.sql
        select order_id, day from {{ ref('orders') }}
               ^^^^^^^^
        -- models/orders.sql
        {{ config(materialized='incremental', unique_key=['order_id', 'day'], partition_by={'field': 'day'}, cluster_by='day') }}
                                                           ^^^^^^^^
        select id as order_id, day, total from {{ ref('base') }}
                     ========
        -- models/shop.yml
              unique_key: order_id
                          ^^^^^^^^
              cluster_by: [day, order_id]
                                ^^^^^^^^
                columns: [order_id]
                          ^^^^^^^^
                    combination_of_columns: [order_id, day]
                                             ^^^^^^^^
              - name: order_id
                      ========
                    to_columns: [order_id]
                                 ^^^^^^^^
                        field: order_id
                               ^^^^^^^^
              rows: [{order_id: 1}]
                      ^^^^^^^^
    "#]].assert_eq(&from_sql);
    for (from, to) in [
        ("['order_id'", "['ord$0er_id'"),
        ("unique_key: order_id", "unique_key: or$0der_id"),
        ("[day, order_id]", "[day, or$0der_id]"),
        ("columns: [order_id]", "columns: [ord$0er_id]"),
        ("columns: [order_id, day]", "columns: [ord$0er_id, day]"),
        ("to_columns: [order_id]", "to_columns: [ord$0er_id]"),
        ("field: order_id", "field: ord$0er_id"),
        ("rows: [{order_id", "rows: [{ord$0er_id"),
    ] {
        assert_eq!(shown(&Fixture::new(&with(from, to))), from_sql, "{from}");
    }
}

#[test]
fn they_are_highlighted_with_it() {
    let marked = |text: &str| {
        let fixture = Fixture::new(text);
        let found = ide::highlights(&fixture.snapshot, fixture.file, fixture.offset);
        let marks: Vec<_> = found.iter().map(|it| (it.range, '^')).collect();
        format!("highlights\n{}", fixture.marked(fixture.file, &marks))
    };
    let from_setting = marked(&with("cluster_by='day'", "cluster_by='d$0ay'"));
    expect![[r#"
        highlights
        {{ config(materialized='incremental', unique_key=['order_id', 'day'], partition_by={'field': 'day'}, cluster_by='day') }}
                                                                       ^^^                            ^^^                ^^^
        select id as order_id, day, total from {{ ref('base') }}
                               ^^^
    "#]].assert_eq(&from_setting);
    assert_eq!(
        marked(&with("order_id, day, total", "order_id, da$0y, total")),
        from_setting
    );
    expect![[r#"
        highlights
              unique_key: order_id
                          ^^^^^^^^
              cluster_by: [day, order_id]
                                ^^^^^^^^
                columns: [order_id]
                          ^^^^^^^^
                    combination_of_columns: [order_id, day]
                                             ^^^^^^^^
              - name: order_id
                      ^^^^^^^^
                    to_columns: [order_id]
                                 ^^^^^^^^
                        field: order_id
                               ^^^^^^^^
              rows: [{order_id: 1}]
                      ^^^^^^^^
    "#]]
    .assert_eq(&marked(&with(
        "unique_key: order_id",
        "unique_key: or$0der_id",
    )));
}

#[test]
fn a_rename_that_starts_there_takes_all_of_them_along() {
    let from_sql = rename::shown(&with("id as order_id", "id as order$0_id"), "order_key");
    expect![[r#"
        Rename `orders.order_id` to `order_key`
        -- models/lines.sql
        - select order_id, day from {{ ref('orders') }}
        + select order_key as order_id, day from {{ ref('orders') }}
        -- models/orders.sql
        - {{ config(materialized='incremental', unique_key=['order_id', 'day'], partition_by={'field': 'day'}, cluster_by='day') }}
        - select id as order_id, day, total from {{ ref('base') }}
        + {{ config(materialized='incremental', unique_key=['order_key', 'day'], partition_by={'field': 'day'}, cluster_by='day') }}
        + select id as order_key, day, total from {{ ref('base') }}
        -- models/shop.yml
        -       unique_key: order_id
        -       cluster_by: [day, order_id]
        +       unique_key: order_key
        +       cluster_by: [day, order_key]
        -         columns: [order_id]
        +         columns: [order_key]
        -             combination_of_columns: [order_id, day]
        +             combination_of_columns: [order_key, day]
        -       - name: order_id
        +       - name: order_key
        -             to_columns: [order_id]
        +             to_columns: [order_key]
        -                 field: order_id
        +                 field: order_key
        -       rows: [{order_id: 1}]
        +       rows: [{order_key: 1}]
    "#]].assert_eq(&from_sql);
    for (from, to) in [
        ("['order_id'", "['ord$0er_id'"),
        ("unique_key: order_id", "unique_key: or$0der_id"),
        ("field: order_id", "field: ord$0er_id"),
    ] {
        assert_eq!(
            rename::shown(&with(from, to), "order_key"),
            from_sql,
            "{from}"
        );
    }
}

#[test]
fn hover_and_definition_know_them_too() {
    for (from, to) in [
        ("['order_id'", "['ord$0er_id'"),
        ("unique_key: order_id", "unique_key: or$0der_id"),
    ] {
        let fixture = Fixture::new(&with(from, to));
        let hover = ide::hover(
            &fixture.snapshot,
            &fixture.answers,
            fixture.file,
            fixture.offset,
        );
        assert!(hover.is_some(), "{from}");
        let targets = ide::definition(&fixture.snapshot, fixture.file, fixture.offset);
        assert!(!targets.is_empty(), "{from}");
    }
}
