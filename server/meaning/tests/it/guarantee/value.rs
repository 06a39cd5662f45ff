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
        ..meaning::witness::Facts::default()
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

#[test]
fn what_a_join_asks_beside_equal_columns_leaves_rows_out() {
    let group = "with l as (select order_id, sum(quantity * unit_price) as a from lines group by 1)
                 select o.id, coalesce(l.a, 0) as amount from orders o";
    let own = "select o.id, coalesce(sum(l.quantity * l.unit_price), 0) as amount from orders o
               left join lines l";
    for (text, wanted) in [
        (format!("{group} left join l on l.order_id = o.id"), "holds"),
        (
            format!("{group} left join l on l.order_id = o.customer_id"),
            "holds",
        ),
        (
            format!("{group} left join l on l.order_id = o.id and l.order_id is not null"),
            "holds",
        ),
        (
            format!("{group} join l on l.order_id = o.id and not o.is_test"),
            "holds",
        ),
        (
            format!("{group} left join l on l.order_id = o.id and o.status <> 'x'"),
            "contradicted",
        ),
        (
            format!("{group} left join l on l.order_id = o.id and l.a > 10"),
            "contradicted",
        ),
        (
            format!("{group} left join l on l.order_id = o.id and l.a > o.amount"),
            "can't be told",
        ),
        (format!("{group} left join l on true"), "can't be told"),
        (format!("{group} cross join l"), "can't be told"),
        (format!("{own} on l.order_id = o.id group by o.id"), "holds"),
        (
            format!("{own} on l.order_id = o.id and not o.is_test group by o.id"),
            "contradicted",
        ),
        (
            format!("{own} on l.order_id = o.id and l.quantity > o.amount group by o.id"),
            "can't be told",
        ),
        (format!("{own} on true group by o.id"), "can't be told"),
        (
            "select o.id, coalesce(sum(l.quantity * l.unit_price), 0) as amount
             from orders o, lines l group by o.id"
                .to_owned(),
            "can't be told",
        ),
        (
            "select o.id, coalesce(sum(l.quantity * l.unit_price), 0) as amount
             from orders o, lines l where l.order_id = o.id group by o.id"
                .to_owned(),
            "holds",
        ),
    ] {
        assert_eq!(word(&answer(&text, SUM)), wanted, "{text}");
    }
}

#[test]
fn a_group_that_is_left_out_is_a_value_that_is_left_out() {
    let of = |group: &str| {
        let text = format!(
            "select o.id, coalesce(l.a, 0) as amount from orders o
             left join ({group}) l on l.order_id = o.id"
        );
        word(&answer(&text, SUM))
    };
    assert_eq!(
        of(
            "select order_id, sum(quantity * unit_price) as a from lines group by 1
            having count(*) > 1"
        ),
        "contradicted"
    );
    assert_eq!(
        of("select order_id, sum(quantity * unit_price) as a
            from (select * from lines limit 10) z group by 1"),
        "can't be told"
    );
}

#[test]
fn a_total_of_all_rows_is_of_no_row() {
    for (text, wanted) in [
        (
            "select o.id, coalesce(l.a, 0) as amount from orders o
             cross join (select sum(quantity * unit_price) as a from lines) l",
            "can't be told",
        ),
        (
            "select o.id, coalesce((select sum(quantity * unit_price) from lines), 0) as amount
             from orders o",
            "can't be told",
        ),
        (
            "select coalesce(l.a, 0) as amount, n.n
             from (select sum(quantity * unit_price) as a from lines) l
             cross join (select count(*) as n from orders) n",
            "holds",
        ),
    ] {
        assert_eq!(word(&answer(text, SUM)), wanted, "{text}");
    }
}

#[test]
fn a_row_that_is_found_by_more_than_equal_columns_cant_be_told() {
    let of = |on: &str| {
        let text =
            format!("select o.id, c.name as amount from orders o left join customers c on {on}");
        word(&answer(&text, "customers.name"))
    };
    assert_eq!(of("c.id = o.customer_id"), "holds");
    assert_eq!(
        of("c.id = o.customer_id and not o.is_test"),
        "can't be told"
    );
    assert_eq!(
        of("c.id = o.customer_id and c.country = 'DE'"),
        "can't be told"
    );
}

#[test]
fn what_is_said_of_own_columns_says_nothing_of_rows() {
    let text = "select o.id, l.a, l.a * 2 as amount from orders o
                left join (select order_id, sum(quantity) as a from lines where unit_price > 1
                           group by 1) l on l.order_id = o.id";
    assert_eq!(word(&answer(text, "a * 2")), "holds");
}

#[test]
fn keys_are_those_by_which_the_table_is_joined() {
    let joined = "select c.id, coalesce(o.total, 0) as amount from customers c
                  left join (select customer_id, sum(amount) as total from orders group by 1) o
                  on o.customer_id = c.id";
    let value = "COALESCE(SUM(orders.amount), 0)";
    assert_eq!(word(&scoped(joined, value, &["id"], None)), "holds");
    let text = format!("{joined} and c.name <> 'x'");
    assert_eq!(word(&scoped(&text, value, &["id"], None)), "contradicted");
    let text = "select o.id as order_id, sum(l.quantity) as amount from orders o
                join lines l on l.order_id = o.id group by 1";
    assert_ne!(
        word(&scoped(text, "SUM(lines.quantity)", &["order_id"], None)),
        "contradicted"
    );
    // The table has no such column.
    let text = "select c.name as key, sum(o.amount) as amount from customers c
                join orders o on o.customer_id = c.id group by 1";
    assert_eq!(
        word(&scoped(text, "SUM(orders.amount)", &["key"], None)),
        "can't be told"
    );
}

#[test]
fn whether_null_is_a_key_is_not_agreed() {
    let text = "select customer_id, count(o.id) as amount
                from orders o left join customers c on c.id = o.customer_id group by 1";
    let told = scoped(text, "count(orders.id)", &["customer_id"], None);
    assert_ne!(word(&told), "contradicted", "{told:?}");
    let twice = text.replace("count(o.id)", "count(o.id) + 1");
    let told = scoped(&twice, "count(orders.id)", &["customer_id"], None);
    assert_eq!(word(&told), "contradicted", "{told:?}");
}

#[test]
fn a_value_that_is_another_each_time_is_not_kept() {
    let told = answer("select id, random() as amount from orders", "random()");
    assert_eq!(word(&told), "can't be told");
    let told = answer(
        "select id, current_date as amount from orders",
        "current_date",
    );
    assert_eq!(word(&told), "holds");
}
