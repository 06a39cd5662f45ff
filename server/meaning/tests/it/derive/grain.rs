//! Keys of relations.

use super::{Declared, all, shop};
use meaning::derive::{NoFacts, grain};

/// The keys by the names of their columns: `id / a, b`; `one row`; `none`.
fn keys(text: &str) -> String {
    let lowered = shop(text);
    let query = &lowered.query;
    let keys = grain(query, query.root, &Declared(None));
    let columns = &query.root().columns;
    let named = |at: &usize| match &columns[*at].name {
        Some(name) => name.to_string(),
        None => format!("#{at}"),
    };
    let written = keys.iter().map(|key| {
        let names: Vec<String> = key.iter().map(named).collect();
        if names.is_empty() {
            "one row".to_owned()
        } else {
            names.join(", ")
        }
    });
    let written: Vec<String> = written.collect();
    if written.is_empty() {
        "none".to_owned()
    } else {
        written.join(" / ")
    }
}

fn check(cases: &[(&str, &str)]) {
    all(cases, keys);
}

#[test]
fn declared_keys() {
    check(&[
        ("select * from orders", "id"),
        ("select status, id as key from orders", "key"),
        ("select id, id as again from orders", "id"),
        ("select status from orders", "none"),
        ("select id + 1 from orders", "none"),
        ("select id from elsewhere", "none"),
        (
            "select order_id, product_id, quantity from lines",
            "order_id, product_id",
        ),
        ("select order_id, quantity from lines", "none"),
        (
            "select product_id from lines where order_id = 3",
            "product_id",
        ),
        (
            "select product_id from lines where order_id in (3, 4)",
            "none",
        ),
        (
            "select product_id from lines where order_id = 3 or quantity = 1",
            "none",
        ),
        ("select status from orders where id = 3", "one row"),
        (
            "with o as (select id, status from orders where is_test), p as (select * from o) select * from p",
            "id",
        ),
        (
            "select id, value from orders, unnest([1, 2]) as t(value)",
            "none",
        ),
    ]);
    let lowered = shop("select id from orders");
    assert_eq!(
        grain(&lowered.query, lowered.query.root, &NoFacts),
        Vec::<Vec<usize>>::new()
    );
}

#[test]
fn grouping() {
    check(&[
        (
            "select status, count(*) as n from orders group by status",
            "status",
        ),
        ("select count(*) as n from orders group by status", "none"),
        (
            "select status, is_test, count(*) as n from orders group by status, is_test",
            "status, is_test",
        ),
        (
            "select date_trunc('month', ordered_at) as month, count(*) from orders group by 1",
            "month",
        ),
        ("select count(*) as n from orders", "one row"),
        // Keys of the input, as functional dependencies.
        (
            "select id, customer_id, status from orders group by id, customer_id, status",
            "id",
        ),
        (
            "select l.order_id, o.status, sum(l.quantity) as n from lines l join orders o on o.id = l.order_id group by l.order_id, o.status",
            "order_id",
        ),
        (
            "select l.order_id, o.status, sum(l.quantity) as n from lines l left join orders o on o.id = l.order_id group by l.order_id, o.status",
            "order_id",
        ),
        (
            "select l.order_id, o.status, sum(l.quantity) as n from lines l left join orders o on o.customer_id = l.order_id group by l.order_id, o.status",
            "order_id, status",
        ),
        (
            "select status from orders where status = 'x' group by status",
            "one row",
        ),
        (
            "select status, is_test from orders group by rollup (status, is_test)",
            "none",
        ),
        (
            "select status, is_test, customer_id from orders group by all",
            "status, is_test, customer_id",
        ),
    ]);
}

#[test]
fn distinct() {
    check(&[
        (
            "select distinct status, is_test from orders",
            "status, is_test",
        ),
        ("select distinct id, status from orders", "id"),
        ("select distinct * from elsewhere", "none"),
        ("select distinct status, 1 as one from orders", "status"),
        (
            "select distinct on (customer_id) customer_id, status from orders order by customer_id, ordered_at",
            "customer_id",
        ),
        (
            "select distinct on (customer_id) status from orders order by ordered_at",
            "none",
        ),
        ("select distinct count(*) from orders group by status", "#0"),
    ]);
}

