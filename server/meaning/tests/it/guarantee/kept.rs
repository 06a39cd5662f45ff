//! Rows of other tables that are kept or kept out, and what may keep them out all the same.

use super::{Declared, formula, no_facts, query, word};
use crate::shop::named;
use meaning::guarantee::{
    Agreed, ColumnRef, Subject, excludes_matching, keeps_every_row, only_has_matching,
};
use syntax::Name;

#[test]
fn every_row_is_kept_by_outer_joins_only() {
    let keeps = |text: &str| {
        let subject = Subject::new(query(text));
        word(&keeps_every_row(
            &subject,
            &named("orders"),
            &Agreed::default(),
            &Declared,
        ))
    };
    assert_eq!(keeps("select id from orders"), "holds");
    assert_eq!(
        keeps("select o.id from orders o left join lines l on l.order_id = o.id"),
        "holds"
    );
    assert_eq!(
        keeps("select o.id from orders o join lines l on l.order_id = o.id"),
        "at risk"
    );
    assert_eq!(
        keeps("select o.id from lines l left join orders o on l.order_id = o.id"),
        "at risk"
    );
    assert_eq!(
        keeps("select id from orders where amount > 0"),
        "contradicted"
    );
    assert_eq!(keeps("select id from customers"), "can't be told");
}

#[test]
fn every_row_is_kept_beside_what_has_a_row() {
    let keeps = |text: &str| {
        let subject = Subject::new(query(text));
        let of = named("lines");
        word(&keeps_every_row(
            &subject,
            &of,
            &Agreed::default(),
            &Declared,
        ))
    };
    for (text, wanted) in [
        ("select l.product from lines l, customers c", "at risk"),
        (
            "select l.product from lines l cross join customers c",
            "at risk",
        ),
        (
            "select l.product from lines l cross join (select max(id) as m from customers) c",
            "holds",
        ),
        (
            "select l.product from lines l cross join (values (1), (2)) as n (x)",
            "holds",
        ),
        (
            "select l.product from lines l cross join (select id from customers where id > 1) c",
            "at risk",
        ),
        (
            "select l.product from lines l left join customers c on true",
            "holds",
        ),
        (
            "select l.product from lines l cross join unnest(string_to_array(l.product, ',')) u",
            "at risk",
        ),
        ("select product from lines group by product", "contradicted"),
        (
            "select product, sum(quantity) as q from lines group by product",
            "holds",
        ),
        (
            "select order_id, product from lines group by order_id, product",
            "holds",
        ),
        (
            "select 1 as one from lines group by order_id, product",
            "holds",
        ),
    ] {
        assert_eq!(keeps(text), wanted, "{text}");
    }
}

#[test]
fn rows_that_match_another_table_are_kept_out_by_an_anti_join() {
    let on = [Name::new("customer_id")];
    let excludes = |text: &str| {
        word(&excludes_matching(
            &Subject::new(query(text)),
            &named("erased"),
            &on,
            &no_facts(),
        ))
    };
    for text in [
        "select o.customer_id from orders o where not exists
         (select 1 from erased e where e.customer_id = o.customer_id)",
        "select o.customer_id from orders o left join erased e on e.customer_id = o.customer_id
         where e.customer_id is null",
    ] {
        assert_ne!(excludes(text), "contradicted", "{text}");
    }
    // A test of another column than the joined one: whether it is ever NULL is not known.
    assert_eq!(
        excludes(
            "select o.customer_id from orders o left join erased e on e.customer_id = o.customer_id
             where e.id is null"
        ),
        "can't be told"
    );
    assert_eq!(excludes("select customer_id from orders"), "contradicted");
    assert_eq!(
        excludes(
            "select o.customer_id from orders o join erased e on e.customer_id = o.customer_id"
        ),
        "contradicted"
    );
    let only = |text: &str| {
        word(&only_has_matching(
            &Subject::new(query(text)),
            &named("erased"),
            &on,
            &no_facts(),
        ))
    };
    assert_eq!(only("select customer_id from orders"), "contradicted");
    assert_ne!(
        only(
            "select customer_id from orders where customer_id in (select e.customer_id from erased e)"
        ),
        "contradicted"
    );
}

/// Whether a query keeps every order but those that sentences ask to keep out.
fn keeps_but(text: &str, excluded: &[&str], required: &[&str]) -> &'static str {
    let query = query(text);
    let formulas = |texts: &[&str]| texts.iter().map(|text| formula(text, &query)).collect();
    let mut agreed = Agreed {
        excluded: formulas(excluded),
        required: formulas(required),
        matching: vec![(named("lines"), vec![Name::new("order_id")])],
        unmatched: vec![(named("customers"), vec![Name::new("id")])],
        ..Agreed::default()
    };
    let named_by = agreed.excluded.iter().chain(&agreed.required);
    agreed.names = named_by
        .flat_map(|formula| &formula.columns)
        .map(|column| match column {
            ColumnRef::Own(name) | ColumnRef::Of(_, name) | ColumnRef::Inside(_, name) => {
                name.clone()
            }
        })
        .collect();
    let subject = Subject::new(query);
    word(&keeps_every_row(
        &subject,
        &named("orders"),
        &agreed,
        &Declared,
    ))
}

