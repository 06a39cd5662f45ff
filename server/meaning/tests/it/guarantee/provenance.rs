//! Where values come from, and what a `*` over tables that are not known leaves open.

use super::{query, word};
use crate::shop::named;
use meaning::derive;
use meaning::guarantee::{Origin, Subject, comes_unchanged, leaks, never_comes_from};
use sql::Dialect;
use sql::facts::{TableName, TableRef};
use sql::lower::data_type_of;
use sql::relation::DataType;
use syntax::Name;

/// `raw.c`, of which nothing is known, or a column of it.
fn raw(column: Option<&str>) -> Origin {
    Origin {
        table: TableRef::Named(TableName {
            parts: vec![Name::new("raw"), Name::new("c")],
        }),
        column: column.map(Name::new),
    }
}

fn never(text: &str, column: Option<&str>) -> &'static str {
    let subject = Subject::new(query(text));
    word(&never_comes_from(&subject, None, &raw(column)))
}

#[test]
fn an_open_star_may_bring_a_column() {
    for (text, wanted) in [
        ("select id from raw.c", "holds"),
        ("select birth_date from raw.c", "contradicted"),
        ("select * from raw.c", "can't be told"),
        (
            "with c as (select * from raw.c) select * from c",
            "can't be told",
        ),
        (
            "select id from raw.o union all select * from raw.c",
            "can't be told",
        ),
        (
            "select c.id, o.* from raw.c c join orders o on o.id = c.id",
            "holds",
        ),
        (
            "select c.id, o.* from raw.c c join raw.o o on o.id = c.id",
            "holds",
        ),
    ] {
        assert_eq!(never(text, Some("birth_date")), wanted, "{text}");
    }
}

#[test]
fn a_whole_table_comes_through_a_star() {
    for (text, wanted) in [
        ("select * from raw.c", "contradicted"),
        ("select name from raw.c", "contradicted"),
        ("select * from raw.o", "holds"),
        (
            "select o.id from raw.o o join raw.c c on c.id = o.id",
            "holds",
        ),
    ] {
        assert_eq!(never(text, None), wanted, "{text}");
    }
}

#[test]
fn what_a_star_leaves_out_does_not_come() {
    let text = "select * except (birth_date) from raw.c";
    let lowered = crate::support::one(text, Dialect::BigQuery, &crate::shop::Shop);
    let subject = Subject::new(lowered.query);
    let answer = |column| word(&never_comes_from(&subject, None, &raw(Some(column))));
    assert_eq!(answer("birth_date"), "holds");
    assert_eq!(answer("name"), "can't be told");
}

#[test]
fn an_open_star_may_leak() {
    let leaks = |text: &str| {
        let leaks = leaks(&Subject::new(query(text)), &raw(Some("email")));
        (leaks.columns, leaks.unknown.is_some())
    };
    assert_eq!(leaks("select lower(email) from raw.c"), (vec![0], false));
    assert_eq!(leaks("select id, md5(email) from raw.c"), (vec![], false));
    assert_eq!(leaks("select * from raw.c"), (vec![], true));
    assert_eq!(leaks("select o.* from orders o, raw.c"), (vec![], false));
}

/// Every column is declared to be of a type, or of none.
struct Typed(Option<DataType>);

impl derive::Facts for Typed {
    fn data_type(&self, _: &TableRef, _: &Name) -> Option<DataType> {
        self.0.clone()
    }

    fn is_not_null(&self, _: &TableRef, _: &Name) -> bool {
        false
    }

    fn keys(&self, _: &TableRef) -> Vec<Vec<Name>> {
        Vec::new()
    }

    fn dialect(&self) -> Option<Dialect> {
        Some(Dialect::Postgres)
    }
}

/// Of `orders.customer_id`.
fn unchanged(text: &str, declared: Option<&str>) -> &'static str {
    let subject = Subject::new(query(text));
    let data_type = declared.map(|written| data_type_of(written, Dialect::Postgres).unwrap());
    let origin = Origin {
        table: named("orders"),
        column: Some(Name::new("customer_id")),
    };
    word(&comes_unchanged(
        &subject,
        0,
        &origin,
        true,
        &Typed(data_type),
    ))
}

