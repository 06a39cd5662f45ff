//! In the sentences of amendments.

use super::{at, item, labels};
use crate::fixture::Fixture;
use ide::CompletionKind;

const WORKSPACE: &str = "=== orders.sql
select s.order_id, s.amount from stg_orders as s
=== stg_orders.sql
select id as order_id, amount, note from raw.orders where not is_test
=== shop.spec.yaml
product: shop
tables:
  - name: orders
    description: One row for each order.
    why: Invoices start from single orders.
    columns:
      - name: amount
        type: DECIMAL(10,2)
        unit: EUR
        classification: [money]
        description: What it costs.
        why: It is on the invoice.
amendments:
  - id: 1
    requirement: r
    change: c
    guarantees: |
      orders exists
      ";

fn offered(typed: &str) -> Vec<String> {
    labels(&format!("{WORKSPACE}{typed}$0\n"))
}

#[test]
fn words_are_those_that_the_grammar_allows() {
    assert_eq!(offered("orders never "), ["comes from", "leaves", "reads"]);
    assert_eq!(offered("orders keeps the lat"), ["latest row per"]);
    assert_eq!(offered("orders.amount is in "), ["EUR", "UTC"]);
    assert_eq!(offered("columns classified "), ["money"]);
    assert_eq!(
        offered("orders is materialized as "),
        ["view", "table", "incremental", "ephemeral"]
    );
    assert!(offered("orders.amount is ").contains(&"never null".to_owned()));
    assert_eq!(offered("orders iss "), Vec::<String>::new());
}

#[test]
fn names_are_tables_and_columns_the_own_ones_first() {
    let start = offered("");
    assert_eq!(start.first().map(String::as_str), Some("orders"));
    assert!(start.contains(&"stg_orders".to_owned()), "{start:?}");
    assert!(
        start.contains(&"columns classified".to_owned()),
        "{start:?}"
    );
    assert_eq!(offered("orders.am"), ["amount"]);
    assert_eq!(offered("orders."), ["order_id", "amount"]);
    assert_eq!(offered("orders has one row per "), ["order_id", "amount"]);
    assert_eq!(
        offered("orders.total is renamed from "),
        ["order_id", "amount"]
    );
    assert_eq!(
        offered("orders has one row per order_id, "),
        ["order_id", "amount"]
    );
    let sql = offered("orders excludes rows where ");
    assert_eq!(
        sql,
        [
            "order_id",
            "amount",
            "note",
            "id",
            "is_test",
            "stg_orders",
            "raw.orders"
        ]
    );
}

#[test]
fn a_column_says_what_it_is_and_why() {
    let text = format!("{WORKSPACE}orders.am$0\n");
    let amount = item(&text, false, "amount");
    assert_eq!(amount.kind, CompletionKind::Column);
    assert_eq!(amount.detail.as_deref(), Some("DECIMAL(10,2)"));
    let fixture = Fixture::new(&text);
    let told = ide::documentation(&fixture.snapshot, &amount.about.expect("a column"));
    assert_eq!(
        told.as_deref(),
        Some("What it costs.\n\n**Why:** It is on the invoice.")
    );
    // The word that is being typed is replaced.
    assert_eq!(u32::from(amount.range.len()), 2);
}

#[test]
fn forms_are_snippets_where_they_can_be() {
    let found = |typed: &str| {
        let text = format!("{WORKSPACE}{typed}$0\n");
        let items = at(&text, true).items.into_iter();
        let forms = items.filter(|item| item.kind == CompletionKind::Form);
        forms.map(|item| item.text).collect::<Vec<_>>()
    };
    assert_eq!(found("orders.amount is nul"), ["never null"]);
    let all = found("orders.amount ");
    for form in [
        "is never null",
        "is in ${1:UNIT}",
        "is one of (${1:VALUES})",
        "comes from ${1:COLUMN}",
    ] {
        assert!(all.contains(&form.to_owned()), "{form}: {all:?}");
    }
    // What tables alone can be is offered of tables, what columns alone can be of columns.
    let of_table = "keeps the latest row per ${1:COLUMNS} by ${2:COLUMNS}".to_owned();
    assert!(!all.contains(&of_table), "{all:?}");
    let all = found("orders ");
    assert!(all.contains(&of_table), "{all:?}");
    assert!(!all.contains(&"is never null".to_owned()), "{all:?}");
    let both = found("nothing ");
    assert!(both.contains(&of_table) && both.contains(&"is never null".to_owned()));
    assert_eq!(
        found("orders comes from a "),
        ["only through ${1:FUNCTIONS}"]
    );
    assert_eq!(found(""), Vec::<String>::new());
}
