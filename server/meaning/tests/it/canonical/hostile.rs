//! Queries that grow, that are deep, or that are wide: each is answered, in bounded time.

use crate::support::one;
use meaning::canonical::{Canonical, canonical};
use sql::Dialect;
use sql::lower::NoCatalog;

fn form(text: &str) -> Canonical {
    canonical(&one(text, Dialect::Postgres, &NoCatalog).query)
}

#[test]
fn ctes_that_read_each_other_twice() {
    let mut text = "with c0 as (select a, b from t)".to_owned();
    for level in 1..40 {
        let before = level - 1;
        text += &format!(
            ", c{level} as (select x.a, y.b from c{before} x join c{before} y on x.a = y.b)"
        );
    }
    let form = form(&(text + " select * from c39"));
    assert_eq!(form.columns.len(), 2);
    assert!(!form.columns[0].meaning.to_string().is_empty());
}

#[test]
fn expressions_that_double() {
    let mut text = "with c0 as (select a from t)".to_owned();
    for level in 1..60 {
        let before = level - 1;
        text += &format!(", c{level} as (select a * a + a as a from c{before})");
    }
    assert_eq!(form(&(text + " select a from c59")).columns.len(), 1);
}

#[test]
fn long_chains_of_ctes() {
    let mut text = "with c0 as (select a, b from t where a > 0)".to_owned();
    for level in 1..150 {
        let before = level - 1;
        text += &format!(", c{level} as (select * from c{before} where b <> {level})");
    }
    let form = form(&(text + " select a from c149"));
    assert!(form.rows.is_known());
    assert_eq!(form.columns[0].meaning.to_string(), "t.a");
}

#[test]
fn longer_chains_of_ctes_than_can_be_followed() {
    let mut text = "with c0 as (select a from t)".to_owned();
    for level in 1..600 {
        let before = level - 1;
        text += &format!(", c{level} as (select * from c{before} where a <> {level})");
    }
    assert!(
        !form(&(text + " select a from c599")).columns[0]
            .meaning
            .is_known()
    );
}

#[test]
fn flat_chains() {
    let sum: Vec<String> = (0..500).map(|term| format!("a{term}")).collect();
    let any: Vec<String> = (0..500).map(|term| format!("b = {term}")).collect();
    let text = format!(
        "select {} as total from t where {}",
        sum.join(" + "),
        any.join(" or ")
    );
    assert_eq!(form(&text).columns.len(), 1);
    let unions: Vec<String> = (0..150).map(|n| format!("select a from t{n}")).collect();
    assert_eq!(form(&unions.join(" union all ")).columns.len(), 1);
    let joins: Vec<String> = (0..60)
        .map(|n| format!("join t x{n} on x{n}.a = x.a"))
        .collect();
    let text = format!("select x.a from t x {}", joins.join(" "));
    assert_eq!(form(&text).columns.len(), 1);
}

#[test]
fn queries_in_queries() {
    let mut text = "select a from t".to_owned();
    for level in 0..30 {
        text = format!(
            "select a from t x{level} where a in ({text}) and exists (select 1 from u where u.a = x{level}.a)"
        );
    }
    assert_eq!(form(&text).columns.len(), 1);
}

#[test]
fn a_key_that_is_computed_from_itself() {
    let of_outer = |condition: &str| {
        let text = format!(
            "select (select o.a + max(t.x) from t where {condition} group by o.a) as m from o"
        );
        form(&text).columns[0].meaning.to_string()
    };
    assert!(of_outer("o.a = o.a + 1").contains("o.a + 1"));
    assert!(of_outer("o.a + 1 = o.a and o.a = o.b").contains("MAX(t.x)"));
}

#[test]
fn recursive_queries() {
    let text = "with recursive r as (select id, parent_id from c where parent_id is null union all select c.id, c.parent_id from c join r on c.parent_id = r.id) select * from r where id > 1";
    let one = form(text);
    assert!(one.rows.is_known());
    let renamed = text.replace(" r ", " s ").replace("r.", "s.");
    assert_eq!(one, form(&renamed));
    assert_ne!(one, form(&text.replace("r.id", "r.parent_id")));
}

#[test]
fn distinct_rows_without_columns_are_not_one_group() {
    let written = form("select distinct from t");
    assert_ne!(written, form("select from t group by ()"));
}

#[test]
fn what_is_shared_is_compared_once() {
    let joins: Vec<String> = (1..40)
        .map(|n| format!("full join t t{n} using (id)"))
        .collect();
    let text = format!("select id from t t0 {}", joins.join(" "));
    // Two forms that share nothing with each other.
    assert!(form(&text).columns[0].meaning == form(&text).columns[0].meaning);
}

#[test]
fn ctes_that_ask_each_other() {
    let mut text = "with c0 as (select id, v from t), c1 as (select id, v from t)".to_owned();
    for level in 2..60 {
        let (one, two) = (level - 1, level - 2);
        text += &format!(
            ", c{level} as (select id, v from c{one} where id in (select id from c{two}) \
             and exists (select 1 from c{two} x where x.v = c{one}.v))"
        );
    }
    assert_eq!(form(&(text + " select * from c59")).columns.len(), 2);
}

#[test]
fn a_text_has_an_end() {
    let column = |number: usize| format!("c{number}_{}", "x".repeat(200));
    let columns: Vec<String> = (0..4_000).map(column).collect();
    let columns = columns.join(", ");
    let form = form(&format!(
        "select (select count(*) from (select distinct {columns} from t) x) as n"
    ));
    let meaning = &form.columns[0].meaning;
    let text = meaning.to_string();
    assert!(meaning.is_known());
    assert!(text.contains('…') && text.len() < 500_000, "{}", text.len());
}
