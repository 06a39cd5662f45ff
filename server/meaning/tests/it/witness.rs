//! Changes of queries, and the examples that show what they change.

use crate::shop::{named, query};
use crate::support::{SHOP, one};
use meaning::evaluate::{Budget, Row, Rows, Value, run};
use meaning::witness::{
    ColumnFacts, Facts, Question, Reference, SEARCH, TableFacts, Verdict, Witness, find_difference,
};
use sql::Dialect;
use sql::lower::NoCatalog;
use sql::relation::DataType;
use std::rc::Rc;
use syntax::Name;

/// A change that alters what a query gives.
#[derive(Clone, Copy)]
pub(crate) struct Change {
    pub(crate) old: &'static str,
    pub(crate) new: &'static str,
    asked: Asked,
}

#[derive(Clone, Copy)]
enum Asked {
    /// Whether the column at this position has other values.
    Column(usize),
    /// Whether there are other rows, where these columns are computed alike.
    Rows(&'static [usize]),
}

const fn column(position: usize, old: &'static str, new: &'static str) -> Change {
    Change {
        old,
        new,
        asked: Asked::Column(position),
    }
}

const fn rows(same: &'static [usize], old: &'static str, new: &'static str) -> Change {
    Change {
        old,
        new,
        asked: Asked::Rows(same),
    }
}

impl Change {
    pub(crate) fn question(&self) -> Question {
        match self.asked {
            Asked::Column(position) => Question::Column {
                old: position,
                new: position,
            },
            Asked::Rows(same) => Question::Rows {
                same: same.iter().map(|position| (*position, *position)).collect(),
            },
        }
    }

    /// Rows, of the columns that the question is about: for a column of all, as another row may have
    /// got its value.
    pub(crate) fn restricted(&self, rows: &Rows) -> Rows {
        let Asked::Rows(positions) = self.asked else {
            return rows.clone();
        };
        let row = |row: &Row| Row {
            values: positions
                .iter()
                .map(|position| row.values[*position].clone())
                .collect(),
            origin: Rc::from([]),
        };
        Rows {
            rows: rows.rows.iter().map(row).collect(),
        }
    }

