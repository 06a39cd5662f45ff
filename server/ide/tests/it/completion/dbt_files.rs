//! In properties files of dbt.

use super::{item, labels};

const SHOP: &str = "=== dbt_project.yml
name: shop
=== models/orders.sql
select id as order_id, cast(total as integer) as amount from {{ source('raw', 'orders') }}
=== models/spare.sql
select 1 as x
=== models/other.yml
models:
  - name: spare
sources:
  - name: raw
    tables:
      - name: orders
=== models/shop.yml
";

fn typed(text: &str) -> Vec<String> {
    labels(&format!("{SHOP}{text}"))
}

#[test]
fn names_are_those_that_are_not_described_yet() {
    assert_eq!(typed("models:\n  - name: $0"), ["orders"]);
    let columns = "models:\n  - name: orders\n    columns:\n      - name: order_id\n      - name: ";
    assert_eq!(typed(&format!("{columns}$0")), ["amount"]);
    assert_eq!(typed(&format!("{columns}zz$0")), Vec::<String>::new());
    let amount = item(&format!("{SHOP}{columns}am$0"), false, "amount");
    assert!(amount.about.is_some());
    // Of a source no SQL here tells the columns.
    let source = "sources:\n  - name: raw\n    tables:\n      - name: orders\n        columns:\n          - name: $0";
    assert_eq!(typed(source), Vec::<String>::new());
}

#[test]
fn below_meta_stands_what_is_read_there() {
    let column = "models:\n  - name: orders\n    columns:\n      - name: amount\n        config:\n          meta:\n            rationale:\n              ";
    assert_eq!(typed(&format!("{column}$0")), ["unit", "why"]);
    assert_eq!(
        typed(&format!("{column}why: x\n              $0")),
        ["unit"]
    );
    let why = item(&format!("{SHOP}{column}w$0"), false, "why");
    assert_eq!(why.text, "why: ");
    let known = format!(
        "{column}unit: EUR\n      - name: tax\n        meta:\n          rationale:\n            unit: $0"
    );
    assert_eq!(typed(&known), ["EUR"]);
}

#[test]
fn the_rest_is_for_others_to_complete() {
    for text in [
        "$0",
        "models:\n  - name: orders\n    desc$0",
        "models:\n  - name: orders\n    description: or$0",
        "models:\n  - name: orders\n    columns:\n      - name: amount\n        data_tests:\n          - $0",
        "models:\n  - name: orders # or$0",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
}
