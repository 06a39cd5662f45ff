//! Selectors of dbt, and the fixtures of its unit tests.

use super::check;
use expect_test::expect;

const PROJECT: &str = r#"=== dbt_project.yml
name: shop
=== models/marts/orders.sql
select id as order_id, total from {{ ref('stg_orders') }}
=== models/stg_orders.sql
select 1 as id, 2 as total
=== selectors.yml
selectors:
  - name: nightly
    definition: "+orders+ tag:nightly,fqn:shop.marts.orders stg_orders path:models/orders.sql"
  - name: keys
    definition:
      union:
        - method: fqn
          value: orders # the mart
          parents: true
        - fqn: marts.orders
        - {method: file, value: orders.sql}
        - {method: path, value: models/marts/orders.sql}
        - {method: fqn, value: other.orders}
        - {method: tag, value: orders}
        - exclude: ["1+orders", 'orders_daily']
=== models/tests.yml
unit_tests:
  - name: totals
    model: orders
    given:
      - input: ref('stg_orders')
        format: csv
        fixture: some_orders
      - input: ref('stg_orders')
        format: sql
        rows: |
          select 1 as id, 'total' as note, 5 as total
          union all select 2 as id, null as note, 6 as total
    expect:
      format: sql
      fixture: expected_orders
=== tests/fixtures/some_orders.csv
id,total,note
1,2,total
=== tests/fixtures/deep/expected_orders.sql
select 1 as order_id, 2 as total
union all select 2 as order_id, 3 as total
=== tests/fixtures/unused.csv
id,total
1,2
"#;

#[test]
fn selectors_follow_a_table() {
    let at_file =
        PROJECT.to_owned() + "=== models/reads.sql\nselect * from {{ ref('ord$0ers') }}\n";
    check(
        &at_file,
        "sales",
        expect![[r#"
            Rename `orders` to `sales`
            -- models/reads.sql
            - select * from {{ ref('orders') }}
            + select * from {{ ref('sales') }}
            -- models/tests.yml
            -     model: orders
            +     model: sales
            -- selectors.yml
            -     definition: "+orders+ tag:nightly,fqn:shop.marts.orders stg_orders path:models/orders.sql"
            +     definition: "+sales+ tag:nightly,fqn:shop.marts.sales stg_orders path:models/orders.sql"
            -           value: orders # the mart
            +           value: sales # the mart
            -         - fqn: marts.orders
            -         - {method: file, value: orders.sql}
            -         - {method: path, value: models/marts/orders.sql}
            +         - fqn: marts.sales
            +         - {method: file, value: sales.sql}
            +         - {method: path, value: models/marts/sales.sql}
            -         - exclude: ["1+orders", 'orders_daily']
            +         - exclude: ["1+sales", 'orders_daily']
            -- models/marts/orders.sql -> models/marts/sales.sql
        "#]],
    );
}

#[test]
fn a_folder_of_the_same_name_is_selected_too_so_a_person_has_to_look() {
    check(
        "=== dbt_project.yml\nname: shop\n=== models/orders/orders.sql\nselect 1 as x\n\
         === models/reads.sql\nselect * from {{ ref('ord$0ers') }}\n\
         === selectors.yml\nselectors:\n  - name: all\n    definition: orders\n",
        "sales",
        expect![[r#"
            Rename `orders` to `sales`
            -- models/reads.sql
            - select * from {{ ref('orders') }}
            + select * from {{ ref('sales') }}
            -- selectors.yml
            -     definition: orders
            +     definition: sales
               (to be confirmed)
            -- models/orders/orders.sql -> models/orders/sales.sql
        "#]],
    );
}

#[test]
fn fixtures_follow_a_column() {
    let text = PROJECT.replace("2 as total\n=== sel", "2 as tot$0al\n=== sel");
    check(
        &text,
        "amount",
        expect![[r#"
        Rename `stg_orders.total` to `amount`
        -- models/marts/orders.sql
        - select id as order_id, total from {{ ref('stg_orders') }}
        + select id as order_id, amount as total from {{ ref('stg_orders') }}
        -- models/stg_orders.sql
        - select 1 as id, 2 as total
        + select 1 as id, 2 as amount
        -- models/tests.yml
        -           select 1 as id, 'total' as note, 5 as total
        -           union all select 2 as id, null as note, 6 as total
        +           select 1 as id, 'total' as note, 5 as amount
        +           union all select 2 as id, null as note, 6 as amount
        -- tests/fixtures/some_orders.csv
        - id,total,note
        + id,amount,note
    "#]],
    );
    let text = PROJECT.replace("id as order_id, total from", "id as order_id, tot$0al from");
    check(
        &text,
        "amount",
        expect![[r#"
        Rename `orders.total` to `amount`
        -- models/marts/orders.sql
        - select id as order_id, total from {{ ref('stg_orders') }}
        + select id as order_id, total as amount from {{ ref('stg_orders') }}
        -- tests/fixtures/deep/expected_orders.sql
        - select 1 as order_id, 2 as total
        - union all select 2 as order_id, 3 as total
        + select 1 as order_id, 2 as amount
        + union all select 2 as order_id, 3 as amount
    "#]],
    );
}

#[test]
fn a_fixture_of_two_tables_is_for_a_person_to_look_at() {
    let text = PROJECT
        .replace("2 as total\n=== sel", "2 as tot$0al\n=== sel")
        .replace("fixture: expected_orders", "fixture: some_orders");
    check(
        &text,
        "amount",
        expect![[r#"
        Rename `stg_orders.total` to `amount`
        -- models/marts/orders.sql
        - select id as order_id, total from {{ ref('stg_orders') }}
        + select id as order_id, amount as total from {{ ref('stg_orders') }}
        -- models/stg_orders.sql
        - select 1 as id, 2 as total
        + select 1 as id, 2 as amount
        -- models/tests.yml
        -           select 1 as id, 'total' as note, 5 as total
        -           union all select 2 as id, null as note, 6 as total
        +           select 1 as id, 'total' as note, 5 as amount
        +           union all select 2 as id, null as note, 6 as amount
        -- tests/fixtures/some_orders.csv
        - id,total,note
        + id,amount,note
           (to be confirmed)
    "#]],
    );
}
