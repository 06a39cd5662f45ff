//! `orders excludes rows where …`, `orders only has rows where …`

use super::{formula, no_facts, query, word};
use meaning::guarantee::{Answer, Piece, Subject, allows_only, lets_in};

fn excludes(text: &str, predicate: &str) -> Answer {
    let query = query(text);
    lets_in(
        &Subject::new(query.clone()),
        &formula(predicate, &query),
        &no_facts(),
    )
}

fn only_has(text: &str, predicate: &str) -> Answer {
    let query = query(text);
    allows_only(
        &Subject::new(query.clone()),
        &formula(predicate, &query),
        &no_facts(),
    )
}

#[test]
fn a_filter_keeps_rows_out_wherever_it_stands() {
    for text in [
        "select id from orders where not is_test",
        "select id from orders where is_test = false",
        "select id from orders where coalesce(is_test, false) = false and amount > 0",
        "with o as (select * from orders where not is_test) select id from o",
        "with o as (select id, is_test from orders) select id from o where not is_test",
        "select o.id, sum(l.quantity) from orders o join lines l on l.order_id = o.id
         where o.is_test is not true group by o.id",
        "select l.order_id from lines l join orders o on o.id = l.order_id and not o.is_test",
        "select id from orders where not is_test union all select id from orders where is_test = false",
    ] {
        let told = excludes(text, "orders.is_test");
        assert_eq!(word(&told), "holds", "{text}: {told:?}");
    }
}

#[test]
fn a_row_that_is_let_in_is_shown() {
    for text in [
        "select id from orders",
        "select id from orders where amount > 0",
        "select id from orders where not is_test or amount > 100",
        "with o as (select * from orders) select id from o",
        "select o.id, sum(l.quantity) from orders o join lines l on l.order_id = o.id group by o.id",
        "select sum(amount) from orders",
        "select o.id from orders o left join lines l on l.order_id = o.id and not o.is_test",
        "select id from orders where not is_test union all select id from orders",
    ] {
        let told = excludes(text, "orders.is_test");
        let Answer::Contradicted(broken) = &told else {
            panic!("{text}: {told:?}");
        };
        assert!(broken.witness.is_some(), "{text}");
    }
}

#[test]
fn it_stands_on_the_filter_that_is_too_wide_else_on_the_table() {
    let piece = |text: &str| match excludes(text, "orders.is_test") {
        Answer::Contradicted(broken) => broken.at,
        other => panic!("{other:?}"),
    };
    assert!(matches!(piece("select id from orders"), Piece::Input(_)));
    assert!(matches!(
        piece("select id from orders where not is_test or amount > 1"),
        Piece::Filter(_)
    ));
}

#[test]
fn what_is_only_looked_into_lets_nothing_in() {
    let text = "select c.id from customers c where not exists \
                (select 1 from orders o where o.customer_id = c.id)";
    assert_eq!(word(&excludes(text, "orders.is_test")), "can't be told");
    let text = "select c.id from customers c where c.id in (select customer_id from orders)";
    assert_eq!(word(&excludes(text, "orders.is_test")), "can't be told");
}

#[test]
fn a_second_mention_for_another_end_is_no_contradiction() {
    let text = "with latest as (select customer_id, max(ordered_at) as at from orders group by 1)
                select o.id from orders o join latest l on l.customer_id = o.customer_id
                where not o.is_test";
    assert_ne!(word(&excludes(text, "orders.is_test")), "contradicted");
}

#[test]
fn only_some_rows_means_also_none_with_null() {
    for text in [
        "select id from orders where amount >= 0",
        "select id from orders where amount > 10",
        "select id from orders where amount between 1 and 5 and not is_test",
    ] {
        let told = only_has(text, "orders.amount >= 0");
        assert_eq!(word(&told), "holds", "{text}: {told:?}");
    }
    for text in [
        "select id from orders",
        "select id from orders where amount >= 0 or amount is null",
        "select id from orders where amount >= -1",
    ] {
        assert_eq!(
            word(&only_has(text, "orders.amount >= 0")),
            "contradicted",
            "{text}"
        );
    }
}

#[test]
fn a_column_of_the_result_is_judged_as_it_comes_out() {
    let text = "select id, abs(amount) as size from orders";
    assert_ne!(word(&only_has(text, "size >= 0")), "holds");
    let text = "select id, case when amount < 0 then 'refund' else 'sale' end as kind from orders";
    assert_eq!(word(&excludes(text, "kind = 'refund'")), "contradicted");
    let text = "select id, case when amount < 0 then 'refund' else 'sale' end as kind from orders
                where amount > 0";
    assert_ne!(word(&excludes(text, "kind = 'refund'")), "contradicted");
}

#[test]
fn what_is_not_known_cant_be_told() {
    let text = "select id from orders where is_valid(is_test)";
    assert_eq!(word(&excludes(text, "orders.is_test")), "can't be told");
}

#[test]
fn what_is_left_out_is_not_let_in() {
    let keyed = super::facts();
    let excludes = |text: &str| {
        let query = query(text);
        let predicate = formula("orders.is_test", &query);
        word(&lets_in(&Subject::new(query), &predicate, &keyed))
    };
    assert_eq!(
        excludes("select id from orders except select id from orders where is_test"),
        "can't be told"
    );
    assert_eq!(
        excludes("select id from orders where not is_test except select id from orders"),
        "holds"
    );
    assert_eq!(
        excludes("select id from orders except select order_id from lines"),
        "contradicted"
    );
    assert_eq!(
        excludes("select id from orders intersect select id from orders where not is_test"),
        "can't be told"
    );
}