#[test]
fn a_filter_may_keep_out_what_is_agreed() {
    for (text, expected) in [
        ("select id from orders where not is_test", "holds"),
        ("select id from orders where is_test is not true", "holds"),
        (
            "with o as (select id, coalesce(is_test, false) as is_test from orders)
             select id from o where not is_test",
            "holds",
        ),
        (
            "with o as (select id, is_test as flag from orders),
             p as (select * from o)
             select p.id from p left join customers c on c.id = p.id where p.flag = false",
            "holds",
        ),
        // Always true.
        ("select id from orders where id is not null", "holds"),
        (
            "select id from orders where not is_test and amount > 0",
            "contradicted",
        ),
        ("select id from orders where amount > 0", "contradicted"),
        (
            "select id from orders where amount is not null",
            "contradicted",
        ),
        // The other way round, and not proved.
        ("select id from orders where is_test", "can't be told"),
        (
            "select id from orders where is_test::text = 'f'",
            "can't be told",
        ),
    ] {
        assert_eq!(keeps_but(text, &["is_test"], &[]), expected, "{text}");
    }
    let both = "select id from orders where not (is_test or status = 'void')";
    let excluded = ["is_test", "status = 'void'"];
    assert_eq!(keeps_but(both, &excluded, &[]), "holds");
    let more = "select id from orders where amount > 0";
    assert_eq!(keeps_but(more, &[], &["amount > 0"]), "holds");
    assert_eq!(keeps_but(more, &[], &["amount > -5"]), "can't be told");
}

#[test]
fn a_filter_may_keep_out_what_matches() {
    for (text, expected) in [
        (
            "select id as order_id from orders o
             where not exists (select 1 from lines l where l.order_id = o.id)",
            "holds",
        ),
        (
            "select id as order_id from orders where id not in (select order_id from lines)",
            "holds",
        ),
        (
            "select o.id as order_id from orders o
             left join lines l on l.order_id = o.id where l.order_id is null",
            "holds",
        ),
        (
            "with gone as (select order_id from lines where quantity > 0),
             o as (select id as order_id from orders),
             joined as (
                 select o.order_id, g.order_id as missed from o left join gone g using (order_id)
             )
             select order_id from joined where missed is null",
            "holds",
        ),
        (
            "select customer_id as id from orders o
             where exists (select 1 from customers c where c.id = o.customer_id)",
            "holds",
        ),
        (
            "select customer_id as id from orders where customer_id in (select id from customers)",
            "holds",
        ),
        (
            "select customer_id as id from orders
             where customer_id in (select id from customers where country = 'FR')",
            "can't be told",
        ),
        // On something else, or another table.
        (
            "select o.id as order_id from orders o
             left join lines l on l.quantity = o.id where l.order_id is null",
            "can't be told",
        ),
        (
            "select o.customer_id as order_id from orders o
             where not exists (select 1 from lines l where l.order_id = o.id)",
            "can't be told",
        ),
        (
            "select id as order_id from orders o
             where not exists (select 1 from orders p where p.id = o.customer_id)",
            "contradicted",
        ),
        (
            "select id as order_id from orders o
             where exists (select 1 from lines l where l.order_id = o.id)",
            "can't be told",
        ),
    ] {
        assert_eq!(keeps_but(text, &[], &[]), expected, "{text}");
    }
}

#[test]
fn distinct_keeps_rows_that_have_a_key() {
    for (text, expected) in [
        ("select distinct status from orders", "contradicted"),
        ("select distinct id, status from orders", "holds"),
        (
            "select distinct o.id, o.status from orders o left join lines l on l.order_id = o.id",
            "holds",
        ),
        (
            "select distinct o.status from orders o left join lines l on l.order_id = o.id",
            "contradicted",
        ),
        (
            "select distinct status, count(*) from orders group by status",
            "holds",
        ),
    ] {
        assert_eq!(keeps_but(text, &[], &[]), expected, "{text}");
    }
}

#[test]
fn matching_rows_are_kept_out_by_the_forms_that_people_write() {
    let on = [Name::new("customer_id")];
    let of = |text: &str, is_required: bool| {
        let subject = Subject::new(query(text));
        let other = named("erased");
        word(&match is_required {
            false => excludes_matching(&subject, &other, &on, &no_facts()),
            true => only_has_matching(&subject, &other, &on, &no_facts()),
        })
    };
    let orders = "select o.customer_id from orders o";
    for (rest, wanted) in [
        (
            "left join erased e on e.customer_id = o.customer_id where e.customer_id is null",
            "holds",
        ),
        (
            "where o.customer_id not in (select e.customer_id from erased e)",
            "holds",
        ),
        (
            "where not exists (select 1 from erased e where e.customer_id = o.customer_id)",
            "holds",
        ),
        (
            "left join erased e on e.customer_id = o.customer_id and e.done where e.customer_id is null",
            "not held",
        ),
        (
            "where o.customer_id not in (select e.customer_id from erased e where e.done)",
            "not held",
        ),
        (
            "left join erased e on e.customer_id = o.id where e.customer_id is null",
            "not held",
        ),
    ] {
        let holds = of(&format!("{orders} {rest}"), false) == "holds";
        assert_eq!(holds, wanted == "holds", "{rest}");
    }
    for (rest, wanted) in [
        ("join erased e on e.customer_id = o.customer_id", "holds"),
        (
            "join erased e on e.customer_id = o.customer_id and e.done",
            "holds",
        ),
        (
            "where o.customer_id in (select e.customer_id from erased e)",
            "holds",
        ),
        (
            "where exists (select 1 from erased e where e.customer_id = o.customer_id and e.done)",
            "holds",
        ),
        (
            "left join erased e on e.customer_id = o.customer_id",
            "not held",
        ),
        ("join erased e on e.id = o.customer_id", "not held"),
    ] {
        let holds = of(&format!("{orders} {rest}"), true) == "holds";
        assert_eq!(holds, wanted == "holds", "{rest}");
    }
    let padded =
        "select x.customer_id from lines l left join (select o.id, o.customer_id from orders o
                  join erased e on e.customer_id = o.customer_id) x on x.id = l.order_id";
    assert_ne!(of(padded, true), "holds");
}
