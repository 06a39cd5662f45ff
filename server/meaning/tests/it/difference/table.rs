//! Changes made by hand, and what is said of each column and of the rows.

use super::side::{Schema, Side, between};
use crate::refactor::Files;
use meaning::difference::{Change, ColumnChange, Difference};
use meaning::evaluate::Value;
use sql::Dialect;
use sql::lower::Clause;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use syntax::Name;

/// A change: the models before and after, the model that is compared, and what is said.
struct Case {
    what: &'static str,
    was: &'static [(&'static str, &'static str)],
    now: &'static [(&'static str, &'static str)],
    said: &'static str,
}

const fn one(
    what: &'static str,
    was: &'static [(&'static str, &'static str)],
    now: &'static [(&'static str, &'static str)],
    said: &'static str,
) -> Case {
    Case {
        what,
        was,
        now,
        said,
    }
}

/// `m` is the model that is compared, or the last one where there is no `m`.
#[rustfmt::skip] // a table
const CASES: &[Case] = &[
    one("nothing",
        &[("m", "select id, status from orders where is_test")],
        &[("m", "SELECT o.id AS id, o.status FROM orders AS o WHERE o.is_test")],
        "id same, status same; rows same"),
    one("a column is added",
        &[("m", "select id from orders")],
        &[("m", "select id, status from orders")],
        "id same, status added; rows same"),
    one("a column is removed",
        &[("m", "select id, status from orders")],
        &[("m", "select id from orders")],
        "id same, status removed; rows same"),
    one("a column is renamed",
        &[("m", "select id, quantity * price as amount from orders")],
        &[("m", "select id, price * quantity as total from orders")],
        "id same, total renamed from amount; rows same"),
    one("a column is renamed in the model that is read, and in what reads it",
        &[("a", "select id, quantity * price as amount from orders"),
          ("m", "select id, amount * 2 as double, amount from a where amount > 0")],
        &[("a", "select id, quantity * price as total from orders"),
          ("m", "select id, total * 2 as double, total as amount from a where total > 0")],
        "id same, double same, amount same; rows same"),
    one("a column is read in the place of another that is gone and meant something else",
        &[("a", "select id, quantity * price as amount from orders"),
          ("m", "select id, amount as total from a")],
        &[("a", "select id, quantity as total from orders"),
          ("m", "select id, total from a")],
        "id same, total changed; rows same"),
    one("two columns of one meaning are gone, so that neither is renamed",
        &[("m", "select id, status as a, status as b from orders")],
        &[("m", "select id, status as c from orders")],
        "id same, c added, a removed, b removed; rows same"),
    one("columns in another order",
        &[("m", "select id, status from orders")],
        &[("m", "select status, id from orders")],
        "status same, id same; rows same"),
    one("two columns of one name",
        &[("m", "select o.id, c.id from orders o join customers c on c.id = o.customer_id")],
        &[("m", "select o.id, c.id from customers c join orders o on o.customer_id = c.id")],
        "id same, id same; rows same"),
    one("an expression is changed",
        &[("m", "select id, quantity * price as amount from orders")],
        &[("m", "select id, quantity + price as amount from orders")],
        "id same, amount changed; rows same"),
    one("a filter is changed",
        &[("m", "select id, status from orders where status = 'paid'")],
        &[("m", "select id, status from orders where status = 'open'")],
        "id same, status same; rows changed by where"),
    one("a filter is added, in a CTE",
        &[("m", "with o as (select * from orders) select id from o")],
        &[("m", "with o as (select * from orders where not is_test) select id from o")],
        "id same; rows changed by where"),
    one("a filter that leaves all rows",
        &[("m", "select id from orders")],
        &[("m", "select id from orders where 1 = 1")],
        "id same; rows same"),
    one("the kind of a join",
        &[("m", "select o.id, c.name from orders o left join customers c on c.id = o.customer_id")],
        &[("m", "select o.id, c.name from orders o join customers c on c.id = o.customer_id")],
        "id same, name same; rows changed by from, on, where"),
    one("the key of a join",
        &[("m", "select o.id from orders o join customers c on c.id = o.customer_id")],
        &[("m", "select o.id from orders o join customers c on c.id = o.id")],
        "id same; rows changed by where"),
    one("a key of a group",
        &[("m", "select status, count(*) as n from orders group by status")],
        &[("m", "select status, count(*) as n from orders group by status, customer_id")],
        "status same, n same; rows changed by group by"),
    one("an aggregate",
        &[("m", "select status, sum(price) as n from orders group by status")],
        &[("m", "select status, max(price) as n from orders group by status")],
        "status same, n changed; rows same"),
    one("DISTINCT",
        &[("m", "select status from orders")],
        &[("m", "select distinct status from orders")],
        "status same; rows changed by group by"),
    one("the limit",
        &[("m", "select id from orders order by id limit 1")],
        &[("m", "select id from orders order by id limit 2")],
        "id same; rows changed by limit"),
    one("UNION ALL becomes UNION",
        &[("m", "select id from orders union all select id from customers")],
        &[("m", "select id from orders union select id from customers")],
        "id undecided; rows changed by set"),
    one("another default",
        &[("m", "select coalesce(status, 'x') as status from orders")],
        &[("m", "select coalesce(status, 'y') as status from orders")],
        "status changed; rows same"),
    one("another table",
        &[("m", "select id from orders")],
        &[("m", "select id from customers")],
        "id changed; rows changed by from"),
    one("a CTE becomes a model",
        &[("m", "with a as (select id, price * 2 as p from orders where not is_test) select id, p + 1 as q from a")],
        &[("m", "select id, p + 1 as q from a"),
          ("a", "select id, price * 2 as p from orders where not is_test")],
        "id same, q same; rows same"),
    one("a CTE becomes a model, and loses a filter",
        &[("m", "with a as (select id, price * 2 as p from orders where not is_test) select id, p + 1 as q from a")],
        &[("m", "select id, p + 1 as q from a"),
          ("a", "select id, price * 2 as p from orders")],
        "id same, q same; rows changed by from, where"),
    one("two CTEs become models, one above the other",
        &[("m", "with a as (select id, price from orders), b as (select id, sum(price) as s from a group by id) select s from b where s > 1")],
        &[("m", "select s from b where s > 1"),
          ("b", "select id, sum(price) as s from a group by id"),
          ("a", "select id, price from orders")],
        "s same; rows same"),
    one("a model that is read is renamed",
        &[("m", "select a.id from a"), ("a", "select id from orders where is_test")],
        &[("m", "select b.id from b"), ("b", "select id from orders where is_test")],
        "id same; rows same"),
    one("a model that is read is renamed, and means something else",
        &[("m", "select a.id from a"), ("a", "select id from orders where is_test")],
        &[("m", "select b.id from b"), ("b", "select id from orders where not is_test")],
        "id same; rows changed by from"),
    one("what is read is changed, but not here",
        &[("m", "select a.id from a"), ("a", "select id from orders")],
        &[("m", "select a.id from a"), ("a", "select id from orders where is_test")],
        "id same; rows same"),
    one("an unknown function of the same",
        &[("m", "select frobnicate(id, 1) as f from orders")],
        &[("m", "select frobnicate(o.id, 1) as f from orders o")],
        "f same; rows same"),
    one("an unknown function of something else",
        &[("m", "select frobnicate(id, 1) as f, id from orders")],
        &[("m", "select frobnicate(id, 2) as f, id from orders")],
        "f undecided, id same; rows same"),
    one("a template of which nothing is known spoils only what is computed from it",
        &[("m", "select {{ something('id') }} as x, status from orders")],
        &[("m", "select {{ something('id') }} as x, o.status from orders o")],
        "x undecided, status same; rows same"),
    one("all columns of a table that is not known",
        &[("m", "with a as (select * from elsewhere) select * from a")],
        &[("m", "select * from elsewhere as b")],
        "; rows same"),
    one("all columns of another table that is not known",
        &[("m", "select a.* from elsewhere a join other b on a.x = b.x")],
        &[("m", "select b.* from elsewhere a join other b on a.x = b.x")],
        "* undecided; rows same"),
    one("a column less of a table that is not known",
        &[("m", "select * from elsewhere")],
        &[("m", "select * exclude (x) from elsewhere")],
        "* undecided; rows same"),
    one("all columns are written out of a table that is not known",
        &[("m", "select * from elsewhere")],
        &[("m", "select x from elsewhere")],
        "x undecided, * undecided; rows same"),
    one("a column besides those of a table that is not known",
        &[("m", "select *, x + 1 as y from elsewhere")],
        &[("m", "select *, x + 1 as y, x + 2 as z from elsewhere")],
        "y same, z added; rows same"),
    one("a name that only the database can place",
        &[("m", "select x from elsewhere a join other b on a.k = b.k")],
        &[("m", "select x from other b join elsewhere a on b.k = a.k")],
        "x same; rows same"),
    one("a type",
        &[("m", "select cast(count(*) as integer) as n from orders")],
        &[("m", "select cast(count(*) as bigint) as n from orders")],
        "n same of another type; rows same"),
    one("a type that may be part of the value",
        &[("m", "select cast(id as integer) as id from orders")],
        &[("m", "select cast(id as bigint) as id from orders")],
        "id undecided; rows same"),
    one("a condition that makes columns equal",
        &[("m", "select o.id, c.id as cid from orders o left join customers c on c.id = o.customer_id")],
        &[("m", "select o.id, c.id as cid from orders o join customers c on c.id = o.customer_id and c.id = o.id")],
        "id same, cid same; rows changed by from, on, where"),
    one("a value out of a window",
        &[("m", "select id, row_number() over (partition by status order by id) as n from orders")],
        &[("m", "select id, row_number() over (partition by status order by id desc) as n from orders")],
        "id same, n changed; rows same"),
];

