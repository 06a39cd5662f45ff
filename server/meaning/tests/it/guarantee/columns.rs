//! Types, `NULL`, constants, keys, units and zones of columns.

use super::{formula, no_facts, query, word};
use crate::shop::named;
use meaning::derive;
use meaning::guarantee::{
    Agreed, Answer, ColumnRef, Piece, Subject, counts_once, excludes_matching, has_type,
    is_in_unit, is_in_zone, is_one_of, is_unique, keeps_every_row, keeps_latest, never_null,
    only_has_matching,
};
use meaning::witness::{Facts, TableFacts};
use sql::Dialect;
use sql::facts::TableRef;
use sql::lower::data_type_of;
use sql::relation::{DataType, Literal, Query};
use syntax::Name;

/// `orders.id` and `lines.(order_id, product)` are keys, and `orders.id` is never `NULL`.
struct Declared;

impl derive::Facts for Declared {
    fn data_type(&self, _: &TableRef, _: &Name) -> Option<DataType> {
        None
    }

    fn is_not_null(&self, table: &TableRef, column: &Name) -> bool {
        *table == named("orders") && column.as_str() == "id"
    }

    fn keys(&self, table: &TableRef) -> Vec<Vec<Name>> {
        facts()
            .tables
            .into_iter()
            .filter(|known| known.table == *table)
            .flat_map(|known| known.unique)
            .collect()
    }
}

fn facts() -> Facts {
    let keyed = |table: &str, key: &[&str]| TableFacts {
        table: named(table),
        columns: Vec::new(),
        unique: vec![key.iter().map(Name::new).collect()],
        references: Vec::new(),
    };
    Facts {
        tables: vec![
            keyed("orders", &["id"]),
            keyed("lines", &["order_id", "product"]),
        ],
    }
}

fn position(query: &Query, name: &str) -> usize {
    query.root().position(&Name::new(name)).unwrap()
}

fn typed(text: &str, wanted: &str) -> &'static str {
    let query = query(text);
    let wanted = data_type_of(wanted, Dialect::Postgres).unwrap();
    word(&has_type(&query, position(&query, "x"), &wanted, &Declared))
}

#[test]
fn only_another_cast_contradicts_a_type() {
    for (text, wanted, expected) in [
        (
            "select cast(amount as decimal(10, 2)) as x from orders",
            "DECIMAL(10,2)",
            "holds",
        ),
        (
            "select amount::numeric(10, 2) as x from orders",
            "DECIMAL(10,2)",
            "holds",
        ),
        (
            "select amount::numeric(10, 2) as x from orders",
            "NUMERIC",
            "holds",
        ),
        (
            "with a as (select amount::int as x from orders) select x from a",
            "DECIMAL(10,2)",
            "contradicted",
        ),
        (
            "select amount::varchar(20) as x from orders",
            "TEXT",
            "holds",
        ),
        (
            "select amount as x from orders",
            "DECIMAL(10,2)",
            "can't be told",
        ),
        (
            "select amount * 2 as x from orders",
            "DECIMAL(10,2)",
            "can't be told",
        ),
        ("select count(*) as x from orders", "BIGINT", "holds"),
        ("select status::json as x from orders", "JSON", "holds"),
        ("select status::jsonb as x from orders", "JSONB", "holds"),
        (
            "select status::json as x from orders",
            "JSONB",
            "contradicted",
        ),
        (
            "select status::jsonb as x from orders",
            "JSON",
            "contradicted",
        ),
        (
            "select jsonb_agg(status) as x from orders",
            "JSONB",
            "holds",
        ),
    ] {
        assert_eq!(typed(text, wanted), expected, "{text} is {wanted}");
    }
}

fn null(text: &str) -> &'static str {
    let query = query(text);
    word(&never_null(
        &query,
        position(&query, "x"),
        &Declared,
        &no_facts(),
    ))
}

