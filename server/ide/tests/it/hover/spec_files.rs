//! Hover in native specs.

use super::{check, shown};
use crate::fixture::Fixture;
use expect_test::expect;

/// A product with a history.
const ORDERS: &str = r#"
=== specs/orders.spec.yaml
product: orders
description: Customer purchase orders.
tables:
  - name: orders
    description: One row for each purchase order.
    why: Invoicing starts from single orders.
    grain: [order_id]
    columns:
      - name: order_id
        description: Identifies the order.
        why: Joins orders to the rest.
      - name: order_amount
        type: DECIMAL(10,2)
        unit: USD
        nullable: false
        since: 1
        description: Total monetary value of the order.
        classification: [confidential]
      - name: coupon
        deprecated: Use coupon_code.
amendments:
  - id: 1
    date: 2026-01-10
    author: Finance
    requirement: We want the total value of each order on the invoice.
    change: Added order_amount, quantity * unit_price summed.
    changes: [orders.order_amount]
    guarantees: |
      orders.order_amount is DECIMAL(10,2)
      orders.order_amount = COALESCE(SUM(order_lines.quantity * order_lines.unit_price), 0)
  - id: no-test-orders
    date: 2026-02-14
    requirement: Revenue must not count test orders.
    change: Test orders are filtered out of orders.
    changes: [orders.rows]
    guarantees: |
      orders excludes rows where is_test
  - id: net
    date: 2026-03-02
    requirement: Amounts are needed without tax.
    change: tbd
    changes: [orders.order_amount]
    supersedes: [{amendment: 1, guarantee: "orders.order_amount is DECIMAL(10,2)"}]
"#;

/// [`ORDERS`] with the cursor before the `nth` occurrence of `needle`, from 0.
fn at(needle: &str, nth: usize) -> String {
    let (start, _) = ORDERS
        .match_indices(needle)
        .nth(nth)
        .expect("the needle is there");
    let (before, after) = ORDERS.split_at(start);
    format!("{before}$0{after}")
}

