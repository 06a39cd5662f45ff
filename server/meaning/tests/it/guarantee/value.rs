//! `orders.amount = EXPR [per COLUMNS] [where PREDICATE]`

use super::{formula, no_facts, query, word};
use meaning::derive::NoFacts;
use meaning::guarantee::{Answer, Definition, Known, Subject, has_value};
use meaning::witness::Facts;
use syntax::Name;

/// The answer for the column `amount` of a query.
fn answer(text: &str, value: &str) -> Answer {
    scoped(text, value, &[], None)
}

fn scoped(text: &str, value: &str, per: &[&str], filter: Option<&str>) -> Answer {
    let query = query(text);
    let position = query.root().position(&Name::new("amount")).unwrap();
    let definition = Definition {
        value: formula(value, &query),
        per: per.iter().map(Name::new).collect(),
        filter: filter.map(|filter| formula(filter, &query)),
        data_type: None,
    };
    has_value(
        &Subject::new(query),
        position,
        &definition,
        &known(&no_facts()),
    )
}

fn known(facts: &Facts) -> Known<'_> {
    Known {
        declared: &NoFacts,
        facts,
        may_leave_out: &|_| false,
    }
}

const SUM: &str = "COALESCE(SUM(lines.quantity * lines.unit_price), 0)";

#[test]
fn a_sum_is_the_same_on_top_in_a_join_and_in_a_subquery() {
    for text in [
        "select o.id, coalesce(sum(l.unit_price * l.quantity), 0) as amount
         from orders o join lines l on l.order_id = o.id group by o.id",
        "with a as (select order_id, sum(quantity * unit_price) as total from lines group by 1)
         select o.id, coalesce(a.total, 0) as amount from orders o left join a on a.order_id = o.id",
        "with a as (select order_id, sum(quantity * unit_price) as total from lines group by 1),
         final as (select o.id, coalesce(a.total, 0) as amount
                   from orders o join a on a.order_id = o.id where not o.is_test)
         select * from final",
        "select o.id, coalesce((select sum(l.quantity * l.unit_price) from lines l
                                where l.order_id = o.id), 0) as amount from orders o",
        "with enriched as (select order_id, quantity * unit_price as value from lines)
         select order_id, coalesce(sum(value), 0) as amount from enriched group by order_id",
        "select order_id, cast(coalesce(sum(quantity * unit_price), 0) as decimal(10, 2)) as amount
         from lines group by order_id",
    ] {
        assert_eq!(word(&answer(text, SUM)), "holds", "{text}");
    }
}

#[test]
fn another_sum_is_a_contradiction_with_an_example() {
    for text in [
        "select o.id, coalesce(sum(l.quantity), 0) as amount
         from orders o join lines l on l.order_id = o.id group by o.id",
        "with a as (select order_id, sum(quantity) as total from lines group by 1)
         select o.id, coalesce(a.total, 0) as amount from orders o left join a on a.order_id = o.id",
        "with a as (select order_id, max(quantity * unit_price) as total from lines group by 1)
         select o.id, cast(coalesce(a.total, 0) as decimal(10, 2)) as amount
         from orders o join a on a.order_id = o.id",
        // NULL where a value was agreed.
        "with a as (select order_id, sum(quantity * unit_price) as total from lines group by 1)
         select o.id, a.total as amount from orders o left join a on a.order_id = o.id",
        "select order_id, sum(quantity * unit_price) filter (where product <> 'gift') as amount
         from lines group by order_id",
    ] {
        let answer = answer(text, SUM);
        let Answer::Contradicted(broken) = &answer else {
            // What is filtered by a column that the sentence does not name can't be told.
            assert!(text.contains("gift"), "{text}: {answer:?}");
            continue;
        };
        let witness = broken.witness.as_ref().unwrap();
        assert_ne!(witness.was, witness.now, "{text}");
    }
}

