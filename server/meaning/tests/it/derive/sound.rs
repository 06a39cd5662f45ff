//! What is derived of queries, held against the rows that they give over tables that keep what is
//! declared.

use super::{Declared, SHOP, shop};
use meaning::derive::{Grain, Nullabilities, Nullability, fan_out, repeated_by};
use meaning::evaluate::{Budget, Rows, Table, Tables, Value, run};
use sql::facts::{TableName, TableRef};
use sql::relation::{InputId, Query};
use std::collections::BTreeSet;
use syntax::Name;

const QUERIES: u64 = 3_000;
const TABLES: u64 = 10;

const JOINS: &[&str] = &["join", "left join", "right join", "full join"];
const CUSTOMERS: &[&str] = &[
    "c.id = o.customer_id",
    "c.id = o.id",
    "c.id = o.customer_id and c.name = 'a'",
    "c.name = o.status",
];
const LINES: &[&str] = &[
    "l.order_id = o.id",
    "l.order_id = o.id and l.product_id = 1",
    "l.order_id = c.id",
    "l.order_id = coalesce(o.id, c.id)",
];
const FILTERS: &[&str] = &[
    "true",
    "true",
    "c.id is not null",
    "c.name = 'a'",
    "not c.name = 'a'",
    "l.quantity > 1",
    "l.quantity > 1 or c.name = 'a'",
    "l.quantity is null or c.id = 1",
    "coalesce(l.quantity, 0) > 0",
    "coalesce(l.quantity, 2) > 1",
    "case when l.quantity is null then c.id else 1 end = 1",
    "o.id = 1",
    "l.product_id = 1 and o.customer_id = c.id",
    "(c.name = 'a') is not true",
    "o.customer_id in (1, 2) and not o.is_test",
    "o.customer_id not in (select l2.quantity from lines l2)",
    "exists (select 1 from lines l2 where l2.order_id = c.id)",
];
const VALUES: &[&str] = &[
    "o.id",
    "o.customer_id",
    "o.status",
    "c.id",
    "c.name",
    "l.order_id",
    "l.product_id",
    "l.quantity",
    "l.unit_price",
    "coalesce(o.id, c.id)",
    "coalesce(c.id, l.order_id, o.id)",
    "case when c.id is not null then c.name else 'none' end",
    "case when l.quantity > 1 then l.quantity end",
    "case when l.order_id is null then o.id else l.quantity end",
    "nullif(o.id, 1)",
    "l.quantity + c.id",
    "lag(o.id, 1, 0) over (order by o.id)",
    "(select max(l2.quantity) from lines l2 where l2.order_id = o.id)",
    "(select count(*) from lines l2 where l2.order_id = o.id)",
];

/// Numbers that look random, the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % end as u64) as usize
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(texts.len())]
    }
}

fn query(random: &mut Random) -> String {
    let from = format!(
        "from orders o {} customers c on {} {} lines l on {} where {}",
        random.of(JOINS),
        random.of(CUSTOMERS),
        random.of(JOINS),
        random.of(LINES),
        random.of(FILTERS),
    );
    let values: Vec<&str> = (0..3).map(|_| random.of(VALUES)).collect();
    let (a, b, c) = (values[0], values[1], values[2]);
    let plain = format!("select {a} as x, {b} as y, {c} as z {from}");
    match random.below(10) {
        0 | 1 => plain,
        2 => format!("select distinct {a} as x, {b} as y, {c} as z {from}"),
        3 => format!(
            "with g as ({plain}) select x, y, max(z) as z, count(*) as n from g group by x, y"
        ),
        4 => format!(
            "with g as ({plain}) select x, sum(y) as y, max(z) as z from g group by x having max(z) is not null"
        ),
        5 => format!("with g as ({plain}) select max(x) as x, count(y) as y from g"),
        6 => format!(
            "with g as (select {a} as x, {b} as y, {c} as z, row_number() over (partition by {a} order by o.id, l.product_id, c.id) as rn {from}) \
             select x, y, z from g where rn = 1"
        ),
        7 => format!("with g as ({plain}) select x, y, z from g where y is not null"),
        8 => format!(
            "{plain} union select o.id, c.id, 1 from orders o left join customers c on c.id = o.customer_id"
        ),
        _ => format!(
            "with g as ({plain}) select g.x, g.y, c.name as z from g left join customers c on c.id = g.x"
        ),
    }
}