#[test]
fn a_cast_changes_what_its_type_can_not_hold() {
    for (declared, cast, wanted) in [
        (None, "bigint", "can't be told"),
        (None, "text", "can't be told"),
        (Some("integer"), "bigint", "holds"),
        (Some("bigint"), "integer", "can't be told"),
        (Some("integer"), "numeric(12,2)", "holds"),
        (Some("varchar"), "bigint", "can't be told"),
        (Some("varchar"), "varchar", "holds"),
        (Some("varchar(5)"), "varchar(20)", "holds"),
        (Some("varchar(20)"), "varchar(5)", "contradicted"),
        (Some("decimal(10,2)"), "decimal(10,2)", "holds"),
        (Some("decimal(10,2)"), "decimal(8,2)", "can't be told"),
        (Some("decimal(10,2)"), "decimal(12,1)", "contradicted"),
        (Some("decimal(10,2)"), "int", "contradicted"),
        (Some("double precision"), "int", "contradicted"),
        (Some("timestamp"), "date", "contradicted"),
        (Some("timestamp"), "timestamp", "holds"),
    ] {
        let text = format!("select customer_id::{cast} as c from orders");
        assert_eq!(unchanged(&text, declared), wanted, "{declared:?} {text}");
    }
}

#[test]
fn every_branch_of_a_union_counts() {
    for (text, wanted) in [
        (
            "select customer_id from orders union all select customer_id from orders",
            "holds",
        ),
        (
            "select customer_id from orders union all select id from orders",
            "contradicted",
        ),
        (
            "select customer_id from orders union all select buyer from raw.p",
            "contradicted",
        ),
        (
            "select customer_id from orders union all select -1",
            "contradicted",
        ),
        ("select id from orders", "contradicted"),
    ] {
        assert_eq!(unchanged(text, None), wanted, "{text}");
    }
}

#[test]
fn what_is_left_out_of_a_branch_gives_no_value() {
    for (text, wanted) in [
        (
            "select customer_id from orders except select id from raw.bad",
            "holds",
        ),
        (
            "select customer_id from orders intersect select id from raw.good",
            "holds",
        ),
        (
            "select id from raw.good intersect select customer_id from orders",
            "holds",
        ),
        (
            "select id from raw.good intersect select id from orders",
            "contradicted",
        ),
        (
            "select customer_id + 1 from orders except select customer_id from orders",
            "contradicted",
        ),
    ] {
        assert_eq!(unchanged(text, None), wanted, "{text}");
    }
    assert_eq!(
        never(
            "select id from orders except select id from raw.c",
            Some("id")
        ),
        "holds"
    );
    assert_eq!(
        never(
            "select id from orders intersect select id from raw.c",
            Some("id")
        ),
        "contradicted"
    );
}

#[test]
fn one_row_of_several_may_have_the_value_as_it_is() {
    for (text, wanted) in [
        (
            "select (select s.customer_id from orders s where s.id = o.id) from raw.o o",
            "can't be told",
        ),
        (
            "select max(customer_id) from orders group by id",
            "can't be told",
        ),
        (
            "select sum(customer_id) from orders group by id",
            "contradicted",
        ),
        (
            "select v.c from orders o cross join lateral (values (o.customer_id)) v(c)",
            "holds",
        ),
    ] {
        assert_eq!(unchanged(text, None), wanted, "{text}");
    }
}

#[test]
fn what_is_compared_with_a_query_is_a_value_of_the_answer() {
    let leaks = |text: &str| leaks(&Subject::new(query(text)), &raw(Some("email"))).columns;
    for text in [
        "select c.email in (select e from raw.allow) from raw.c c",
        "select c.email not in (select e from raw.allow) from raw.c c",
        "select c.email = any (select e from raw.allow) from raw.c c",
        "select c.email > all (select e from raw.allow) from raw.c c",
        "select case when (1, c.email) in (select n, e from raw.allow) then 1 end from raw.c c",
        "select 'x' in (select c.email from raw.c c)",
        "select v.e from raw.c c cross join lateral (values (c.email)) v(e)",
    ] {
        assert_eq!(leaks(text), [0], "{text}");
    }
    let none: [usize; 0] = [];
    assert_eq!(
        leaks("select exists (select c.email from raw.c c) from orders"),
        none
    );
}

#[test]
fn the_name_of_a_table_may_be_its_whole_row() {
    for (text, wanted) in [
        ("select to_jsonb(r) as j from raw.c r", "can't be told"),
        ("select r as j from raw.c as r", "can't be told"),
        ("select r::text as j from raw.c r", "can't be told"),
        ("select array_agg(c) as j from raw.c", "can't be told"),
        ("select jsonb_agg(x) as j from raw.c x", "can't be told"),
        (
            "with x as (select * from raw.c) select jsonb_agg(x) as j from x",
            "can't be told",
        ),
        ("select r.id as j from raw.c r", "holds"),
        ("select id as j from raw.c r where r.ok", "holds"),
        ("select to_jsonb(o) as j from raw.o o", "can't be told"),
        ("select o as j from raw.o", "holds"),
    ] {
        assert_eq!(never(text, Some("birth_date")), wanted, "{text}");
    }
}
