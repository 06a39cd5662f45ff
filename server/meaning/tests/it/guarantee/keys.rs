//! Keys, rows that are counted once, the latest row of each key.

use super::{Declared, facts, position, query, word};
use crate::shop::named;
use meaning::guarantee::{Answer, Piece, Subject, counts_once, is_unique, keeps_latest};
use syntax::Name;

fn unique(text: &str, columns: &[&str]) -> Answer {
    let query = query(text);
    let positions: Vec<usize> = columns.iter().map(|name| position(&query, name)).collect();
    is_unique(&query, &positions, &Declared, &facts())
}

#[test]
fn keys_follow_from_groups_and_declared_keys() {
    for text in [
        "select id as x from orders",
        "select order_id as x, sum(quantity) from lines group by 1",
        "select distinct order_id as x from lines",
        "select id as x, status, customer_id from orders group by id, status, customer_id",
        "select o.id as x, a.total from orders o
         left join (select order_id, sum(quantity) as total from lines group by 1) a
         on a.order_id = o.id",
        "select order_id as x from lines
         qualify row_number() over (partition by order_id order by quantity) = 1",
        "with final as (select id as x from orders where not is_test) select * from final",
    ] {
        assert_eq!(word(&unique(text, &["x"])), "holds", "{text}");
    }
}

#[test]
fn a_join_that_repeats_a_declared_key_contradicts_it() {
    let text = "select o.id as x from orders o join lines l on l.order_id = o.id";
    let told = unique(text, &["x"]);
    let Answer::Contradicted(broken) = &told else {
        panic!("{told:?}");
    };
    assert!(matches!(broken.at, Piece::Input(_)));
    assert!(broken.witness.is_some());
    // Nothing is declared of customers: it may be one each.
    let text = "select o.id as x from orders o join customers c on c.id = o.customer_id";
    assert_eq!(word(&unique(text, &["x"])), "at risk");
    let text = "select customer_id as x, ordered_at from orders group by 1, 2";
    assert_eq!(word(&unique(text, &["x"])), "at risk");
    let text = "select id as x from orders union all select order_id from lines";
    assert_eq!(word(&unique(text, &["x"])), "at risk");
    assert_eq!(
        word(&unique("select customer_id as x from orders", &["x"])),
        "can't be told"
    );
}

#[test]
fn rows_are_counted_once_where_nothing_repeats_them() {
    let once = |text: &str, table: &str| {
        let subject = Subject::new(query(text));
        word(&counts_once(&subject, &named(table), &Declared))
    };
    let text = "select l.product, sum(l.quantity) from lines l join orders o on o.id = l.order_id group by 1";
    assert_eq!(once(text, "lines"), "holds");
    assert_eq!(once(text, "orders"), "at risk");
    let text = "select l.product, sum(l.quantity) from lines l join customers c on c.id = l.order_id group by 1";
    assert_eq!(once(text, "lines"), "at risk");
    assert_eq!(once(text, "payments"), "can't be told");
    let text = "with s as (select order_id, sum(quantity) as n from lines group by 1)
                select o.id, s.n from orders o left join s on s.order_id = o.id";
    assert_eq!(once(text, "lines"), "holds");
}

#[test]
fn the_latest_row_is_the_first_of_a_descending_order() {
    let latest = |text: &str| {
        let names = |names: &[&str]| -> Vec<Name> { names.iter().map(Name::new).collect() };
        word(&keeps_latest(
            &query(text),
            &names(&["customer_id"]),
            &names(&["paid_at"]),
            &Declared,
        ))
    };
    let over = |order: &str| {
        format!(
            "select id from orders qualify row_number() over (partition by customer_id order by {order}) = 1"
        )
    };
    assert_eq!(latest(&over("paid_at desc")), "holds");
    assert_eq!(latest(&over("paid_at desc, id desc")), "holds");
    assert_eq!(latest(&over("paid_at")), "contradicted");
    assert_eq!(latest(&over("ordered_at desc")), "contradicted");
    let inner =
        "with n as (select *, row_number() over (partition by customer_id order by paid_at desc)
                 as rn from orders) select id from n where rn = 1";
    assert_eq!(latest(inner), "holds");
    let on = "select distinct on (customer_id) id from orders order by customer_id, paid_at desc";
    assert_eq!(latest(on), "holds");
    assert_eq!(latest("select id from orders"), "can't be told");
}

