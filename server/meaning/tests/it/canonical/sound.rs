//! The evaluator as a judge: rewriting a query changes none of its rows, and what is equal gives the
//! same.

use crate::mutants::mutants;
use crate::shop;
use meaning::canonical::{canonical, normalized};
use meaning::evaluate::{Budget, Rows, Tables, run};
use sql::relation::Query;
use std::collections::HashMap;

const QUERIES: &str = include_str!("../portable.sql");

/// Queries, and these with one word changed.
fn queries() -> Vec<(String, Query)> {
    let texts = QUERIES.split(';').chain(
        super::same::ALL
            .iter()
            .flat_map(|pairs| pairs.split("\n\n").flat_map(|pair| pair.split("\n--\n"))),
    );
    let mut all: Vec<String> = Vec::new();
    for text in texts.map(str::trim).filter(|text| !text.is_empty()) {
        all.push(text.to_owned());
        all.extend(mutants(text));
    }
    all.sort();
    all.dedup();
    let readable = all.into_iter().filter_map(|text| {
        let query = shop::lowered(&text)?;
        Some((text, query))
    });
    readable.collect()
}

/// Queries around queries: `{}` is the inner one, which may have a column `id`.
const AROUND: &[&str] = &[
    "with q as ({}) select * from q",
    "with q as ({}), r as (select * from q) select * from r where id > 1",
    "select count(*) as n from ({}) q",
    "select distinct * from ({}) q",
    "select o.id, q.* from orders o left join ({}) q on q.id = o.id + 2",
    "select o.status, q.* from orders o join ({}) q on q.id = o.customer_id where o.amount > 5",
    "select o.id, o.amount from orders o left join ({}) q on q.id = o.id + 2 where q.id is null",
    "select o.id, coalesce(q.id, 0) as k from ({}) q right join orders o on q.id = o.id and o.id < 4",
    "select q.id, c.name from ({}) q full join customers c on c.id = q.id + 1",
    "select q.*, c.name from ({}) q full join customers c on c.id = q.id + 1 and c.country = 'DE'",
    "select o.id, q.* from orders o left join (select * from ({}) p where p.id > 2) q on q.id = o.id where o.amount > 5 or q.id = 3",
    "select o.id, q.*, r.id as k from orders o left join ({}) q on q.id = o.id + 1 left join ({}) r on r.id = q.id where o.id > 0",
    "select o.id from orders o where exists (select 1 from ({}) q where q.id = o.id)",
    "select o.id from orders o where o.id in (select q.id from ({}) q)",
    "select o.id from orders o where o.id not in (select q.id from ({}) q)",
    "select * from ({}) q union all select * from ({}) r",
    "select * from ({}) q union select * from ({}) r",
    "select * from ({}) q except select * from ({}) r where r.id > 2",
    "select id, count(*) as n from ({}) q group by id having count(*) > 1 or id > 2",
    "select id from (select q.*, row_number() over (partition by id order by id) as rn from ({}) q) w where rn = 1 and id > 1",
    "select o.id, (select count(*) from ({}) q where q.id = o.id) as n from orders o",
    "select o.id, t.n from orders o left join (select id, count(*) as n from ({}) q group by id) t on t.id = o.id",
    "select o.id, t.n from orders o join (select id, max(id) as n from ({}) q group by id) t on t.id = o.id and t.n > 1",
    "select a.id, b.id as other from ({}) a join ({}) b on a.id = b.id where a.id < 3",
    "select c.id, x.id as k from customers c left join (orders o join ({}) x on x.id = o.id) on o.customer_id = c.id",
];

/// Each query inside others.
fn nested() -> Vec<(String, Query)> {
    let texts = QUERIES.split(';').map(str::trim);
    let mut all = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        for around in AROUND {
            let text = around.replace("{}", text);
            if let Some(query) = shop::lowered(&text) {
                all.push((text, query));
            }
        }
    }
    all
}

fn rows(query: &Query, tables: &Tables) -> Option<Rows> {
    run(query, tables, &mut Budget::of(100_000)).ok()
}

#[test]
fn rewriting_keeps_all_rows() {
    keeps_rows(queries(), 1000);
}

#[test]
fn rewriting_keeps_all_rows_of_queries_in_queries() {
    keeps_rows(nested(), 1000);
}

fn keeps_rows(queries: Vec<(String, Query)>, least: usize) {
    let mut decided = 0;
    let mut wrong = Vec::new();
    for (text, query) in queries {
        let rewritten = normalized(&query);
        for tables in shop::contents() {
            let (Some(was), Some(now)) = (rows(&query, &tables), rows(&rewritten, &tables)) else {
                continue;
            };
            decided += 1;
            if was.differ(&now) {
                wrong.push(format!("{text}\n{was:?}\n{now:?}\n{rewritten:#?}"));
                break;
            }
        }
    }
    assert!(decided > least, "only {decided} could be told");
    let shown: Vec<&str> = wrong.iter().take(3).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), shown.join("\n\n"));
}

#[test]
fn what_is_equal_gives_the_same_rows() {
    let mut first: HashMap<_, (String, Query)> = HashMap::new();
    let mut decided = 0;
    let mut wrong = Vec::new();
    for (text, query) in queries() {
        let canonical = canonical(&query);
        let known = canonical
            .columns
            .iter()
            .all(|column| column.meaning.is_known());
        if !known || !canonical.rows.is_known() || canonical.open {
            continue;
        }
        let columns: Vec<_> = canonical
            .columns
            .into_iter()
            .map(|column| (column.meaning, column.data_type))
            .collect();
        let form = (columns, canonical.rows);
        let Some((other, before)) = first.get(&form) else {
            first.insert(form, (text, query));
            continue;
        };
        for tables in shop::contents() {
            let (Some(was), Some(now)) = (rows(before, &tables), rows(&query, &tables)) else {
                continue;
            };
            decided += 1;
            if was.differ(&now) {
                wrong.push(format!("{other}\n{text}\n{was:?}\n{now:?}"));
                break;
            }
        }
    }
    assert!(decided > 100, "only {decided} could be told");
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n\n"));
}
