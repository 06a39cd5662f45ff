//! A query that reads models means what it means with their queries in their place.

use crate::support::{SHOP, one, told};
use meaning::canonical::canonical;
use meaning::substitute::substitute;
use sql::Dialect;
use sql::facts::TableRef;
use sql::lower::NoCatalog;
use sql::relation::{Query, Source};
use std::collections::BTreeMap;

/// Models by name, then a query over them, then one over their sources.
#[track_caller]
fn same(models: &[(&str, &str)], over: &str, deep: &str) {
    let (over, deep) = both(models, over, deep);
    assert_eq!(over, deep);
}

#[track_caller]
fn both(models: &[(&str, &str)], over: &str, deep: &str) -> (String, String) {
    let lowered = |text: &str| one(text, Dialect::Snowflake, &SHOP).query;
    let defined = models.iter().map(|(model, text)| (*model, lowered(text)));
    let defined: BTreeMap<&str, Query> = defined.collect();
    let upstream = |table: &TableRef| defined.get(table.to_string().as_str());
    let over = substitute(&one(over, Dialect::Snowflake, &NoCatalog).query, &upstream);
    (told(&canonical(&over)), told(&canonical(&lowered(deep))))
}

const STAGED: &[(&str, &str)] = &[
    (
        "stg_orders",
        "select id as order_id, customer_id, upper(status) as status from orders where not is_test",
    ),
    (
        "totals",
        "select order_id, sum(quantity * unit_price) as total from lines group by 1",
    ),
];

#[test]
fn a_model_is_its_query() {
    same(
        STAGED,
        "select s.order_id from stg_orders s where s.status = 'PAID'",
        "select id as order_id from orders where upper(status) = 'PAID' and not is_test",
    );
}

#[test]
fn several_models_are_their_queries() {
    same(
        STAGED,
        "select s.order_id, t.total from stg_orders s left join totals t on t.order_id = s.order_id",
        "select o.id as order_id, (select sum(quantity * unit_price) from lines l where l.order_id = o.id) as total from orders o where not o.is_test",
    );
}

#[test]
fn each_mention_is_one_of_its_own() {
    same(
        STAGED,
        "select a.order_id, b.order_id as other from stg_orders a join stg_orders b on a.customer_id = b.order_id",
        "select a.id as order_id, b.id as other from orders a join orders b on a.customer_id = b.id where not a.is_test and not b.is_test",
    );
}

#[test]
fn a_mention_in_a_correlated_query_is_found() {
    same(
        STAGED,
        "select c.id from customers c where exists (select 1 from stg_orders s where s.customer_id = c.id)",
        "select c.id from customers c where exists (select 1 from orders s where s.customer_id = c.id and not s.is_test)",
    );
}

#[test]
fn a_cast_that_gives_a_type_is_no_part_of_the_value() {
    same(
        &[(
            "stg",
            "select cast(unit_price as decimal(10, 2)) as price from lines",
        )],
        "select stg.price * 2 as twice from stg",
        "select unit_price * 2 as twice from lines",
    );
}

#[test]
fn a_column_that_a_model_does_not_have_is_not_known() {
    let (over, _) = both(
        STAGED,
        "select s.missing from stg_orders s",
        "select 1 as a",
    );
    assert!(over.starts_with("unknown"), "{over}");
}

#[test]
fn other_models_stay() {
    same(STAGED, "select o.id from orders o", "select id from orders");
}

#[test]
fn models_that_would_be_too_large_are_not_known() {
    let lowered = |text: &str| one(text, Dialect::Snowflake, &SHOP).query;
    let columns: Vec<String> = (0..1_000).map(|at| format!("id as c{at}")).collect();
    let wide = lowered(&format!("select {} from orders", columns.join(", ")));
    // How often the model has its query's place, and how often it is unknown: nowhere a table like others.
    let read = |times: usize| {
        let models: Vec<String> = (0..times).map(|at| format!("m as m{at}")).collect();
        let over = lowered(&format!("select 1 as a from {}", models.join(", ")));
        let over = substitute(&over, &|_| Some(&wide));
        let inputs = over.root().inputs();
        let of = |wanted: fn(&Source) -> bool| {
            inputs.iter().filter(|input| wanted(&input.source)).count()
        };
        let queries = of(|source| matches!(source, Source::Relation(_)));
        let unknown = of(|source| matches!(source, Source::Unknown { .. }));
        (queries, unknown, canonical(&over).rows.is_known())
    };
    assert_eq!(read(3), (3, 0, true));
    let (queries, unknown, known) = read(100);
    assert_eq!(queries + unknown, 100);
    assert!(queries * wide.size() <= 100_000, "{queries} are read");
    assert!(unknown > 0 && !known);
}
