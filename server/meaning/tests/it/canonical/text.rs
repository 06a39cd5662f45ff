//! How meaning is written.

use super::meaning;
use crate::support;
use meaning::canonical::{Sameness, canonical};
use sql::Dialect;
use sql::lower::{Clause, NoCatalog};

#[track_caller]
fn column(text: &str, expected: &str) {
    let canonical = meaning(text, Dialect::Snowflake);
    let column = canonical.columns.first();
    let written = column.map(|column| column.meaning.to_string());
    assert_eq!(written.as_deref(), Some(expected));
}

#[track_caller]
fn clause(text: &str, clause: Clause, expected: &[&str]) {
    let canonical = meaning(text, Dialect::Snowflake);
    let of: Vec<String> = canonical.rows.of(clause).map(ToString::to_string).collect();
    assert_eq!(of, expected);
}

#[test]
fn a_column_is_written_over_what_the_query_reads() {
    column(
        "select coalesce(sum(l.quantity * l.unit_price), 0)::decimal(10,2) from orders o join lines l on l.order_id = o.id group by o.status",
        "COALESCE(SUM(lines.quantity * lines.unit_price), 0)",
    );
}

#[test]
fn a_cast_round_a_column_is_its_type() {
    let canonical = meaning(
        "select id::decimal(10,2) as id from orders",
        Dialect::Snowflake,
    );
    let column = canonical.columns.first().expect("one column");
    assert_eq!(column.meaning.to_string(), "orders.id");
    let data_type = column.data_type.as_ref().expect("a type");
    assert_eq!(data_type.to_string(), "DECIMAL(10,2)");
}

#[test]
fn a_cast_that_may_lose_something_stays() {
    column(
        "select ordered_at::date from orders",
        "CAST(orders.ordered_at AS DATE)",
    );
}

#[test]
fn the_second_use_of_a_table_is_numbered() {
    clause(
        "select a.id from orders a join orders b on a.id = b.customer_id",
        Clause::From,
        &["orders", "orders AS orders_2"],
    );
}

#[test]
fn each_conjunct_is_one_line() {
    clause(
        "select id from orders where not (is_test or status = 'x') and (id = 1 or customer_id > 2)",
        Clause::Where,
        &[
            "orders.id = 1 OR 2 < orders.customer_id",
            "NOT orders.is_test",
            "orders.status <> 'x'",
        ],
    );
}

#[test]
fn an_aggregate_of_another_scope_is_a_query() {
    column(
        "select t.total from orders o left join (select order_id, sum(quantity) as total from lines group by 1) t on t.order_id = o.id",
        "(SELECT SUM(lines.quantity) FROM lines WHERE lines.order_id = orders.id)",
    );
}

#[test]
fn operators_are_put_in_parentheses_where_needed() {
    column(
        "select (1 - id) * quantity - (2 - unit_price) from orders, lines",
        "lines.quantity * (1 - orders.id) - (2 - lines.unit_price)",
    );
}

#[test]
fn what_a_column_does_not_mention_does_not_matter_to_it() {
    let dialect = Dialect::Snowflake;
    let one = meaning("select id, status from orders where id > 1", dialect);
    let other = meaning("select id, upper(status) from orders where id > 1", dialect);
    assert_eq!(one.columns[0].meaning, other.columns[0].meaning);
    assert_ne!(one.columns[1].meaning, other.columns[1].meaning);
    assert_eq!(one.rows, other.rows);
}

#[test]
fn a_difference_is_in_its_clause() {
    let dialect = Dialect::Snowflake;
    let was = meaning("select id from orders where is_test and id > 1", dialect);
    let now = meaning(
        "select id from orders where id > 1 and status = 'a'",
        dialect,
    );
    let gone: Vec<String> = was
        .rows
        .beyond(&now.rows)
        .iter()
        .map(|c| c.meaning.to_string())
        .collect();
    let come: Vec<String> = now
        .rows
        .beyond(&was.rows)
        .iter()
        .map(|c| c.meaning.to_string())
        .collect();
    assert_eq!(
        (gone, come),
        (
            vec!["orders.is_test".to_owned()],
            vec!["orders.status = 'a'".to_owned()]
        )
    );
}

#[test]
fn what_is_not_known_is_not_the_same() {
    let text = "select {{ something() }} as a, id from orders";
    let lowered = support::one(text, Dialect::Snowflake, &NoCatalog);
    let canonical = canonical(&lowered.query);
    let [unknown, known] = canonical.columns.as_slice() else {
        panic!("two columns");
    };
    assert_eq!(unknown.meaning.compare(&unknown.meaning), Sameness::Unknown);
    assert_eq!(known.meaning.compare(&known.meaning), Sameness::Same);
    assert_eq!(unknown.meaning.compare(&known.meaning), Sameness::Unknown);
}

#[test]
fn digests_do_not_change_from_day_to_day() {
    let canonical = meaning("select id + 1 as next from orders", Dialect::Snowflake);
    let again = meaning("select 1 + o.id as other from orders o", Dialect::Snowflake);
    assert_eq!(
        canonical.columns[0].meaning.digest(),
        again.columns[0].meaning.digest()
    );
}

#[test]
fn a_name_that_stands_for_nothing_known_is_written_as_it_is() {
    column(
        "select a.id + b.gone from orders a join (select 1 as one) b on a.id = b.one",
        "orders.id + b.gone",
    );
}