#[test]
fn limits() {
    check(&[
        ("select status from orders limit 1", "one row"),
        ("select status from orders limit 2", "none"),
        ("select id from orders limit 2", "id"),
        ("select (select 1) as one", "one row"),
    ]);
}

#[test]
fn the_first_row_of_each() {
    check(&[
        (
            "select customer_id, status from orders qualify row_number() over (partition by customer_id order by ordered_at) = 1",
            "customer_id",
        ),
        (
            "select customer_id, status from orders qualify row_number() over (partition by customer_id order by ordered_at) <= 1",
            "customer_id",
        ),
        (
            "select customer_id, status from orders qualify row_number() over (partition by customer_id order by ordered_at) < 2",
            "customer_id",
        ),
        (
            "select customer_id, status from orders qualify row_number() over (partition by customer_id order by ordered_at) <= 2",
            "none",
        ),
        (
            "select customer_id, status from orders qualify rank() over (partition by customer_id order by ordered_at) = 1",
            "none",
        ),
        (
            "select status from orders qualify row_number() over (order by ordered_at) = 1",
            "one row",
        ),
        (
            "select customer_id, row_number() over (partition by customer_id order by ordered_at) as rn from orders",
            "customer_id, rn",
        ),
        (
            "with r as (select *, row_number() over (partition by customer_id order by ordered_at) as rn from orders) \
             select customer_id, status from r where rn = 1",
            "customer_id",
        ),
        (
            "with r as (select *, row_number() over (partition by customer_id order by ordered_at) as rn from orders) \
             select customer_id, id, status from r where rn <= 1",
            "customer_id / id",
        ),
        (
            "with r as (select *, row_number() over (partition by customer_id order by ordered_at) as rn from orders) \
             select customer_id, status from r where rn > 1",
            "none",
        ),
        (
            "with r as (select *, rank() over (partition by customer_id order by ordered_at) as rn from orders) \
             select customer_id, status from r where rn = 1",
            "none",
        ),
        (
            "with r as (select status, row_number() over (partition by customer_id order by ordered_at) as rn from orders) \
             select status from r where rn = 1",
            "none",
        ),
    ]);
}

