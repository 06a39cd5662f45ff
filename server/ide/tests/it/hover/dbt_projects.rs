//! In dbt projects: in properties files, and in models.

use super::{check, shown};
use crate::fixture::Fixture;
use expect_test::expect;

#[test]
fn a_column_of_a_dbt_model() {
    check(
        r#"
=== dbt_project.yml
name: shop
=== models/schema.yml
version: 2
models:
  - name: orders
    description: Orders.
    columns:
      - name: $0status
        data_type: text
        description: Where the order stands.
        config: {meta: {why: Support asks for it.}}
        tests:
          - accepted_values: {values: [open, paid]}
"#,
        expect![[r#"
            models/schema.yml:6
                    - name: status
                            ^^^^^^

            **status** in `orders` · `text`

            Where the order stands.

            **Why:** Support asks for it.
        "#]],
    );
}

#[test]
fn a_table_of_a_source() {
    check(
        r#"
=== dbt_project.yml
name: shop
=== models/schema.yml
sources:
  - name: raw
    tables:
      - name: $0payments
        description: One row a payment.
        columns:
          - name: id
"#,
        expect![[r#"
            models/schema.yml:4
                    - name: payments
                            ^^^^^^^^

            **raw.payments** · source

            One row a payment.

            1 known column.
        "#]],
    );
}

#[test]
fn of_two_specs_the_native_one_leads() {
    check(
        r#"
=== dbt_project.yml
name: shop
=== models/schema.yml
models:
  - name: orders
    columns:
      - name: amount
        data_type: float
        description: From dbt.
=== orders.spec.yaml
product: orders
tables:
  - name: orders
    columns:
      - name: $0amount
        type: DECIMAL(10,2)
"#,
        expect![[r#"
            orders.spec.yaml:5
                    - name: amount
                            ^^^^^^

            **amount** in `orders` · `DECIMAL(10,2)`

            From dbt.
        "#]],
    );
}

#[test]
fn a_key_of_dbt_says_what_it_means_where_it_stands() {
    let told = |at: &str| {
        let text = "=== dbt_project.yml\nname: shop\n=== models/shop.yml\nmodels:\n  - name: orders\n    config: {materialized: view}\n    columns:\n      - name: id\n        data_tests:\n          - unique\n          - relationships: {to: ref('x'), field: id}\n        config: {tags: [a]}\n    nothing: 1\n";
        let (before, behind) = at.split_at(1);
        let marked = text.replacen(at, &format!("{before}$0{behind}"), 1);
        shown(&Fixture::new(&marked))
    };
    let all: Vec<String> = [
        "materialized",
        "data_tests",
        "unique",
        "relationships",
        "field",
        "tags",
        "nothing",
    ]
    .into_iter()
    .map(told)
    .collect();
    expect![[r#"
        models/shop.yml:3
              config: {materialized: view}
                       ^^^^^^^^^^^^

        **materialized** · view | table | incremental | ephemeral | materialized_view

        How the model is built in the database.
        models/shop.yml:6
                  data_tests:
                  ^^^^^^^^^^

        **data_tests** · a list

        Claims about its rows, which `dbt test` looks for exceptions to.
        models/shop.yml:7
                    - unique
                      ^^^^^^

        **unique** · a test

        No value of the column occurs twice.
        models/shop.yml:8
                    - relationships: {to: ref('x'), field: id}
                      ^^^^^^^^^^^^^

        **relationships** · a mapping

        Every value of the column is one of a column of another table.
        models/shop.yml:8
                    - relationships: {to: ref('x'), field: id}
                                                    ^^^^^

        **field** · a column

        The column of the other table.
        models/shop.yml:9
                  config: {tags: [a]}
                           ^^^^

        **tags** · a list

        Tags by which commands select it.
        nothing
    "#]]
    .assert_eq(&all.concat());
}

/// A dbt project with a source, a staging model and a mart.
fn project(staging: &str, mart: &str) -> String {
    format!(
        r#"
=== dbt_project.yml
name: shop
=== models/schema.yml
version: 2
sources:
  - name: raw
    tables:
      - name: payments
        description: One row for each payment.
        columns:
          - name: amount
            description: In cents.
            meta: {{why: The ledger needs it.}}
models:
  - name: stg_payments
    description: Payments, cleaned.
=== models/stg_payments.sql
{staging}
=== models/payments.sql
{mart}
"#
    )
}

#[test]
fn a_ref_and_a_source() {
    let staging = "select amount from {{ source('raw', 'payments') }}";
    check(
        &project(staging, "select amount from {{ re$0f('stg_payments') }}"),
        expect![[r#"
            models/payments.sql:1
              select amount from {{ ref('stg_payments') }}
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^

            **stg_payments** · model

            Payments, cleaned.

            1 column, 1 with a why.

            Defined in `models/stg_payments.sql`. Read by 1 table: `payments`.
        "#]],
    );
    check(
        &project("select amount from {{ source('raw', 'pay$0ments') }}", ""),
        expect![[r#"
            models/stg_payments.sql:1
              select amount from {{ source('raw', 'payments') }}
                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

            **raw.payments** · source

            One row for each payment.

            1 known column, 1 with a why.

            Read by 1 table: `stg_payments`.
        "#]],
    );
}

#[test]
fn a_column_behind_a_ref() {
    check(
        &project(
            "select * from {{ source('raw', 'payments') }}",
            "{{ config(materialized='table') }}\nwith base as (select * from {{ ref('stg_payments') }})\nselect base.amou$0nt / 100 as euros from base",
        ),
        expect![[r#"
            models/payments.sql:3
              select base.amount / 100 as euros from base
                          ^^^^^^

            **amount** in `stg_payments`

            In cents. (from `raw.payments.amount`)

            **Why**, from `raw.payments.amount`: The ledger needs it.

            Unchanged from `raw.payments.amount`. Read by 1 table.
        "#]],
    );
}
