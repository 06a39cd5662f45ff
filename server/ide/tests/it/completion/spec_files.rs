//! In specs, outside of sentences.

use super::{at, item, labels};
use ide::CompletionKind;

const SHOP: &str = "=== orders.sql
select id as order_id, total as amount from raw.orders
=== spare.sql
select 1 as x
=== other.spec.yaml
product: shop
amendments:
  - {id: 1, requirement: The total., change: c}
  - {id: no-tests, requirement: r, author: Finance & Co}
=== shop.spec.yaml
product: shop
tables:
  - name: orders
    columns:
      - name: amount
        unit: USD
        classification: [money]
";

fn typed(text: &str) -> Vec<String> {
    labels(&format!("{SHOP}{text}"))
}

#[test]
fn keys_are_those_that_are_not_there_yet() {
    assert_eq!(
        typed("$0"),
        [
            "description",
            "owner",
            "links",
            "dialect",
            "amendments",
            "exemptions"
        ]
    );
    assert_eq!(typed("am$0"), ["amendments"]);
    assert_eq!(typed("  - name: x\n    wh$0"), ["why"]);
    assert_eq!(typed("      - {name: y, unique: true, nu$0}"), ["nullable"]);
    assert_eq!(
        typed("amendments:\n  - id: 3\n    supersedes:\n      - amendment: 1\n        $0"),
        ["guarantee"]
    );
    assert_eq!(typed("amendments:\n  $0"), ["- id"]);
    assert_eq!(
        typed("amendments:\n  - $0").first().map(String::as_str),
        Some("id")
    );
}

#[test]
fn a_key_is_written_with_what_must_follow() {
    let key =
        |text: &str, snippets: bool, label: &str| item(&format!("{SHOP}{text}"), snippets, label);
    assert_eq!(key("ow$0", true, "owner").text, "owner: ");
    assert_eq!(key("ow$0: x", true, "owner").text, "owner");
    assert_eq!(
        key("am$0", true, "amendments").text,
        "amendments:\n  - id: $0"
    );
    assert_eq!(key("am$0", false, "amendments").text, "amendments:");
    let guarantees = key("amendments:\n  - id: 3\n    gua$0", true, "guarantees");
    assert_eq!(guarantees.text, "guarantees: |\n      $0");
    assert!(guarantees.is_snippet && guarantees.kind == CompletionKind::Key);
    assert!(guarantees.documentation.is_some());
    assert_eq!(key("amendments:\n  $0", true, "- id").text, "- id: ");
}

#[test]
fn values_are_those_that_can_be_known() {
    assert_eq!(typed("        nullable: $0"), ["true", "false"]);
    assert_eq!(typed("        since: $0"), ["no-tests", "1"]);
    assert_eq!(typed("      - name: $0"), ["order_id"]);
    assert_eq!(typed("  - name: $0"), ["spare"]);
    assert_eq!(typed("      - name: x\n        unit: $0"), ["USD"]);
    assert_eq!(typed("      - {name: x, classification: [$0"), ["money"]);
    assert_eq!(typed("    grain: [amount, ord$0"), ["order_id"]);
    let paths = "=== models/a/deep.sql\nselect 1 as x\n=== specs/s.spec.yaml\nproduct: s\ntables:\n  - name: t\n    model: models/d$0";
    assert_eq!(labels(paths), ["models/a/deep.sql"]);
    assert_eq!(typed("dialect: snow$0"), ["snowflake"]);
    let amendment = "amendments:\n  - id: 7\n    ";
    assert_eq!(typed(&format!("{amendment}status: w$0")), ["withdrawn"]);
    assert_eq!(typed(&format!("{amendment}change: $0")), ["tbd", "none"]);
    assert_eq!(typed(&format!("{amendment}author: $0")), ["'Finance & Co'"]);
    assert_eq!(
        typed(&format!("{amendment}supersedes: [$0")),
        ["7", "no-tests", "1"].map(str::to_owned)[1..]
    );
    assert_eq!(
        typed(&format!("{amendment}changes:\n      - $0")),
        ["orders", "orders.rows", "orders.order_id", "orders.amount"]
    );
    assert_eq!(
        typed(&format!("{amendment}changes: [orders.am$0]")),
        ["orders.amount"]
    );
    assert_eq!(typed("amendments:\n  - id: $0"), ["2"]);
}

#[test]
fn a_sentence_to_be_superseded_is_one_of_the_amendment_beside() {
    let older = "amendments:\n  - id: 5\n    guarantees:\n      - orders.amount exists\n      \
                 - orders.amount is one of ('a', 'b')\n  - id: 6\n    supersedes:\n      ";
    let behind =
        |amendment: &str| format!("{older}- amendment: {amendment}\n        guarantee: $0");
    assert_eq!(
        typed(&behind("5")),
        ["orders.amount exists", "orders.amount is one of ('a', 'b')"]
    );
    assert_eq!(typed(&behind("1")), Vec::<String>::new());
    let text = format!("{SHOP}{}", behind("5"));
    assert_eq!(
        item(&text, false, "orders.amount exists").text,
        "orders.amount exists"
    );
    assert_eq!(
        item(&text, false, "orders.amount is one of ('a', 'b')").text,
        "'orders.amount is one of (''a'', ''b'')'"
    );
}

#[test]
fn nothing_is_offered_in_prose_and_comments() {
    for text in [
        "description: We $0",
        "description: |\n  We $0",
        "owner: $0",
        "# pro$0",
        "        why: tr$0",
        "        nullable: true # f$0",
        "nothing:\n  - $0",
        "amendments:\n  - id: 1\n    promises: |\n      orders $0",
    ] {
        assert_eq!(typed(text), Vec::<String>::new(), "{text}");
    }
    let found = at("=== shop.spec.yaml\nproduct: sh$0\n", false);
    assert_eq!(found.items.len(), 1);
}
