//! SQL that breaks a sentence, of every kind that an example can break.

use crate::workspace::Files;

/// A workspace for each, and what it is called.
pub(super) fn workspaces() -> Vec<(String, Files)> {
    let all = BROKEN.iter().map(|(sentence, sql)| {
        let spec = format!(
            "{SPEC}  - name: t\n{DECLARED}amendments:\n  - id: 1\n    requirement: As agreed.\n    \
             change: Done.\n    guarantees: |\n      {sentence}\n"
        );
        let mut files = Files::new();
        let mut add =
            |path: &str, text: &str| files.insert(path.to_owned(), text.as_bytes().to_vec());
        add("shop.spec.yaml", &spec);
        add("staging.sql", STAGING);
        add("t.sql", sql);
        (format!("{sentence}\n{sql}"), files)
    });
    all.collect()
}

const SPEC: &str = "product: shop
dialect: duckdb
tables:
  - name: raw.orders
    grain: [id]
    columns:
      - {name: id, type: INTEGER, nullable: false}
      - {name: customer_id, type: INTEGER}
      - {name: status, type: TEXT}
      - {name: amount, type: \"DECIMAL(10,2)\"}
      - {name: is_test, type: BOOLEAN}
      - {name: ordered_at, type: DATE}
      - {name: updated_at, type: TIMESTAMP}
  - name: raw.lines
    grain: [order_id, line]
    columns:
      - {name: order_id, type: INTEGER, nullable: false}
      - {name: line, type: INTEGER, nullable: false}
      - {name: product, type: TEXT}
      - {name: quantity, type: INTEGER}
      - {name: unit_price, type: \"DECIMAL(10,2)\"}
  - name: raw.customers
    grain: [id]
    columns:
      - {name: id, type: INTEGER, nullable: false}
      - {name: name, type: TEXT}
      - {name: country, type: TEXT}
  - name: raw.erased
    columns:
      - {name: customer_id, type: INTEGER}
";

const DECLARED: &str = "    columns:
      - {name: total, type: \"DECIMAL(12,2)\"}
";

/// A model between the tables of the shop and the judged one.
const STAGING: &str = "create view stg_orders as
select id as order_id, customer_id, lower(status) as status, amount, is_test, ordered_at
from raw.orders where amount is not null;
create view stg_amounts as
select order_id, sum(quantity * unit_price) as total, count(*) as lines from raw.lines group by order_id;
";

#[rustfmt::skip] // a table: the sentence, and SQL that breaks it
const BROKEN: &[(&str, &str)] = &[
    // values of a row
    ("t.amount = raw.orders.amount", "select id, amount * 2 as amount from raw.orders"),
    ("t.amount = raw.orders.amount", "select id, amount + 1 as amount from raw.orders"),
    ("t.amount = COALESCE(raw.orders.amount, 0)", "select id, amount from raw.orders"),
    ("t.amount = COALESCE(raw.orders.amount, 0)", "select id, coalesce(amount, -1) as amount from raw.orders"),
    ("t.amount = raw.orders.amount", "select id, nullif(amount, 5) as amount from raw.orders"),
    ("t.amount = raw.orders.amount", "select id, abs(amount) as amount from raw.orders"),
    ("t.amount = raw.orders.amount", "select id, floor(amount / 10) as amount from raw.orders"),
    ("t.size = CASE WHEN raw.orders.amount > 100 THEN 'big' ELSE 'small' END",
        "select id, case when amount >= 100 then 'big' else 'small' end as size from raw.orders"),
    ("t.size = CASE WHEN raw.orders.amount > 100 THEN 'big' ELSE 'small' END",
        "select id, case when amount > 100 then 'big' end as size from raw.orders"),
    ("t.label = UPPER(raw.orders.status)", "select id, lower(status) as label from raw.orders"),
    ("t.label = TRIM(raw.orders.status)", "select id, status as label from raw.orders"),
    ("t.paid = raw.orders.status = 'paid'", "select id, status in ('paid', 'sent') as paid from raw.orders"),
    ("t.paid = raw.orders.status = 'paid'", "select id, status <> 'open' as paid from raw.orders"),
    ("t.total = raw.lines.quantity * raw.lines.unit_price",
        "select order_id, line, quantity + unit_price as total from raw.lines"),
    ("t.total = raw.lines.quantity * raw.lines.unit_price",
        "with l as (select order_id, quantity * unit_price as v from raw.lines) select order_id, v * 1.19 as total from l"),
    ("t.month = date_trunc('month', raw.orders.ordered_at)",
        "select id, date_trunc('year', ordered_at) as month from raw.orders"),
    // values over a join, and through models
    ("t.country = COALESCE(raw.customers.country, 'XX')",
        "select o.id, c.country from raw.orders o left join raw.customers c on c.id = o.customer_id"),
    ("t.country = raw.customers.country",
        "select o.id, upper(c.country) as country from raw.orders o join raw.customers c on c.id = o.customer_id"),
    ("t.share = raw.lines.quantity * raw.orders.amount",
        "select o.id, l.quantity * o.amount * 2 as share from raw.orders o join raw.lines l on l.order_id = o.id"),
    ("t.amount = stg_orders.amount", "select order_id, amount * 100 as amount from stg_orders"),
    ("t.amount = raw.orders.amount", "select order_id, amount * 100 as amount from stg_orders"),
    ("t.label = raw.orders.status", "select order_id, status as label from stg_orders"),
    // aggregates
    ("t.total = SUM(raw.lines.quantity * raw.lines.unit_price)",
        "select order_id, sum(quantity) as total from raw.lines group by order_id"),
    ("t.total = SUM(raw.lines.quantity * raw.lines.unit_price)",
        "select order_id, max(quantity * unit_price) as total from raw.lines group by order_id"),
    ("t.total = SUM(raw.lines.quantity * raw.lines.unit_price)",
        "select order_id, avg(quantity * unit_price) as total from raw.lines group by order_id"),
    ("t.total = COALESCE(SUM(raw.lines.quantity * raw.lines.unit_price), 0)",
        "with a as (select order_id, sum(quantity * unit_price) as total from raw.lines group by 1) select o.id, a.total from raw.orders o left join a on a.order_id = o.id"),
    ("t.total = COALESCE(SUM(raw.lines.quantity * raw.lines.unit_price), 0)",
        "with a as (select order_id, sum(quantity) as total from raw.lines group by 1) select o.id, coalesce(a.total, 0) as total from raw.orders o join a on a.order_id = o.id"),
    ("t.total = COALESCE(SUM(raw.lines.quantity * raw.lines.unit_price), 0)",
        "select o.id, coalesce(a.total, 0) * 2 as total from raw.orders o left join stg_amounts a on a.order_id = o.id"),
    ("t.lines = COUNT(raw.lines.product)", "select order_id, count(*) as lines, max(product) as p from raw.lines group by order_id"),
    ("t.lines = COUNT(raw.lines.product)", "select order_id, count(distinct product) as lines from raw.lines group by order_id"),
    ("t.total = SUM(raw.lines.quantity) per order_id",
        "select order_id, sum(quantity) as total from raw.lines where quantity > 1 group by order_id"),
    ("t.total = SUM(raw.lines.quantity) per order_id",
        "select order_id, max(quantity) as total from raw.lines group by order_id"),
    // on some rows only
    ("t.amount = raw.orders.amount where status = 'paid'", "select id, status, amount * 2 as amount from raw.orders"),
    // its own columns
    ("t.total = net + tax", "select id, amount as net, amount as tax, amount * 3 as total from raw.orders"),
    // which rows there are
    ("t excludes rows where is_test", "select id from raw.orders"),
    ("t excludes rows where is_test", "select id from raw.orders where not is_test or amount > 10"),
    ("t excludes rows where is_test", "select id, amount from raw.orders where amount > 10"),
    ("t excludes rows where is_test", "select order_id from stg_orders"),
    ("t excludes rows where raw.orders.is_test",
        "select o.id, sum(l.quantity) as pieces from raw.orders o join raw.lines l on l.order_id = o.id group by o.id"),
    ("t excludes rows where is_test", "select sum(amount) as total from raw.orders"),
    ("t excludes rows where is_test", "select id from raw.orders where not is_test union all select id from raw.orders"),
    ("t excludes rows where status = 'deleted'", "select id from raw.orders where status <> 'paid'"),
    ("t excludes rows where amount < 0 or amount is null", "select id, is_test from raw.orders where coalesce(amount, 0) >= -5"),
    ("t excludes rows where kind = 'refund'",
        "select id, case when amount < 0 then 'refund' else 'sale' end as kind from raw.orders"),
    ("t only has rows where amount >= 0", "select id from raw.orders"),
    ("t only has rows where amount >= 0", "select id from raw.orders where amount >= -1"),
    ("t only has rows where amount >= 0", "select id from raw.orders where amount >= 0 or amount is null"),
    ("t only has rows where amount >= 0", "select order_id from stg_orders where amount <> 0"),
    ("t only has rows where status in ('open', 'paid')", "select id from raw.orders where status in ('open', 'paid', 'sent')"),
    ("t only has rows where pieces > 0",
        "select order_id, sum(quantity) as pieces from raw.lines group by order_id having sum(quantity) > -3"),
    ("t excludes rows that match raw.erased on customer_id", "select customer_id, id from raw.orders"),
    ("t excludes rows that match raw.erased on customer_id",
        "select customer_id, id from raw.orders o where not exists (select 1 from raw.erased e where e.customer_id = o.id)"),
    ("t only has rows that match raw.erased on customer_id", "select customer_id, id from raw.orders where customer_id > 0"),
    ("t only has rows that match raw.erased on customer_id",
        "select o.customer_id from raw.orders o left join raw.erased e on e.customer_id = o.customer_id"),
    // what tells rows apart, and what they hold
    ("t has one row per id", "select o.id, l.line from raw.orders o join raw.lines l on l.order_id = o.id"),
    ("t.id is unique", "select o.id, l.quantity from raw.orders o left join raw.lines l on l.order_id = o.id"),
    ("t.id is unique", "select c.id, o.amount from raw.customers c join raw.orders o on o.customer_id = c.id"),
    ("t.kind is never null", "select id, case when amount > 0 then 'sale' when amount < 0 then null else 'none' end as kind from raw.orders"),
    ("t.kind is one of ('sale', 'refund')",
        "select id, case when amount > 0 then 'sale' when amount < 0 then 'refund' else 'gift' end as kind from raw.orders"),
    ("t.kind is one of (1, 2)", "select id, case when is_test then 3 else 1 end as kind from raw.orders"),
    ("t.kind is one of ('sale')",
        "select id, 'sale' as kind from raw.orders where is_test union all select id, 'other' from raw.orders where not is_test"),
];