#[test]
fn a_sum_of_other_columns_cant_be_told() {
    let text = "select order_id, sum(line_total) as amount from totals group by order_id";
    assert_eq!(word(&answer(text, SUM)), "can't be told");
    let text = "select id, amount from orders";
    assert_eq!(word(&answer(text, SUM)), "can't be told");
}

#[test]
fn a_value_where_the_agreed_one_is_null_is_allowed() {
    let text = "select id, coalesce(paid_at, ordered_at) as amount from orders";
    assert_eq!(word(&answer(text, "orders.paid_at")), "can't be told");
    let text = "select id, coalesce(customer_id, 0) as amount from orders";
    assert_ne!(word(&answer(text, "orders.customer_id")), "contradicted");
    let text = "select id, nullif(customer_id, 0) as amount from orders";
    assert_eq!(word(&answer(text, "orders.customer_id")), "contradicted");
}

#[test]
fn rounding_of_a_column_without_a_type_is_no_contradiction() {
    let text = "select id, round(amount, 1) as amount from orders";
    assert_ne!(word(&answer(text, "orders.amount")), "contradicted");
    let text = "select id, amount * 2 as amount from orders";
    assert_eq!(word(&answer(text, "orders.amount")), "contradicted");
}

#[test]
fn a_scope_that_is_told_is_compared_too() {
    let text = "select order_id, sum(quantity) as amount from lines group by order_id";
    let value = "SUM(lines.quantity)";
    assert_eq!(word(&scoped(text, value, &["order_id"], None)), "holds");
    let text = "select order_id, sum(quantity) as amount from lines where quantity > 0 \
                group by order_id";
    assert_eq!(
        word(&scoped(text, value, &["order_id"], None)),
        "contradicted"
    );
    assert_eq!(word(&answer(text, value)), "holds");
}

#[test]
fn a_filter_says_on_which_rows_it_is_so() {
    let text = "select id, case when status = 'open' then 0 else customer_id end as amount, status
                from orders";
    assert_eq!(
        word(&scoped(text, "0", &[], Some("status = 'open'"))),
        "can't be told"
    );
    assert_eq!(word(&answer(text, "orders.customer_id")), "can't be told");
    let text =
        "select id, case when status = 'open' then 1 else 0 end as amount, status from orders";
    let value = "case when orders.status = 'open' then 0 else 0 end";
    assert_eq!(
        word(&scoped(text, value, &[], Some("status = 'open'"))),
        "contradicted"
    );
    assert_ne!(
        word(&scoped(text, value, &[], Some("status = 'paid'"))),
        "contradicted"
    );
}

#[test]
fn every_branch_of_a_union_counts() {
    let text = "select id, customer_id as amount from orders where is_test
                union all select id, 0 from orders where not is_test";
    assert_eq!(word(&answer(text, "orders.customer_id")), "contradicted");
    let text = "select id, customer_id as amount from orders where is_test
                union all select id, customer_id from orders where not is_test";
    assert_eq!(word(&answer(text, "orders.customer_id")), "holds");
}

#[test]
fn rows_that_a_join_repeats_are_no_contradiction_of_a_count() {
    let text = "select c.id, count(distinct o.id) as amount from customers c
                join orders o on o.customer_id = c.id join lines l on l.order_id = o.id group by c.id";
    let query = query(text);
    let facts = Facts {
        tables: vec![meaning::witness::TableFacts {
            table: crate::shop::named("orders"),
            columns: Vec::new(),
            unique: vec![vec![Name::new("id")]],
            references: Vec::new(),
        }],
        ..Facts::default()
    };
    let of = |value: &str| {
        let definition = Definition {
            value: formula(value, &query),
            per: Vec::new(),
            filter: None,
            data_type: None,
        };
        word(&has_value(
            &Subject::new(query.clone()),
            1,
            &definition,
            &known(&facts),
        ))
    };
    assert_eq!(of("COUNT(orders.id)"), "can't be told");
    assert_eq!(of("SUM(orders.id)"), "contradicted");
}
