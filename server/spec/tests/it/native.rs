//! The native format: each key, each problem with its place, and silence where nothing is wrong.

use spec::model::{AmendmentId, Change, NativeSpec, Status};
use spec::{Decoded, Problem, native};
use syntax::{Name, Spot, TextRange};

/// The example of the format's description.
pub(crate) const ORDERS: &str = "\
product: orders
description: Customer purchase orders, for revenue and order analysis.
owner: finance-data

tables:
  - name: orders
    description: One row for each purchase order that has at least one line.
    why: Invoicing and revenue reporting both start from single orders.
    grain: [order_id]
    columns:
      - name: order_id
        description: Identifies the order in the shop's own numbering.
        why: Joins orders to the rest of the data set. Not asked for, but needed by many uses.
      - name: order_amount
        type: DECIMAL(10,2)
        unit: USD
        nullable: false
        since: 1                      # introduced by amendment 1, whose requirement is its why
        description: Total monetary value of the order.

amendments:
  - id: 1
    date: 2026-01-10
    author: Finance
    requirement: We want the total value of each order on the invoice.
    change: Added order_amount, the sum over the order's lines of quantity times unit price.
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
    promises: |
      Test orders are marked by the shop within a day.
  - id: item-count
    date: 2026-03-02
    requirement: The number of items in each order must be visible.
    change: tbd
";

pub(crate) fn at(text: &str, range: TextRange) -> &str {
    text.get(range.start().into()..range.end().into())
        .unwrap_or("OUT OF THE TEXT")
}

fn spelled<'t>(text: &'t str, decoded: &Decoded<NativeSpec>, spot: Spot) -> &'t str {
    at(text, decoded.places.range(spot))
}

pub(crate) fn shown(text: &str, problems: &[Problem]) -> Vec<String> {
    problems
        .iter()
        .map(|problem| {
            format!(
                "{} at `{}`: {}",
                problem.code.as_str(),
                at(text, problem.range),
                problem.message
            )
        })
        .collect()
}

#[test]
fn the_example_is_read_whole_and_without_a_problem() {
    let decoded = native::decode(ORDERS);
    assert_eq!(shown(ORDERS, &decoded.problems), Vec::<String>::new());
    let spec = &decoded.facts;
    let product = spec.product.as_ref().unwrap();
    assert_eq!(product.value, Name::new("orders"));
    assert_eq!(spelled(ORDERS, &decoded, product.key), "product");
    assert_eq!(spelled(ORDERS, &decoded, product.spot), "orders");

    let table = &spec.tables[0];
    assert_eq!(table.name.value, [Name::new("orders")]);
    assert_eq!(table.grain[0].value, Name::new("order_id"));
    assert_eq!(spelled(ORDERS, &decoded, table.grain[0].spot), "order_id");
    let amount = &table.columns[1];
    assert!(spelled(ORDERS, &decoded, amount.entry).starts_with("name: order_amount\n"));
    assert_eq!(amount.data_type.as_ref().unwrap().value, "DECIMAL(10,2)");
    assert_eq!(amount.unit.as_ref().unwrap().value, "USD");
    assert!(!amount.nullable.as_ref().unwrap().value);
    let since = amount.since.as_ref().unwrap();
    assert_eq!(since.value, AmendmentId::Number(1));
    assert_eq!(spelled(ORDERS, &decoded, since.spot), "1");

    let [first, second, third] = spec.amendments.as_slice() else {
        panic!("three amendments");
    };
    assert_eq!(first.date.as_ref().unwrap().value, "2026-01-10");
    assert_eq!(first.status(), Status::Accepted);
    let sentences: Vec<(&str, &str)> = first
        .guarantees
        .iter()
        .map(|sentence| {
            let place = spelled(ORDERS, &decoded, sentence.spot);
            (sentence.value.as_str(), place)
        })
        .collect();
    let amount = "orders.order_amount is DECIMAL(10,2)";
    let sum =
        "orders.order_amount = COALESCE(SUM(order_lines.quantity * order_lines.unit_price), 0)";
    assert_eq!(sentences, [(amount, amount), (sum, sum)]);
    assert_eq!(second.promises.len(), 1);
    assert!(!second.is_open());
    assert_eq!(third.change.as_ref().unwrap().value, Change::ToBeDone);
    assert!(third.is_open());
}