#[test]
fn a_constant_null_contradicts_and_other_operators_are_a_risk() {
    for (text, expected) in [
        ("select id as x from orders", "holds"),
        ("select coalesce(amount, 0) as x from orders", "holds"),
        ("select amount as x from orders", "can't be told"),
        (
            "select case when is_test then null else id end as x from orders",
            "contradicted",
        ),
        ("select null::text as x from orders", "contradicted"),
        (
            "select case when is_test then cast(null as text) else 'a' end as x from orders",
            "contradicted",
        ),
        (
            "select cast(status as text) as x from orders
             union all select cast(cast(null as int) as text) from lines",
            "contradicted",
        ),
        // What the cast gives is NULL where the column is.
        (
            "select cast(amount as text) as x from orders",
            "can't be told",
        ),
        (
            "select case when is_test then try_cast(status as int) else id end as x from orders",
            "at risk",
        ),
        ("select nullif(id, 0) as x from orders", "at risk"),
        (
            "select case when is_test then id end as x from orders",
            "at risk",
        ),
        (
            "select o.id as x from lines l left join orders o on o.id = l.order_id",
            "at risk",
        ),
        // No row has it.
        (
            "select case when is_test then null else id end as x from orders where not is_test",
            "at risk",
        ),
    ] {
        assert_eq!(null(text), expected, "{text}");
    }
}

fn one_of(text: &str, allowed: &[&str]) -> &'static str {
    let query = query(text);
    let allowed: Vec<Literal> = allowed
        .iter()
        .map(|text| Literal::Text((*text).into()))
        .collect();
    word(&is_one_of(
        &query,
        position(&query, "x"),
        &allowed,
        &no_facts(),
    ))
}

#[test]
fn another_constant_contradicts_a_list_of_values() {
    for (text, expected) in [
        (
            "select case when is_test then 'open' else 'paid' end as x from orders",
            "holds",
        ),
        (
            "select case when is_test then 'open' end as x from orders",
            "holds",
        ),
        (
            "select case when is_test then 'open' else 'gone' end as x from orders",
            "contradicted",
        ),
        (
            "select case when is_test then 'gone' else 'paid' end as x from orders where not is_test",
            "can't be told",
        ),
        (
            "select case when is_test then 'OPEN' else 'paid' end as x from orders",
            "can't be told",
        ),
        ("select status as x from orders", "can't be told"),
        (
            "select 'open' as x from orders union all select 'lost' from lines",
            "contradicted",
        ),
    ] {
        assert_eq!(one_of(text, &["open", "paid"]), expected, "{text}");
    }
}

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
fn units_are_kept_by_what_copies_adds_and_picks() {
    let unit = |text: &str| {
        let query = query(text);
        let unit_of = |_: &TableRef, column: &Name| match column.as_str() {
            "amount" => Some("USD".to_owned()),
            "unit_price" => Some("EUR".to_owned()),
            _ => None,
        };
        word(&is_in_unit(&query, position(&query, "x"), "usd", &unit_of))
    };
    assert_eq!(unit("select amount as x from orders"), "holds");
    assert_eq!(
        unit("select coalesce(sum(amount), 0) as x from orders"),
        "holds"
    );
    assert_eq!(
        unit("select max(unit_price) as x from lines"),
        "contradicted"
    );
    assert_eq!(
        unit("select quantity * unit_price as x from lines"),
        "can't be told"
    );
    assert_eq!(
        unit("select o.amount + l.unit_price as x from orders o, lines l"),
        "contradicted"
    );
    assert_eq!(unit("select 0 as x from orders"), "can't be told");
}

#[test]
fn the_last_conversion_tells_the_zone() {
    let zone = |text: &str| {
        let query = query(text);
        word(&is_in_zone(&query, position(&query, "x"), "UTC"))
    };
    assert_eq!(
        zone("select paid_at at time zone 'UTC' as x from orders"),
        "holds"
    );
    assert_eq!(
        zone("select cast(paid_at at time zone 'Etc/UTC' as date) as x from orders"),
        "holds"
    );
    assert_eq!(
        zone("select paid_at at time zone 'Europe/Paris' as x from orders"),
        "contradicted"
    );
    assert_eq!(zone("select paid_at as x from orders"), "can't be told");
}

#[test]
fn the_latest_row_is_the_first_of_a_descending_order() {
    let latest = |text: &str| {
        let names = |names: &[&str]| -> Vec<Name> { names.iter().map(Name::new).collect() };
        word(&keeps_latest(
            &query(text),
            &names(&["customer_id"]),
            &names(&["paid_at"]),
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
    assert_eq!(latest(&over(cast, "paid_at desc")), "holds");
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
            "select customer_id from orders where customer_id in (select customer_id from erased)"
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
            ColumnRef::Own(name) | ColumnRef::Of(_, name) => name.clone(),
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
