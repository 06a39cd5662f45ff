//! In SQL and its templates.

use super::{at, item, labels};
use crate::fixture::Fixture;
use ide::CompletionKind;

const SHOP: &str = "=== stg.sql
select id as order_id, total as amount, \"group\" as \"my group\" from raw.orders
=== customers.sql
select 1 as customer_id, 2 as order_id
=== shop.spec.yaml
product: shop
tables:
  - name: stg
    why: It is where all begins.
    columns:
      - {name: amount, type: NUMBER, why: It is on the invoice.}
  - name: raw.orders
    columns: [{name: id}]
=== a.sql
";

fn typed(text: &str) -> Vec<String> {
    labels(&format!("{SHOP}{text}"))
}

#[test]
fn tables_are_offered_where_tables_stand() {
    assert_eq!(
        typed("select * from $0"),
        ["customers", "raw.orders", "stg"]
    );
    assert_eq!(
        typed("select * from s$0 where"),
        ["customers", "raw.orders", "stg"]
    );
    assert_eq!(typed("select * from raw.$0"), ["orders"]);
    assert_eq!(
        typed("with cte as (select 1) select * from ct$0"),
        ["cte", "customers"]
    );
    let stg = item(&format!("{SHOP}select * from st$0"), false, "stg");
    assert_eq!(stg.kind, CompletionKind::Table);
    let fixture = Fixture::new(&format!("{SHOP}$0"));
    let told = ide::documentation(&fixture.snapshot, &stg.about.expect("a table"));
    assert_eq!(told.as_deref(), Some("**Why:** It is where all begins."));
}

#[test]
fn columns_are_those_of_what_is_read_around() {
    assert_eq!(
        typed("select $0 from stg s"),
        ["order_id", "amount", "\"my group\"", "s"]
    );
    assert_eq!(typed("select s.am$0 from stg s"), ["amount"]);
    assert_eq!(typed("select s. $0 from stg s"), Vec::<String>::new());
    // One that both have says of which.
    assert_eq!(
        typed("select * from stg s join customers on order_$0"),
        ["s.order_id", "customers.order_id"]
    );
    assert_eq!(
        typed("with c as (select amount * 2 as twice, s.* from stg s) select c.$0 from c"),
        ["twice", "order_id", "amount", "\"my group\""]
    );
    assert_eq!(
        typed(
            "select 1 from stg where exists (select 1 from customers c where c.order_id = stg.$0)"
        ),
        ["order_id", "amount", "\"my group\""]
    );
    let amount = item(&format!("{SHOP}select am$0 from stg"), false, "amount");
    assert_eq!(amount.detail.as_deref(), Some("NUMBER"));
    let fixture = Fixture::new(&format!("{SHOP}$0"));
    let told = ide::documentation(&fixture.snapshot, &amount.about.expect("a column"));
    assert_eq!(told.as_deref(), Some("**Why:** It is on the invoice."));
}

#[test]
fn nothing_is_offered_in_texts_comments_and_behind_values() {
    for text in [
        "select a -- $0",
        "select 'a $0' from stg",
        "select amount $0 from stg",
        "select amount as $0 from stg",
        "select 1 from nowhere where $0x",
        "$0",
    ] {
        let found = typed(text);
        let found: Vec<&String> = found.iter().filter(|it| *it != "nowhere").collect();
        assert_eq!(found, Vec::<&String>::new(), "{text}");
    }
}

const DBT: &str = "=== dbt_project.yml
name: shop
=== models/stg_orders.sql
select 1 as id
=== models/s.yml
version: 2
sources:
  - name: raw
    tables: [{name: orders}, {name: lines}]
=== models/a.sql
";

#[test]
fn a_template_calls_its_tables() {
    let all = labels(&format!("{DBT}select * from $0"));
    assert_eq!(all, ["stg_orders", "raw.lines", "raw.orders"]);
    let source = item(&format!("{DBT}select * from ord$0"), false, "raw.orders");
    assert_eq!(source.text, "{{ source('raw', 'orders') }}");
    assert_eq!(
        labels(&format!("{DBT}select * from {{{{ ref('s$0') }}}}")),
        ["stg_orders"]
    );
    assert_eq!(
        labels(&format!("{DBT}select * from {{{{ source('$0")),
        ["raw"]
    );
    assert_eq!(
        labels(&format!("{DBT}select * from {{{{ source('raw', '$0') }}}}")),
        ["lines", "orders"]
    );
    // The quotes come along where they are not typed yet.
    let model = item(
        &format!("{DBT}select * from {{{{ ref($0) }}}}"),
        false,
        "stg_orders",
    );
    assert_eq!(model.text, "'stg_orders'");
    let table = item(
        &format!("{DBT}select * from {{{{ source('raw', li$0"),
        false,
        "lines",
    );
    assert_eq!(table.text, "'lines'");
    for tag in ["ref('stg_orders') $0", "'a$0'", "1$0"] {
        assert_eq!(
            labels(&format!("{DBT}select * from {{{{ {tag} }}}}")),
            Vec::<String>::new(),
            "{tag}"
        );
    }
    assert_eq!(
        labels(&format!("{DBT}select * from {{{{ config('$0') }}}}")),
        Vec::<String>::new()
    );
}

#[test]
fn of_many_tables_some_are_offered_and_typing_brings_the_rest() {
    let mut text = String::new();
    for at in 0..700 {
        text.push_str(&format!("=== t{at}.sql\nselect 1 as x\n"));
    }
    let found = at(&format!("{text}=== a.sql\nselect * from $0"), false);
    assert!(found.has_more && found.items.len() == 500);
    let found = at(&format!("{text}=== a.sql\nselect * from t699$0"), false);
    assert!(!found.has_more && found.items.len() == 1);
}

#[test]
fn what_only_other_sql_reads_is_offered_too() {
    let read = "=== b.sql\nselect quantity, price from raw.lines join raw.shops on true\n=== c.sql\nselect sku from raw.lines\n=== a.sql\n";
    let offered = |text: &str| labels(&format!("{read}{text}"));
    assert_eq!(offered("select * from raw.$0"), ["lines", "shops"]);
    assert_eq!(offered("select * from li$0"), ["raw.lines"]);
    assert_eq!(offered("select l.$0 from raw.lines l"), ["sku"]);
    assert_eq!(offered("select l.sk$0 from raw.lines l"), ["sku"]);
}