#[test]
fn changes_are_told_column_by_column() {
    let columns = |names: &[&str]| names.iter().map(Name::new).collect();
    let schema: Schema = BTreeMap::from([
        (
            "orders".to_owned(),
            columns(&[
                "id",
                "customer_id",
                "status",
                "quantity",
                "price",
                "is_test",
            ]),
        ),
        ("customers".to_owned(), columns(&["id", "name"])),
    ]);
    let mut wrong = String::new();
    for case in CASES {
        let (was, now) = (files(case.was), files(case.now));
        let old = Side::new(&was, Dialect::DuckDb, &schema);
        let new = Side::new(&now, Dialect::DuckDb, &schema);
        let difference = between((&old, "m"), (&new, "m")).unwrap();
        let said = said(&difference);
        if said != case.said {
            let _ = writeln!(
                wrong,
                "{}:\n  {said}\n  {}\n{difference:?}",
                case.what, case.said
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn rows_are_shown_in_the_order_of_the_columns_a_renamed_one_among_them() {
    let columns = ["id", "status"].map(Name::new).to_vec();
    let schema: Schema = BTreeMap::from([("orders".to_owned(), columns)]);
    let latest = "from orders qualify row_number() over (partition by status order by id";
    let was = format!("select id + 1 as next, status {latest}) = 1");
    let now = format!("select id + 1 as follower, status {latest} desc) = 1");
    let was = files(&[("m", &was)]);
    let now = files(&[("m", &now)]);
    let old = Side::new(&was, Dialect::DuckDb, &schema);
    let new = Side::new(&now, Dialect::DuckDb, &schema);
    let difference = between((&old, "m"), (&new, "m")).unwrap();
    let witness = difference.rows.witness.unwrap();
    let rows = witness.was.iter().chain(&witness.now);
    let mut shown = 0;
    for row in rows {
        assert!(matches!(row[0], Value::Number(_) | Value::Null), "{row:?}");
        assert!(matches!(row[1], Value::Text(_) | Value::Null), "{row:?}");
        shown += 1;
    }
    assert!(shown > 0);
}

#[test]
fn a_model_with_another_name_that_is_too_large_for_its_place_proves_nothing() {
    let schema: Schema = BTreeMap::from([("orders".to_owned(), vec![Name::new("id")])]);
    let said = |branches: usize| {
        let all = vec!["select id from orders"; branches].join(" union all ");
        let was = files(&[("all_orders", &all), ("m", "select id from all_orders")]);
        let now = files(&[("orders_all", &all), ("m", "select id from orders_all")]);
        let old = Side::new(&was, Dialect::DuckDb, &schema);
        let new = Side::new(&now, Dialect::DuckDb, &schema);
        said(&between((&old, "m"), (&new, "m")).unwrap())
    };
    assert_eq!(said(4), "id same; rows same");
    assert_eq!(said(700), "id undecided; rows undecided by from");
}

fn files(models: &[(&str, &str)]) -> Files {
    let file =
        |(name, text): &(&str, &str)| (PathBuf::from(format!("{name}.sql")), (*text).to_owned());
    models.iter().map(file).collect()
}

fn said(difference: &Difference) -> String {
    let column = |column: &meaning::difference::ColumnDifference| {
        let name = column
            .name
            .as_ref()
            .map_or("*".to_owned(), ToString::to_string);
        let said = match &column.change {
            ColumnChange::Same if column.types().is_some() => "same of another type".to_owned(),
            ColumnChange::Same => "same".to_owned(),
            ColumnChange::Added => "added".to_owned(),
            ColumnChange::Removed => "removed".to_owned(),
            ColumnChange::Renamed(old) => format!("renamed from {old}"),
            ColumnChange::Changed => "changed".to_owned(),
            ColumnChange::Undecided => "undecided".to_owned(),
        };
        format!("{name} {said}")
    };
    let columns: Vec<String> = difference.columns.iter().map(column).collect();
    let clauses: Vec<&str> = difference
        .rows
        .clauses
        .iter()
        .map(|clause| match clause {
            Clause::From => "from",
            Clause::On => "on",
            Clause::Where => "where",
            Clause::GroupBy => "group by",
            Clause::Having => "having",
            Clause::Qualify => "qualify",
            Clause::Distinct => "distinct",
            Clause::Set => "set",
            Clause::Limit => "limit",
        })
        .collect();
    let rows = match difference.rows.change {
        Change::Same => "same".to_owned(),
        Change::Changed => format!("changed by {}", clauses.join(", ")),
        Change::Undecided => format!("undecided by {}", clauses.join(", ")),
    };
    format!("{}; rows {rows}", columns.join(", "))
}