fn tables(random: &mut Random) -> Tables {
    let integer = |number: usize| Value::integer(number as i64);
    let mut tables = Tables::default();
    for (name, columns) in SHOP.0 {
        let mut rows = Vec::new();
        let mut keys = BTreeSet::new();
        for _ in 0..random.below(4) {
            let (id, second) = (1 + random.below(3), 1 + random.below(2));
            let nullable = match random.below(4) {
                0 => Value::Null,
                number => integer(number),
            };
            let text = Value::text(random.of(&["a", "b"]));
            let is_new = keys.insert((id, if *name == "lines" { second } else { 0 }));
            let flag = Value::Boolean(random.below(2) == 0);
            let number = integer(random.below(4));
            let row = match *name {
                "orders" => vec![integer(id), nullable, text, number, flag],
                "lines" => vec![integer(id), integer(second), number, nullable],
                _ => vec![integer(id), text, nullable],
            };
            if is_new {
                rows.push(row.into());
            }
        }
        tables.tables.push(Table {
            table: TableRef::Named(TableName {
                parts: vec![Name::new(name)],
            }),
            columns: columns.iter().map(Name::new).collect(),
            rows,
        });
    }
    tables
}

#[test]
fn what_is_derived_holds_over_random_tables() {
    let mut random = Random(7);
    let mut decided = 0;
    let (mut never, mut keys) = (0, 0);
    for _ in 0..QUERIES {
        let text = query(&mut random);
        let lowered = shop(&text);
        let query = &lowered.query;
        let facts = Declared(None);
        let nulls = Nullabilities::new(query, &facts);
        let grain = Grain::new(query, &facts);
        let mut had_null = vec![false; query.root().columns.len()];
        let mut ran = 0;
        for _ in 0..TABLES {
            let tables = tables(&mut random);
            let Ok(rows) = run(query, &tables, &mut Budget::of(1_000_000)) else {
                continue;
            };
            ran += 1;
            for (at, had) in had_null.iter_mut().enumerate() {
                *had |= rows.rows.iter().any(|row| row.values[at] == Value::Null);
                if *had {
                    let found = nulls.column(query.root, at);
                    assert_ne!(
                        *found,
                        Nullability::Never,
                        "{text}\n{at}\n{tables:?}\n{rows:?}"
                    );
                }
            }
            for key in grain.keys(query.root) {
                assert!(is_key(&rows, key), "{text}\n{key:?}\n{tables:?}\n{rows:?}");
            }
        }
        decided += ran;
        keys += grain.keys(query.root).len();
        let columns = 0..query.root().columns.len();
        let sure = columns.filter(|at| *nulls.column(query.root, *at) == Nullability::Never);
        never += sure.count();
    }
    assert!(decided > QUERIES * TABLES / 2, "{decided}");
    assert!(never > 1_000 && keys > 1_000, "{never} {keys}");
}

fn is_key(rows: &Rows, key: &[usize]) -> bool {
    let mut found = Vec::new();
    for row in &rows.rows {
        let values: Vec<&Value> = key.iter().map(|at| &row.values[*at]).collect();
        let counts = values
            .iter()
            .all(|value| !matches!(value, Value::Null | Value::Opaque(_)));
        if counts && found.contains(&values) {
            return false;
        }
        found.push(values);
    }
    true
}

#[test]
fn joins_repeat_no_rows_where_none_is_told() {
    let mut random = Random(11);
    let mut told = 0;
    for _ in 0..QUERIES {
        let text = format!(
            "select o.id as x, c.id as y, l.order_id as z, l.product_id as p from orders o {} customers c on {} {} lines l on {} where {}",
            random.of(JOINS),
            random.of(CUSTOMERS),
            random.of(JOINS),
            random.of(LINES),
            random.of(FILTERS),
        );
        let lowered = shop(&text);
        let query: &Query = &lowered.query;
        let facts = Declared(None);
        let fans = fan_out(query, query.root, &facts);
        let inputs: [(u32, &[usize]); 3] = [(0, &[0]), (1, &[1]), (2, &[2, 3])];
        for _ in 0..TABLES {
            let tables = tables(&mut random);
            let Ok(rows) = run(query, &tables, &mut Budget::of(1_000_000)) else {
                continue;
            };
            for (input, key) in inputs {
                let repeated = repeated_by(query, query.root, InputId(input), &facts);
                let repeats = repeated.is_none_or(|by| !by.is_empty());
                told += usize::from(!repeats);
                assert!(
                    repeats || is_key(&rows, key),
                    "{text}\n{input}\n{tables:?}\n{rows:?}"
                );
            }
            // Without a join that repeats its left side, the first input's rows stay single.
            let is_left =
                text.contains(" left join customers") && text.contains(" left join lines");
            assert!(
                !fans.is_empty() || !is_left || is_key(&rows, &[0]),
                "{text}"
            );
        }
    }
    assert!(told > 1_000, "{told}");
}
