//! Models and seeds of a dbt project.

use super::{check, project};
use expect_test::expect;

#[test]
fn a_column_that_a_star_hands_on_is_renamed_in_all_tables_that_have_it() {
    check(
        &project(&[("as order_id,", "as order_id$0,")]),
        "order_key",
        expect![[r#"
        Rename `stg_orders.order_id` to `order_key`
        -- models/orders.sql
        - {{ config(materialized='incremental', unique_key=['order_id']) }}
        + {{ config(materialized='incremental', unique_key=['order_key']) }}
        - final as (select orders.*, row_number() over (order by order_id) as nr from orders)
        + final as (select orders.*, row_number() over (order by order_key) as nr from orders)
        - {% if is_incremental() %} where order_id > (select max(order_id) from {{ this }}) {% endif %}
        + {% if is_incremental() %} where order_key > (select max(order_key) from {{ this }}) {% endif %}
        -- models/schema.yml
        -           expression: "order_id > 0 and amount >= 0"
        +           expression: "order_key > 0 and amount >= 0"
        -       - name: order_id
        +       - name: order_key
        -       - name: order_id
        +       - name: order_key
        -               field: order_id
        +               field: order_key
        -           - {order_id: 1, amount: 2}
        +           - {order_key: 1, amount: 2}
        +         expr: "order_key"
        -- models/staging/stg_orders.sql
        - {{ config(unique_key='order_id', alias='order_id') }}
        + {{ config(unique_key='order_key', alias='order_id') }}
        - renamed as (select id as order_id, {{ cents('amount_cents') }} as amount from source)
        + renamed as (select id as order_key, {{ cents('amount_cents') }} as amount from source)
        -- models/totals.sql
        - select order_id, sum(amount) as amount from {{ ref("orders") }} group by order_id
        + select order_key as order_id, sum(amount) as amount from {{ ref("orders") }} group by order_key
    "#]],
    );
}

#[test]
fn a_table_of_dbt_takes_its_file_its_refs_and_its_settings_along() {
    check(
        &project(&[("ref('stg_orders') }}),", "ref('stg_$0orders') }}),")]),
        "stg_sales",
        expect![[r#"
        Rename `stg_orders` to `stg_sales`
        -- dbt_project.yml
        -       stg_orders:
        +       stg_sales:
        -- macros/latest.sql
        - {% macro latest() %}select max(amount) from {{ ref('stg_orders') }}{% endmacro %}
        + {% macro latest() %}select max(amount) from {{ ref('stg_sales') }}{% endmacro %}
        -- models/orders.sql
        - with orders as (select * from {{ ref('stg_orders') }}),
        + with orders as (select * from {{ ref('stg_sales') }}),
        -- models/schema.yml
        -   - name: stg_orders
        +   - name: stg_sales
        -               to: ref('stg_orders')
        +               to: ref('stg_sales')
        -- models/staging/stg_orders.sql -> models/staging/stg_sales.sql
    "#]],
    );
}

#[test]
fn a_seed_is_renamed_in_its_header() {
    check(
        "=== dbt_project.yml\nname: a\n=== seeds/rates.csv\nday,\"rate\"\n2026-01-01,1\n=== models/a.sql\nselect rate$0 * 2 as twice from {{ ref('rates') }}\n",
        "price",
        expect![[r#"
            Rename `rates.rate` to `price`
            -- models/a.sql
            - select rate * 2 as twice from {{ ref('rates') }}
            + select price * 2 as twice from {{ ref('rates') }}
            -- seeds/rates.csv
            - day,"rate"
            + day,"price"
        "#]],
    );
}

#[test]
fn of_several_tables_in_one_tag_the_one_under_the_cursor_is_renamed() {
    let text = "=== dbt_project.yml\nname: shop\n=== models/a.sql\nselect 1 as x\n\
                === models/ab.sql\nselect 2 as x\n=== models/b.sql\nselect 3 as x\n\
                === models/all.sql\nwith every as ({{ dbt_utils.union_relations(relations=[\n  \
                ref('a'),\n  ref('ab'),\n  ref('b')\n]) }})\nselect x from every\n";
    check(
        &text.replace("ref('ab')", "ref('a$0b')"),
        "c",
        expect![[r#"
            Rename `ab` to `c`
            -- models/all.sql
            -   ref('ab'),
            +   ref('c'),
            -- models/ab.sql -> models/c.sql
        "#]],
    );
    check(
        &text.replace("relations=", "rela$0tions="),
        "c",
        expect![[r#"
            Several tables are mentioned here: put the cursor on the name of one of them.
        "#]],
    );
}
