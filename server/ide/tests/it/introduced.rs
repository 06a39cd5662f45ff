//! From a column to the amendment that introduced it, and to the column that it comes from.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};
use ide::Target;
use index::{FileId, Snapshot};
use syntax::TextSize;

type Find = fn(&Snapshot, FileId, TextSize) -> Vec<Target>;

fn check(find: Find, at: &str, expected: Expect) {
    let (before, after) = at.split_once("$0").expect("a cursor");
    let text = SHOP.replacen(&format!("{before}{after}"), at, 1);
    let fixture = Fixture::new(&text);
    let mut shown = String::new();
    for target in find(&fixture.snapshot, fixture.file, fixture.offset) {
        assert!(target.full.contains_range(target.focus));
        shown.push_str(&fixture.rendered(target.file, target.focus));
    }
    expected.assert_eq(&shown);
}

const SHOP: &str = "
=== raw.spec.yaml
product: raw
tables:
  - name: raw.orders
    columns:
      - name: id
amendments:
  - {id: 7, requirement: r, change: c, changes: [raw.orders.id]}
=== stg.sql
select id as order_id, code from raw.orders
=== orders.sql
with base as (select order_id, code, upper(code) as big from stg)
select order_id as number, code as coupon, big from base
=== shop.spec.yaml
product: shop
tables:
  - name: orders
    columns:
      - name: number
      - name: coupon
        since: two
      - name: big
amendments:
  - id: 1
    requirement: r
    change: c
    changes: [orders, orders.coupon]
  - id: two
    requirement: r
    change: c
    changes: [orders.big]
";

#[test]
fn a_declaration_is_the_amendment_that_introduced_it() {
    check(
        ide::declaration,
        "- name: cou$0pon",
        expect![[r#"
        shop.spec.yaml:14
            - id: two
                  ^^^
    "#]],
    );
    check(ide::declaration, "as b$0ig", expect![[""]]);
    check(
        ide::declaration,
        "name: or$0ders\n    columns:\n      - name: number",
        expect![[r#"
        shop.spec.yaml:10
            - id: 1
                  ^
    "#]],
    );
    // Its own product says nothing: it is the one of the column that it is, unchanged.
    check(
        ide::declaration,
        "as nu$0mber",
        expect![[r#"
        raw.spec.yaml:7
            - {id: 7, requirement: r, change: c, changes: [raw.orders.id]}
                   ^
    "#]],
    );
    check(ide::declaration, "upper(co$0de)", expect![[""]]);
    check(ide::declaration, "change$0: c", expect![[""]]);
}

#[test]
fn a_type_definition_is_the_column_furthest_upstream() {
    check(
        ide::type_definition,
        "- name: num$0ber",
        expect![[r#"
        raw.spec.yaml:5
                - name: id
                        ^^
    "#]],
    );
    check(
        ide::type_definition,
        "as cou$0pon",
        expect![[r#"
        stg.sql:1
          select id as order_id, code from raw.orders
                                 ^^^^
    "#]],
    );
    check(
        ide::type_definition,
        "select order_$0id as number",
        expect![[r#"
        raw.spec.yaml:5
                - name: id
                        ^^
    "#]],
    );
    check(
        ide::type_definition,
        "upper(co$0de)",
        expect![[r#"
        stg.sql:1
          select id as order_id, code from raw.orders
                                 ^^^^
    "#]],
    );
    check(ide::type_definition, "as b$0ig", expect![[""]]);
    check(ide::type_definition, "product: sho$0p", expect![[""]]);
}
