use super::changed_values;
use sql::lower::{NoCatalog, lower};
use sql::relation::Query;
use sql::{Dialect, Options, Templating};

fn query(text: &str) -> Query {
    let options = Options {
        dialect: Dialect::Generic,
        templating: Templating::None,
    };
    let mut lowered = lower(text, &options, &NoCatalog);
    assert_eq!(lowered.len(), 1, "{text}");
    lowered.remove(0).query
}

/// The names of the columns that may have other values.
fn changed(was: &str, now: &str) -> Option<Vec<String>> {
    let now = query(now);
    let changed = changed_values(&query(was), &now)?;
    let names = changed.into_iter();
    let names = names.map(|position| now.root().columns[position].name.clone().unwrap());
    Some(names.map(|name| name.to_string()).collect())
}

#[test]
fn a_value_alone_is_another() {
    let with = |value: &str| format!("select t.a, {value} as b from t where t.a > 1");
    assert_eq!(changed(&with("t.x * 2"), &with("t.x * 3")).unwrap(), ["b"]);
    assert!(changed(&with("t.x"), &with("t.x")).unwrap().is_empty());
}

#[test]
fn a_value_is_followed_through_what_stands_in_the_query() {
    let with = |factor: u32| {
        format!(
            "with s as (select t.a, t.x * {factor} as b from t), u as (select a, b + 1 as c, a as d from s) \
             select a, c, d from u union all select a, b, a from s"
        )
    };
    assert_eq!(changed(&with(2), &with(3)).unwrap(), ["c"]);
}

#[test]
fn what_decides_rows_is_more_than_a_value() {
    let cases = [
        (
            "select t.a from t where t.a > 1",
            "select t.a from t where t.a > 2",
        ),
        (
            "select distinct t.a * 1 as b from t",
            "select distinct t.a * 2 as b from t",
        ),
        ("select t.a from t limit 1", "select t.a from t limit 2"),
        (
            "with s as (select t.a * 1 as b, t.c from t) select c from s where b > 1",
            "with s as (select t.a * 2 as b, t.c from t) select c from s where b > 1",
        ),
        (
            "with s as (select t.a * 1 as b, t.c from t) select c, count(*) as n from s group by c, b",
            "with s as (select t.a * 2 as b, t.c from t) select c, count(*) as n from s group by c, b",
        ),
        (
            "with s as (select t.a * 1 as b, t.c from t) select r.c from r join s on s.b = r.b",
            "with s as (select t.a * 2 as b, t.c from t) select r.c from r join s on s.b = r.b",
        ),
        (
            "with s as (select t.a * 1 as b from t) select r.c from r where r.c in (select b from s)",
            "with s as (select t.a * 2 as b from t) select r.c from r where r.c in (select b from s)",
        ),
        (
            "with s as (select t.a * 1 as b from t) select b from s union select r.b from r",
            "with s as (select t.a * 2 as b from t) select b from s union select r.b from r",
        ),
        ("select sum(t.a) as b from t", "select t.a as b from t"),
        // It may give several rows for one.
        (
            "select explode(t.a, 1) as b from t",
            "select explode(t.a, 2) as b from t",
        ),
        (
            "select generate_series(1, 2) as b from t",
            "select generate_series(1, 3) as b from t",
        ),
        // It may be bound to another table's column then.
        ("select t.a as b from t", "select t.c as b from t"),
        ("select t.a from t", "select t.a, t.b from t"),
        ("select t.a as b from t", "select t.a as c from t"),
    ];
    for (was, now) in cases {
        assert_eq!(changed(was, now), None, "{was} -> {now}");
        assert_eq!(changed(now, was), None, "{now} -> {was}");
    }
}