#[test]
fn the_latest_row_is_told_by_the_columns_of_the_table() {
    let latest = |text: &str| {
        let names = |names: &[&str]| -> Vec<Name> { names.iter().map(Name::new).collect() };
        word(&keeps_latest(
            &query(text),
            &names(&["customer_id"]),
            &names(&["changed_at"]),
            &Declared,
        ))
    };
    let over = |columns: &str, order: &str| {
        format!(
            "select {columns} from orders qualify row_number() over (partition by customer_id order by {order}) = 1"
        )
    };
    let renamed = "customer_id, paid_at as changed_at";
    assert_eq!(latest(&over(renamed, "paid_at desc")), "holds");
    assert_eq!(latest(&over(renamed, "paid_at")), "contradicted");
    assert_eq!(latest(&over(renamed, "ordered_at desc")), "contradicted");
    let cast = "customer_id::text as customer_id, paid_at::date as changed_at";
    // What casts do to values of which no type is known is not known.
    assert_eq!(latest(&over(cast, "paid_at desc")), "can't be told");
    assert_eq!(latest(&over(cast, "ordered_at desc")), "contradicted");
    let exact = "customer_id, paid_at as changed_at";
    assert_eq!(latest(&over(exact, "paid_at::date desc")), "can't be told");
    // Another column that only has the name is not meant.
    let other = "with n as (select customer_id, paid_at as changed_at, ordered_at from orders)
                 select customer_id, ordered_at as changed_at from n
                 qualify row_number() over (partition by customer_id order by changed_at desc) = 1";
    assert_eq!(latest(other), "contradicted");
}

#[test]
fn only_what_the_rows_come_through_keeps_the_latest() {
    let latest = |from: &str| {
        let text = format!(
            "with first as (
                select customer_id, ordered_at from orders
                qualify row_number() over (partition by customer_id order by ordered_at) = 1
            ),
            latest as (
                select customer_id, paid_at from orders
                qualify row_number() over (partition by customer_id order by paid_at desc) = 1
            )
            {from}"
        );
        let names = |names: &[&str]| -> Vec<Name> { names.iter().map(Name::new).collect() };
        word(&keeps_latest(
            &query(&text),
            &names(&["customer_id"]),
            &names(&["paid_at"]),
            &Declared,
        ))
    };
    let joined = "select l.customer_id, l.paid_at, f.ordered_at from latest l";
    for join in ["left join", "join"] {
        let on = format!("{joined} {join} first f on f.customer_id = l.customer_id");
        assert_eq!(latest(&on), "holds", "{join}");
    }
    // The rows are those of the orders.
    assert_eq!(
        latest(
            "select o.customer_id, o.paid_at from orders o
             left join latest l on l.customer_id = o.customer_id"
        ),
        "can't be told"
    );
    // A customer may be in both branches.
    assert_eq!(
        latest("select * from latest union all select * from latest"),
        "can't be told"
    );
}

#[test]
fn the_latest_row_is_one_of_all_rows() {
    let latest = |text: &str, per: &str| {
        let names = |names: &[&str]| -> Vec<Name> { names.iter().map(Name::new).collect() };
        word(&keeps_latest(
            &query(text),
            &names(&[per]),
            &names(&["paid_at"]),
            &Declared,
        ))
    };
    let ranked = "row_number() over (partition by customer_id order by paid_at desc) = 1";
    for (text, wanted) in [
        (
            "select customer_id, paid_at from orders qualify {}",
            "holds",
        ),
        (
            "select customer_id, paid_at from orders where customer_id > 0 qualify {}",
            "holds",
        ),
        (
            "select customer_id, paid_at from orders where paid_at is not null qualify {}",
            "holds",
        ),
        (
            "select customer_id, paid_at from orders where status = 'open' qualify {}",
            "can't be told",
        ),
        (
            "select customer_id, paid_at from (select * from orders where status = 'open') o qualify {}",
            "can't be told",
        ),
        (
            "select o.customer_id, o.paid_at from orders o join customers c on c.id = o.customer_id
             qualify {}",
            "can't be told",
        ),
        (
            "with l as (select id, customer_id, paid_at from orders qualify {})
             select l.customer_id, l.paid_at from l join lines on lines.order_id = l.id",
            "at risk",
        ),
    ] {
        let text = text.replace("{}", ranked);
        assert_eq!(latest(&text, "customer_id"), wanted, "{text}");
    }
    let ties = ranked.replace("row_number", "rank");
    let text = format!("select customer_id, paid_at from orders qualify {ties}");
    assert_eq!(latest(&text, "customer_id"), "can't be told");
    let nulls = ranked.replace("desc", "desc nulls first");
    let text = format!("select customer_id, paid_at from orders qualify {nulls}");
    assert_eq!(latest(&text, "customer_id"), "can't be told");
    let day = "select cast(paid_at as date) as day, paid_at from orders
               qualify row_number() over (partition by paid_at order by paid_at desc) = 1";
    assert_eq!(latest(day, "day"), "can't be told");
}

