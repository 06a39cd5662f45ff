//! Lenses above tables and columns: what they count, and where they lead.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};
use std::fmt::Write;

const SHOP: &str = "
=== orders.sql
select o.id as order_id, sum(o.price) as amount, o.note
from raw.orders as o where not o.is_test group by 1, 3
=== invoices.sql
select order_id, amount as due from orders where amount > 0
=== shop.spec.yaml
product: shop
tables:
  - name: $0orders
    columns:
      - name: order_id
        since: 1
      - name: amount
        since: 1
      - {name: note, why: w}
  - name: raw.orders
amendments:
  - id: 1
    requirement: r
    change: c
    changes: [orders.order_id]
    guarantees: |
      orders.amount = SUM(raw.orders.price)
      orders excludes rows where is_test
  - id: cheaper
    requirement: r
    change: c
    guarantees:
      - orders.amount is never null
      - orders.amount = 1
      - orders.note exists
  - id: gone
    status: withdrawn
    requirement: r
    guarantees: [orders.total exists, invoices exists]
";

/// Each lens of the file with the cursor, below its name, and the places that it leads to.
fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new(text);
    let (snapshot, answers) = (&fixture.snapshot, &fixture.answers);
    let mut shown = String::new();
    let mut last = None;
    for lens in ide::code_lenses(snapshot, answers, fixture.file) {
        if last != Some(lens.range) {
            shown.push_str(&fixture.rendered(fixture.file, lens.range));
            last = Some(lens.range);
        }
        let told = ide::told_lens(snapshot, answers, &lens.told).expect("it says something");
        writeln!(shown, "    {}", told.title).expect("a text takes anything");
        for (file, range) in told.places {
            let place = fixture.rendered(file, range);
            let mut lines = place.lines();
            let (path, line) = (
                lines.next().unwrap_or_default(),
                lines.next().unwrap_or_default(),
            );
            writeln!(shown, "      {path} {}", line.trim()).expect("a text takes anything");
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn a_spec_tells_above_each_table_and_each_column_of_which_something_was_agreed() {
    check(
        SHOP,
        expect![[r#"
            shop.spec.yaml:3
                - name: orders
                        ^^^^^^
                3 amendments
                  shop.spec.yaml:12 - id: 1
                  shop.spec.yaml:19 - id: cheaper
                  shop.spec.yaml:26 - id: gone
                1 use
                  invoices.sql:1 select order_id, amount as due from orders where amount > 0
                guarantees 3/5 hold, 2 can't be told
                  shop.spec.yaml:17 orders.amount = SUM(raw.orders.price)
                  shop.spec.yaml:18 orders excludes rows where is_test
                  shop.spec.yaml:23 - orders.amount is never null
                  shop.spec.yaml:24 - orders.amount = 1
                  shop.spec.yaml:25 - orders.note exists
            shop.spec.yaml:7
                    - name: amount
                            ^^^^^^
                2 amendments
                  shop.spec.yaml:12 - id: 1
                  shop.spec.yaml:19 - id: cheaper
                2 uses
                  invoices.sql:1 select order_id, amount as due from orders where amount > 0
                  invoices.sql:1 select order_id, amount as due from orders where amount > 0
                guarantees 1/3 hold, 2 can't be told
                  shop.spec.yaml:17 orders.amount = SUM(raw.orders.price)
                  shop.spec.yaml:23 - orders.amount is never null
                  shop.spec.yaml:24 - orders.amount = 1
            shop.spec.yaml:9
                    - {name: note, why: w}
                             ^^^^
                1 amendment
                  shop.spec.yaml:19 - id: cheaper
                guarantees 1/1 hold
                  shop.spec.yaml:25 - orders.note exists
            shop.spec.yaml:10
                - name: raw.orders
                        ^^^^^^^^^^
                1 amendment
                  shop.spec.yaml:12 - id: 1
                1 use
                  orders.sql:2 from raw.orders as o where not o.is_test group by 1, 3
        "#]],
    );
}

#[test]
fn a_model_tells_above_its_statement() {
    let text = SHOP
        .replace("$0", "")
        .replacen("select o.id", "select $0o.id", 1);
    check(
        &text,
        expect![[r#"
            orders.sql:1
              select o.id as order_id, sum(o.price) as amount, o.note
              ^^^^^^
                3 amendments
                  shop.spec.yaml:12 - id: 1
                  shop.spec.yaml:19 - id: cheaper
                  shop.spec.yaml:26 - id: gone
                1 use
                  invoices.sql:1 select order_id, amount as due from orders where amount > 0
                guarantees 3/5 hold, 2 can't be told
                  shop.spec.yaml:17 orders.amount = SUM(raw.orders.price)
                  shop.spec.yaml:18 orders excludes rows where is_test
                  shop.spec.yaml:23 - orders.amount is never null
                  shop.spec.yaml:24 - orders.amount = 1
                  shop.spec.yaml:25 - orders.note exists
        "#]],
    );
    check(
        &SHOP
            .replace("$0", "")
            .replace("where amount", "where $0amount"),
        expect![[""]],
    );
}

#[test]
fn sentences_are_read_through_renames() {
    check(
        "
=== orders.sql
select 1 as total
=== shop.spec.yaml
product: shop
tables:
  - name: $0orders
    columns:
      - name: total
amendments:
  - {id: 1, date: 2026-01-01, requirement: r, change: c, guarantees: [orders.amount exists]}
  - {id: 2, date: 2026-01-02, requirement: r, change: c, guarantees: [orders.total is renamed from amount]}
",
        expect![[r#"
            shop.spec.yaml:3
                - name: orders
                        ^^^^^^
                2 amendments
                  shop.spec.yaml:7 - {id: 1, date: 2026-01-01, requirement: r, change: c, guarantees: [orders.amount exists]}
                  shop.spec.yaml:8 - {id: 2, date: 2026-01-02, requirement: r, change: c, guarantees: [orders.total is renamed from amount]}
                guarantees 2/2 hold
                  shop.spec.yaml:7 - {id: 1, date: 2026-01-01, requirement: r, change: c, guarantees: [orders.amount exists]}
                  shop.spec.yaml:8 - {id: 2, date: 2026-01-02, requirement: r, change: c, guarantees: [orders.total is renamed from amount]}
            shop.spec.yaml:5
                    - name: total
                            ^^^^^
                2 amendments
                  shop.spec.yaml:7 - {id: 1, date: 2026-01-01, requirement: r, change: c, guarantees: [orders.amount exists]}
                  shop.spec.yaml:8 - {id: 2, date: 2026-01-02, requirement: r, change: c, guarantees: [orders.total is renamed from amount]}
                guarantees 2/2 hold
                  shop.spec.yaml:7 - {id: 1, date: 2026-01-01, requirement: r, change: c, guarantees: [orders.amount exists]}
                  shop.spec.yaml:8 - {id: 2, date: 2026-01-02, requirement: r, change: c, guarantees: [orders.total is renamed from amount]}
        "#]],
    );
}

#[test]
fn where_there_is_nothing_to_count_there_is_no_lens() {
    check(
        "=== a.spec.yaml\nproduct: a\ntables:\n  - name: $0t\n",
        expect![[""]],
    );
    check("=== a.sql\nselect $0", expect![[""]]);
    check(
        "=== a.spec.yaml\nproduct: a\ntables:\n  - na$0\namendments: [{id: 1, guarantees: [t ex]}]\n",
        expect![[""]],
    );
}