    pub(crate) fn verdict(&self) -> Verdict {
        let (old, new) = (query(self.old), query(self.new));
        find_difference(
            &old,
            &new,
            &self.question(),
            &Facts::default(),
            &mut SEARCH.clone(),
        )
    }
}

/// Changes of every kind, in SQL that DuckDB reads as other engines do.
#[rustfmt::skip] // a table: what was above what is
pub(crate) const CHANGES: &[Change] = &[
    // values
    column(0, "select quantity * unit_price as total from lines",
              "select quantity + unit_price as total from lines"),
    column(1, "select order_id, quantity * unit_price as total from lines",
              "select order_id, quantity * unit_price * 1.19 as total from lines"),
    column(0, "select amount as net from orders", "select amount - 1 as net from orders"),
    column(0, "select coalesce(amount, 0) as amount from orders", "select amount from orders"),
    column(0, "select coalesce(status, 'none') as status from orders",
              "select coalesce(status, 'unknown') as status from orders"),
    column(1, "select id, case when amount > 100 then 'big' else 'small' end as size from orders",
              "select id, case when amount >= 100 then 'big' else 'small' end as size from orders"),
    column(1, "select id, case when amount > 100 then 'big' when amount > 10 then 'mid' end as size from orders",
              "select id, case when amount > 10 then 'mid' when amount > 100 then 'big' end as size from orders"),
    column(0, "select case when status = 'paid' then 1 else 0 end as flag from orders",
              "select case when status in ('paid', 'shipped') then 1 else 0 end as flag from orders"),
    column(0, "select case when status = 'paid' then 1 else 0 end as flag from orders",
              "select case when status <> 'paid' then 0 else 1 end as flag from orders"),
    column(0, "select status = 'paid' as flag from orders",
              "select status is not distinct from 'paid' as flag from orders"),
    column(0, "select lower(status) as status from orders", "select status from orders"),
    column(0, "select upper(status) as status from orders", "select lower(status) as status from orders"),
    column(0, "select trim(status) as status from orders", "select status from orders"),
    column(0, "select left(status, 3) as code from orders", "select left(status, 2) as code from orders"),
    column(0, "select name || country as label from customers", "select country || name as label from customers"),
    column(0, "select concat(name, '-', country) as label from customers",
              "select concat(name, ' ', country) as label from customers"),
    column(0, "select round(amount, 2) as amount from orders", "select round(amount, 1) as amount from orders"),
    column(0, "select floor(amount) as amount from orders", "select ceil(amount) as amount from orders"),
    column(0, "select abs(amount) as amount from orders", "select amount + 0 as amount from orders"),
    column(0, "select date_trunc('month', ordered_at) as period from orders",
              "select date_trunc('year', ordered_at) as period from orders"),
    column(0, "select extract(year from ordered_at) as y from orders",
              "select extract(month from ordered_at) as y from orders"),
    column(0, "select ordered_at + interval '1' day as due from orders",
              "select ordered_at + interval '30' day as due from orders"),
    column(0, "select date_diff('day', ordered_at, paid_at) as days from orders",
              "select date_diff('day', paid_at, ordered_at) as days from orders"),
    column(0, "select greatest(quantity, 1) as quantity from lines", "select least(quantity, 1) as quantity from lines"),
    column(0, "select amount > 5 and not is_test as kept from orders", "select amount > 5 or not is_test as kept from orders"),
    column(0, "select nullif(amount, 0) as amount from orders", "select amount from orders"),
    column(0, "select amount / 2 as share from orders", "select amount / 3 as share from orders"),
    column(0, "select split_part(status, '@', 1) as part from orders", "select split_part(status, '@', 2) as part from orders"),
    column(0, "select replace(status, '-', '') as code from orders", "select replace(status, '-', ' ') as code from orders"),
    // aggregates
    column(0, "select sum(amount) as total from orders", "select max(amount) as total from orders"),
    column(0, "select sum(amount) as total from orders", "select coalesce(sum(amount), 0) as total from orders"),
    column(0, "select count(*) as n from orders", "select count(amount) as n from orders"),
    column(0, "select count(customer_id) as n from orders", "select count(distinct customer_id) as n from orders"),
    column(1, "select status, sum(amount) as total from orders group by status",
              "select status, sum(amount) filter (where not is_test) as total from orders group by status"),
    column(1, "select customer_id, min(ordered_at) as d from orders group by customer_id",
              "select customer_id, max(ordered_at) as d from orders group by customer_id"),
    column(0, "select sum(case when status = 'paid' then amount end) as paid from orders",
              "select sum(case when status = 'paid' then amount else 0 end) as paid from orders"),
    column(1, "select id, (select sum(quantity) from lines where order_id = orders.id) as n from orders",
              "select id, (select count(*) from lines where order_id = orders.id) as n from orders"),
    // windows
    column(1, "select id, row_number() over (partition by customer_id order by id) as n from orders",
              "select id, row_number() over (partition by customer_id order by id desc) as n from orders"),
    column(1, "select id, sum(amount) over (partition by customer_id) as total from orders",
              "select id, sum(amount) over (partition by status) as total from orders"),
    column(1, "select id, lag(amount) over (order by id) as other from orders",
              "select id, lead(amount) over (order by id) as other from orders"),
    // through CTEs and joins
    column(1, "with l as (select order_id, sum(quantity) as n from lines group by 1) select o.id, l.n from orders as o left join l on l.order_id = o.id",
              "with l as (select order_id, sum(quantity) as n from lines group by 1) select o.id, coalesce(l.n, 0) as n from orders as o left join l on l.order_id = o.id"),
    column(1, "select o.id, c.name from orders as o left join customers as c on c.id = o.customer_id",
              "select o.id, c.country as name from orders as o left join customers as c on c.id = o.customer_id"),
    column(1, "select o.id, c.name from orders as o left join customers as c on c.id = o.customer_id",
              "select o.id, c.name from orders as o left join customers as c on c.id = o.customer_id and c.country = 'DE'"),
    column(1, "select c.name, p.name as parent from customers as c left join customers as p on p.id = c.parent_id",
              "select c.name, c.name as parent from customers as c left join customers as p on p.id = c.parent_id"),
    // filters
    rows(&[0], "select id from orders where amount > 10", "select id from orders where amount >= 10"),
    rows(&[0], "select id from orders where status = 'paid'", "select id from orders where status = 'open'"),
    rows(&[0], "select id from orders where status in ('paid', 'open')", "select id from orders where status in ('paid')"),
    rows(&[0], "select id from orders where status <> 'paid'", "select id from orders where status is distinct from 'paid'"),
    rows(&[0], "select id from orders", "select id from orders where not is_test"),
    rows(&[0], "select id from orders where ordered_at >= '2024-01-01'", "select id from orders where ordered_at > '2024-01-01'"),
    rows(&[0], "select id from orders where status like 'p%'", "select id from orders where status like '%p%'"),
    rows(&[0], "select id from orders where amount between 1 and 10 and status = 'paid'",
               "select id from orders where amount between 1 and 10 or status = 'paid'"),
    rows(&[0], "select id from orders where paid_at is null", "select id from orders where paid_at is not null"),
    rows(&[0], "select id from orders where extract(year from ordered_at) = 2019", "select id from orders where extract(year from ordered_at) >= 2019"),
    rows(&[0], "select id from orders where status not in ('a', 'b') and amount > 7", "select id from orders where status not in ('a', 'b') and amount > 8"),
    // joins
    rows(&[0], "select o.id from orders as o join customers as c on c.id = o.customer_id",
               "select o.id from orders as o left join customers as c on c.id = o.customer_id"),
    rows(&[0], "select o.id from orders as o left join lines as l on l.order_id = o.id", "select o.id from orders as o"),
    rows(&[0], "select o.id from orders as o left join lines as l on l.order_id = o.id and l.quantity > 1",
               "select o.id from orders as o left join lines as l on l.order_id = o.id where l.quantity > 1"),
    rows(&[0], "select o.id from orders as o join customers as c on c.id = o.customer_id",
               "select o.id from orders as o join customers as c on c.parent_id = o.customer_id"),
    rows(&[0], "select id from orders as o where exists (select 1 from lines where order_id = o.id)",
               "select id from orders as o where not exists (select 1 from lines where order_id = o.id)"),
    rows(&[0], "select id from orders where customer_id in (select id from customers)",
               "select id from orders where customer_id in (select id from customers where country = 'DE')"),
    // grouping, sets, choice
    rows(&[0], "select status from orders group by status", "select status from orders group by status having count(*) > 1"),
    rows(&[0], "select status from orders", "select distinct status from orders"),
    rows(&[0], "select customer_id from orders group by customer_id", "select customer_id from orders group by customer_id, status"),
    rows(&[0], "select id from orders union all select order_id from lines", "select id from orders union select order_id from lines"),
    rows(&[0], "select id from orders except select order_id from lines", "select id from orders intersect select order_id from lines"),
    rows(&[0, 1], "select id, amount from orders qualify row_number() over (partition by customer_id order by id) = 1",
                  "select id, amount from orders qualify row_number() over (partition by customer_id order by id desc) = 1"),
    rows(&[0], "select id from orders order by id limit 1", "select id from orders order by id desc limit 1"),
    rows(&[0], "with recursive up(id) as (select id from customers where parent_id is null union all select c.id from customers as c join up on c.parent_id = up.id) select id from up",
               "select id from customers where parent_id is null"),
];

#[test]
fn every_change_is_shown() {
    let mut missing = Vec::new();
    for change in CHANGES {
        let Verdict::Different(witness) = change.verdict() else {
            missing.push(format!("{}\n{}", change.old, change.new));
            continue;
        };
        // The example shows it, evaluated anew.
        let tables = witness.tables();
        let outcomes = [change.old, change.new].map(|text| {
            let rows = run(
                &query(text),
                &tables_with_all_columns(&tables),
                &mut Budget::of(100_000),
            );
            change.restricted(&rows.unwrap())
        });
        assert!(
            outcomes[0].differ(&outcomes[1]),
            "{}\n{}",
            change.old,
            change.new
        );
    }
    assert!(missing.is_empty(), "{}", missing.join("\n\n"));
}

/// Tables with a value for every column of the shop, also for those that play no part.
fn tables_with_all_columns(tables: &meaning::evaluate::Tables) -> meaning::evaluate::Tables {
    let mut all = meaning::evaluate::Tables::default();
    for (name, columns) in crate::shop::TABLES {
        let known = tables
            .tables
            .iter()
            .find(|table| table.table == named(name));
        let rows = known.into_iter().flat_map(|table| {
            table.rows.iter().map(|row| {
                let value = |name: &str| {
                    let place = table
                        .columns
                        .iter()
                        .position(|known| known.as_str() == name);
                    place.map_or(Value::Null, |place| row[place].clone())
                };
                columns.iter().map(|(name, _)| value(name)).collect()
            })
        });
        all.tables.push(meaning::evaluate::Table {
            table: named(name),
            columns: columns.iter().map(|(name, _)| Name::new(name)).collect(),
            rows: rows.collect(),
        });
    }
    all
}

/// Refactorings that change nothing; the search must find nothing.
#[rustfmt::skip] // a table: two ways to say the same
const SAME: &[Change] = &[
    column(0, "select quantity * unit_price as total from lines", "select unit_price * quantity as total from lines"),
    column(0, "select case when status = 'paid' then 1 else 0 end as f from orders",
              "select case when status <> 'paid' or status is null then 0 else 1 end as f from orders"),
    column(0, "select coalesce(amount, 0) as a from orders", "select case when amount is null then 0 else amount end as a from orders"),
    column(1, "select id, (select sum(quantity) from lines where order_id = orders.id) as n from orders",
              "with l as (select order_id, sum(quantity) as n from lines group by 1) select o.id, l.n from orders as o left join l on l.order_id = o.id"),
    // A changed filter changes no column.
    column(0, "select amount from orders where status = 'paid'", "select amount from orders where status = 'open'"),
    column(1, "select id, amount * 2 as a from orders where amount > 10", "select id, amount + amount as a from orders where amount > 12"),
    column(0, "select amount from orders", "select o.amount from orders as o join customers as c on c.id = o.customer_id"),
    // What is not known shows nothing.
    column(0, "select our_function(amount) as a from orders", "select their_function(amount) as a from orders"),
    column(0, "select amount / 2 as a from orders", "select amount * 0.5 as a from orders"),
    rows(&[0], "select id from orders where our_function(amount)", "select id from orders where their_function(amount)"),
    rows(&[0], "select id from orders where amount > 10 and status = 'paid'", "select id from orders where status = 'paid' and 10 < amount"),
    rows(&[0], "select id from orders where not (amount > 10 or status = 'paid')", "select id from orders where amount <= 10 and status <> 'paid'"),
    rows(&[0], "select o.id from orders as o join customers as c on c.id = o.customer_id where c.country = 'DE'",
               "select o.id from orders as o left join customers as c on c.id = o.customer_id where c.country = 'DE'"),
    rows(&[0], "select distinct status from orders", "select status from orders group by status"),
    rows(&[0], "select id from orders where quantity_of(id) > 1 limit 5", "select id from orders where quantity_of(id) > 1 limit 6"),
    rows(&[0], "select id from orders where id in (select order_id from lines)", "select id from orders as o where exists (select 1 from lines where order_id = o.id)"),
    // Where small and capital letters are the same, these are.
    rows(&[0], "select id from orders where status = 'paid'", "select id from orders where status = 'PAID'"),
    rows(&[0], "select id from orders where lower(status) = 'paid'", "select id from orders where status = 'paid'"),
    rows(&[0], "select id from orders where status like 'p%'", "select id from orders where lower(status) like 'p%'"),
    column(0, "select status = 'paid' as a from orders", "select upper(status) = 'PAID' as a from orders"),
    // A column that is cast may be of that type already.
    column(0, "select cast(amount as integer) as a from orders", "select amount as a from orders"),
    column(0, "select cast(paid_at as date) as d from orders", "select paid_at as d from orders"),
    // Whole numbers only, as long as nothing tells of fractions.
    rows(&[], "select id from orders where customer_id > 2", "select id from orders where customer_id >= 3"),
];

#[test]
fn nothing_is_shown_where_nothing_changed() {
    for change in SAME {
        assert_eq!(
            change.verdict(),
            Verdict::NotFound,
            "{}\n{}",
            change.old,
            change.new
        );
    }
}

fn found(change: Change, facts: &Facts) -> Option<Witness> {
    let (old, new) = (query(change.old), query(change.new));
    match find_difference(&old, &new, &change.question(), facts, &mut SEARCH.clone()) {
        Verdict::Different(witness) => Some(witness),
        Verdict::NotFound => None,
    }
}

fn shown(witness: &Witness) -> String {
    let mut text = String::new();
    for table in &witness.inputs {
        for row in &table.rows {
            let cells: Vec<String> = table
                .columns
                .iter()
                .zip(row)
                .map(|((name, _), value)| format!("{} = {value}", name.as_str()))
                .collect();
            text.push_str(&format!("{}: {}\n", table.table, cells.join(", ")));
        }
    }
    let rows = |rows: &[Vec<Value>]| {
        let row = |row: &Vec<Value>| {
            let cells: Vec<String> = row.iter().map(Value::to_string).collect();
            format!("({})", cells.join(", "))
        };
        rows.iter().map(row).collect::<Vec<String>>().join(" ")
    };
    text + &format!("was {}, now {}", rows(&witness.was), rows(&witness.now))
}

#[test]
fn an_example_is_plain() {
    let plain = |change: Change| shown(&found(change, &Facts::default()).unwrap());
    assert_eq!(
        plain(column(
            0,
            "select quantity * unit_price as total from lines",
            "select quantity + unit_price as total from lines",
        )),
        "lines: quantity = 2, unit_price = 3\nwas (6), now (5)"
    );
    assert_eq!(
        plain(rows(
            &[0],
            "select id from orders where amount > 10",
            "select id from orders where amount >= 10",
        )),
        "orders: amount = 10\nwas , now ()"
    );
    assert_eq!(
        plain(rows(
            &[0],
            "select id from orders where status = 'paid'",
            "select id from orders",
        )),
        "orders: status = 'a'\nwas , now ()"
    );
    assert_eq!(
        plain(column(
            1,
            "select id, date_trunc('month', ordered_at) as period from orders",
            "select id, date_trunc('year', ordered_at) as period from orders",
        )),
        "orders: ordered_at = 2024-02-29\nwas (2024-02-01 00:00:00), now (2024-01-01 00:00:00)"
    );
}

fn orders(columns: Vec<ColumnFacts>, unique: &[&str], references: Vec<Reference>) -> Facts {
    Facts {
        tables: vec![TableFacts {
            table: named("orders"),
            columns,
            unique: unique.iter().map(|name| vec![Name::new(name)]).collect(),
            references,
        }],
        ..Facts::default()
    }
}

#[test]
fn an_example_keeps_what_is_known() {
    let fact = |name: &str, not_null: bool, values: &[&str]| ColumnFacts {
        name: Name::new(name),
        data_type: None,
        not_null,
        values: values.iter().map(Value::text).collect(),
    };
    let nulls = column(
        0,
        "select coalesce(amount, 0) as amount from orders",
        "select amount from orders",
    );
    assert!(found(nulls, &Facts::default()).is_some());
    assert_eq!(
        found(
            nulls,
            &orders(vec![fact("amount", true, &[])], &[], Vec::new())
        ),
        None
    );

    let values = rows(
        &[0],
        "select id from orders where status in ('paid', 'gone')",
        "select id from orders where status = 'paid'",
    );
    assert!(found(values, &Facts::default()).is_some());
    let known = orders(
        vec![fact("status", false, &["paid", "open"])],
        &[],
        Vec::new(),
    );
    assert_eq!(found(values, &known), None);

    let keys = rows(
        &[0],
        "select id from orders",
        "select distinct id from orders",
    );
    assert!(found(keys, &Facts::default()).is_some());
    // A key may still be NULL, and those are not equal to each other.
    assert_eq!(
        found(
            keys,
            &orders(vec![fact("id", true, &[])], &["id"], Vec::new())
        ),
        None
    );

    let partners = rows(
        &[0],
        "select o.id from orders as o join customers as c on c.id = o.customer_id",
        "select o.id from orders as o left join customers as c on c.id = o.customer_id",
    );
    assert!(found(partners, &Facts::default()).is_some());
    let reference = Reference {
        columns: vec![Name::new("customer_id")],
        table: named("customers"),
        to: vec![Name::new("id")],
    };
    let known = orders(vec![fact("customer_id", true, &[])], &[], vec![reference]);
    assert_eq!(found(partners, &known), None);
}

#[test]
fn a_declared_type_decides_what_is_tried() {
    let change = rows(
        &[],
        "select id from orders where amount > 2",
        "select id from orders where amount >= 3",
    );
    let typed = |data_type: DataType| {
        let amount = ColumnFacts {
            name: Name::new("amount"),
            data_type: Some(data_type),
            not_null: false,
            values: Vec::new(),
        };
        found(change, &orders(vec![amount], &[], Vec::new()))
    };
    assert_eq!(typed(DataType::Integer(64)), None);
    let witness = typed(DataType::Decimal(Some(10), Some(2))).unwrap();
    assert_eq!(shown(&witness), "orders: amount = 2.5\nwas (), now ");
    // No values are made up for types that are not understood.
    assert_eq!(typed(DataType::Json), None);
    assert_eq!(typed(DataType::Text(None)), None);
}

#[test]
fn no_query_differs_from_itself() {
    let texts = include_str!("portable.sql").split(';').map(str::trim);
    for text in texts.filter(|text| !text.is_empty()) {
        let query = query(text);
        let columns = 0..query.root().columns.len();
        let same: Vec<(usize, usize)> = columns
            .clone()
            .map(|position| (position, position))
            .collect();
        let asked = columns.map(|position| Question::Column {
            old: position,
            new: position,
        });
        for question in asked.chain([Question::Rows { same }]) {
            let mut budget = Budget::of(8_000);
            let verdict =
                find_difference(&query, &query, &question, &Facts::default(), &mut budget);
            assert_eq!(verdict, Verdict::NotFound, "{text}");
        }
    }
}

#[test]
fn rows_are_counted_also_where_columns_are_not_known() {
    let change = rows(
        &[],
        "select * from elsewhere union all select * from another",
        "select * from elsewhere union all select * from another where kept",
    );
    assert!(matches!(change.verdict(), Verdict::Different(_)));
    // But which of them are equal is not known.
    let distinct = rows(
        &[],
        "select * from elsewhere",
        "select distinct * from elsewhere",
    );
    assert_eq!(distinct.verdict(), Verdict::NotFound);
}

#[test]
fn equal_rows_are_not_told_apart() {
    // Which of two equal rows comes first shows nothing.
    let change = column(
        0,
        "select lag(amount) over (order by id) as other from orders",
        "select lead(amount) over (order by id) as other from orders",
    );
    let Verdict::Different(witness) = change.verdict() else {
        panic!("not found")
    };
    let rows = &witness.inputs[0].rows;
    assert!(rows[0] != rows[1], "{}", shown(&witness));
}

#[test]
fn the_same_search_finds_the_same() {
    for change in CHANGES {
        assert_eq!(change.verdict(), change.verdict());
    }
}

/// Dialects divide whole numbers each in its own way, but for those that come out even: without such, no
/// value is known, and a search that only changes one thing at a time finds two rows of one too late.
#[test]
fn a_division_that_must_come_out_even_does() {
    let text = "with s as (select sku, sum(cost / 100) as cost from raw_supplies group by 1), \
                items as (select i.order_id, s.cost from raw_items i \
                          left join raw_products p on i.sku = p.sku left join s on i.sku = s.sku), \
                t as (select order_id, SUM(cost) as cost from items group by 1) \
                select o.id, t.cost from raw_orders o left join t on o.id = t.order_id";
    let of = |text: &str| one(text, Dialect::Generic, &SHOP).query;
    let (old, new) = (of(text), of(&text.replace("SUM(", "max(")));
    let question = Question::Column { old: 1, new: 1 };
    let keyed = |table: &str, key: &str| TableFacts {
        table: named(table),
        columns: Vec::new(),
        unique: vec![vec![Name::from(key)]],
        references: Vec::new(),
    };
    let facts = Facts {
        tables: vec![keyed("raw_products", "sku"), keyed("raw_orders", "id")],
        models: Vec::new(),
    };
    let mut budget = Budget::of(SEARCH.steps / 10);
    let verdict = find_difference(&old, &new, &question, &facts, &mut budget);
    let Verdict::Different(witness) = verdict else {
        panic!("nothing found");
    };
    assert_eq!(
        shown(&witness),
        "raw_supplies: sku = 2, cost = 100\n\
         raw_items: order_id = 5, sku = 2\n\
         raw_items: order_id = 5, sku = 2\n\
         raw_orders: id = 5\n\
         was (2), now (1)"
    );
}

/// Rows that are not deleted are what most models keep: through eight layers, few inputs can be tried.
#[test]
fn a_row_that_is_not_deleted_is_tried_first() {
    let names: Vec<String> = (0..20).map(|column| format!("column_{column}")).collect();
    let filled = names
        .iter()
        .map(|name| format!("coalesce({name}, 0) as {name}"));
    let filled = filled.collect::<Vec<_>>().join(", ");
    let names = names.join(", ");
    let mut layers = vec![format!(
        "layer_0 as (select {names}, quantity from raw_data where deleted_at is null)"
    )];
    layers.extend((1..8).map(|layer| {
        let from = layer - 1;
        format!("layer_{layer} as (select {filled}, quantity from layer_{from})")
    }));
    let layers = layers.join(", ");
    let text = format!(
        "with {layers} select {names}, sum(quantity * 1.5) as total from layer_7 group by all"
    );
    let of = |text: &str| one(text, Dialect::Generic, &NoCatalog).query;
    let (old, new) = (of(&text), of(&text.replace(" * 1.5", "")));
    let question = Question::Column { old: 20, new: 20 };
    let facts = Facts::default();
    let verdict = find_difference(&old, &new, &question, &facts, &mut SEARCH.clone());
    let Verdict::Different(witness) = verdict else {
        panic!("nothing found");
    };
    let [table] = witness.inputs.as_slice() else {
        panic!("more than one table");
    };
    // What the groups are told apart by decides nothing.
    let decisive: Vec<&str> = table.decisive.iter().map(Name::as_str).collect();
    assert_eq!(decisive, ["deleted_at", "quantity"]);
}