#[test]
fn joins() {
    check(&[
        // To at most one.
        (
            "select o.id, c.name from orders o left join customers c on c.id = o.customer_id",
            "id",
        ),
        (
            "select o.id, c.name from orders o join customers c on c.id = o.customer_id",
            "id",
        ),
        (
            "select o.id, c.name from orders o, customers c where c.id = o.customer_id",
            "id",
        ),
        (
            "select o.id, c.name from customers c right join orders o on c.id = o.customer_id",
            "id",
        ),
        (
            "select o.id, c.name from orders o left join customers c on c.id = o.customer_id and c.country = 'x'",
            "id",
        ),
        (
            "select o.id, l.n from orders o left join (select order_id, count(*) as n from lines group by 1) l on l.order_id = o.id",
            "id",
        ),
        (
            "select o.id, l.quantity from orders o left join lines l on l.order_id = o.id and l.product_id = 3",
            "id",
        ),
        (
            "select o.id, t.n from orders o cross join (select count(*) as n from lines) t",
            "id",
        ),
        (
            "select o.id, t.n from orders o left join (select count(*) as n from lines) t on true",
            "id",
        ),
        (
            "select o.id, a.name, b.name from orders o left join customers a on a.id = o.customer_id left join customers b on b.id = a.id",
            "id",
        ),
        (
            "select o.id from orders o semi join lines l on l.order_id = o.id",
            "id",
        ),
        (
            "select o.id from orders o where exists (select 1 from lines l where l.order_id = o.id)",
            "id",
        ),
        (
            "select o.id, l.n from orders o, lateral (select count(*) as n from lines where order_id = o.id) l",
            "id",
        ),
        // Both sides.
        (
            "select o.id, c.id as c_id from orders o join customers c on c.id = o.id",
            "id / c_id",
        ),
        // To many.
        (
            "select o.id, l.product_id, o.status from orders o left join lines l on l.order_id = o.id",
            "id, product_id",
        ),
        (
            "select o.id, l.quantity from orders o left join lines l on l.order_id = o.id",
            "none",
        ),
        (
            "select o.id, l.product_id from orders o join lines l on l.order_id = o.id",
            "id, product_id",
        ),
        (
            "select l.order_id, l.product_id, o.id from orders o join lines l on l.order_id = o.id",
            "order_id, product_id / product_id, id",
        ),
        (
            "select o.id, c.id as c_id from orders o cross join customers c",
            "id, c_id",
        ),
        (
            "select o.id, c.id as c_id from orders o join customers c on c.id > o.customer_id",
            "id, c_id",
        ),
        (
            "select o.id, e.x from orders o join elsewhere e on e.id = o.customer_id",
            "none",
        ),
        (
            "select o.id, c.name from orders o join customers c on c.country = o.status",
            "none",
        ),
        (
            "select o.id, c.name from orders o join customers c on c.id = o.customer_id or c.id = o.id",
            "none",
        ),
        (
            "select o.id, c.name from orders o join customers c on c.id is not distinct from o.customer_id",
            "none",
        ),
        // FULL: what both sides are joined by.
        (
            "select coalesce(o.id, c.id) as id, o.status from orders o full join customers c on c.id = o.id",
            "id",
        ),
        (
            "select id, status from orders full join customers using (id)",
            "id",
        ),
        (
            "select o.id, c.id as c_id from orders o full join customers c on c.id = o.customer_id",
            "id, c_id",
        ),
        (
            "select o.id, c.name from orders o asof join customers c on o.ordered_at >= c.name",
            "none",
        ),
    ]);
}

#[test]
fn set_operations() {
    check(&[
        (
            "select id from orders union all select id from customers",
            "none",
        ),
        (
            "select id, status from orders union select id, name from customers",
            "id, status",
        ),
        (
            "select id, status from orders except select id, name from customers",
            "id",
        ),
        (
            "select status, is_test from orders except all select name, true from customers",
            "none",
        ),
        (
            "select customer_id, status from orders intersect select id, name from customers",
            "customer_id",
        ),
        ("values (1)", "one row"),
        ("values (1), (2)", "none"),
        (
            "with recursive n as (select 1 as i union all select i + 1 from n) select i from n",
            "none",
        ),
        (
            "with recursive n as (select 1 as i union select i + 1 from n) select i from n",
            "i",
        ),
    ]);
}

#[test]
fn volatile_values_tell_nothing() {
    check(&[
        (
            "select distinct on (random()) random() as r, status from orders",
            "none",
        ),
        (
            "select random() as r, count(*) as n from orders group by 1",
            "r",
        ),
    ]);
}

#[test]
fn many_joins_and_columns_do_no_harm() {
    let mut text = "select o.id from orders o".to_owned();
    for at in 0..150 {
        text.push_str(&format!(
            " left join customers c{at} on c{at}.id = o.customer_id"
        ));
    }
    check(&[(&text, "id")]);
    let columns: Vec<String> = (0..400).map(|at| format!("id + {at} as c{at}")).collect();
    check(&[(
        &format!("select distinct {}, status from orders", columns.join(", ")),
        &{
            let names: Vec<String> = (0..400).map(|at| format!("c{at}")).collect();
            format!("{}, status", names.join(", "))
        },
    )]);
    // As many keys as values that are told from them.
    let asked: Vec<String> = (0..400).map(|at| format!("(select o.id + {at})")).collect();
    check(&[(
        &format!(
            "select o.id, {} from orders o group by all",
            asked.join(", ")
        ),
        "id",
    )]);
}