#[test]
fn a_column_that_an_amendment_asked_for() {
    check(
        &at("order_amount\n        type", 0),
        expect![[r#"
            specs/orders.spec.yaml:12
                    - name: order_amount
                            ^^^^^^^^^^^^

            **order_amount** in `orders` · `DECIMAL(10,2)` · USD · never null · confidential

            Total monetary value of the order.

            **Why:** asked for by amendment 1 (Finance, 2026-01-10)
            > We want the total value of each order on the invoice.

            **Amendments**
            - **net** (2026-03-02) · open: Amounts are needed without tax.
            - **1** (Finance, 2026-01-10) · in force: Added order_amount, quantity * unit_price summed.
              - `orders.order_amount is DECIMAL(10,2)` · can't be told from the SQL: no SQL of the workspace makes the table (to be superseded by net)
              - `orders.order_amount = COALESCE(SUM(order_lines.quantity * order_lines.unit_price), 0)` · can't be told from the SQL: no SQL of the workspace makes the table
        "#]],
    );
}

#[test]
fn a_column_with_a_why_of_its_own() {
    check(
        &at("order_id\n        desc", 0),
        expect![[r#"
        specs/orders.spec.yaml:9
                - name: order_id
                        ^^^^^^^^

        **order_id** in `orders`

        Identifies the order.

        **Why:** Joins orders to the rest.
    "#]],
    );
}

#[test]
fn a_deprecated_column() {
    check(
        &at("coupon\n", 0),
        expect![[r#"
        specs/orders.spec.yaml:19
                - name: coupon
                        ^^^^^^

        **coupon** in `orders`

        **Deprecated:** Use coupon_code.
    "#]],
    );
}

#[test]
fn a_table() {
    check(
        &at("orders\n    desc", 0),
        expect![[r#"
            specs/orders.spec.yaml:4
                - name: orders
                        ^^^^^^

            **orders**

            One row for each purchase order.

            **Why:** Invoicing starts from single orders.

            One row per `order_id`.

            **Amendments**
            - **no-test-orders** (2026-02-14) · in force: Revenue must not count test orders.
              - `orders excludes rows where is_test` · can't be told from the SQL: no SQL of the workspace makes the table

            3 known columns, 2 with a why.
        "#]],
    );
}

#[test]
fn the_id_that_since_names() {
    check(
        &at("1\n        desc", 0),
        expect![[r#"
            specs/orders.spec.yaml:16
                      since: 1
                             ^

            **Amendment 1** (Finance, 2026-01-10) to orders · in force

            > We want the total value of each order on the invoice.

            **Change:** Added order_amount, quantity * unit_price summed.

            **Guarantees**
            - `orders.order_amount is DECIMAL(10,2)` · can't be told from the SQL: no SQL of the workspace makes the table (to be superseded by net)
            - `orders.order_amount = COALESCE(SUM(order_lines.quantity * order_lines.unit_price), 0)` · can't be told from the SQL: no SQL of the workspace makes the table
        "#]],
    );
}

#[test]
fn an_amendment_by_its_own_id() {
    check(
        &at("no-test-orders", 0),
        expect![[r#"
            specs/orders.spec.yaml:31
                - id: no-test-orders
                      ^^^^^^^^^^^^^^

            **Amendment no-test-orders** (2026-02-14) to orders · in force

            > Revenue must not count test orders.

            **Change:** Test orders are filtered out of orders.

            **Guarantees**
            - `orders excludes rows where is_test` · can't be told from the SQL: no SQL of the workspace makes the table
        "#]],
    );
}

#[test]
fn a_name_in_a_sentence() {
    check(
        &at("order_amount = COAL", 0),
        expect![[r#"
            specs/orders.spec.yaml:30
                    orders.order_amount = COALESCE(SUM(order_lines.quantity * order_lines.unit_price), 0)
                           ^^^^^^^^^^^^

            **order_amount** in `orders` · `DECIMAL(10,2)` · USD · never null · confidential

            Total monetary value of the order.

            **Why:** asked for by amendment 1 (Finance, 2026-01-10)
            > We want the total value of each order on the invoice.

            **Amendments**
            - **net** (2026-03-02) · open: Amounts are needed without tax.
            - **1** (Finance, 2026-01-10) · in force: Added order_amount, quantity * unit_price summed.
              - `orders.order_amount is DECIMAL(10,2)` · can't be told from the SQL: no SQL of the workspace makes the table (to be superseded by net)
              - `orders.order_amount = COALESCE(SUM(order_lines.quantity * order_lines.unit_price), 0)` · can't be told from the SQL: no SQL of the workspace makes the table
        "#]],
    );
    check(
        &at("orders excludes", 0),
        expect![[r#"
            specs/orders.spec.yaml:37
                    orders excludes rows where is_test
                    ^^^^^^

            **orders**

            One row for each purchase order.

            **Why:** Invoicing starts from single orders.

            One row per `order_id`.

            **Amendments**
            - **no-test-orders** (2026-02-14) · in force: Revenue must not count test orders.
              - `orders excludes rows where is_test` · can't be told from the SQL: no SQL of the workspace makes the table

            3 known columns, 2 with a why.
        "#]],
    );
}

#[test]
fn a_column_of_the_grain() {
    check(
        &at("order_id]", 0),
        expect![[r#"
        specs/orders.spec.yaml:7
              grain: [order_id]
                      ^^^^^^^^

        **order_id** in `orders`

        Identifies the order.

        **Why:** Joins orders to the rest.
    "#]],
    );
}

#[test]
fn a_key_says_what_it_is_for() {
    check(
        &at("grain:", 0),
        expect![[r#"
        specs/orders.spec.yaml:7
              grain: [order_id]
              ^^^^^

        **grain** · a list of columns

        The columns that together identify one row.
    "#]],
    );
    check(
        &at("id: 1", 0),
        expect![[r#"
        specs/orders.spec.yaml:22
            - id: 1
              ^^

        **id** · a positive integer, or a slug of lower-case letters, digits and hyphens · required

        A positive integer, or a slug such as `no-test-orders`; unique in the product.
    "#]],
    );
    check(
        &at("amendment: 1", 0),
        expect![[r#"
        specs/orders.spec.yaml:43
              supersedes: [{amendment: 1, guarantee: "orders.order_amount is DECIMAL(10,2)"}]
                            ^^^^^^^^^

        **amendment** · a positive integer, or a slug of lower-case letters, digits and hyphens · required

        The id of the older amendment.
    "#]],
    );
}

#[test]
fn nothing_is_known_of_prose_and_punctuation() {
    for nowhere in ["Invoicing starts", "\n    columns:", "USD", "2026-01-10"] {
        let fixture = Fixture::new(&at(nowhere, 0));
        assert_eq!(shown(&fixture), "nothing\n", "{nowhere}");
    }
}

#[test]
fn a_name_of_which_nothing_is_known() {
    check(
        "=== a.spec.yaml\nproduct: a\ntables:\n  - name: t\n    columns:\n      - name: $0c\n",
        expect!["nothing\n"],
    );
}

#[test]
fn prose_that_looks_like_markdown_is_shown_as_it_stands() {
    check(
        r#"
=== a.spec.yaml
product: a
tables:
  - name: t
    columns:
      - name: $0the_total
        description: |
          # All *of* it, a | b
          - in `USD`
        why: because <b>_they_</b> said so
        type: "varchar `x`"
"#,
        expect![[r#"
            a.spec.yaml:5
                    - name: the_total
                            ^^^^^^^^^

            **the_total** in `t` · `` varchar `x` ``

            \# All \*of\* it, a \| b
            \- in \`USD\`

            **Why:** because \<b>\_they\_\</b> said so
        "#]],
    );
}

#[test]
fn lines_that_end_in_crlf_and_an_emoji_before_the_cursor() {
    let text = "=== a.spec.yaml\nproduct: a\ntables:\n  - {name: \"💰é\", columns: [{name: $0x, why: w}]}\n";
    let fixture = Fixture::with_crlf(text);
    expect![[r#"
        a.spec.yaml:3
            - {name: "💰é", columns: [{name: x, why: w}]}
                                            ^

        **x** in `💰é`

        **Why:** w
    "#]]
    .assert_eq(&shown(&fixture));
}

#[test]
fn a_broken_neighbour_costs_nothing() {
    check(
        r#"
=== a.spec.yaml
product: a
tables:
  - name: t
    columns:
      - name: broken
        why: "not closed
      - name: $0x
        why: Known.
"#,
        expect![[r#"
            a.spec.yaml:7
                    - name: x
                            ^

            **x** in `t`

            **Why:** Known.
        "#]],
    );
}

#[test]
fn a_code_in_an_ignore_comment_and_in_the_configuration() {
    check(
        r#"
=== a.spec.yaml
product: a
tables:
  - name: t # rationale: ignore missing-$0why because it is going away
"#,
        expect![[r#"
            a.spec.yaml:3
                - name: t # rationale: ignore missing-why because it is going away
                                              ^^^^^^^^^^^

            **missing-why** · warning by default

            A table or column has no why, own or inherited.

            `rationale explain missing-why` tells more.
        "#]],
    );
    check(
        "=== rationale.toml\n[checks]\nmissing-$0why = \"off\"\n",
        expect![[r#"
            rationale.toml:2
              missing-why = "off"
              ^^^^^^^^^^^

            **missing-why** · warning by default

            A table or column has no why, own or inherited.

            `rationale explain missing-why` tells more.
        "#]],
    );
    check(
        "=== rationale.toml\n[checks]\nmissing-why = \"o$0ff\"\n",
        expect![[r#"
            nothing
        "#]],
    );
}

#[test]
fn a_sentence_says_what_it_promises_and_what_contradicts_it() {
    check(
        "=== orders.sql
select order_id from stg_orders
=== stg_orders.sql
select id as order_id from raw.orders where not is_test
=== shop.spec.yaml
product: shop
tables:
  - name: orders
amendments:
  - id: 1
    requirement: Revenue must not count test orders.
    change: They are filtered out.
    guarantees: |
      orders excl$0udes rows where is_test
",
        expect![[r#"
            shop.spec.yaml:9
                    orders excludes rows where is_test
                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

            `orders` has no row for which `is_test` is true. Rows for which it is NULL may be there. *Now:* holds.

            *Contradicted* when the SQL lets in a row for which it is true.

            `is_test` is the column of `raw.orders`.
        "#]],
    );
}

#[test]
fn older_sentences_are_read_through_a_rename() {
    let fixture = Fixture::new(
        "=== shop.spec.yaml
product: shop
tables:
  - name: orders
    columns:
      - name: to$0tal
        why: It is on the invoice.
amendments:
  - id: 1
    date: 2026-01-10
    requirement: We want the total value of each order.
    change: Added amount.
    guarantees: |
      orders.amount is never null
  - id: 2
    date: 2026-02-10
    requirement: All totals are called total.
    change: Renamed it.
    guarantees: |
      orders.total is renamed from amount
",
    );
    let shown = shown(&fixture);
    assert!(shown.contains("- **1**"), "{shown}");
    assert!(shown.contains("`orders.amount is never null`"), "{shown}");
}
