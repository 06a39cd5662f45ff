//! Lineage step by step: what is upstream and downstream of what is at the cursor, to any depth.

use crate::fixture::Fixture;
use expect_test::{Expect, expect};
use ide::{LineageItem, LineageNode};
use index::Snapshot;
use std::collections::BTreeSet;

fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new(text);
    let Some(item) = ide::lineage_at(&fixture.snapshot, fixture.file, fixture.offset) else {
        return expected.assert_eq("nothing\n");
    };
    assert!(item.full.contains_range(item.focus));
    let mut shown = fixture.rendered(item.file, item.focus);
    shown.push_str(&format!("{}\nupstream\n", title(&item)));
    follow(&fixture.snapshot, &item.node, ide::upstream, 1, &mut shown);
    shown.push_str("downstream\n");
    follow(
        &fixture.snapshot,
        &item.node,
        ide::downstream,
        1,
        &mut shown,
    );
    expected.assert_eq(&shown);
}

fn title(item: &LineageItem) -> String {
    match &item.detail {
        Some(detail) => format!("{} of {detail}", item.name),
        None => item.name.clone(),
    }
}

fn follow(
    snapshot: &Snapshot,
    node: &LineageNode,
    step: fn(&Snapshot, &LineageNode) -> Vec<LineageItem>,
    depth: usize,
    shown: &mut String,
) {
    let mut seen = BTreeSet::new();
    for item in step(snapshot, node) {
        assert!(seen.insert(item.node.clone()), "each once");
        let file = snapshot.file(item.file).expect("a file of the workspace");
        let path = snapshot.display_path(&file.path);
        shown.push_str(&format!(
            "{}{} at {path}\n",
            "  ".repeat(depth),
            title(&item)
        ));
        if depth < 6 {
            follow(snapshot, &item.node, step, depth + 1, shown);
        }
    }
}

fn shop(edit: (&str, &str)) -> String {
    let text = r#"
=== a.spec.yaml
product: a
tables:
  - name: report
    columns:
      - name: most
=== sql/lines.sql
create table lines as select order_id, quantity, price from raw.lines;
=== sql/orders.sql
create table orders as
with base as (select order_id, quantity * price as amount from lines where quantity > 0)
select order_id, sum(amount) as total from base group by order_id
=== sql/report.sql
create table report as select max(total) as most, count(*) as n from orders
"#;
    assert!(text.contains(edit.0));
    text.replacen(edit.0, edit.1, 1)
}

#[test]
fn a_column_to_any_depth() {
    check(
        &shop(("as total", "as to$0tal")),
        expect![[r#"
            sql/orders.sql:3
              select order_id, sum(amount) as total from base group by order_id
                                              ^^^^^
            total of orders
            upstream
              price of lines at sql/lines.sql
                price of raw.lines at sql/lines.sql
              quantity of lines at sql/lines.sql
                quantity of raw.lines at sql/lines.sql
            downstream
              most of report at sql/report.sql
        "#]],
    );
    check(
        &shop(("- name: most", "- name: mo$0st")),
        expect![[r#"
            sql/report.sql:1
              create table report as select max(total) as most, count(*) as n from orders
                                                          ^^^^
            most of report
            upstream
              total of orders at sql/orders.sql
                price of lines at sql/lines.sql
                  price of raw.lines at sql/lines.sql
                quantity of lines at sql/lines.sql
                  quantity of raw.lines at sql/lines.sql
            downstream
        "#]],
    );
    check(
        &shop(("price from raw", "pri$0ce from raw")),
        expect![[r#"
            sql/lines.sql:1
              create table lines as select order_id, quantity, price from raw.lines;
                                                               ^^^^^
            price of lines
            upstream
              price of raw.lines at sql/lines.sql
            downstream
              total of orders at sql/orders.sql
                most of report at sql/report.sql
        "#]],
    );
}

#[test]
fn a_column_of_a_cte() {
    check(
        &shop(("as amount", "as am$0ount")),
        expect![[r#"
            sql/orders.sql:2
              with base as (select order_id, quantity * price as amount from lines where quantity > 0)
                                                                 ^^^^^^
            amount of base in orders
            upstream
              price of lines at sql/lines.sql
                price of raw.lines at sql/lines.sql
              quantity of lines at sql/lines.sql
                quantity of raw.lines at sql/lines.sql
            downstream
              total of orders at sql/orders.sql
                most of report at sql/report.sql
        "#]],
    );
}

#[test]
fn a_table() {
    check(
        &shop(("from lines where", "from li$0nes where")),
        expect![[r#"
            sql/lines.sql:1
              create table lines as select order_id, quantity, price from raw.lines;
                           ^^^^^
            lines
            upstream
              raw.lines at sql/lines.sql
            downstream
              orders at sql/orders.sql
                report at sql/report.sql
        "#]],
    );
    check(
        &shop(("raw.lines", "raw.lin$0es")),
        expect![[r#"
            sql/lines.sql:1
              create table lines as select order_id, quantity, price from raw.lines;
                                                                          ^^^^^^^^^
            raw.lines
            upstream
            downstream
              lines at sql/lines.sql
                orders at sql/orders.sql
                  report at sql/report.sql
        "#]],
    );
}

#[test]
fn tables_that_read_each_other() {
    check(
        "=== a.sql\ncreate table a as select b.x$0 from b;\ncreate table b as select a.x from a;\n",
        expect![[r#"
            a.sql:1
              create table a as select b.x from b;
                                         ^
            x of a
            upstream
              x of b at a.sql
                x of a at a.sql
                  x of b at a.sql
                    x of a at a.sql
                      x of b at a.sql
                        x of a at a.sql
            downstream
              x of b at a.sql
                x of a at a.sql
                  x of b at a.sql
                    x of a at a.sql
                      x of b at a.sql
                        x of a at a.sql
        "#]],
    );
}

#[test]
fn what_has_none() {
    for text in [
        "sele$0ct 1 as x",
        "select 1 as x from t as t$01",
        "select 1$0 as x",
    ] {
        check(&format!("=== a.sql\n{text}\n"), expect!["nothing\n"]);
    }
}