#[test]
fn each_grouping_set_counts_all_rows_again() {
    let once = |text: &str| {
        let subject = Subject::new(query(text));
        word(&counts_once(&subject, &named("lines"), &Declared))
    };
    for (groups, wanted) in [
        ("product", "holds"),
        ("rollup (product)", "can't be told"),
        ("cube (product, order_id)", "can't be told"),
        ("grouping sets ((product), ())", "can't be told"),
    ] {
        let text = format!("select sum(quantity) from lines group by {groups}");
        assert_eq!(once(&text), wanted, "{text}");
    }
}

#[test]
fn a_function_that_gives_rows_repeats_those_of_its_table() {
    use sql::Dialect;
    let answers = |text: &str, dialect: Dialect| {
        let query = crate::support::one(text, dialect, &crate::shop::Shop).query;
        let unique = is_unique(&query, &[0], &Declared, &facts());
        let subject = Subject::new(query);
        let once = counts_once(&subject, &named("orders"), &Declared);
        (word(&unique), word(&once))
    };
    for (text, dialect) in [
        (
            "select id, unnest(status) as x from orders",
            Dialect::DuckDb,
        ),
        (
            "select id, generate_series(1, 3) as x from orders",
            Dialect::Postgres,
        ),
        (
            "select id, unnest(status) || 'a' as x from orders",
            Dialect::Postgres,
        ),
        (
            "select id, explode(status) as x from orders",
            Dialect::Spark,
        ),
        (
            "select id, posexplode_outer(status) as (x, y) from orders",
            Dialect::Databricks,
        ),
        (
            "select id, arrayJoin(status) as x from orders",
            Dialect::ClickHouse,
        ),
    ] {
        let (unique, once) = answers(text, dialect);
        assert_ne!(unique, "holds", "{text}");
        assert_eq!(once, "at risk", "{text}");
    }
    // There it is a list.
    let text = "select id, generate_series(1, 3) as x from orders";
    assert_eq!(answers(text, Dialect::DuckDb), ("holds", "holds"));
    let text = "select unnest(status) as x, count(*) from orders group by 1";
    assert_eq!(answers(text, Dialect::Postgres).0, "holds");
    let text = "select id, unnest(status) as x, count(*) from orders group by id";
    assert_ne!(answers(text, Dialect::Postgres).0, "holds");
    let text = "select id from orders connect by prior id = customer_id";
    assert_ne!(answers(text, Dialect::Oracle), ("holds", "holds"));
}

#[test]
fn branches_are_told_apart_by_constants() {
    let of = |text: &str| {
        let query = query(text);
        word(&is_unique(&query, &[0, 1], &Declared, &facts()))
    };
    let first = "select product as k, 'a' as src from lines group by product";
    for (second, wanted) in [
        ("select status, 'b' from orders group by status", "holds"),
        ("select status, 'a' from orders group by status", "at risk"),
        ("select status, 'b' from orders", "at risk"),
        (
            "select status, name from orders, customers group by 1, 2",
            "at risk",
        ),
    ] {
        let text = format!("{first} union all {second}");
        assert_eq!(of(&text), wanted, "{text}");
    }
}
